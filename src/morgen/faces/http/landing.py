"""The landing page, the conformance declaration, and the description of the API."""

from hashlib import sha256
from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from morgen.faces.http.answers import Stored, json_answer, stored_answer
from morgen.faces.http.documents import described, may_fail, ok
from morgen.faces.http.html import page
from morgen.faces.http.kept import Kept
from morgen.faces.http.links import base, link, represented_links
from morgen.faces.http.negotiation import Language, Represented, only
from morgen.faces.http.schemas import Conformance, LandingPage
from morgen.services.served import ServedTwin

__all__ = ["CONFORMANCE", "OPENAPI_TYPE", "landing_router"]

OPENAPI_TYPE = "application/vnd.oai.openapi+json;version=3.1"

_COMMON = "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf"
_COLLECTIONS = "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf"
_FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
_CRS = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf"
_PROCESSES = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf"
CONFORMANCE: tuple[str, ...] = (
    f"{_COMMON}/core",
    f"{_COMMON}/landing-page",
    f"{_COMMON}/json",
    f"{_COMMON}/html",
    f"{_COLLECTIONS}/collections",
    f"{_FEATURES}/core",
    f"{_FEATURES}/geojson",
    f"{_FEATURES}/html",
    f"{_CRS}/crs",
    f"{_PROCESSES}/core",
    f"{_PROCESSES}/ogc-process-description",
    f"{_PROCESSES}/json",
    f"{_PROCESSES}/html",
    f"{_PROCESSES}/job-list",
    f"{_PROCESSES}/dismiss",
)
"""The classes that tests hold. The class oas30 is not among them: the description is OpenAPI 3.1."""

DESCRIPTION = (
    "An open digital twin: the layers of an area, models that calculate on them, and what came out."
    " Everything is computed in RD New and NAP."
)


_OPENAPI = described(OPENAPI_TYPE, "The description in OpenAPI 3.1.", schema={"type": "object"})
_PAGE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The description as a page, or as OpenAPI 3.1.",
        "content": {"text/html": {"schema": {"type": "string"}}, OPENAPI_TYPE: {"schema": {"type": "object"}}},
    }
}


def landing_router(served: ServedTwin) -> APIRouter:
    """Return the routes where the API begins."""
    router = APIRouter(tags=["Capabilities"])
    kept = Kept()

    @router.get("/", include_in_schema=False, dependencies=[only("f", "lang")])
    @router.get(
        "",
        operation_id="getLandingPage",
        summary="Where the API begins",
        responses=ok(LandingPage, "Links to everything that there is.") | may_fail(400, 406),
        dependencies=[only("f", "lang")],
    )
    async def landing_page(request: Request, form: Represented, language: Language) -> Response:
        document = _landing(request, served, form)
        if form == "html":
            return page(request, "landing.html", language, document=document)
        return json_answer(document)

    @router.get(
        "/conformance",
        operation_id="getConformance",
        summary="The parts of the standards that this API holds to",
        responses=ok(Conformance, "URIs of conformance classes.") | may_fail(400, 406),
        dependencies=[only("f", "lang")],
    )
    async def conformance(request: Request, form: Represented, language: Language) -> Response:
        document = {"conformsTo": list(CONFORMANCE)}
        if form == "html":
            return page(request, "conformance.html", language, document=document)
        return json_answer(document)

    @router.get(
        "/openapi.json",
        operation_id="getOpenApi",
        summary="This description, for programs",
        responses=_OPENAPI | may_fail(400),
        dependencies=[only("f")],
    )
    async def openapi(request: Request) -> Response:
        answer = stored_answer(request, kept.get("openapi", lambda: _description(request.app.openapi())))
        answer.headers["Access-Control-Allow-Origin"] = "*"  # a rule of the NL API Design Rules
        return answer

    @router.get(
        "/api",
        operation_id="getApi",
        summary="This description, for people",
        responses=_PAGE | may_fail(400, 406),
        dependencies=[only("f", "lang")],
    )
    async def api(request: Request, form: Represented, language: Language) -> Response:
        if form == "json":
            return await openapi(request)
        return page(request, "api.html", language, document=request.app.openapi())

    return router


def _description(document: dict[str, Any]) -> Stored:
    body = orjson.dumps(document)
    return Stored(body, OPENAPI_TYPE, sha256(body).hexdigest()[:16])


def _landing(request: Request, served: ServedTwin, form: str) -> dict[str, Any]:
    root = base(request)
    links = [
        *represented_links(root, "This page", form=form),
        link(f"{root}/openapi.json", "service-desc", "Description of the API (OpenAPI)", type=OPENAPI_TYPE),
        link(f"{root}/api?f=html", "service-doc", "Description of the API", type="text/html"),
        link(f"{root}/conformance", "conformance", "Standards that this API holds to"),
        link(f"{root}/conformance", "http://www.opengis.net/def/rel/ogc/1.0/conformance", "Standards"),
        link(f"{root}/collections", "data", "Layers of features"),
        link(f"{root}/collections", "http://www.opengis.net/def/rel/ogc/1.0/data", "Layers of features"),
        link(f"{root}/processes", "http://www.opengis.net/def/rel/ogc/1.0/processes", "Models that calculate"),
        link(f"{root}/jobs", "http://www.opengis.net/def/rel/ogc/1.0/job-list", "Runs"),
        link(f"{root}/scene", "related", "What a viewer draws"),
        link(f"{root}/tiles/rd/tileset.json", "related", "Buildings as 3D Tiles, flat in RD New"),
        link(f"{root}/tiles/ecef/tileset.json", "related", "Buildings as 3D Tiles, on the globe"),
    ]
    return {
        "title": served.title,
        "description": DESCRIPTION,
        "attribution": "; ".join(_attribution(served)),
        "links": links,
    }


def _attribution(served: ServedTwin) -> tuple[str, ...]:
    from morgen.faces.tiles.attribution import attributions

    situation = served.gathered.situation
    return attributions(situation.layers.values()) if situation else ()
