"""Small situations in memory, for tests: a terrain, and what lies and stands on it."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.affinity import translate

from morgen.core.area import Area
from morgen.core.grid import Grid
from morgen.core.noun import content_hash
from morgen.core.situation import Layer, LayerKind, Raster, Situation

if TYPE_CHECKING:
    import geopandas

__all__ = ["building", "ground", "situation"]

ORIGIN: Final = (85_000.0, 447_000.0)
"""South-west corner of every grid, m RD: Delft."""

RASTER_UNITS: Final = {"terrain": "m NAP", "surface": "m NAP"}

Row = dict[str, Any]


def ground(theme: str, geometry: shapely.Geometry, **columns: Any) -> Row:
    """Return one row of ``land_cover`` (or ``decks``): all columns filled, ``columns`` as given.

    ``geometry`` is in metres from the south-west corner of the grid.
    """
    defaults = dict.fromkeys(
        ("function", "surface", "plus_function", "plus_surface", "bag_id", "registered_at"), ""
    )
    row = {"object_id": "", "theme": theme, **defaults, "level": 0, "owner": "G0000", "status": "bestaand"}
    return {**row, "source_id": "test", **columns, "geometry": geometry}


def building(bag_id: str, geometry: shapely.Geometry, **columns: Any) -> Row:
    """Return one row of ``buildings``: all columns filled, ``columns`` as given; geometry as in ``ground``."""
    words = dict.fromkeys(("status", "use", "height_source", "roof_type", "lod"), "")
    heights = dict.fromkeys(("ground_height", "roof_height", "height"), np.nan)
    model: Row = {"construction_year": None, "solid": None, "solid_surfaces": [], "in_bgt": True, "in_bag": False}
    row = {"bag_id": bag_id, "object_id": bag_id, **words, **heights, **model, "in_model": False}
    return {**row, "source_id": "test", **columns, "geometry": geometry}


def situation(
    terrain: npt.ArrayLike,
    *,
    cell_size: float = 1.0,
    land_cover: Iterable[Row] | None = (),
    buildings: Iterable[Row] | None = (),
    decks: Iterable[Row] | None = None,
    terrain_origin: npt.ArrayLike | None = None,
    others: Mapping[str, Any] | None = None,
    area: shapely.Polygon | None = None,
    name: str = "test",
) -> Situation:
    """Return a situation in memory on the grid of ``terrain`` (rows, columns), m NAP, row 0 in the north.

    Rows come from ``ground`` and ``building``; None leaves a layer out. ``others`` are layers by name: arrays on
    the grid, and frames in metres from the south-west corner of it. ``area`` is in metres from the south-west
    corner of the grid; without it the area is the whole grid.
    """
    heights = np.asarray(terrain, dtype=np.float32)
    rows, columns = heights.shape
    west, south = ORIGIN
    grid = Grid(xmin=west, ymax=south + rows * cell_size, cell_size=cell_size, rows=rows, columns=columns)
    contents: dict[str, Any] = {"terrain": Raster(grid=grid, values=heights)}
    if terrain_origin is not None:
        contents["terrain_origin"] = Raster(grid=grid, values=np.asarray(terrain_origin, dtype=np.uint8))
    templates = {"land_cover": ground("", shapely.Point()), "buildings": building("", shapely.Point())}
    for layer, given in {"land_cover": land_cover, "buildings": buildings, "decks": decks}.items():
        if given is not None:
            contents[layer] = _frame(given, templates.get(layer, templates["land_cover"]))
    for layer, other in (others or {}).items():
        if hasattr(other, "geometry"):
            contents[layer] = other.set_geometry(other.geometry.translate(*ORIGIN), crs="EPSG:28992")
        else:
            contents[layer] = Raster(grid=grid, values=np.asarray(other, dtype=np.float32))
    polygon = shapely.box(*grid.bounds) if area is None else translate(area, west, south)
    return Situation(
        area=Area(name=name, polygon=polygon),
        grid=grid,
        layers={layer: _layer(layer, content) for layer, content in contents.items()},
        reader=lambda layer, _grid: _copy(contents[layer.name]),
    )


def _frame(rows: Iterable[Row], template: Mapping[str, Any]) -> "geopandas.GeoDataFrame":
    import geopandas

    placed = [{**row, "geometry": translate(row["geometry"], *ORIGIN)} for row in rows]
    frame = geopandas.GeoDataFrame(placed, columns=list(template), geometry="geometry", crs="EPSG:28992")
    return frame.astype({"construction_year": "Int64"}) if "construction_year" in frame else frame


def _layer(name: str, content: Any) -> Layer:
    import pandas as pd

    if isinstance(content, Raster):
        values = np.asarray(content.values)
        digest, count, kind = values.tobytes(), int(np.isfinite(values).sum()), LayerKind.RASTER
    else:
        table = pd.DataFrame(content.drop(columns=["geometry", "solid"], errors="ignore"))
        shapes = b"".join(content.geometry.to_wkb())
        digest, count, kind = table.to_json(orient="records").encode() + shapes, len(content), LayerKind.FEATURES
    unit = RASTER_UNITS.get(name, "")
    return Layer(name=name, kind=kind, title=name, unit=unit, sha256=content_hash(digest), count=count)


def _copy(content: Any) -> Any:
    """Return a copy, so that a model that writes into its input does not change the situation."""
    if isinstance(content, Raster):
        return Raster(grid=content.grid, values=np.array(content.values))
    return content.copy()
