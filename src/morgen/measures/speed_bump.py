"""Speed bump as weir."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import lower

__all__ = ["speed_bump"]


@measure(
    id="speed-bump",
    title=("Verkeersdrempel", "Speed bump as weir"),
    geometry=("LineString",),
    cost=Cost(low=150, middle=300, high=600, per="m"),
    maintenance="As any street.",
    side_effects={"roads": "slower traffic"},
    drawing=Drawing(colour="#9a8f86", shape="block", height=0.1),
    occupies="level",
)
def speed_bump(
    situation: Situation,
    geometry: Any,
    *,
    height: Annotated[float, Unit("m"), Field(gt=0, le=0.3, description="Height above the street.")] = 0.1,
    width: Annotated[
        float, Unit("m"), Field(gt=0, le=20, description="Length of the bump along the street.")
    ] = 4.0,
) -> Situation:
    """Raise the street over a band across it, which holds water back as a weir."""
    return lower(situation, geometry.buffer(width / 2, cap_style="flat"), -height)
