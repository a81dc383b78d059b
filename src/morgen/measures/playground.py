"""Playground."""

from typing import Any

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.measures.contract import measure
from morgen.measures.edit import pave
from morgen.measures.rules import not_on_water, not_under_building, wider_than

__all__ = ["playground"]


@measure(
    id="playground",
    title=("Speelplaats", "Playground"),
    geometry=("Polygon",),
    cost=Cost(low=60, middle=120, high=250, per="m2"),
    maintenance="Inspect it every month.",
    side_effects={"play": "room for children"},
    drawing=Drawing(colour="#e3c878", shape="surface", height=0.0),
    demands=(
        not_on_water,
        not_under_building,
    ),
    advice=(wider_than(5),),
    idempotent=True,
)
def playground(
    situation: Situation,
    geometry: Any,
) -> Situation:
    """Make a place a playground of sand."""
    return pave(
        situation,
        geometry,
        kind="playground",
        words={"theme": "onbegroeidterreindeel", "surface": "zand", "function": "speelplaats"},
    )
