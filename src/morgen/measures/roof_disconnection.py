"""Roof disconnection."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import building_rows, with_building_column
from morgen.measures.rules import on_building

__all__ = ["roof_disconnection"]


@measure(
    id="roof-disconnection",
    title=("Dak afkoppelen", "Roof disconnection"),
    geometry=(
        "Point",
        "Polygon",
    ),
    cost=Cost(low=5, middle=12, high=30, per="m2"),
    maintenance="Keep the gutter clean.",
    side_effects={"sewer": "less rain in the sewer"},
    drawing=Drawing(colour="#b9c4d0", shape="roof", height=0.1),
    demands=(on_building,),
    occupies="downpipe",
    idempotent=True,
)
def roof_disconnection(
    situation: Situation,
    geometry: Any,
    *,
    share: Annotated[
        float, Unit("1"), Field(ge=0, le=1, description="Share of the roof that no longer drains to the sewer.")
    ] = 1.0,
) -> Situation:
    """Let a share of the roof run onto the ground instead of into the sewer."""
    rows = building_rows(situation, geometry)
    return with_building_column(situation, rows, "roof_to_sewer", 1.0 - share)
