"""Exact values of a run: at a point, and at a building."""

import re
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from morgen.core.errors import InputError
from morgen.faces.http.answers import json_answer
from morgen.faces.http.documents import may_fail, ok
from morgen.faces.http.negotiation import only
from morgen.faces.http.results import raise_when_without
from morgen.faces.http.schemas import BuildingInRun, Position, WaterOrigin
from morgen.services.result import RunResult
from morgen.services.served import ServedTwin

__all__ = ["positions_router"]

JobId = Annotated[str, Path(alias="jobId", description="Id of the run.")]
FeatureId = Annotated[str, Path(alias="featureId", description="Id of the building.")]
_NUMBER = r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?"
POINT = rf"^ *[Pp][Oo][Ii][Nn][Tt] *\( *(?P<x>{_NUMBER}) +(?P<y>{_NUMBER}) *\) *$"
"""Well-known text of a point."""

Coords = Annotated[
    str,
    Query(
        description="The point as `POINT(x y)`.",
        examples=["POINT(100350 450350)"],
        json_schema_extra={"pattern": POINT.replace("?P<x>", "").replace("?P<y>", "")},
    ),
]
Crs = Annotated[
    Literal["http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://www.opengis.net/def/crs/EPSG/0/28992"],
    Query(description="CRS of the point; longitude and latitude when left out."),
]


def positions_router(served: ServedTwin) -> APIRouter:
    """Return the routes that answer for one place."""
    routes = _Routes(served)
    router = APIRouter(prefix="/jobs", tags=["Jobs"])
    router.get(
        "/{jobId}/position",
        operation_id="getPosition",
        summary="The exact values at one point, in time",
        responses=ok(Position, "The values of the cell that the point lies in.", html=False)
        | may_fail(400, 404, 409, 500, 503),
        dependencies=[only("coords", "crs")],
    )(routes.position)
    router.get(
        "/{jobId}/origin",
        operation_id="getOrigin",
        summary="Where the water at one point comes from",
        responses=ok(WaterOrigin, "The ground and the roofs that drain to it over the surface.", html=False)
        | may_fail(400, 404, 409, 500, 503),
        dependencies=[only("coords", "crs")],
    )(routes.origin)
    router.get(
        "/{jobId}/buildings/{featureId}",
        operation_id="getBuildingInRun",
        summary="What a run means for one building",
        responses=ok(BuildingInRun, "The depth at its façade, in time.", html=False)
        | may_fail(400, 404, 409, 500, 503),
        dependencies=[only()],
    )(routes.building)
    return router


class _Routes:
    def __init__(self, served: ServedTwin) -> None:
        self._served = served

    def position(
        self, job_id: JobId, coords: Coords, crs: Crs = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    ) -> Response:
        """Give what the model computed for the cell that a point lies in; nothing is interpolated."""
        from morgen.services.explain import explain_point

        return json_answer(explain_point(*self._asked(job_id, coords, crs)).to_json())

    def origin(
        self, job_id: JobId, coords: Coords, crs: Crs = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    ) -> Response:
        """Give what drains over the surface to the water that stood at a point; sewers play no part."""
        from morgen.services.origin import explain_origin

        return json_answer(explain_origin(*self._asked(job_id, coords, crs)).to_json())

    def building(self, job_id: JobId, feature_id: FeatureId) -> Response:
        """Give the depth of the water at the façade of one building."""
        from morgen.services.explain import explain_building

        found = self._served.result(job_id)
        raise_when_without(found.run)
        return json_answer(explain_building(found, feature_id).to_json())

    def _asked(self, job_id: str, coords: str, crs: str) -> tuple[RunResult, float, float]:
        """Return the run, which has results, and the point in RD New."""
        x, y = _point(coords)
        found = self._served.result(job_id)
        raise_when_without(found.run)
        if crs.endswith("CRS84"):
            x, y = _to_rd(x, y)
        return found, x, y


def _point(coords: str) -> tuple[float, float]:
    found = re.fullmatch(POINT, coords)
    if not found:
        raise InputError(f"coords is {coords[:100]!r}, but it must be a point, such as POINT(100350 450350)")
    return float(found["x"]), float(found["y"])


def _to_rd(longitude: float, latitude: float) -> tuple[float, float]:
    from morgen.core.crs import lonlat_to_rd

    x, y = lonlat_to_rd(longitude, latitude)
    return float(x), float(y)
