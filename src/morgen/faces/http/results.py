"""The outputs of a run as files, and why there are none."""

from typing import Any

from starlette.responses import FileResponse, Response

from morgen.core.run import Run, RunState
from morgen.faces.http.errors import RESULT_NOT_READY, Problem
from morgen.faces.http.job_documents import MEDIA_TYPES
from morgen.services.result import RunResult

__all__ = ["failed", "output_file", "raise_when_without"]


def raise_when_without(run: Run) -> None:
    """Raise a ``Problem`` unless the run has results."""
    if not run.state.ended:
        sentence = f"run {run.id} is {run.state} ({run.progress:.0%}); its results come when it is successful"
        raise Problem(404, sentence, type=RESULT_NOT_READY)
    if run.state is not RunState.SUCCESSFUL:
        raise failed(run)


def failed(run: Run) -> Problem:
    """Return the problem of a run that ended without results."""
    told = f"run {run.id} is {run.state}"
    detail = f"{told}: {run.message}" if run.message else f"{told}; it has no results"
    return Problem(409 if run.state is RunState.DISMISSED else 500, detail)


def output_file(result: RunResult, name: str) -> Response:
    """Return a stored output as a file, of which a client may ask ranges; raises ``NotFoundError``.

    Outputs never change, so they may be kept for ever under their address.
    """
    output = result.output(name)
    described = output.description
    headers: dict[str, Any] = {
        "ETag": f'"{described.sha256}"',
        "Cache-Control": "private, max-age=31536000, immutable",
    }
    return FileResponse(
        output.path,
        200,
        headers,
        MEDIA_TYPES.get(described.kind, "application/octet-stream"),
        filename=described.filename,
        content_disposition_type="inline" if described.kind == "json" else "attachment",
    )
