"""Every block of a sheet is filled: by what the drawing says of it, else as its district was built."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from morgen.sources.sample.cover import Claim, Cover
from morgen.sources.sample.facilities import care, church, park, school, shops, sports
from morgen.sources.sample.flats import apartments, gallery_flat, open_slabs, towers
from morgen.sources.sample.layout import Layout
from morgen.sources.sample.palette import ALLEY, BEDS, GARDEN, GRASS, LAWN, MEADOW
from morgen.sources.sample.rows import fill_with_rows
from morgen.sources.sample.sheet import DistrictFace, Sheet
from morgen.sources.sample.village import fill_lane
from morgen.sources.sample.works import industry

__all__ = ["ROUND", "FilledBlock", "fill_sheet"]

ROUND = 20.0
"""Radius of the ground of a roundabout, m."""
SMALLEST = 60.0
"""Ground between streets smaller than this, m2, is no block."""
CRUMB = 0.4
"""Smaller pieces, m2, are left to what lies beside them."""
NARROW = 1.3
"""Leftover ground narrower than twice this, m, is a passage; wider is a shrub bed."""
EDGE = 3.0
"""Buildings keep this distance from the edge of the sheet, m."""
HOUSES = {"closed block", "rows", "home zone", "church", "pairs"}
SCHOOLS = ("Basisschool De Brug", "Basisschool De Vlinder")


@dataclass(frozen=True)
class FilledBlock:
    """A block with all that is in it."""

    number: int
    """From 1, on its sheet."""
    layout: Layout
    district: DistrictFace
    claims: tuple[Claim, ...]
    """On its ground, in order, the last over everything."""


def fill_sheet(sheet: Sheet, seed: int, window: shapely.Polygon) -> list[FilledBlock]:
    """Return the blocks of ``sheet`` that lie in ``window``, whole and filled, in a fixed order.

    Every block has its own random numbers, so that it is the same at every scale.
    """
    filled: list[FilledBlock] = []
    ditches = shapely.union_all([ditch.water.buffer(2.2) for ditch in sheet.ditches])
    for number, block in enumerate(blocks_of(sheet), start=1):
        if not block.intersects(window):
            continue
        rng = np.random.default_rng([seed, sheet.column, sheet.row, number])
        layout, district, at = _layout(sheet, block)
        _fill(sheet, layout, at, rng, ditches, rows=number * 1000)
        filled.append(FilledBlock(number, layout, district, tuple(_ground(layout))))
    return filled


def blocks_of(sheet: Sheet) -> list[shapely.Polygon]:
    """Return what streets, canal and roundabouts leave over, from south to north."""
    rounds = [point.buffer(ROUND, quad_segs=12) for point in sheet.roundabouts]
    taken = shapely.union_all([sheet.water, *(street.corridor for street in sheet.streets), *rounds])
    parts = shapely.get_parts(shapely.difference(sheet.frame, taken, grid_size=0.001))
    blocks = [block for block in parts if block.area > SMALLEST]
    return sorted(blocks, key=lambda block: (round(block.centroid.y), round(block.centroid.x)))


def _layout(sheet: Sheet, block: shapely.Polygon) -> tuple[Layout, DistrictFace, shapely.Point]:
    """Return the empty layout of a block, its district, and the point that its hint was drawn at."""
    inside = block.representative_point()
    shared = [shapely.area(shapely.intersection(face.shape, block)) for face in sheet.districts]
    district = sheet.districts[int(np.argmax(shared))]
    for point, hint in sheet.hints:
        if block.contains(point):
            return Layout(block, hint.use, hint.year), district, point
    use = district.use
    if use != "meadow" and (block.area < 1500 or _slender(block)):  # noqa: PLR2004 - m2
        use = "green"
    return Layout(block, use, district.year), district, inside


def _slender(block: shapely.Polygon) -> bool:
    """Whether nowhere in a block there is room for a house with a garden."""
    return bool(block.buffer(-14.0).is_empty)


def _fill(
    sheet: Sheet, layout: Layout, at: shapely.Point, rng: np.random.Generator, ditches: Any, *, rows: int
) -> None:
    """Lay out one block; its rows of houses are numbered from ``rows``."""
    frame = sheet.frame.buffer(-EDGE, join_style="mitre")
    layout.reserved += [ditches.intersection(layout.block), layout.block.difference(frame)]
    use = layout.use
    if use == "church":
        church(layout, rng, at=at)
    elif use == "school":
        school(layout, rng, name=SCHOOLS[layout.year > 1980])  # noqa: PLR2004
    elif use == "sports":
        sports(layout, rng, at=at)
    elif use in PLAIN:
        PLAIN[use](layout, rng)
    elif use == "park":
        park(layout, rng, name="Weidepark")
    if use in {*HOUSES, "care", "park"}:
        fill_lane(layout, sheet.streets, rng)
    if use in HOUSES:
        fill_with_rows(layout, sheet.streets, rng, rows=rows)
    if use in {"green", "meadow"}:
        layout.rest = MEADOW if use == "meadow" else GRASS
        _plant_green(layout, rng)
    blocked = shapely.union_all([ditches, sheet.frame.exterior.buffer(EDGE)])
    keep = [index for index, b in enumerate(layout.buildings) if not b.footprint.intersects(blocked)]
    _keep(layout, keep)


PLAIN = {
    "open slabs": open_slabs,
    "gallery flat": gallery_flat,
    "towers": towers,
    "apartments": apartments,
    "care": care,
    "shops": shops,
    "industry": industry,
}


def _keep(layout: Layout, keep: list[int]) -> None:
    place = {old: new for new, old in enumerate(keep)}
    layout.buildings = [layout.buildings[index] for index in keep]
    layout.plots = [(shape, place.get(index, -1)) for shape, index in layout.plots]


def _plant_green(layout: Layout, rng: np.random.Generator) -> None:
    west, south, east, north = layout.block.bounds
    count = int(layout.block.area / (900 if layout.use == "meadow" else 260))
    for x, y in rng.uniform((west, south), (east, north), (count, 2)):
        layout.trees.append((shapely.Point(x, y), float(rng.choice([7.0, 9.0, 12.0]))))


def _ground(layout: Layout) -> list[Claim]:
    """Return the claims of a block: what was laid out, gardens, passages, and what is left."""
    claims = list(layout.claims)
    if layout.plots:
        claims += _gardens(layout)
    rest = layout.rest or (LAWN if layout.use in HOUSES else GRASS)
    return [*claims, Claim(rest, layout.block)]


def _gardens(layout: Layout) -> list[Claim]:
    block = layout.block
    plots = [shapely.intersection(plot, block) for plot, _ in layout.plots]
    gardens = shapely.union_all(plots, grid_size=0.001).buffer(0.01, join_style="mitre").intersection(block)
    claims = [Claim(GARDEN, part) for plot in plots for part in shapely.get_parts(plot) if part.area > CRUMB]
    if layout.use not in HOUSES:
        return claims
    claimed = shapely.union_all([claim.shape for claim in layout.claims], grid_size=0.001)
    left = block.difference(shapely.union(gardens, claimed, grid_size=0.001))
    wide = left.buffer(-NARROW, join_style="mitre").buffer(NARROW, join_style="mitre")
    claims += [Claim(ALLEY, gap) for gap in shapely.get_parts(left.difference(wide)) if gap.area > CRUMB]
    return claims + [Claim(_leftover(bed, block, layout.use), bed) for bed in shapely.get_parts(wide)]


def _leftover(bed: shapely.Polygon, block: shapely.Polygon, use: str) -> Cover:
    """Beside the street grow shrubs, a wedge between rows is somebody's side garden, a field is a lawn."""
    if bed.area > 350 or use == "home zone":  # noqa: PLR2004 - m2
        return LAWN
    beside_street = bed.boundary.intersection(block.boundary.buffer(0.05)).length
    return BEDS if beside_street > 8 else GARDEN  # noqa: PLR2004 - m
