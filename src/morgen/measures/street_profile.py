"""Street profile."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.measures.contract import measure
from morgen.measures.edit import pave
from morgen.measures.rules import not_on_water, not_under_building

__all__ = ["street_profile"]


@measure(
    id="street-profile",
    title=("Straatprofiel", "Street profile"),
    geometry=("Polygon",),
    cost=Cost(low=80, middle=130, high=220, per="m2"),
    maintenance="As any street.",
    side_effects={"roads": "other division of the street"},
    drawing=Drawing(colour="#b3b3ba", shape="surface", height=0.0),
    demands=(
        not_on_water,
        not_under_building,
    ),
    idempotent=True,
)
def street_profile(
    situation: Situation,
    geometry: Any,
    *,
    surface: Annotated[
        str,
        Field(
            pattern="^(gesloten verharding|open verharding|half verhard|groenvoorziening)$",
            description="One of gesloten verharding, open verharding, half verhard or groenvoorziening.",
        ),
    ] = "open verharding",
) -> Situation:
    """Lay a strip of a street with another surface."""
    return pave(situation, geometry, kind="street-profile", words={"theme": "wegdeel", "surface": surface})
