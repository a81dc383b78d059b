"""The level of each water body, where the ground raster has a hole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from morgen.core.grid import Grid
from morgen.core.situation import Raster
from morgen.sources.contract import PointCloud
from morgen.sources.heights.gridding import WATER

__all__ = ["WaterBodies", "joined_water", "water_bodies", "water_levels"]

Levels = npt.NDArray[np.float64]

FEWEST_POINTS = 5
"""Points on the water that make a level: fewer may be boats or birds."""
BANK_REACHES = (2.0, 5.0, 10.0)
"""Distances from the water within which the bank is looked for, m, the nearest first: quays have no ground points
right beside the water."""
LOW_BANK = 10
"""Percentile of the heights along a water body that is its low bank."""
LOWEST_BELOW_BANK = 0.5
"""Depth below the low bank at which a single lower cell is no longer taken for a bank, m."""
BRIDGE = 3.0
"""Distance across which water without measured points takes the level of other water, m: the BGT leaves the strip
under a wall or a bridge's edge out."""
SAME_LEVEL = 0.05
"""Difference of levels up to which water on two sides of such a strip is one water, m; more is a weir."""


@dataclass(frozen=True, eq=False)
class WaterBodies:
    """Connected water, numbered from 1."""

    labels: npt.NDArray[np.int32]
    """Number of the body at the centre of each cell; 0 for land."""
    shapes: tuple[Any, ...]
    """Polygon of each body, the first that of number 1."""


def water_bodies(polygons: Sequence[Any], grid: Grid) -> WaterBodies:
    """Join water polygons (shapely, RD New) that touch, and number those that come near ``grid``.

    Polygons that touch are one body: the BGT cuts canals at borders of its owners.
    """
    from rasterio.features import rasterize
    from rasterio.transform import Affine

    window = shapely.box(*grid.bounds)
    near = [polygon for polygon in polygons if polygon is not None and polygon.intersects(window)]
    shapes = tuple(part for part in shapely.get_parts(shapely.union_all(near)) if part.area > 0)
    if not shapes:
        return WaterBodies(np.zeros(grid.shape, np.int32), ())
    numbered = [(shape, number) for number, shape in enumerate(shapes, start=1)]
    labels = rasterize(numbered, out_shape=grid.shape, transform=Affine(*grid.transform), fill=0, dtype="int32")
    return WaterBodies(labels, shapes)


def water_levels(terrain: Raster, bodies: WaterBodies, points: PointCloud | None) -> Levels:
    """Return the level of each water body, m NAP, by its number; NaN where nothing tells it, and for land (0).

    A level is the median of the points measured on the water (class 9). Water without such points takes the level
    of other water within 3 m, and else the lowest bank: the ground raster has no water, and a level above any
    bank would let water stand on land before it rains. The lowest bank is the lowest measured cell beside the
    water, but not more than 0.5 m below the tenth percentile, so that one wrong cell does not empty a canal. A
    measured level above that percentile is not believed (boats, mislabelled quays).
    """
    count = len(bodies.shapes) + 1
    banks = _banks(terrain, bodies.labels, count)
    low = np.array([np.percentile(bank, LOW_BANK) if bank.size else np.inf for bank in banks])
    lowest = np.array([bank.min() if bank.size else np.inf for bank in banks])
    on_water = _measured(bodies.labels, points, terrain.grid, count)
    medians = np.array([np.median(found) if found.size >= FEWEST_POINTS else np.inf for found in on_water])
    levels = np.where(medians <= low, medians, np.inf)
    levels = np.minimum(levels, _borrowed(levels, low, bodies.shapes))
    levels = np.where(np.isfinite(levels), levels, np.maximum(lowest, low - LOWEST_BELOW_BANK))
    return np.where(np.isfinite(levels), levels, np.nan)


