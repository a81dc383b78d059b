"""Looking around in a situation: green, play, water, parking, facilities and residents, with their sources.

What no layer tells of is not in the answer: it is unknown, and never nothing.
"""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from morgen.core.noun import Text
from morgen.core.situation import Situation
from morgen.models.balance.named import sources_of
from morgen.models.balance.stock import Stock, stock_of
from morgen.models.balance.supply import Certainty, Place, Supply, Surroundings

if TYPE_CHECKING:
    import geopandas
    import numpy.typing as npt

__all__ = ["PARKING_PLACE", "RESIDENTS_PER_DWELLING", "look_around"]

PARKING_PLACE = 12.5
"""m2 of a parkeervlak for one car: 5 m along the kerb by 2.5 m; indicative."""
RESIDENTS_PER_DWELLING = 2.1
"""Mean size of a household in the country; indicative, where no figures of the area itself are linked."""
DITCH_STORAGE = 0.3
"""m of water that a dry ditch can hold; indicative."""
FARMED = frozenset({"grasland agrarisch", "bouwland", "boomteelt", "fruitteelt"})
"""Fysiek voorkomen of ground that grows a crop: no public green."""
GREEN_THEMES = ("begroeidterreindeel", "ondersteunendwegdeel", "ondersteunendwaterdeel")
HARD = frozenset({"gesloten verharding", "open verharding", "half verhard"})
PLAYGROUNDS = frozenset({"playground", "play-area"})
LOOKED = 1_500.0
"""How far around the grid the layer ``facilities`` reaches, m; see docs/layers.md."""


def look_around(situation: Situation, *, without: Collection[str] = ()) -> Surroundings:
    """Return what a situation tells of its area; ``without`` are BAG ids of buildings that will be demolished.

    Raises ``ParameterError`` for a building to demolish that does not stand there.
    """
    stock = stock_of(situation, without=without)
    residents, told = _residents(situation, stock)
    places = _places(situation)
    return Surroundings(
        area=situation.area.surface,
        stock=stock,
        residents=residents,
        residents_source=told,
        grounds=tuple(_grounds(situation)),
        places=places,
        places_source="" if places is None else sources_of(situation, "facilities"),
        looked=_margin(situation) + LOOKED,
    )


def _residents(situation: Situation, stock: Stock | None) -> tuple[float | None, Text]:
    """Return who lives there: by the figures of the area, or else by its dwellings."""
    if situation.has("residents"):
        return _counted_residents(situation)
    if stock is None or stock.dwellings is None:
        return None, Text(
            nl="geen bron vertelt hoeveel woningen er staan",
            en="no linked source tells how many dwellings stand there",
        )
    people = round(stock.dwellings * RESIDENTS_PER_DWELLING)
    mean = f"{RESIDENTS_PER_DWELLING:g}"
    return people, Text(
        nl=f"{stock.dwellings} woningen maal {mean.replace('.', ',')} bewoners, het gemiddelde van Nederland",
        en=f"{stock.dwellings} dwellings by {mean} residents, the mean of the country",
    )


def _counted_residents(situation: Situation) -> tuple[float, Text]:
    frame = situation.features("residents")
    inside = shapely.contains(situation.area.polygon, frame.geometry.to_numpy())
    people = frame["residents"].to_numpy(dtype=np.float64)[inside]
    imputed = float(people[frame["imputed"].to_numpy(dtype=bool)[inside]].sum() / max(people.sum(), 1.0))
    source = sources_of(situation, "residents")
    return round(float(people.sum())), Text(
        nl=f"{source}; {imputed:.0%} daarvan is een gemiddelde, omdat het CBS daar geen getal geeft",
        en=f"{source}; {imputed:.0%} of it is an average, where CBS holds its number back",
    )


def _margin(situation: Situation) -> float:
    west, south, east, north = situation.area.bounds
    xmin, ymin, xmax, ymax = situation.grid.bounds
    return max(0.0, min(west - xmin, south - ymin, xmax - east, ymax - north))


# -- ground ------------------------------------------------------------------------------------------------------


def _grounds(situation: Situation) -> Iterator[Supply]:
    storage = list(_storage(situation))
    if situation.has("land_cover"):
        cover = situation.features("land_cover")
        inside = _area_within(cover.geometry.to_numpy(), situation.area.polygon)
        source = sources_of(situation, "land_cover")
        yield from _land_cover(cover, inside, source)
        storage += _dry_ditches(cover, inside, source)
    if storage:
        volume = round(sum(volume for volume, _ in storage), 1)
        source = "; ".join(sorted({source for _, source in storage}))
        yield Supply(
            facility="water-storage",
            amount=volume,
            unit="m3",
            certainty=Certainty.AT_LEAST,
            source=source,
            note=STORAGE_NOTE,
        )


