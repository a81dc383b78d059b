"""From classified points to rasters of the ground and of the surface, as AHN makes its 0.5 m rasters."""

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from morgen.core.grid import Grid
from morgen.core.situation import Raster
from morgen.sources.contract import PointCloud
from morgen.sources.heights.resample import FEWEST_VALID

__all__ = ["GROUND", "NOISE", "RADIUS", "WATER", "grid_points", "join_points", "water_points"]

GROUND, WATER = 2, 9
NOISE = (7, 18)
"""ASPRS classes of points that are no object: low and high noise."""
RADIUS = 0.75
"""Distance from the centre of a cell within which points count, m."""
FINEST = 0.5
"""Cell size at which points are gridded, m; cells over 1 m are means of such cells."""
COARSEST_DIRECT = 1.0
"""Cell size up to which the radius reaches all points of a cell, m."""
NEAREST = 0.05
"""Distance below which a point lies on the centre, m: AHN does not place its points better."""
CHUNK = 500_000
"""Points that are spread over cells at a time."""


def grid_points(cloud: PointCloud, grid: Grid) -> tuple[Raster, Raster]:
    """Return the (terrain, surface) of a point cloud on ``grid``; float32 m NAP, NaN without points nearby.

    Terrain is of the ground points (class 2), surface of all but water and noise. A cell is the mean of the points
    within 0.75 m of its centre, weighted by the inverse of the squared distance (Shepard 1968,
    doi:10.1145/800186.810616, with the radius of the AHN rasters). Give all tiles of an area together
    (``join_points``), so that no seam arises between them.
    """
    ground = cloud.classification == GROUND
    standing = ~np.isin(cloud.classification, (WATER, *NOISE))
    return _grid_of(cloud, ground, grid), _grid_of(cloud, standing, grid)


def water_points(cloud: PointCloud) -> PointCloud:
    """Return the points on water (class 9), which tell the water level."""
    return _take(cloud, cloud.classification == WATER)


def join_points(clouds: list[PointCloud]) -> PointCloud:
    """Return one cloud of the points of all tiles, which share no points."""
    return PointCloud(
        x=np.concatenate([cloud.x for cloud in clouds]),
        y=np.concatenate([cloud.y for cloud in clouds]),
        z=np.concatenate([cloud.z for cloud in clouds]),
        classification=np.concatenate([cloud.classification for cloud in clouds]),
    )


def _take(cloud: PointCloud, which: npt.NDArray[np.bool_]) -> PointCloud:
    return PointCloud(cloud.x[which], cloud.y[which], cloud.z[which], cloud.classification[which])


def _grid_of(cloud: PointCloud, which: npt.NDArray[np.bool_], grid: Grid) -> Raster:
    parts = 1 if grid.cell_size <= COARSEST_DIRECT else math.ceil(grid.cell_size / FINEST)
    sums = _WeightedSums(grid, parts)
    chosen = np.flatnonzero(which)
    for first in range(0, chosen.size, CHUNK):
        some = chosen[first : first + CHUNK]
        sums.add(cloud.x[some], cloud.y[some], cloud.z[some])
    return Raster(grid, _block_means(sums.means(), parts))


@dataclass
class _WeightedSums:
    """Sums over cells of weight times height and of weight; ``parts`` x ``parts`` fine cells per grid cell."""

    grid: Grid
    parts: int
    heights: npt.NDArray[np.float64] = field(init=False)
    weights: npt.NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self.shape = (self.grid.rows * self.parts, self.grid.columns * self.parts)
        self.cell = self.grid.cell_size / self.parts
        self.heights = np.zeros(self.shape[0] * self.shape[1])
        self.weights = np.zeros_like(self.heights)

    def add(self, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], z: npt.NDArray[np.float64]) -> None:
        """Spread points over the cells whose centres lie within the radius."""
        across = (x - self.grid.xmin) / self.cell
        down = (self.grid.ymax - y) / self.cell
        column, row = np.floor(across).astype(np.int64), np.floor(down).astype(np.int64)
        from_west, from_north = across - column - 0.5, down - row - 0.5
        reach = math.ceil(RADIUS / self.cell)
        for rows in range(-reach, reach + 1):
            for columns in range(-reach, reach + 1):
                squared = ((from_west - columns) ** 2 + (from_north - rows) ** 2) * self.cell**2
                self._add_to(row + rows, column + columns, squared, z)

    def _add_to(
        self,
        row: npt.NDArray[np.int64],
        column: npt.NDArray[np.int64],
        squared: npt.NDArray[np.float64],
        z: npt.NDArray[np.float64],
    ) -> None:
        near = (
            (squared <= RADIUS**2) & (row >= 0) & (row < self.shape[0]) & (column >= 0) & (column < self.shape[1])
        )
        cells = row[near] * self.shape[1] + column[near]
        weight = 1.0 / np.maximum(squared[near], NEAREST**2)
        np.add.at(self.weights, cells, weight)
        np.add.at(self.heights, cells, weight * z[near])

    def means(self) -> npt.NDArray[np.float32]:
        """Return the weighted mean per fine cell, NaN where no point is near."""
        found = np.full(self.heights.shape, np.nan)
        np.divide(self.heights, self.weights, out=found, where=self.weights > 0)
        return found.reshape(self.shape).astype(np.float32)


def _block_means(values: npt.NDArray[np.float32], parts: int) -> npt.NDArray[np.float32]:
    """Mean of each ``parts`` x ``parts`` block, NaN where less than a tenth of it has a value."""
    if parts == 1:
        return values
    rows, columns = values.shape[0] // parts, values.shape[1] // parts
    blocks = values.reshape(rows, parts, columns, parts)
    valid = np.isfinite(blocks).sum(axis=(1, 3))
    sums = np.nansum(blocks, axis=(1, 3), dtype=np.float64)
    found = np.full((rows, columns), np.nan)
    np.divide(sums, valid, out=found, where=valid >= FEWEST_VALID * parts**2)
    return found.astype(np.float32)
