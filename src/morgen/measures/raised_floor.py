"""Raised floor."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import building_rows, with_building_column
from morgen.measures.rules import on_building

__all__ = ["raised_floor"]


@measure(
    id="raised-floor",
    title=("Verhoogde vloer", "Raised floor"),
    geometry=(
        "Point",
        "Polygon",
    ),
    cost=Cost(low=5000, middle=20000, high=60000, per="piece"),
    maintenance="None.",
    side_effects={"access": "a ramp is needed"},
    drawing=Drawing(colour="#b07a4a", shape="marker", height=0.3),
    demands=(on_building,),
    occupies="floor level",
    idempotent=True,
)
def raised_floor(
    situation: Situation,
    geometry: Any,
    *,
    level: Annotated[float, Unit("m NAP"), Field(ge=-10, le=330, description="Level of the floor.")] = 0.5,
) -> Situation:
    """Bring the floor of a building to a level; water enters above it."""
    rows = building_rows(situation, geometry)
    return with_building_column(situation, rows, "floor_level", level)
