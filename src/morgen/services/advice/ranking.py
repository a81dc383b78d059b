"""Which sites are worth a run of a model: those on the way of water to what is hit, by what they take per euro."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.noun import Text
from morgen.core.situation import Situation
from morgen.measures.contract import validate
from morgen.measures.cost import MeasureCost, measure_cost
from morgen.measures.edit import building_rows, coverage
from morgen.measures.registry import get_measure
from morgen.models.flood.paths import FlowPaths
from morgen.services.advice.sites import Site, may_be_made

if TYPE_CHECKING:
    import geopandas

__all__ = ["Candidate", "Hits", "rank"]

FloatArray = npt.NDArray[np.float64]

NEAR: Final = (0.05, 0.30)
"""Depth at the wall (m) from which a building counts a little, and from which it counts in full."""
POND_DEPTHS: Final = (0.30, 0.20, 0.15, 0.10)
"""m: the water that a building stands in is what is about as deep as at its wall.

Shallow water of all streets hangs together in heavy rain, and says nothing of one place.
"""
BESIDE: Final = 5
"""Cells around the wall of a building in shallow water that count as its water."""
LONGEST_WAY: Final = 2000
"""Cells that water is followed to what it hits."""
AROUND: Final = 15.0
"""m around where water meets buildings in which they are counted."""
RUNOFF: Final = 0.7
"""Share of the rain on all that drains to a place that comes there, about; only for the order of sites."""
OF_ONE_KIND: Final = 0.4
"""Share of the candidates that may be of one kind, so that the search has a choice."""
HOUR: Final = 3600.0


@dataclass(frozen=True)
class Candidate:
    """A site that the search may choose."""

    site: Site
    cost: MeasureCost
    reason: Text
    """Why here, in one sentence."""


@dataclass(frozen=True, eq=False)
class Hits:
    """What a storm does without measures, on the cells of a situation."""

    max_depth: FloatArray
    """m, shape (rows, columns); NaN where no water can be."""
    buildings: "geopandas.GeoDataFrame"
    """Buildings in the area with ``max_depth`` at their wall, m."""


@dataclass(frozen=True, eq=False)
class _Ground:
    """Ways of water and what lies on them; arrays have shape (rows, columns)."""

    situation: Situation
    hits: Hits
    area: FloatArray
    """What drains to a cell, m2."""
    ponds: FloatArray
    """Weight of the buildings that stand in the water of a cell; 0 on dry ground."""
    met: FloatArray
    """The largest of these on the way of the water of a cell."""
    paths: FlowPaths

    @classmethod
    def of(cls, situation: Situation, hits: Hits) -> "_Ground":
        paths = FlowPaths.of(situation)
        depth = hits.buildings["max_depth"].to_numpy(dtype=float, na_value=np.nan)
        near = np.flatnonzero(depth >= NEAR[0])
        ponds = _ponds(situation, hits, near)
        return cls(situation, hits, paths.area(), ponds, paths.meets(ponds), paths)


def rank(
    situation: Situation, sites: Sequence[Site], hits: Hits, *, rain: float, limit: int, roads: bool = False
) -> list[Candidate]:
    """Return at most ``limit`` sites, the most promising first; ``rain`` is that of the storm, mm.

    A site that no water passes on its way to a building that is hit (or, with ``roads``, to a road under water) is
    left out. The order is by the water that it can take times what that water would hit, per euro; it only decides
    which sites get a run of the model.
    """
    ground = _Ground.of(situation, hits if not roads else _on_roads(situation, hits))
    found = []
    for site in sites:
        score, reason = _promise(ground, site, rain)
        if score > 0:
            found.append((score, site, reason))
    found.sort(key=lambda item: -item[0])
    most, counts = max(3, int(OF_ONE_KIND * limit)), dict.fromkeys((item[1].measure.kind for item in found), 0)
    chosen: list[Candidate] = []
    for _score, site, reason in found:
        if len(chosen) == limit:
            break
        if counts[site.measure.kind] < most and may_be_made(situation, site):
            counts[site.measure.kind] += 1
            chosen.append(Candidate(site, measure_cost(situation, site.measure), reason))
    return chosen


def _promise(ground: _Ground, site: Site, rain: float) -> tuple[float, Text]:
    """Return how much of the water that hits something the site takes per euro, and the reason."""
    situation, kind = ground.situation, get_measure(site.measure.kind)
    parameters = validate(kind, site.measure.parameters)
    cells = _cells(situation, site, kind.occupies)
    if not cells.any():
        return 0.0, Text(nl="", en="")
    met = float(ground.met[cells].max())
    cost = measure_cost(situation, site.measure).middle
    if met <= 0 or cost <= 0:
        return 0.0, Text(nl="", en="")
    comes = _comes(ground, site, cells)
    takes = min(_capacity(situation, site, parameters), RUNOFF * rain / 1000.0 * comes)
    return met * takes / cost, _reason(ground, cells, comes)


def _comes(ground: _Ground, site: Site, cells: npt.NDArray[np.bool_]) -> float:
    """Return the surface (m2) whose rain comes to a site."""
    if get_measure(site.measure.kind).occupies == "roof":
        frame = ground.situation.features("buildings")
        return float(frame.geometry[building_rows(ground.situation, site.measure.geometry)].area.sum())
    return float(ground.area[cells].max())


def _capacity(situation: Situation, site: Site, parameters: Any) -> float:
    """Return the water (m3) that a measure can take in an hour, about."""
    kind, geometry = get_measure(site.measure.kind), site.measure.geometry
    if kind.volume is not None:
        return float(kind.volume(situation, geometry, parameters))
    if kind.id == "larger-sewer":
        return float(parameters.capacity) / 1000.0 * float(geometry.area)
    if kind.id == "pump":
        return float(parameters.capacity) * HOUR
    if kind.id == "culvert":
        return float(parameters.width * parameters.height) * HOUR  # at 1 m/s
    return 0.02 * float(geometry.area) if geometry.area else 1.0


def _cells(situation: Situation, site: Site, occupies: str) -> npt.NDArray[np.bool_]:
    """Return the cells of a site; of one on a building those along its walls."""
    geometry, grid = site.measure.geometry, situation.grid
    if occupies in ("roof", "floor level", "downpipe"):
        frame = situation.features("buildings")
        geometry = frame.geometry[building_rows(situation, geometry)].union_all().buffer(1.5 * grid.cell_size)
    elif geometry.geom_type != "Polygon":
        import shapely

        geometry = shapely.Point(geometry.coords[0]).buffer(grid.cell_size)
    return np.asarray(coverage(geometry, grid) > 0)


def _ponds(situation: Situation, hits: Hits, near: npt.NDArray[np.int64]) -> FloatArray:
    """Return per cell the weight of the buildings that stand in its water."""
    from scipy.ndimage import label, maximum_filter

    depth = np.nan_to_num(hits.max_depth)
    ponds = np.zeros(depth.shape)
    at_wall = hits.buildings["max_depth"].to_numpy(dtype=float, na_value=np.nan)
    places = [_deepest(situation, hits.buildings.geometry.iloc[row], depth) for row in near]
    weights = np.clip((at_wall[near] - NEAR[0]) / (NEAR[1] - NEAR[0]), 0.02, 1.0)
    for least in POND_DEPTHS:
        labels, count = label(depth >= least, structure=np.ones((3, 3)))
        numbers = np.array([labels[place] for place in places], dtype=np.int64)
        total = np.bincount(numbers, weights=weights, minlength=count + 1)
        total[0] = 0.0
        ponds = np.where(ponds > 0, ponds, total[labels])
    beside = np.zeros(depth.shape)
    for place, weight in zip(places, weights, strict=True):
        beside[place] += weight
    return np.where(ponds > 0, ponds, maximum_filter(beside, size=BESIDE))


def _deepest(situation: Situation, footprint: Any, depth: FloatArray) -> tuple[int, int]:
    """Return the cell beside a building where water is deepest."""
    grid = situation.grid
    xmin, ymin, xmax, ymax = footprint.buffer(1.5 * grid.cell_size).bounds
    top, bottom = (int(np.clip((grid.ymax - y) // grid.cell_size, 0, grid.rows - 1)) for y in (ymax, ymin))
    left, right = (int(np.clip((x - grid.xmin) // grid.cell_size, 0, grid.columns - 1)) for x in (xmin, xmax))
    window = depth[top : bottom + 1, left : right + 1]
    row, column = np.unravel_index(int(window.argmax()), window.shape)
    return top + int(row), left + int(column)


def _on_roads(situation: Situation, hits: Hits) -> Hits:
    """Return the roads under water in the place of buildings, with the depth on them."""
    import geopandas
    import shapely

    frame = situation.features("land_cover")
    roads = frame[(frame["theme"] == "wegdeel") & ~frame["function"].isin(("voetpad", "fietspad", "parkeervlak"))]
    depth = np.nan_to_num(hits.max_depth)
    grid = situation.grid
    points = shapely.point_on_surface(roads.geometry.to_numpy())
    rows = np.clip(((grid.ymax - shapely.get_y(points)) // grid.cell_size).astype(int), 0, grid.rows - 1)
    columns = np.clip(((shapely.get_x(points) - grid.xmin) // grid.cell_size).astype(int), 0, grid.columns - 1)
    wet = geopandas.GeoDataFrame(
        {"max_depth": depth[rows, columns]}, geometry=roads.geometry.to_numpy(), crs=roads.crs
    )
    return Hits(hits.max_depth, wet)


def _reason(ground: _Ground, cells: npt.NDArray[np.bool_], comes: float) -> Text:
    """Say how much water comes here, and what it meets on its way."""
    import shapely

    size, grid = ground.situation.grid.cell_size, ground.situation.grid
    row, column = np.unravel_index(int(np.where(cells, ground.met, -1.0).argmax()), cells.shape)
    steps, place = _first_met(ground, int(row), int(column))
    point = shapely.Point(grid.xmin + (place[1] + 0.5) * size, grid.ymax - (place[0] + 0.5) * size)
    depth = ground.hits.buildings["max_depth"].to_numpy(dtype=float, na_value=np.nan)
    near = ground.hits.buildings.sindex.query(point, predicate="dwithin", distance=max(AROUND, 3 * size))
    wet = depth[near][depth[near] >= NEAR[0]]
    count, deepest = len(wet), f"{100 * float(wet.max()):.0f}" if len(wet) else "0"
    hectares, metres = f"{comes / 10_000:.2g}", f"{steps * size:.0f}"
    here = steps * size <= AROUND
    where = Text(nl="hier" if here else f"{metres} m verderop", en="here" if here else f"{metres} m on")
    return Text(
        nl=f"Hier komt water van {hectares.replace('.', ',')} ha langs; {where.nl} staat het bij {count}"
        f" {'pand' if count == 1 else 'panden'} tot {deepest} cm hoog.",
        en=f"Water of {hectares} ha comes by here; {where.en} it stands up to {deepest} cm at {count}"
        f" {'building' if count == 1 else 'buildings'}.",
    )


def _first_met(ground: _Ground, row: int, column: int) -> tuple[int, tuple[int, int]]:
    """Return after how many cells the water of a cell meets the most that it meets, and where."""
    most = ground.met[row, column]
    for steps, cell in zip(range(LONGEST_WAY), ground.paths.way(row, column), strict=False):
        if ground.ponds[cell] >= most:
            return steps, cell
    return 0, (row, column)
