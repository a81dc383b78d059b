"""From a situation, a programme and norms to a problem: what is asked, where it may come, who lives there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from morgen.core.errors import InputError
from morgen.core.noun import Text
from morgen.core.situation import Situation
from morgen.models.balance import Dwellings, DwellingType, Programme
from morgen.models.balance.surroundings import RESIDENTS_PER_DWELLING
from morgen.models.fit.demand import Demand, demand_of
from morgen.models.fit.hazard import Water
from morgen.models.fit.lots import Ground, ground_of, with_unions
from morgen.models.fit.prices import Prices
from morgen.models.fit.problem import Addresses, ExistingFacility, Patch, Problem
from morgen.models.fit.streets import streets_of
from morgen.models.norms import NormSet

if TYPE_CHECKING:
    import geopandas

__all__ = ["Built", "build", "programme_of_plots"]

ENTRANCES: Final = 60.0
"""m along the edge of green between two places where it can be entered."""
GAP: Final = 1.0
"""m; green on both sides of a narrower gap is one piece."""
YEAR: Final = 2030
"""When the situation carries no date."""


@dataclass(frozen=True, eq=False)
class Built:
    """A problem, and what it was made of."""

    problem: Problem
    ground: Ground
    buildings: "geopandas.GeoDataFrame"
    """The layer that rows of a lot are of."""
    programme: Programme
    play: float
    """m2 of play area, part of the green."""
    flooded: bool
    """Whether the water of a storm was known."""
    notes: tuple[Text, ...]


def build(
    situation: Situation,
    *,
    programme: Programme | None,
    norms: NormSet,
    prices: Prices,
    flood_limit: float,
    dwelling_flood_limit: float,
    everyone: bool = False,
) -> Built:
    """Return the problem of fitting ``programme`` under ``norms`` on the plots of a situation.

    Needs the layers ``plots``, ``buildings`` and ``paths``; uses ``land_cover`` for green and open water,
    ``facilities`` for what is there, ``residents`` for who lives there, and ``flood_depth`` for the water of a
    storm. Without a programme it is that of the plots, in apartments. Norms of distance hold for new residents;
    for ``everyone`` they also hold for who lives there now, whose lack a plan may be unable to mend. Raises
    ``MissingLayerError`` and ``InputError``.
    """
    water = Water.of(situation)
    streets = streets_of(situation, water)
    ways = shapely.union_all(situation.features("paths").geometry.to_numpy())
    ground = ground_of(situation, water=water, ways=ways, prices=prices)
    asked = programme or programme_of_plots(ground, situation)
    demand = demand_of(
        asked,
        norms,
        surface=ground.surface,
        prices=prices,
        flood_limit=flood_limit,
        dry_way=water is not None,
    )
    ground = Ground(
        lots=with_unions(ground.lots, demand.kinds),
        asked=ground.asked,
        green=ground.green,
        surface=ground.surface,
        notes=ground.notes,
    )
    existing, addresses, told = _present(situation, demand, everyone=everyone)
    problem = Problem(
        sites=tuple(lot.site for lot in ground.lots),
        kinds=demand.kinds,
        dwellings=demand.dwellings,
        asked=demand.asked,
        streets=streets,
        addresses=addresses,
        ground=demand.ground,
        existing=existing,
        patches=_patches(situation, demand.ground.patch_area),
        spare_green=ground.green - demand.play,
        dwelling_price=prices.dwelling,
        mix_price=prices.mix,
        dwelling_depth_limit=dwelling_flood_limit,
    )
    notes = (*told, *_of_water(water), *(Text(nl=note, en=note) for note in ground.notes), *demand.notes)
    return Built(
        problem=problem,
        ground=ground,
        buildings=situation.features("buildings"),
        programme=asked,
        play=demand.play,
        flooded=water is not None,
        notes=(*_of_play(demand.play), *notes),
    )


def programme_of_plots(ground: Ground, situation: Situation) -> Programme:
    """Return the dwellings that the plots ask for, as apartments; raises ``InputError`` when they ask for none."""
    if not ground.asked:
        raise InputError(
            "the plots ask for no dwellings (layer 'plots', column dwellings) and there is no programme;"
            " give one with --programme"
        )
    year = int(situation.date[:4]) if situation.date[:4].isdigit() else YEAR
    rows = (Dwellings(type=DwellingType.APARTMENT, number=ground.asked, year=year),)
    return Programme(title="as the plots ask", site_area=ground.surface, dwellings=rows)


def _present(
    situation: Situation, demand: Demand, *, everyone: bool
) -> tuple[tuple[ExistingFacility, ...], Addresses, tuple[Text, ...]]:
    """Return the facilities that are there, those who live there, and what was assumed of them."""
    known = situation.has("facilities")
    nobody = Addresses(points=np.zeros((0, 2)), residents=np.zeros(0))
    existing = _facilities(situation, demand) if known else ()
    return (
        existing,
        _addresses(situation) if everyone and known else nobody,
        tuple(_told(known, everyone=everyone)),
    )


def _told(known: bool, *, everyone: bool) -> Iterator[Text]:  # noqa: FBT001 - whether there is a source
    yield Text(
        nl="wie hier nu woont heeft genoeg ruimte in wat er is; het plan is voor de nieuwe bewoners",
        en="those who live here now have room enough in what is there; the plan is for the new residents",
    )
    if not known:
        yield Text(
            nl="geen bron van voorzieningen is gekoppeld: nieuwe bewoners kunnen alleen naar wat het plan bouwt",
            en="no source of facilities is linked: new residents can only walk to what the plan builds",
        )
    elif everyone:
        yield Text(nl="afstanden gelden voor iedereen", en="distances hold for everyone")
    else:
        yield Text(
            nl="afstanden gelden voor de nieuwe bewoners; met 'served' ook voor wie hier nu woont",
            en="distances hold for the new residents; with 'served' also for those who live here now",
        )


def _facilities(situation: Situation, demand: Demand) -> tuple[ExistingFacility, ...]:
    frame = situation.features("facilities")
    asked = {kind.id for kind in demand.kinds}
    names = frame["kind"].astype(str).tolist()
    points = shapely.get_coordinates(shapely.point_on_surface(frame.geometry.to_numpy()))
    return tuple(
        ExistingFacility(kind=name, x=float(x), y=float(y))
        for name, (x, y) in zip(names, points, strict=True)
        if name in asked
    )


def _addresses(situation: Situation) -> Addresses:
    """Return the homes in the area with their residents: counted ones, or else the mean for each dwelling.

    A building with an unknown number of dwellings has one.
    """
    if situation.has("residents"):
        people = situation.features("residents")
        points = shapely.get_coordinates(people.geometry.to_numpy())
        here = shapely.intersects(situation.area.polygon, people.geometry.to_numpy())
        return Addresses(points=points[here], residents=people["residents"].to_numpy(dtype=np.float64)[here])
    frame = situation.features("buildings")
    homes = frame["use"].astype(str).str.contains("woonfunctie").to_numpy().astype(float)
    if "dwellings" in frame:
        known = frame["dwellings"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
        homes = np.where(np.isnan(known), homes, known)
    shapes = frame.geometry.to_numpy()
    lived = (homes > 0) & shapely.intersects(situation.area.polygon, shapes)
    points = shapely.get_coordinates(shapely.centroid(shapes[lived]))
    return Addresses(points=points, residents=homes[lived] * RESIDENTS_PER_DWELLING)


def _patches(situation: Situation, smallest: float) -> tuple[Patch, ...]:
    """Return the places where large green can be entered, each with the surface of all of it."""
    if not situation.has("land_cover"):
        return ()
    cover = situation.features("land_cover")
    green = cover[(cover["theme"] == "begroeidterreindeel").to_numpy()].geometry.to_numpy()
    large = shapely.get_parts(shapely.union_all(shapely.buffer(green, GAP / 2)))
    return tuple(
        Patch(x=x, y=y, area=piece.area) for piece in large if piece.area >= smallest for x, y in _entrances(piece)
    )


def _entrances(piece: Any) -> list[tuple[float, float]]:
    edge = piece.exterior
    count = max(1, int(edge.length // ENTRANCES))
    spots = shapely.line_interpolate_point(edge, np.arange(count) / count, normalized=True)
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(spots)]


def _of_water(water: Water | None) -> tuple[Text, ...]:
    if water is not None:
        return ()
    return (
        Text(
            nl="wateroverlast telt niet mee: er is geen berekening van regen genoemd (--flood)",
            en="flooding does not count: no run of a storm was named (--flood)",
        ),
    )


def _of_play(play: float) -> tuple[Text, ...]:
    if not play:
        return ()
    return (
        Text(
            nl=f"{play:,.0f} m2 speelruimte ligt in het groen en komt boven op de norm voor groen".replace(
                ",", "."
            ),
            en=f"{play:,.0f} m2 of play area lies in the green, on top of the norm of green",
        ),
    )
