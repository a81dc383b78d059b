"""Where water runs over the ground of a situation: what comes to a place, and where it goes from there."""

# mypy: disable-error-code="no-untyped-call"
# (the kernels have no types of their own: numba infers them)

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from morgen.core.grid import Grid
from morgen.core.situation import Situation
from morgen.models.flood.fields import FloodFields
from morgen.models.flood.origin import find_drainage
from morgen.models.flood.surfaces import SurfaceTable

__all__ = ["FlowPaths"]


@dataclass(frozen=True, eq=False)
class FlowPaths:
    """Ways of water over the terrain, around buildings and out of hollows over their lowest edge.

    Sewers, soil and the force of the flow play no part. Arrays have shape (rows, columns), row 0 in the north.
    """

    grid: Grid
    fields: FloodFields
    _to: npt.NDArray[np.int64]
    _order: npt.NDArray[np.int64]

    @classmethod
    def of(cls, situation: Situation, *, surfaces: SurfaceTable | None = None) -> "FlowPaths":
        """Find the ways of water; raises ``MissingLayerError``."""
        from morgen.models.flood._paths import downstream_first

        drainage = find_drainage(situation, surfaces=surfaces)
        return cls(situation.grid, drainage.fields, drainage.to, downstream_first(drainage.to))

    def comes(self, amount: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the sum of ``amount`` over all ground whose water comes through a cell, the cell included."""
        from morgen.models.flood._paths import summed_down

        total: npt.NDArray[np.float64] = summed_down(self._to, self._order, amount.ravel()).reshape(amount.shape)
        return total

    def meets(self, amount: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the largest ``amount`` of the cells that the water of a cell comes through, the cell included."""
        from morgen.models.flood._paths import largest_down

        found: npt.NDArray[np.float64] = largest_down(self._to, self._order, amount.ravel()).reshape(amount.shape)
        return found

    def area(self) -> npt.NDArray[np.float64]:
        """Return the ground and roofs (m2) whose water comes through each cell."""
        free = self.fields.domain & ~self.fields.roofed
        return self.comes(np.where(free, 1.0 + self.fields.roof_ratio, 0.0) * self.grid.cell_area)

    def way(self, row: int, column: int) -> Iterator[tuple[int, int]]:
        """Yield the cells (row, column) that the water of a cell comes through, the cell first."""
        cell = row * self.grid.columns + column
        while cell >= 0 and self._to[cell] >= -1:
            yield divmod(int(cell), self.grid.columns)
            cell = int(self._to[cell])