GREEN_NOTE = Text(
    nl="beplante grond zonder landbouw; of die openbaar is, staat er niet bij",
    en="planted ground without farmland; it does not tell what is public",
)
GARDENS_NOTE = Text(
    nl="beplante grond, bermen en oevers; tuinen en boomkronen tellen niet mee",
    en="planted ground, verges and banks; gardens and crowns of trees are not in it",
)
BAYS_NOTE = Text(
    nl=f"parkeervlakken, {PARKING_PLACE:g} m2 per auto; andere plaatsen tellen niet mee".replace(".", ","),
    en=f"parkeervlakken, {PARKING_PLACE:g} m2 a car; other places are not in it",
)
STORAGE_NOTE = Text(
    nl="maatregelen, dakberging en droge sloten; wat onder de grond ligt, staat in geen bron",
    en="measures, roofs that hold water and dry ditches; what lies under the ground is in no source",
)


def _land_cover(
    cover: "geopandas.GeoDataFrame", inside: "npt.NDArray[np.float64]", source: str
) -> Iterator[Supply]:
    """Yield what covers the ground; ``inside`` is the part of each object in the area, m2."""
    theme, surface, function = (cover[name].astype(str).to_numpy() for name in ("theme", "surface", "function"))

    def supply(
        facility: str, amount: float, certainty: Certainty, note: Text | None = None, *, unit: str = "m2"
    ) -> Supply:
        rounded = round(float(amount), 1)
        return Supply(facility=facility, amount=rounded, unit=unit, certainty=certainty, source=source, note=note)

    usable = (theme == "begroeidterreindeel") & ~np.isin(surface, list(FARMED))
    green = np.isin(theme, GREEN_THEMES) & ~np.isin(surface, list(HARD))
    bays = inside[function == "parkeervlak"].sum() // PARKING_PLACE
    yield supply("public-green", inside[usable].sum(), Certainty.ESTIMATED, GREEN_NOTE)
    yield supply("green-share", inside[green].sum(), Certainty.AT_LEAST, GARDENS_NOTE)
    yield supply("car-parking", bays, Certainty.AT_LEAST, BAYS_NOTE, unit="count")
    yield supply("open-water", inside[theme == "waterdeel"].sum(), Certainty.COUNTED)
    if "measure" in cover and (played := np.isin(cover["measure"].astype(str), list(PLAYGROUNDS))).any():
        yield supply("play-area", inside[played].sum(), Certainty.AT_LEAST)


def _area_within(shapes: "npt.NDArray[Any]", polygon: Any) -> "npt.NDArray[np.float64]":
    """Return of each shape the m2 that lie in a polygon; only those on its edge are cut."""
    shapely.prepare(polygon)
    whole = np.asarray(shapely.contains_properly(polygon, shapes))
    areas = np.where(whole, shapely.area(shapes), 0.0)
    edge = ~whole & shapely.intersects(polygon, shapes)
    areas[edge] = shapely.area(shapely.intersection(shapes[edge], polygon))
    return areas


def _storage(situation: Situation) -> Iterator[tuple[float, str]]:
    """Yield volumes (m3) that hold rain, with their source: what measures added."""
    if situation.has("storage_extra"):
        values = situation.raster("storage_extra").values
        inside = _cells_within(situation)
        volume = float(np.nansum(values[inside])) / 1000 * situation.grid.cell_area
        yield volume, "measures"
    if situation.has("buildings") and "roof_storage" in (frame := situation.features("buildings")):
        area = _area_within(frame.geometry.to_numpy(), situation.area.polygon)
        volume = float(np.nansum(area * frame["roof_storage"].to_numpy(dtype=np.float64))) / 1000
        yield volume, "measures"


def _dry_ditches(
    cover: "geopandas.GeoDataFrame", inside: "npt.NDArray[np.float64]", source: str
) -> list[tuple[float, str]]:
    dry = (cover["function"] == "greppel, droge sloot").to_numpy()
    area = float(inside[dry].sum())
    return [(area * DITCH_STORAGE, source)] if area else []


def _cells_within(situation: Situation) -> "npt.NDArray[np.bool_]":
    grid = situation.grid
    x = grid.xmin + (np.arange(grid.columns) + 0.5) * grid.cell_size
    y = grid.ymax - (np.arange(grid.rows) + 0.5) * grid.cell_size
    return np.asarray(shapely.contains_xy(situation.area.polygon, *np.meshgrid(x, y)))


# -- facilities --------------------------------------------------------------------------------------------------


def _places(situation: Situation) -> tuple[Place, ...] | None:
    """Return the facilities of the layer; None when there is no such layer."""
    if not situation.has("facilities"):
        return None
    frame = situation.features("facilities")
    distance = shapely.distance(frame.geometry.to_numpy(), situation.area.polygon)
    floor, capacity = (_numbers(frame, name) for name in ("floor_area", "capacity"))
    return tuple(
        Place(facility=_facility(kind), floor_area=room, capacity=people, distance=round(float(far), 1))
        for kind, room, people, far in zip(frame["kind"], floor, capacity, distance, strict=True)
    )


def _facility(kind: object) -> str:
    return "-".join(str(kind).lower().split())


def _numbers(frame: Any, column: str) -> list[float | None]:
    if column not in frame:
        return [None] * len(frame)
    values = frame[column].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    return [None if np.isnan(value) else float(value) for value in values]
