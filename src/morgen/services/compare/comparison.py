"""What a comparison says: frozen, and the same in Python, JSON and on paper."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from morgen.core.indicator import Direction
from morgen.services.explain import Answer

__all__ = [
    "Banded",
    "ComparedRun",
    "Comparison",
    "CostBand",
    "CostOfMeasure",
    "CostOfScenario",
    "IndicatorChange",
    "MapSummary",
    "NoiseFloor",
    "PlaceChange",
    "PlaceChanges",
    "SideEffect",
    "Subject",
    "Unlike",
    "Variant",
    "Verdict",
]

Subject = Literal["rain", "grid", "area", "base", "version", "step", "parameter", "unknown-base"]
"""What two runs may differ in beside the measures."""
Verdict = Literal["better", "worse", "changed", "within-noise", "same", "missing"]
"""``changed`` is for an indicator without a direction; ``missing`` when one of the runs does not have it."""
Change = Literal["dry", "wet", "deeper", "shallower"]


class CostBand(Answer):
    """Euro without VAT."""

    low: float
    middle: float
    high: float


class CostOfMeasure(CostBand):
    """What one measure costs."""

    id: str
    kind: str
    quantity: float
    per: str
    """Unit of the quantity: m2, m, m3 or piece."""
    source: str


class CostOfScenario(CostBand):
    """What the measures of a run cost to make, by the prices of when it was asked for."""

    measures: tuple[CostOfMeasure, ...]


class SideEffect(Answer):
    """What measures do to another theme."""

    theme: str
    effect: str
    measures: tuple[str, ...]
    """Ids of the measures that do so."""


class ComparedRun(Answer):
    """A stored run, by what it was made of."""

    id: str
    model: str
    version: str
    created_at: datetime
    area: str
    cell_size: float
    """m"""
    parameters: Mapping[str, Any]
    situation: str
    """Content hash of the situation that it computed on."""
    base_situation: str
    """Content hash of the situation before the measures; empty when it is not known any more."""
    scenario: str
    """Content hash of the scenario; empty for the situation as it is."""
    scenario_name: str
    """Empty without scenario, or when it is not known any more."""
    outputs: Mapping[str, str]
    """Name to sha256."""
    sources: tuple[str, ...]
    """Whom to name for the data."""
    warnings: tuple[str, ...]
    cost: CostOfScenario | None
    """None for the situation as it is, and when the scenario is not known any more."""
    side_effects: tuple[SideEffect, ...]


class Unlike(Answer):
    """Something that differs between two runs beside the measures, so that the comparison is no fair one."""

    subject: Subject
    name: str
    """Parameter that differs; empty for other subjects."""
    base: str
    other: str
    sentence: str


class NoiseFloor(Answer):
    """Differences up to here mean nothing: rounding alone makes them."""

    depth: float
    """m"""
    duration: float
    """min; also of arrival."""
    measured: bool
    """Whether one of the two runs measured it (``noise_check``); else it is the default."""


class Banded(Answer):
    """A value of a run with its band."""

    value: float
    low: float | None
    high: float | None


class IndicatorChange(Answer):
    """One indicator in both runs."""

    id: str
    title: str
    unit: str
    direction: Direction
    target: float | None
    base: Banded | None
    other: Banded | None
    difference: float | None
    """Other less base."""
    noise: float
    """Difference that rounding can make, in the unit of the indicator."""
    verdict: Verdict
    meets_target: bool | None
    """Whether the other run does; None without target."""
    meaning: str
    does_not_show: str


class MapSummary(Answer):
    """A map of differences in figures, within the area."""

    name: str
    """Output of the runs: max_depth, duration or arrival."""
    unit: str
    floor: float
    """Smaller differences are 0 on the map."""
    lower_area: float
    """m2 where the value went down by more than the floor."""
    higher_area: float
    """m2"""
    higher_in_measures: float
    """m2 of that inside the drawings of the measures, where water is often meant to stand."""
    hidden_area: float
    """m2 with a difference that is not shown: it lies under the floor."""
    largest_fall: float
    largest_rise: float


class PlaceChange(Answer):
    """A building or a street whose largest depth changed by more than the noise floor."""

    id: str
    """``object_id`` of a building or road part, or the name of a street."""
    kind: str
    """BAG id of a building, function of a road part."""
    coordinates: tuple[float, float]
    """A point on it, m RD."""
    base: float
    """Largest depth, m."""
    other: float
    difference: float
    change: Change
    """``dry`` and ``wet``: it fell below the threshold, or came above it."""


class PlaceChanges(Answer):
    """Who gains and who loses."""

    threshold: float
    """Depth from which a place counts as wet, m: that of the base run."""
    dry: int
    """Places that were wet in the base run and are no more."""
    wet: int
    """Places that are wet now and were not."""
    deeper: int
    """Places with deeper water on the same side of the threshold."""
    shallower: int
    unchanged: int
    unknown: int
    """Places without known ground along them in one of the runs."""
    only_base: int
    """Places that the other run does not have, such as demolished buildings."""
    only_other: int
    losers: tuple[PlaceChange, ...]
    """``wet`` and ``deeper``, the worst first."""
    gainers: tuple[PlaceChange, ...]
    """``dry`` and ``shallower``, the largest gain first."""


class Variant(Answer):
    """One run beside the base run."""

    run: ComparedRun
    unlike: tuple[Unlike, ...]
    noise: NoiseFloor
    indicators: tuple[IndicatorChange, ...]
    maps: tuple[MapSummary, ...]
    maps_refused: str
    """Why there are no maps of differences; empty when there are."""
    buildings: PlaceChanges | None
    """None for models without buildings."""
    streets: PlaceChanges | None
    kept_dry: int | None
    """Buildings that became dry less buildings that became wet."""
    per_building: CostBand | None
    """Euro per building kept dry; None when none is, or when the cost is not known."""


class Comparison(Answer):
    """Runs beside a base run; every number is that of the stored runs."""

    interface: str
    """Interface of the models, such as pluvial-flood/1."""
    base: ComparedRun
    variants: tuple[Variant, ...]
