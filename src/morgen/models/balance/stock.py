"""The buildings that stand in an area: dwellings, floor and footprint, and how much of that is an estimate."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from morgen.core.errors import ParameterError
from morgen.core.noun import Noun
from morgen.core.situation import Situation
from morgen.models.balance.named import sources_of

if TYPE_CHECKING:
    import geopandas
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["GROSS_OF_USABLE", "STOREY", "Stock", "stock_of"]

GROSS_OF_USABLE = 1.25
"""Gross floor area (bvo) for each m2 of gebruiksoppervlakte (NEN 2580); indicative, it differs by building."""
STOREY = 3.0
"""Height of a storey, m, where floor is guessed from the height of a building; indicative."""


class Stock(Noun):
    """What stands in an area; None is unknown, not nothing."""

    area: float
    """m2 of ground."""
    buildings: int
    dwellings: int | None
    """Those that the register tells of."""
    buildings_unknown: int
    """Buildings of which it does not tell how many dwellings they hold."""
    footprint: float
    """Ground under the buildings, m2."""
    floor_area: float | None
    """Gross floor area, m2."""
    dwelling_floor_area: float | None
    """Gross floor area of the dwellings, m2."""
    floor_estimated: float
    """Part of the floor area that was guessed from the height of buildings, 0 to 1."""
    source: str


def stock_of(situation: Situation, *, without: Collection[str] = ()) -> Stock | None:
    """Return the stock of a situation; None when it has no layer ``buildings``.

    A building belongs to the area when a point inside it does. The layer ``addresses`` tells what is in it;
    without that layer the columns of the building do. ``without`` are BAG ids of what will be demolished.
    Raises ``ParameterError`` for one that does not stand there.
    """
    if not situation.has("buildings"):
        return None
    frame = _inside(situation.features("buildings"), situation.area.polygon)
    _require_known(frame, without)
    frame = frame[~frame["bag_id"].isin(list(without))]
    source = sources_of(situation, "buildings")
    if situation.has("addresses"):
        frame = _with_addresses(frame, situation.features("addresses"))
        source = "; ".join(dict.fromkeys((source, sources_of(situation, "addresses"))))
    return _stock(frame, situation.area.surface, source)


def _stock(frame: "geopandas.GeoDataFrame", area: float, source: str) -> Stock:
    footprint = shapely.area(frame.geometry.to_numpy())
    floor, guessed = _floor(frame, footprint)
    dwellings = _column(frame, "dwellings")
    known = ~np.isnan(dwellings)
    return Stock(
        area=round(area, 1),
        buildings=len(frame),
        dwellings=int(dwellings[known].sum()) if known.any() else None,
        buildings_unknown=int((~known).sum()),
        footprint=round(float(footprint.sum()), 1),
        floor_area=_total(floor),
        dwelling_floor_area=_total(_dwelling_floor(frame, floor)),
        floor_estimated=round(float(floor[guessed].sum() / max(floor.sum(), 1.0)), 3),
        source=source,
    )


def _with_addresses(
    frame: "geopandas.GeoDataFrame", addresses: "geopandas.GeoDataFrame"
) -> "geopandas.GeoDataFrame":
    """Return the buildings with what is in them by their addresses; a registered one without any holds nothing."""
    homes = addresses["use"].str.contains("woonfunctie")
    table = addresses.assign(
        dwellings=homes.astype(float),
        usable_area=addresses["floor_area"],
        dwelling_area=addresses["floor_area"].where(homes, 0.0),
    )
    names = ["dwellings", "usable_area", "dwelling_area"]
    grouped = table.groupby("building_id")[names]
    # One address of unknown size makes the sum of its building unknown; pandas would leave it out.
    inside = grouped.sum().where(grouped.count().eq(grouped.size(), axis=0))
    found = inside.reindex(frame["bag_id"]).set_axis(frame.index)
    found[~frame["bag_id"].isin(inside.index)] = 0.0
    registered = (frame["bag_id"] != "").to_numpy()
    return frame.assign(**{name: np.where(registered, found[name], _column(frame, name)) for name in names})


def _inside(frame: "geopandas.GeoDataFrame", polygon: Any) -> "geopandas.GeoDataFrame":
    shapely.prepare(polygon)
    points = shapely.point_on_surface(frame.geometry.to_numpy())
    return frame[shapely.contains(polygon, points)]


def _require_known(frame: "geopandas.GeoDataFrame", without: Collection[str]) -> None:
    standing = set(frame["bag_id"])
    for row, bag_id in enumerate(without, start=1):
        if bag_id not in standing:
            raise ParameterError(
                f"demolish, row {row}: no building with the BAG id {bag_id!r} stands in the area of the twin"
            )


def _column(frame: "geopandas.GeoDataFrame", name: str) -> "Floats":
    """Return a column as floats; NaN everywhere when a situation of an older version lacks it."""
    if name not in frame:
        return np.full(len(frame), np.nan)
    values: Floats = frame[name].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    return values


def _floor(frame: "geopandas.GeoDataFrame", footprint: "Floats") -> "tuple[Floats, npt.NDArray[np.bool_]]":
    """Return the gross floor area of each building, and where it was guessed from its height."""
    stated, usable = _column(frame, "floor_area"), _column(frame, "usable_area")
    storeys = np.maximum(np.round(_column(frame, "height") / STOREY), 1.0)
    guess = np.where(np.isnan(storeys), footprint, storeys * footprint)
    known = np.where(np.isnan(stated), usable * GROSS_OF_USABLE, stated)
    guessed = np.isnan(known)
    return np.where(guessed, guess, known), guessed


def _dwelling_floor(frame: "geopandas.GeoDataFrame", floor: "Floats") -> "Floats":
    """Return the floor of the dwellings: as the register has it, or all of it where homes are the only use."""
    stated = _column(frame, "dwelling_area") * GROSS_OF_USABLE
    uses = frame["use"].astype(str)
    unsure = (uses == "") | uses.str.contains("woonfunctie")
    by_use = np.where(uses == "woonfunctie", floor, np.where(unsure, np.nan, 0.0))
    return np.where(np.isnan(stated), by_use, stated)


def _total(values: "Floats") -> float | None:
    known = ~np.isnan(values)
    return round(float(values[known].sum()), 1) if known.any() else None
