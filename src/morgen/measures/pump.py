"""Pump."""

from typing import Annotated, Any

import shapely
from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import add_features

__all__ = ["pump"]


@measure(
    id="pump",
    title=("Pomp", "Pump"),
    geometry=(
        "Point",
        "LineString",
    ),
    cost=Cost(low=10000, middle=30000, high=100000, per="piece"),
    maintenance="Power and two inspections a year.",
    side_effects={"energy": "uses power"},
    drawing=Drawing(colour="#55708a", shape="marker", height=1.5),
    occupies="",
)
def pump(
    situation: Situation,
    geometry: Any,
    *,
    capacity: Annotated[float, Unit("m3/s"), Field(gt=0, le=20, description="What it takes when it runs.")] = 0.05,
    on_level: Annotated[
        float, Unit("m NAP"), Field(ge=-10, le=330, description="Water level above which it runs.")
    ] = 0.0,
) -> Situation:
    """Pump water above a level from the first point to the last, or out of the area."""
    ends = shapely.get_coordinates(geometry)
    target = shapely.Point(ends[-1]).wkt if len(ends) > 1 else None
    row = {"measure": "pump", "to": target, "capacity": capacity, "on_level": on_level}
    return add_features(situation, "pumps", {**row, "geometry": shapely.Point(ends[0])})
