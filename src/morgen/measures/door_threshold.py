"""Threshold at the doors of a building."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import building_rows, with_building_column
from morgen.measures.rules import on_building

__all__ = ["door_threshold"]


def _known_ground(situation: Situation, geometry: Any, _given: Any) -> str:
    frame = situation.features("buildings")[building_rows(situation, geometry)]
    return (
        "stands on ground of unknown height; give a raised floor with its level"
        if frame["ground_height"].isna().any()
        else ""
    )


@measure(
    id="door-threshold",
    title=("Drempel bij de deur", "Threshold at the doors of a building"),
    geometry=(
        "Point",
        "Polygon",
    ),
    cost=Cost(low=200, middle=600, high=2500, per="piece"),
    maintenance="Check the seal once a year.",
    side_effects={"access": "a step at the door"},
    drawing=Drawing(colour="#c08a5a", shape="marker", height=0.2),
    demands=(
        on_building,
        _known_ground,
    ),
    occupies="floor level",
    idempotent=True,
)
def door_threshold(
    situation: Situation,
    geometry: Any,
    *,
    height: Annotated[
        float, Unit("m"), Field(gt=0, le=1, description="Height above the ground at the building.")
    ] = 0.15,
) -> Situation:
    """Raise the level at which water enters a building by a threshold above the ground around it."""
    rows = building_rows(situation, geometry)
    frame = situation.features("buildings")
    level = frame.loc[rows, "ground_height"] + height
    return with_building_column(situation, rows, "floor_level", level)
