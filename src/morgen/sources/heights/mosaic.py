"""Joining height rasters that cover an area together, such as the sheets of AHN at one or two resolutions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from morgen.core.grid import Bounds, Grid
from morgen.core.situation import Raster

__all__ = ["Tile", "mosaic"]


@dataclass(frozen=True, eq=False)
class Tile:
    """Heights from one source, already on the grid of the area."""

    raster: Raster
    bounds: Bounds
    """Extent of the source, m RD; missing cells inside it are holes, outside it they are unknown to it."""
    resolution: float
    """Cell size of the source, m; tiles of equal resolution are parts of one survey."""


def mosaic(tiles: Sequence[Tile]) -> Raster:
    """Return one raster in which each cell comes from the finest source whose extent covers its centre.

    A hole of the finest source stays a hole: under buildings a coarse raster knows no better. Sources of equal
    resolution complete each other; where they overlap, the first one with a value counts. Raises ``ValueError``
    when there are no tiles or they are on different grids.
    """
    grids = {tile.raster.grid for tile in tiles}
    if len(grids) != 1:
        raise ValueError(f"a mosaic needs tiles on one grid, these are on {len(grids)}")
    grid = grids.pop()
    values = np.full(grid.shape, np.nan, np.float32)
    open_cells = np.ones(grid.shape, bool)
    ranked = sorted(tiles, key=lambda tile: tile.resolution)
    for _, peers in groupby(ranked, key=lambda tile: tile.resolution):
        together = list(peers)
        joined, covered = _joined(together, grid)
        values = np.where(open_cells, joined, values)
        open_cells &= ~covered
    return Raster(grid, values)


def _joined(tiles: Iterable[Tile], grid: Grid) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Lay peers beside each other: (heights, cells whose centre lies in the extent of one of them)."""
    values = np.full(grid.shape, np.nan, np.float32)
    covered = np.zeros(grid.shape, bool)
    for tile in tiles:
        found = tile.raster.values
        values = np.where(np.isnan(values), found, values)
        covered |= np.isfinite(found)
        rows, columns = _cells_within(tile.bounds, grid)
        covered[rows, columns] = True
    return values, covered


def _cells_within(bounds: Bounds, grid: Grid) -> tuple[slice, slice]:
    """Rows and columns of the cells whose centres lie inside the bounds."""
    xmin, ymin, xmax, ymax = bounds
    size = grid.cell_size
    columns = _centres((xmin - grid.xmin) / size, (xmax - grid.xmin) / size, grid.columns)
    rows = _centres((grid.ymax - ymax) / size, (grid.ymax - ymin) / size, grid.rows)
    return rows, columns


def _centres(first: float, last: float, length: int) -> slice:
    start, stop = np.clip(np.ceil(np.array([first, last]) - 0.5), 0, length).astype(int)
    return slice(int(start), int(stop))
