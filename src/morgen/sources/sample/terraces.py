"""Terraced houses: rows of narrow houses along a frontage, each on its lot with a garden and perhaps a shed."""

import math
from dataclasses import dataclass, field

import numpy as np
import shapely

from morgen.sources.sample.buildings import Building, Profile, Wing, flat_profile, gable_profile
from morgen.sources.sample.frame import BOX
from morgen.sources.sample.lines import Points, along, parallel
from morgen.sources.sample.plan import Frontage, Plan

__all__ = ["Terraces", "build_terraces"]

ALLEY = 1.8
"""Width of a back path and of a passage between two rows, m."""
CORNER = 2.0
"""A house keeps this distance from the edge of its block, m."""
LEAST_GARDEN, LONGEST_LOT = 4.5, 22.0
"""Least depth of a back garden, and most of a lot behind the front wall, m."""
LONGEST_ROW = 9.5
"""Houses in a row, at most."""
LEAST_ROW = 2.6
"""No row shorter than this many houses."""
EXTENSION_GARDEN = 7.5
"""Only gardens deeper than this, m, have been built on."""
OWN_LOT = 16.0
"""Depth of a lot behind the front wall where the other side of the block does not count, m."""
SLICE = 1.5
"""Step along a façade line in which it is searched for room, m."""
NEAR_BOX = 32.0
"""Houses further than this outside the box, m, leave no garden inside it."""
SHED_GARDEN = 5.5
SHED_SHARE = 0.72
BOX_POLYGON = shapely.box(*BOX)


@dataclass(frozen=True)
class Style:
    """How a street was built: the same for all houses along a frontage."""

    width: float
    depth: float
    eaves: float
    ridge: float


STYLES = {
    1900: Style(5.4, 10.0, 6.2, 10.2),
    1920: Style(5.6, 9.2, 5.6, 9.8),
    1930: Style(5.7, 9.0, 5.4, 9.4),
    1950: Style(5.8, 8.4, 5.5, 8.9),
    1960: Style(6.0, 8.8, 5.6, 8.2),
    1980: Style(5.5, 9.0, 5.5, 9.3),
}


@dataclass
class Terraces:
    """Houses, sheds and the gardens around them, as they are laid out."""

    buildings: list[Building] = field(default_factory=list)
    gardens: list[shapely.Polygon] = field(default_factory=list)
    """One lot a house, house included."""
    paths: list[shapely.LineString] = field(default_factory=list)
    """Axes of the back paths through the blocks."""
    rows: int = 0


@dataclass(frozen=True)
class _Row:
    """A straight row that is being placed."""

    start: Points
    heading: Points
    inward: Points
    length: float
    lengths: tuple[float, float]
    """Depth of the lot behind the front wall at both ends of the row."""
    front: float
    side: int
    """1 when the street lies to the right of the heading, -1 when to its left."""

    def corner(self, position: float, depth: float) -> tuple[float, float]:
        """Return the point at ``position`` along the row and ``depth`` behind the front walls."""
        point = self.start + self.heading * position + self.inward * depth
        return float(point[0]), float(point[1])

    def depth_at(self, position: float) -> float:
        """Depth of the lots behind the front wall."""
        return self.lengths[0] + (self.lengths[1] - self.lengths[0]) * position / self.length

    def plot(self, near: float, far: float, front: float, back: float) -> shapely.Polygon:
        """Return the rectangle between two positions and two depths."""
        return shapely.Polygon(
            [self.corner(near, front), self.corner(far, front), self.corner(far, back), self.corner(near, back)]
        )

    def lot(self, near: float, far: float) -> shapely.Polygon:
        """Return the lot between two positions; it reaches over the footpath, which has the better right."""
        front = -self.front - 1.0
        backs = self.corner(far, self.depth_at(far)), self.corner(near, self.depth_at(near))
        return shapely.Polygon([self.corner(near, front), self.corner(far, front), *backs])

    def wing(self, near: float, width: float, depth: float, profile: Profile) -> Wing:
        """Return a wing whose façade faces the street, so that it lies to the left of its heading."""
        heading = (float(self.heading[0]), float(self.heading[1]))
        if self.side > 0:
            return Wing(self.corner(near, depth), heading, width, profile)
        return Wing(self.corner(near + width, depth), (-heading[0], -heading[1]), width, profile)


