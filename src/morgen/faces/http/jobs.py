"""OGC API Processes: the runs as jobs, their results, and stopping them."""

import time
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from morgen.core.run import Run, RunState
from morgen.faces.http.answers import Stored, json_answer, stored_answer
from morgen.faces.http.documents import binary, may_fail, ok
from morgen.faces.http.errors import Problem
from morgen.faces.http.execution import NUMBERS
from morgen.faces.http.html import page
from morgen.faces.http.job_documents import SHOWN, results_document, status_info
from morgen.faces.http.kept import Kept
from morgen.faces.http.links import base, link, represented_links
from morgen.faces.http.negotiation import Language, Represented, only, versioned
from morgen.faces.http.results import output_file, raise_when_without
from morgen.faces.http.schemas import JobList, Results, StatusInfo
from morgen.faces.http.waiting import found_run, opened_store
from morgen.services.served import ServedTwin

__all__ = ["jobs_router"]

JobId = Annotated[str, Path(alias="jobId", description="Id of the run, such as `20261123-142233-7f3a`.")]
OutputName = Annotated[str, Path(alias="outputName", description="Name of the output, such as `max_depth`.")]
Stride = Annotated[int | None, Query(ge=1, le=10_000, description="Take every so manieth cell.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="How many runs on a page.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000, description="How many to skip.")]
Status = Annotated[
    list[Literal["accepted", "running", "successful", "failed", "dismissed"]] | None,
    Query(description="Only runs of this status; may be given more than once."),
]
ProcessIds = Annotated[list[str] | None, Query(alias="processID", description="Only runs of this model.")]

CONTAINER: Final = "application/octet-stream"
PNG: Final = "image/png"
_PATIENCE: Final = 10.0
"""Seconds that a dismissal waits for the run to end; longer than its worker gets."""
_POLL: Final = 0.05


async def _kind(
    type: Annotated[list[Literal["process"]] | None, Query(description="Kind of job.")] = None,
) -> None:
    """Take the parameter of the standard that has one value."""


def jobs_router(served: ServedTwin) -> APIRouter:
    """Return the routes below ``/jobs``."""
    routes = _Routes(served)
    router = APIRouter(prefix="/jobs", tags=["Jobs"])
    represented = [only("f", "lang")]
    router.get(
        "",
        operation_id="getJobs",
        summary="The runs, newest first",
        responses=ok(JobList, "A page of runs.") | may_fail(400, 406, 503),
        dependencies=[only("limit", "offset", "status", "processID", "type", "f", "lang"), Depends(_kind)],
    )(routes.jobs)
    router.get(
        "/{jobId}",
        operation_id="getStatus",
        summary="How a run is doing",
        responses=ok(StatusInfo, "The status of the run.") | may_fail(400, 404, 406, 503),
        dependencies=represented,
    )(routes.status)
    router.delete(
        "/{jobId}",
        operation_id="dismiss",
        summary="Stop a run that waits or computes",
        responses=ok(StatusInfo, "The run as it ended.", html=False) | may_fail(400, 403, 404, 409, 429, 503),
        dependencies=[only()],
    )(routes.dismiss)
    router.get(
        "/{jobId}/results",
        operation_id="getResults",
        summary="What came out of a run",
        responses=ok(Results, "Values, and links to files.") | may_fail(400, 404, 406, 409, 500, 503),
        dependencies=represented,
    )(routes.results)
    router.get(
        "/{jobId}/results/{outputName}",
        operation_id="getResult",
        summary="One output of a run",
        responses=binary("*/*", "The file, in the media type that the results name.")
        | may_fail(400, 404, 409, 500, 503),
        dependencies=[only()],
    )(routes.result)
    router.get(
        "/{jobId}/depth",
        operation_id="getDepth",
        summary="The depth of the water in time, for a viewer",
        responses=binary(CONTAINER, "A grid container.") | may_fail(400, 404, 409, 500, 503),
        dependencies=[only("stride", "v"), versioned],
    )(routes.depth)
    router.get(
        "/{jobId}/probability.png",
        operation_id="getProbability",
        summary="How many members of an ensemble are under water, as a picture on the bounds of the grid",
        responses=binary(PNG, "A picture, north up; clear where none is.") | may_fail(400, 404, 409, 500, 503),
        dependencies=[only("v"), versioned],
    )(routes.probability)
    return router


