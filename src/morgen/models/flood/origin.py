"""Where the water at a place comes from: the ground and the roofs that drain to it over the surface."""

# mypy: disable-error-code="no-untyped-call"
# (the kernels have no types of their own: numba infers them)

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from morgen.core.errors import InputError
from morgen.core.situation import Situation
from morgen.models.flood.fields import FloodFields, flood_fields
from morgen.models.flood.interface import FLOOD_DEPTH
from morgen.models.flood.surfaces import SurfaceTable, default_surfaces

__all__ = ["Drainage", "Origin", "find_drainage", "find_origin"]

BoolArray = npt.NDArray[np.bool_]
EIGHT_CONNECTED: Final = np.ones((3, 3), dtype=bool)
ALIKE: Final = 0.8
"""Of the depth at a place that the water around it has at least, to be the same water."""


@dataclass(frozen=True, eq=False)
class Origin:
    """The water at a place and what drains to it; masks of shape (rows, columns)."""

    water: BoolArray
    """The water that the place lies in: ground around it that was at least 0.05 m and 4/5 as deep; else the cell.

    In heavy rain the water of all streets hangs together, which says nothing of one place.
    """
    ground: BoolArray
    """Ground whose runoff comes through this water, the water itself included."""
    buildings: npt.NDArray[np.int64]
    """Rows of the buildings whose roofs drain to this ground, wholly or partly."""
    roof_area: float
    """m2 of roof that drains to this ground."""


@dataclass(frozen=True, eq=False)
class Drainage:
    """Where water runs over the ground of a situation, which is the same for every place that is asked."""

    fields: FloodFields
    free: BoolArray
    """Ground and water that is not built over, shape (rows, columns)."""
    to: npt.NDArray[np.int64]
    """Per cell the flat index of the cell that its water runs to; negative where it ends."""

    def origin(self, *, max_depth: npt.NDArray[np.float32], row: int, column: int) -> Origin:
        """Return what drains over the surface to the water that stood at a cell, as ``find_origin`` does."""
        fields, free = self.fields, self.free
        if not (free & ~fields.water)[row, column]:
            raise InputError(
                f"row {row}, column {column} of the grid is {_what(fields, row, column)}, but the origin of water"
                " is known for open ground only; take a place beside it"
            )
        water = _water_around(np.where(free & ~fields.water, np.nan_to_num(max_depth), 0.0), row, column)
        ground = self._upstream(water)
        return Origin(
            water=water,
            ground=ground,
            buildings=_draining_buildings(fields, ground),
            roof_area=float(fields.roof_ratio[ground].sum(dtype=np.float64)) * fields.grid.cell_area,
        )

    def _upstream(self, water: BoolArray) -> BoolArray:
        from morgen.models.flood._paths import drains_to

        found: BoolArray = drains_to(self.to, water.ravel()).reshape(water.shape)
        return found


def find_drainage(situation: Situation, *, surfaces: SurfaceTable | None = None) -> Drainage:
    """Return where water runs over the ground of ``situation``: the costly part of ``find_origin``."""
    from scipy.ndimage import binary_erosion

    from morgen.models.flood._paths import next_cells

    fields = flood_fields(situation, surfaces=surfaces or default_surfaces(), warn=lambda _sentence: None)
    free = fields.domain & ~fields.roofed
    bed = np.where(free, fields.terrain, np.nan).astype(np.float64)
    rim = fields.domain & ~binary_erosion(fields.domain, structure=EIGHT_CONNECTED)
    return Drainage(fields=fields, free=free, to=next_cells(bed, _ends(bed, free & (fields.water | rim))))


def find_origin(
    situation: Situation,
    *,
    max_depth: npt.NDArray[np.float32],
    row: int,
    column: int,
    surfaces: SurfaceTable | None = None,
) -> Origin:
    """Return what drains over the surface to the water that stood at a cell; ``max_depth`` (rows, columns) in m.

    Water runs along the steepest way and out of hollows over their lowest edge, around buildings, until permanent
    water or the end of the terrain. Sewers, soil and the force of the flow play no part: a full hollow upstream
    counts, also if it never overflowed. Raises ``InputError`` under a building, on permanent water and outside
    the terrain. For several places of one situation, keep its ``find_drainage``.
    """
    return find_drainage(situation, surfaces=surfaces).origin(max_depth=max_depth, row=row, column=column)


def _what(fields: FloodFields, row: int, column: int) -> str:
    if not fields.domain[row, column]:
        return "outside the terrain"
    return "under a building" if fields.roofed[row, column] else "permanent water"


def _water_around(depth: npt.NDArray[np.float32], row: int, column: int) -> BoolArray:
    from scipy.ndimage import label

    least = max(FLOOD_DEPTH, ALIKE * float(depth[row, column]))
    labels, _count = label(depth >= np.float32(least), structure=EIGHT_CONNECTED)
    water = np.zeros(depth.shape, dtype=bool)
    if labels[row, column]:
        water |= labels == labels[row, column]
    water[row, column] = True
    return water


def _ends(bed: npt.NDArray[np.float64], ends: BoolArray) -> BoolArray:
    """Return ``ends`` with the lowest cell of all ground that has none, such as a courtyard."""
    from scipy.ndimage import label, minimum_position

    labels, count = label(np.isfinite(bed), structure=EIGHT_CONNECTED)
    closed = np.setdiff1d(np.arange(1, count + 1), labels[ends])
    more = ends.copy()
    if len(closed):
        rows, columns = np.transpose(minimum_position(np.nan_to_num(bed, nan=np.inf), labels, closed))
        more[rows, columns] = True
    return more


def _draining_buildings(fields: FloodFields, ground: BoolArray) -> npt.NDArray[np.int64]:
    facades = fields.facades
    return np.unique(facades.building[ground.ravel()[facades.cell]])
