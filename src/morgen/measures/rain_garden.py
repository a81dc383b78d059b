"""Rain garden."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import add_within, lower, pave
from morgen.measures.rules import flatter_than, groundwater_below, not_on_water, not_under_building

__all__ = ["rain_garden"]


def _volume(_situation: Situation, geometry: Any, given: Any) -> float:
    """Storage, m3."""
    return float(geometry.area) * float(given.depth)


@measure(
    id="rain-garden",
    title=("Regentuin", "Rain garden"),
    geometry=("Polygon",),
    cost=Cost(low=70, middle=120, high=200, per="m2"),
    maintenance="Weed, replace plants, remove silt.",
    side_effects={"heat": "cooler by evaporation", "nature": "more green"},
    drawing=Drawing(colour="#6fa87c", shape="basin", height=-0.15),
    demands=(
        not_on_water,
        not_under_building,
    ),
    advice=(
        flatter_than(0.05),
        groundwater_below(0.5),
    ),
    volume=_volume,
)
def rain_garden(
    situation: Situation,
    geometry: Any,
    *,
    depth: Annotated[
        float, Unit("m"), Field(gt=0, le=0.6, description="Depth below the ground around it.")
    ] = 0.15,
    infiltration: Annotated[
        float, Unit("mm/h"), Field(ge=0, le=500, description="Infiltration capacity of the soil layer.")
    ] = 20.0,
) -> Situation:
    """Dig a shallow planted hollow that stores and infiltrates, as a wadi without a drain."""
    changed = pave(
        situation,
        geometry,
        kind="rain-garden",
        words={"theme": "begroeidterreindeel", "surface": "groenvoorziening"},
    )
    changed = lower(changed, geometry, depth)
    return add_within(changed, "infiltration_extra", geometry, infiltration, unit="mm/h")
