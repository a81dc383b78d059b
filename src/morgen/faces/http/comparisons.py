"""Runs beside each other: one address for each choice of runs, the base first; its maps and report below it."""

from pathlib import Path as FolderPath
from tempfile import TemporaryDirectory
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import FileResponse, Response

from morgen.core.errors import NotFoundError
from morgen.faces.http.answers import json_answer
from morgen.faces.http.documents import binary, described, may_fail, ok
from morgen.faces.http.job_documents import MEDIA_TYPES
from morgen.faces.http.links import base, link
from morgen.faces.http.negotiation import only
from morgen.faces.http.results import raise_when_without
from morgen.faces.http.schemas import Link
from morgen.services.compare.comparison import Comparison
from morgen.services.result import RunResult
from morgen.services.served import ServedTwin

__all__ = ["ComparisonDocument", "comparisons_router"]

_RUNS: Final = r"^[0-9a-f-]{1,40}(,[0-9a-f-]{1,40}){1,9}$"
ComparisonId = Annotated[
    str,
    Path(
        alias="comparisonId",
        pattern=_RUNS,
        description="Ids of 2 to 10 runs with commas between them, the base run first.",
        examples=["20261123-142233-7f3a,20261123-150102-91bc"],
    ),
]
RunId = Annotated[str, Path(alias="jobId", description="Id of the run that is compared with the base run.")]
MapName = Annotated[
    str, Path(alias="mapName", description="Output whose difference is mapped: max_depth, duration or arrival.")
]
ReportLanguage = Annotated[Literal["nl", "en"], Query(description="Language of the report.")]
_FAILS: Final = may_fail(400, 404, 409, 500, 503)


class ComparisonDocument(Comparison):
    """Runs beside a base run, with links to the report and to the maps of differences."""

    links: tuple[Link, ...]


def comparisons_router(served: ServedTwin) -> APIRouter:
    """Return the routes below ``/comparisons``."""
    routes = _Routes(served)
    router = APIRouter(prefix="/comparisons/{comparisonId}", tags=["Comparisons"])
    router.get(
        "",
        operation_id="getComparison",
        summary="Runs beside each other",
        responses=ok(ComparisonDocument, "What differs and what changed.", html=False) | _FAILS,
        dependencies=[only()],
    )(routes.comparison)
    router.get(
        "/report",
        operation_id="getComparisonReport",
        summary="The comparison as a page to print",
        responses=described("text/html", "The page, with its maps inside.") | _FAILS,
        dependencies=[only("lang")],
    )(routes.report)
    router.get(
        "/maps/{jobId}/{mapName}",
        operation_id="getDifferenceMap",
        summary="A map of differences: this run less the base run",
        responses=binary(MEDIA_TYPES["raster"], "A COG; differences under the noise floor are 0.") | _FAILS,
        dependencies=[only()],
    )(routes.difference_map)
    return router


class _Routes:
    def __init__(self, served: ServedTwin) -> None:
        self._served = served

    def comparison(self, request: Request, comparison_id: ComparisonId) -> Response:
        """Give indicators, figures of the maps, who gains and who loses, and cost; runs never change."""
        found = self._compared(comparison_id)
        address = f"{base(request)}/comparisons/{comparison_id}"
        return json_answer(found.to_json() | {"links": _links(found, address)})

    def report(self, comparison_id: ComparisonId, lang: ReportLanguage = "nl") -> Response:
        """Give the comparison as one file that can be printed and sent on."""
        from morgen.faces.report.comparison_files import draw_maps
        from morgen.faces.report.comparison_html import comparison_html

        found = self._compared(comparison_id)
        with TemporaryDirectory() as folder:
            pictures = draw_maps(self._served.twin, found, FolderPath(folder), lang=lang)
            text = comparison_html(found, pictures, lang=lang)
        # A file: the pages of this server take no style and no pictures from inside a page.
        headers = {
            "Content-Language": lang,
            "Content-Disposition": f'attachment; filename="comparison-{found.base.id}.html"',
        }
        return Response(text, 200, headers, "text/html")

    def difference_map(self, comparison_id: ComparisonId, job_id: RunId, map_name: MapName) -> Response:
        """Give one map; where a run has no value there is none, and where nothing changed it is 0."""
        from morgen.services.compare.kept_maps import kept_difference_map

        first, *others = self._results(comparison_id)
        other = next((run for run in others if run.id == job_id), None)
        if other is None:
            told = ", ".join(run.id for run in others)
            raise NotFoundError(f"run {job_id!r} is not compared with the base run here; compared are {told}")
        path = kept_difference_map(self._served.twin.folder, first, other, map_name)
        headers = {"ETag": f'"{path.parent.name}-{path.stem}"', "Cache-Control": "private, no-cache"}
        return FileResponse(path, 200, headers, MEDIA_TYPES["raster"], filename=path.name)

    def _results(self, comparison_id: str) -> list[RunResult]:
        runs = [self._served.result(run_id) for run_id in comparison_id.split(",")]
        for run in runs:
            raise_when_without(run.run)
        return runs

    def _compared(self, comparison_id: str) -> Comparison:
        return self._served.twin.compare(self._results(comparison_id))


def _links(found: Comparison, address: str) -> list[dict[str, str]]:
    maps = [
        link(f"{address}/maps/{variant.run.id}/{item.name}", "item", item.name, type=MEDIA_TYPES["raster"])
        for variant in found.variants
        for item in variant.maps
    ]
    report = link(f"{address}/report", "alternate", "Report", type="text/html")
    return [link(address, "self", "This comparison"), report, *maps]
