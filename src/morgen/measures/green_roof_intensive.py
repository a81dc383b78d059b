"""Intensive green roof."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import building_rows, with_building_column
from morgen.measures.rules import on_building

__all__ = ["green_roof_intensive"]


def _volume(situation: Situation, geometry: Any, given: Any) -> float:
    """Storage, m3."""
    rows = building_rows(situation, geometry)
    surface = float(situation.features("buildings").geometry[rows].area.sum())
    return surface * float(given.storage) / 1000


@measure(
    id="green-roof-intensive",
    title=("Groen dak, intensief", "Intensive green roof"),
    geometry=(
        "Point",
        "Polygon",
    ),
    cost=Cost(low=100, middle=170, high=300, per="m2"),
    maintenance="Weed and check the drains once a year.",
    side_effects={"heat": "cooler roof", "nature": "plants"},
    drawing=Drawing(colour="#8dbb74", shape="roof", height=0.2),
    demands=(on_building,),
    volume=_volume,
    occupies="roof",
    idempotent=True,
)
def green_roof_intensive(
    situation: Situation,
    geometry: Any,
    *,
    storage: Annotated[float, Unit("mm"), Field(ge=0, le=200, description="Water that the roof holds.")] = 50.0,
) -> Situation:
    """Make a roof garden: its soil holds 30 to 100 mm (indicatief); ask whether the roof bears it."""
    rows = building_rows(situation, geometry)
    return with_building_column(situation, rows, "roof_storage", storage, empty=0.0)
