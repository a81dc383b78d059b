"""Scenarios as collections of measures: read as features, edited with optimistic locking by ETag.

Features are in longitude and latitude, or in RD New when ``crs`` (reading) or ``Content-Crs`` (writing) asks so.

A change names in If-Match the ETag that its editor read. Who lost a race gets 409 with what changed meanwhile;
without If-Match the answer is 428.
"""

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from morgen.core.errors import InputError
from morgen.core.scenario import Scenario
from morgen.faces.http.answers import GEOJSON, json_answer
from morgen.faces.http.documents import described, may_fail, ok
from morgen.faces.http.errors import Problem
from morgen.faces.http.links import base
from morgen.faces.http.measure_documents import review_document
from morgen.faces.http.measure_schemas import ScenarioReview
from morgen.faces.http.negotiation import only
from morgen.measures.geojson import Reference, feature, measure_from_feature, to_geojson
from morgen.services import scenarios
from morgen.services.fit import save_plan
from morgen.services.served import ServedTwin

__all__ = ["scenarios_router"]

Name = Annotated[str, Path(alias="scenarioId", description="Name of the scenario.")]
MeasureId = Annotated[str, Path(alias="measureId", description="Id of the measure.")]

_RD: Final = "http://www.opengis.net/def/crs/EPSG/0/28992"
_CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_REFERENCES: Final[dict[str, Reference]] = {_CRS84: "CRS84", _RD: "RD"}
Crs = Annotated[
    Literal["http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://www.opengis.net/def/crs/EPSG/0/28992"],
    Query(description="CRS of the features; longitude and latitude when left out."),
]

_JSON: Final = described("application/json", "The scenario.", schema={"type": "object"})
_ITEMS: Final = described(GEOJSON, "The measures, in the CRS of the request.", schema={"type": "object"})
_CREATED: Final = 201
_MADE: Final = {_CREATED: _JSON[200]}
_ADDED: Final = {_CREATED: _ITEMS[200]}
_REVIEW: Final = ok(
    ScenarioReview, "Its cost, what contradicts or asks attention, and which steps go.", html=False
)
_FAILS: Final = may_fail(400, 403, 404, 409, 413, 415, 428, 429, 503)
_BODY: Final = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
}
_NEW_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["name"],
                    "additionalProperties": False,
                    "properties": {
                        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,62}$"},
                        "parent": {"type": "string", "description": "Scenario whose measures it begins with."},
                        "run": {"type": "string", "description": "Run of wijk-fit whose plan it becomes."},
                        "author": {"type": "string"},
                        "note": {"type": "string"},
                    },
                }
            }
        },
    },
}
_MATCH: Final = {
    "parameters": [
        {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "description": "The ETag of the scenario as it was read.",
            "schema": {"type": "string", "pattern": '^"[^"]+"$'},
        }
    ]
}
_CONTENT_CRS: Final = {
    "name": "Content-Crs",
    "in": "header",
    "description": "CRS of the geometry, between < and >; longitude and latitude when left out.",
    "schema": {"type": "string", "enum": [f"<{_CRS84}>", f"<{_RD}>"]},
}
_DRAWN: Final = {"parameters": [*_MATCH["parameters"], _CONTENT_CRS]}