def build_terraces(plan: Plan, rng: np.random.Generator) -> Terraces:
    """Fill the blocks along all frontages; earlier frontages have the better right."""
    blocks = [
        block for block in plan.blocks() if not block.intersects(shapely.union_all([plan.park_at, plan.flat_at]))
    ]
    terraces = Terraces()
    for frontage in plan.frontages:
        for block in blocks:
            _fill(terraces, plan, frontage, block, rng)
    return terraces


def _fill(
    terraces: Terraces, plan: Plan, frontage: Frontage, block: shapely.Polygon, rng: np.random.Generator
) -> None:
    """Find where along one frontage of one block houses fit, and fill those stretches with rows."""
    street = plan.street(frontage.street)
    facade = parallel(street.line, frontage.side * (street.reach(frontage.side) + frontage.front))
    inside = facade.intersection(shapely.intersection(block, shapely.box(*frontage.within)))
    inside = inside.intersection(BOX_POLYGON.buffer(NEAR_BOX))
    if inside.is_empty:
        return
    style = _style(frontage.era)
    path: list[tuple[float, float]] = []
    for start, end in _free_stretches(terraces, facade, inside, frontage, style, block):
        rows = math.ceil((end - start) / (LONGEST_ROW * style.width))
        length = (end - start - (rows - 1) * ALLEY) / rows
        for index in range(rows):
            row = _row(facade, start + index * (length + ALLEY), length, frontage, block)
            _build_row(terraces, row, frontage, style, rng)
            if frontage.shared:
                path += [
                    row.corner(at, depth + ALLEY / 2)
                    for at, depth in zip((0, row.length), row.lengths, strict=True)
                ]
    if path and not any(block.contains(shapely.Point(line.coords[1])) for line in terraces.paths):
        terraces.paths.append(_extended(path))


def _free_stretches(
    terraces: Terraces,
    facade: shapely.LineString,
    inside: shapely.Geometry,
    frontage: Frontage,
    style: Style,
    block: shapely.Polygon,
) -> list[tuple[float, float]]:
    """Return (start, end) along the façade line wherever a slice of a house and its lot fits."""
    ends = [float(facade.project(shapely.Point(point))) for point in shapely.get_coordinates(inside)]
    places = np.arange(min(ends), max(ends) - SLICE, SLICE)
    slices = [_row(facade, float(place), SLICE, frontage, block) for place in places]
    if not slices:
        return []
    lots = [row.lot(0, SLICE) for row in slices]
    houses = [row.plot(0, SLICE, 0.0, style.depth) for row in slices]
    fits = np.array([min(row.lengths) - style.depth >= LEAST_GARDEN for row in slices])
    fits &= shapely.covers(block.buffer(-CORNER, join_style="mitre"), houses)
    taken = shapely.union_all([lot for lot in terraces.gardens if lot.intersects(block)], grid_size=0.001)
    fits &= shapely.area(shapely.intersection(taken, lots)) < 1.0
    edges = np.diff(np.concatenate([[0], fits.astype(int), [0]]))
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    stretches = [
        (float(places[start]), float(places[stop - 1]) + SLICE) for start, stop in zip(starts, stops, strict=True)
    ]
    return [(start, end) for start, end in stretches if end - start >= LEAST_ROW * style.width]


def _style(era: int) -> Style:
    return STYLES[max(year for year in STYLES if year <= era)]


