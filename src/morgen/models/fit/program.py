"""A mixed-integer program as it is written down: columns, rows, and the norm that each slack belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

__all__ = ["INFINITE", "Program"]

INFINITE: Final = float("inf")


@dataclass(eq=False)
class Program:
    """Minimise ``cost`` x within bounds and rows; built once, then only read."""

    cost: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    integer: list[bool] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    offset: float = 0.0
    """Added to the cost; gaps are relative to the whole."""
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def column(
        self, *, cost: float = 0.0, lower: float = 0.0, upper: float = INFINITE, integer: bool = False
    ) -> int:
        """Add a column and return its number."""
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.integer.append(integer)
        return len(self.cost) - 1

    def switch(self, *, cost: float = 0.0) -> int:
        """Add a column that is 0 or 1."""
        return self.column(cost=cost, upper=1.0, integer=True)

    def row(self, terms: Iterable[tuple[int, float]], *, least: float = -INFINITE, most: float = INFINITE) -> int:
        """Add ``least`` <= sum of column x value <= ``most`` and return its number; equal columns are added up."""
        summed: dict[int, float] = {}
        for column, value in terms:
            summed[column] = summed.get(column, 0.0) + value
        self.columns += summed.keys()
        self.values += summed.values()
        self.starts.append(len(self.columns))
        self.row_lower.append(least)
        self.row_upper.append(most)
        return len(self.row_lower) - 1

    def bounded(self, upper: dict[int, float], *, lower: dict[int, float] | None = None) -> "Program":
        """Return the same program with other bounds of some columns."""
        changed = replace(self, upper=list(self.upper), lower=list(self.lower))
        for column, bound in upper.items():
            changed.upper[column] = bound
        for column, bound in (lower or {}).items():
            changed.lower[column] = bound
        return changed

    def priced(self, cost: dict[int, float], *, offset: float = 0.0) -> "Program":
        """Return the same program in which only these columns have a cost."""
        return replace(self, cost=[cost.get(column, 0.0) for column in range(len(self.cost))], offset=offset)

    def matrix(self) -> csr_array:
        """Return the rows as a sparse matrix (rows, columns)."""
        shape = (len(self.row_lower), len(self.cost))
        return csr_array((np.array(self.values), np.array(self.columns), np.array(self.starts)), shape=shape)

    def bounds(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return lower and upper bounds of the columns."""
        return np.array(self.lower), np.array(self.upper)
