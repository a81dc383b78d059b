"""A situation on larger cells, on which a model answers in seconds what it will say in minutes."""

import math
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.grid import Grid
from morgen.core.noun import content_hash
from morgen.core.situation import Layer, LayerKind, Raster, Situation

__all__ = ["coarse_factor", "coarser"]

ENOUGH_CELLS: Final = 60_000
"""Cells with which a model answers in seconds."""
LARGEST_CELL: Final = 4.0
"""m; on larger cells water no longer sees streets."""


def coarse_factor(grid: Grid) -> int:
    """Return how many cells in a row become one for a quick look; 1 where the grid is coarse or small already."""
    wanted = math.ceil(math.sqrt(grid.rows * grid.columns / ENOUGH_CELLS))
    return max(1, min(wanted, int(LARGEST_CELL / grid.cell_size + 1e-9)))


def coarser(situation: Situation, factor: int) -> Situation:
    """Return the situation on cells ``factor`` times as large; features stay as they are.

    A cell has the mean of its cells with a value, and of codes the one that most of them have. The grid is cut to
    whole cells that line up, so that up to ``factor - 1`` rows and columns fall off at each side.
    """
    if factor == 1:
        return situation
    frame = _Frame.of(situation.grid, factor)
    contents = {
        name: _on_frame(situation.raster(name).values, frame)
        for name, layer in situation.layers.items()
        if layer.available and layer.kind is LayerKind.RASTER
    }
    layers = {
        name: layer.model_copy(update={"sha256": content_hash([layer.sha256, factor])})
        if name in contents
        else layer
        for name, layer in situation.layers.items()
    }
    before = situation.reader

    def read(layer: Layer, grid: Grid) -> Any:
        if layer.name in contents:
            return Raster(grid=grid, values=np.array(contents[layer.name]))
        assert before is not None
        return before(layer, grid)

    return replace(situation, grid=frame.grid, layers=layers, reader=read)


class _Frame:
    """Which cells of a grid become which of the coarser one."""

    def __init__(self, grid: Grid, factor: int, skip: tuple[int, int]) -> None:
        rows, columns = ((size - first) // factor for size, first in zip(grid.shape, skip, strict=True))
        self.factor, self.skip, self.shape = factor, skip, (rows, columns)
        self.grid = Grid(
            xmin=grid.xmin + skip[1] * grid.cell_size,
            ymax=grid.ymax - skip[0] * grid.cell_size,
            cell_size=grid.cell_size * factor,
            rows=rows,
            columns=columns,
        )

    @classmethod
    def of(cls, grid: Grid, factor: int) -> "_Frame":
        west, north = round(grid.xmin / grid.cell_size), round(grid.ymax / grid.cell_size)
        return cls(grid, factor, (north % factor, -west % factor))


def _on_frame(values: npt.NDArray[Any], frame: _Frame) -> npt.NDArray[Any]:
    (top, left), (rows, columns), factor = frame.skip, frame.shape, frame.factor
    part = values[top : top + rows * factor, left : left + columns * factor]
    blocks = part.reshape(rows, factor, columns, factor).swapaxes(1, 2).reshape(rows, columns, factor * factor)
    if values.dtype.kind == "f":
        known = np.isfinite(blocks)
        total = np.where(known, blocks, 0.0).sum(axis=2, dtype=np.float64)
        count = known.sum(axis=2)
        means: npt.NDArray[Any] = np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)
        return means.astype(values.dtype)
    ordered = np.sort(blocks, axis=2)
    # The code that most cells have: the one that starts the longest run of equal neighbours in the sorted codes.
    runs = (ordered[:, :, :, None] == ordered[:, :, None, :]).sum(axis=3)
    most: npt.NDArray[Any] = np.take_along_axis(ordered, runs.argmax(axis=2)[:, :, None], axis=2)[:, :, 0]
    return most
