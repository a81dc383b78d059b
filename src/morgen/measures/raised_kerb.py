"""Raised kerb."""

from typing import Annotated, Any

import numpy as np
from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import add_features

__all__ = ["raised_kerb"]


@measure(
    id="raised-kerb",
    title=("Verhoogde stoeprand", "Raised kerb"),
    geometry=("LineString",),
    cost=Cost(low=30, middle=50, high=90, per="m"),
    maintenance="As any kerb.",
    side_effects={"access": "a step for wheels"},
    drawing=Drawing(colour="#8f8f8f", shape="wall", height=0.12),
    occupies="line",
)
def raised_kerb(
    situation: Situation,
    geometry: Any,
    *,
    height: Annotated[
        float, Unit("m"), Field(gt=0, le=0.5, description="Height above the ground beside it.")
    ] = 0.12,
) -> Situation:
    """Lay a kerb that water must rise over: a wall on the edges of cells, of a height above the ground."""
    row = {"measure": "raised-kerb", "crest_level": np.nan, "height": height, "geometry": geometry}
    return add_features(situation, "walls", row)
