"""The numbers that a decision uses, each with what it counts and what it does not show."""

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from morgen.core.indicator import Direction, Indicator
from morgen.models.flood.classes import depth_classes
from morgen.models.flood.damage import DamageTable
from morgen.models.flood.effects import Thresholds, area_by_depth_class
from morgen.models.flood.interface import DEPTH_CLASSES, FLOOD_DEPTH, depth_class_id
from morgen.models.flood.places import place_kinds
from morgen.models.flood.rescue import RESCUE_SOURCE

if TYPE_CHECKING:
    import geopandas

__all__ = [
    "LONG",
    "building_indicators",
    "damage_indicator",
    "ground_indicators",
    "place_indicators",
    "road_indicators",
    "street_volume_indicator",
    "strong_flow_indicator",
]

FACADE_SOURCE: Final = (
    "0.10 and 0.15 m are common practice in Dutch stress tests, without a norm; the real doorstep decides"
)
ROAD_SOURCE: Final = (
    "0.15 m: impassable, also for emergency services (Rotterdams Weerwoord, begaanbaarheid van wegen);"
    " 0.30 m is used in other stress tests"
)
CLASS_SOURCE: Final = depth_classes().source
LONG: Final = 30.0
"""Duration from which ground counts as flooded for long, min; a choice of this model, without a norm."""

STRONG_FLOW: Final = 0.3
"""Depth times velocity from which small cars are not safe, m2/s."""

LENGTH_MEANING: Final = (
    "the length of a part is that of the rectangle with its surface and perimeter, times the share of its surface"
    " that is flooded"
)


def building_indicators(buildings: "geopandas.GeoDataFrame", *, thresholds: Thresholds) -> list[Indicator]:
    """Count the buildings (by bag_id, or by row without one) with water at the façade."""
    key = buildings["bag_id"].fillna("")
    key = key.where(key != "", "row " + buildings.index.astype(str))
    found = []
    for name, depth in (("low", thresholds.facade_low), ("high", thresholds.facade_high)):
        found.append(
            Indicator(
                id=f"buildings-facade-{name}",
                title=f"Buildings with at least {_cm(depth)} of water at the façade",
                value=int(key[buildings[f"above_{name}"]].nunique()),
                unit="count",
                meaning="Number of buildings in the area where, in any cell within one cell of the footprint, the"
                f" largest depth was at least {_cm(depth)}; permanent water does not count.",
                does_not_show="Whether water enters: that depends on thresholds, doors and air bricks; sheds and"
                " garages count as buildings.",
                threshold_source=FACADE_SOURCE,
            )
        )
    return found


def damage_indicator(buildings: "geopandas.GeoDataFrame", table: DamageTable) -> Indicator:
    """Sum the damage of the buildings, with its band."""
    year = table.price_level
    return Indicator(
        id="damage",
        title="Damage in buildings",
        value=float(buildings["damage"].sum()),
        low=float(buildings["damage_low"].sum()),
        high=float(buildings["damage_high"].sum()),
        unit="euro",
        meaning=f"Direct damage at prices of {year} in the buildings of the area where water rises over the floor:"
        " the footprint times an amount per use and a share per depth.",
        does_not_show="Where floors really lie, what a business loses while it is closed, basements, water through"
        " the sewer, and damage to roads, cars and gardens; it is no estimate for one building or a claim.",
        threshold_source=f"{table.curve.source}; {table.price_source}",
    )


def place_indicators(places: "geopandas.GeoDataFrame", *, thresholds: Thresholds) -> list[Indicator]:
    """Count the vulnerable places that water reaches, and those that it cuts off."""
    return [
        Indicator(
            id="vulnerable-places-flooded",
            title=f"Vulnerable places with at least {_cm(thresholds.facade_low)} of water",
            value=int(places["flooded"].sum()),
            unit="count",
            meaning=f"Schools, care, childcare, rescue services and prisons in the area, {len(places)} in all,"
            f" where the largest depth at the façade was at least {_cm(thresholds.facade_low)}.",
            does_not_show="Whether water enters or the place must close, and places that neither the building"
            " register nor a layer of facilities names.",
            threshold_source=place_kinds().source,
        ),
        Indicator(
            id="vulnerable-places-cut-off",
            title=f"Vulnerable places behind at least {_cm(thresholds.road_high)} of water on the road",
            value=int(places["cut_off"].sum()),
            unit="count",
            meaning="Vulnerable places in the area that vehicles reach from the end of the terrain when it is dry,"
            f" but not over roads where the water was never deeper than {_cm(thresholds.road_high)}.",
            does_not_show="Ways over footpaths and green, obstacles, and whether all water stands at the same"
            " moment.",
            threshold_source=RESCUE_SOURCE,
        ),
    ]


