"""The layer ``buildings``: facts of BGT, BAG and 3D models, one row a building."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from morgen.sources.buildings.extrusion import extrude_missing
from morgen.sources.buildings.match import BuildingMatches, Match, match_buildings

if TYPE_CHECKING:
    import geopandas

__all__ = ["join_buildings"]

Frame = "geopandas.GeoDataFrame | None"


def join_buildings(
    topography_panden: "geopandas.GeoDataFrame | None",
    register: "geopandas.GeoDataFrame | None",
    models: "geopandas.GeoDataFrame | None",
    *,
    polygon: BaseGeometry,
    matches: BuildingMatches | None = None,
) -> "geopandas.GeoDataFrame":
    """Join up to three sources into the layer ``buildings`` for the area ``polygon`` (RD New).

    The frames have ``TOPOGRAPHY_COLUMNS`` (panden only), ``BUILDING_REGISTER_COLUMNS`` and
    ``BUILDING_MODEL_COLUMNS``; a column ``source_id`` in them is passed on from the source of the footprint.
    Several models of one building: the best level of detail gives the solid, the others fill its gaps. Heights
    are m NAP; buildings with heights but without a solid get one of LoD 1. ``matches`` spares matching twice.
    """
    import geopandas as gpd
    import pandas as pd

    matches = matches or match_buildings(topography_panden, register, models, polygon=polygon)
    rows = [_row(match, topography_panden, register, models) for match in matches.buildings]
    columns = {name: [row[name] for row in rows] for name in _COLUMNS}
    typed: dict[str, Any] = {name: pd.Series(columns[name], dtype=kind) for name, kind in _COLUMNS.items()}
    typed["solid"] = gpd.GeoSeries(columns["solid"], crs="EPSG:7415")
    geometry = gpd.GeoSeries([match.footprint for match in matches.buildings], crs="EPSG:28992")
    return extrude_missing(gpd.GeoDataFrame(typed, geometry=geometry))


_COLUMNS = {
    "bag_id": "str",
    "object_id": "str",
    "construction_year": "Int64",
    "status": "str",
    "use": "str",
    "dwellings": "Int64",
    "usable_area": "float64",
    "dwelling_area": "float64",
    "ground_height": "float64",
    "roof_height": "float64",
    "height": "float64",
    "height_source": "str",
    "roof_type": "str",
    "lod": "str",
    "solid": "object",
    "solid_surfaces": "object",
    "in_bgt": "bool",
    "in_bag": "bool",
    "in_model": "bool",
    "source_id": "str",
}


def _row(match: Match, panden: Any, register: Any, models: Any) -> dict[str, Any]:
    stated = {
        "bag_id": match.bag_id,
        "object_id": _first(panden, "object_id", match.panden, "")
        or match.bag_id
        or _first(models, "object_id", match.models, ""),
        "construction_year": _first(register, "construction_year", match.register, None)
        or _first(models, "construction_year", match.models, None),
        "status": _first(register, "status", match.register, ""),
        "use": _first(register, "use", match.register, ""),
        "dwellings": _sum(register, "dwellings", match.register),
        "usable_area": _sum(register, "usable_area", match.register),
        "dwelling_area": _sum(register, "dwelling_area", match.register),
        "in_bgt": bool(match.panden),
        "in_bag": bool(match.register),
        "in_model": bool(match.models),
        "source_id": _source_id(match, panden, register, models),
    }
    return stated | _heights(match, models) | _solid(match, models)


def _values(frame: Any, column: str, rows: Iterable[int]) -> list[Any]:
    """Return the values of a column in these rows that say something."""
    if frame is None or column not in frame:
        return []
    found = [frame[column].array[row] for row in rows]
    return [value for value in found if not _says_nothing(value)]


def _says_nothing(value: Any) -> bool:
    import pandas as pd

    return value is None or value is pd.NA or value == "" or value != value  # noqa: PLR0124  NaN differs from itself


def _first(frame: Any, column: str, rows: Iterable[int], otherwise: Any) -> Any:
    return next(iter(_values(frame, column, rows)), otherwise)


def _sum(frame: Any, column: str, rows: Sequence[int]) -> Any:
    """Return the sum over these rows; None when one of them does not know, or when there is none."""
    found = _values(frame, column, rows)
    return sum(found) if found and len(found) == len(rows) else None


def _source_id(match: Match, panden: Any, register: Any, models: Any) -> str:
    for frame, rows in ((panden, match.panden), (register, match.register), (models, match.models)):
        if rows:
            return str(_first(frame, "source_id", rows, ""))
    return ""


def _heights(match: Match, models: Any) -> dict[str, Any]:
    """Take roof and ground from the best model that knows its roof; only 3DBAG states a type of roof."""
    known = [row for row in match.models if not np.isnan(models["roof_height"].array[row])]
    roof = float(_first(models, "roof_height", known[:1], np.nan))
    ground = float(_first(models, "ground_height", [*known[:1], *match.models], np.nan))
    roof_type = _first(models, "roof_type", match.models, "")
    by_3dbag = bool(known and _first(models, "roof_type", known[:1], ""))
    source = "" if not known else "3dbag" if by_3dbag else "cityjson"
    return {
        "ground_height": ground,
        "roof_height": roof,
        "height": roof - ground,
        "height_source": source,
        "roof_type": roof_type,
    }


def _solid(match: Match, models: Any) -> dict[str, Any]:
    best = next((row for row in match.models if models["solid"].array[row] is not None), None)
    if best is None:
        return {"lod": "0" if match.models else "", "solid": None, "solid_surfaces": []}
    kinds: Sequence[str] = models["solid_surfaces"].array[best]
    return {
        "lod": str(models["lod"].array[best]),
        "solid": models["solid"].array[best],
        "solid_surfaces": list(kinds),
    }
