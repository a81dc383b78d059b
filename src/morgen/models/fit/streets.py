"""The walking network of a situation, in pieces short enough to meet every door."""

from typing import Final

import numpy as np
import shapely
import shapely.ops

from morgen.core.situation import Situation
from morgen.models.access import Network
from morgen.models.fit.hazard import Water
from morgen.models.fit.problem import Streets

__all__ = ["streets_of"]

PIECE: Final = 15.0
"""m; people step onto a street at its nearest node, so nodes lie no farther apart than this."""


def streets_of(situation: Situation, water: Water | None) -> Streets:
    """Return the walkable pieces of the layer ``paths``, cut every 15 m, with the depth of the storm on each.

    Raises ``MissingLayerError``, and ``InputError`` when nothing can be walked.
    """
    network = Network.of(situation.features("paths"))
    nodes, ends, lengths, pieces = [network.points], [], [], []
    count = len(network.points)
    for (start, end), length, line in zip(network.ends, network.length, network.lines, strict=True):
        parts = max(1, int(np.ceil(length / PIECE)))
        inner = shapely.line_interpolate_point(line, np.arange(1, parts) / parts, normalized=True)
        nodes.append(shapely.get_coordinates(inner).reshape(-1, 2))
        chain = np.array([start, *range(count, count + parts - 1), end])
        count += parts - 1
        ends.append(np.column_stack([chain[:-1], chain[1:]]))
        lengths.append(np.full(parts, length / parts))
        pieces += [shapely.ops.substring(line, k / parts, (k + 1) / parts, normalized=True) for k in range(parts)]
    edges = np.concatenate(ends)
    depth = np.zeros(len(edges)) if water is None else water.along(np.array(pieces, dtype=object))
    return Streets(nodes=np.concatenate(nodes), edges=edges, length=np.concatenate(lengths), depth=depth)
