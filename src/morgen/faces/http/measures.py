"""The kinds of measures that a scenario can have."""

from fastapi import APIRouter
from starlette.responses import Response

from morgen.faces.http.answers import json_answer
from morgen.faces.http.documents import may_fail, ok
from morgen.faces.http.measure_documents import kind_documents
from morgen.faces.http.measure_schemas import MeasureKindList
from morgen.faces.http.negotiation import only

__all__ = ["measures_router"]


def measures_router(_served: object) -> APIRouter:
    """Return the route ``/measures``; it is the same for every twin."""
    router = APIRouter(tags=["Measures"])

    @router.get(
        "/measures",
        operation_id="getMeasureKinds",
        summary="The kinds of measures",
        responses=ok(MeasureKindList, "Every installed kind.", html=False) | may_fail(400),
        dependencies=[only()],
    )
    def measure_kinds() -> Response:
        return json_answer({"measures": kind_documents()})

    return router
