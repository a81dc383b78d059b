"""Green nearby, and the rule 3-30-300: three trees in view, 30 % canopy, green within 300 m.

Source of the rule: Konijnendijk (2023), Journal of Forestry Research 34. "In view" is taken as three trees
within ``VIEW`` m as the crow flies: no line of sight is drawn, so a tree behind a building counts too.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from morgen.core.errors import ParameterError
from morgen.models.access.network import Walkable
from morgen.models.access.reach import nearest

__all__ = ["ThreeThirty", "green_within", "three_thirty_three_hundred"]

Flags = npt.NDArray[np.bool_]
VIEW = 25.0
"""m; a tree farther from the door fills little of the view of a ground floor. Our choice."""
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
    dwellings: npt.ArrayLike,
    trees: npt.ArrayLike,
    canopy: npt.ArrayLike,
    green: npt.ArrayLike,
    *,
    view: float = VIEW,
) -> ThreeThirty:
    """Judge dwellings (n, 2) by trees (m, 2), both m RD New, canopy share of the buurt (n,), green near (n,)."""
    homes = np.asarray(dwellings, dtype=np.float64).reshape(-1, 2)
    stems = np.asarray(trees, dtype=np.float64).reshape(-1, 2)
    share, near = np.asarray(canopy, dtype=np.float64), np.asarray(green, dtype=bool)
    if share.shape != (len(homes),) or near.shape != (len(homes),) or not ((share >= 0) & (share <= 1)).all():
        message = (
            f"canopy and green need one value for each of {len(homes)} dwellings, and canopy a share of 0 to 1"
        )
        raise ParameterError(message)
    seen = (
        np.zeros(len(homes))
        if not len(stems)
        else cKDTree(stems).query_ball_point(homes, view, return_length=True)
    )
    return ThreeThirty(np.asarray(seen) >= TREES, share >= CANOPY, near)
