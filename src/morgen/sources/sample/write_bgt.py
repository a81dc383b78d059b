"""BGT as a GeoPackage with a layer for each object type, in the columns that ogr2ogr makes of the delivery."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import shapely

from morgen.sources.sample.bgt_objects import POINT_THEMES, BgtObject
from morgen.sources.sample.frame import NAME
from morgen.sources.sample.geopackage import append_layers

__all__ = ["append_bgt", "bgt_geopackage"]


def bgt_geopackage(folder: Path) -> Path:
    """Return where the BGT goes in ``folder``."""
    return folder / f"bgt_{NAME.lower()}.gpkg"


def append_bgt(folder: Path, objects: Iterable[BgtObject]) -> Path:
    """Add the objects of one sheet to ``bgt_voorbeelddorp.gpkg``."""
    import geopandas

    by_theme: dict[str, list[BgtObject]] = defaultdict(list)
    for item in objects:
        by_theme[item.theme].append(item)
    layers, types = {}, {}
    for theme in sorted(by_theme):
        items = by_theme[theme]
        point = theme in POINT_THEMES
        shapes: list[Any] = [item.shape if point else shapely.MultiPolygon([item.shape]) for item in items]
        frame = geopandas.GeoDataFrame([item.columns for item in items], geometry=shapes, crs="EPSG:28992")
        layers[f"bgt_{theme}"] = frame.astype({"relatievehoogteligging": "int32"})
        types[f"bgt_{theme}"] = "Point" if point else "MultiPolygon"
    path = bgt_geopackage(folder)
    append_layers(path, layers, types=types)
    return path
