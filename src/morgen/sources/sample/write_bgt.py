"""BGT as a GeoPackage with a layer for each object type, in the columns that ogr2ogr makes of the delivery."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import shapely

from morgen.sources.sample.bgt_objects import POINT_THEMES, BgtObject
from morgen.sources.sample.frame import NAME
from morgen.sources.sample.geopackage import append_layers
from morgen.sources.sample.quirks import MIXED_THEMES

__all__ = ["append_bgt", "bgt_geopackage"]


def bgt_geopackage(folder: Path) -> Path:
    """Return where the BGT goes in ``folder``."""
    return folder / f"bgt_{NAME.lower()}.gpkg"


def append_bgt(folder: Path, objects: Iterable[BgtObject], *, quirks: bool = False) -> Path:
    """Add the objects of one sheet to ``bgt_voorbeelddorp.gpkg``; with ``quirks`` BAG ids are numbers there."""
    import geopandas

    by_theme: dict[str, list[BgtObject]] = defaultdict(list)
    for item in objects:
        by_theme[item.theme].append(item)
    layers, types = {}, {}
    for theme in sorted(by_theme):
        items = by_theme[theme]
        frame = geopandas.GeoDataFrame(
            [item.columns for item in items], geometry=[_shape(item) for item in items], crs="EPSG:28992"
        ).astype({"relatievehoogteligging": "int32"})
        if quirks and theme == "pand":
            frame = frame.astype({"identificatiebagpnd": "int64"})
        layers[f"bgt_{theme}"] = frame
        types[f"bgt_{theme}"] = _geometry_type(theme, quirks=quirks)
    path = bgt_geopackage(folder)
    append_layers(path, layers, types=types)
    return path


def _shape(item: BgtObject) -> Any:
    return shapely.MultiPolygon([item.shape]) if item.shape.geom_type == "Polygon" else item.shape


def _geometry_type(theme: str, *, quirks: bool) -> str:
    if quirks and theme in MIXED_THEMES:
        return "Unknown"
    return "Point" if theme in POINT_THEMES else "MultiPolygon"
