"""Separated sewer."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import add_within

__all__ = ["separated_sewer"]


@measure(
    id="separated-sewer",
    title=("Gescheiden riool", "Separated sewer"),
    geometry=("Polygon",),
    cost=Cost(low=80, middle=150, high=300, per="m2"),
    maintenance="Two sewers to keep clean.",
    side_effects={"water quality": "fewer overflows"},
    drawing=Drawing(colour="#65758a", shape="pipe", height=-1.5),
    occupies="sewer",
)
def separated_sewer(
    situation: Situation,
    geometry: Any,
    *,
    capacity: Annotated[
        float, Unit("mm/h"), Field(gt=0, le=150, description="What the rain sewer takes more than the old sewer.")
    ] = 20.0,
) -> Situation:
    """Lay a rain sewer beside the foul sewer, which takes more rain."""
    return add_within(situation, "sewer_extra", geometry, capacity, unit="mm/h")
