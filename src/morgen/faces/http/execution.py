"""Reading a request to calculate, as OGC API Processes 1.0 has it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.requests import Request

from morgen.core.model import Model
from morgen.faces.http.errors import Problem

__all__ = ["Execution", "json_object", "read_execution"]

KNOWN = ("inputs", "outputs", "response", "mode")
"""``mode`` is what older clients say beside the header Prefer; the header counts."""
NUMBERS = ("indicators", "balance")
"""Results that are given as values, whatever the model calls its files."""


@dataclass(frozen=True)
class Execution:
    """What a client wants to be calculated, and how it wants the answer."""

    inputs: Mapping[str, Any]
    outputs: tuple[str, ...] = ()
    """Names of the outputs that are wanted; all of them when empty."""
    raw: bool = False
    """Whether the outputs are wanted as links in headers, not in a document."""
    asynchronous: bool = field(default=False)


async def read_execution(request: Request, declared: Model) -> Execution:
    """Read the body and the header Prefer; raises ``Problem`` (400, 413, 415)."""
    document = await json_object(request)
    unknown = [name for name in document if name not in KNOWN]
    if "subscriber" in unknown:
        raise Problem(
            400, "this server calls nobody back; leave out 'subscriber' and ask for the status of the job"
        )
    if unknown:
        raise Problem(400, f"there is no {unknown[0]!r} in a request to calculate; there is {', '.join(KNOWN)}")
    response = document.get("response", "document")
    if response not in ("document", "raw"):
        raise Problem(400, f"'response' is {_shown(response)}, but it must be 'document' or 'raw'")
    outputs = _outputs(_object(document.get("outputs", {}), "'outputs'"), declared)
    if response == "raw" and len(outputs) != 1 and (not outputs or set(outputs) & set(NUMBERS)):
        raise Problem(400, "'response' is 'raw', which goes for one number or for files; name them in 'outputs'")
    preferred = request.headers.get("prefer", "").replace(" ", "").lower().split(",")
    return Execution(
        inputs={
            name: _value(name, given) for name, given in _object(document.get("inputs", {}), "'inputs'").items()
        },
        outputs=outputs,
        raw=response == "raw",
        asynchronous="respond-async" in preferred,
    )


async def json_object(request: Request) -> dict[str, Any]:
    """Return the body of a request, which must be a JSON object; raises ``Problem`` (400, 415)."""
    return _object(await _body(request), "the body")


async def _body(request: Request) -> Any:
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise Problem(415, f"Content-Type is {media_type[:100]!r}, but the body must be application/json")
    body = await request.body()
    try:
        return orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise Problem(400, f"the body is no JSON: {error}") from None


def _object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Problem(400, f"{name} is {_shown(value)}, but it must be a JSON object")
    return value


def _value(name: str, given: Any) -> Any:
    """Return the value of an input, which may be wrapped as ``{"value": ...}``."""
    if isinstance(given, dict) and "href" in given:
        raise Problem(400, f"input {name!r} is a link, but this server fetches nothing; give the value itself")
    if isinstance(given, dict) and "value" in given and set(given) <= {"value", "mediaType", "encoding", "schema"}:
        return given["value"]
    return given


def _outputs(wanted: Mapping[str, Any], declared: Model) -> tuple[str, ...]:
    known = [*(item.name for item in declared.interface.outputs), *NUMBERS]
    for name in wanted:
        if name not in known:
            raise Problem(400, f"{declared.id} has no output {name!r}; it has {', '.join(dict.fromkeys(known))}")
    return tuple(wanted)


def _shown(value: Any) -> str:
    return repr(value)[:100]
