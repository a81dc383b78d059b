"""Tree trench."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import add_within
from morgen.measures.rules import groundwater_below, not_on_water, not_under_building

__all__ = ["tree_trench"]


def _volume(_situation: Situation, geometry: Any, given: Any) -> float:
    """Storage, m3."""
    return float(geometry.area) * float(given.depth) * float(given.porosity)


@measure(
    id="tree-trench",
    title=("Boombunker", "Tree trench"),
    geometry=("Polygon",),
    cost=Cost(low=150, middle=300, high=500, per="m2"),
    maintenance="Clean the inlets every year.",
    side_effects={"heat": "trees grow better"},
    drawing=Drawing(colour="#6b8f5a", shape="basin", height=-0.8),
    demands=(
        not_on_water,
        not_under_building,
    ),
    advice=(groundwater_below(0.2),),
    volume=_volume,
    occupies="underground",
)
def tree_trench(
    situation: Situation,
    geometry: Any,
    *,
    depth: Annotated[float, Unit("m"), Field(gt=0, le=2.0, description="Depth of the trench.")] = 0.8,
    porosity: Annotated[
        float, Unit("1"), Field(gt=0, le=0.95, description="Share of the trench that water can fill.")
    ] = 0.3,
    infiltration: Annotated[
        float, Unit("mm/h"), Field(ge=0, le=500, description="Infiltration capacity of the soil layer.")
    ] = 20.0,
) -> Situation:
    """Dig a trench of coarse soil under the surface, which stores water; the surface stays."""
    changed = add_within(situation, "storage_extra", geometry, depth * porosity * 1000, unit="mm")
    return add_within(changed, "infiltration_extra", geometry, infiltration, unit="mm/h")
