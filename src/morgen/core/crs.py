"""RD New + NAP to and from ETRS89, exactly: RDNAPTRANS2018 with its grids, or an error.

Everything is computed in RD New + NAP (EPSG:7415). The wheel of pyproj has no Dutch grids: its own EPSG:28992
transformation is up to 0.22 m off, and it passes NAP heights through as if they were ellipsoidal, 43 m wrong,
without a word. So these pipelines name the grids that lie in this package, and no other transformer is used.

Longitudes and latitudes are ETRS89 in degrees. CRS84 (GeoJSON) is read as ETRS89, as the Dutch profile for web
maps does; the two differ by less than a metre.
"""

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from morgen.core.errors import CrsError

if TYPE_CHECKING:
    from pyproj import Transformer

__all__ = ["RD_NAP", "RD_NEW", "etrs89_to_rdnap", "lonlat_to_rd", "rd_to_lonlat", "rdnap_to_etrs89"]

RD_NEW = "EPSG:28992"
"""Amersfoort / RD New, horizontal."""
RD_NAP = "EPSG:7415"
"""RD New + NAP height."""

Floats = npt.NDArray[np.float64]

# EPSG method 9809 with the parameters of EPSG:19914 (RD New).
_RD_PROJECTION = (
    "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079"
    " +x_0=155000 +y_0=463000 +ellps=bessel"
)


def rd_to_lonlat(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Transform RD New (m) to ETRS89 longitude and latitude (degrees).

    Raises ``CrsError`` when a point lies outside the RDNAPTRANS2018 grids.
    """
    longitude, latitude = _apply("horizontal", "FORWARD", x, y)
    return longitude, latitude


def lonlat_to_rd(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Transform ETRS89 longitude and latitude (degrees) to RD New (m); raises ``CrsError`` outside the grids."""
    x, y = _apply("horizontal", "INVERSE", longitude, latitude)
    return x, y


def rdnap_to_etrs89(x: npt.ArrayLike, y: npt.ArrayLike, height: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Transform RD New + NAP (m) to ETRS89 longitude, latitude (degrees) and ellipsoidal height (m)."""
    longitude, latitude, ellipsoidal = _apply("compound", "FORWARD", x, y, height)
    return longitude, latitude, ellipsoidal


def etrs89_to_rdnap(
    longitude: npt.ArrayLike, latitude: npt.ArrayLike, height: npt.ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Transform ETRS89 longitude, latitude (degrees) and ellipsoidal height (m) to RD New + NAP (m)."""
    x, y, nap = _apply("compound", "INVERSE", longitude, latitude, height)
    return x, y, nap


def _apply(kind: str, direction: str, *coordinates: npt.ArrayLike) -> tuple[Floats, ...]:
    arrays = [np.asarray(values, dtype=np.float64) for values in coordinates]
    transform: Any = _transformer(kind).transform
    moved = transform(*arrays, direction=direction)
    result = tuple(np.asarray(values, dtype=np.float64) for values in moved)
    if not all(np.isfinite(values).all() for values in result):
        outside = ~np.logical_and.reduce([np.isfinite(values) for values in result])
        first = tuple(round(float(np.broadcast_to(a, outside.shape)[outside][0]), 6) for a in arrays)
        raise CrsError(
            f"the point {first} lies outside the RDNAPTRANS2018 grids (latitude 50 to 56, longitude 2 to 8);"
            " only places in and around the Netherlands can be transformed exactly"
        )
    return result


@lru_cache(maxsize=2)
def _transformer(kind: str) -> "Transformer":
    from pyproj import Transformer

    folder = files("morgen.core") / "rdnaptrans"
    horizontal, vertical = folder / "rdtrans2018.ct2", folder / "nlgeo2018.gtx"
    steps = [f"+step +inv {_RD_PROJECTION}", f"+step +proj=hgridshift +grids={horizontal}"]
    if kind == "compound":
        steps.append(f"+step +proj=vgridshift +grids={vertical} +multiplier=1")
    steps.append("+step +proj=unitconvert +xy_in=rad +xy_out=deg")
    return Transformer.from_pipeline("+proj=pipeline " + " ".join(steps))