def scenarios_router(served: ServedTwin) -> APIRouter:
    """Return the routes below ``/scenarios``."""
    routes = _Routes(served)
    router = APIRouter(prefix="/scenarios", tags=["Scenarios"])
    one, items, item = "/{scenarioId}", "/{scenarioId}/items", "/{scenarioId}/items/{measureId}"
    read, write = may_fail(400, 404, 503), _FAILS
    for verb, path, name, summary, answers, extra in (
        (router.get, "", "getScenarios", "The scenarios", _JSON | read, {}),
        (router.post, "", "createScenario", "Make a scenario", _MADE | write, _NEW_BODY),
        (router.get, one, "getScenario", "One scenario", _JSON | read, {}),
        (router.get, f"{one}/review", "getReview", "What is to be said of a scenario", _REVIEW | read, {}),
        (router.get, items, "getMeasures", "The measures of a scenario", _ITEMS | read, {}),
        (router.post, items, "addMeasure", "Add a measure", _ADDED | write, _BODY | _DRAWN),
        (router.get, item, "getMeasure", "One measure", _ITEMS | read, {}),
        (router.put, item, "replaceMeasure", "Replace a measure", _ITEMS | write, _BODY | _DRAWN),
        (router.delete, item, "removeMeasure", "Remove a measure", _JSON | write, _MATCH),
        (router.post, one + "/undo", "undoScenario", "Take back the last change", _JSON | write, _MATCH),
        (router.post, one + "/redo", "redoScenario", "Bring back what was undone", _JSON | write, _MATCH),
    ):
        asked = ("crs",) if verb == router.get and "items" in path else ()
        verb(
            path,
            operation_id=name,
            summary=summary,
            responses=answers,
            status_code=_CREATED if _CREATED in answers else 200,
            openapi_extra=extra,
            dependencies=[only(*asked)],
        )(getattr(routes, _METHODS[name]))
    return router


_METHODS: Final = {
    "getScenarios": "all",
    "createScenario": "create",
    "getScenario": "one",
    "getReview": "review",
    "getMeasures": "items",
    "addMeasure": "add",
    "getMeasure": "item",
    "replaceMeasure": "replace",
    "removeMeasure": "remove",
    "undoScenario": "undo",
    "redoScenario": "redo",
}


_NEW: Final = ("name", "parent", "author", "note", "run")


class _Routes:
    def __init__(self, served: ServedTwin) -> None:
        self._served = served

    def all(self, request: Request) -> Response:
        """List the scenarios."""
        with self._served.twin.scenarios() as store:
            found = store.list()
        root = base(request)
        return json_answer({"scenarios": [_summary(item, root) for item in found]})

    async def create(self, request: Request) -> Response:
        """Make an empty scenario, one with the measures of ``parent``, or the plan of the fit that was ``run``."""
        document = await _object(request)
        unknown = sorted(set(document) - set(_NEW))
        if unknown:
            raise Problem(400, f"a new scenario has no {unknown[0]!r}; it has {', '.join(_NEW)}")
        told = {key: str(document.get(key, "")) for key in _NEW}
        if told["parent"] and told["run"]:
            raise Problem(400, "a new scenario has a 'parent' or a 'run', not both; leave one out")
        made = await run_in_threadpool(self._create, **told)
        return _answer(made, request, status=201, Location=f"{base(request)}/scenarios/{made.name}")

    def _create(self, *, name: str, parent: str, author: str, note: str, run: str) -> Scenario:
        situation = self._served.situation()
        if run:
            plan = self._served.result(run)
            return save_plan(self._served.twin, plan, name, situation=situation, author=author, note=note)
        with self._served.twin.scenarios() as store:
            found = store.get(parent) if parent else None
            return store.create(scenarios.new_scenario(situation, name, parent=found, author=author, note=note))

    def one(self, request: Request, name: Name) -> Response:
        """Describe a scenario; the ETag is what a change names in If-Match."""
        return _answer(self._get(name), request)

    def review(self, name: Name) -> Response:
        """Say what the measures cost, contradict and ask, and which steps can be taken."""
        with self._served.twin.scenarios() as store:
            found, steps = store.get(name), store.steps(name)
        return json_answer(review_document(self._served.situation(), found, steps), ETag=_tag(found))

    def items(self, name: Name, crs: Crs = _CRS84) -> Response:
        """Return the measures as features."""
        found = self._get(name)
        return json_answer(to_geojson(found, reference=_REFERENCES[crs]), media_type=GEOJSON, ETag=_tag(found))

    def item(self, name: Name, measure_id: MeasureId, crs: Crs = _CRS84) -> Response:
        """Return one measure as a feature."""
        return _feature(self._get(name), measure_id, reference=_REFERENCES[crs])

    async def add(self, request: Request, name: Name) -> Response:
        """Add a measure: a GeoJSON feature with ``kind`` and the values of its kind."""
        document, reference = await _object(request), _reference(request)

        def change(scenario: Scenario) -> Scenario:
            named = scenario.next_id(str((document.get("properties") or {}).get("kind", "measure")))
            measure = measure_from_feature({**document, "id": named}, reference=reference, default_id=named)
            return scenarios.add(self._served.situation(), scenario, measure)

        changed = await self._edit(request, name, change)
        added = changed.measures[-1].id
        return _feature(
            changed,
            added,
            reference=reference,
            status=201,
            Location=f"{base(request)}/scenarios/{changed.name}/items/{added}",
        )

    async def replace(self, request: Request, name: Name, measure_id: MeasureId) -> Response:
        """Replace a measure by another on its place in the order."""
        document, reference = await _object(request), _reference(request)

        def change(scenario: Scenario) -> Scenario:
            scenario.measure(measure_id)
            measure = measure_from_feature(
                {**document, "id": measure_id}, reference=reference, default_id=measure_id
            )
            return scenarios.add(self._served.situation(), scenario, measure)

        return _feature(await self._edit(request, name, change), measure_id, reference=reference)

    async def remove(self, request: Request, name: Name, measure_id: MeasureId) -> Response:
        """Remove a measure."""
        changed = await self._edit(request, name, lambda scenario: scenario.without(measure_id))
        return _answer(changed, request)

    def undo(self, request: Request, name: Name) -> Response:
        """Take back the last change."""
        return self._step(request, name, "undo")

    def redo(self, request: Request, name: Name) -> Response:
        """Bring back a change that was undone."""
        return self._step(request, name, "redo")

    def _step(self, request: Request, name: str, way: Literal["undo", "redo"]) -> Response:
        expected = _expected(request)
        with self._served.twin.scenarios() as store:
            step = store.undo if way == "undo" else store.redo
            return _answer(step(name, expected=expected), request)

    def _get(self, name: str) -> Scenario:
        with self._served.twin.scenarios() as store:
            return store.get(name)

    async def _edit(self, request: Request, name: str, change: Callable[[Scenario], Scenario]) -> Scenario:
        expected = _expected(request)

        def edit() -> Scenario:
            with self._served.twin.scenarios() as store:
                return store.edit(name, change, expected=expected)

        return await run_in_threadpool(edit)


