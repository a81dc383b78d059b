"""What stands on the ground: buildings as profiles that are drawn along their front.

Every wing is one cross-section (depth against height) extruded along the façade, so its footprint, its roof in the
surface raster, and its closed solids all follow from the same few numbers.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["Building", "Profile", "Wing", "flat_profile", "gable_profile"]

Profile = tuple[tuple[float, float], ...]
"""(depth, height) of the roof line from front wall to back wall, m; heights above the ground of the wing."""


def gable_profile(depth: float, *, eaves: float, ridge: float, extension: float = 0.0) -> Profile:
    """Return a roof with two slopes, and a flat one-storey extension of ``extension`` m deep behind it."""
    roof: Profile = ((0.0, eaves), (depth / 2, ridge), (depth, eaves))
    if extension:
        roof += ((depth, EXTENSION_HEIGHT), (depth + extension, EXTENSION_HEIGHT))
    return roof


def flat_profile(depth: float, *, height: float) -> Profile:
    """Return a flat roof."""
    return ((0.0, height), (depth, height))


EXTENSION_HEIGHT = 3.0
"""Height of a ground-floor extension, m."""
SNAP = 0.002
"""Wings this close to each other, m, touch."""


@dataclass(frozen=True)
class Wing:
    """One cross-section along a straight façade."""

    corner: tuple[float, float]
    """Front corner where the façade starts, m RD."""
    heading: tuple[float, float]
    """Unit vector along the façade; the building lies to its left."""
    width: float
    profile: Profile

    @property
    def depth(self) -> float:
        """From front wall to back wall, m."""
        return self.profile[-1][0]

    def at(self, along: float, inward: float) -> tuple[float, float]:
        """Return the point ``along`` the façade and ``inward`` from it, m RD to the millimetre."""
        (x, y), (dx, dy) = self.corner, self.heading
        return round(x + dx * along - dy * inward, 3), round(y + dy * along + dx * inward, 3)

    @property
    def footprint(self) -> shapely.Polygon:
        """The ground it covers."""
        return shapely.Polygon(
            [self.at(0, 0), self.at(self.width, 0), self.at(self.width, self.depth), self.at(0, self.depth)]
        )

    def roof_height(self, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the height of the roof above the ground of the wing at points inside the footprint, m."""
        inward = (y - self.corner[1]) * self.heading[0] - (x - self.corner[0]) * self.heading[1]
        depths, heights = zip(*self.profile, strict=True)
        heights_here: npt.NDArray[np.float64] = np.interp(inward, depths, heights)
        return heights_here


@dataclass(frozen=True)
class Building:
    """A pand of the BAG."""

    kind: str
    """'house', 'shed', 'flat', 'community'."""
    wings: tuple[Wing, ...]
    year: int
    use: str = ""
    """Gebruiksdoelen, comma separated; empty for a shed."""
    storeys: int = 1
    dwellings: tuple[int, ...] = ()
    """Floor area of each verblijfsobject, m2."""
    house_number: str = ""
    status: str = "Pand in gebruik"
    number: str = ""
    """16-digit BAG number."""
    ground: float = 0.0
    """Height of the ground at the walls, m NAP."""
    modelled: bool = True
    """False where the height model had no points to build a roof from."""
    row: int = field(default=0)
    """Houses of one terrace share a number; they share their eaves too."""

    @property
    def footprint(self) -> Any:
        """The ground it covers (Polygon); wings of one building touch."""
        whole: Any = self.wings[0].footprint
        for wing in self.wings[1:]:
            # On the millimetre grid a corner may lie just beside the wall that it stands against.
            part = wing.footprint
            whole = shapely.union(
                shapely.snap(whole, part, SNAP), shapely.snap(part, whole, SNAP), grid_size=0.001
            )
        return whole
