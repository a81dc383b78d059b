"""Filling the holes of a ground raster: under water, under buildings, and where no ground was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from morgen.core.grid import Grid
from morgen.core.situation import Raster, TerrainOrigin
from morgen.sources.contract import PointCloud
from morgen.sources.heights.membrane import stretch
from morgen.sources.heights.water_level import joined_water, water_bodies, water_levels

__all__ = ["BORDER_GAP", "ENCLOSED_GAP", "Filled", "fill_terrain"]

Mask = npt.NDArray[np.bool_]

ENCLOSED_GAP = 100.0
"""Distance to the nearest known cell up to which a gap with data all around is filled, m: halls of 200 m wide."""
BORDER_GAP = 15.0
"""Half the width up to which a gap that reaches the edge of the grid is filled, m; what is wider is no data."""
KNOWN_RIM = 0.25
"""Share of the cells around a block of buildings that must be measured for it to lie within the data."""


@dataclass(frozen=True, eq=False)
class Filled:
    """A ground raster without holes inside its data, and how each cell is known."""

    terrain: Raster
    """Heights, float32 m NAP; NaN outside the data."""
    origin: Raster
    """Codes of ``TerrainOrigin``, uint8."""
    water_levels: tuple[float, ...]
    """Levels that were used, one per connected water body, m NAP."""


def fill_terrain(
    terrain: Raster,
    *,
    water: Sequence[Any] = (),
    buildings: Sequence[Any] = (),
    water_points: PointCloud | None = None,
) -> Filled:
    """Fill the holes of ``terrain``; measured cells keep their value.

    ``water`` and ``buildings`` are shapely polygons in RD New. Every connected water body gets one level (see
    ``water_levels``). Under buildings and in other gaps the ground is a membrane stretched over the measured rim
    (see ``stretch``), so it is nowhere higher or lower than that rim; water is no rim, as banks do not slope to it
    under a quay. A gap is filled when no cell of it is over 100 m from a known one; a gap that reaches the edge of
    the grid only as far as it is under 30 m wide, as beyond the data there is nothing to hold on to. A building is
    filled as a whole when a quarter of the cells around it is measured.
    """
    grid = terrain.grid
    values = terrain.values.astype(np.float32)
    origin = np.where(np.isfinite(values), TerrainOrigin.MEASURED, TerrainOrigin.OUTSIDE).astype(np.uint8)
    missing = np.isnan(values)
    bodies = water_bodies(water, grid)
    levels = water_levels(terrain, bodies, water_points)
    houses = _cells_of(buildings, grid)
    surface = np.where(missing, levels[bodies.labels], np.nan).astype(np.float32)
    surface = joined_water(surface, missing & ~houses, grid.cell_size)
    afloat = np.isfinite(surface)
    values[afloat] = surface[afloat]
    origin[afloat] = TerrainOrigin.UNDER_WATER
    unknown = missing & ~afloat
    built = unknown & _within_data(houses, missing)
    gaps = unknown & ~built
    gaps &= ~_beyond_the_data(gaps, missing, cell_size=grid.cell_size)
    ground = np.where(origin == TerrainOrigin.MEASURED, values, np.float32(np.nan))
    for rim in (ground, values):  # land first; what touches water only takes its level
        holes = (built | gaps) & np.isnan(values)
        filled = stretch(rim, holes)
        found = holes & np.isfinite(filled)
        values[found] = filled[found]
        origin[found] = np.where(built[found], TerrainOrigin.UNDER_BUILDING, TerrainOrigin.GAP)
    used = tuple(float(level) for level in levels if np.isfinite(level))
    return Filled(Raster(grid, values), Raster(grid, origin), used)


def _cells_of(polygons: Sequence[Any], grid: Grid) -> Mask:
    """Whether the centre of each cell lies in one of the polygons."""
    from rasterio.features import rasterize
    from rasterio.transform import Affine

    shapes = [polygon for polygon in polygons if polygon is not None and not polygon.is_empty]
    if not shapes:
        return np.zeros(grid.shape, bool)
    burnt: npt.NDArray[np.uint8] = rasterize(
        shapes, out_shape=grid.shape, transform=Affine(*grid.transform), fill=0, default_value=1, dtype="uint8"
    )
    return burnt.astype(bool)


def _within_data(built: Mask, missing: Mask) -> Mask:
    """Keep the blocks of buildings of whose rim a quarter is measured; the others lie beyond the data."""
    from scipy import ndimage

    labels, count = ndimage.label(built)
    ring = ndimage.grey_dilation(labels, size=(5, 5)) * ~built
    around = np.bincount(ring.ravel(), minlength=count + 1)
    measured = np.bincount(ring[~missing], minlength=count + 1)
    kept = measured >= np.maximum(KNOWN_RIM * around, 1)
    kept[0] = False
    return np.asarray(kept[labels])


def _beyond_the_data(gaps: Mask, missing: Mask, *, cell_size: float) -> Mask:
    """Return which gap cells are not to be filled.

    Of gaps that reach the edge of the grid these are the cells of every disc of ``BORDER_GAP`` that fits in the
    gap (an opening, Serra 1982), so that a narrow street between two holes is still filled, and all cells further
    than its width from a measured one; of other gaps, all that are deeper than ``ENCLOSED_GAP``.
    """
    from scipy import ndimage

    if missing.all():
        return gaps
    labels, count = ndimage.label(gaps)
    at_edge = np.zeros(count + 1, bool)
    for edge in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        at_edge[edge] = True
    at_edge[0] = False
    open_gaps = at_edge[labels]
    depth = ndimage.distance_transform_edt(gaps) * cell_size
    deepest = ndimage.maximum(depth, labels, np.arange(count + 1))
    beyond = (deepest > ENCLOSED_GAP)[labels] & gaps & ~open_gaps
    core = open_gaps & (depth > BORDER_GAP)
    if core.any():
        reach = ndimage.distance_transform_edt(~core) * cell_size
        beyond |= open_gaps & (reach < BORDER_GAP + cell_size)
    from_measured = ndimage.distance_transform_edt(missing) * cell_size
    beyond |= open_gaps & (from_measured > 2 * BORDER_GAP)
    return np.asarray(beyond)
