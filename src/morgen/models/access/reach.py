"""Distances over the network, and what share of the people has what within reach."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import dijkstra

from morgen.core.errors import ParameterError
from morgen.models.access.network import Walkable

__all__ = ["Distances", "fifteen_minute_score", "nearest", "pairs_within", "share_within", "summarise"]

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
BATCH_BYTES = 200_000_000
"""Most memory that one batch of distances may take."""
FIFTEEN_MINUTES = 1_250.0
"""m in 15 minutes at 5 km/h."""


@dataclass(frozen=True, eq=False)
class Distances:
    """How far it is to the nearest facility, over the people."""

    median: float
    """m; inf when half of the people cannot reach one."""
    p90: float
    """m; nine in ten have less far to go."""
    edges: Floats
    """(n + 1,) m, borders of the classes."""
    people: Floats
    """(n,) people per class; a border belongs to the class above it, the last one also to its own."""
    beyond: float
    """People who have farther to go than the last border, or no way at all."""


def nearest(network: Walkable, facilities: npt.ArrayLike, *, limit: float = np.inf) -> Floats:
    """Return for every node, (n_node,), the metres to the nearest of the facility nodes; inf beyond ``limit``."""
    nodes = np.unique(np.asarray(facilities, dtype=np.int64))
    nodes = nodes[nodes >= 0]
    if not nodes.size:
        message = "no facility stands on the network; give at least one node of it"
        raise ParameterError(message)
    return np.asarray(dijkstra(network.graph, indices=nodes, min_only=True, limit=limit))


def pairs_within(network: Walkable, sources: npt.ArrayLike, targets: npt.ArrayLike, *, limit: float) -> Floats:
    """Return metres (n_source, n_target) between nodes, inf beyond ``limit``; in batches of at most 200 MB."""
    start, end = np.asarray(sources, dtype=np.int64), np.asarray(targets, dtype=np.int64)
    size = max(1, BATCH_BYTES // (8 * network.graph.shape[0]))
    table = np.full((len(start), len(end)), np.inf)
    here, there = np.flatnonzero(start >= 0), np.flatnonzero(end >= 0)
    for first in range(0, len(here), size):
        rows = here[first : first + size]
        table[np.ix_(rows, there)] = dijkstra(network.graph, indices=start[rows], limit=limit)[:, end[there]]
    return table


def share_within(distance: npt.ArrayLike, people: npt.ArrayLike, limit: float) -> float:
    """Return the share, 0 to 1, of the people (n,) whose distance (n,) is at most ``limit``."""
    metres, count = _weighted(distance, people)
    return float(count[metres <= limit].sum() / count.sum())


def summarise(distance: npt.ArrayLike, people: npt.ArrayLike, *, edges: npt.ArrayLike) -> Distances:
    """Return median, 90th percentile and histogram of the distance (n,) over people (n,)."""
    metres, count = _weighted(distance, people)
    borders = np.asarray(edges, dtype=np.float64)
    inside = metres <= borders[-1]
    histogram, _ = np.histogram(metres[inside], bins=borders, weights=count[inside])
    below = float(count[metres < borders[0]].sum())
    order = np.argsort(metres)
    rising = np.cumsum(count[order]) / count.sum()
    median, p90 = (float(metres[order][np.searchsorted(rising, part - 1e-12)]) for part in (0.5, 0.9))
    return Distances(median, p90, borders, histogram, float(count.sum() - histogram.sum() - below))


def fifteen_minute_score(
    distances: Mapping[str, npt.ArrayLike], *, limit: float = FIFTEEN_MINUTES
) -> tuple[Whole, dict[str, npt.NDArray[np.bool_]]]:
    """Return per place the number of themes within reach, and the components: per theme who reaches it.

    ``distances`` holds per theme the metres (n,) to its nearest facility; seven themes give a score of 0 to 7.
    """
    if not distances:
        message = "the 15-minute score needs at least one theme, and there are none"
        raise ParameterError(message)
    parts = {theme: np.asarray(metres, dtype=np.float64) <= limit for theme, metres in distances.items()}
    return np.sum(list(parts.values()), axis=0, dtype=np.int64), parts


def _weighted(distance: npt.ArrayLike, people: npt.ArrayLike) -> tuple[Floats, Floats]:
    metres, count = np.asarray(distance, dtype=np.float64), np.asarray(people, dtype=np.float64)
    if metres.shape != count.shape or metres.ndim != 1:
        message = f"distance has shape {metres.shape} and people {count.shape}; give one of each per place"
        raise ParameterError(message)
    if np.isnan(metres).any() or not np.isfinite(count).all() or (count < 0).any() or count.sum() <= 0:
        message = "people must be 0 or more with a total above 0, and distances numbers or inf"
        raise ParameterError(message)
    return metres, count
