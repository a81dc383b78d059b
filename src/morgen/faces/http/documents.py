"""How a route tells the OpenAPI description what it answers."""

from typing import Any

from pydantic import BaseModel

__all__ = ["binary", "described", "may_fail", "ok"]

_REASONS = {
    400: "A parameter is not valid.",
    403: "The request comes from a page of another site.",
    404: "It is not there.",
    406: "Accept names no form that there is.",
    409: "The state of the twin or the run does not allow it.",
    412: "It was changed since it was read; the document says what.",
    413: "The body is too large.",
    415: "The body is no JSON.",
    428: "The header If-Match is missing.",
    429: "Too many requests.",
    500: "The calculation failed.",
    503: "The situation is not gathered yet, or the server is full; try again later.",
}


def ok(
    document: type[BaseModel],
    description: str,
    *,
    html: bool = True,
    status: int = 200,
    headers: dict[str, Any] | None = None,
) -> dict[int | str, dict[str, Any]]:
    """Return the success of a route that answers with a document, in JSON and perhaps as a page."""
    content = {"text/html": {"schema": {"type": "string"}}} if html else {}
    answer: dict[str, Any] = {"model": document, "description": description, "content": content}
    if headers:
        answer["headers"] = {
            name: {"schema": {"type": "string"}, "description": text} for name, text in headers.items()
        }
    return {status: answer}


def binary(media_type: str, description: str) -> dict[int | str, dict[str, Any]]:
    """Return the success of a route that answers with bytes."""
    return {
        200: {
            "description": description,
            "content": {media_type: {"schema": {"type": "string", "format": "binary"}}},
        },
        304: {"description": "The client has it already (If-None-Match)."},
    }


def described(
    media_type: str, description: str, *, schema: dict[str, Any] | None = None
) -> dict[int | str, dict[str, Any]]:
    """Return the success of a route whose document has a standard of its own."""
    content = {media_type: {"schema": schema or {"type": "string"}}}
    return {200: {"description": description, "content": content}}


def may_fail(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the failures of a route, each with a problem document."""
    return {status: {"description": _REASONS[status], "content": {}} for status in statuses}
