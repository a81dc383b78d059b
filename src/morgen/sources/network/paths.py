"""Pieces of a network in the standard form: lines between two junctions, each with its length."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from morgen.core.errors import UnreadableSourceError
from morgen.sources.contract import PATH_COLUMNS, Reading, Recognised

if TYPE_CHECKING:
    import geopandas

__all__ = ["Piece", "reading_of"]

NO_LINE = "have no line"
BROKEN = "have a line of several loose parts"


@dataclass(frozen=True, eq=False)
class Piece:
    """A line between two junctions as a file gives it."""

    identity: str
    start: str
    end: str
    kind: str
    bridge: bool
    street: str
    line: Any
    """LineString or MultiLineString; None when there is none."""
    walkable: bool = True


def reading_of(
    pieces: Sequence[Piece],
    recognised: Recognised,
    *,
    crs: str,
    taken_for: str,
    layer: str,
    ends: tuple[str, str],
) -> Reading:
    """Return the pieces with ``PATH_COLUMNS``; ``ends`` are the columns of the junctions in the file.

    A piece without a junction at one of its ends raises ``UnreadableSourceError``; one without a line that can
    be walked is left out and counted in a remark.
    """
    rows: list[dict[str, Any]] = []
    left_out: Counter[str] = Counter()
    for number, piece in enumerate(pieces, start=1):
        for column, node in zip(ends, (piece.start, piece.end), strict=True):
            if not node:
                where = f"layer {layer}, row {number} of the area, {piece.identity or 'without id'}"
                problem = f"its column {column} is empty, so that nobody knows what the line joins"
                raise UnreadableSourceError(recognised.path, taken_for=taken_for, problem=problem, where=where)
        line = _one_line(piece.line)
        if isinstance(line, str):
            left_out[line] += 1
            continue
        rows.append(_row(piece, line))
    remarks = tuple(f"{count} pieces {why}; they were left out." for why, count in left_out.items())
    return Reading(_frame(rows), len(rows), crs, recognised.bounds, remarks=remarks)


def _one_line(line: Any) -> "shapely.LineString | str":
    """Return a line of one part, in the direction of the file; why not, where that cannot be."""
    if line is None or line.is_empty or not line.length > 0:
        return NO_LINE
    if isinstance(line, shapely.LineString):
        return line
    parts = [part for part in shapely.get_parts(line) if isinstance(part, shapely.LineString) and part.length > 0]
    joined = parts[0] if len(parts) == 1 else shapely.line_merge(shapely.MultiLineString(parts), directed=True)
    return joined if isinstance(joined, shapely.LineString) else BROKEN


def _row(piece: Piece, line: shapely.LineString) -> dict[str, Any]:
    return {
        "path_id": piece.identity,
        "from_node": piece.start,
        "to_node": piece.end,
        "length": line.length,
        "kind": piece.kind,
        "walkable": piece.walkable,
        "bridge": piece.bridge,
        "street": piece.street,
        "geometry": line,
    }


def _frame(rows: list[dict[str, Any]]) -> "geopandas.GeoDataFrame":
    import geopandas

    frame = geopandas.GeoDataFrame(rows, columns=list(PATH_COLUMNS), geometry="geometry", crs="EPSG:28992")
    return frame.astype({"length": "float64", "walkable": "bool", "bridge": "bool"})
