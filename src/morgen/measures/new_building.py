"""New building."""

from typing import Annotated, Any

import numpy as np
from pydantic import Field

from morgen.core.measure import Cost, Drawing
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.contract import measure
from morgen.measures.edit import add_features, coverage, pave, with_features
from morgen.measures.rules import not_on_water, not_under_building

__all__ = ["new_building"]


@measure(
    id="new-building",
    title=("Nieuw gebouw", "New building"),
    geometry=("Polygon",),
    cost=Cost(low=1200, middle=2000, high=3500, per="m2"),
    maintenance="As any building.",
    side_effects={"housing": "more floor area", "green": "less open ground"},
    drawing=Drawing(colour="#f0ece4", shape="block", height=9.0),
    demands=(
        not_on_water,
        not_under_building,
    ),
)
def new_building(
    situation: Situation,
    geometry: Any,
    *,
    height: Annotated[float, Unit("m"), Field(gt=0, le=250, description="Height above the ground.")] = 9.0,
    use: Annotated[
        str, Field(pattern="^[a-z ,]+$", description="Gebruiksdoel in the words of the BAG.")
    ] = "woonfunctie",
    floor_area: Annotated[float, Unit("m2"), Field(gt=0, le=1e6, description="Gross floor area.")] = 100.0,
    floor_above_ground: Annotated[
        float, Unit("m"), Field(ge=0, le=3, description="Ground floor above the ground around it.")
    ] = 0.2,
) -> Situation:
    """Put a building on the ground: water runs around it, and its floor has a level."""
    share = coverage(geometry, situation.grid) > 0
    heights = situation.raster("terrain").values[share]
    base = float(np.nanmedian(heights)) if np.isfinite(heights).any() else float("nan")
    changed = pave(situation, geometry, kind="new-building", words={"theme": "pand"})
    row: dict[str, Any] = {
        "bag_id": "",
        "object_id": f"new-building-{geometry.centroid.x:.1f}-{geometry.centroid.y:.1f}",
        "status": "Plan",
    }
    row |= {
        "use": use,
        "ground_height": base,
        "roof_height": base + height,
        "height": height,
        "height_source": "measure",
    }
    row |= {
        "roof_type": "",
        "lod": "0",
        "in_bgt": False,
        "in_bag": False,
        "in_model": False,
        "source_id": "measure",
    }
    row |= {"solid_surfaces": [], "floor_area": floor_area, "floor_level": base + floor_above_ground}
    frame = changed.features("buildings")
    for column in {"floor_area", "floor_level"} - set(frame.columns):
        frame[column] = np.nan
    changed = with_features(changed, "buildings", frame, title="Buildings")
    return add_features(changed, "buildings", {**row, "geometry": geometry})
