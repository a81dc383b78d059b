"""Dry storage basin."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import add_within, lower, pave
from morgen.measures.rules import groundwater_below, not_on_water, not_under_building, wider_than

__all__ = ["storage_basin"]


def _volume(_situation: Situation, geometry: Any, given: Any) -> float:
    """Storage, m3."""
    return float(geometry.area) * float(given.depth)


@measure(
    id="storage-basin",
    title=("Bergingsvijver, droog", "Dry storage basin"),
    geometry=("Polygon",),
    cost=Cost(low=30, middle=60, high=120, per="m2"),
    maintenance="Mow, remove silt.",
    side_effects={"heat": "cooler by evaporation", "nature": "more green"},
    drawing=Drawing(colour="#86b592", shape="basin", height=-0.6),
    demands=(
        not_on_water,
        not_under_building,
    ),
    advice=(
        groundwater_below(0.2),
        wider_than(4),
    ),
    volume=_volume,
)
def storage_basin(
    situation: Situation,
    geometry: Any,
    *,
    depth: Annotated[float, Unit("m"), Field(gt=0, le=4.0, description="Depth below the ground around it.")] = 0.6,
    infiltration: Annotated[
        float, Unit("mm/h"), Field(ge=0, le=500, description="Infiltration capacity of the soil layer.")
    ] = 20.0,
) -> Situation:
    """Dig a green basin that is dry until it rains."""
    changed = pave(
        situation,
        geometry,
        kind="storage-basin",
        words={"theme": "begroeidterreindeel", "surface": "groenvoorziening"},
    )
    changed = lower(changed, geometry, depth)
    return add_within(changed, "infiltration_extra", geometry, infiltration, unit="mm/h")
