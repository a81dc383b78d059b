"""Crate storage underground."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import add_within
from morgen.measures.rules import groundwater_below, not_on_water, not_under_building

__all__ = ["crate_storage"]


def _volume(_situation: Situation, geometry: Any, given: Any) -> float:
    """Storage, m3."""
    return float(geometry.area) * float(given.height) * float(given.porosity)


@measure(
    id="crate-storage",
    title=("Infiltratiekratten", "Crate storage underground"),
    geometry=("Polygon",),
    cost=Cost(low=250, middle=400, high=650, per="m3"),
    maintenance="Flush the crates every few years.",
    side_effects={"space": "the surface stays free"},
    drawing=Drawing(colour="#6d7f99", shape="basin", height=-1.0),
    demands=(
        not_on_water,
        not_under_building,
    ),
    advice=(groundwater_below(0.2),),
    volume=_volume,
    occupies="underground",
)
def crate_storage(
    situation: Situation,
    geometry: Any,
    *,
    height: Annotated[float, Unit("m"), Field(gt=0, le=3, description="Height of the crates.")] = 0.6,
    porosity: Annotated[float, Unit("1"), Field(gt=0, le=0.97, description="Share that water can fill.")] = 0.95,
    infiltration: Annotated[
        float, Unit("mm/h"), Field(ge=0, le=500, description="Infiltration capacity of the soil layer.")
    ] = 20.0,
) -> Situation:
    """Bury plastic crates that hold water; the ground above stays as it is."""
    changed = add_within(situation, "storage_extra", geometry, height * porosity * 1000, unit="mm")
    return add_within(changed, "infiltration_extra", geometry, infiltration, unit="mm/h")
