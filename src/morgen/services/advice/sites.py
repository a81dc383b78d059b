"""Where measures could come, by rule: candidate sites from what lies on the ground and what stands on it.

The rules read the words of the BGT (theme, function, surface) and of 3DBAG (roof type), so that they find the same
in every town. A rule only says where a kind could lie; what it does there is for the model to say.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import shapely
import shapely.ops

from morgen.core.errors import MeasureError
from morgen.core.measure import Measure
from morgen.core.situation import Situation
from morgen.measures.application import check

if TYPE_CHECKING:
    import geopandas

__all__ = ["RULES", "Site", "Sites", "find_sites", "may_be_made"]

GREEN: Final = ("groenvoorziening", "grasland overig")
ROADS: Final = ("rijbaan lokale weg", "woonerf", "inrit")
PAVED: Final = ("open verharding", "gesloten verharding", "half verhard")
FLAT: Final = ("horizontal", "multiple horizontal")
GAP: Final = 0.3
"""m between pieces of ground that count as one place: they are cut by lines of the BGT, not by what lies there."""
MARGIN: Final = 0.5
"""m that a site keeps from what lies around it."""
LARGEST: Final = 500.0
"""m2 of one site: larger places are cut to the part around their lowest point."""
ENOUGH: Final = 0.8
"""Share of that which such a part should have."""
SMALL: Final = 80.0
"""m2 from which green is large enough for a wadi; smaller green can be a rain garden."""
BESIDE_WATER: Final = 5.0
"""m within which a street drains to open water by itself."""
FLAT_ROOF: Final = 100.0
"""m2 from which a flat roof is worth the work."""


@dataclass(frozen=True)
class Site:
    """A measure that could be made, and what the place is."""

    measure: Measure
    place: str
    """What lies there now, in a few words."""


@dataclass(frozen=True, eq=False)
class Sites:
    """What the rules look at."""

    situation: Situation
    land_cover: "geopandas.GeoDataFrame"
    buildings: "geopandas.GeoDataFrame"
    terrain: npt.NDArray[Any]
    """m NAP, shape (rows, columns)."""
    clear: float
    """m that lowered ground keeps from buildings: what lies nearer counts as water at the wall."""

    @classmethod
    def of(cls, situation: Situation, *, clear: float = 6.0) -> "Sites":
        """Read the layers once."""
        terrain = situation.raster("terrain").values
        return cls(situation, situation.features("land_cover"), situation.features("buildings"), terrain, clear)

    def places(
        self,
        *,
        functions: tuple[str, ...] = (),
        surfaces: tuple[str, ...] = (),
        least: float,
        lowered: bool = False,
    ) -> list[Any]:
        """Return the places of these functions or surfaces of at least ``least`` m2.

        The lines by which the BGT cuts one place in pieces do not count. Ground that is to be ``lowered`` keeps
        clear of buildings.
        """
        frame = self.land_cover
        chosen = frame["function"].isin(functions) if functions else frame["surface"].isin(surfaces)
        if functions and surfaces:
            chosen &= frame["surface"].isin(surfaces)
        chosen &= frame["theme"] != "pand"
        joined = shapely.union_all(shapely.buffer(frame.geometry[chosen].to_numpy(), GAP / 2))
        parts = shapely.get_parts(shapely.buffer(joined, -GAP / 2 - MARGIN, join_style="mitre"))
        distance = self.clear if lowered else MARGIN
        free = [piece for part in parts for piece in self._free(part, distance) if piece.area >= least]
        return [self._lowest_part(piece) for piece in free]

    def _free(self, shape: Any, distance: float) -> list[Any]:
        """Return what is left of a shape inside the area and ``distance`` m from buildings."""
        inside = shapely.intersection(shape, self.situation.area.polygon.buffer(-MARGIN))
        if inside.is_empty:
            return []
        near = self.buildings.sindex.query(inside, predicate="dwithin", distance=distance)
        if len(near):
            walls = shapely.union_all(self.buildings.geometry.iloc[near].to_numpy())
            inside = inside.difference(walls.buffer(distance))
        simple = inside.buffer(-0.01).simplify(0.2)
        return [part for part in shapely.get_parts(simple) if part.geom_type == "Polygon" and part.is_valid]

    def _lowest_part(self, shape: Any) -> Any:
        """Cut a large place to a square around its lowest point."""
        part, half = shape, 0.5 * np.sqrt(LARGEST)
        x, y = self.lowest(shape)
        while part.area > LARGEST and half < LARGEST:
            square = shapely.box(x - half, y - half, x + half, y + half)
            cut = max(shapely.get_parts(shape.intersection(square)), key=shapely.area)
            if cut.geom_type == "Polygon" and cut.area >= ENOUGH * LARGEST:
                return cut
            half *= 1.3
        return part

    def lowest(self, shape: Any) -> tuple[float, float]:
        """Return the place of the lowest ground in a shape, m RD."""
        grid = self.situation.grid
        xmin, ymin, xmax, ymax = shape.bounds
        x, y = np.meshgrid(np.arange(xmin, xmax, grid.cell_size), np.arange(ymin, ymax, grid.cell_size))
        inside = shapely.contains_xy(shape, x, y)
        if not inside.any():
            point = shape.representative_point()
            return point.x, point.y
        x, y = x[inside], y[inside]
        rows = np.clip(((grid.ymax - y) // grid.cell_size).astype(int), 0, grid.rows - 1)
        columns = np.clip(((x - grid.xmin) // grid.cell_size).astype(int), 0, grid.columns - 1)
        heights = np.nan_to_num(self.terrain[rows, columns], nan=np.inf)
        return float(x[heights.argmin()]), float(y[heights.argmin()])


Found = Iterator[tuple[Any, dict[str, Any], str]]
"""Geometry, parameters and place of each site of a kind."""


def _wadis(sites: Sites) -> Found:
    for shape in sites.places(surfaces=GREEN, least=SMALL, lowered=True):
        if not shape.buffer(-1.5).is_empty:
            yield shape, {"depth": 0.3}, "low green"


def _rain_gardens(sites: Sites) -> Found:
    for shape in sites.places(surfaces=GREEN, least=20.0, lowered=True):
        if shape.area < SMALL and not shape.buffer(-0.75).is_empty:
            yield shape, {}, "wide verge"


def _permeable(sites: Sites) -> Found:
    for shape in sites.places(functions=("parkeervlak",), least=30.0):
        yield shape, {}, "parking strip"
    for shape in sites.places(functions=("woonerf",), least=60.0):
        yield shape, {}, "shared street"


def _crates(sites: Sites) -> Found:
    for shape in sites.places(functions=("parkeervlak", "voetgangersgebied"), least=80.0):
        yield shape, {}, "parking or square"


def _squares(sites: Sites) -> Found:
    for shape in sites.places(functions=("voetgangersgebied",), least=150.0, lowered=True):
        yield shape, {"depth": 0.3}, "square"
    for shape in _school_yards(sites, lowered=True):
        yield shape, {"depth": 0.3}, "school yard"


def _unsealed(sites: Sites) -> Found:
    for shape in _school_yards(sites):
        yield shape, {}, "school yard"


def _school_yards(sites: Sites, *, lowered: bool = False) -> Iterator[Any]:
    schools = sites.buildings[sites.buildings["use"].fillna("").str.contains("onderwijsfunctie")]
    if not len(schools):
        return
    around = shapely.union_all(schools.geometry.to_numpy()).buffer(10.0)
    for shape in sites.places(surfaces=PAVED, least=150.0, lowered=lowered):
        if shape.intersects(around) and not _is_road(sites, shape):
            yield shape


def _is_road(sites: Sites, shape: Any) -> bool:
    frame = sites.land_cover
    roads = frame[frame["function"].str.startswith(("rijbaan", "fietspad", "voetpad", "parkeervlak"))]
    near = roads.geometry.iloc[roads.sindex.query(shape, predicate="intersects")]
    return bool(near.intersection(shape).area.sum() > 0.3 * shape.area)


def _green_roofs(sites: Sites) -> Found:
    yield from _roofs(sites, {"storage": 30.0})


def _blue_green_roofs(sites: Sites) -> Found:
    yield from _roofs(sites, {})


def _roofs(sites: Sites, parameters: dict[str, Any]) -> Found:
    frame = sites.buildings
    flat = frame[frame["roof_type"].isin(FLAT) & (frame.geometry.area >= FLAT_ROOF)]
    for shape in flat.geometry:
        yield shape.representative_point(), parameters, f"flat roof of {shape.area:.0f} m2"


def _roads(sites: Sites) -> Found:
    for shape in sites.places(functions=ROADS, least=100.0, lowered=True):
        yield shape, {}, "street"


def _sewers(sites: Sites) -> Found:
    for shape in sites.places(functions=ROADS, least=200.0):
        yield shape, {"capacity": 20.0}, "street"


def _thresholds(sites: Sites) -> Found:
    homes = sites.buildings[sites.buildings["use"].fillna("") != ""]
    for shape in homes.geometry:
        yield shape.representative_point(), {}, "front door"


def _pumps(sites: Sites) -> Found:
    for start, end, _level in _ways_to_water(sites, longest=150.0):
        on_level = round(float(sites.terrain[_cell(sites.situation, start)]) + 0.03, 2)
        yield shapely.LineString([start, end]), {"capacity": 0.05, "on_level": on_level}, "low street near water"


def _culverts(sites: Sites) -> Found:
    for start, end, level in _ways_to_water(sites, longest=100.0):
        ground = float(sites.terrain[_cell(sites.situation, start)])
        if level < ground - 0.6:
            told = {"level_up": round(ground - 0.6, 2), "level_down": round(level - 0.1, 2)}
            yield shapely.LineString([start, end]), told, "low street near water"


def _ways_to_water(sites: Sites, *, longest: float) -> Iterator[tuple[Any, Any, float]]:
    """Yield the lowest point of each street, the nearest open water, and its level (m NAP)."""
    water = sites.land_cover[sites.land_cover["theme"] == "waterdeel"]
    if not len(water):
        return
    joined = shapely.union_all(water.geometry.to_numpy()).buffer(-1.0)
    if joined.is_empty:
        return
    for shape in sites.places(functions=ROADS, least=100.0):
        start = shapely.Point(*sites.lowest(shape))
        end = shapely.ops.nearest_points(joined, start)[0]
        if BESIDE_WATER < start.distance(end) <= longest and sites.situation.area.polygon.covers(end):
            yield start, end, float(sites.terrain[_cell(sites.situation, end)])


def _cell(situation: Situation, point: Any) -> tuple[int, int]:
    grid = situation.grid
    row, column = int((grid.ymax - point.y) // grid.cell_size), int((point.x - grid.xmin) // grid.cell_size)
    return min(max(row, 0), grid.rows - 1), min(max(column, 0), grid.columns - 1)


RULES: Final[dict[str, Callable[[Sites], Found]]] = {
    "wadi": _wadis,
    "rain-garden": _rain_gardens,
    "permeable-paving": _permeable,
    "crate-storage": _crates,
    "water-square": _squares,
    "unsealing": _unsealed,
    "green-roof-extensive": _green_roofs,
    "blue-green-roof": _blue_green_roofs,
    "hollow-road": _roads,
    "larger-sewer": _sewers,
    "pump": _pumps,
    "culvert": _culverts,
    "door-threshold": _thresholds,
}
"""Kinds of measure for which there is a rule."""


def find_sites(situation: Situation, kinds: tuple[str, ...] = (), *, clear: float = 6.0) -> list[Site]:
    """Return all sites for measures of ``kinds``, or of every kind with a rule; see ``may_be_made``.

    Ground that is lowered keeps ``clear`` m from buildings: a cell and a half of the model that will run.
    """
    sites = Sites.of(situation, clear=clear)
    return [
        Site(Measure(id=f"{kind}-{number}", kind=kind, geometry=geometry, parameters=parameters), place)
        for kind in kinds or tuple(RULES)
        for number, (geometry, parameters, place) in enumerate(RULES[kind](sites), start=1)
    ]


def may_be_made(situation: Situation, site: Site) -> bool:
    """Return whether the measure keeps its own rules: not on water, inside the area ..."""
    try:
        check(situation, site.measure)
    except MeasureError:
        return False
    return True
