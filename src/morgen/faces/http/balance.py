"""The balance of a programme, or of plain numbers, on the twin that is served; it is answered at once."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from morgen.core.situation import Situation
from morgen.faces.http.answers import json_answer
from morgen.faces.http.balance_schemas import BalanceDocument, BalanceRequest
from morgen.faces.http.camel import camel, snake
from morgen.faces.http.documents import may_fail, ok
from morgen.faces.http.errors import Problem
from morgen.faces.http.execution import json_object
from morgen.faces.http.negotiation import only
from morgen.models.balance import Programme, parse_programme
from morgen.models.norms import NormSet, load_norms, shipped
from morgen.services.balance import ProgrammeBalance, balance_numbers, balance_programme, balance_situation
from morgen.services.served import ServedTwin

__all__ = ["balance_router"]

NUMBERS: Final = ("dwellings", "residents", "siteArea")
KNOWN: Final = (*NUMBERS, "pavedArea", "programme", "norms", "year", "onTwin", "scenario")
_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": BalanceRequest.model_json_schema(by_alias=True)}},
    }
}


def balance_router(served: ServedTwin) -> APIRouter:
    """Return the route ``/balance``."""
    router = APIRouter(tags=["Norms"])

    @router.post(
        "/balance",
        operation_id="balance",
        summary="What a wijk needs, what is there, and what is short",
        responses=ok(BalanceDocument, "The balance under each set.", html=False)
        | may_fail(400, 403, 404, 413, 415, 429, 503),
        openapi_extra=_BODY,
        dependencies=[only()],
    )
    async def balance(request: Request) -> Response:
        document = await json_object(request)
        found = await run_in_threadpool(_balance, served, document)
        return json_answer(camel(found.to_json()))

    return router


def _balance(served: ServedTwin, document: Mapping[str, Any]) -> ProgrammeBalance:
    for name in document:
        if name not in KNOWN:
            raise Problem(400, f"there is no {name!r} in a request for a balance; there is {', '.join(KNOWN)}")
    norms = _norms(document.get("norms"))
    if any(name in document for name in (*NUMBERS, "pavedArea")):
        return _of_numbers(document, norms)
    year = _whole(document, "year")
    on_twin = document.get("onTwin", True)
    if not isinstance(on_twin, bool):
        raise Problem(400, f"'onTwin' is {_shown(on_twin)}, but it must be true or false")
    programme = _programme(served, document.get("programme"))
    if not on_twin:
        return balance_programme(programme, norms=norms, year=year)
    if programme is None and year is not None:
        raise Problem(400, "'year' needs a 'programme': the twin tells what is there now")
    return balance_situation(_situation(served, document), programme, norms=norms, year=year)


def _of_numbers(document: Mapping[str, Any], norms: Sequence[NormSet]) -> ProgrammeBalance:
    alien = [name for name in ("programme", "year", "onTwin", "scenario") if name in document]
    if alien:
        raise Problem(400, f"{alien[0]!r} cannot be given with plain numbers; give one or the other")
    missing = [name for name in NUMBERS if name not in document]
    if missing:
        raise Problem(400, f"{missing[0]!r} is missing; plain numbers are {', '.join(NUMBERS)}")
    dwellings, residents = _whole(document, "dwellings"), _whole(document, "residents")
    site_area, paved_area = _number(document, "siteArea"), _number(document, "pavedArea")
    if dwellings is None or residents is None or site_area is None:
        raise Problem(400, f"{', '.join(NUMBERS)} must be numbers")
    return balance_numbers(
        norms=norms, dwellings=dwellings, residents=residents, site_area=site_area, paved_area=paved_area
    )


def _situation(served: ServedTwin, document: Mapping[str, Any]) -> Situation:
    scenario = document.get("scenario", "")
    if not isinstance(scenario, str):
        raise Problem(400, f"'scenario' is {_shown(scenario)}, but it must be the name of a scenario")
    situation = served.situation()
    return served.twin.changed(situation, scenario)[0] if scenario else situation


def _programme(served: ServedTwin, given: Any) -> Programme | None:
    """Read a programme; without ``siteArea`` it takes the area of the twin."""
    if given is None:
        return None
    document = snake(given)
    if isinstance(document, dict):
        document.setdefault("site_area", served.twin.config.area.surface)
    return parse_programme(document, place="the programme")


def _norms(given: Any) -> list[NormSet]:
    """Return the sets that are asked; a path of a file on this machine is none."""
    names = list(shipped())
    if not isinstance(given, list) or not given:
        raise Problem(400, f"'norms' is {_shown(given)}, but it must be a list of sets: {', '.join(names)}")
    for name in given:
        if name not in names:
            raise Problem(400, f"there is no norm set {_shown(name)}; there are {', '.join(names)}")
    return [load_norms(name) for name in given]


def _whole(document: Mapping[str, Any], name: str) -> int | None:
    value = document.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise Problem(400, f"{name!r} is {_shown(value)}, but it must be a whole number")
    return value


def _number(document: Mapping[str, Any], name: str) -> float | None:
    value = document.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise Problem(400, f"{name!r} is {_shown(value)}, but it must be a number")
    return value


def _shown(value: Any) -> str:
    return repr(value)[:100]
