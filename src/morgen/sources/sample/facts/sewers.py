"""Sewers under the streets: trees of pipes that all run downhill, to a pumping station or to open water.

Where streets were laid out before 1970 one mixed pipe takes everything to the pumping station, with overflows to
the canal; later streets have a pipe for foul water, which joins the mixed ones, and one for rain, which runs to
the nearest water. Rules of thumb of Dutch practice (Leidraad Riolering): manholes 30 to 40 m apart, slope 1 in
500, at least 1 m of ground on the pipe, inverts that never rise.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely
import shapely.ops

from morgen.sources.sample.facts.network import Network, Section
from morgen.sources.sample.wijk import Wijk

__all__ = ["MIXED_BEFORE", "Heights", "Manhole", "Pipe", "Tree", "lay_tree", "root_of_manhole"]

Points = npt.NDArray[np.float64]
Heights = Callable[[Points], npt.NDArray[np.float64]]
"""Height of the ground at points (two columns, m RD), m NAP."""

MIXED_BEFORE = 1970
"""Streets laid out before this year have one mixed sewer."""
SPACING = 38.0
"""Manholes are at most so far apart, m."""
KERB = 0.4
"""Pipes stay at least so far from the kerb where a few more manholes can do that, m."""
COVER = 1.0
"""Ground on top of a pipe at its upper end, m."""
SLOPE = 0.002
"""Fall of a pipe, m a metre."""
OVER_WATER = 40.0
"""A metre over water counts as so many: pipes cross a canal where they must only."""
DIAMETERS = ((120, 0.3), (350, 0.4), (800, 0.5), (1800, 0.6), (4000, 0.8), (float("inf"), 1.0))
"""Length of pipe upstream, m, up to which a rain or mixed pipe has this diameter, m."""
FOUL_DIAMETER = 0.25


@dataclass(frozen=True)
class Manhole:
    """An inspectieput; ``rank`` counts within its tree."""

    point: tuple[float, float]
    ground: float
    """m NAP."""
    section: Section


@dataclass(frozen=True)
class Pipe:
    """A straight pipe between two manholes of a tree, from the upper to the lower end."""

    upper: int
    lower: int
    diameter: float
    """m."""
    upper_invert: float
    """Inside bottom (bob) at the upper end, m NAP."""
    lower_invert: float
    is_mixed: bool
    """Whether rain and foul water of mixed streets runs in it."""
    crosses_water: bool


@dataclass(frozen=True, eq=False)
class Tree:
    """Pipes that run to the same kind of end; every manhole has one pipe down, but for the roots."""

    manholes: tuple[Manhole, ...]
    pipes: tuple[Pipe, ...]
    roots: tuple[int, ...]
    """Ranks of the manholes where it ends."""


def lay_tree(
    sections: Sequence[Section],
    network: Network,
    roots: Sequence[int],
    *,
    wijk: Wijk,
    heights: Heights,
    rain: bool,
) -> Tree:
    """Lay pipes under all ``sections`` so that each runs down to the nearest of ``roots`` (junctions).

    Sections that no root can be reached from get no pipe.
    """
    water = shapely.union_all([waterway.shape for waterway in wijk.waterways])
    shapely.prepare(water)
    down, distance = _way_down(sections, network, roots, water)
    builder = _Builder(network, heights)
    for rank, section in enumerate(sections):
        if np.isinf(distance[section.start]) or np.isinf(distance[section.end]):
            continue
        if down.get(section.start) == rank:
            builder.chain(section, reverse=False)
        elif down.get(section.end) == rank:
            builder.chain(section, reverse=True)
        else:
            builder.both_ways(section)
    return builder.tree([root for root in roots if root in builder.junction], water=water, rain=rain)


def _way_down(
    sections: Sequence[Section], network: Network, roots: Sequence[int], water: shapely.Geometry
) -> tuple[Mapping[int, int], npt.NDArray[np.float64]]:
    """Return for each junction the section (rank) towards its root, and the way to the root, m (Dijkstra 1959)."""
    import heapq

    beside: dict[int, list[tuple[int, int, float]]] = {}
    for rank, section in enumerate(sections):
        wet = section.line.intersection(water).length
        cost = section.line.length + wet * OVER_WATER
        beside.setdefault(section.start, []).append((section.end, rank, cost))
        beside.setdefault(section.end, []).append((section.start, rank, cost))
    distance = np.full(len(network.points), np.inf)
    distance[list(roots)] = 0.0
    down: dict[int, int] = {}
    queue = [(0.0, root) for root in roots]
    heapq.heapify(queue)
    while queue:
        so_far, here = heapq.heappop(queue)
        if so_far > distance[here]:
            continue
        for there, rank, cost in beside.get(here, []):
            if so_far + cost < distance[there]:
                distance[there] = so_far + cost
                down[there] = rank
                heapq.heappush(queue, (distance[there], there))
    return down, distance


class _Builder:
    """Collects manholes and the pipes between them, and then gives every pipe its size and its inverts."""

    def __init__(self, network: Network, heights: Heights) -> None:
        self.network, self.heights = network, heights
        self.points: list[tuple[float, float]] = []
        self.sections: list[Section] = []
        self.links: list[tuple[int, int, Section]] = []
        self.junction: dict[int, int] = {}

    def chain(self, section: Section, *, reverse: bool) -> None:
        """Lay pipes from one end of a section to the other, downhill towards its end (its start if reversed)."""
        ranks = self._manholes(section)
        self._link(ranks[::-1] if reverse else ranks, section)

    def both_ways(self, section: Section) -> None:
        """Lay pipes from the middle of a section to both ends; a section of one pipe's length needs none."""
        ranks = self._manholes(section)
        middle = len(ranks) // 2
        self._link(ranks[middle - 1 :: -1], section)
        self._link(ranks[middle:], section)

    def _link(self, ranks: Sequence[int], section: Section) -> None:
        self.links += [(upper, lower, section) for upper, lower in pairwise(ranks)]

    def _manholes(self, section: Section) -> list[int]:
        inner = _along(section)[1:-1]
        first, last = (self._junction(rank, section) for rank in (section.start, section.end))
        return [first, *(self._add((point.x, point.y), section) for point in inner), last]

    def _junction(self, rank: int, section: Section) -> int:
        if rank not in self.junction:
            x, y = self.network.points[rank]
            self.junction[rank] = self._add((float(x), float(y)), section)
        return self.junction[rank]

    def _add(self, point: tuple[float, float], section: Section) -> int:
        self.points.append((round(point[0], 2), round(point[1], 2)))
        self.sections.append(section)
        return len(self.points) - 1

    def tree(self, roots: Sequence[int], *, water: shapely.Geometry, rain: bool) -> Tree:
        """Return the finished tree, computed from the farthest manholes down to the roots."""
        points = np.array(self.points, dtype=np.float64).reshape(-1, 2)
        ground = np.round(self.heights(points), 2) if len(points) else np.zeros(0)
        upstream, mixed = self._gathered(points)
        invert = np.full(len(points), np.inf)
        pipes: dict[int, Pipe] = {}
        for upper, lower, _ in self._from_the_top():
            run = shapely.LineString([self.points[upper], self.points[lower]])
            wide = _diameter(upstream[upper], is_rain=rain or bool(mixed[upper]))
            start = min(invert[upper], ground[upper] - COVER - wide)
            end = round(min(start - SLOPE * run.length, ground[lower] - COVER - wide), 2)
            invert[lower] = min(invert[lower], end)
            wet = run.intersects(water)
            pipes[upper] = Pipe(upper, lower, wide, round(float(start), 2), end, bool(mixed[upper]), bool(wet))
        manholes = tuple(
            Manhole(point, float(height), section)
            for point, height, section in zip(self.points, ground, self.sections, strict=True)
        )
        return Tree(
            manholes, tuple(pipes[upper] for upper in sorted(pipes)), tuple(self.junction[r] for r in roots)
        )

    def _from_the_top(self) -> list[tuple[int, int, Section]]:
        """Return the links so that each comes after all links above it (Kahn 1962)."""
        down = {upper: (upper, lower, section) for upper, lower, section in self.links}
        waiting = np.bincount([lower for _, lower, _ in self.links], minlength=len(self.points))
        ready = [rank for rank in range(len(self.points)) if waiting[rank] == 0]
        order = []
        while ready:
            rank = ready.pop()
            if rank in down:
                order.append(down[rank])
                lower = down[rank][1]
                waiting[lower] -= 1
                if waiting[lower] == 0:
                    ready.append(lower)
        return order

    def _gathered(self, points: Points) -> tuple[Points, npt.NDArray[np.bool_]]:
        """Return by manhole the length of pipe above it, its own pipe included, and whether any of it is mixed."""
        length = np.zeros(len(points))
        mixed = np.zeros(len(points), dtype=bool)
        for upper, lower, section in self._from_the_top():
            length[upper] += float(np.hypot(*(points[upper] - points[lower])))
            mixed[upper] |= section.street.year < MIXED_BEFORE
            length[lower] += length[upper]
            mixed[lower] |= mixed[upper]
        return length, mixed


