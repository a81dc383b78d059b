"""Unsealing: from paved to green."""

from typing import Any

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.measures.contract import measure
from morgen.measures.edit import pave
from morgen.measures.rules import not_on_water, not_under_building

__all__ = ["unsealing"]


@measure(
    id="unsealing",
    title=("Ontharden", "Unsealing: from paved to green"),
    geometry=("Polygon",),
    cost=Cost(low=30, middle=60, high=110, per="m2"),
    maintenance="Mow or weed a few times a year.",
    side_effects={"heat": "cooler by evaporation", "nature": "more green"},
    drawing=Drawing(colour="#9cc28f", shape="surface", height=0.0),
    demands=(
        not_on_water,
        not_under_building,
    ),
    idempotent=True,
)
def unsealing(
    situation: Situation,
    geometry: Any,
) -> Situation:
    """Replace paving by low green, with the infiltration and roughness of grass."""
    return pave(
        situation,
        geometry,
        kind="unsealing",
        words={"theme": "begroeidterreindeel", "surface": "groenvoorziening"},
    )
