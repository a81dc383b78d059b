"""The one table from error to HTTP status, and how an error looks: a problem document (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from morgen.core import errors

__all__ = [
    "NO_SUCH_JOB",
    "NO_SUCH_PROCESS",
    "RESULT_NOT_READY",
    "STATUSES",
    "Problem",
    "add_handlers",
    "problem_body",
    "problem_of",
    "status_of",
]

STATUSES: tuple[tuple[type[errors.MorgenError], int, str], ...] = (
    (errors.InputError, 400, "what was asked for is not allowed"),
    (errors.NotFoundError, 404, "the process, job, collection or feature is not there"),
    (errors.SourceError, 409, "source data is missing, broken or not recognised"),
    (errors.DismissedError, 409, "the run was stopped"),
    (errors.EditConflictError, 409, "somebody else changed the scenario first; the message says what"),
    (errors.NotReadyError, 503, "the situation is not gathered yet, or the server is full; try again later"),
    (errors.BusyError, 409, "another process uses the twin; try again later"),
    (errors.StorageError, 503, "the disk or database refused; try again later"),
    (errors.RunError, 500, "the calculation failed"),
    (errors.CrsError, 400, "coordinates cannot be transformed exactly"),
    (errors.MorgenError, 500, "any other error"),
)
"""(error, HTTP status, meaning); the first row that fits counts."""

_OGC = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0"
NO_SUCH_PROCESS = f"{_OGC}/no-such-process"
NO_SUCH_JOB = f"{_OGC}/no-such-job"
RESULT_NOT_READY = f"{_OGC}/result-not-ready"

_TYPES: tuple[tuple[type[errors.MorgenError], str], ...] = (
    (errors.ModelNotFoundError, NO_SUCH_PROCESS),
    (errors.RunNotFoundError, NO_SUCH_JOB),
)
RETRY_AFTER = "2"
"""Seconds after which it makes sense to ask again."""


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """An answer that is no success, for what only HTTP knows: methods, media types, sizes, origins."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        type: str = "about:blank",
        headers: Mapping[str, str] | None = None,
        errors: list[dict[str, str]] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.type = type
        self.headers = dict(headers or {})
        self.errors = errors or []


def status_of(error: errors.MorgenError) -> int:
    """Return the HTTP status of an error."""
    return next(status for kind, status, _ in STATUSES if isinstance(error, kind))


def problem_body(status: int, detail: str, *, type: str = "about:blank", **members: Any) -> bytes:
    """Return a problem document as JSON."""
    document = {"type": type, "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return orjson.dumps(document | members)


def problem_of(problem: Problem, instance: str = "") -> Response:
    """Return the answer that tells of a problem; ``instance`` is the path that was asked for."""
    members: dict[str, Any] = {"instance": instance} if instance else {}
    if problem.errors:
        members["errors"] = problem.errors
    body = problem_body(problem.status, problem.detail, type=problem.type, **members)
    headers = problem.headers
    if problem.status in (429, 503):
        headers = {"Retry-After": RETRY_AFTER} | headers
    return Response(body, problem.status, headers, "application/problem+json")


def add_handlers(app: FastAPI) -> None:
    """Let the app answer every error that is raised on purpose with a problem document."""

    async def morgen_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, errors.MorgenError)
        return problem_of(_translated(error), request.url.path)

    async def own_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return problem_of(error, request.url.path)

    async def invalid_request(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem_of(_invalid(error), request.url.path)

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return problem_of(_of_http(request, error), request.url.path)

    app.add_exception_handler(errors.MorgenError, morgen_error)
    app.add_exception_handler(Problem, own_problem)
    app.add_exception_handler(RequestValidationError, invalid_request)
    app.add_exception_handler(HTTPException, http_error)


def _translated(error: errors.MorgenError) -> Problem:
    kind = next((uri for family, uri in _TYPES if isinstance(error, family)), "about:blank")
    return Problem(status_of(error), str(error), type=kind)


def _invalid(error: RequestValidationError) -> Problem:
    told = [_invalid_value(item) for item in error.errors()]
    return Problem(400, "; ".join(item["detail"] for item in told), errors=told)


def _invalid_value(item: Mapping[str, Any]) -> dict[str, str]:
    place, *rest = [str(part) for part in item["loc"]]
    name = ".".join(rest)
    sentence = item["msg"][0].lower() + item["msg"][1:]
    return {
        "in": place,
        "name": name,
        "detail": f"{place} parameter {name!r} is {repr(item['input'])[:200]}, but {sentence}",
    }


def _of_http(request: Request, error: HTTPException) -> Problem:
    path, headers = request.url.path, dict(error.headers or {})
    if error.status_code == HTTPStatus.NOT_FOUND:
        return Problem(404, f"there is nothing at {path}; /v1 says what there is")
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = request.app.state.allowed_methods(path)
        return Problem(
            405, f"{request.method} is not possible at {path}; possible is {headers['Allow']}", headers=headers
        )
    return Problem(error.status_code, str(error.detail), headers=headers)