def _along(section: Section) -> list[shapely.Point]:
    """Return points along a section for its manholes: closer together in bends, so that pipes stay under it."""
    least = max(1, int(np.ceil(section.line.length / SPACING)))
    room = section.street.carriageway / 2 - KERB
    points: list[shapely.Point] = []
    for steps in range(least, 3 * least + 1):
        points = list(shapely.line_interpolate_point(section.line, np.linspace(0, 1, steps + 1), normalized=True))
        chords = [shapely.LineString(pair).interpolate(0.5, normalized=True) for pair in pairwise(points)]
        if max(section.line.distance(middle) for middle in chords) <= room:
            break
    return points


def root_of_manhole(tree: Tree) -> npt.NDArray[np.int64]:
    """Return for each manhole the rank of the root that it runs to."""
    down = {pipe.upper: pipe.lower for pipe in tree.pipes}
    root = np.full(len(tree.manholes), -1, dtype=np.int64)
    for rank in range(len(tree.manholes)):
        way = [rank]
        while root[way[-1]] < 0 and way[-1] in down:
            way.append(down[way[-1]])
        root[way] = root[way[-1]] if root[way[-1]] >= 0 else way[-1]
    return root


def _diameter(upstream: float, *, is_rain: bool) -> float:
    """Return the diameter of a pipe by the length of pipe above it, m; foul water needs little room."""
    if not is_rain:
        return FOUL_DIAMETER
    return next(diameter for bound, diameter in DIAMETERS if upstream <= bound)