def _expected(request: Request) -> str:
    expected = request.headers.get("if-match", "").strip().removeprefix("W/").strip('"')
    if not expected:
        raise Problem(428, "the header If-Match is missing; give the ETag of the scenario as you read it")
    return expected


def _reference(request: Request) -> Reference:
    given = request.headers.get("content-crs", f"<{_CRS84}>").strip()
    found = _REFERENCES.get(given.removeprefix("<").removesuffix(">"))
    if found is None:
        raise Problem(400, f"the header Content-Crs is {given[:100]!r}; it is <{_CRS84}> or <{_RD}>")
    return found


async def _object(request: Request) -> dict[str, Any]:
    try:
        document = orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise Problem(400, f"the body is no JSON: {error}") from None
    if not isinstance(document, dict):
        raise InputError(f"the body is {str(document)[:60]!r}, but it must be a JSON object")
    return document


def _tag(scenario: Scenario) -> str:
    return f'"{scenario.document_hash}"'


def _answer(scenario: Scenario, request: Request, *, status: int = 200, **headers: str) -> Response:
    return json_answer(_summary(scenario, base(request)), status=status, ETag=_tag(scenario), **headers)


def _feature(
    scenario: Scenario, measure_id: str, *, reference: Reference, status: int = 200, **headers: str
) -> Response:
    document = feature(scenario.measure(measure_id), reference=reference)
    return json_answer(document, status=status, media_type=GEOJSON, ETag=_tag(scenario), **headers)


def _summary(scenario: Scenario, root: str) -> dict[str, Any]:
    told = {key: value for key, value in scenario.to_json().items() if key != "measures"}
    address = f"{root}/scenarios/{scenario.name}/items"
    link = {"rel": "items", "type": GEOJSON, "href": address, "title": "Measures"}
    return {**told, "hash": scenario.content_hash, "measures": len(scenario.measures), "links": [link]}
