"""A plan on the ground: buildings with their height, green, and where children play."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from morgen.models.fit.build import Built
from morgen.models.fit.lots import STOREY, Lot
from morgen.models.fit.plan import Plan, PlannedSite
from morgen.models.fit.problem import DWELLING_USE

if TYPE_CHECKING:
    import geopandas

__all__ = ["Drawn", "draw", "plan_frame"]

SMALLEST: Final = 1.0
"""m2; smaller pieces are not drawn."""
PRECISION: Final = 0.001
"""m, of coordinates."""
HALVINGS: Final = 40
PLAY_SHARE: Final = 0.5
"""Part of a piece of green that may be playground."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """One thing of a plan with its shape."""

    kind: str
    """'building', 'reuse', 'green', 'park' or 'playground'."""
    site: str
    shape: Any
    use: str = ""
    storeys: int = 0
    height: float = 0.0
    """m; of a building that stays it is 0: it keeps its own."""
    floor: float = 0.0
    """Gross floor, m2."""
    dwellings: int = 0
    facilities: tuple[tuple[str, float], ...] = ()
    """Facility and its floor, m2."""
    standing: tuple[int, ...] = ()
    """Rows of the layer ``buildings`` that go for it."""
    reused: int | None = None


def draw(built: Built, plan: Plan) -> tuple[Drawn, ...]:
    """Return everything of a plan as shapes: buildings keep equal distance to the edges of their plot."""
    lots = {lot.site.id: lot for lot in built.ground.lots}
    drawn = [item for planned in plan.sites for item in _site(built, lots[planned.site], planned)]
    return tuple(_with_playgrounds(drawn, built.play))


def _site(built: Built, lot: Lot, planned: PlannedSite) -> Iterator[Drawn]:
    if planned.park:
        yield Drawn("park", planned.site, lot.shape, standing=lot.standing)
        return
    if planned.footprint < SMALLEST and planned.green < SMALLEST:
        return
    solid: Any = shapely.Polygon()
    if planned.footprint >= SMALLEST:
        building = _building(built, lot, planned)
        solid = building.shape
        yield building
    for shape in _green(lot, planned, solid):
        yield Drawn("green", planned.site, shape, standing=lot.standing)


def _building(built: Built, lot: Lot, planned: PlannedSite) -> Drawn:
    kinds = {kind.id: kind for kind in built.problem.kinds}
    types = {kind.id: kind for kind in built.problem.dwellings}
    homes = sum(types[name].floor * number for name, number in planned.dwellings.items())
    facilities = sum(facility.floor for facility in planned.facilities)
    floor = homes + facilities + planned.places_garage * built.problem.ground.place_floor
    uses = [DWELLING_USE] * bool(planned.dwellings) + [kinds[item.kind].use for item in planned.facilities]
    storeys = max(1, min(lot.site.storeys, int(np.ceil(floor / planned.footprint - 1e-6))))
    stays = lot.reused is not None
    return Drawn(
        kind="reuse" if stays else "building",
        site=planned.site,
        shape=built.buildings.geometry.iloc[lot.reused] if stays else _inset(lot.shape, planned.footprint),
        use=",".join(dict.fromkeys(uses)),
        storeys=storeys,
        height=0.0 if stays else min(storeys * STOREY, lot.highest),
        floor=floor,
        dwellings=sum(planned.dwellings.values()),
        facilities=tuple((item.kind, item.floor) for item in planned.facilities),
        standing=lot.standing,
        reused=lot.reused,
    )


def _green(lot: Lot, planned: PlannedSite, solid: Any) -> Iterator[Any]:
    """Yield the green of a site, along its edges."""
    if planned.green < SMALLEST:
        return
    # The green lies clear of the wall by the precision of coordinates.
    free = lot.shape if lot.reused is None else _largest(shapely.difference(lot.shape, solid))
    inner = _inset(free, free.area - planned.green) if planned.green < free.area - SMALLEST else shapely.Polygon()
    ring = shapely.difference(free, shapely.union(inner, solid), grid_size=PRECISION)
    yield from (part for part in _polygons(ring) if part.area >= SMALLEST)


def _with_playgrounds(drawn: Sequence[Drawn], play: float) -> Iterator[Drawn]:
    """Cut playgrounds out of the largest green until there is enough."""
    order = sorted(
        (number for number, item in enumerate(drawn) if item.kind in ("green", "park")),
        key=lambda number: (-drawn[number].shape.area, number),
    )
    cut: dict[int, tuple[Any, Any]] = {}
    for number in order:
        if play < SMALLEST:
            break
        shape = drawn[number].shape
        playground = _slice(shape, min(play, PLAY_SHARE * shape.area))
        cut[number] = playground, shapely.difference(shape, playground, grid_size=PRECISION)
        play -= playground.area
    for number, item in enumerate(drawn):
        if number not in cut:
            yield item
            continue
        playground, rest = cut[number]
        yield from (replace(item, shape=part) for part in _polygons(rest) if part.area >= SMALLEST)
        yield Drawn("playground", item.site, playground, standing=item.standing)


def _inset(shape: Any, area: float) -> Any:
    """Return the part of a shape that lies farther than some distance from its edge, and has ``area`` m2."""
    if area >= shape.area - SMALLEST:
        return shape
    near, far = 0.0, float(np.sqrt(shape.area))
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        if _largest(shape.buffer(-middle, join_style="mitre")).area >= area:
            near = middle
        else:
            far = middle
    return shapely.set_precision(_largest(shape.buffer(-near, join_style="mitre")), PRECISION)


def _slice(shape: Any, area: float) -> Any:
    """Return the largest part west of a line that has about ``area`` m2."""
    xmin, ymin, xmax, ymax = shape.bounds
    low, high = xmin, xmax
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _largest(shapely.intersection(shape, shapely.box(xmin, ymin, middle, ymax))).area < area:
            low = middle
        else:
            high = middle
    west = shapely.intersection(shape, shapely.box(xmin, ymin, low, ymax), grid_size=PRECISION)
    return _largest(west)


def _polygons(shape: Any) -> list[Any]:
    return [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]


def _largest(shape: Any) -> Any:
    return max(_polygons(shape), key=lambda part: part.area, default=shapely.Polygon())


def plan_frame(drawn: Sequence[Drawn], depth: Mapping[str, float]) -> "geopandas.GeoDataFrame":
    """Return what is drawn as features; ``depth`` is the water of the storm on each site, m."""
    import geopandas

    rows = [
        {
            "site": item.site,
            "kind": item.kind,
            "use": item.use,
            "storeys": item.storeys,
            "height": item.height,
            "floor_area": round(item.floor, 1),
            "area": round(float(item.shape.area), 1),
            "dwellings": item.dwellings,
            "facilities": ", ".join(f"{name} {floor:.0f} m2" for name, floor in item.facilities),
            "flood_depth": depth[item.site],
            "geometry": item.shape,
        }
        for item in drawn
    ]
    columns = ["site", "kind", "use", "storeys", "height", "floor_area", "area", "dwellings", "facilities"]
    return geopandas.GeoDataFrame(
        rows, columns=[*columns, "flood_depth", "geometry"], geometry="geometry", crs="EPSG:28992"
    )
