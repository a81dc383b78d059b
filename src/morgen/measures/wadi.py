"""Wadi."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import add_within, lower, pave
from morgen.measures.rules import (
    flatter_than,
    groundwater_below,
    not_on_water,
    not_under_building,
    public_ground,
    wider_than,
)

__all__ = ["wadi"]


def _volume(_situation: Situation, geometry: Any, given: Any) -> float:
    """Storage, m3."""
    return float(geometry.area) * float(given.depth)


@measure(
    id="wadi",
    title=("Wadi", "Wadi"),
    geometry=("Polygon",),
    cost=Cost(low=40, middle=80, high=150, per="m2"),
    maintenance="Mow twice a year, clear the gully, remove silt.",
    side_effects={"heat": "cooler by evaporation", "nature": "more green"},
    drawing=Drawing(colour="#7fb08a", shape="basin", height=-0.3),
    demands=(
        not_on_water,
        not_under_building,
    ),
    advice=(
        flatter_than(0.03),
        groundwater_below(0.5),
        wider_than(2),
        public_ground,
    ),
    volume=_volume,
)
def wadi(
    situation: Situation,
    geometry: Any,
    *,
    depth: Annotated[float, Unit("m"), Field(gt=0, le=1.5, description="Depth below the ground around it.")] = 0.3,
    infiltration: Annotated[
        float, Unit("mm/h"), Field(ge=0, le=500, description="Infiltration capacity of the soil layer.")
    ] = 20.0,
    drain: Annotated[
        float, Unit("mm/h"), Field(ge=0, le=100, description="What the drain takes to the sewer.")
    ] = 0.0,
) -> Situation:
    """Lower the ground and let it infiltrate; a drain under it empties it to the sewer.

    A planted hollow, vertical sides; usual: 0.3 m deep, bottom 0.5 m above the highest groundwater, empty within a
    day (RIBOR, Oss).
    """
    changed = pave(
        situation, geometry, kind="wadi", words={"theme": "begroeidterreindeel", "surface": "groenvoorziening"}
    )
    changed = lower(changed, geometry, depth)
    changed = add_within(changed, "infiltration_extra", geometry, infiltration, unit="mm/h")
    if not drain:
        return changed
    return add_within(changed, "sewer_extra", geometry, drain, unit="mm/h")
