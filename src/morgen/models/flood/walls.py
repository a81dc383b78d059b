"""Walls and thresholds thinner than a cell: they stand on the faces between cells and have a crest."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from morgen.core.errors import ParameterError

__all__ = ["Wall", "wall_crests", "wall_faces"]

Cells = npt.NDArray[np.int64]

ASIDE: Final = (1e-4, 2.3e-4)
"""Cells that every line is moved east and north, so that none runs exactly through the centres of cells."""


@dataclass(frozen=True, eq=False)
class Wall:
    """A wall, kerb, quay or flood barrier along a line; water crosses it above its crest only.

    Exactly one of ``crest_level`` and ``height`` is given.
    """

    line: shapely.LineString | shapely.MultiLineString
    """In metres east and north of the south-west corner of the terrain; what lies outside has no effect."""
    crest_level: float | None = None
    """m in the datum of the terrain; no effect where the ground lies higher."""
    height: float | None = None
    """m above the higher ground of both sides."""


def wall_crests(walls: Sequence[Wall], ground: npt.NDArray[Any], cell_size: float) -> npt.NDArray[np.float64]:
    """Return the crests (m) of ``walls`` on the faces before each cell, NaN where none stands.

    The shape is (2, rows, columns): faces between a cell and the one west of it, and the one north of it.
    ``ground`` (rows, columns) has the heights, NaN where no water goes; of several walls on a face the highest
    counts. Raises ``ParameterError`` for a wall that is no line, lies outside the terrain or has no crest.
    """
    crests = np.full((2, *ground.shape), np.nan)
    for wall in walls:
        _check(wall, ground.shape, cell_size)
        for side, (rows, columns) in enumerate(wall_faces(wall.line, ground.shape, cell_size)):
            crest = wall.crest_level
            if crest is None:
                before = ground[rows - side, columns - 1 + side]
                crest = np.fmax(ground[rows, columns], before).astype(np.float64) + wall.height
            np.fmax.at(crests[side], (rows, columns), crest)
    return crests


def wall_faces(
    line: shapely.LineString | shapely.MultiLineString, shape: tuple[int, int], cell_size: float
) -> tuple[tuple[Cells, Cells], tuple[Cells, Cells]]:
    """Return the faces that ``line`` crosses: rows and columns of the cells east of them, and of those south.

    A face is crossed when the line separates the centres of its cells. Water moves over faces only, so each of its
    ways is a chain of lines between centres: it cannot pass a line without crossing one of these faces, not at the
    corners of cells either.
    """
    across: list[tuple[Cells, Cells]] = []
    along: list[tuple[Cells, Cells]] = []
    rows, columns = shape
    for start, end in _pieces(line, cell_size):
        # In cells, with the centres of the cells at whole numbers, rows counted from the south.
        norths, east = _crossings(start[::-1], end[::-1], rows)
        inside = (east >= 0) & (east < columns - 1)
        across.append((rows - 1 - norths[inside], east[inside] + 1))
        easts, north = _crossings(start, end, columns)
        inside = (north >= 0) & (north < rows - 1)
        along.append((rows - 1 - north[inside], easts[inside]))
    return _joined(across), _joined(along)


def _pieces(line: Any, cell_size: float) -> Iterator[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
    """Yield both ends of every straight piece, in cells from the centre of the south-western cell."""
    for part in shapely.get_parts(line):
        points = shapely.get_coordinates(part) / cell_size - 0.5 + np.array(ASIDE)
        yield from pairwise(points)


def _crossings(start: npt.NDArray[np.float64], end: npt.NDArray[np.float64], count: int) -> tuple[Cells, Cells]:
    """Return the whole numbers below ``count`` that a piece passes in its first coordinate, and the second there.

    The second is rounded down.
    """
    low, high = sorted((float(start[0]), float(end[0])))
    passed = np.arange(max(math.ceil(low), 0), min(math.floor(high), count - 1) + 1)
    if not passed.size or low == high:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    second = start[1] + (passed - start[0]) * ((end[1] - start[1]) / (end[0] - start[0]))
    return passed.astype(np.int64), np.floor(second).astype(np.int64)


def _joined(parts: list[tuple[Cells, Cells]]) -> tuple[Cells, Cells]:
    empty = np.empty(0, np.int64)
    return np.concatenate([empty, *(rows for rows, _ in parts)]), np.concatenate([empty, *(at for _, at in parts)])


def _check(wall: Wall, shape: tuple[int, ...], cell_size: float) -> None:
    if not isinstance(wall.line, shapely.LineString | shapely.MultiLineString) or shapely.is_empty(wall.line):
        raise ParameterError(f"the line of a wall is {wall.line!s:.60}, but it must be a line with some length")
    east, north = shape[1] * cell_size, shape[0] * cell_size
    if not shapely.intersects(wall.line, shapely.box(0, 0, east, north)):
        raise ParameterError(
            f"a wall lies at {shapely.bounds(wall.line).tolist()} m, but it must lie in the terrain, from 0 to"
            f" {east:g} m east and 0 to {north:g} m north of its south-west corner"
        )
    if (wall.crest_level is None) == (wall.height is None):
        raise ParameterError(
            f"a wall has the crest level {wall.crest_level!r} m and the height {wall.height!r} m, but exactly one"
            " of these must be given"
        )
    if wall.crest_level is not None and not math.isfinite(wall.crest_level):
        raise ParameterError(f"the crest level of a wall is {wall.crest_level!r} m, but it must be a number")
    if wall.height is not None and not (math.isfinite(wall.height) and wall.height > 0):
        raise ParameterError(f"the height of a wall is {wall.height!r} m, but it must be a number above 0")
