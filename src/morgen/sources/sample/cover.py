"""Claims on the ground: a shape that wants to be a certain land cover. The first claim on a place wins."""

from dataclasses import dataclass
from typing import Any

import shapely

__all__ = ["Claim", "Cover", "Tree"]


@dataclass(frozen=True)
class Cover:
    """What the BGT says about a piece of ground."""

    theme: str
    """Object type: 'wegdeel', 'pand' ..."""
    function: str = ""
    """functie, class or type, by theme."""
    surface: str = ""
    """fysiek voorkomen."""
    plus: str = "waardeOnbekend"
    """IMGeo plus fysiek voorkomen or type."""
    relief: str = ""
    """Which rule of the relief shapes it: 'carriageway', 'alley', 'park' ..."""


@dataclass(frozen=True)
class Claim:
    """A shape that wants to be a land cover."""

    cover: Cover
    shape: Any
    """Polygon or MultiPolygon, m RD."""
    number: str = ""
    """16-digit BAG number when it is a pand."""


@dataclass(frozen=True)
class Tree:
    """A tree with a round crown."""

    x: float
    y: float
    height: float
    """m above the ground."""
    radius: float
    """Of the crown, m."""

    @property
    def point(self) -> shapely.Point:
        """Where the trunk stands, m RD."""
        return shapely.Point(self.x, self.y)
