"""Demolition."""

from typing import Any

import shapely

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.measures.contract import measure
from morgen.measures.edit import building_rows, pave, with_features
from morgen.measures.rules import on_building

__all__ = ["demolition"]


@measure(
    id="demolition",
    title=("Sloop", "Demolition"),
    geometry=(
        "Point",
        "Polygon",
    ),
    cost=Cost(low=30, middle=60, high=120, per="m2"),
    maintenance="None.",
    side_effects={"housing": "fewer homes", "materials": "rubble to reuse"},
    drawing=Drawing(colour="#d9b7a8", shape="surface", height=0.0),
    demands=(on_building,),
    occupies="building",
)
def demolition(
    situation: Situation,
    geometry: Any,
) -> Situation:
    """Take buildings away; bare ground stays behind."""
    rows = building_rows(situation, geometry)
    frame = situation.features("buildings")
    footprint = shapely.union_all(frame.geometry[rows].to_numpy())
    changed = with_features(situation, "buildings", frame[~rows], title="Buildings")
    return pave(
        changed, footprint, kind="demolition", words={"theme": "onbegroeidterreindeel", "surface": "onverhard"}
    )