def road_indicators(roads: "geopandas.GeoDataFrame", *, thresholds: Thresholds) -> list[Indicator]:
    """Sum the surface and the length of flooded carriageways."""
    carriageways = roads[roads["carriageway"]]
    found = []
    for name, depth in (("low", thresholds.road_low), ("high", thresholds.road_high)):
        found.append(
            Indicator(
                id=f"road-area-{name}",
                title=f"Carriageway under at least {_cm(depth)} of water",
                value=float(carriageways[f"area_{name}"].sum()),
                unit="m2",
                meaning=f"Surface of the carriageways in the area where the largest depth was at least"
                f" {_cm(depth)}; footpaths, cycle paths and parking do not count.",
                does_not_show="Whether the same places are flooded at the same moment, and roads on bridges.",
                threshold_source=ROAD_SOURCE,
            )
        )
    for name, depth in (("low", thresholds.road_low), ("high", thresholds.road_high)):
        found.append(
            Indicator(
                id=f"road-length-{name}",
                title=f"Length of road under at least {_cm(depth)} of water",
                value=float(carriageways[f"length_{name}"].sum()),
                unit="m",
                meaning=f"Length of the carriageways with a largest depth of at least {_cm(depth)}:"
                f" {LENGTH_MEANING}.",
                does_not_show="Whether a road is blocked: a flooded strip along the kerb counts for its share.",
                threshold_source=ROAD_SOURCE,
            )
        )
    return found


def ground_indicators(
    max_depth: npt.NDArray[np.float32],
    duration: npt.NDArray[np.float32],
    *,
    ground: npt.NDArray[np.bool_],
    cell_area: float,
) -> list[Indicator]:
    """Measure flooded ground: per depth class, and how long; ``duration`` in minutes."""
    classes = area_by_depth_class(max_depth, ground=ground, cell_area=cell_area)
    total = Indicator(
        id="flooded-area",
        title=f"Ground under at least {_cm(FLOOD_DEPTH)} of water",
        value=float(classes.sum()),
        unit="m2",
        meaning=f"Ground in the area whose largest depth was at least {_cm(FLOOD_DEPTH)}; buildings and permanent"
        " water do not count.",
        does_not_show="Whether it was all flooded at the same moment, and whether that harms anyone.",
        threshold_source=CLASS_SOURCE,
    )
    return [
        total,
        *map(_class_indicator, DEPTH_CLASSES, classes),
        *_duration_indicators(duration[ground], cell_area),
    ]


def _class_indicator(lower: float, area: float) -> Indicator:
    last = lower >= DEPTH_CLASSES[-1]
    depths = f"{_cm(lower)} or more" if last else f"{_cm(lower)} to {_cm(lower + 0.05)}"
    return Indicator(
        id=depth_class_id(lower),
        title=f"Ground under {depths} of water",
        value=float(area),
        unit="m2",
        direction=Direction.LOWER
        if last
        else Direction.NONE,  # less of a middle class may be more of a deeper one
        meaning=f"Ground in the area whose largest depth was {depths}, the lower edge included; buildings and"
        " permanent water do not count.",
        does_not_show="Differences within a class, and whether it was all flooded at the same moment.",
        threshold_source=CLASS_SOURCE,
    )


def _duration_indicators(duration: npt.NDArray[np.float32], cell_area: float) -> list[Indicator]:
    source = f"{LONG:g} min is a choice of this model, without a norm"
    shown = "Water that still stands when the run ends stood longer than it counts."
    return [
        Indicator(
            id="long-flooded-area",
            title=f"Ground flooded for at least {LONG:g} min",
            value=float((duration >= LONG).sum()) * cell_area,
            unit="m2",
            meaning=f"Ground in the area where the depth was at least {_cm(FLOOD_DEPTH)} during {LONG:g} min or"
            " more within the run.",
            does_not_show=shown,
            threshold_source=source,
        ),
        Indicator(
            id="longest-flooding",
            title="Longest flooding of any ground",
            value=float(duration.max(initial=0.0)),
            unit="min",
            meaning=f"Longest time that any cell of ground in the area was at least {_cm(FLOOD_DEPTH)} deep within"
            " the run.",
            does_not_show=shown,
            threshold_source=CLASS_SOURCE,
        ),
    ]


def street_volume_indicator(volume: float) -> Indicator:
    """Wrap the largest volume on the roads, m3."""
    return Indicator(
        id="street-volume",
        title="Largest volume of water on the street",
        value=volume,
        unit="m3",
        meaning="Largest volume on all road parts in the area (footpaths and parking included) at one output"
        " time.",
        does_not_show="Peaks between two output times, and water in gardens and green.",
    )


def strong_flow_indicator(
    max_flow: npt.NDArray[np.float32], *, ground: npt.NDArray[np.bool_], cell_area: float
) -> Indicator:
    """Measure the ground where depth times velocity (m2/s) reaches ``STRONG_FLOW``."""
    return Indicator(
        id="strong-flow-area",
        title=f"Ground where depth times velocity is at least {STRONG_FLOW:g} m2/s",
        value=float((max_flow[ground] >= np.float32(STRONG_FLOW)).sum()) * cell_area,
        unit="m2",
        meaning=f"Ground in the area where depth times velocity was at least {STRONG_FLOW:g} m2/s at some moment,"
        " in water of at least 5 cm; from there small cars float or slide.",
        does_not_show="Flow between buildings narrower than a cell, and holes and kerbs that trip people in slow"
        " water.",
        threshold_source="0.3 m2/s: limit of class H1 of Smith, Davey and Cox (2014), Flood hazard, WRL 2014/07",
    )


def _cm(depth: float) -> str:
    return f"{depth * 100:.3g} cm"
