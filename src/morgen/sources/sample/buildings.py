"""What stands on the ground: buildings as profiles that are drawn along their front.

Every wing is one cross-section (depth against height) extruded along the façade, with hipped ends where it has
them, so its footprint, its roof in the surface raster, and its closed solids follow from the same few numbers.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["Building", "Profile", "Unit", "Wing", "flat_profile", "gable_profile", "setback_profile"]

Profile = tuple[tuple[float, float], ...]
"""(depth, height) of the roof line from front wall to back wall, m; heights above the ground of the wing."""

SNAP = 0.002
"""Wings this close to each other, m, touch."""


def gable_profile(depth: float, *, eaves: float, ridge: float, back_eaves: float | None = None) -> Profile:
    """Return a roof with two slopes; ``back_eaves`` gives the back a lower gutter than the front."""
    return ((0.0, eaves), (depth / 2, ridge), (depth, eaves if back_eaves is None else back_eaves))


def flat_profile(depth: float, *, height: float) -> Profile:
    """Return a flat roof."""
    return ((0.0, height), (depth, height))


def setback_profile(depth: float, *, height: float, top: float, inset: float) -> Profile:
    """Return a flat roof with a storey on it of ``top`` m high that stands ``inset`` m back on both sides."""
    far = depth - inset
    return (
        (0.0, height),
        (inset, height),
        (inset, height + top),
        (far, height + top),
        (far, height),
        (depth, height),
    )


@dataclass(frozen=True)
class Wing:
    """One cross-section along a straight façade."""

    corner: tuple[float, float]
    """Front corner where the façade starts, m RD."""
    heading: tuple[float, float]
    """Unit vector along the façade; the building lies to its left."""
    width: float
    profile: Profile
    hips: tuple[float, float] = (0.0, 0.0)
    """How far from the start and the end wall the ridge begins and ends, m; only for a gable with level eaves."""

    @property
    def depth(self) -> float:
        """From front wall to back wall, m."""
        return self.profile[-1][0]

    @property
    def top(self) -> float:
        """Height of the ridge, m above the ground of the wing."""
        return max(height for _, height in self.profile)

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
        (dx, dy), (x0, y0) = self.heading, self.corner
        inward = (y - y0) * dx - (x - x0) * dy
        along = (x - x0) * dx + (y - y0) * dy
        return self.roof_at(along, inward)

    def roof_at(self, along: npt.NDArray[np.float64], inward: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the height of the roof at places along the façade and inward from it, m."""
        depths, heights = zip(*self.profile, strict=True)
        found: npt.NDArray[np.float64] = np.interp(inward, depths, heights)
        eaves = self.profile[0][1]
        for hip, distance in zip(self.hips, (along, self.width - along), strict=True):
            if hip:
                found = np.minimum(found, eaves + np.clip(distance / hip, 0.0, None) * (self.top - eaves))
        return found


@dataclass(frozen=True)
class Unit:
    """What becomes a verblijfsobject: a dwelling, a shop, a school ..."""

    use: str
    """gebruiksdoel; several are comma separated."""
    area: int
    """m2."""
    storey: int = 0


@dataclass(frozen=True)
class Building:
    """A pand of the BAG."""

    kind: str
    """'terraced house', 'detached house', 'shed', 'flat', 'tower', 'shop', 'supermarket', 'school', 'sports hall',
    'clubhouse', 'health centre', 'community centre', 'childcare', 'church', 'works', 'garage' or 'planned'."""
    wings: tuple[Wing, ...]
    year: int
    units: tuple[Unit, ...] = ()
    """Its verblijfsobjecten, from the ground up; none for a shed."""
    storeys: int = 1
    street: str = ""
    """Name of the street of its address."""
    side: int = 1
    """1 when it stands to the left of the street, -1 to its right: odd and even house numbers."""
    position: float = 0.0
    """Along the street, m; house numbers rise with it."""
    row: int = 0
    """Houses of one terrace share a number; they share their eaves too."""
    name: str = ""
    """What people call it; only for a facility."""
    status: str = "Pand in gebruik"
    number: str = ""
    """16-digit BAG number."""
    ground: float = 0.0
    """Height of the ground at the walls, m NAP; 0 before the relief is made."""
    modelled: bool = True
    """False where the height model had no points to build a roof from."""

    @property
    def use(self) -> str:
        """Gebruiksdoelen, comma separated; empty for a shed."""
        uses = dict.fromkeys(use for unit in self.units for use in unit.use.split(","))
        return ",".join(uses)

    @property
    def dwellings(self) -> tuple[Unit, ...]:
        """The units in which someone can live."""
        return tuple(unit for unit in self.units if "woonfunctie" in unit.use)

    @property
    def floor_area(self) -> int:
        """Of all units together, m2."""
        return sum(unit.area for unit in self.units)

    @property
    def height(self) -> float:
        """Of its highest wing, m above the ground."""
        return max(wing.top for wing in self.wings)

    @cached_property
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
