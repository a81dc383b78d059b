"""Bringing a raster of heights onto another grid without inventing or losing ground."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from morgen.core.grid import Grid
from morgen.sources.heights.kind import Heights

__all__ = ["FEWEST_VALID", "WindowReader", "resample"]

WindowReader = Callable[[slice, slice], Heights]
"""Reads (rows, columns) of the source, m NAP; NaN where missing."""

FEWEST_VALID = 0.1
"""Share of a coarse cell that must hold heights for their mean to stand for the cell."""
BLOCK = 4_000_000
"""Source cells that are held in memory at a time."""
MARGIN = 2
"""Source cells around a block that interpolation may look at."""
SLACK = 0.01
"""Share of a cell by which edges may be off: exports by other tools carry rounded cell sizes."""


def resample(window: WindowReader, *, transform: Any, shape: tuple[int, int], grid: Grid) -> Heights:
    """Return the heights of a source raster on ``grid``, shape (rows, columns), NaN where missing.

    ``transform`` (affine, north-up) and ``shape`` are those of the source, in RD New. Where grids are equal and
    aligned, values are copied as they are. On coarser grids a cell is the mean of the heights in it, weighted by
    area, when they cover a tenth of it. On other grids heights are interpolated bilinearly, but a cell is missing
    exactly when the source cell under its centre is, so that holes neither grow nor shrink.
    """
    values = np.full(grid.shape, np.nan, np.float32)
    for part in _blocks(grid, cell_size=transform.a):
        rows, columns = _source_window(_part_of(grid, part), transform=transform, shape=shape)
        if rows.start < rows.stop and columns.start < columns.stop:
            moved = _moved(transform, columns.start, rows.start)
            values[part] = _warp(window(rows, columns), transform=moved, grid=_part_of(grid, part))
    return values


def _blocks(grid: Grid, *, cell_size: float) -> Iterator[slice]:
    """Rows of the grid in blocks whose source cells fit in memory."""
    per_row = grid.columns * max(1.0, grid.cell_size / cell_size) ** 2
    height = max(1, int(BLOCK / per_row))
    for first in range(0, grid.rows, height):
        yield slice(first, min(first + height, grid.rows))


def _part_of(grid: Grid, rows: slice) -> Grid:
    ymax = grid.ymax - rows.start * grid.cell_size
    return grid.model_copy(update={"ymax": ymax, "rows": rows.stop - rows.start})


def _source_window(grid: Grid, *, transform: Any, shape: tuple[int, int]) -> tuple[slice, slice]:
    xmin, ymin, xmax, ymax = grid.bounds
    top, bottom = (ymax - transform.f) / transform.e, (ymin - transform.f) / transform.e
    left, right = (xmin - transform.c) / transform.a, (xmax - transform.c) / transform.a
    return _inside(top, bottom, shape[0]), _inside(left, right, shape[1])


def _moved(transform: Any, columns: int, rows: int) -> Any:
    from rasterio.transform import Affine

    west, north = transform.c + columns * transform.a, transform.f + rows * transform.e
    return Affine(transform.a, 0.0, west, 0.0, transform.e, north)


def _inside(first: float, last: float, length: int) -> slice:
    start = min(max(math.floor(first) - MARGIN, 0), length)
    return slice(start, max(min(math.ceil(last) + MARGIN, length), start))


def _warp(source: Heights, *, transform: Any, grid: Grid) -> Heights:
    from rasterio.enums import Resampling

    coarser = grid.cell_size > transform.a * (1 + SLACK)
    if not coarser:
        method = Resampling.nearest if _aligned(transform, source.shape, grid) else Resampling.bilinear
        return _reproject(source, transform=transform, grid=grid, method=method)
    mean = _reproject(source, transform=transform, grid=grid, method=Resampling.average)
    valid = np.isfinite(source).astype(np.float32)
    share = _reproject(valid, transform=transform, grid=grid, method=Resampling.average)
    mean[~(share >= FEWEST_VALID - 1e-6)] = np.nan
    return mean


def _aligned(transform: Any, shape: tuple[int, ...], grid: Grid) -> bool:
    """Whether all edges of the source lie on edges of the grid's cells, which are as large."""
    far = (transform.c + shape[1] * transform.a, transform.f + shape[0] * transform.e)
    corners = ((transform.c, transform.f), far)
    cells = [((x - grid.xmin) / grid.cell_size, (grid.ymax - y) / grid.cell_size) for x, y in corners]
    on_edges = all(abs(edge - round(edge)) < SLACK for corner in cells for edge in corner)
    spans = (cells[1][0] - cells[0][0], cells[1][1] - cells[0][1])
    return on_edges and (round(spans[0]), round(spans[1])) == (shape[1], shape[0])


def _reproject(source: Heights, *, transform: Any, grid: Grid, method: Any) -> Heights:
    from rasterio.transform import Affine
    from rasterio.warp import reproject

    found = np.full(grid.shape, np.nan, np.float32)
    reproject(
        source,
        found,
        src_transform=transform,
        src_crs="EPSG:28992",
        src_nodata=np.nan,
        dst_transform=Affine(*grid.transform),
        dst_crs="EPSG:28992",
        dst_nodata=np.nan,
        resampling=method,
    )
    return found
