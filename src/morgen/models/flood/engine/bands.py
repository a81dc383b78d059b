"""Where rows lie in memory: shared out over bands, each with copies of the rows around it that it depends on."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from morgen.models.flood.engine._flow import MOST_FUSED, REACH, VECTOR

__all__ = ["Bands"]

MARGIN: Final = REACH * MOST_FUSED + 1
"""Rows around a band: copies of what its neighbour owns, or walls at the edge of the grid."""


@dataclass(frozen=True)
class Bands:
    """A division of a grid of ``shape`` (rows, columns) over ``count`` bands of rows, each with a margin."""

    shape: tuple[int, int]
    count: int

    @staticmethod
    def of(shape: tuple[int, int], *, most: int) -> "Bands":
        """Return at most ``most`` bands, each with more rows of its own than its neighbours need of it."""
        return Bands(shape=shape, count=max(1, min(most, shape[0] // (2 * MARGIN))))

    @cached_property
    def stored_shape(self) -> tuple[int, int]:
        """Rows and columns in memory."""
        rows, columns = self.shape
        width = (-(-columns // VECTOR) + 1) * VECTOR
        return rows + 2 * MARGIN * self.count, width

    @cached_property
    def own(self) -> npt.NDArray[np.int64]:
        """Per band its first row in memory, the row after its last, and whether it has a band above and below."""
        return np.array(
            [
                (
                    first + MARGIN * (2 * band + 1),
                    last + MARGIN * (2 * band + 1),
                    int(band > 0),
                    int(band < self.count - 1),
                )
                for band, (first, last) in enumerate(self._shares())
            ],
            dtype=np.int64,
        )

    @cached_property
    def copies(self) -> npt.NDArray[np.int64]:
        """Rows in memory that a neighbour owns, and where its copy lies: (from, to), shape (rows, 2)."""
        found = []
        for upper, lower in pairwise(self.own.tolist()):
            last, first = upper[1], lower[0]
            found += [(first + row, last + row) for row in range(MARGIN)]
            found += [(last - 1 - row, first - 1 - row) for row in range(MARGIN)]
        return np.array(found, dtype=np.int64).reshape(-1, 2)

    @cached_property
    def stored_row(self) -> npt.NDArray[np.int64]:
        """Where each row of the grid lies."""
        return np.concatenate([np.arange(first, last) for first, last, _, _ in self.own.tolist()])

    def store(
        self, values: npt.NDArray[Any], *, fill: float = 0.0, dtype: npt.DTypeLike = np.float32
    ) -> npt.NDArray[Any]:
        """Return ``values`` (rows, columns) as they lie in memory, copies included."""
        stored = np.full(self.stored_shape, fill, dtype=dtype)
        for stored_rows, rows in self._places():
            stored[stored_rows, 1 : self.shape[1] + 1] = values[rows]
        self.share(stored)
        return stored

    def store_field(self, values: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        """Return ``values`` as they lie in memory; one row when they are one number: it counts for every row."""
        if values.ndim:
            return self.store(values)
        return np.full((1, self.stored_shape[1]), values, dtype=np.float32)

    def empty(self, fill: float = 0.0) -> npt.NDArray[np.float32]:
        """Return an array as it lies in memory, full of ``fill``."""
        return np.full(self.stored_shape, fill, dtype=np.float32)

    def share(self, stored: npt.NDArray[Any]) -> None:
        """Copy what neighbours own."""
        stored[self.copies[:, 1]] = stored[self.copies[:, 0]]

    def grid(self, stored: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return ``stored`` as (..., rows, columns) of the grid; a copy."""
        taken = np.empty((*stored.shape[:-2], *self.shape), dtype=stored.dtype)
        for stored_rows, rows in self._places():
            taken[..., rows, :] = stored[..., stored_rows, 1 : self.shape[1] + 1]
        return taken

    def by_row(self, cells: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return (starts, order): entries ``order[starts[i]:starts[i + 1]]`` of ``cells`` lie in stored row ``i``.

        ``cells`` has the row of the grid of each entry; entries come back once per copy of their row.
        """
        origin = np.full(self.stored_shape[0], -1, dtype=np.int64)
        origin[self.stored_row] = np.arange(self.shape[0])
        self.share(origin)
        order = np.argsort(cells, kind="stable")
        begins = np.searchsorted(cells[order], origin, side="left")
        ends = np.searchsorted(cells[order], origin, side="right")
        ends = np.where(origin < 0, begins, ends)
        starts = np.concatenate([[0], np.cumsum(ends - begins)]).astype(np.int64)
        parts = [
            order[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True) if end > begin
        ]
        return starts, np.concatenate([np.empty(0, np.int64), *parts])

    def _shares(self) -> Iterator[tuple[int, int]]:
        rows = self.shape[0]
        for band in range(self.count):
            yield band * rows // self.count, (band + 1) * rows // self.count

    def _places(self) -> Iterator[tuple[slice, slice]]:
        for (first, last), own in zip(self._shares(), self.own.tolist(), strict=True):
            yield slice(own[0], own[1]), slice(first, last)
