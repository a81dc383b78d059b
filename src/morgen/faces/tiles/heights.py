"""Looking up heights of the ground, and of what stands on it, at places in a situation."""

import itertools
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from morgen.core.grid import Grid
from morgen.core.situation import Situation

__all__ = ["Heights"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Heights:
    """The rasters of a situation, read once; heights in m NAP, NaN where unknown."""

    grid: Grid
    terrain: npt.NDArray[Any] | None
    surface: npt.NDArray[Any] | None

    @classmethod
    def of(cls, situation: Situation) -> Self:
        """Read what there is: both layers may be missing."""
        terrain, surface = (
            situation.raster(name).values if situation.has(name) else None for name in ("terrain", "surface")
        )
        return cls(situation.grid, terrain, surface)

    @property
    def usual_level(self) -> float:
        """The median of the ground; 0 when there is no terrain."""
        if self.terrain is None or not np.isfinite(self.terrain).any():
            return 0.0
        return float(np.nanmedian(self.terrain))

    def terrain_at(self, points: npt.ArrayLike) -> Floats:
        """Return the height of the ground at points (n, 2), m RD; NaN outside the terrain."""
        return self._at(self.terrain, points)

    def surface_near(self, points: npt.ArrayLike, radius: float) -> Floats:
        """Return the highest surface in the cells whose centre lies within ``radius`` m of points (n, 2)."""
        given = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        reach = int(np.ceil(radius / self.grid.cell_size))
        steps = np.arange(-reach, reach + 1) * self.grid.cell_size
        centred = self._centres(given)
        highest = np.full(len(given), np.nan)
        for step in itertools.product(steps, steps):
            place = centred + np.array(step)
            near = np.hypot(*(place - given).T) <= max(radius, self.grid.cell_size)
            highest = np.fmax(highest, np.where(near, self._at(self.surface, place), np.nan))
        return highest

    def surface_under(self, polygon: Any) -> Floats:
        """Return the known surface heights of the cells that a polygon touches, in no order."""
        from affine import Affine
        from rasterio.features import rasterize

        if self.surface is None or polygon.is_empty:
            return np.zeros(0)
        rows, columns = self._window(polygon)
        part = self.surface[rows, columns]
        if not part.size:
            return np.zeros(0)
        size = self.grid.cell_size
        corner = Affine(
            size, 0, self.grid.xmin + columns.start * size, 0, -size, self.grid.ymax - rows.start * size
        )
        touched = rasterize([polygon], out_shape=part.shape, transform=corner, all_touched=True, dtype="uint8")
        found = part[touched == 1].astype(np.float64)
        return np.asarray(found[np.isfinite(found)])

    def _window(self, polygon: Any) -> tuple[slice, slice]:
        xmin, ymin, xmax, ymax = polygon.bounds
        size, rows, columns = self.grid.cell_size, self.grid.rows, self.grid.columns
        west, east = (int(np.clip(np.floor((x - self.grid.xmin) / size), -1, columns)) for x in (xmin, xmax))
        north, south = (int(np.clip(np.floor((self.grid.ymax - y) / size), -1, rows)) for y in (ymax, ymin))
        return slice(max(north, 0), south + 1), slice(max(west, 0), east + 1)

    def _centres(self, points: Floats) -> Floats:
        size = self.grid.cell_size
        corner = np.array([self.grid.xmin, self.grid.ymax])
        centres: Floats = (np.floor((points - corner) / size) + 0.5) * size + corner
        return centres

    def _at(self, values: npt.NDArray[Any] | None, points: npt.ArrayLike) -> Floats:
        given = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        if values is None:
            return np.full(len(given), np.nan)
        with np.errstate(invalid="ignore"):
            columns = np.floor((given[:, 0] - self.grid.xmin) / self.grid.cell_size)
            rows = np.floor((self.grid.ymax - given[:, 1]) / self.grid.cell_size)
            inside = (columns >= 0) & (rows >= 0) & (columns < self.grid.columns) & (rows < self.grid.rows)
        found = np.full(len(given), np.nan)
        found[inside] = values[rows[inside].astype(np.intp), columns[inside].astype(np.intp)]
        return found
