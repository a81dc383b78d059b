"""Hollow road."""

from typing import Annotated, Any

import shapely
from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import lower
from morgen.measures.rules import not_on_water, not_under_building

__all__ = ["hollow_road"]


def _volume(_situation: Situation, geometry: Any, given: Any) -> float:
    """Storage, m3."""
    return sum(float(ring.area) for ring in _steps(geometry)) * float(given.depth) / STEPS


STEPS = 8


def _steps(geometry: Any) -> list[Any]:
    reach = float(shapely.maximum_inscribed_circle(geometry).length)
    rings = [geometry.buffer(-reach * (step + 0.5) / STEPS) for step in range(STEPS)]
    return [ring for ring in rings if not ring.is_empty]


@measure(
    id="hollow-road",
    title=("Holle weg", "Hollow road"),
    geometry=("Polygon",),
    cost=Cost(low=0, middle=70, high=130, per="m2"),
    maintenance="As any street.",
    side_effects={"roads": "water stands in the middle first"},
    drawing=Drawing(colour="#a0a0aa", shape="basin", height=-0.1),
    demands=(
        not_on_water,
        not_under_building,
    ),
    volume=_volume,
    occupies="level",
)
def hollow_road(
    situation: Situation,
    geometry: Any,
    *,
    depth: Annotated[float, Unit("m"), Field(gt=0, le=0.5, description="Depth on the axis.")] = 0.12,
) -> Situation:
    """Give a street a hollow profile: a V that is deepest on its axis and nothing at its sides.

    Made of eight nested steps, whose mean depth is that of the V.
    """
    changed = situation
    for ring in _steps(geometry):
        changed = lower(changed, ring, depth / STEPS)
    return changed
