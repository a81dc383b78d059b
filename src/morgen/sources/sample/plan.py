"""The street plan: a bending canal, the streets that follow or cross it, and what each block is for.

Coordinates in this module are metres from the south-west corner of the box; ``make_plan`` turns them into RD New.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
import shapely.affinity

from morgen.sources.sample.frame import BOX
from morgen.sources.sample.lines import Points, parallel, smooth, strip

__all__ = ["Canal", "Frontage", "Plan", "Street", "Strip", "make_plan"]

MARGIN = 45.0
"""The plan is drawn this far beyond the box, m, so that the edge of the box cuts through streets and gardens."""


@dataclass(frozen=True)
class Strip:
    """One lane of a cross-section, from the carriageway outwards."""

    kind: str
    """'parking', 'footpath', 'verge', 'wall' or 'bank'."""
    width: float


@dataclass(frozen=True)
class Street:
    """A street: its axis, the carriageway on the axis, and the strips on both sides."""

    name: str
    line: shapely.LineString
    carriageway: float
    left: tuple[Strip, ...]
    right: tuple[Strip, ...]
    material: str = "betonstraatstenen"
    walk_only: bool = False

    def reach(self, side: int) -> float:
        """Distance from the axis to the outer edge, m; ``side`` 1 is left, -1 is right."""
        strips = self.left if side > 0 else self.right
        return self.carriageway / 2 + sum(strip.width for strip in strips)

    @property
    def corridor(self) -> shapely.Polygon:
        """Everything between the outer edges."""
        return strip(self.line, -self.reach(-1), self.reach(1))

    def lanes(self) -> list[tuple[str, float, float]]:
        """(kind, near, far) of all strips, distances left positive; without the carriageway."""
        found = []
        for side, strips in ((1, self.left), (-1, self.right)):
            near = self.carriageway / 2
            for lane in strips:
                found.append((lane.kind, side * near, side * (near + lane.width)))
                near += lane.width
        return found


@dataclass(frozen=True)
class Canal:
    """The canal: water of constant width about a bending axis."""

    line: shapely.LineString
    width: float

    @property
    def water(self) -> shapely.Polygon:
        """The water surface."""
        return strip(self.line, -self.width / 2, self.width / 2)


@dataclass(frozen=True)
class Frontage:
    """One side of a street along which terraced houses stand."""

    street: str
    side: int
    within: tuple[float, float, float, float]
    """Box in which fronts may stand, RD New."""
    front: float
    """Depth of the front garden, m."""
    shared: bool
    """Whether the gardens run to the middle of the block, where those of the other side begin."""
    era: int
    """About when it was built."""


@dataclass(frozen=True)
class Plan:
    """The street plan in RD New."""

    canal: Canal
    streets: tuple[Street, ...]
    bridges: tuple[str, ...]
    """Streets that cross the canal."""
    frontages: tuple[Frontage, ...]
    park_at: shapely.Point
    flat_at: shapely.Point
    low_street: str
    low_at: shapely.Point
    """Where the low street is lowest."""

    def street(self, name: str) -> Street:
        """Return the street of this name."""
        return next(street for street in self.streets if street.name == name)

    def blocks(self) -> list[shapely.Polygon]:
        """Return what the streets and the canal leave over, within the box and a margin around it."""
        taken = shapely.union_all([self.canal.water, *(street.corridor for street in self.streets)])
        frame = shapely.box(*BOX).buffer(MARGIN, join_style="mitre")
        return [block for block in shapely.get_parts(frame.difference(taken)) if block.area > 100]  # noqa: PLR2004 - slivers are no blocks


def _rd(points: Sequence[tuple[float, float]]) -> Points:
    placed: Points = np.array(points, dtype=float) + np.array(BOX[:2])
    return placed


def _line(*points: tuple[float, float]) -> shapely.LineString:
    return smooth(_rd(points))


PARKING = Strip("parking", 2.0)
FOOTPATH = Strip("footpath", 1.8)
VERGE = Strip("verge", 2.0)


def _streets(canal: Canal) -> tuple[Street, ...]:
    """Return the streets: those of the canal are its parallels, the others are drawn."""
    both = (PARKING, FOOTPATH)
    quay = (VERGE, Strip("footpath", 2.0), Strip("wall", 0.5))
    bank = (Strip("verge", 3.5), Strip("bank", 2.0))
    axis = canal.line
    side = canal.width / 2
    south = _line((-60, 53), (60, 58), (160, 66), (240, 73), (360, 80))
    west = _line((66, -60), (73, 60), (80, 130), (80, 220), (73, 360))
    east = _line((203, -60), (200, 70), (190, 150), (172, 225), (146, 360))
    return (
        Street("Brugstraat", west, 5.8, (PARKING, FOOTPATH), (FOOTPATH,), "asfalt"),
        Street("Molenstraat", east, 5.5, (FOOTPATH,), (PARKING, FOOTPATH), "asfalt"),
        Street("Noordkade", parallel(axis, side + 4.5 + 2.6), 5.2, both, quay, "gebakken klinkers"),
        Street("Lage Weide", parallel(axis, 70.5), 5.0, both, (FOOTPATH,)),
        Street("Hoge Weide", parallel(axis, 128.0), 5.0, both, (FOOTPATH,)),
        Street("Dorpsweg", south, 5.5, both, (FOOTPATH,)),
        Street("Zuidrand", parallel(south, -58.5), 5.0, both, (FOOTPATH,)),
        Street("Noordrand", parallel(axis, 184.0), 5.0, both, (FOOTPATH,)),
        Street("Jaagpad", parallel(axis, -side - 6.5), 2.0, bank, (), "tegels", walk_only=True),
    )


def _frontages() -> tuple[Frontage, ...]:
    """Head rows on the cross streets first, because the long rows give way to what already stands."""

    def within(xmin: float, ymin: float, xmax: float, ymax: float) -> tuple[float, float, float, float]:
        return BOX[0] + xmin, BOX[1] + ymin, BOX[0] + xmax, BOX[1] + ymax

    everywhere = within(-60, -60, 360, 360)
    not_east = within(-60, -60, 196, 360)
    return (
        Frontage("Brugstraat", -1, within(80, 150, 110, 185), 2.4, shared=False, era=1928),
        Frontage("Brugstraat", 1, within(40, 12, 80, 46), 2.4, shared=False, era=1934),
        Frontage("Molenstraat", 1, within(150, 210, 200, 285), 2.4, shared=False, era=1931),
        Frontage("Molenstraat", 1, within(165, 78, 200, 128), 2.6, shared=False, era=1968),
        Frontage("Molenstraat", -1, within(180, 185, 215, 225), 2.4, shared=False, era=1909),
        Frontage("Noordkade", 1, everywhere, 2.2, shared=True, era=1912),
        Frontage("Lage Weide", -1, everywhere, 2.6, shared=True, era=1924),
        Frontage("Lage Weide", 1, everywhere, 2.6, shared=True, era=1924),
        Frontage("Hoge Weide", -1, everywhere, 2.8, shared=True, era=1936),
        Frontage("Hoge Weide", 1, everywhere, 2.8, shared=True, era=1957),
        Frontage("Noordrand", -1, everywhere, 2.8, shared=True, era=1957),
        Frontage("Jaagpad", -1, not_east, 3.0, shared=True, era=1966),
        Frontage("Dorpsweg", 1, not_east, 2.8, shared=True, era=1966),
        Frontage("Dorpsweg", -1, not_east, 2.6, shared=True, era=1952),
        Frontage("Zuidrand", 1, not_east, 2.6, shared=True, era=1952),
        Frontage("Zuidrand", -1, everywhere, 2.6, shared=False, era=1984),
    )


def make_plan() -> Plan:
    """Return the street plan in RD New; it is drawn, not drawn by lot: the seed varies what stands along it."""
    canal = Canal(_line((-60, 114), (60, 121), (130, 128), (185, 146), (240, 166), (480, 250)), 10.0)
    return Plan(
        canal=canal,
        streets=_streets(canal),
        bridges=("Brugstraat", "Molenstraat"),
        frontages=_frontages(),
        park_at=shapely.Point(*_rd([(250, 115)])[0]),
        flat_at=shapely.Point(*_rd([(255, 45)])[0]),
        low_street="Lage Weide",
        low_at=shapely.Point(*_rd([(126, 198)])[0]),
    )
