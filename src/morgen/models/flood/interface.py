"""The interface ``pluvial-flood/1``: what every model of flooding by rain needs and gives."""

from typing import Final

from morgen.core.model import Interface, OutputField
from morgen.models.flood.classes import depth_classes

__all__ = ["DEPTH_CLASSES", "FLOOD_DEPTH", "INDICATORS", "PLUVIAL_FLOOD", "depth_class_id"]

FLOOD_DEPTH: Final = 0.05
"""Depth from which ground counts as flooded, m: shallower water lies within the error of the terrain."""

DEPTH_CLASSES: Final = depth_classes().edges
"""Lower edges of the depth classes, m; the last one is open."""


def depth_class_id(lower: float) -> str:
    """Return the id of the indicator of the depth class that starts at ``lower`` metres."""
    centimetres = round(lower * 100)
    if lower >= DEPTH_CLASSES[-1]:
        return f"flooded-area-over-{centimetres}-cm"
    return f"flooded-area-{centimetres}-to-{centimetres + 5}-cm"


INDICATORS: Final = (
    "buildings-facade-low",
    "buildings-facade-high",
    "damage",
    "vulnerable-places-flooded",
    "vulnerable-places-cut-off",
    "road-area-low",
    "road-area-high",
    "road-length-low",
    "road-length-high",
    "flooded-area",
    *(depth_class_id(lower) for lower in DEPTH_CLASSES),
    "long-flooded-area",
    "longest-flooding",
    "street-volume",
    "strong-flow-area",
)

PLUVIAL_FLOOD: Final = Interface(
    id="pluvial-flood/1",
    needs=("terrain", "land_cover", "buildings"),
    may_use=(
        "terrain_origin",
        "decks",
        "infiltration_extra",
        "storage_extra",
        "sewer_extra",
        "culverts",
        "pumps",
        "facilities",
        "sewers",
        "sewer_nodes",
    ),
    outputs=(
        OutputField(
            name="depth",
            kind="series",
            unit="m",
            meaning="Depth of the water above the ground, or above the usual level of permanent water, per output"
            " time; no value under buildings and outside the terrain.",
        ),
        OutputField(
            name="max_depth",
            kind="raster",
            unit="m",
            meaning="Largest depth of the whole run, at every time step.",
        ),
        OutputField(
            name="arrival",
            kind="raster",
            unit="min",
            meaning="Time since the start of the rain at which the depth first reached 0.05 m; no value where it"
            " never did.",
        ),
        OutputField(
            name="duration", kind="raster", unit="min", meaning="Time during which the depth was at least 0.05 m."
        ),
        OutputField(
            name="max_velocity",
            kind="raster",
            unit="m/s",
            meaning="Largest mean velocity over the depth of the water.",
        ),
        OutputField(
            name="max_flow",
            kind="raster",
            unit="m2/s",
            meaning="Largest depth times velocity, which says whether people and cars keep their footing.",
        ),
        OutputField(
            name="probability",
            kind="raster",
            unit="1",
            meaning="Share of the members of the ensemble whose largest depth was at least 0.10 m; only for a run"
            " with an ensemble.",
            optional=True,
        ),
        OutputField(
            name="buildings",
            kind="features",
            meaning="Buildings in the area with the largest depth at the façade (max_depth, m), the output time at"
            " which it was largest (max_depth_at, min), whether it reached the low and the high threshold, the"
            " depth at the likely door (door_depth, m) and above the floor (depth_inside, m), and the damage"
            " (damage_low, damage, damage_high, euro).",
        ),
        OutputField(
            name="places",
            kind="features",
            meaning="Vulnerable places in the area (kind, use), the deepest first, with the largest depth at the"
            " façade, at the likely door and above the floor (m), and whether water reached them (flooded) or"
            " stops vehicles on the way (cut_off).",
        ),
        OutputField(
            name="roads",
            kind="features",
            meaning="Road parts in the area with their largest depth (m), their area and length (m2, m), and how"
            " much of these reached the low and the high threshold.",
        ),
        OutputField(
            name="facade_depth",
            kind="json",
            meaning="Largest depth along the façade of every building of the area that water of at least 1 mm"
            " reached, as whole mm per output time: times (s), unit, and buildings (object_id to one number per"
            " time).",
        ),
        OutputField(
            name="indicators", kind="json", meaning="The indicators of the run, with meaning and sources."
        ),
        OutputField(
            name="checks",
            kind="json",
            meaning="How sure the answer is: engines (how well a second method agrees on a small part), resolution"
            " (the indicators on larger cells), noise (differences that rounding makes: in m, of the duration in"
            " min, and of the indicators) and ensemble (what was varied for the band of the indicators); only the"
            " checks that were asked for.",
        ),
        OutputField(
            name="balance",
            kind="json",
            meaning="Volumes (m3) of rain, stored, infiltrated, sewer, outflow, pumped, and the relative error.",
        ),
    ),
    indicators=INDICATORS,
)
