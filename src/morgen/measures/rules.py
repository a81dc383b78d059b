"""Rules of feasibility that measures share: each says what is wrong at a place in one sentence, or nothing."""

from typing import Any

import numpy as np
import shapely
from pydantic import BaseModel

from morgen.core.measure import Rule
from morgen.core.situation import Situation
from morgen.measures.edit import building_rows, coverage

__all__ = [
    "flatter_than",
    "groundwater_below",
    "not_on_water",
    "not_under_building",
    "on_building",
    "public_ground",
    "wider_than",
]

SLACK = 0.05
"""Overlap that is rounding of drawing, m2."""


def not_on_water(situation: Situation, geometry: Any, _parameters: BaseModel) -> str:
    """No open water where it lies."""
    frame = situation.features("land_cover")
    water = frame[frame["theme"] == "waterdeel"]
    return _overlap(geometry, water, "object_id", "lies on the water")


def not_under_building(situation: Situation, geometry: Any, _parameters: BaseModel) -> str:
    """No building where it lies."""
    return _overlap(geometry, situation.features("buildings"), "bag_id", "lies under the building")


def on_building(situation: Situation, geometry: Any, _parameters: BaseModel) -> str:
    """Demand a building where it lies."""
    return (
        "" if building_rows(situation, geometry).any() else "has no building; draw it on one, or over most of it"
    )


def public_ground(situation: Situation, geometry: Any, _parameters: BaseModel) -> str:
    """No yard, which is mostly private; the BGT does not say who owns ground, so this is a hint."""
    frame = situation.features("land_cover")
    return _overlap(geometry, frame[frame["surface"] == "erf"], "object_id", "lies on a yard, likely of others:")


def flatter_than(limit: float) -> Rule:
    """Return the rule that the ground slopes less than ``limit`` m/m over the measure."""

    def rule(situation: Situation, geometry: Any, _parameters: BaseModel) -> str:
        heights = situation.raster("terrain").values[coverage(geometry, situation.grid) > 0]
        heights = heights[np.isfinite(heights)]
        xmin, ymin, xmax, ymax = geometry.bounds
        length = float(np.hypot(xmax - xmin, ymax - ymin))
        slope = float(np.ptp(heights)) / length if len(heights) and length else 0.0
        return f"lies on a slope of {slope:.1%}; at most {limit:.1%} is advised" if slope > limit else ""

    return rule


def wider_than(limit: float) -> Rule:
    """Return the rule that a circle of diameter ``limit`` m fits in the measure."""

    def rule(_situation: Situation, geometry: Any, _parameters: BaseModel) -> str:
        fits = geometry.geom_type != "Polygon" or not geometry.buffer(-limit / 2).is_empty
        return "" if fits else f"is narrower than {limit:g} m"

    return rule


def groundwater_below(margin: float) -> Rule:
    """Return the rule that the highest groundwater stays ``margin`` m under the bottom.

    Reads the raster ``groundwater`` (mean highest level, m NAP) when a twin has it.
    """

    def rule(situation: Situation, geometry: Any, parameters: BaseModel) -> str:
        if not situation.has("groundwater"):
            return "the groundwater is not known here; have it measured"
        cells = coverage(geometry, situation.grid) > 0
        room = situation.raster("terrain").values[cells] - situation.raster("groundwater").values[cells]
        least = float(np.nanmin(room)) - float(getattr(parameters, "depth", 0.0))
        return (
            f"has its bottom {least:.2f} m above the groundwater; {margin:g} m is advised"
            if least < margin
            else ""
        )

    return rule


def _overlap(geometry: Any, frame: Any, name: str, words: str) -> str:
    shapes = frame.geometry.to_numpy()
    if geometry.geom_type == "Polygon":
        hit = shapely.area(shapely.intersection(shapes, geometry)) > SLACK
    else:
        hit = shapely.intersects(shapes, geometry)
    if not hit.any():
        return ""
    place = shapely.intersection(shapes[hit][0], geometry).representative_point()
    return f"{words} {frame[name].to_numpy()[hit][0] or 'without id'} at {place.x:.0f}, {place.y:.0f}"
