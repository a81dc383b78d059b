"""What is laid out in a block while it is being filled: buildings, plots, and claims on the ground around them."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from morgen.sources.sample.buildings import Building, Profile, Wing
from morgen.sources.sample.cover import Claim, Cover
from morgen.sources.sample.lines import Points

__all__ = ["Layout", "Site", "site_of"]


CRUMB = 0.4
"""Smaller pieces of a claim, m2, are dropped."""
TOUCH = 0.02
"""Buildings that share less than this, m2, only touch."""


@dataclass
class Layout:
    """A block while it is filled. Claims come in order: the first on a place wins."""

    block: shapely.Polygon
    use: str
    year: int
    buildings: list[Building] = field(default_factory=list)
    plots: list[tuple[shapely.Polygon, int]] = field(default_factory=list)
    """Outline of each plot, and the place of its main building in ``buildings`` (-1 when there is none)."""
    claims: list[Claim] = field(default_factory=list)
    reserved: list[Any] = field(default_factory=list)
    """Ground that rows of houses keep off."""
    trees: list[tuple[shapely.Point, float]] = field(default_factory=list)
    """Where a tree of how many metres is wanted."""
    sunken: list[tuple[Any, Any, float]] = field(default_factory=list)
    """(floor, ramp, depth in m) of what is lower than its surroundings."""
    mounds: list[tuple[Any, float]] = field(default_factory=list)
    """(top, height in m) of what is raised."""
    basins: list[tuple[Any, float]] = field(default_factory=list)
    """(ground, depth in m) of a park or lawn that may hold water."""
    ponds: list[tuple[str, Any]] = field(default_factory=list)
    """(name, water surface)."""
    open_places: list[tuple[str, str, Any, int]] = field(default_factory=list)
    """(kind, name, ground, capacity) of facilities in the open air."""
    rest: Cover | None = None
    """What the ground is that nothing else claims."""
    _boxes: list[Any] = field(default_factory=list)
    _rooms: dict[float, Any] = field(default_factory=dict)

    def put(self, building: Building, *, plot: shapely.Polygon | None = None, room: float = 1.0) -> bool:
        """Add a building when it stands within the block and clear of others; return whether it does."""
        footprint = building.footprint
        if not self._room(room).covers(footprint):
            return False
        west, south, east, north = footprint.bounds
        for other, (x0, y0, x1, y1) in zip(self.buildings, self._boxes, strict=True):
            apart = x0 > east or x1 < west or y0 > north or y1 < south
            if not apart and footprint.intersection(other.footprint).area > TOUCH:
                return False
        self.buildings.append(building)
        self._boxes.append(footprint.bounds)
        if plot is not None:
            self.plots.append((plot, len(self.buildings) - 1))
        return True

    def _room(self, room: float) -> Any:
        """Return the block without a margin; prepared, because many buildings ask for the same."""
        if room not in self._rooms:
            self._rooms[room] = self.block.buffer(-room)
            shapely.prepare(self._rooms[room])
        return self._rooms[room]

    def claim(self, cover: Cover, shape: Any) -> None:
        """Claim ground within the block."""
        inside = shapely.intersection(shape, self.block)
        self.claims += [Claim(cover, part) for part in shapely.get_parts(inside) if part.area > CRUMB]


@dataclass(frozen=True)
class Site:
    """A block seen from its middle: u along its longer side, v across it to the left, both in m."""

    middle: Points
    along: Points
    long: float
    """Half the length of the rectangle around the block, m."""
    wide: float
    """Half its width, m."""

    @property
    def across(self) -> Points:
        """Unit vector of v."""
        return np.array([-self.along[1], self.along[0]])

    def at(self, u: float, v: float) -> tuple[float, float]:
        """Return a point, m RD."""
        point = self.middle + self.along * u + self.across * v
        return float(point[0]), float(point[1])

    def rectangle(self, west: float, south: float, east: float, north: float) -> shapely.Polygon:
        """Return the rectangle between two u and two v."""
        return shapely.Polygon(
            [self.at(west, south), self.at(east, south), self.at(east, north), self.at(west, north)]
        )

    def path(self, *points: tuple[float, float], width: float = 2.0) -> shapely.Polygon:
        """Return a paved path along points (u, v)."""
        return shapely.LineString([self.at(*point) for point in points]).buffer(
            width / 2, cap_style="flat", join_style="mitre"
        )

    def wing(
        self,
        west: float,
        south: float,
        profile: Profile,
        length: float,
        *,
        turned: bool = False,
        hips: tuple[float, float] = (0.0, 0.0),
    ) -> Wing:
        """Return a wing with its south-west corner at (u, v), its façade along u, or along v when ``turned``."""
        depth = profile[-1][0]
        if turned:
            heading = (float(self.across[0]), float(self.across[1]))
            return Wing(self.at(west + depth, south), heading, length, profile, hips)
        return Wing(self.at(west, south), (float(self.along[0]), float(self.along[1])), length, profile, hips)


def site_of(block: shapely.Polygon, *, towards: Points | None = None) -> Site:
    """Return the frame of a block; with ``towards`` (a unit vector) v points that way as well as it can."""
    rectangle = shapely.minimum_rotated_rectangle(block)
    corners = shapely.get_coordinates(rectangle)
    first, second = corners[1] - corners[0], corners[2] - corners[1]
    if np.hypot(*first) < np.hypot(*second):
        first, second = second, first
    long, wide = float(np.hypot(*first)) / 2, float(np.hypot(*second)) / 2
    along = first / (2 * long)
    if along[0] + 0.1 * along[1] < 0:
        along = -along
    middle = np.array(rectangle.centroid.coords[0])
    site = Site(middle, along, long, wide)
    if towards is not None and float(site.across @ towards) < 0:
        return Site(middle, -along, long, wide)
    return site
