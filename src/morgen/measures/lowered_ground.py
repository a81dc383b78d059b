"""Lowered ground."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import lower
from morgen.measures.rules import groundwater_below, not_on_water, not_under_building

__all__ = ["lowered_ground"]


def _volume(_situation: Situation, geometry: Any, given: Any) -> float:
    """Storage, m3."""
    return float(geometry.area) * float(given.depth)


@measure(
    id="lowered-ground",
    title=("Verlaagde grond", "Lowered ground"),
    geometry=("Polygon",),
    cost=Cost(low=10, middle=25, high=60, per="m2"),
    maintenance="None.",
    side_effects={"soil": "nearer to the groundwater"},
    drawing=Drawing(colour="#b5a37c", shape="basin", height=-0.3),
    demands=(
        not_on_water,
        not_under_building,
    ),
    advice=(groundwater_below(0.3),),
    volume=_volume,
    occupies="level",
)
def lowered_ground(
    situation: Situation,
    geometry: Any,
    *,
    depth: Annotated[float, Unit("m"), Field(gt=0, le=5.0, description="How much lower it becomes.")] = 0.3,
) -> Situation:
    """Lower the ground by one depth."""
    return lower(situation, geometry, depth)
