"""The reader of a plan of redevelopment: GeoJSON with one feature for each plot, street or piece of green."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from morgen.core.errors import SourceError, UnreadableSourceError
from morgen.core.grid import Grid
from morgen.core.source import Role, Source
from morgen.sources.contract import Reader, Reading, Recognised
from morgen.sources.redevelopment.plots import plots_frame

__all__ = ["FORMAT", "reader"]

FORMAT = "redevelopment-plan"
TAKEN_FOR = "a plan of redevelopment"
HEAD_BYTES = 1 << 20
COLLECTION = re.compile(rb'"type"\s*:\s*"FeatureCollection"')
PROPERTIES = tuple(re.compile(rb'"%s"\s*:' % name) for name in (b"plot_id", b"allowed_uses", b"max_storeys"))


def _recognise(path: Path) -> Recognised | None:
    """Recognise a GeoJSON FeatureCollection with the properties plot_id, allowed_uses and max_storeys."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or not COLLECTION.search(head):
        return None
    if not all(name.search(head) for name in PROPERTIES):
        return None
    source = Source(id=str(path), title="Plan of redevelopment, GeoJSON", format=FORMAT, role=Role.REDEVELOPMENT)
    return Recognised(path=path, source=source, bounds=None)


def _read(recognised: Recognised, grid: Grid) -> Reading:
    """Read the plots that meet the box of ``grid``; the whole plan is checked.

    Raises ``UnreadableSourceError`` with the feature and the property for a plot without an allowed use, plots
    that overlap, a value that is not allowed, and a shape that is no polygon.
    """
    import shapely

    from morgen.sources.bgt.rd import extent_of, to_rd_new

    path = recognised.path
    document = _document(path)
    features = document["features"]
    try:
        frame = plots_frame(features)
        shapes, crs = to_rd_new(frame.geometry.to_numpy(), _crs_of(document))
    except SourceError as error:
        raise UnreadableSourceError(path, taken_for=TAKEN_FOR, problem=str(error)) from error
    frame = frame.set_geometry(shapes, crs="EPSG:28992")
    _refuse_overlaps(path, frame)
    inside = frame[shapely.intersects(frame.geometry.to_numpy(), shapely.box(*grid.bounds))]
    return Reading(inside.reset_index(drop=True), len(inside), crs, extent_of(shapes))


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise UnreadableSourceError(
            path,
            taken_for=TAKEN_FOR,
            problem=f"its JSON stops making sense: {error.msg}",
            where=f"line {error.lineno}, column {error.colno}",
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadableSourceError(
            path, taken_for=TAKEN_FOR, problem="it is not UTF-8 text", where=f"byte {error.start}"
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise UnreadableSourceError(path, taken_for=TAKEN_FOR, problem="it has no list 'features'")
    return document


def _crs_of(document: Mapping[str, Any]) -> str:
    old = document.get("crs")
    if isinstance(old, Mapping):
        return str((old.get("properties") or {}).get("name", ""))
    return str(document.get("coordRefSys") or "")


def _refuse_overlaps(path: Path, frame: Any) -> None:
    import shapely

    from morgen.sources.redevelopment.plots import OVERLAP

    shapes = frame.geometry.to_numpy()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = first < second
    common = shapely.intersection(shapes[first[pairs]], shapes[second[pairs]])
    areas = shapely.area(common)
    if len(areas) and areas.max() > OVERLAP:
        worst = int(areas.argmax())
        one, other = int(first[pairs][worst]), int(second[pairs][worst])
        place = common[worst].representative_point()
        names = frame["plot_id"].to_numpy()
        raise UnreadableSourceError(
            path,
            taken_for=TAKEN_FOR,
            problem=f"the plots {names[one]} and {names[other]} overlap by {areas[worst]:.1f} m2 at"
            f" {place.x:.0f}, {place.y:.0f}; draw them beside each other",
            where=f"features {one + 1} and {other + 1}, column geometry",
        )


reader = Reader(id=FORMAT, title="plan of redevelopment in GeoJSON", recognise=_recognise, read=_read)
