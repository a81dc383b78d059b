"""Blue-green roof with outflow."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import building_rows, with_building_column
from morgen.measures.rules import on_building

__all__ = ["blue_green_roof"]


def _volume(situation: Situation, geometry: Any, given: Any) -> float:
    """Storage, m3."""
    rows = building_rows(situation, geometry)
    surface = float(situation.features("buildings").geometry[rows].area.sum())
    return surface * float(given.storage) / 1000


@measure(
    id="blue-green-roof",
    title=("Blauw-groen dak", "Blue-green roof with outflow"),
    geometry=(
        "Point",
        "Polygon",
    ),
    cost=Cost(low=120, middle=200, high=480, per="m2"),
    maintenance="Weed and check the drains once a year.",
    side_effects={"heat": "cooler roof", "nature": "plants"},
    drawing=Drawing(colour="#8dbb74", shape="roof", height=0.2),
    demands=(on_building,),
    volume=_volume,
    occupies="roof",
    idempotent=True,
)
def blue_green_roof(
    situation: Situation,
    geometry: Any,
    *,
    storage: Annotated[float, Unit("mm"), Field(ge=0, le=250, description="Water that the roof holds.")] = 85.0,
    outflow: Annotated[
        float, Unit("mm/h"), Field(ge=0, le=50, description="What leaves the roof when it holds water.")
    ] = 2.0,
) -> Situation:
    """Lay crates under the plants that hold water; a weir lets it out slowly (RESILIO: 85 mm)."""
    rows = building_rows(situation, geometry)
    changed = with_building_column(situation, rows, "roof_storage", storage, empty=0.0)
    return with_building_column(changed, rows, "roof_outflow", outflow)
