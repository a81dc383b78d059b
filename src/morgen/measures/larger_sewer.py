"""Larger sewer."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import add_within

__all__ = ["larger_sewer"]


@measure(
    id="larger-sewer",
    title=("Groter riool", "Larger sewer"),
    geometry=("Polygon",),
    cost=Cost(low=60, middle=120, high=250, per="m2"),
    maintenance="As any sewer.",
    side_effects={"roads": "street open for months"},
    drawing=Drawing(colour="#6f6f7f", shape="pipe", height=-1.5),
    occupies="sewer",
)
def larger_sewer(
    situation: Situation,
    geometry: Any,
    *,
    capacity: Annotated[
        float, Unit("mm/h"), Field(gt=0, le=150, description="What it takes more than now.")
    ] = 10.0,
) -> Situation:
    """Raise what the sewer of a catchment takes, over the polygon."""
    return add_within(situation, "sewer_extra", geometry, capacity, unit="mm/h")
