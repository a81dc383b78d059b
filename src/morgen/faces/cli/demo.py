"""``morgen demo``: the whole journey on the sample neighbourhood."""

import shutil
from pathlib import Path
from typing import Any

import click

from morgen.core.errors import TwinNotFoundError
from morgen.faces.cli.progress import progress_bar
from morgen.faces.cli.runs import print_result, raise_for_state
from morgen.faces.cli.serve import serve_at
from morgen.faces.http.server import doorway
from morgen.faces.report import text
from morgen.faces.report.pictures import pictures_of
from morgen.services.area_file import read_area
from morgen.services.disk import replace_text, storage_guard
from morgen.services.twin import Twin
from morgen.sources.sample import ATTRIBUTION, write_sample

__all__ = ["demo"]

SAMPLE_FOLDER = "sources"
SURFACE = 0.36
"""Of the sample, km2: the middle of the wijk, with its canal, low street and sunken car park."""
CELL_SIZE = 2.0
"""m; coarser than a twin of this size starts with, so that the demo answers within a minute on a laptop."""
NAME = "Voorbeelddorp (generated sample)"
QUESTION: dict[str, Any] = {"rain": 70, "duration": 1}
"""The local, short event of the Dutch stress test: 70 mm in one hour, once in 100 years."""


def demo(*, folder: Path, serve: bool, port: int, as_json: bool) -> None:
    """Make the sample and its twin in ``folder`` (or use the ones there), run, and show the answer."""
    twin = _open_or_make(folder)
    if not serve:
        _answer(twin, as_json=as_json)
        return
    with doorway(twin.folder, port=port) as door:  # opened first: a port in use is told before the calculation
        _answer(twin, as_json=as_json)
        serve_at(door, browse=True, as_json=as_json)


def _answer(twin: Twin, *, as_json: bool) -> None:
    with progress_bar(show=not as_json) as progress:
        result = twin.run("pluvial-flood", on_progress=progress, **QUESTION)
    raise_for_state(result)
    replace_text(twin.folder / "answer.txt", text.answer(result) + "\n")
    with storage_guard(twin.folder):
        for picture in pictures_of(result).values():
            shutil.copyfile(picture, twin.folder / picture.name)
    print_result(result, as_json=as_json)
    if not as_json:
        click.echo(f"\nThe answer and its pictures lie in {twin.folder}")


def _open_or_make(folder: Path) -> Twin:
    try:
        return Twin.open(folder)
    except TwinNotFoundError:
        files = write_sample(folder / SAMPLE_FOLDER, km2=SURFACE)
        area = next(path for path in files if path.name == "area.geojson")
        twin = Twin.create(folder, read_area(area, name=NAME), cell_size=CELL_SIZE)
        twin.add(folder / SAMPLE_FOLDER, attribution=ATTRIBUTION)
        return twin
