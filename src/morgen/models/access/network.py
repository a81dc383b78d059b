"""Where people walk: nodes and edges with a length, and the places that stand beside them."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse

from morgen.core.errors import InputError, ParameterError

if TYPE_CHECKING:
    import geopandas

__all__ = ["SNAP_LIMIT", "Network", "Placed", "Walkable", "build_network"]

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
SNAP_LIMIT = 50.0
"""m from a place to the nearest edge of the network."""
TOUCHES = 1e-3
"""m; a place this near to a junction is at the junction."""
ONE_PLACE = 1.0
"""m; ends of lines that name the same junction lie this near to each other."""
SHORTEST = 1e-6
"""m; a connection of length 0 would be none in a sparse table."""


class Walkable(Protocol):
    """What distances can be measured over."""

    @property
    def graph(self) -> Any:
        """(n_node, n_node) scipy sparse, symmetric, m."""
        ...


@dataclass(frozen=True, eq=False)
class Placed:
    """Places joined to a network, each at a node of its own that a straight line joins to the nearest edge."""

    graph: Any
    """(n_node, n_node) scipy sparse, symmetric, m: the nodes of the network first, then those of the places."""
    node: Whole
    """(n,) node of each place; -1 where no edge is near enough."""
    distance: Floats
    """(n,) m from the place to the nearest edge as the crow flies, also where that is too far."""

    @property
    def missed(self) -> tuple[int, ...]:
        """Rows of the places that stand too far from the network."""
        return tuple(int(row) for row in np.flatnonzero(self.node < 0))


@dataclass(frozen=True, eq=False)
class Network:
    """A network that is walked both ways."""

    points: Floats
    """(n_node, 2) m RD New."""
    ends: Whole
    """(n_edge, 2) nodes where each edge begins and ends."""
    length: Floats
    """(n_edge,) m along each edge."""
    lines: npt.NDArray[Any]
    """(n_edge,) shapely LineStrings from begin to end."""

    @classmethod
    def of(cls, paths: "geopandas.GeoDataFrame") -> Self:
        """Build from a ``paths`` layer: its walkable pieces, in their order.

        Raises ``InputError`` when nothing can be walked, or when one junction lies in two places.
        """
        walked = paths[paths["walkable"].to_numpy(dtype=bool)]
        if not len(walked):
            message = f"none of the {len(paths)} pieces of the layer 'paths' can be walked; link a walking network"
            raise InputError(message)
        lines = walked.geometry.to_numpy()
        begin, stop = (shapely.get_coordinates(shapely.get_point(lines, end)) for end in (0, -1))
        names = np.concatenate([walked["from_node"], walked["to_node"]]).astype(str)
        known, first, node = np.unique(names, return_index=True, return_inverse=True)
        where = np.concatenate([begin, stop])
        points = where[first]
        apart = np.hypot(*(where - points[node]).T)
        if (apart > ONE_PLACE).any():
            worst = int(apart.argmax())
            message = (
                f"the junction {known[node[worst]]} of the layer 'paths' lies in two places {apart[worst]:.1f} m"
                f" apart, at {_at(points[node[worst]])} and {_at(where[worst])}; correct the network, or link one"
                " network only"
            )
            raise InputError(message)
        ends = np.asarray(node, dtype=np.int64).reshape(2, -1).T
        return cls(points, ends, walked["length"].to_numpy(dtype=np.float64), lines)

    @cached_property
    def graph(self) -> Any:
        """(n_node, n_node) scipy sparse, symmetric, m; of parallel edges the shortest."""
        return _graph(len(self.points), self.ends, self.length)

    def keep(self, edges: npt.ArrayLike) -> "Network":
        """Return the network with only the edges where the mask (n_edge,) holds; all nodes stay."""
        chosen = np.asarray(edges, dtype=bool)
        return Network(self.points, self.ends[chosen], self.length[chosen], self.lines[chosen])

    def place(self, places: npt.ArrayLike, *, limit: float = SNAP_LIMIT) -> Placed:
        """Join places (n, 2), m RD New, to the nearest edge within ``limit`` m, which is split there.

        Distances then count from the place itself: along a straight line to the edge, and on over the network.
        Raises ``ParameterError`` for a place without coordinates.
        """
        where = np.asarray(places, dtype=np.float64).reshape(-1, 2)
        if not np.isfinite(where).all():
            row = int(np.flatnonzero(~np.isfinite(where).all(axis=1))[0])
            message = f"place {row} has coordinates {where[row].tolist()}; give two finite numbers in m RD New"
            raise ParameterError(message)
        once, of_place = np.unique(where, axis=0, return_inverse=True)
        edge, off, along = self._nearest_edges(once)
        near = np.flatnonzero(off <= limit)
        graph, leaf = self._joined(edge[near], along[near], off[near])
        node = np.full(len(once), -1, dtype=np.int64)
        node[near] = leaf
        rows = np.asarray(of_place, dtype=np.int64).reshape(-1)
        return Placed(graph, node[rows], off[rows])

    def _nearest_edges(self, where: Floats) -> tuple[Whole, Floats, Floats]:
        """Return for each point the nearest edge, the m to it, and the m along it from where it begins."""
        if not len(where) or not len(self.lines):
            return np.zeros(len(where), np.int64), np.full(len(where), np.inf), np.zeros(len(where))
        spots = shapely.points(where)
        (row, found), off = shapely.STRtree(self.lines).query_nearest(
            spots, return_distance=True, all_matches=False
        )
        edge = np.asarray(found[np.argsort(row)], dtype=np.int64)
        share = shapely.line_locate_point(self.lines[edge], spots, normalized=True)
        return edge, np.asarray(off[np.argsort(row)], dtype=np.float64), share * self.length[edge]

    def _joined(self, edge: Whole, along: Floats, off: Floats) -> tuple[Any, Whole]:
        """Return the graph with a leaf for each place, and the nodes of these leaves."""
        at_begin = along <= TOUCHES
        at_end = ~at_begin & (along >= self.length[edge] - TOUCHES)
        inside = ~at_begin & ~at_end
        foot = np.where(at_begin, self.ends[edge, 0], self.ends[edge, 1])
        cuts, cut = np.unique(np.column_stack([edge[inside], along[inside]]), axis=0, return_inverse=True)
        foot[inside] = len(self.points) + cut.reshape(-1)
        leaf = len(self.points) + len(cuts) + np.arange(len(edge))
        ends, length = self._split(cuts[:, 0].astype(np.int64), cuts[:, 1])
        ends = np.concatenate([ends, np.column_stack([foot, leaf])])
        length = np.concatenate([length, np.maximum(off, SHORTEST)])
        return _graph(len(self.points) + len(cuts) + len(edge), ends, length), leaf

    def _split(self, edge: Whole, along: Floats) -> tuple[Whole, Floats]:
        """Return ends and lengths of all edges, cut at sorted places ``along`` some of them."""
        whole = np.ones(len(self.length), dtype=bool)
        whole[edge] = False
        cut = len(self.points) + np.arange(len(edge))
        starts = np.append(True, edge[1:] != edge[:-1])[: len(edge)]
        stops = np.append(edge[1:] != edge[:-1], True)[: len(edge)]
        before = np.where(starts, self.ends[edge, 0], np.roll(cut, 1))
        walked = np.where(starts, 0.0, np.roll(along, 1))
        last = np.column_stack([cut[stops], self.ends[edge[stops], 1]])
        ends = np.concatenate([self.ends[whole], np.column_stack([before, cut]), last])
        rest = self.length[edge[stops]] - along[stops]
        return ends, np.concatenate([self.length[whole], along - walked, rest])


def build_network(
    points: npt.ArrayLike, start: npt.ArrayLike, end: npt.ArrayLike, length: npt.ArrayLike
) -> Network:
    """Build from nodes (n, 2), m, and straight edges by rank of node and length (m), each (m,).

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
    ends = np.column_stack([begin, stop])
    return Network(nodes, ends, metres, np.asarray(shapely.linestrings(nodes[ends])))


def _graph(n_node: int, ends: Whole, length: Floats) -> Any:
    """Return the symmetric table; a sum of parallel edges, which scipy would make, is no way to walk."""
    one, other = ends.min(axis=1, initial=n_node), ends.max(axis=1, initial=0)
    order = np.lexsort((length, other, one))
    one, other, metres = one[order], other[order], length[order]
    first = np.append(True, (np.diff(one) != 0) | (np.diff(other) != 0))[: len(one)] & (one != other)
    row, column, value = one[first], other[first], metres[first]
    both = (np.concatenate([row, column]), np.concatenate([column, row]))
    return sparse.csr_matrix((np.concatenate([value, value]), both), shape=(n_node, n_node))


def _at(point: Floats) -> str:
    return f"({point[0]:.0f}, {point[1]:.0f})"
