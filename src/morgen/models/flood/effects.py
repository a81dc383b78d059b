"""What a flood does: water at façades, on roads and on the ground of the area."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.grid import Grid
from morgen.models.flood.facades import Facades
from morgen.models.flood.fields import FloodFields, burn
from morgen.models.flood.interface import DEPTH_CLASSES, FLOOD_DEPTH

if TYPE_CHECKING:
    import geopandas
    import pandas as pd

__all__ = [
    "FloodWatch",
    "Roads",
    "Thresholds",
    "area_by_depth_class",
    "buildings_with_water",
    "facade_depths",
    "find_roads",
    "is_carriageway",
    "overtopped_water",
    "roads_with_water",
]

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float32]

CARRIAGEWAYS: Final = ("rijbaan", "woonerf", "ov-baan", "overweg")
"""First words of the BGT functions on which vehicles drive; a road part without a function counts as well."""

OVERTOPPING: Final = 0.02
"""Depth that water from a ditch or canal stands on its bank before it counts as overtopping, m."""


@dataclass(frozen=True)
class Thresholds:
    """Depths from which water counts, m; at a façade and on a road."""

    facade_low: float
    facade_high: float
    road_low: float
    road_high: float


@dataclass(frozen=True, eq=False)
class Roads:
    """The road parts of the land cover and where they lie."""

    frame: "geopandas.GeoDataFrame"
    """object_id, function, surface, carriageway (bool), length (m) and geometry, one row per part."""
    labels: npt.NDArray[np.int32]
    """Row number + 1 of the part on a cell that counts (in the area, no building, no water), 0 elsewhere."""

    @property
    def cells(self) -> BoolArray:
        """Cells on a road of any kind."""
        return self.labels > 0


def find_roads(land_cover: "geopandas.GeoDataFrame", fields: FloodFields) -> Roads:
    """Pick the road parts (theme wegdeel) out of the land cover.

    The length of a part is that of the rectangle with the same surface A and perimeter P, P/4 + sqrt(P^2/16 - A):
    exact for a straight strip, and for a bent one as long as it keeps its width.
    """
    parts = land_cover[land_cover["theme"] == "wegdeel"].reset_index(drop=True)
    frame = parts[["object_id", "function", "surface", "geometry"]].copy()
    frame["carriageway"] = is_carriageway(frame["function"])
    quarter = frame.geometry.length / 4
    frame["length"] = quarter + np.sqrt(np.maximum(quarter**2 - frame.geometry.area, 0.0))
    return Roads(
        frame=frame, labels=np.where(fields.ground, burn(frame.geometry, fields.grid), 0).astype(np.int32)
    )


def is_carriageway(functions: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return for each function of a road part in the BGT whether vehicles drive on it."""
    words = functions.fillna("").str.strip().str.lower()
    return words.str.startswith(CARRIAGEWAYS) | (words == "")


@dataclass(eq=False)
class FloodWatch:
    """Follows a run from output to output and keeps what the last state no longer tells."""

    facades: Facades
    roads: BoolArray
    cell_area: float
    facade_depth: FloatArray = field(init=False)
    """Largest depth at the façade of every building at any output time, m; NaN without façade."""
    facade_time: FloatArray = field(init=False)
    """Output time of that depth, s; NaN as long as the façade is dry."""
    facade_history: list[tuple[float, npt.NDArray[np.uint16]]] = field(init=False, default_factory=list)
    """Output time, s, and the depth at the façade of every building then, mm; 0 without façade."""
    street_volume: float = 0.0
    """Largest volume on the roads at one output time, m3."""

    def __post_init__(self) -> None:
        self.facade_depth = np.full(self.facades.count, np.nan, dtype=np.float32)
        self.facade_time = np.full(self.facades.count, np.nan, dtype=np.float32)

    def observe(self, time: float, depth: FloatArray) -> None:
        """Take in the depths (rows, columns), m, at ``time`` seconds."""
        now = self.facades.largest(depth)
        higher = (now > 0) & ~(now <= self.facade_depth)
        self.facade_time[higher] = time
        self.facade_depth = np.fmax(self.facade_depth, now)
        self.facade_history.append((time, _whole_millimetres(now)))
        volume = float(np.nansum(depth[self.roads], dtype=np.float64)) * self.cell_area
        self.street_volume = max(self.street_volume, volume)


def _whole_millimetres(depth: FloatArray) -> npt.NDArray[np.uint16]:
    return np.rint(np.nan_to_num(depth) * 1000).clip(0, np.iinfo(np.uint16).max).astype(np.uint16)


def facade_depths(buildings: "geopandas.GeoDataFrame", *, in_area: BoolArray, watch: FloodWatch) -> dict[str, Any]:
    """Return the depth at the façade in time of the buildings of the area that got wet, as a JSON document.

    ``times`` in s; ``buildings`` maps the object_id to one depth per time in whole mm, for every building that
    water of at least 1 mm reached at some output time. ``in_area`` marks the rows of ``buildings`` that count.
    """
    shape = len(watch.facade_history), len(buildings)
    depths = np.array([row for _time, row in watch.facade_history], dtype=np.uint16).reshape(shape)
    wet = np.flatnonzero(in_area & depths.any(axis=0))
    ids = buildings["object_id"].to_numpy()
    return {
        "times": [float(time) for time, _row in watch.facade_history],
        "unit": "mm",
        "buildings": {str(ids[row]): depths[:, row].tolist() for row in wet},
    }


