"""Where trees and gullies stand: along canal and streets, in tree pits, in the park and on the lawn."""

from collections.abc import Sequence

import numpy as np
import shapely

from morgen.sources.sample.cover import Claim, Tree
from morgen.sources.sample.frame import BOX
from morgen.sources.sample.lines import along, parallel
from morgen.sources.sample.partition import Piece
from morgen.sources.sample.places import Flat, Park
from morgen.sources.sample.plan import Plan
from morgen.sources.sample.street_cover import PIT

__all__ = ["gullies", "plant"]

CANAL_SPACING = 9.5
"""Between trees along the water, m."""
GULLY_SPACING = 18.0
"""Between gullies along a gutter, m."""


def plant(
    plan: Plan, pieces: Sequence[Piece], decks: Sequence[Claim], park: Park, flat: Flat, rng: np.random.Generator
) -> list[Tree]:
    """Return the trees of public space: in green of the partition, clear of houses, bridges and each other."""
    spots = [(point, 7.5, 2.3) for point in _pits(pieces)]
    spots += [(point, 11.0, 3.6) for point in _canal_rows(plan)]
    spots += [(point, 10.0, 3.6) for point in _scattered(park.block.buffer(-3), 90, rng)]
    spots += [(point, 9.0, 3.2) for point in _scattered(flat.block.buffer(-3), 22, rng)]
    green = shapely.union_all([p.shape for p in pieces if p.claim.cover.theme in GREEN])
    walls = shapely.union_all([p.shape for p in pieces if p.claim.cover.theme == "pand"])
    bridges = shapely.union_all([deck.shape for deck in decks])
    shapely.prepare(green)
    trees: list[Tree] = []
    for point, height, radius in spots:
        x, y = round(point.x, 3), round(point.y, 3)
        grown = float(rng.uniform(0.75, 1.25))
        tree = Tree(x, y, round(height * grown, 2), round(radius * grown, 2))
        if not green.contains(tree.point) or bridges.distance(tree.point) < 3:  # noqa: PLR2004 - roots and abutment
            continue
        crowded = any(np.hypot(x - t.x, y - t.y) < 0.7 * (tree.radius + t.radius) for t in trees)
        if not crowded and walls.distance(tree.point) > 0.7 * tree.radius:
            trees.append(tree)
    return trees


GREEN = ("begroeidterreindeel", "ondersteunendwegdeel")


def _pits(pieces: Sequence[Piece]) -> list[shapely.Point]:
    """Return the middle of every tree pit between the parking bays."""
    return [piece.shape.centroid for piece in pieces if piece.claim.cover == PIT]


def _canal_rows(plan: Plan) -> list[shapely.Point]:
    """Two rows of canal trees: in the verge of the quay, and in the grass of the towing path."""
    points = []
    for distance in (plan.canal.width / 2 + 3.5, -plan.canal.width / 2 - 4.0):
        line = parallel(plan.canal.line, distance)
        positions = np.arange(3.0, line.length, CANAL_SPACING)
        points += [shapely.Point(along(line, float(position))[0]) for position in positions]
    return points


def _scattered(block: shapely.Polygon, count: int, rng: np.random.Generator) -> list[shapely.Point]:
    xmin, ymin, xmax, ymax = block.intersection(shapely.box(*BOX)).bounds
    points = [shapely.Point(x, y) for x, y in rng.uniform((xmin, ymin), (xmax, ymax), (count, 2))]
    return [point for point in points if block.contains(point)]


def gullies(plan: Plan, pieces: Sequence[Piece]) -> list[shapely.Point]:
    """Return a gully (kolk) in both gutters of every street, every 18 m."""
    roads = shapely.union_all([p.shape for p in pieces if p.claim.cover.relief == "carriageway"])
    shapely.prepare(roads)
    points = []
    for street in plan.streets:
        if street.walk_only:
            continue
        for side in (1, -1):
            line = parallel(street.line, side * (street.carriageway / 2 - 0.25))
            for position in np.arange(9.0, line.length, GULLY_SPACING):
                point = shapely.Point(np.round(along(line, float(position))[0], 3))
                if roads.contains(point):
                    points.append(point)
    return points
