"""Achterpaden: the narrow paths behind back gardens, found from the plots that have their gate on one."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from morgen.sources.sample.wijk import Street, Wijk

__all__ = ["ALLEY", "alleys_of"]

Points = npt.NDArray[np.float64]

ALLEY = "alley"
"""Kind of street that the plan itself does not have."""
WIDTH = 1.8
"""m."""
NEIGHBOURS = 11.0
"""Gates at most so far apart, m, can be on one path."""
STRAIGHT = 1.2
"""Gates of both sides pull a path to and fro; it is drawn straight within this, m."""
TO_STREET = 30.0
"""The end of a path reaches a street at most so far away, m."""
THROUGH_GARDEN = 0.4
"""A path that would run farther through gardens, m, is none."""
LARGEST_PLOT = 420.0
"""Larger plots, m2, are not of terraced houses."""


def alleys_of(wijk: Wijk, streets: Sequence[Street]) -> list[Street]:
    """Return the alleys as paths: through the gates of neighbours (a minimum spanning tree), out to a street."""
    tree = shapely.STRtree([street.line for street in streets])
    houses = [plot for plot in wijk.plots if plot.pand and plot.shape.area < LARGEST_PLOT]
    by_block: dict[int, list[shapely.Polygon]] = {}
    for plot in houses:
        by_block.setdefault(plot.block, []).append(plot.shape)
    found: list[Street] = []
    for block in sorted(by_block):
        plots = by_block[block]
        lines = _paths(plots, [street.line for street in streets], tree)
        found += [
            Street(f"Achterpad {block}-{rank}", ALLEY, line, WIDTH, (), (), "tegels")
            for rank, line in enumerate(lines, start=1)
        ]
    return found


def _paths(
    plots: Sequence[shapely.Polygon], streets: Sequence[shapely.LineString], tree: shapely.STRtree
) -> list[shapely.LineString]:
    gardens = shapely.union_all(plots)
    shapely.prepare(gardens)
    gates = np.array([_gate(plot, streets[int(tree.nearest(plot.centroid))]) for plot in plots])
    links = [shapely.LineString(gates[[a, b]]) for a, b in _spanning(gates)]
    links = [link for link in links if link.intersection(gardens).length <= THROUGH_GARDEN]
    if not links:
        return []
    parts = shapely.get_parts(shapely.line_merge(shapely.union_all(links)))
    found: list[shapely.LineString] = []
    for part in parts:
        way_out = [_way_out(part.coords[end], streets, tree, gardens) for end in (0, -1)]
        if any(out is not None for out in way_out):
            start, end = (([out] if out is not None else []) for out in way_out)
            line = shapely.LineString([*start, *part.coords, *end]).simplify(STRAIGHT)
            found.append(shapely.LineString(line.coords))
    return found


def _gate(plot: shapely.Polygon, street: shapely.LineString) -> tuple[float, float]:
    """Return the place just outside the middle of the side of a plot that is farthest from its street."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(plot))
    middles = (corners[:-1] + corners[1:]) / 2
    back = middles[int(np.argmax(shapely.distance(shapely.points(middles), street)))]
    centre = np.array(plot.centroid.coords[0])
    outward = (back - centre) / np.hypot(*(back - centre))
    x, y = back + outward * WIDTH / 2
    return round(float(x), 2), round(float(y), 2)


def _spanning(gates: Points) -> list[tuple[int, int]]:
    """Return the links of the minimum spanning forest over gates that are near each other."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree
    from scipy.spatial import KDTree

    pairs = KDTree(gates).query_pairs(NEIGHBOURS, output_type="ndarray")
    lengths = np.hypot(*(gates[pairs[:, 0]] - gates[pairs[:, 1]]).T) + 1e-6
    graph = coo_array((lengths, (pairs[:, 0], pairs[:, 1])), shape=(len(gates), len(gates)))
    forest = minimum_spanning_tree(graph.tocsr()).tocoo()
    return sorted(zip(forest.row.tolist(), forest.col.tolist(), strict=True))


def _way_out(
    end: tuple[float, ...],
    streets: Sequence[shapely.LineString],
    tree: shapely.STRtree,
    gardens: shapely.Geometry,
) -> tuple[float, float] | None:
    """Return where the end of a path reaches the street, or None when gardens are in between."""
    point = shapely.Point(end[:2])
    street = streets[int(tree.nearest(point))]
    way = shapely.shortest_line(point, street)
    if way.length > TO_STREET or way.intersection(gardens).length > THROUGH_GARDEN:
        return None
    x, y = way.coords[-1]
    return float(x), float(y)
