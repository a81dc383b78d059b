"""Rows of houses along streets: closed blocks, rows with back gardens, home zones; with sheds and back paths.

A frontage is one side of a street along one block. It is searched for room in slices, and every free stretch is
filled with straight rows on the chords of the façade line. Frontages that come first have the better right.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from morgen.sources.sample.buildings import Building, Profile, Unit, Wing, flat_profile, gable_profile
from morgen.sources.sample.layout import Layout
from morgen.sources.sample.lines import Points, along, parallel
from morgen.sources.sample.street import Street

__all__ = ["ALLEY", "Frontage", "Row", "fill_with_rows", "free_stretches", "frontages_of", "row_on"]

ALLEY = 1.8
"""Width of a back path and of a passage between two rows, m."""
CORNER = 1.6
"""A house keeps this distance from the edge of its block, m."""
LEAST_GARDEN, LONGEST_LOT = 4.5, 23.0
"""Least depth of a back garden, and most of a lot behind the front wall, m."""
HEAD_LOT = 15.5
"""Depth of a lot behind the front wall at the head of a block, where the other side does not count, m."""
STEEP = 3.4
"""A roof that rises more than this, m, holds rooms."""
LEAST_ROW = 2.6
"""No row shorter than this many houses."""
EXTENSION_GARDEN, EXTENSION_HEIGHT = 7.5, 3.0
"""Only gardens deeper than this, m, have been built on; height of what was built, m."""
SLICE = 2.0
"""Step along a façade line in which it is searched for room, m."""
FAR = 120.0
"""The other side of a block is looked for this far, m."""
SHED_GARDEN = 5.0
HEAD = 0.72
"""A side of a block shorter than this share of its longest side is a head."""


@dataclass(frozen=True)
class Style:
    """How houses of one time were built."""

    width: float
    depth: float
    eaves: float
    ridge: float
    front: float
    """Depth of the front garden, m."""
    longest: float
    """Houses in a row, at most."""
    sheds: float
    """Share of the houses with a shed."""
    back_eaves: float | None = None
    hipped: bool = False
    """Whether rows may end in a hip."""
    flat: float = 0.0
    """Share of the rows with a flat roof, a storey higher."""


STYLES = {
    1880: Style(5.4, 9.6, 5.9, 9.9, 1.2, 9, 0.7),
    1920: Style(5.9, 9.2, 5.7, 9.7, 2.2, 16, 0.72, hipped=True),
    1934: Style(6.1, 9.0, 5.6, 9.5, 2.6, 14, 0.72, hipped=True),
    1949: Style(6.3, 8.4, 5.6, 8.9, 3.2, 10, 0.8),
    1960: Style(6.4, 8.8, 5.6, 8.1, 3.8, 9, 0.8),
    1972: Style(5.8, 9.6, 5.3, 8.6, 2.6, 6, 0.75, back_eaves=3.6),
    1990: Style(5.7, 10.0, 5.8, 9.7, 2.4, 9, 0.85, flat=0.22),
}
"""By the year from which it was the custom."""
PAIRS = Style(6.6, 9.6, 4.6, 9.4, 4.0, 2, 0.9, hipped=True)
"""Twee-onder-een-kap: two houses under one roof, with a drive beside them."""
DRIVE = 5.6
"""Between two pairs, m."""


@dataclass(frozen=True)
class Frontage:
    """One side of a street along one block."""

    street: Street
    side: int
    front: float
    length: float
    """Of the façade line within the block, m."""
    head: bool
    """Whether it is a short end of its block."""

    @property
    def facade(self) -> shapely.LineString:
        """Where front walls stand."""
        return parallel(self.street.line, self.side * (self.street.reach(self.side) + self.front))


@dataclass(frozen=True)
class Row:
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

    def wing(
        self, near: float, width: float, depth: float, profile: Profile, hips: tuple[float, float] = (0.0, 0.0)
    ) -> Wing:
        """Return a wing whose front faces the street, so that it lies to the left of its heading."""
        heading = (float(self.heading[0]), float(self.heading[1]))
        if self.side > 0:
            return Wing(self.corner(near, depth), heading, width, profile, hips)
        return Wing(self.corner(near + width, depth), (-heading[0], -heading[1]), width, profile, hips[::-1])

    def turned_wing(self, near: float, width: float, front: float, length: float, profile: Profile) -> Wing:
        """Return a wing with its ridge across the row: its gable faces the street."""
        inward = (float(self.inward[0]), float(self.inward[1]))
        start = near + (width if self.side > 0 else 0.0)
        return Wing(self.corner(start, front), inward, length, profile)


def style_of(year: int) -> Style:
    """Return how houses of ``year`` were built."""
    return STYLES[max((start for start in STYLES if start <= year), default=min(STYLES))]


def frontages_of(block: shapely.Polygon, streets: Sequence[Street], front: float) -> list[Frontage]:
    """Return the sides of ``block`` along which houses may stand, the longest first."""
    found = []
    for street in streets:
        if street.kind in {"through road", "path", "dike", "service"} or not street.line.intersects(
            block.buffer(street.width)
        ):
            continue
        set_back = front + (2.5 if street.kind == "distributor" else 0.0)
        for side in (1, -1):
            facade = parallel(street.line, side * (street.reach(side) + set_back))
            length = facade.intersection(block).length
            if length > 12:  # noqa: PLR2004 - two houses
                found.append(Frontage(street, side, set_back, length, head=False))
    longest = max((frontage.length for frontage in found), default=0.0)
    return [
        Frontage(f.street, f.side, f.front, f.length, head=f.length < HEAD * longest)
        for f in sorted(found, key=lambda f: (-f.length, f.street.name, f.side))
    ]


def fill_with_rows(layout: Layout, streets: Sequence[Street], rng: np.random.Generator, *, rows: int) -> None:
    """Fill a block with rows of houses, numbered from ``rows``."""
    style = PAIRS if layout.use == "pairs" else style_of(layout.year)
    gap = DRIVE if layout.use == "pairs" else ALLEY
    frontages = [f for f in frontages_of(layout.block, streets, style.front) if f.street.kind != "lane"]
    closed = layout.use == "closed block"
    # The heads of a closed block are built to the corner; elsewhere the long rows are, and heads stay open.
    for frontage in sorted(frontages, key=lambda f: (f.head != closed, -f.length, f.street.name, f.side)):
        if frontage.head and not closed and layout.use != "home zone" and rng.random() < 0.6:  # noqa: PLR2004
            continue
        facade = frontage.facade
        for start, end in free_stretches(layout, frontage, facade, style.depth, LEAST_ROW * style.width):
            count = math.ceil((end - start) / (style.longest * style.width + (gap if style is PAIRS else 0.0)))
            length = (end - start - (count - 1) * gap) / count
            for index in range(count):
                rows += 1
                row = row_on(facade, start + index * (length + gap), length, frontage, layout.block)
                _build_row(layout, row, frontage, style, rng, number=rows)


def free_stretches(
    layout: Layout, frontage: Frontage, facade: shapely.LineString, depth: float, least: float
) -> list[tuple[float, float]]:
    """Return (start, end) along the façade line wherever a slice of a house ``depth`` m deep and its lot fits."""
    inside = facade.intersection(layout.block)
    if inside.is_empty:
        return []
    ends = [float(facade.project(shapely.Point(point))) for point in shapely.get_coordinates(inside)]
    places = np.arange(min(ends), max(ends) - SLICE, SLICE)
    if not places.size:
        return []
    lots, houses, lengths = _slices(facade, places, frontage, layout.block, depth)
    fits = lengths - depth >= LEAST_GARDEN
    room = layout.block.buffer(-min(CORNER, frontage.front - 0.1), join_style="mitre")
    shapely.prepare(room)
    fits &= shapely.covers(room, houses)
    taken = shapely.union_all([*(plot for plot, _ in layout.plots), *layout.reserved], grid_size=0.001)
    fits[fits] = shapely.area(shapely.intersection(taken, lots[fits])) < 1.0
    edges = np.diff(np.concatenate([[0], fits.astype(int), [0]]))
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    stretches = [
        (float(places[start]), float(places[stop - 1]) + SLICE) for start, stop in zip(starts, stops, strict=True)
    ]
    return [(start, end) for start, end in stretches if end - start >= least]


def _slices(
    facade: shapely.LineString, places: Points, frontage: Frontage, block: shapely.Polygon, depth: float
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_], Points]:
    """Return the lot of every slice of the façade line, the ground of a house on it, and the depth of the lot."""
    starts = shapely.get_coordinates(shapely.line_interpolate_point(facade, places))
    ends = shapely.get_coordinates(shapely.line_interpolate_point(facade, places + SLICE))
    steps = ends - starts
    spans = np.maximum(np.hypot(steps[:, 0], steps[:, 1]), 0.01)
    inward = np.column_stack([-steps[:, 1], steps[:, 0]]) / spans[:, None] * frontage.side
    lengths = np.maximum(_lot_lengths((starts + ends) / 2, inward, frontage, block), 1.0)

    def quadrangles(front: float, back: Points) -> npt.NDArray[np.object_]:
        near, far = inward * front, inward * back[:, None]
        corners = np.stack([starts + near, ends + near, ends + far, starts + far, starts + near], axis=1)
        made: npt.NDArray[np.object_] = np.asarray(shapely.polygons(corners), dtype=object)
        return made

    return quadrangles(-frontage.front - 1.0, lengths), quadrangles(0.0, np.full(len(places), depth)), lengths


def row_on(
    facade: shapely.LineString, position: float, length: float, frontage: Frontage, block: shapely.Polygon
) -> Row:
    """Return the straight row on the chord of the façade line, with lots as deep as the block allows."""
    start, _ = along(facade, position)
    end, _ = along(facade, position + length)
    span = max(float(np.hypot(*(end - start))), 0.01)
    heading = (end - start) / span
    inward = np.array([-heading[1], heading[0]]) * frontage.side
    # Measured a quarter from both ends, because at the corners of a block the ray may hit the cross street.
    points = start + (end - start) * np.array([[0.25], [0.75]])
    low, high = _lot_lengths(points, np.vstack([inward, inward]), frontage, block)
    slope = (high - low) / 2
    lengths = max(float(low - slope), 1.0), max(float(high + slope), 1.0)
    return Row(start, heading, inward, span, lengths, frontage.front, frontage.side)


def _lot_lengths(points: Points, inward: Points, frontage: Frontage, block: shapely.Polygon) -> Points:
    """Depths from front walls to the end of the garden: to the middle of the block, but at a head."""
    rays = shapely.linestrings(np.stack([points, points + inward * FAR], axis=1))
    hits, owner = shapely.get_coordinates(shapely.intersection(rays, block.boundary), return_index=True)
    first = np.full(len(points), FAR)
    np.minimum.at(first, owner, np.hypot(*(hits - points[owner]).T))
    first[~shapely.contains_xy(block, points[:, 0], points[:, 1])] = 0.0
    if frontage.head:
        return np.minimum(HEAD_LOT, first - 8.0)
    return np.minimum((first + frontage.front - ALLEY) / 2 - frontage.front, LONGEST_LOT)


def _build_row(
    layout: Layout, row: Row, frontage: Frontage, style: Style, rng: np.random.Generator, *, number: int
) -> None:
    """Build a row over its whole length: as many houses as fit about the width of the style."""
    year = layout.year + int(rng.integers(0, 4))
    lift = float(rng.choice([-0.3, 0.0, 0.3]))
    flat = rng.random() < style.flat
    hips = style.hipped and rng.random() < 0.55  # noqa: PLR2004 - about half of the rows
    count = max(round(row.length / style.width), 1)
    width = row.length / count
    mirror = bool(rng.integers(2))
    stagger = layout.use == "home zone"
    back = 0.0
    for index in range(count):
        near = index * width
        if stagger and index % 2 == 0:
            back = float(rng.choice([0.0, 0.0, 0.9, 1.5]))
        depth = min(row.depth_at(near), row.depth_at(near + width))
        ends = (2.4 if hips and index == 0 else 0.0, 2.4 if hips and index == count - 1 else 0.0)
        house = _house(
            row,
            frontage,
            style,
            near,
            width,
            depth,
            back,
            ends,
            rng,
            year=year,
            lift=lift,
            flat=flat,
            number=number,
        )
        if not layout.put(house, plot=row.lot(near, near + width)):
            continue
        if depth - back - style.depth > SHED_GARDEN and rng.random() < style.sheds:
            shed = _shed(row, near, width, depth, mirror=mirror ^ bool(index % 2), house=house, rng=rng)
            layout.put(shed, room=0.05)


def _house(
    row: Row,
    frontage: Frontage,
    style: Style,
    near: float,
    width: float,
    lot: float,
    back: float,
    hips: tuple[float, float],
    rng: np.random.Generator,
    *,
    year: int,
    lift: float,
    flat: bool,
    number: int,
) -> Building:
    """Return one house; some have had the ground floor extended into the garden."""
    if flat:
        profile = flat_profile(style.depth, height=8.9 + lift)
    else:
        profile = gable_profile(
            style.depth, eaves=style.eaves, ridge=style.ridge + lift, back_eaves=style.back_eaves
        )
    wings = [row.wing(near, width, back, profile, (0.0, 0.0) if flat else hips)]
    extension = float(rng.choice([0.0, 0.0, 2.4, 3.0]))
    if extension and lot - back - style.depth > EXTENSION_GARDEN:
        part = flat_profile(extension, height=EXTENSION_HEIGHT)
        wings.append(row.wing(near, width, back + style.depth, part))
    else:
        extension = 0.0
    floors = 3.0 if flat else 2.5 if style.ridge - style.eaves > STEEP else 2.1
    area = round(0.85 * width * (style.depth * floors + extension))
    position = float(frontage.street.line.project(shapely.Point(row.corner(near + width / 2, 0.0))))
    return Building(
        "terraced house",
        tuple(wings),
        year,
        (Unit("woonfunctie", area),),
        3 if flat else 2,
        frontage.street.name,
        frontage.side,
        position,
        number,
    )


def _shed(
    row: Row, near: float, width: float, depth: float, *, mirror: bool, house: Building, rng: np.random.Generator
) -> Building:
    """Return a wooden shed against the back path, in pairs on the boundary between two gardens."""
    size = float(rng.choice([2.2, 2.5, 2.8, 3.1]))
    length = float(rng.choice([3.0, 3.4, 3.8]))
    position = near + (0.0 if mirror else width - size)
    low = float(rng.choice([2.2, 2.4, 2.6]))
    lean_to = rng.random() < 0.35  # noqa: PLR2004 - about a third
    profile = ((0.0, low + 0.4), (length, low)) if lean_to else flat_profile(length, height=low + 0.1)
    wing = row.wing(position, size, depth - length - 0.15, profile)
    year = min(house.year + int(rng.integers(0, 30)), 2018)
    return Building("shed", (wing,), year, row=house.row)
