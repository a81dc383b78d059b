"""How deep the water of a flood run stands on a plot, and along a way."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import shapely

from morgen.core.situation import Situation

if TYPE_CHECKING:
    import numpy.typing as npt

    from morgen.core.grid import Grid

__all__ = ["FLOOD_LAYER", "Water"]

FLOOD_LAYER: Final = "flood_depth"
"""Layer with the largest depth of a flood run, m; services add it when a run is named."""
PUDDLE: Final = 4.0
"""m2; a pit that is smaller says more about the measuring of the terrain than about the plot."""
STEP: Final = 1.0
"""m between two looks along a way."""


@dataclass(frozen=True, eq=False)
class Water:
    """The largest depth of a storm, (rows, columns) m; NaN under buildings and outside the terrain."""

    grid: "Grid"
    depth: "npt.NDArray[np.float64]"

    @classmethod
    def of(cls, situation: Situation) -> Self | None:
        """Return the water of the layer ``flood_depth``; None when the situation has none."""
        if not situation.has(FLOOD_LAYER):
            return None
        raster = situation.raster(FLOOD_LAYER)
        return cls(raster.grid, np.asarray(raster.values, dtype=np.float64))

    def on(self, shape: Any) -> float:
        """Return the depth that 4 m2 on a polygon and within one cell of it reach, m; 0 where nothing is known."""
        size = self.grid.cell_size
        around = shape.buffer(size)
        xmin, ymin, xmax, ymax = around.bounds
        rows = self._clipped(np.floor((self.grid.ymax - np.array([ymax, ymin])) / size), self.grid.rows)
        columns = self._clipped(np.floor((np.array([xmin, xmax]) - self.grid.xmin) / size), self.grid.columns)
        row, column = np.arange(rows[0], rows[1] + 1), np.arange(columns[0], columns[1] + 1)
        x, y = np.meshgrid(self.grid.xmin + (column + 0.5) * size, self.grid.ymax - (row + 0.5) * size)
        found = self.depth[row[:, None], column][shapely.contains_xy(around, x, y)]
        known = np.sort(found[np.isfinite(found)])[::-1]
        rank = int(np.ceil(PUDDLE / size**2)) - 1
        return float(known[min(rank, len(known) - 1)]) if len(known) else 0.0

    def along(self, lines: "npt.NDArray[Any]") -> "npt.NDArray[np.float64]":
        """Return the largest depth along each line, (n,) m; 0 where nothing is known."""
        counts = np.maximum(2, np.ceil(shapely.length(lines) / STEP).astype(np.int64) + 1)
        owner = np.repeat(np.arange(len(lines)), counts)
        place = np.concatenate([np.linspace(0, 1, count) for count in counts]) if len(lines) else np.zeros(0)
        spots = shapely.get_coordinates(shapely.line_interpolate_point(lines[owner], place, normalized=True))
        found = np.zeros(len(lines))
        np.maximum.at(found, owner, self._at(spots))
        return found

    def _at(self, spots: "npt.NDArray[np.float64]") -> "npt.NDArray[np.float64]":
        row = np.floor((self.grid.ymax - spots[:, 1]) / self.grid.cell_size).astype(np.int64)
        column = np.floor((spots[:, 0] - self.grid.xmin) / self.grid.cell_size).astype(np.int64)
        inside = (row >= 0) & (row < self.grid.rows) & (column >= 0) & (column < self.grid.columns)
        found = np.zeros(len(spots))
        found[inside] = np.nan_to_num(self.depth[row[inside], column[inside]])
        return found

    @staticmethod
    def _clipped(ends: "npt.NDArray[np.float64]", count: int) -> tuple[int, int]:
        first, last = np.clip(ends, 0, count - 1).astype(int).tolist()
        return first, last
