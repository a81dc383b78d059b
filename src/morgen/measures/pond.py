"""Pond."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import lower, pave
from morgen.measures.rules import not_on_water, not_under_building, wider_than

__all__ = ["pond"]


def _volume(_situation: Situation, geometry: Any, given: Any) -> float:
    """Storage, m3."""
    return float(geometry.area) * float(given.depth)


@measure(
    id="pond",
    title=("Vijver", "Pond"),
    geometry=("Polygon",),
    cost=Cost(low=30, middle=70, high=150, per="m2"),
    maintenance="Dredge every ten years, mow the banks.",
    side_effects={"heat": "cooler", "safety": "open water near children"},
    drawing=Drawing(colour="#6fb3d2", shape="basin", height=-0.5),
    demands=(
        not_on_water,
        not_under_building,
    ),
    advice=(wider_than(4),),
    volume=_volume,
)
def pond(
    situation: Situation,
    geometry: Any,
    *,
    depth: Annotated[
        float, Unit("m"), Field(gt=0, le=3.0, description="From the ground around it down to the water level.")
    ] = 0.5,
) -> Situation:
    """Dig permanent water, whose level lies below the ground around it; the room above the level stores rain."""
    changed = pave(situation, geometry, kind="pond", words={"theme": "waterdeel", "surface": "watervlakte"})
    return lower(changed, geometry, depth)