def buildings_with_water(
    buildings: "geopandas.GeoDataFrame",
    *,
    in_area: BoolArray,
    watch: FloodWatch,
    max_depth: FloatArray,
    thresholds: Thresholds,
) -> "geopandas.GeoDataFrame":
    """Return the buildings of the area with the water at their façades.

    ``in_area`` marks the rows of ``buildings`` that count; ``max_depth`` (rows, columns) is the largest depth, m.
    Columns: bag_id, object_id, max_depth (m; NaN when no ground along the façade is known), max_depth_at (min),
    above_low, above_high, geometry.
    """
    frame = buildings[["bag_id", "object_id", "geometry"]].copy()
    frame["max_depth"] = watch.facades.largest(max_depth)
    frame["max_depth_at"] = (watch.facade_time / 60).astype(np.float32)
    frame["above_low"] = frame["max_depth"] >= np.float32(thresholds.facade_low)
    frame["above_high"] = frame["max_depth"] >= np.float32(thresholds.facade_high)
    return frame[in_area].reset_index(drop=True)


def roads_with_water(
    roads: Roads, *, grid: Grid, max_depth: FloatArray, thresholds: Thresholds
) -> "geopandas.GeoDataFrame":
    """Return the road parts with a cell in the area and how much of them flooded.

    Columns beside those of ``Roads.frame``: area (m2, in the area), max_depth (m), area_low, area_high (m2),
    length_low, length_high (m). ``length`` is limited to the share of the part that lies in the area.
    """
    labels, count = roads.labels.ravel(), len(roads.frame) + 1
    depth = max_depth.ravel()
    cells = np.bincount(labels, minlength=count)[1:]
    frame = roads.frame.copy()
    frame["area"] = cells * grid.cell_area
    per_area = frame["length"] / np.maximum(frame.geometry.area, frame["area"])
    frame["length"] = per_area * frame["area"]
    frame["max_depth"] = _largest_per_label(labels, depth, count)[1:]
    for name, threshold in (("low", thresholds.road_low), ("high", thresholds.road_high)):
        wet = np.bincount(labels[depth >= np.float32(threshold)], minlength=count)[1:]
        frame[f"area_{name}"] = wet * grid.cell_area
        frame[f"length_{name}"] = per_area * frame[f"area_{name}"]
    return frame[cells > 0].reset_index(drop=True)


def _largest_per_label(labels: npt.NDArray[np.int32], values: FloatArray, count: int) -> FloatArray:
    largest = np.full(count, -np.inf, dtype=np.float32)
    np.maximum.at(largest, labels, np.nan_to_num(values, nan=-np.inf))
    return largest


def area_by_depth_class(max_depth: FloatArray, *, ground: BoolArray, cell_area: float) -> npt.NDArray[np.float64]:
    """Return the area (m2) of ``ground`` in each class of ``DEPTH_CLASSES``; the last class has no upper edge.

    The sum is the flooded area: all ground that was ever ``FLOOD_DEPTH`` deep.
    """
    depth = max_depth[ground]
    flooded = depth[depth >= np.float32(FLOOD_DEPTH)]
    edges = np.array(DEPTH_CLASSES, dtype=np.float32)
    classes = np.searchsorted(edges, flooded, side="right") - 1
    return np.bincount(classes, minlength=len(DEPTH_CLASSES)).astype(np.float64) * cell_area


def overtopped_water(fields: FloodFields, max_depth: FloatArray) -> tuple[float, float]:
    """Return how far permanent water rose at most (m), and the length of bank (m) that it overtopped.

    A bank is an edge between a water cell and a ground cell of the area; it is overtopped where the highest
    water level of the water lies above the ground there by more than 2 cm, while water stands on it.
    """
    rise = np.where(fields.water & fields.inside, max_depth, 0.0)
    level = np.where(fields.water, fields.terrain + np.nan_to_num(max_depth), -np.inf)
    edges = 0
    for axis in (0, 1):
        for direction in (1, -1):
            beside = _shifted(level, axis=axis, direction=direction)
            over = fields.ground & (beside > fields.terrain + OVERTOPPING) & (max_depth > OVERTOPPING)
            edges += int(over.sum())
    return float(np.nan_to_num(rise).max(initial=0.0)), edges * fields.grid.cell_size


def _shifted(values: npt.NDArray[np.float64], *, axis: int, direction: int) -> npt.NDArray[np.float64]:
    moved = np.roll(values, direction, axis=axis)
    edge: list[slice | int] = [slice(None), slice(None)]
    edge[axis] = 0 if direction > 0 else -1
    moved[tuple(edge)] = -np.inf
    return moved
