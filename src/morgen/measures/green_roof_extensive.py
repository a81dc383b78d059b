"""Extensive green roof."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import building_rows, with_building_column
from morgen.measures.rules import on_building

__all__ = ["green_roof_extensive"]


def _volume(situation: Situation, geometry: Any, given: Any) -> float:
    """Storage, m3."""
    rows = building_rows(situation, geometry)
    surface = float(situation.features("buildings").geometry[rows].area.sum())
    return surface * float(given.storage) / 1000


@measure(
    id="green-roof-extensive",
    title=("Groen dak, extensief", "Extensive green roof"),
    geometry=(
        "Point",
        "Polygon",
    ),
    cost=Cost(low=40, middle=60, high=80, per="m2"),
    maintenance="Weed and check the drains once a year.",
    side_effects={"heat": "cooler roof", "nature": "plants"},
    drawing=Drawing(colour="#8dbb74", shape="roof", height=0.2),
    demands=(on_building,),
    volume=_volume,
    occupies="roof",
    idempotent=True,
)
def green_roof_extensive(
    situation: Situation,
    geometry: Any,
    *,
    storage: Annotated[float, Unit("mm"), Field(ge=0, le=60, description="Water that the roof holds.")] = 20.0,
) -> Situation:
    """Lay sedum on a thin layer, which holds 15 to 30 mm before it runs off (Alterra 2692)."""
    rows = building_rows(situation, geometry)
    return with_building_column(situation, rows, "roof_storage", storage, empty=0.0)
