"""Culvert."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import add_features

__all__ = ["culvert"]


@measure(
    id="culvert",
    title=("Duiker", "Culvert"),
    geometry=("LineString",),
    cost=Cost(low=300, middle=700, high=1500, per="m"),
    maintenance="Clean it every few years.",
    side_effects={"nature": "fish may pass"},
    drawing=Drawing(colour="#7a7a8a", shape="pipe", height=-0.5),
    occupies="line",
)
def culvert(
    situation: Situation,
    geometry: Any,
    *,
    width: Annotated[float, Unit("m"), Field(gt=0, le=10, description="Inner width.")] = 0.5,
    height: Annotated[float, Unit("m"), Field(gt=0, le=5, description="Inner height.")] = 0.5,
    level_up: Annotated[
        float, Unit("m NAP"), Field(ge=-10, le=330, description="Inner bottom at the first point.")
    ] = -1.0,
    level_down: Annotated[
        float, Unit("m NAP"), Field(ge=-10, le=330, description="Inner bottom at the last point.")
    ] = -1.0,
    roughness: Annotated[
        float,
        Unit("s/m^(1/3)"),
        Field(gt=0, le=0.1, description="Roughness of Manning; concrete 0.013 to 0.017 (Chow 1959)."),
    ] = 0.015,
) -> Situation:
    """Lay a closed rectangular conduit along the line; flow by Manning over its wetted section."""
    row = {"measure": "culvert", "width": width, "height": height, "level_up": level_up, "level_down": level_down}
    return add_features(situation, "culverts", {**row, "roughness": roughness, "geometry": geometry})
