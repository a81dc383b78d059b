"""A run as an OGC job: its status, and its results."""

from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import quote

from pydantic.alias_generators import to_camel

from morgen.core.errors import ModelNotFoundError
from morgen.core.indicator import Indicator
from morgen.core.model import Preset
from morgen.core.run import Output, Run, RunState
from morgen.faces.http.links import link
from morgen.models.registry import get_model

__all__ = ["MEDIA_TYPES", "SHOWN", "results_document", "status_info"]

RESULTS = "http://www.opengis.net/def/rel/ogc/1.0/results"

SHOWN = {state: state.value for state in RunState} | {RunState.LOST: "failed"}
"""Run state to the status of OGC API Processes, which does not know ``lost``."""

MEDIA_TYPES = {
    "raster": "image/tiff; application=geotiff; profile=cloud-optimized",
    "series": "application/octet-stream",
    "features": "application/vnd.apache.parquet",
    "json": "application/json",
}
"""Kind of output to its media type."""


def status_info(run: Run, root: str) -> dict[str, Any]:
    """Return the status of a run; ``root`` is the address of the API."""
    times = {"created": run.created_at, "started": run.started_at, "finished": run.ended_at}
    told = {name: _utc(moment) for name, moment in times.items() if moment}
    return {
        "processID": run.manifest.model,
        "type": "process",
        "jobID": run.id,
        "status": SHOWN[run.state],
        "message": run.message,
        "progress": round(run.progress * 100),
        **told,
        "updated": _utc(run.ended_at or run.started_at or run.created_at),
        "model": run.manifest.model,
        "version": run.manifest.version,
        "parameters": dict(run.manifest.parameters),
        "preset": _preset(run),
        "scenario": run.manifest.scenario,
        "warnings": list(run.warnings),
        "links": _links(run, root),
    }


def results_document(run: Run, root: str) -> dict[str, Any]:
    """Return what came out of a successful run: its numbers, and links to its files."""
    address = _address(run, root)
    files = {item.name: _file(item, address) for item in run.outputs}
    document: dict[str, Any] = {**files, "indicators": [_indicator(item) for item in run.indicators]}
    if run.balance:
        # OGC API Processes 1.0 has an object as a value only when it is qualified.
        document["balance"] = {"value": dict(run.balance), "mediaType": "application/json"}
    return document


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _address(run: Run, root: str) -> str:
    return f"{root}/jobs/{quote(run.id, safe='')}"


def _links(run: Run, root: str) -> list[dict[str, Any]]:
    address = _address(run, root)
    links = [
        link(address, "self", "This run"),
        link(f"{address}?f=html", "alternate", "This run", type="text/html"),
        link(f"{root}/processes/{run.manifest.model}", "up", "The model"),
    ]
    if run.state is RunState.SUCCESSFUL:
        links.append(link(f"{address}/results", RESULTS, "What came out"))
    return links


def _file(output: Output, address: str) -> dict[str, Any]:
    return {
        "href": f"{address}/results/{quote(output.name, safe='')}",
        "type": MEDIA_TYPES.get(output.kind, "application/octet-stream"),
        "title": output.title,
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return {to_camel(name): value for name, value in indicator.to_json().items()}


def _preset(run: Run) -> str | None:
    given = run.manifest.parameters
    for preset in _presets(run.manifest.model):
        if all(given.get(name) == value for name, value in preset.parameters.items()):
            return preset.id
    return None


@cache
def _presets(model_id: str) -> tuple[Preset, ...]:
    try:
        return get_model(model_id).presets
    except ModelNotFoundError:  # a run outlives the model that it was made with
        return ()
