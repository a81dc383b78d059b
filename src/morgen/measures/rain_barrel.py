"""Rain barrel."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import building_rows, with_building_column
from morgen.measures.rules import on_building

__all__ = ["rain_barrel"]


def _volume(situation: Situation, geometry: Any, given: Any) -> float:
    """Storage, m3."""
    return float(given.volume) * int(building_rows(situation, geometry).sum())


@measure(
    id="rain-barrel",
    title=("Regenton", "Rain barrel"),
    geometry=(
        "Point",
        "Polygon",
    ),
    cost=Cost(low=60, middle=120, high=300, per="piece"),
    maintenance="Empty it before a storm and in winter.",
    side_effects={"drinking water": "less used in the garden"},
    drawing=Drawing(colour="#7d8c66", shape="marker", height=1.0),
    demands=(on_building,),
    volume=_volume,
    occupies="barrel",
)
def rain_barrel(
    situation: Situation,
    geometry: Any,
    *,
    volume: Annotated[
        float, Unit("m3"), Field(gt=0, le=50, description="Room in the barrels of one building.")
    ] = 0.2,
) -> Situation:
    """Put a barrel at every chosen building, which holds the first rain of its roof.

    Added to what the roof holds: litres per square metre of roof are millimetres.
    """
    rows = building_rows(situation, geometry)
    frame = situation.features("buildings")
    have = frame["roof_storage"].fillna(0.0) if "roof_storage" in frame else 0.0 * frame.area
    total = have + 1000 * volume / frame.area
    return with_building_column(situation, rows, "roof_storage", total[rows], empty=0.0)
