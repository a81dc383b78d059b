"""An area of 100 by 100 m, in a grid with 20 m around it, whose numbers can be checked by hand."""

from typing import Any

import numpy as np
import shapely
from shapely.affinity import translate

from morgen.core.situation import Situation
from morgen.measures.edit import with_features, with_raster
from morgen.testing import situation

__all__ = ["MARGIN", "box", "cover", "facility", "house", "village"]

MARGIN = 20.0


def box(west: float, south: float, width: float, height: float) -> shapely.Polygon:
    """Return a box; metres from the south-west corner of the area."""
    return shapely.box(west, south, west + width, south + height)


def house(number: int, shape: shapely.Polygon, **columns: Any) -> dict[str, Any]:
    """Return a row of ``buildings``: one dwelling of 80 m2 usable floor, 6 m high, unless said otherwise."""
    stated = {"use": "woonfunctie", "height": 6.0, "dwellings": 1, "usable_area": 80.0, "dwelling_area": 80.0}
    return {"bag_id": f"{number:016d}", "geometry": shape} | stated | columns


def cover(theme: str, shape: shapely.Polygon, *, surface: str = "", function: str = "") -> dict[str, Any]:
    """Return a row of ``land_cover``."""
    return {"theme": theme, "surface": surface, "function": function, "geometry": shape}


def facility(kind: str, shape: Any, **columns: Any) -> dict[str, Any]:
    """Return a row of ``facilities``."""
    return {"kind": kind, "floor_area": None, "capacity": None, "geometry": shape} | columns


def village(*, storage: float | None = None, **layers: list[dict[str, Any]]) -> Situation:
    """Return the area with rows as layers; ``storage`` is extra storage everywhere, mm."""
    import geopandas as gpd

    side = int(100 + 2 * MARGIN)
    area = shapely.box(MARGIN, MARGIN, MARGIN + 100, MARGIN + 100)
    found = situation(np.zeros((side, side)), area=area, land_cover=None, buildings=None)
    west, south, _, _ = found.area.bounds
    for name, rows in layers.items():
        placed = [{**row, "geometry": translate(row["geometry"], west, south)} for row in rows]
        frame = gpd.GeoDataFrame(placed, geometry="geometry", crs="EPSG:28992")
        found = with_features(found, name, frame, title=name)
    if storage is not None:
        values = np.full(found.grid.shape, storage, np.float32)
        found = with_raster(found, "storage_extra", values, unit="mm", title="Storage")
    return found
