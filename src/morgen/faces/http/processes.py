"""OGC API Processes: the models, and asking for a run."""

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from morgen.core.run import Run, RunState
from morgen.faces.http.answers import json_answer
from morgen.faces.http.documents import may_fail, ok
from morgen.faces.http.errors import Problem
from morgen.faces.http.execution import Execution, read_execution
from morgen.faces.http.html import page
from morgen.faces.http.job_documents import results_document, status_info
from morgen.faces.http.links import base, represented_links
from morgen.faces.http.negotiation import Language, Represented, only
from morgen.faces.http.process_documents import process_description, process_summary
from morgen.faces.http.results import failed
from morgen.faces.http.schemas import ProcessDescription, ProcessList, Results, StatusInfo
from morgen.faces.http.waiting import opened_store
from morgen.models.registry import get_model, model_ids
from morgen.services.queue import STOPPED
from morgen.services.served import ServedTwin

__all__ = ["processes_router"]

ProcessId = Annotated[str, Path(alias="processId", description="Id of the model, such as `pluvial-flood`.")]

_POLL: Final = 0.1
"""Seconds between two looks at a run that a client waits for."""

_PREFER: Final = {
    "name": "Prefer",
    "in": "header",
    "description": "`respond-async` for an answer at once; else the answer comes when the run has ended.",
    "schema": {"type": "string"},
}
_BODY: Final = {
    "required": False,
    "content": {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/ExecuteRequest"},
            "example": {"inputs": {"rain": 70, "duration": 1}},
        }
    },
}
_STARTED: Final = {"Location": "Address of the job.", "Preference-Applied": "`respond-async`"}
_EXECUTED: Final = (
    ok(Results, "What came out, when the answer waited for it.", html=False)
    | ok(StatusInfo, "The run was accepted (respond-async).", html=False, status=201, headers=_STARTED)
    | {204: {"description": "Links to the outputs are in the header Link (response: raw)."}}
    | may_fail(400, 403, 404, 409, 413, 415, 429, 500, 503)
)


def processes_router(served: ServedTwin) -> APIRouter:
    """Return the routes below ``/processes``."""
    routes = _Routes(served)
    router = APIRouter(prefix="/processes", tags=["Processes"])
    represented = [only("f", "lang")]
    router.get(
        "",
        operation_id="getProcesses",
        summary="The models that can calculate here",
        responses=ok(ProcessList, "The models.") | may_fail(400, 406),
        dependencies=represented,
    )(routes.processes)
    router.get(
        "/{processId}",
        operation_id="getProcess",
        summary="One model: its inputs, outputs and card",
        responses=ok(ProcessDescription, "All that one can ask of the model.") | may_fail(400, 404, 406),
        dependencies=represented,
    )(routes.process)
    router.post(
        "/{processId}/execution",
        operation_id="execute",
        summary="Calculate",
        responses=_EXECUTED,
        openapi_extra={"requestBody": _BODY, "parameters": [_PREFER]},
        dependencies=[only()],
    )(routes.execute)
    return router


class _Routes:
    def __init__(self, served: ServedTwin) -> None:
        self._served = served

    async def processes(self, request: Request, form: Represented, language: Language) -> Response:
        """List the installed models."""
        root = base(request)
        models = await run_in_threadpool(lambda: [get_model(model_id) for model_id in model_ids()])
        document = {
            "processes": [process_summary(declared, root) for declared in models],
            "links": represented_links(f"{root}/processes", "Models", form=form),
        }
        if form == "html":
            return page(request, "processes.html", language, document=document)
        return json_answer(document)

    async def process(
        self, request: Request, process_id: ProcessId, form: Represented, language: Language
    ) -> Response:
        """Describe a model: its inputs with unit, default and allowed values, its outputs, presets and card."""
        declared = await run_in_threadpool(get_model, process_id)
        document = process_description(declared, base(request))
        if form == "html":
            return page(request, "process.html", language, document=document)
        return json_answer(document)

    async def execute(self, request: Request, process_id: ProcessId) -> Response:
        """Start a run. Its row, and so its job, is there before this answers."""
        declared = await run_in_threadpool(get_model, process_id)
        wanted = await read_execution(request, declared)
        run = await run_in_threadpool(self._served.submit, process_id, wanted.inputs)
        root = base(request)
        if wanted.asynchronous:
            where = f"{root}/jobs/{run.id}"
            told = {"Location": where, "Preference_Applied": "respond-async"}
            return json_answer(status_info(run, root), status=201, **told)
        ended = await self._end_of(run.id)
        if ended.state is RunState.DISMISSED and self._served.stopping:
            raise Problem(503, f"run {run.id}: {STOPPED}")
        return _finished(ended, wanted, root)

    async def _end_of(self, run_id: str) -> Run:
        """Wait for a run to end. A client that goes away leaves the run as it is: a row that goes on."""
        store = await opened_store(self._served)
        while not store.pulse(run_id).state.ended:  # noqa: ASYNC110 - another process ends it
            await asyncio.sleep(_POLL)
        return store.find(run_id)


def _finished(run: Run, wanted: Execution, root: str) -> Response:
    if run.state is not RunState.SUCCESSFUL:
        raise failed(run)
    document = results_document(run, root)
    if wanted.outputs:
        document = {name: document[name] for name in wanted.outputs if name in document}
    return _raw(document) if wanted.raw else json_answer(document)


def _raw(document: dict[str, Any]) -> Response:
    """Return links to the outputs in the header Link, or the value when that is one number."""
    links = [
        f'<{item["href"]}>; rel="{name}"; type="{item["type"]}"'
        for name, item in document.items()
        if "href" in item
    ]
    if links:
        return Response(status_code=204, headers={"Link": ", ".join(links)})
    return json_answer(next(iter(document.values()), None))
