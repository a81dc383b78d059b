"""New facility."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import add_features

__all__ = ["new_facility"]


@measure(
    id="new-facility",
    title=("Nieuwe voorziening", "New facility"),
    geometry=(
        "Point",
        "Polygon",
    ),
    cost=Cost(low=100000, middle=500000, high=3000000, per="piece"),
    maintenance="As any facility.",
    side_effects={"facilities": "nearer to people"},
    drawing=Drawing(colour="#e0a458", shape="marker", height=3.0),
    occupies="",
)
def new_facility(
    situation: Situation,
    geometry: Any,
    *,
    # Not `kind`: that attribute of a feature names the kind of measure.
    facility: Annotated[
        str, Field(pattern="^[a-z -]+$", description="Kind of facility, as in the norms.")
    ] = "primary-school",
    floor_area: Annotated[float, Unit("m2"), Field(gt=0, le=1e6, description="Floor area.")] = 500.0,
) -> Situation:
    """Add a facility of one kind with a floor area; water does not notice."""
    row = {"measure": "new-facility", "kind": facility, "floor_area": floor_area, "geometry": geometry}
    return add_features(situation, "facilities", row)
