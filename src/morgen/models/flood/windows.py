"""What walls and sewer districts become on a part of the ground, and on ground with cells twice as large."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.affinity import translate

from morgen.models.flood.sewers import SewerDistrict
from morgen.models.flood.walls import Wall
from morgen.models.flood.works import Place

__all__ = ["coarser_districts", "coarser_walls", "cropped_districts", "cropped_walls"]

HALF: Final = 2
"""Of four cells."""

BoolArray = npt.NDArray[np.bool_]


def cropped_walls(
    walls: Sequence[Wall], rows: slice, columns: slice, *, shape: tuple[int, int], cell_size: float
) -> tuple[Wall, ...]:
    """Return the walls in the part of ``rows`` and ``columns`` of ground of ``shape``, in metres of that part."""
    east, north = columns.start * cell_size, (shape[0] - rows.stop) * cell_size
    width, height = (columns.stop - columns.start) * cell_size, (rows.stop - rows.start) * cell_size
    part = shapely.box(0, 0, width, height)
    moved = (replace(wall, line=translate(wall.line, -east, -north)) for wall in walls)
    return tuple(wall for wall in moved if shapely.intersects(wall.line, part))


def coarser_walls(walls: Sequence[Wall], *, shape: tuple[int, int], cell_size: float) -> tuple[Wall, ...]:
    """Return the walls of ground of ``shape`` for cells twice as large; an odd last row or column falls off."""
    rows, columns = slice(0, shape[0] // 2 * 2), slice(0, shape[1] // 2 * 2)
    return cropped_walls(walls, rows, columns, shape=shape, cell_size=cell_size)


def cropped_districts(
    districts: Sequence[SewerDistrict], rows: slice, columns: slice, drains: BoolArray
) -> tuple[SewerDistrict, ...]:
    """Return the districts in a part, each with its share (by cells) of storage, pump and overflow.

    ``drains`` are the cells of the part that hold water and have a sewer. What overflows leaves the part.
    """
    found = []
    for district in districts:
        mask = district.mask[rows, columns]
        share = float(mask.sum()) / max(float(district.mask.sum()), 1.0)
        gullies = _kept(None if district.gullies is None else district.gullies[rows, columns], mask & drains)
        if (mask & drains).any():
            found.append(
                replace(
                    district,
                    mask=mask,
                    storage=district.storage * share,
                    pump=district.pump * share,
                    overflow=district.overflow * share,
                    overflow_to=None,
                    gullies=gullies,
                )
            )
    return tuple(found)


def coarser_districts(
    districts: Sequence[SewerDistrict], drains: BoolArray, *, shape: tuple[int, int], cell_size: float
) -> tuple[SewerDistrict, ...]:
    """Return the districts for cells twice as large; a cell is of the district that has most of its four.

    ``drains`` are the large cells that hold water and have a sewer; ``shape`` is that of the ground as it was.
    """
    return tuple(_coarser(districts, drains, shape, cell_size))


def _coarser(
    districts: Sequence[SewerDistrict], drains: BoolArray, shape: tuple[int, int], cell_size: float
) -> Iterator[SewerDistrict]:
    free = np.ones(drains.shape, bool)
    counts = [_of_four(district.mask) for district in districts]
    most = np.max(counts, axis=0, initial=0)
    for district, count in zip(districts, counts, strict=True):
        mask = free & (count == most) & (count > 0)
        free &= ~mask
        gullies = _kept(None if district.gullies is None else _of_four(district.gullies) > 0, mask & drains)
        if (mask & drains).any():
            place = district.overflow_to
            yield replace(
                district,
                mask=mask,
                gullies=gullies,
                overflow_to=_coarser_outlet(place, shape, cell_size),
            )


def _kept(gullies: Any, drained: BoolArray) -> BoolArray | None:
    """Return the gullies on cells that are drained, or None for all drained cells when there are none."""
    if gullies is None or not (gullies & drained).any():
        return None
    kept: BoolArray = gullies & drained
    return kept


def _of_four(mask: BoolArray) -> npt.NDArray[np.int64]:
    """Return how many of the four cells in each large cell are in ``mask``."""
    rows, columns = mask.shape[0] // 2, mask.shape[1] // 2
    counted: npt.NDArray[np.int64] = (
        mask[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2).sum(axis=(1, 3), dtype=np.int64)
    )
    return counted


def _coarser_outlet(
    place: Place | BoolArray | None, shape: tuple[int, int], cell_size: float
) -> Place | BoolArray | None:
    if place is None:
        return None
    if isinstance(place, np.ndarray):
        most: BoolArray = _of_four(place) >= HALF
        return most if most.any() else None
    return _coarser_place(place, shape, cell_size)


def _coarser_place(place: Place, shape: tuple[int, int], cell_size: float) -> Place | None:
    """Return a place for cells twice as large; None when it lies in the row or column that falls off."""
    rows, columns = shape[0] // 2, shape[1] // 2
    if isinstance(place, shapely.Point):
        moved = translate(place, 0.0, -(shape[0] % 2) * cell_size)
        inside = 0 <= moved.x < 2 * columns * cell_size and 0 <= moved.y < 2 * rows * cell_size
        return moved if inside else None
    row, column = place[0] // 2, place[1] // 2
    return (row, column) if row < rows and column < columns else None
