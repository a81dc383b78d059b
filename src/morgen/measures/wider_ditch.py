"""Wider ditch."""

from typing import Annotated, Any

import numpy as np
from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import coverage, pave, set_level
from morgen.measures.rules import not_under_building

__all__ = ["wider_ditch"]


def _volume(situation: Situation, geometry: Any, given: Any) -> float:
    """Storage, m3."""
    share = coverage(geometry, situation.grid)
    above = situation.raster("terrain").values.astype(float) - float(given.level)
    return float(np.nansum(share * above)) * situation.grid.cell_area


@measure(
    id="wider-ditch",
    title=("Bredere sloot", "Wider ditch"),
    geometry=("Polygon",),
    cost=Cost(low=15, middle=35, high=70, per="m2"),
    maintenance="Mow and dredge.",
    side_effects={"nature": "more bank"},
    drawing=Drawing(colour="#79b7cf", shape="basin", height=-0.6),
    demands=(not_under_building,),
    volume=_volume,
)
def wider_ditch(
    situation: Situation,
    geometry: Any,
    *,
    level: Annotated[float, Unit("m NAP"), Field(ge=-10, le=330, description="Water level of the ditch.")] = -0.5,
) -> Situation:
    """Dig away the bank of a ditch down to its water level; draw the strip that becomes water."""
    changed = pave(
        situation,
        geometry,
        kind="wider-ditch",
        words={"theme": "waterdeel", "surface": "waterloop", "function": "sloot"},
    )
    return set_level(changed, geometry, level)
