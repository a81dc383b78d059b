"""Shapes in whatever CRS a BGT delivery has, brought to RD New."""

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from morgen.core.area import RD_EXTENT
from morgen.core.errors import SourceError
from morgen.core.grid import Bounds

__all__ = ["ASSUMED_RD", "extent_of", "is_geographic", "to_rd_new"]

ASSUMED_RD = "EPSG:28992 (assumed)"
ASSUMED_CRS84 = "OGC:CRS84 (assumed)"
RD_CODES = frozenset({"28992", "7415"})
GEOGRAPHIC_CODES = frozenset({"4258", "4326", "4937", "9067", "CRS84", "CRS84h"})
LARGEST_DEGREE = 180.0

Geometries = npt.NDArray[np.object_]


def extent_of(geometries: Geometries) -> Bounds | None:
    """Return (xmin, ymin, xmax, ymax) of all shapes; None when there is no shape among them."""
    shapes = geometries[~(shapely.is_missing(geometries) | shapely.is_empty(geometries))]
    if not len(shapes):
        return None
    xmin, ymin, xmax, ymax = shapely.total_bounds(shapes).tolist()
    return xmin, ymin, xmax, ymax


def is_geographic(crs: str) -> bool:
    """Whether the CRS (EPSG code, URN or URL) is one of longitudes and latitudes that the Netherlands use."""
    return _code(crs) in GEOGRAPHIC_CODES


def to_rd_new(geometries: Geometries, crs: str) -> tuple[Geometries, str]:
    """Return the shapes in RD New, and their CRS as found; ``crs`` is empty when the file does not tell.

    The order of longitude and latitude differs between GeoJSON and EPSG:4258, and files mix them up; within the
    Netherlands the larger of the two is always the latitude, so that is what decides. Raises ``SourceError``
    for another CRS and for coordinates outside the Netherlands.
    """
    code = _code(crs)
    if code and code not in RD_CODES | GEOGRAPHIC_CODES:
        raise SourceError(f"its CRS is {crs}; save it in RD New (EPSG:28992) or ask for CRS84")
    bounds = extent_of(geometries)
    if bounds is None:
        return geometries, crs or ASSUMED_RD
    if code in GEOGRAPHIC_CODES or (not code and max(map(abs, bounds)) <= LARGEST_DEGREE):
        return shapely.transform(geometries, _lonlat_to_rd), crs or ASSUMED_CRS84
    _refuse_outside(bounds, crs)
    return geometries, f"EPSG:{code}" if code else ASSUMED_RD


def _code(crs: str) -> str:
    found = re.search(r"(CRS84h?|\d{4,6})\W*$", crs)
    return found.group(1) if found else crs.strip()


def _lonlat_to_rd(coordinates: npt.NDArray[np.float64]) -> npt.NDArray[Any]:
    from morgen.core.crs import lonlat_to_rd

    first, second = coordinates[:, 0], coordinates[:, 1]
    longitude, latitude = (first, second) if first.mean() < second.mean() else (second, first)
    return np.column_stack(lonlat_to_rd(longitude, latitude))


def _refuse_outside(bounds: Bounds, crs: str) -> None:
    xmin, ymin, xmax, ymax = RD_EXTENT
    if bounds[0] < xmin or bounds[1] < ymin or bounds[2] > xmax or bounds[3] > ymax:
        box = ", ".join(f"{edge:.0f}" for edge in bounds)
        raise SourceError(
            f"its coordinates ({box}) lie outside the Netherlands in {crs or 'RD New, which was assumed'};"
            f" RD New has x {xmin:.0f} to {xmax:.0f} and y {ymin:.0f} to {ymax:.0f}"
        )
