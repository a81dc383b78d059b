"""Park."""

from typing import Any

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.measures.contract import measure
from morgen.measures.edit import pave
from morgen.measures.rules import not_on_water, not_under_building, wider_than

__all__ = ["park"]


@measure(
    id="park",
    title=("Park", "Park"),
    geometry=("Polygon",),
    cost=Cost(low=30, middle=60, high=120, per="m2"),
    maintenance="Mow and prune.",
    side_effects={"heat": "cooler by evaporation", "nature": "more green"},
    drawing=Drawing(colour="#86bd7e", shape="surface", height=0.0),
    demands=(
        not_on_water,
        not_under_building,
    ),
    advice=(wider_than(10),),
    idempotent=True,
)
def park(
    situation: Situation,
    geometry: Any,
) -> Situation:
    """Make a place a park: low green."""
    return pave(
        situation,
        geometry,
        kind="park",
        words={"theme": "begroeidterreindeel", "surface": "groenvoorziening", "function": "park"},
    )
