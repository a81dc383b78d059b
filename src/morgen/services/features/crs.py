"""The CRSs that features are given in, and the boxes that they are asked for with."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from morgen.core.crs import rd_to_lonlat
from morgen.core.grid import Bounds

__all__ = ["CRS84", "FEATURE_CRS", "RD", "Box", "FeatureCrs", "bounds_in_degrees"]

Floats = npt.NDArray[np.float64]

_STEPS = 33
_OUTWARD = 1e5
"""Bounds in degrees are rounded outward to 1e-5 (about 1 m), more than an edge bends between two steps."""


@dataclass(frozen=True)
class FeatureCrs:
    """One CRS in which features can be had."""

    name: str
    """Short name, as it stands in the names of files."""
    uri: str
    """Its name for OGC APIs."""
    decimals: int
    """Decimals of coordinates: about a millimetre."""

    def from_rd(self, coordinates: Floats) -> Floats:
        """Bring coordinates (n, 2) in RD New (m) to this CRS, rounded; raises ``CrsError``."""
        placed = np.stack(rd_to_lonlat(*coordinates.T), axis=1) if self is CRS84 else coordinates
        return np.round(placed, self.decimals)


CRS84 = FeatureCrs("crs84", "http://www.opengis.net/def/crs/OGC/1.3/CRS84", 8)
"""Longitude and latitude in degrees, ETRS89 (see ``morgen.core.crs``): the default of GeoJSON."""
RD = FeatureCrs("rd", "http://www.opengis.net/def/crs/EPSG/0/28992", 3)
"""RD New, m: as the layers are stored."""
FEATURE_CRS = (CRS84, RD)
"""All of them, the default first."""


@dataclass(frozen=True)
class Box:
    """A box in one CRS; features that touch it count as being in it.

    In CRS84 ``xmin`` may be larger than ``xmax``: such a box spans the antimeridian.
    """

    xmin: float
    ymin: float
    xmax: float
    ymax: float
    crs: FeatureCrs = CRS84

    @property
    def parts(self) -> tuple[Bounds, ...]:
        """The box as one or two plain boxes (xmin, ymin, xmax, ymax)."""
        if self.xmin <= self.xmax:
            return ((self.xmin, self.ymin, self.xmax, self.ymax),)
        return (self.xmin, self.ymin, 180.0, self.ymax), (-180.0, self.ymin, self.xmax, self.ymax)


def bounds_in_degrees(bounds: Any) -> Bounds:
    """Return a box in CRS84 around a box (xmin, ymin, xmax, ymax) in RD New; raises ``CrsError``."""
    xmin, ymin, xmax, ymax = bounds
    x, y = np.linspace(xmin, xmax, _STEPS), np.linspace(ymin, ymax, _STEPS)
    around_x = np.concatenate([x, x, np.full(_STEPS, xmin), np.full(_STEPS, xmax)])
    around_y = np.concatenate([np.full(_STEPS, ymin), np.full(_STEPS, ymax), y, y])
    longitude, latitude = rd_to_lonlat(around_x, around_y)
    low = [math.floor(float(values.min()) * _OUTWARD) / _OUTWARD for values in (longitude, latitude)]
    high = [math.ceil(float(values.max()) * _OUTWARD) / _OUTWARD for values in (longitude, latitude)]
    return low[0], low[1], high[0], high[1]
