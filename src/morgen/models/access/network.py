"""Where people walk: nodes and edges with a length, and the places that stand on them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.spatial import cKDTree

from morgen.core.errors import ParameterError

__all__ = ["SNAP_LIMIT", "Snapped", "WalkingNetwork", "build_network"]

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
SNAP_LIMIT = 50.0
"""m from a place to the nearest node of the network."""


@dataclass(frozen=True, eq=False)
class Snapped:
    """Places on the network."""

    node: Whole
    """(n,) node of each place; -1 where none is near enough."""
    distance: Floats
    """(n,) m from the place to its node as the crow flies; to the nearest node also where that is too far."""

    @property
    def missed(self) -> tuple[int, ...]:
        """Rows of the places that stand too far from the network."""
        return tuple(int(row) for row in np.flatnonzero(self.node < 0))


@dataclass(frozen=True, eq=False)
class WalkingNetwork:
    """A network that is walked both ways."""

    points: Floats
    """(n_node, 2) m RD New."""
    lengths: Any
    """(n_node, n_node) scipy sparse, symmetric, m; of parallel edges the shortest."""

    def snap(self, places: npt.ArrayLike, *, limit: float = SNAP_LIMIT) -> Snapped:
        """Bring places (n, 2), m RD New, to their nearest node within ``limit`` m."""
        where = np.asarray(places, dtype=np.float64).reshape(-1, 2)
        if not np.isfinite(where).all():
            row = int(np.flatnonzero(~np.isfinite(where).all(axis=1))[0])
            message = f"place {row} has coordinates {where[row].tolist()}; give two finite numbers in m RD New"
            raise ParameterError(message)
        distance, node = cKDTree(self.points).query(where)
        return Snapped(np.where(distance <= limit, node, -1), np.asarray(distance, dtype=np.float64))


def build_network(
    points: npt.ArrayLike, start: npt.ArrayLike, end: npt.ArrayLike, length: npt.ArrayLike
) -> WalkingNetwork:
    """Build from nodes (n, 2), m, and edges by rank of node and length (m), each (m,).

    Raises ``ParameterError`` for an edge to a node that is not there or a length that is no positive number.
    """
    nodes = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    begin, stop = np.asarray(start, dtype=np.int64), np.asarray(end, dtype=np.int64)
    metres = np.asarray(length, dtype=np.float64)
    if not begin.shape == stop.shape == metres.shape or not len(metres):
        message = f"edges have {begin.size} starts, {stop.size} ends and {metres.size} lengths; give one of each"
        raise ParameterError(message)
    wrong = np.flatnonzero(~np.isfinite(metres) | (metres <= 0))
    if wrong.size:
        message = f"edge {wrong[0]} has length {metres[wrong[0]]}; give a finite number of metres above 0"
        raise ParameterError(message)
    outside = np.flatnonzero((np.minimum(begin, stop) < 0) | (np.maximum(begin, stop) >= len(nodes)))
    if outside.size:
        edge = int(outside[0])
        message = f"edge {edge} goes from node {begin[edge]} to {stop[edge]}; the nodes are 0 to {len(nodes) - 1}"
        raise ParameterError(message)
    return WalkingNetwork(nodes, _lengths(len(nodes), begin, stop, metres))


def _lengths(n_node: int, begin: Whole, stop: Whole, metres: Floats) -> Any:
    """Return the symmetric table; a sum of parallel edges, which scipy would make, is no way to walk."""
    one, other = np.minimum(begin, stop), np.maximum(begin, stop)
    order = np.lexsort((metres, other, one))
    one, other, metres = one[order], other[order], metres[order]
    first = np.append(True, (np.diff(one) != 0) | (np.diff(other) != 0)) & (one != other)
    row, column, value = one[first], other[first], metres[first]
    both = (np.concatenate([row, column]), np.concatenate([column, row]))
    return sparse.csr_matrix((np.concatenate([value, value]), both), shape=(n_node, n_node))
