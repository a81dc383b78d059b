"""Parking removed."""

from typing import Any

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.measures.contract import measure
from morgen.measures.edit import pave
from morgen.measures.rules import not_on_water, not_under_building

__all__ = ["parking_removed"]


@measure(
    id="parking-removed",
    title=("Parkeren weg", "Parking removed"),
    geometry=("Polygon",),
    cost=Cost(low=40, middle=80, high=140, per="m2"),
    maintenance="Mow a few times a year.",
    side_effects={"parking": "fewer places", "heat": "cooler"},
    drawing=Drawing(colour="#a5c99a", shape="surface", height=0.0),
    demands=(
        not_on_water,
        not_under_building,
    ),
    idempotent=True,
)
def parking_removed(
    situation: Situation,
    geometry: Any,
) -> Situation:
    """Make parking places green verge."""
    return pave(
        situation,
        geometry,
        kind="parking-removed",
        words={"theme": "ondersteunendwegdeel", "surface": "groenvoorziening", "function": "berm"},
    )