def joined_water(water: npt.NDArray[np.float32], free: npt.NDArray[np.bool_], cell_size: float) -> Any:
    """Return ``water`` (levels, m NAP, NaN on land) with the ``free`` strips between equal waters made water too.

    Left as land, a strip of a cell wide that no polygon covers would be a dam across a canal. A strip is what a
    closing (Serra 1982) of the water by a square of 3 m adds to it.
    """
    from scipy import ndimage

    reach = int(BRIDGE / 2 / cell_size)
    wet = np.isfinite(water)
    if not reach or not wet.any():
        return water
    around = 2 * reach + 1
    strips = ndimage.binary_closing(wet, structure=np.ones((around, around), bool)) & free & ~wet
    highest = ndimage.maximum_filter(np.where(wet, water, -np.inf), size=around)
    lowest = ndimage.minimum_filter(np.where(wet, water, np.inf), size=around)
    strips &= highest - lowest <= SAME_LEVEL
    return np.where(strips, lowest, water).astype(np.float32)


def _borrowed(levels: Levels, low: Levels, shapes: tuple[Any, ...]) -> Levels:
    """Levels of the nearest measured water, for bodies without one whose banks are higher than that."""
    found = np.full(levels.shape, np.inf)
    measured = np.flatnonzero(np.isfinite(levels))
    unmeasured = np.flatnonzero(~np.isfinite(levels[1:])) + 1
    if not measured.size or not unmeasured.size:
        return found
    tree = shapely.STRtree([shapes[body - 1] for body in measured])
    asking = [shapes[body - 1] for body in unmeasured]
    asker, giver = tree.query_nearest(asking, max_distance=BRIDGE, all_matches=False)
    offered, body = levels[measured[giver]], unmeasured[asker]
    found[body] = np.where(offered <= low[body], offered, np.inf)
    return found


def _banks(terrain: Raster, bodies: npt.NDArray[np.int32], count: int) -> list[npt.NDArray[np.float32]]:
    """Heights of the measured land cells beside each water body, as near as there are any."""
    from scipy.ndimage import distance_transform_edt

    banks = [np.empty(0, np.float32) for _ in range(count)]
    if count == 1:
        return banks
    cells, nearest = distance_transform_edt(bodies == 0, return_indices=True)
    beside = np.isfinite(terrain.values) & (bodies == 0) & (cells * terrain.grid.cell_size <= BANK_REACHES[-1])
    owner = bodies[nearest[0][beside], nearest[1][beside]]
    distance = cells[beside] * terrain.grid.cell_size
    heights = terrain.values[beside]
    for reach in (max(limit, 1.5 * terrain.grid.cell_size) for limit in BANK_REACHES):
        close = distance <= reach
        for body, found in _by_owner(owner[close], heights[close], count):
            banks[body] = banks[body] if banks[body].size else found
    return banks


def _measured(
    bodies: npt.NDArray[np.int32], points: PointCloud | None, grid: Grid, count: int
) -> list[npt.NDArray[np.float64]]:
    """Heights of the points measured on each water body."""
    measured = [np.empty(0, np.float64) for _ in range(count)]
    if points is None:
        return measured
    column = np.floor((points.x - grid.xmin) / grid.cell_size).astype(np.int64)
    row = np.floor((grid.ymax - points.y) / grid.cell_size).astype(np.int64)
    inside = (row >= 0) & (row < grid.rows) & (column >= 0) & (column < grid.columns)
    inside &= points.classification == WATER
    for body, found in _by_owner(bodies[row[inside], column[inside]], points.z[inside], count):
        if body:
            measured[body] = found
    return measured


def _by_owner(owner: npt.NDArray[Any], values: npt.NDArray[Any], count: int) -> list[tuple[int, npt.NDArray[Any]]]:
    """Split values by the number of their owner."""
    order = np.argsort(owner, kind="stable")
    splits = np.searchsorted(owner[order], np.arange(1, count))
    return list(enumerate(np.split(values[order], splits)))
