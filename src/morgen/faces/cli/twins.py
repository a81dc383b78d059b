"""``morgen init``, ``add`` and ``check``."""

from pathlib import Path
from typing import Any

import click

from morgen.core.area import Area
from morgen.core.errors import InputError, SourceError
from morgen.core.source import Role
from morgen.faces.cli.printing import print_json
from morgen.faces.cli.progress import progress_bar
from morgen.faces.report import text
from morgen.services.area_file import read_area
from morgen.services.twin import Added, Twin

__all__ = ["add", "check", "init"]


def init(
    *, folder: Path, polygon: Path | None, bbox: str | None, name: str, cell_size: float | None, as_json: bool
) -> None:
    """Make a twin folder."""
    if (polygon is None) == (bbox is None):
        raise InputError("say where the area is with either --polygon FILE or --bbox XMIN,YMIN,XMAX,YMAX")
    if polygon is not None:
        area = read_area(polygon, name=name)
    else:
        area = Area.from_bbox(_bounds(str(bbox)), name=name or folder.resolve().name)
    twin = Twin.create(folder, area, cell_size=cell_size)
    config = twin.config
    if as_json:
        print_json({"twin": str(twin.folder), "area": config.area.to_json(), "cell_size": config.cell_size})
        return
    click.echo(
        f"Made the twin {twin.folder}: {config.name}, {config.area.surface / 10_000:.2f} ha,"
        f" cells of {config.cell_size:g} m.\nLink source data with `morgen add {folder} PATH...`."
    )


def add(*, folder: Path, paths: tuple[Path, ...], role: str | None, attribution: str, as_json: bool) -> None:
    """Link sources."""
    added = Twin.open(folder).add(*paths, role=_role(role), attribution=attribution)
    if as_json:
        print_json(_added_json(added))
        return
    rows = [[item.path.name, item.source.title, str(item.source.role)] for item in added.recognised]
    click.echo(text.table(rows, head=["file", "recognised as", "used for"]))
    for sentence in (*added.skipped, *added.failures):
        click.echo(f"note: {sentence}", err=True)


def check(*, folder: Path, as_json: bool) -> None:
    """Print the data quality report; data that no model can use is an error."""
    twin = Twin.open(folder)
    with progress_bar(show=not as_json) as progress:
        report = twin.check(on_progress=progress)
    if as_json:
        print_json(report.to_json())
    else:
        click.echo(text.quality(report))
    if not report.usable:
        problems = [finding.sentence for finding in report.findings if finding.level == "error"]
        raise SourceError(" ".join(problems))


def _bounds(bbox: str) -> tuple[float, float, float, float]:
    try:
        xmin, ymin, xmax, ymax = (float(part) for part in bbox.split(","))
    except ValueError:
        raise InputError(
            f"--bbox is {bbox!r}, but it must be four numbers XMIN,YMIN,XMAX,YMAX in RD New, m"
        ) from None
    return xmin, ymin, xmax, ymax


def _role(role: str | None) -> Role | None:
    if role is None:
        return None
    try:
        return Role(role)
    except ValueError:
        allowed = ", ".join(item.value for item in Role)
        raise InputError(f"--role is {role!r}, but it must be one of {allowed}") from None


def _added_json(added: Added) -> dict[str, Any]:
    return {
        "sources": [{"path": str(item.path), **item.source.to_json()} for item in added.recognised],
        "skipped": list(added.skipped),
        "failures": list(added.failures),
    }
