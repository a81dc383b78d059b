"""The streets as a network: sections between junctions, with every end exactly on its junction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely
import shapely.ops

from morgen.sources.sample.wijk import Street

__all__ = ["Network", "Section", "street_network"]

Points = npt.NDArray[np.float64]

MEETS = 3.0
"""Ends and crossings this close together, m, are one junction."""
SHORTEST = 4.0
"""A section shorter than this, m, with both ends in one junction is no section."""


@dataclass(frozen=True)
class Section:
    """A street between two junctions, or from a junction to its end."""

    street: Street
    line: shapely.LineString
    """From ``start`` to ``end``, in the direction of the street."""
    start: int
    end: int
    """Ranks of the junctions."""


@dataclass(frozen=True, eq=False)
class Network:
    """Junctions and sections."""

    points: Points
    """Junctions, m RD, two columns."""
    sections: tuple[Section, ...]

    @cached_property
    def degree(self) -> npt.NDArray[np.int64]:
        """Return how many ends of sections meet in each junction."""
        ends = [rank for section in self.sections for rank in (section.start, section.end)]
        return np.bincount(np.array(ends, dtype=np.int64), minlength=len(self.points))


def street_network(streets: Iterable[Street]) -> Network:
    """Return the network of streets; they meet where they cross and where one ends on (or just beside) another."""
    streets = list(streets)
    tree = shapely.STRtree([street.line for street in streets])
    cuts = [_cuts(street, [streets[other] for other in _near(tree, street)]) for street in streets]
    spots = np.array([point for cut in cuts for _, point in cut], dtype=np.float64).reshape(-1, 2)
    group = _grouped(spots)
    centres = np.array([spots[group == rank].mean(axis=0) for rank in range(group.max(initial=-1) + 1)])
    points = np.round(centres.reshape(-1, 2), 3)
    sections: list[Section] = []
    first = 0
    for street, cut in zip(streets, cuts, strict=True):
        sections += _sections(street, [at for at, _ in cut], group[first : first + len(cut)].tolist(), points)
        first += len(cut)
    return _without_loose(points, sections)


def _near(tree: shapely.STRtree, street: Street) -> list[int]:
    found = tree.query(street.line, predicate="dwithin", distance=MEETS)
    return sorted(int(rank) for rank in found)


def _cuts(street: Street, others: Sequence[Street]) -> list[tuple[float, tuple[float, float]]]:
    """Return (position along the street, point) of both its ends and of every place where another one meets it."""
    line = street.line
    found = [
        (0.0, (line.coords[0][0], line.coords[0][1])),
        (line.length, (line.coords[-1][0], line.coords[-1][1])),
    ]
    for other in others:
        if other is street:
            continue
        meeting = [shapely.Point(other.line.coords[end]) for end in (0, -1)]
        near = [end for end in meeting if line.distance(end) <= MEETS]
        crossings = [
            part for part in shapely.get_parts(line.intersection(other.line)) if part.geom_type == "Point"
        ]
        for point in (*crossings, *near):
            at = float(line.project(point))
            found.append((at, (point.x, point.y)))
    found.sort()
    return [cut for index, cut in enumerate(found) if index == 0 or cut[0] - found[index - 1][0] > 0.01]  # noqa: PLR2004


def _grouped(spots: Points) -> npt.NDArray[np.int64]:
    """Return the rank of the junction of each spot: spots within ``MEETS`` of each other share one."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import KDTree

    pairs = KDTree(spots).query_pairs(MEETS, output_type="ndarray")
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(spots), len(spots)))
    _, labels = connected_components(graph, directed=False)
    _, first = np.unique(labels, return_index=True)
    order = np.argsort(np.argsort(first))  # junctions are numbered in the order of the streets
    return np.asarray(order[labels], dtype=np.int64)


def _sections(street: Street, positions: Sequence[float], ranks: Sequence[int], points: Points) -> list[Section]:
    found = []
    for near, far, start, end in zip(positions, positions[1:], ranks, ranks[1:], strict=False):
        if start == end and far - near < SHORTEST + MEETS:
            continue
        inner = shapely.ops.substring(street.line, near, far)
        coords = [tuple(points[start]), *[c[:2] for c in inner.coords[1:-1]], tuple(points[end])]
        found.append(Section(street, shapely.set_precision(shapely.LineString(coords), 0.001), start, end))
    return found


def _without_loose(points: Points, sections: Sequence[Section]) -> Network:
    """Return the network without junctions that no section has."""
    used = sorted({rank for section in sections for rank in (section.start, section.end)})
    renumbered = {old: new for new, old in enumerate(used)}
    kept = tuple(
        Section(each.street, each.line, renumbered[each.start], renumbered[each.end]) for each in sections
    )
    return Network(points[used], kept)
