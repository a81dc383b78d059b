"""Triangles in space, each corner with the row of the feature that it belongs to."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

__all__ = ["NORMAL_STEPS", "Mesh"]

NORMAL_STEPS = 127
"""A unit normal is kept as whole steps of a signed byte."""


@dataclass(frozen=True, eq=False)
class Mesh:
    """Flat-shaded triangles; x east, y north, z up.

    Corners are not shared between surfaces of different direction, so that edges look sharp.
    """

    positions: npt.NDArray[np.float64]
    """(corners, 3), m."""
    normals: npt.NDArray[np.int8]
    """(corners, 3), unit vectors times 127."""
    features: npt.NDArray[np.int64]
    """(corners,), row of the feature."""
    triangles: npt.NDArray[np.int64]
    """(triangles, 3), rows of corners, counter-clockwise seen from outside."""

    @property
    def bounds(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Lowest and highest x, y, z; raises ``ValueError`` for a mesh without corners."""
        return self.positions.min(axis=0), self.positions.max(axis=0)

    def moved(self, shift: npt.ArrayLike) -> Self:
        """Return the mesh moved by (x, y, z), m."""
        return replace(self, positions=self.positions + np.asarray(shift, dtype=np.float64))

    def of_features(self, features: npt.NDArray[np.int64]) -> Self:
        """Return the triangles of some features, which are numbered anew in the order given."""
        number = np.full(max(self.features.max(initial=-1), features.max(initial=-1)) + 1, -1, dtype=np.int64)
        number[features] = np.arange(len(features))
        renumbered = replace(self, features=number[self.features])
        return renumbered.only(renumbered.features[self.triangles[:, 0]] >= 0)

    def only(self, chosen: npt.NDArray[np.bool_]) -> Self:
        """Return the triangles that are chosen, with their corners."""
        return replace(self, triangles=self.triangles[chosen]).compact()

    def compact(self) -> Self:
        """Return the mesh without corners that no triangle uses."""
        used = np.zeros(len(self.positions), dtype=np.bool_)
        used[self.triangles] = True
        place = np.cumsum(used) - 1
        return replace(
            self,
            positions=self.positions[used],
            normals=self.normals[used],
            features=self.features[used],
            triangles=place[self.triangles],
        )

    def welded(self) -> Self:
        """Return the mesh with corners of equal place, direction and feature joined, in single precision."""
        if not len(self.positions):
            return self
        places = self.positions.astype(np.float32)
        towards = self.normals.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])
        order = np.lexsort((*places.T[::-1], towards, self.features))
        keys = [column[order] for column in (*places.T, towards, self.features)]
        first = np.concatenate(([True], np.logical_or.reduce([key[1:] != key[:-1] for key in keys])))
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.cumsum(first) - 1
        kept = order[first]
        triangles = place[self.triangles]
        a, b, c = triangles.T
        return replace(
            self,
            positions=places[kept].astype(np.float64),
            normals=self.normals[kept],
            features=self.features[kept],
            triangles=triangles[(a != b) & (b != c) & (c != a)],  # single precision may close a sliver
        )
