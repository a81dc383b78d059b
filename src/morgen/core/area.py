"""Where a question plays: a polygon in RD New."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

import shapely
import shapely.geometry
from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from morgen.core.errors import AreaError
from morgen.core.grid import Bounds
from morgen.core.noun import Noun

__all__ = ["RD_EXTENT", "Area", "Polygon"]

RD_EXTENT: Bounds = (0.0, 300_000.0, 300_000.0, 630_000.0)
"""The box in which RD New coordinates of the European Netherlands lie (xmin, ymin, xmax, ymax), m."""


def _polygon(value: Any) -> shapely.Polygon | shapely.MultiPolygon:
    geometry = shapely.geometry.shape(dict(value)) if isinstance(value, Mapping) else value
    if not isinstance(geometry, shapely.Polygon | shapely.MultiPolygon):
        kind = getattr(geometry, "geom_type", type(geometry).__name__)
        raise AreaError(f"an area is a Polygon or MultiPolygon, not a {kind}; draw a closed polygon")
    return geometry


Polygon = Annotated[
    Any,
    BeforeValidator(_polygon),
    PlainSerializer(shapely.geometry.mapping),
    WithJsonSchema({"type": "object", "description": "GeoJSON Polygon or MultiPolygon, RD New"}),
]


class Area(Noun):
    """A named polygon in RD New (EPSG:28992), valid, and inside the Netherlands."""

    name: str = Field(min_length=1)
    polygon: Polygon
    """shapely Polygon or MultiPolygon, m RD."""
    municipality: str = ""
    """Municipality code (GM + 4 digits), if known."""

    def model_post_init(self, _context: Any, /) -> None:
        """Refuse a polygon that crosses itself, is empty, or lies outside the Netherlands."""
        if not self.polygon.is_valid:
            reason = shapely.is_valid_reason(self.polygon)
            raise AreaError(f"the polygon of {self.name!r} is not valid ({reason}); repair it in your GIS")
        if self.polygon.is_empty or self.polygon.area <= 0:
            raise AreaError(f"the area {self.name!r} has no surface; draw a polygon of at least one cell")
        xmin, ymin, xmax, ymax = self.bounds
        west, south, east, north = RD_EXTENT
        if xmin < west or ymin < south or xmax > east or ymax > north:
            raise AreaError(
                f"the area {self.name!r} spans x {xmin:.0f} to {xmax:.0f}, y {ymin:.0f} to {ymax:.0f}, which is"
                f" outside the Netherlands; RD New (EPSG:28992) has x {west:.0f} to {east:.0f} and"
                f" y {south:.0f} to {north:.0f}"
            )

    @classmethod
    def from_bbox(cls, bounds: Bounds, *, name: str) -> Self:
        """Return the box ``(xmin, ymin, xmax, ymax)`` in RD New; raises ``AreaError`` when it is not one."""
        xmin, ymin, xmax, ymax = bounds
        if not (xmin < xmax and ymin < ymax):
            raise AreaError(
                f"the box {xmin:g},{ymin:g},{xmax:g},{ymax:g} has no surface;"
                " give xmin,ymin,xmax,ymax in RD New with xmin < xmax and ymin < ymax"
            )
        return cls(name=name, polygon=shapely.box(xmin, ymin, xmax, ymax))

    @property
    def bounds(self) -> Bounds:
        """(xmin, ymin, xmax, ymax), m RD."""
        xmin, ymin, xmax, ymax = self.polygon.bounds
        return xmin, ymin, xmax, ymax

    @property
    def surface(self) -> float:
        """Surface of the area, m2."""
        return float(self.polygon.area)
