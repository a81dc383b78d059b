"""A street: its axis, and the strips of its cross-section on both sides."""

from dataclasses import dataclass
from functools import cached_property

import shapely

from morgen.sources.sample.lines import strip

__all__ = ["Street", "Strip"]


@dataclass(frozen=True)
class Strip:
    """One lane of a cross-section, from the carriageway outwards."""

    kind: str
    """'parking', 'footpath', 'cycle path', 'verge', 'wall', 'bank' or 'slope'."""
    width: float
    """m."""


@dataclass(frozen=True)
class Street:
    """A street, a path, or a road on a dike."""

    name: str
    kind: str
    """'through road', 'distributor', 'residential', 'home zone', 'lane', 'quay', 'dike', 'service' or 'path'."""
    line: shapely.LineString
    """Axis, RD New."""
    carriageway: float
    """Width between the kerbs, m."""
    left: tuple[Strip, ...]
    """Strips to the left of the axis, seen in its direction."""
    right: tuple[Strip, ...]
    material: str = "betonstraatstenen"
    """'asfalt', 'betonstraatstenen', 'gebakken klinkers', 'tegels' or 'grind'."""
    year: int = 1970
    """When it was laid out."""
    crosses: bool = False
    """Whether it crosses the canal by a bridge."""

    @property
    def walk_only(self) -> bool:
        """Whether no car may come there."""
        return self.kind == "path"

    def reach(self, side: int) -> float:
        """Distance from the axis to the outer edge, m; ``side`` 1 is left, -1 is right."""
        strips = self.left if side > 0 else self.right
        return self.carriageway / 2 + sum(lane.width for lane in strips)

    @property
    def width(self) -> float:
        """Between the outer edges, m."""
        return self.reach(1) + self.reach(-1)

    @cached_property
    def corridor(self) -> shapely.Polygon:
        """Everything between the outer edges."""
        return strip(self.line, -self.reach(-1), self.reach(1))

    @cached_property
    def surface(self) -> shapely.Polygon:
        """The ground between the kerbs."""
        return strip(self.line, -self.carriageway / 2, self.carriageway / 2)

    def lanes(self) -> list[tuple[str, float, float]]:
        """(kind, near, far) of all strips, distances left positive; without the carriageway."""
        found = []
        for side, strips in ((1, self.left), (-1, self.right)):
            near = self.carriageway / 2
            for lane in strips:
                found.append((lane.kind, side * near, side * (near + lane.width)))
                near += lane.width
        return found
