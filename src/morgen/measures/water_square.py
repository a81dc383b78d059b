"""Water square."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import lower, pave
from morgen.measures.rules import groundwater_below, not_on_water, not_under_building

__all__ = ["water_square"]


def _volume(_situation: Situation, geometry: Any, given: Any) -> float:
    """Storage, m3."""
    return float(geometry.area) * float(given.depth)


@measure(
    id="water-square",
    title=("Waterplein", "Water square"),
    geometry=("Polygon",),
    cost=Cost(low=150, middle=300, high=600, per="m2"),
    maintenance="Clean it after every storm.",
    side_effects={"sport": "a square to play on when dry"},
    drawing=Drawing(colour="#8fa9c4", shape="basin", height=-0.5),
    demands=(
        not_on_water,
        not_under_building,
    ),
    advice=(groundwater_below(0.2),),
    volume=_volume,
)
def water_square(
    situation: Situation,
    geometry: Any,
    *,
    depth: Annotated[float, Unit("m"), Field(gt=0, le=3.0, description="Depth below the ground around it.")] = 0.5,
) -> Situation:
    """Make a sunken paved square that fills in a storm."""
    changed = pave(
        situation,
        geometry,
        kind="water-square",
        words={"theme": "wegdeel", "function": "voetgangersgebied", "surface": "gesloten verharding"},
    )
    return lower(changed, geometry, depth)
