"""Change of use of a building."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.measures.contract import measure
from morgen.measures.edit import building_rows, with_building_column
from morgen.measures.rules import on_building

__all__ = ["change_of_use"]


@measure(
    id="change-of-use",
    title=("Andere functie", "Change of use of a building"),
    geometry=(
        "Point",
        "Polygon",
    ),
    cost=Cost(low=200, middle=600, high=1500, per="m2"),
    maintenance="As any building.",
    side_effects={"housing": "other use of the same walls"},
    drawing=Drawing(colour="#d8cfe6", shape="block", height=0.0),
    demands=(on_building,),
    occupies="use",
    idempotent=True,
)
def change_of_use(
    situation: Situation,
    geometry: Any,
    *,
    use: Annotated[
        str, Field(pattern="^[a-z ,]+$", description="Gebruiksdoel in the words of the BAG.")
    ] = "woonfunctie",
) -> Situation:
    """Give buildings another use in the words of the BAG; water does not notice."""
    return with_building_column(situation, building_rows(situation, geometry), "use", use)
