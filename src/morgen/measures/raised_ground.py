"""Raised ground."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import lower
from morgen.measures.rules import not_on_water, not_under_building

__all__ = ["raised_ground"]


def _volume(_situation: Situation, geometry: Any, given: Any) -> float:
    """Storage, m3."""
    return -float(geometry.area) * float(given.height)


@measure(
    id="raised-ground",
    title=("Opgehoogde grond", "Raised ground"),
    geometry=("Polygon",),
    cost=Cost(low=10, middle=25, high=60, per="m2"),
    maintenance="None.",
    side_effects={"soil": "settles on soft ground"},
    drawing=Drawing(colour="#c7b48a", shape="block", height=0.3),
    demands=(
        not_on_water,
        not_under_building,
    ),
    volume=_volume,
    occupies="level",
)
def raised_ground(
    situation: Situation,
    geometry: Any,
    *,
    height: Annotated[float, Unit("m"), Field(gt=0, le=5, description="How much higher it becomes.")] = 0.3,
) -> Situation:
    """Raise the ground by one height."""
    return lower(situation, geometry, -height)
