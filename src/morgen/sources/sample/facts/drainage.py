"""Where the sewers end: pumping stations with a pressure main, and overflows and outfalls to open water."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from morgen.sources.sample.facts.network import Network, Section
from morgen.sources.sample.facts.sewers import MIXED_BEFORE, Heights, Tree, lay_tree, root_of_manhole
from morgen.sources.sample.wijk import Waterway, Wijk

__all__ = ["Drainage", "Outfall", "Station", "drain"]

Points = npt.NDArray[np.float64]

UNSEWERED = ("path", "dike", "service")
"""Kinds of street without a sewer."""
BESIDE_WATER = 70.0
"""Junctions this near to water, m, can have an outfall."""
OUTFALL_SPACING = 140.0
OVERFLOW_SPACING = 320.0
BESIDE_CANAL = 60.0
SHORTEST_OUTFALL = 0.5
ON_LAND = 2.0
"""A junction nearer to water than this, m, is on a bridge; it has an outfall only when there is no other."""
OVERFLOW_ABOVE_WATER = 0.20
"""Crest of an overflow above the usual level of the water behind it, m."""
FOUL_WATER = 0.012
"""Foul water of one person in the hour that it is most, m3 (Leidraad Riolering)."""
PEOPLE_A_DWELLING = 2.1
PUMPED_RAIN = 0.7
"""Pompovercapaciteit, mm/h over the paved ground of the mixed streets."""
PAVED_A_METRE = 22.0
"""Paved ground and roofs that run to a mixed pipe, m2 a metre of street."""


@dataclass(frozen=True)
class Outfall:
    """A pipe from a manhole to open water."""

    tree: str
    """'foul' for an overflow of mixed sewers, 'rain' for an outfall."""
    manhole: int
    line: shapely.LineString
    """From the manhole to the bank."""
    water: str
    """Name of the water."""
    water_level: float
    crest: float | None
    """Crest of the overflow, m NAP; None for an outfall."""


@dataclass(frozen=True)
class Station:
    """A rioolgemaal: where it stands, what it can, and its pressure main to the edge of the wijk."""

    manhole: int
    point: tuple[float, float]
    capacity: float
    """m3/h."""
    main: shapely.LineString


@dataclass(frozen=True, eq=False)
class Drainage:
    """All sewers."""

    foul: Tree
    rain: Tree
    stations: tuple[Station, ...]
    outfalls: tuple[Outfall, ...]


def drain(wijk: Wijk, network: Network, heights: Heights) -> Drainage:
    """Lay the sewers of the wijk and their ends."""
    sewered = [section for section in network.sections if section.street.kind not in UNSEWERED]
    separated = [section for section in sewered if section.street.year >= MIXED_BEFORE]
    foul = lay_tree(
        sewered, network, _station_junctions(wijk, network, sewered), wijk=wijk, heights=heights, rain=False
    )
    outfall_junctions = _beside_water(wijk, network, separated)
    rain = lay_tree(separated, network, outfall_junctions, wijk=wijk, heights=heights, rain=True)
    overflows = [_outfall("foul", foul, rank, wijk) for rank in _overflow_manholes(wijk, foul)]
    outlets = [_outfall("rain", rain, rank, wijk) for rank in rain.roots]
    return Drainage(foul, rain, _stations(wijk, network, foul), (*overflows, *outlets))


def _station_junctions(wijk: Wijk, network: Network, sections: Sequence[Section]) -> list[int]:
    """Return the junctions nearest to the pumping stations of the plan, or in the middle of each canal."""
    spots = [(each.point.x, each.point.y) for each in wijk.facilities if each.kind == "pumping station"]
    canals = [waterway for waterway in wijk.waterways if waterway.kind == "canal"] or list(wijk.waterways[:1])
    if not spots and canals:
        middles = [canal.line.interpolate(0.5, normalized=True) for canal in canals]
        spots = [(middle.x, middle.y) for middle in middles]
    ranks = sorted({rank for section in sections for rank in (section.start, section.end)})
    here = network.points[ranks]
    centre = ((wijk.bounds[0] + wijk.bounds[2]) / 2, (wijk.bounds[1] + wijk.bounds[3]) / 2)
    return sorted({ranks[int(np.argmin(np.hypot(*(here - spot).T)))] for spot in spots or [centre]})


def _beside_water(wijk: Wijk, network: Network, sections: Sequence[Section]) -> list[int]:
    """Return junctions for outfalls: near water and not near each other, and one for every connected part."""
    ranks = sorted({rank for section in sections for rank in (section.start, section.end)})
    if not ranks or not wijk.waterways:
        return []
    water = shapely.union_all([waterway.shape for waterway in wijk.waterways])
    distances = np.asarray(shapely.distance(shapely.points(network.points[ranks]), water))
    away = dict(zip(ranks, distances.tolist(), strict=True))
    part = _parts(sections, len(network.points))
    chosen: list[int] = []
    served = set()
    for rank in sorted(ranks, key=lambda each: (away[each] < ON_LAND, away[each], each)):
        spacing = np.hypot(*(network.points[chosen] - network.points[rank]).T).min(initial=np.inf)
        if part[rank] not in served or (ON_LAND <= away[rank] <= BESIDE_WATER and spacing >= OUTFALL_SPACING):
            chosen.append(rank)
            served.add(part[rank])
    return sorted(chosen)


def _parts(sections: Iterable[Section], junctions: int) -> list[int]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = np.array([(section.start, section.end) for section in sections], dtype=np.int64)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(junctions, junctions))
    return [int(label) for label in connected_components(graph, directed=False)[1]]


def _overflow_manholes(wijk: Wijk, tree: Tree) -> list[int]:
    """Return the manholes of mixed pipes with an overflow: along the canal, one every few hundred metres."""
    mixed = sorted({pipe.lower for pipe in tree.pipes if pipe.is_mixed} - set(tree.roots))
    canals = [each.shape for each in wijk.waterways if each.kind == "canal"] or [
        each.shape for each in wijk.waterways
    ]
    if not mixed or not canals:
        return []
    points = np.array([tree.manholes[rank].point for rank in mixed])
    away = np.asarray(shapely.distance(shapely.points(points), shapely.union_all(canals)))
    away = np.where(away < ON_LAND, np.inf, away)
    chosen: list[int] = []
    for index in np.argsort(away, kind="stable").tolist():
        spacing = np.hypot(*(points[chosen] - points[index]).T).min(initial=np.inf)
        if not chosen or (away[index] <= BESIDE_CANAL and spacing >= OVERFLOW_SPACING):
            chosen.append(index)
    return sorted(mixed[index] for index in chosen)


def _outfall(kind: str, tree: Tree, manhole: int, wijk: Wijk) -> Outfall:
    point = shapely.Point(tree.manholes[manhole].point)
    water = _nearest_water(wijk, point)
    line = shapely.shortest_line(point, water.shape)
    if line.length < SHORTEST_OUTFALL:  # a manhole on a bridge: its pipe goes straight down into the water
        line = shapely.LineString([(point.x, point.y), (point.x + SHORTEST_OUTFALL, point.y)])
    crest = round(water.level + OVERFLOW_ABOVE_WATER, 2) if kind == "foul" else None
    return Outfall(kind, manhole, shapely.set_precision(line, 0.01), water.name, water.level, crest)


def _nearest_water(wijk: Wijk, point: shapely.Point) -> Waterway:
    return min(wijk.waterways, key=lambda each: each.shape.distance(point))


def _stations(wijk: Wijk, network: Network, tree: Tree) -> tuple[Station, ...]:
    root = root_of_manhole(tree)
    dwellings = _dwellings_by_root(wijk, tree, root)
    found = []
    for rank in tree.roots:
        x, y = tree.manholes[rank].point
        mixed = sum(
            float(np.hypot(*(np.array(tree.manholes[pipe.upper].point) - tree.manholes[pipe.lower].point)))
            for pipe in tree.pipes
            if pipe.is_mixed and root[pipe.upper] == rank
        )
        people = dwellings.get(rank, 0) * PEOPLE_A_DWELLING
        capacity = people * FOUL_WATER + PUMPED_RAIN / 1000 * mixed * PAVED_A_METRE
        main = _pressure_main(wijk, network, (x, y))
        found.append(Station(rank, (x + 3.0, y + 3.0), round(capacity, 1), main))
    return tuple(found)


def _dwellings_by_root(wijk: Wijk, tree: Tree, root: npt.NDArray[np.int64]) -> dict[int, int]:
    from scipy.spatial import KDTree

    if not wijk.dwellings or not tree.manholes:
        return {}
    points = np.array([(each.point.x, each.point.y) for each in wijk.dwellings])
    _, nearest = KDTree(np.array([manhole.point for manhole in tree.manholes])).query(points)
    ranks, counts = np.unique(root[nearest], return_counts=True)
    return dict(zip(ranks.tolist(), counts.tolist(), strict=True))


def _pressure_main(wijk: Wijk, network: Network, start: tuple[float, float]) -> shapely.LineString:
    """Return the way along the streets from a station to the edge of the box, where the works take it over."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    ends = np.array([(each.start, each.end) for each in network.sections])
    lengths = np.array([each.line.length for each in network.sections])
    size = len(network.points)
    graph = coo_array((lengths, (ends[:, 0], ends[:, 1])), shape=(size, size)).tocsr()
    first = int(np.argmin(np.hypot(*(network.points - start).T)))
    away, before = dijkstra(graph, directed=False, indices=first, return_predecessors=True)  # type: ignore[call-overload]
    edge = shapely.distance(shapely.points(network.points), wijk.box.exterior) < 1.0
    goal = (
        int(np.argmin(np.where(edge, away, np.inf)))
        if edge.any()
        else int(np.argmax(np.where(np.isinf(away), 0, away)))
    )
    ranks = [goal]
    while ranks[-1] != first:
        ranks.append(int(before[ranks[-1]]))
    return _along(network, ranks[::-1], start)


def _along(network: Network, ranks: Sequence[int], start: tuple[float, float]) -> shapely.LineString:
    between: dict[tuple[int, int], Any] = {}
    for section in network.sections:
        coords = list(section.line.coords)
        between.setdefault((section.start, section.end), coords)
        between.setdefault((section.end, section.start), coords[::-1])
    coords = [(start[0] + 3.0, start[1] + 3.0), (start[0], start[1])]
    for here, there in pairwise(ranks):
        coords += between[here, there][1:]
    return shapely.LineString([(round(x, 2), round(y, 2)) for x, y, *_ in coords])
