"""Reading the polygon of an area from the GeoJSON that a GIS writes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
import shapely.geometry

from morgen.core.area import RD_EXTENT, Area
from morgen.core.crs import lonlat_to_rd
from morgen.core.errors import AreaError, CrsError

__all__ = ["area_document", "read_area"]

CRS_MEMBER = "urn:ogc:def:crs:EPSG::28992"


def read_area(path: Path, *, name: str = "") -> Area:
    """Read an area from a GeoJSON file with one or more polygons.

    Coordinates are longitude and latitude, as the standard says, or RD New when the file names it in a ``crs``
    member or when they can be nothing else. Raises ``AreaError`` with one sentence when the file is no area.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise AreaError(f"the polygon file {path} does not exist; give a GeoJSON file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise AreaError(f"the polygon file {path} cannot be read ({error}); give a GeoJSON file") from error
    except json.JSONDecodeError as error:
        raise AreaError(
            f"the polygon file {path} is not JSON (line {error.lineno}: {error.msg}); export GeoJSON from your GIS"
        ) from error
    polygon = _to_rd(shapely.union_all(_polygons(document, path)), document, path)
    return Area(name=name or _name(document) or path.stem, polygon=polygon)


def area_document(area: Area) -> dict[str, Any]:
    """Return the area as a GeoJSON document in RD New that any GIS opens."""
    return {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": CRS_MEMBER}},
        "features": [
            {
                "type": "Feature",
                "properties": {"name": area.name},
                "geometry": shapely.geometry.mapping(area.polygon),
            }
        ],
    }


def _polygons(document: Any, path: Path) -> list[shapely.Polygon | shapely.MultiPolygon]:
    geometries = [_shape(item, path) for item in _geometry_members(document)]
    polygons = [g for g in geometries if isinstance(g, shapely.Polygon | shapely.MultiPolygon) and not g.is_empty]
    if not polygons:
        raise AreaError(f"{path} holds no polygon; draw the area as a closed polygon and export it as GeoJSON")
    for polygon in polygons:
        if not polygon.is_valid:
            reason = shapely.is_valid_reason(polygon)
            raise AreaError(f"the polygon in {path} is not valid ({reason}); repair it in your GIS")
    return polygons


def _geometry_members(document: Any) -> list[Any]:
    if not isinstance(document, Mapping):
        return []
    features = document.get("features")
    if isinstance(features, list):
        return [item.get("geometry") for item in features if isinstance(item, Mapping)]
    return [document.get("geometry", document)]


def _shape(geometry: Any, path: Path) -> Any:
    try:
        return shapely.geometry.shape(geometry)
    except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError) as error:
        raise AreaError(f"{path} is not GeoJSON with a polygon ({error}); export GeoJSON from your GIS") from error


def _to_rd(polygon: Any, document: Mapping[str, Any], path: Path) -> Any:
    crs = str(document.get("crs") or "")
    if "28992" in crs or "7415" in crs:
        return polygon
    if crs and not any(code in crs for code in ("CRS84", "4326", "4258")):
        raise AreaError(
            f"{path} has the coordinate system {crs}; allowed are RD New (EPSG:28992) and longitude/latitude"
        )
    if not crs and _only_rd(polygon):
        return polygon
    try:
        return shapely.transform(polygon, _corners_to_rd)
    except CrsError as error:
        raise AreaError(f"the polygon in {path} is not in the Netherlands: {error}") from error


def _corners_to_rd(corners: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Transform corners of shape (n, 2) from longitude and latitude to RD New."""
    return np.column_stack(lonlat_to_rd(corners[:, 0], corners[:, 1]))


def _only_rd(polygon: Any) -> bool:
    """Whether the coordinates lie in the RD extent, so that they cannot be degrees."""
    xmin, ymin, xmax, ymax = polygon.bounds
    west, south, east, north = RD_EXTENT
    return bool(west <= xmin and xmax <= east and south <= ymin and ymax <= north)


def _name(document: Mapping[str, Any]) -> str:
    for holder in (document, *(document.get("features") or [])):
        properties = holder.get("properties") or {} if isinstance(holder, Mapping) else {}
        for key in ("name", "naam"):
            value = properties.get(key) or (holder.get(key) if isinstance(holder, Mapping) else None)
            if isinstance(value, str) and value.strip():
                return value.strip()
    return ""
