"""Permeable paving."""

from typing import Annotated, Any

from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import add_within, pave
from morgen.measures.rules import flatter_than, groundwater_below, not_on_water, not_under_building

__all__ = ["permeable_paving"]


def _volume(_situation: Situation, geometry: Any, given: Any) -> float:
    """Storage, m3."""
    return float(geometry.area) * float(given.storage) / 1000


@measure(
    id="permeable-paving",
    title=("Waterdoorlatende verharding", "Permeable paving"),
    geometry=("Polygon",),
    cost=Cost(low=60, middle=90, high=130, per="m2"),
    maintenance="Clean the joints every few years.",
    side_effects={"roads": "stays a road"},
    drawing=Drawing(colour="#c9b79c", shape="surface", height=0.0),
    demands=(
        not_on_water,
        not_under_building,
    ),
    advice=(
        flatter_than(0.05),
        groundwater_below(0.5),
    ),
    volume=_volume,
)
def permeable_paving(
    situation: Situation,
    geometry: Any,
    *,
    infiltration: Annotated[
        float, Unit("mm/h"), Field(ge=0, le=500, description="Infiltration capacity of joints and base.")
    ] = 50.0,
    storage: Annotated[float, Unit("mm"), Field(ge=0, le=500, description="Water that the base holds.")] = 60.0,
) -> Situation:
    """Replace paving by open paving over a porous base, which stores and infiltrates.

    Base storage fills from above and empties by infiltration (guideline COPRO PTV 827).
    """
    changed = pave(
        situation, geometry, kind="permeable-paving", words={"theme": "wegdeel", "surface": "open verharding"}
    )
    changed = add_within(changed, "infiltration_extra", geometry, infiltration, unit="mm/h")
    return add_within(changed, "storage_extra", geometry, storage, unit="mm")
