"""Tree."""

from typing import Annotated, Any

import numpy as np
from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import add_features, add_within
from morgen.measures.rules import not_on_water, not_under_building

__all__ = ["tree"]


def _volume(_situation: Situation, _geometry: Any, given: Any) -> float:
    """Storage, m3."""
    return float(np.pi) * float(given.crown) ** 2 / 4 * float(given.interception) / 1000


@measure(
    id="tree",
    title=("Boom", "Tree"),
    geometry=("Point",),
    cost=Cost(low=400, middle=900, high=2000, per="piece"),
    maintenance="Water it for three years, prune.",
    side_effects={"heat": "shade", "nature": "one tree more"},
    drawing=Drawing(colour="#5f9a5f", shape="tree", height=8.0),
    demands=(
        not_on_water,
        not_under_building,
    ),
    volume=_volume,
    occupies="tree",
)
def tree(
    situation: Situation,
    geometry: Any,
    *,
    crown: Annotated[float, Unit("m"), Field(gt=0, le=25, description="Diameter of the grown crown.")] = 6.0,
    interception: Annotated[float, Unit("mm"), Field(ge=0, le=10, description="Rain that the crown holds.")] = 2.0,
) -> Situation:
    """Plant a tree; its crown holds the first millimetres of rain over its own surface.

    Interception of a crown in leaf is 1 to 3 mm per shower (indicatief).
    """
    changed = add_features(
        situation,
        "trees",
        {"object_id": f"tree-{geometry.x:.2f}-{geometry.y:.2f}", "source_id": "measure", "geometry": geometry},
    )
    return add_within(changed, "storage_extra", geometry.buffer(crown / 2, quad_segs=32), interception, unit="mm")
