"""The frame of a scene: RD New and NAP, moved so that single precision is enough."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from morgen.core.grid import Grid

__all__ = ["SceneFrame"]

Floats = npt.NDArray[np.float64]

ROUND = 10.0
"""The origin is a whole multiple of this, m, so that people can add it in their head."""


@dataclass(frozen=True)
class SceneFrame:
    """Local coordinates: x east, y north, z up, all in metres; z stays height above NAP.

    Local is RD New minus the origin. Single-precision floats keep a tenth of a millimetre within a kilometre of
    the origin, where they would keep centimetres only in RD New itself.
    """

    x: float
    """Origin, m RD."""
    y: float
    """Origin, m RD."""

    @classmethod
    def of(cls, grid: Grid) -> Self:
        """Return the frame whose origin is the centre of ``grid``, rounded to whole tens of metres."""
        xmin, ymin, xmax, ymax = grid.bounds
        return cls(x=ROUND * round((xmin + xmax) / 2 / ROUND), y=ROUND * round((ymin + ymax) / 2 / ROUND))

    @property
    def origin(self) -> tuple[float, float, float]:
        """(x, y, 0) in RD New + NAP."""
        return self.x, self.y, 0.0

    def to_local(self, points: npt.ArrayLike) -> Floats:
        """Move points of shape (..., 2) or (..., 3) from RD New + NAP to local coordinates."""
        given = np.asarray(points, dtype=np.float64)
        return np.asarray(given - np.array(self.origin[: given.shape[-1]]))

    def from_local(self, points: npt.ArrayLike) -> Floats:
        """Move points of shape (..., 2) or (..., 3) from local coordinates to RD New + NAP."""
        given = np.asarray(points, dtype=np.float64)
        return np.asarray(given + np.array(self.origin[: given.shape[-1]]))