class _Routes:
    def __init__(self, served: ServedTwin) -> None:
        self._served = served
        self._kept = Kept()

    async def jobs(
        self,
        request: Request,
        form: Represented,
        language: Language,
        limit: Limit = 100,
        offset: Offset = 0,
        status: Status = None,
        process_id: ProcessIds = None,
    ) -> Response:
        """List the runs of the twin, also those that a terminal started."""
        states = [state for state, shown in SHOWN.items() if shown in (status or ())]
        store = await opened_store(self._served)
        runs, total = await run_in_threadpool(
            store.page, limit=limit, offset=offset, states=states, models=process_id or ()
        )
        root = base(request)
        document = {
            "jobs": [status_info(run, root) for run in runs],
            "numberMatched": total,
            "numberReturned": len(runs),
            "links": _page_links(request, form, offset=offset, limit=limit, total=total),
        }
        if form == "html":
            return page(request, "jobs.html", language, document=document)
        return json_answer(document)

    async def status(self, request: Request, job_id: JobId, form: Represented, language: Language) -> Response:
        """Give the status of a run, with its parameters and its progress in percent."""
        document = status_info(await found_run(self._served, job_id), base(request))
        if form == "html":
            return page(request, "job.html", language, document=document)
        return json_answer(document)

    async def dismiss(self, request: Request, job_id: JobId) -> Response:
        """Stop a run, also one that a terminal started; answers when it has ended. Its row is kept."""
        run = await run_in_threadpool(_dismissed, self._served, job_id)
        return json_answer(status_info(run, base(request)))

    async def results(self, request: Request, job_id: JobId, form: Represented, language: Language) -> Response:
        """Give the indicators and the balance of a successful run, and links to its files."""
        run = await found_run(self._served, job_id)
        raise_when_without(run)
        document = results_document(run, base(request))
        if form == "html":
            status = status_info(run, base(request))
            return page(request, "results.html", language, document=document, job=status)
        return json_answer(document)

    def result(self, request: Request, job_id: JobId, output_name: OutputName) -> Response:
        """Give one output: a COG, a GeoParquet file, a JSON document, or a series as a grid container."""
        found = self._served.result(job_id)
        raise_when_without(found.run)
        if output_name in NUMBERS:
            value = results_document(found.run, base(request)).get(output_name)
            return json_answer(value["value"] if isinstance(value, dict) and "value" in value else value)
        if found.output(output_name).description.kind == "series":
            return stored_answer(request, self._container(job_id, stride=None))
        return output_file(found, output_name)

    def depth(self, request: Request, job_id: JobId, stride: Stride = None) -> Response:
        """Give the depths of a run as a grid container, with at most 512 rows and columns unless asked."""
        raise_when_without(self._served.run(job_id))
        return stored_answer(request, self._container(job_id, stride=stride))

    def probability(self, request: Request, job_id: JobId) -> Response:
        """Give the share of an ensemble that stands at least 0.10 m deep; 404 for a run without one."""
        from morgen.faces.tiles.shares import share_picture

        raise_when_without(self._served.run(job_id))
        result = self._served.result(job_id)
        version = result.output("probability").description.sha256[:16]

        def stored() -> Stored:
            return Stored(share_picture(result), PNG, version, compressible=False)

        return stored_answer(request, self._kept.get(f"{job_id} probability {version}", stored))

    def _container(self, job_id: str, *, stride: int | None) -> Stored:
        from morgen.faces.tiles.grids import depth_grid

        result = self._served.result(job_id)
        version = f"{result.output('depth').description.sha256[:16]}-{stride or 0}"

        def stored() -> Stored:
            return Stored(depth_grid(result, stride=stride), CONTAINER, version)

        # The container names its run, so equal depths of another run are other bytes.
        return self._kept.get(f"{job_id} {version}", stored)


def _dismissed(served: ServedTwin, job_id: str) -> Run:
    store = served.store
    before = store.find(job_id)
    if before.state.ended and before.state is not RunState.DISMISSED:
        raise Problem(409, f"run {job_id} is {before.state} and is kept; a run that ended cannot be stopped")
    run = store.dismiss(before.id)
    deadline = time.monotonic() + _PATIENCE
    while not run.state.ended and time.monotonic() < deadline:
        time.sleep(_POLL)
        run = store.find(job_id)
    return run


def _page_links(request: Request, form: str, *, offset: int, limit: int, total: int) -> list[dict[str, Any]]:
    asked = [(name, value) for name, value in request.query_params.multi_items() if name not in ("offset", "f")]
    address = f"{base(request)}/jobs"

    def at(start: int) -> str:
        return f"{address}?{urlencode([*asked, ('offset', start)])}"

    links = represented_links(at(offset), "Runs", form=form)
    if offset + limit < total:
        links.append(link(at(offset + limit), "next", "Next page"))
    if offset > 0:
        links.append(link(at(max(offset - limit, 0)), "prev", "Previous page"))
    return links
