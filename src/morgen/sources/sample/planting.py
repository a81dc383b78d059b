"""Where trees, gullies and lamp posts stand: along canal and streets, in tree pits, in parks and on lawns."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
import shapely.ops

from morgen.sources.sample.cover import Claim, Tree
from morgen.sources.sample.lines import along, parallel
from morgen.sources.sample.palette import PIT
from morgen.sources.sample.partition import Piece
from morgen.sources.sample.plan import PlannedSheet
from morgen.sources.sample.sheet import Sheet
from morgen.sources.sample.street import Street

__all__ = ["gullies", "lamp_posts", "plant"]

CANAL_SPACING, ROAD_SPACING = 9.5, 12.0
"""Between trees along the water, and along main roads, m."""
GULLY_SPACING = 18.0
"""Between gullies along a gutter, m."""
LAMP_SPACING = 32.0
GREEN = ("begroeidterreindeel", "ondersteunendwegdeel")

Spot = tuple[float, float, float]
"""x, y (m RD) and height (m) of a tree that is wanted."""


def plant(planned: PlannedSheet, pieces: Sequence[Piece], decks: Sequence[Claim], seed: int) -> list[Tree]:
    """Return the trees of public space: in green of the partition, clear of houses, bridges and each other."""
    sheet = planned.sheet
    rng = np.random.default_rng([seed, sheet.column, sheet.row, 2])
    spots = [*_pits(pieces), *_rows(sheet)]
    spots += [(p.x, p.y, height) for block in planned.blocks for p, height in block.layout.trees]
    west, south, east, north = planned.bounds
    spots = [spot for spot in spots if west + 1 < spot[0] < east - 1 and south + 1 < spot[1] < north - 1]
    green = shapely.union_all([p.shape for p in pieces if p.claim.cover.theme in GREEN])
    footprints = [building.footprint for building in planned.standing]
    bridges = shapely.union_all([deck.shape for deck in decks]) if decks else shapely.Point(0, 0)
    points = shapely.points([spot[:2] for spot in spots])
    shapely.prepare(green)
    fits = shapely.contains(green, points) & (shapely.distance(bridges, points) > 3)  # noqa: PLR2004 - m, abutment
    return _apart(spots, fits, _clear_of(footprints, points), rng)


def _clear_of(footprints: Sequence[Any], points: Any) -> npt.NDArray[np.float64]:
    """Distance from each point to the nearest building, m."""
    clear = np.full(len(points), np.inf)
    if footprints and len(points):
        (asked, _), clear[:] = shapely.STRtree(footprints).query_nearest(
            points, return_distance=True, all_matches=False
        )
        assert len(asked) == len(points)
    return clear


def _apart(
    spots: Sequence[Spot], fits: npt.NDArray[np.bool_], clear: npt.NDArray[np.float64], rng: np.random.Generator
) -> list[Tree]:
    """Keep the trees that have room for their crown; earlier spots have the better right."""
    trees: list[Tree] = []
    cells: dict[tuple[int, int], list[Tree]] = {}
    for (x, y, height), fit, room in zip(spots, fits, clear, strict=True):
        grown = float(rng.uniform(0.75, 1.25))
        tree = Tree(round(x, 3), round(y, 3), round(height * grown, 2), round((0.25 * height + 0.6) * grown, 2))
        if not fit or room < 0.7 * tree.radius:
            continue
        cell = int(x // 8), int(y // 8)
        near = (t for dx in (-1, 0, 1) for dy in (-1, 0, 1) for t in cells.get((cell[0] + dx, cell[1] + dy), ()))
        if all(np.hypot(x - t.x, y - t.y) > 0.75 * (tree.radius + t.radius) for t in near):
            trees.append(tree)
            cells.setdefault(cell, []).append(tree)
    return trees


def _pits(pieces: Sequence[Piece]) -> list[Spot]:
    """Return the middle of every tree pit between the parking bays."""
    middles = [piece.shape.centroid for piece in pieces if piece.claim.cover == PIT]
    return [(middle.x, middle.y, 7.5) for middle in middles]


def _rows(sheet: Sheet) -> Iterator[Spot]:
    """Yield trees on both quays, and in the verges of main roads."""
    for street in sheet.streets:
        if street.kind not in {"quay", "through road", "distributor", "residential"}:
            continue
        for kind, near, far in street.lanes():
            if kind == "verge":
                quay = street.kind == "quay"
                spacing = CANAL_SPACING if quay else ROAD_SPACING
                yield from _row(parallel(street.line, (near + far) / 2), spacing, 12.0 if quay else 10.0)


def _row(line: shapely.LineString, spacing: float, height: float) -> Iterator[Spot]:
    for position in np.arange(3.0, line.length, spacing):
        x, y = along(line, float(position))[0]
        yield float(x), float(y), height


def gullies(sheet: Sheet, pieces: Sequence[Piece], window: shapely.Polygon) -> list[shapely.Point]:
    """Return a gully (kolk) in both gutters of every street, every 18 m."""
    roads = shapely.union_all([p.shape for p in pieces if p.claim.cover.relief in {"carriageway", "shared"}])
    shapely.prepare(roads)
    points = []
    for street in sheet.streets:
        if street.walk_only or street.kind == "dike" or not street.line.intersects(window):
            continue
        for side in (1, -1):
            gutter: Any = parallel(street.line, side * (street.carriageway / 2 - 0.25))
            points += [(x, y) for x, y, _ in _row(_from(gutter, 6.0), GULLY_SPACING, 0.0)]
    placed: Any = shapely.points(np.round(np.array(points).reshape(-1, 2), 3))
    return [point for point in placed[shapely.contains(roads, placed)] if window.contains(point)]


def _from(line: shapely.LineString, start: float) -> shapely.LineString:
    """Return a line without its first ``start`` m."""
    rest: Any = shapely.ops.substring(line, start, line.length)
    return shapely.LineString(rest.coords) if len(rest.coords) > 1 else line


def lamp_posts(
    sheet: Sheet, pieces: Sequence[Piece], decks: Sequence[Claim], window: shapely.Polygon
) -> list[shapely.Point]:
    """Return lamp posts along streets and paths, on alternate sides, just behind the kerb."""
    paved = shapely.union_all([p.shape for p in pieces if p.claim.cover.relief in {"footpath", "verge"}])
    shapely.prepare(paved)
    points = []
    for street in sheet.streets:
        if street.line.intersects(window):
            points += list(_lamps(street))
    placed: Any = shapely.points(np.round(np.array(points).reshape(-1, 2), 3))
    bridges = shapely.union_all([deck.shape for deck in decks]) if decks else shapely.Point(0, 0)
    keep = shapely.contains(paved, placed) & (shapely.distance(bridges, placed) > 0)
    return [point for point in placed[keep] if window.contains(point)]


def _lamps(street: Street) -> Iterator[tuple[float, float]]:
    for rank, position in enumerate(np.arange(12.0, street.line.length, LAMP_SPACING)):
        side = 1 if rank % 2 else -1
        lanes = [near for kind, near, _ in street.lanes() if np.sign(near) == side and kind != "parking"]
        near = min(lanes, key=abs) if lanes else side * street.carriageway / 2
        (x, y), heading = along(street.line, float(position))
        offset = near + side * 0.4
        yield float(x - heading[1] * offset), float(y + heading[0] * offset)
