"""Green nearby, and the rule 3-30-300: three trees in view, 30 % canopy, green within 300 m.

Source of the rule: Konijnendijk (2023), Journal of Forestry Research 34. What counts as in view, canopy and green
is in ``nature``.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from morgen.core.errors import ParameterError
from morgen.models.access.network import Walkable
from morgen.models.access.reach import nearest

__all__ = ["ThreeThirty", "green_within", "three_thirty_three_hundred"]

Flags = npt.NDArray[np.bool_]
TREES, CANOPY, GREEN = 3, 0.30, 300.0


@dataclass(frozen=True, eq=False)
class ThreeThirty:
    """Per dwelling, (n,), which parts of the rule hold."""

    trees: Flags
    canopy: Flags
    green: Flags

    @property
    def all_three(self) -> Flags:
        """Where the whole rule holds."""
        return self.trees & self.canopy & self.green


def green_within(
    network: Walkable,
    entrances: npt.ArrayLike,
    patch: npt.ArrayLike,
    area: npt.ArrayLike,
    *,
    smallest: float = 10_000.0,
    limit: float = GREEN,
) -> Flags:
    """Return per node, (n_node,), whether a patch of at least ``smallest`` m2 is within ``limit`` m of walking.

    ``entrances`` (n,) are nodes where a patch is entered, ``patch`` (n,) the row of ``area`` (m2) it is.
    """
    nodes, rows = np.asarray(entrances, dtype=np.int64), np.asarray(patch, dtype=np.int64)
    large = nodes[(nodes >= 0) & (np.asarray(area, dtype=np.float64)[rows] >= smallest)]
    if not large.size:
        return np.zeros(network.graph.shape[0], dtype=bool)
    return nearest(network, large, limit=limit) <= limit


def three_thirty_three_hundred(
    trees_seen: npt.ArrayLike, canopy: npt.ArrayLike, green: npt.ArrayLike
) -> ThreeThirty:
    """Judge places by trees in view (n,), canopy share around (n,), and whether green is near (n,).

    Raises ``ParameterError`` when these are not of one length, or a share is not one of 0 to 1.
    """
    seen, share, near = np.asarray(trees_seen), np.asarray(canopy, dtype=np.float64), np.asarray(green, dtype=bool)
    if not seen.shape == share.shape == near.shape or not ((share >= 0) & (share <= 1)).all():
        message = (
            f"trees, canopy and green have the shapes {seen.shape}, {share.shape} and {near.shape}; give one of"
            " each per place, and canopy as a share of 0 to 1"
        )
        raise ParameterError(message)
    return ThreeThirty(seen >= TREES, share >= CANOPY, near)
