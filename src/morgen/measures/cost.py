"""What a scenario costs: each measure by its quantity and the price of its kind."""

from collections.abc import Mapping
from typing import Any, Final, Self

from pydantic import BaseModel

from morgen.core.errors import MeasureError
from morgen.core.measure import CostUnit, Measure, MeasureKind
from morgen.core.noun import Noun
from morgen.core.scenario import Scenario
from morgen.core.situation import Situation
from morgen.measures.contract import validate
from morgen.measures.edit import building_rows
from morgen.measures.registry import get_measure

__all__ = ["OF_BUILDINGS", "MeasureCost", "ScenarioCost", "measure_cost", "quantity", "scenario_cost"]

OF_BUILDINGS: Final = frozenset({"roof", "floor level", "use", "building", "downpipe", "barrel"})
"""What a measure occupies when it is about whole buildings, however it is drawn."""
FLOOR: Final = "floor_area"
"""A measure with this parameter that is priced per m2 is priced per m2 of floor."""


class MeasureCost(Noun):
    """What one measure costs to make, euro without VAT, and what it does to other themes."""

    id: str
    kind: str
    quantity: float
    per: CostUnit
    low: float
    middle: float
    high: float
    source: str
    side_effects: Mapping[str, str]
    """Theme to what it does there."""


class ScenarioCost(Noun):
    """What all measures of a scenario cost to make, euro without VAT; upkeep is not in it."""

    low: float
    middle: float
    high: float
    measures: tuple[MeasureCost, ...]

    @classmethod
    def of(cls, measures: tuple[MeasureCost, ...]) -> Self:
        """Return the sum of measures: all cheap, all usual, all dear."""
        low, middle, high = (sum(getattr(item, end) for item in measures) for end in ("low", "middle", "high"))
        return cls(low=low, middle=middle, high=high, measures=measures)


def quantity(situation: Situation, kind: MeasureKind, geometry: Any, parameters: BaseModel) -> float:
    """Return how much of a measure there is, in the unit of its price (m2, m, m3 or pieces).

    Metres are those of the line. Square metres are those of the drawing, of the footprints for what is done to
    buildings, or of the floor for what has a ``floor_area``. Cubic metres are the storage of the measure. Pieces
    are buildings for what is done to buildings, else one. Raises ``MeasureError`` for a price per m3 of a measure
    that stores nothing.
    """
    on_buildings = kind.occupies in OF_BUILDINGS
    per = kind.cost.per
    if per == "m":
        return float(geometry.length)
    if per == "piece":
        return float(building_rows(situation, geometry).sum()) if on_buildings else 1.0
    if per == "m3":
        if kind.volume is None:
            raise MeasureError(f"{kind.id} is priced per m3 but has no volume; give it one where it is declared")
        return float(kind.volume(situation, geometry, parameters))
    if FLOOR in type(parameters).model_fields:
        return float(getattr(parameters, FLOOR))
    if on_buildings:
        return float(situation.features("buildings").geometry[building_rows(situation, geometry)].area.sum())
    return float(geometry.area)


def measure_cost(situation: Situation, measure: Measure) -> MeasureCost:
    """Return what one measure costs on a situation as it was before the measure; raises as ``quantity``."""
    kind = get_measure(measure.kind)
    amount = quantity(situation, kind, measure.geometry, validate(kind, measure.parameters))
    price = kind.cost
    return MeasureCost(
        id=measure.id,
        kind=measure.kind,
        quantity=amount,
        per=price.per,
        low=amount * price.low,
        middle=amount * price.middle,
        high=amount * price.high,
        source=price.source,
        side_effects=kind.side_effects,
    )


def scenario_cost(situation: Situation, scenario: Scenario) -> ScenarioCost:
    """Return what a scenario costs on its base; raises ``MeasureNotFoundError`` and as ``quantity``.

    Quantities are those on the base: a green roof on a building that another measure demolishes is paid as well.
    """
    return ScenarioCost.of(tuple(measure_cost(situation, measure) for measure in scenario.measures))
