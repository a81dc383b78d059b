"""Works that move water other than over the ground: culverts, pumps, and open water that keeps its level."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["Culvert", "OpenWater", "Place", "Pump", "Work"]

Place: TypeAlias = tuple[int, int] | shapely.Point
"""Row and column of a cell, or a point in metres east and north of the south-west corner of the terrain."""


@dataclass(frozen=True, eq=False)
class Culvert:
    """A box under a road or a dam, or the way under a bridge, that water takes from the higher side to the lower.

    Q = A sqrt(2 g dh / (1.5 + 2 g n2 L / R^(4/3))): losses at both ends and Manning friction, with the wet part A
    of the box and its hydraulic radius R at the level of the higher side (Chow 1959, Open-channel hydraulics,
    section 17-9, outlet control).
    """

    start: Place
    end: Place
    width: float
    """m."""
    height: float
    """m, inside."""
    length: float
    """m."""
    bottom: float
    """Level of its floor, m in the datum of the terrain."""
    manning: float = 0.015
    """s/m^(1/3); 0.013-0.017 for concrete (Chow 1959)."""


@dataclass(frozen=True, eq=False)
class Pump:
    """A pump that runs while water stands at least ``on`` deep at its place."""

    place: Place
    capacity: float
    """m3/s."""
    on: float = 0.05
    """m."""
    to: Place | None = None
    """Where the water goes; None for out of the area."""


@dataclass(frozen=True, eq=False)
class OpenWater:
    """Canals and ditches whose level is kept: what stands above it leaves as fast as the water system takes it."""

    mask: npt.NDArray[np.bool_]
    """Its cells; shape (rows, columns)."""
    kept: float = 0.0
    """Depth above the terrain that stays, m; 0 where the terrain is the usual level."""
    capacity: float = np.inf
    """m3/s of all of it together; infinite where the level is held whatever comes."""


Work: TypeAlias = Culvert | Pump | OpenWater
