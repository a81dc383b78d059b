"""Lowered road."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import lower
from morgen.measures.rules import not_on_water, not_under_building

__all__ = ["lowered_road"]


def _volume(_situation: Situation, geometry: Any, given: Any) -> float:
    """Storage, m3."""
    return float(geometry.area) * float(given.depth)


@measure(
    id="lowered-road",
    title=("Verlaagde weg", "Lowered road"),
    geometry=("Polygon",),
    cost=Cost(low=0, middle=60, high=120, per="m2"),
    maintenance="As any street.",
    side_effects={"roads": "water stands on it first"},
    drawing=Drawing(colour="#a9a9b0", shape="basin", height=-0.1),
    demands=(
        not_on_water,
        not_under_building,
    ),
    volume=_volume,
    occupies="level",
)
def lowered_road(
    situation: Situation,
    geometry: Any,
    *,
    depth: Annotated[float, Unit("m"), Field(gt=0, le=0.5, description="How much lower it becomes.")] = 0.1,
) -> Situation:
    """Lower a whole street by one depth, so that it holds water below the doors (Kluck et al., HvA 2016)."""
    return lower(situation, geometry, depth)
