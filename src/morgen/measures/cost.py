"""What measures cost to make: a band per measure, and the sum of a scenario."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from morgen.core.measure import CostUnit, Measure, MeasureKind
from morgen.core.noun import Noun
from morgen.core.situation import Situation
from morgen.measures.application import check
from morgen.measures.edit import building_rows

__all__ = ["ON_BUILDINGS", "CostBand", "Price", "price", "total"]

ON_BUILDINGS = frozenset({"roof", "floor level", "use", "building", "downpipe", "barrel"})
"""What a measure occupies when it is done to the buildings at its place, and not to the ground there."""


class CostBand(Noun):
    """Euro without VAT."""

    low: float
    middle: float
    high: float


class Price(CostBand):
    """What one measure costs, and what was counted for it."""

    measure: str
    """Id of the measure."""
    quantity: float
    per: CostUnit
    source: str


def price(situation: Situation, measure: Measure) -> Price:
    """Return what a measure costs where it lies; raises as ``check`` does.

    Counted are the ground or the roofs in m2, the length in m, the storage in m3, or pieces: one, or one for every
    building that it is done to. A new building counts its floor area.
    """
    kind, parameters = check(situation, measure)
    quantity = _quantity(situation, kind, measure.geometry, parameters)
    band = {name: getattr(kind.cost, name) * quantity for name in ("low", "middle", "high")}
    return Price(measure=measure.id, quantity=quantity, per=kind.cost.per, source=kind.cost.source, **band)


def total(prices: Iterable[CostBand]) -> CostBand:
    """Return the sum of several costs; the band of a sum is the sum of the bands, as when all are dear at once."""
    found = list(prices)
    return CostBand(**{name: sum(getattr(item, name) for item in found) for name in ("low", "middle", "high")})


def _quantity(situation: Situation, kind: MeasureKind, geometry: Any, parameters: BaseModel) -> float:
    if kind.cost.per == "m":
        return float(geometry.length)
    if kind.cost.per == "m3" and kind.volume is not None:
        return float(kind.volume(situation, geometry, parameters))
    if kind.occupies in ON_BUILDINGS:
        rows = building_rows(situation, geometry)
        areas = situation.features("buildings").geometry[rows].area
        return float(areas.sum() if kind.cost.per == "m2" else len(areas))
    if kind.cost.per == "piece":
        return 1.0
    return float(getattr(parameters, "floor_area", geometry.area))
