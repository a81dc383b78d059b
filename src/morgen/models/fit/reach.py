"""Who can walk to which site: distances over the streets, gathered so that a promise holds for every address."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from morgen.core.errors import InputError
from morgen.models.fit.problem import Problem, Streets

__all__ = ["Cells", "Living", "ReachGroup", "Walks", "gather_cells", "reach_groups"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

BATCH_BYTES: Final = 100_000_000
"""Largest block of distances at once."""


class Walks:
    """Walking distances from places to everywhere, on streets that are dry, or without what is flooded."""

    def __init__(self, streets: Streets, *, dry_only: bool, snap: float) -> None:
        open_edges = streets.depth <= streets.passable if dry_only else np.ones(len(streets.length), bool)
        self._graph = _graph(streets, open_edges)
        self._tree = cKDTree(streets.nodes)
        self._snap = snap

    def snapped(self, points: FloatArray) -> tuple[IntArray, FloatArray]:
        """Return the nearest node of each point and the distance to it, m: infinite beyond the largest snap."""
        if not len(points):
            return np.zeros(0, np.int64), np.zeros(0)
        distance, node = self._tree.query(points)
        near = np.asarray(distance, np.float64)
        return np.asarray(node, np.int64), np.where(near <= self._snap, near, np.inf)

    def between(self, sources: FloatArray, targets: FloatArray, *, limit: float) -> FloatArray:
        """Return the distance (sources, targets) in m, infinite beyond ``limit``."""
        source_node, source_extra = self.snapped(sources)
        target_node, target_extra = self.snapped(targets)
        found = np.full((len(sources), len(targets)), np.inf)
        batch = max(1, BATCH_BYTES // (8 * max(1, self._graph.shape[0])))
        for start in range(0, len(sources), batch):
            rows = slice(start, start + batch)
            walked = dijkstra(self._graph, directed=False, indices=source_node[rows], limit=limit)
            found[rows] = walked[:, target_node] + source_extra[rows, None] + target_extra
        found[found > limit] = np.inf
        return found


def _graph(streets: Streets, open_edges: BoolArray) -> csr_array:
    """Return the network; of two edges between the same nodes the shortest counts, not their sum."""
    starts, ends = np.sort(streets.edges[open_edges], axis=1).T
    length = np.maximum(streets.length[open_edges], 1e-3)
    count = len(streets.nodes)
    longest_first = np.argsort(-length, kind="stable")
    shortest = dict(zip((starts * count + ends)[longest_first].tolist(), length[longest_first], strict=True))
    pairs = np.array(list(shortest), np.int64)
    return csr_array((np.array(list(shortest.values())), (pairs // count, pairs % count)), shape=(count, count))


@dataclass(frozen=True, eq=False)
class Living:
    """Everyone: the addresses of now first, then every site, where people may come to live."""

    points: FloatArray
    residents: FloatArray
    """Of now; 0 for sites."""
    first_site: int


@dataclass(frozen=True, eq=False)
class Cells:
    """Places to live in squares: ``order`` sorts the places by square, ``starts`` says where each begins."""

    living: Living
    order: IntArray
    starts: IntArray
    apart: IntArray
    """Places that are not on the network: nobody there reaches anything."""

    def farthest(self, distance: FloatArray) -> FloatArray:
        """Return the largest distance in each cell, (rows, cells), so that a reach holds for every address."""
        if not len(self.starts):
            return np.zeros((len(distance), 0))
        worst: FloatArray = np.maximum.reduceat(distance[:, self.order], self.starts, axis=1)
        return worst

    def members(self) -> list[IntArray]:
        """Return the places of each cell."""
        return np.split(self.order, self.starts[1:]) if len(self.starts) else []


@dataclass(frozen=True, eq=False)
class ReachGroup:
    """Residents with the same choice of sites."""

    residents: float
    """Of now."""
    sites: tuple[int, ...]
    """Sites (row in the problem) whose new residents belong here."""
    reached_from: tuple[int, ...]
    """Candidates (position in the list that was asked about) that all of them can walk to."""


def gather_cells(problem: Problem, walks: Walks) -> Cells:
    """Gather all places to live into squares of ``problem.cell_size``; raises ``InputError`` off the network."""
    sites = np.array([(site.x, site.y) for site in problem.sites]).reshape(-1, 2)
    points = np.concatenate([problem.addresses.points.reshape(-1, 2), sites])
    first = len(points) - len(sites)
    residents = np.concatenate([problem.addresses.residents, np.zeros(len(sites))])
    _, extra = walks.snapped(points)
    if not np.isfinite(extra[first:]).any():
        raise InputError(
            f"the walking network touches none of the {len(sites)} sites: none is within {problem.snap:g} m of it;"
            " give a network of the same place, in RD New"
        )
    near = np.flatnonzero(np.isfinite(extra))
    squares = np.floor(points[near] / problem.cell_size).astype(np.int64)
    _, square = np.unique(squares, axis=0, return_inverse=True)
    order = near[np.argsort(square, kind="stable")]
    starts = np.searchsorted(np.sort(square), np.arange(square.max() + 1))
    living = Living(points=points, residents=residents, first_site=first)
    return Cells(living=living, order=order, starts=starts, apart=np.flatnonzero(~np.isfinite(extra)))


def reach_groups(
    cells: Cells, walks: Walks, *, candidates: FloatArray, present: FloatArray, limit: float
) -> list[ReachGroup]:
    """Return the residents that no ``present`` place reaches, grouped by the ``candidates`` they can walk to."""
    living = cells.living
    reached = cells.farthest(walks.between(candidates, living.points, limit=limit)) <= limit
    served = np.zeros(len(cells.starts), bool)
    if len(present):
        nearest = walks.between(present, living.points, limit=limit).min(axis=0, keepdims=True)
        served = (cells.farthest(nearest) <= limit)[0]
    gathered: dict[bytes, list[int]] = {}
    for cell in np.flatnonzero(~served):
        gathered.setdefault(reached[:, cell].tobytes(), []).append(int(cell))
    members = cells.members()
    groups = [
        _group(living, np.concatenate([members[cell] for cell in same]), np.flatnonzero(reached[:, same[0]]))
        for same in gathered.values()
    ]
    apart = _group(living, cells.apart, np.zeros(0, np.int64))
    return [group for group in (*groups, apart) if group.residents or group.sites]


def _group(living: Living, places: IntArray, reached_from: IntArray) -> ReachGroup:
    return ReachGroup(
        residents=float(living.residents[places].sum()),
        sites=tuple(int(place) - living.first_site for place in places if place >= living.first_site),
        reached_from=tuple(int(candidate) for candidate in reached_from),
    )