def _row(
    facade: shapely.LineString, position: float, length: float, frontage: Frontage, block: shapely.Polygon
) -> _Row:
    """Return the straight row on the chord of the façade line, with lots as deep as the block allows."""
    start, _ = along(facade, position)
    end, _ = along(facade, position + length)
    span = float(np.hypot(*(end - start)))
    heading = (end - start) / span
    inward = np.array([-heading[1], heading[0]]) * frontage.side
    # Measured a quarter from both ends, because at the corners of a block the ray may hit the cross street.
    low, high = (_lot_length(start + (end - start) * at, inward, frontage, block) for at in (0.25, 0.75))
    slope = (high - low) / 2
    return _Row(start, heading, inward, span, (low - slope, high + slope), frontage.front, frontage.side)


def _lot_length(point: Points, inward: Points, frontage: Frontage, block: shapely.Polygon) -> float:
    """Depth from the front wall to the end of the garden: to the middle of the block when it is shared."""
    if not frontage.shared:
        return OWN_LOT
    ray = shapely.LineString([point, point + inward * 200]).intersection(block)
    across = ray.length + frontage.front
    return min((across - ALLEY) / 2 - frontage.front, LONGEST_LOT)


def _build_row(terraces: Terraces, row: _Row, frontage: Frontage, style: Style, rng: np.random.Generator) -> None:
    """Build a row over its whole length: as many houses as fit about the width of the style."""
    terraces.rows += 1
    year = frontage.era + int(rng.integers(0, 4))
    ridge = style.ridge + float(rng.choice([-0.3, 0.0, 0.3]))
    count = max(round(row.length / style.width), 1)
    width = row.length / count
    mirror = bool(rng.integers(2))
    for index in range(count):
        near = index * width
        depth = min(row.depth_at(near), row.depth_at(near + width))
        terraces.gardens.append(row.lot(near, near + width))
        profile = _house_profile(style, ridge, depth, rng)
        house = _house(row.wing(near, width, 0.0, profile), style, year, terraces.rows)
        shed = _shed(row, near, width, depth, mirror=mirror ^ bool(index % 2), house=house, rng=rng)
        has_shed = depth - house.wings[0].depth > SHED_GARDEN and rng.random() < SHED_SHARE
        if BOX_POLYGON.covers(house.footprint):
            terraces.buildings.append(house)
            if has_shed and BOX_POLYGON.covers(shed.footprint):
                terraces.buildings.append(shed)


def _house_profile(style: Style, ridge: float, lot: float, rng: np.random.Generator) -> Profile:
    """Return the cross-section of a house; some have had the ground floor extended into the garden."""
    extension = float(rng.choice([0.0, 0.0, 2.4, 3.0]))
    if lot - style.depth < EXTENSION_GARDEN:
        extension = 0.0
    return gable_profile(style.depth, eaves=style.eaves, ridge=ridge, extension=extension)


def _house(wing: Wing, style: Style, year: int, row: int) -> Building:
    floors = 2.4 if style.ridge - style.eaves > 3 else 2.0  # noqa: PLR2004 - a steep roof holds rooms
    area = round(0.85 * wing.width * (style.depth * floors + wing.depth - style.depth))
    return Building("house", (wing,), year, "woonfunctie", 2, (area,), row=row)


def _shed(
    row: _Row, near: float, width: float, depth: float, *, mirror: bool, house: Building, rng: np.random.Generator
) -> Building:
    """Return a wooden shed against the back path, in pairs on the boundary between two gardens."""
    size = float(rng.choice([2.2, 2.5, 2.8]))
    length = float(rng.choice([3.2, 3.8]))
    position = near + (0.0 if mirror else width - size)
    profile = flat_profile(length, height=float(rng.choice([2.4, 2.6])))
    wing = row.wing(position, size, depth - length - 0.1, profile)
    year = min(house.year + int(rng.integers(0, 40)), 2015)
    return Building("shed", (wing,), year, row=house.row)


def _extended(points: list[tuple[float, float]]) -> shapely.LineString:
    """Lengthen a back path so that it reaches the streets at both ends of its block."""
    first, second, before_last, last = (np.asarray(points[index]) for index in (0, 1, -2, -1))
    head = first + (first - second) / np.hypot(*(first - second)) * 25
    tail = last + (last - before_last) / np.hypot(*(last - before_last)) * 25
    return shapely.LineString([head, *points, tail])
