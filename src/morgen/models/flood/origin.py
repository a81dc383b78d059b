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

__all__ = ["Origin", "find_origin", "flow_directions"]

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
    the terrain.
    """
    fields = flood_fields(situation, surfaces=surfaces or default_surfaces(), warn=lambda _sentence: None)
    free = fields.domain & ~fields.roofed
    if not (free & ~fields.water)[row, column]:
        raise InputError(
            f"row {row}, column {column} of the grid is {_what(fields, row, column)}, but the origin of water is"
            " known for open ground only; take a place beside it"
        )
    water = _water_around(np.where(free & ~fields.water, np.nan_to_num(max_depth), 0.0), row, column)
    ground = _upstream(fields, water)
    return Origin(
        water=water,
        ground=ground,
        buildings=_draining_buildings(fields, ground),
        roof_area=float(fields.roof_ratio[ground].sum(dtype=np.float64)) * fields.grid.cell_area,
    )


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


def _upstream(fields: FloodFields, water: BoolArray) -> BoolArray:
    from morgen.models.flood._paths import drains_to

    found: BoolArray = drains_to(flow_directions(fields), water.ravel()).reshape(water.shape)
    return found


def flow_directions(fields: FloodFields) -> npt.NDArray[np.int64]:
    """Return per cell (flat) the one that its water runs to; -1 where it ends, -2 where no water goes.

    Water runs around buildings, and ends in permanent water, at the end of the terrain, and in the lowest cell of
    ground that has neither.
    """
    from scipy.ndimage import binary_erosion

    from morgen.models.flood._paths import next_cells

    free = fields.domain & ~fields.roofed
    bed = np.where(free, fields.terrain, np.nan).astype(np.float64)
    rim = fields.domain & ~binary_erosion(fields.domain, structure=EIGHT_CONNECTED)
    to: npt.NDArray[np.int64] = next_cells(bed, _ends(bed, free & (fields.water | rim)))
    return to


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
