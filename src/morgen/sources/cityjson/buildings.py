"""City objects as buildings: a building with its parts becomes one row."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from morgen.core.grid import Bounds
from morgen.sources.cityjson.attributes import BuildingFacts, building_facts
from morgen.sources.cityjson.document import CityFeature
from morgen.sources.cityjson.solids import (
    Boundary,
    Surface,
    assemble,
    flat_surfaces,
    is_solid,
    level_of_detail,
    lod_text,
)

__all__ = ["BuildingModel", "MalformedObjectError", "buildings_of"]

ROOF_SHARE = 0.7
"""Share of the roof, in plan, that lies below ``roof_height``: the measure of 3DBAG's h_dak_70p."""

MILLIMETRE = 0.001
"""CityJSON files of the Netherlands are written in whole millimetres."""

Objects = Mapping[str, Mapping[str, Any]]
Geometry = Mapping[str, Any]


class MalformedObjectError(ValueError):
    """The geometry of one city object cannot be read; the reader adds which file it is in."""

    def __init__(self, object_id: str, where: str) -> None:
        self.object_id = object_id
        self.where = where
        super().__init__(object_id)


@dataclass(frozen=True, eq=False)
class BuildingModel:
    """One building of a file."""

    object_id: str
    facts: BuildingFacts
    extent: Bounds | None
    """Extent of its geometry; None when it has no geometry."""
    lod: str = ""
    boundary: Boundary | None = None
    footprint: shapely.Polygon | shapely.MultiPolygon | None = None

    @property
    def ground_height(self) -> float:
        """Height of the ground as stated, else the middle of the floor, else the lowest corner; m NAP."""
        if not math.isnan(self.facts.ground_height) or self.boundary is None:
            return self.facts.ground_height
        floor = self.boundary.height_share("ground", 0.5)
        if not math.isnan(floor):
            return floor
        return float(shapely.get_coordinates(self.boundary.polygons, include_z=True)[:, 2].min())

    @property
    def roof_height(self) -> float:
        """Height of the roof as stated, else as measured on the solid; m NAP."""
        if not math.isnan(self.facts.roof_height) or self.boundary is None:
            return self.facts.roof_height
        return self.boundary.height_share("roof", ROOF_SHARE)


def buildings_of(feature: CityFeature, box: Bounds) -> Iterator[BuildingModel]:
    """Yield every building of a feature; only those whose footprint meets ``box`` get footprint and boundary.

    Raises ``MalformedObjectError`` when the geometry of a building points at vertices that do not exist.
    """
    for object_id, item in feature.objects.items():
        if _is_root(item, feature.objects):
            try:
                yield _building(object_id, item, feature, box)
            except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
                raise MalformedObjectError(object_id, feature.where) from error


def _is_root(item: Mapping[str, Any], objects: Objects) -> bool:
    """Whether an object stands for a whole building: a Building, or a BuildingPart whose parent is elsewhere."""
    if item.get("type") == "Building":
        return True
    return item.get("type") == "BuildingPart" and not any(
        parent in objects for parent in item.get("parents") or ()
    )


def _building(object_id: str, item: Mapping[str, Any], feature: CityFeature, box: Bounds) -> BuildingModel:
    facts = building_facts(object_id, item.get("attributes") or {})
    family = [item, *_parts(item, feature.objects)]
    level, solids = _best_solids(family)
    plans = [geometry for member in family for geometry in _geometries(member) if level_of_detail(geometry) < 1]
    surfaces = [surface for geometry in solids for surface in flat_surfaces(geometry)]
    outlines = [
        surface for geometry in plans if geometry.get("type") in _SURFACES for surface in flat_surfaces(geometry)
    ]
    extent = _extent(outlines or surfaces, feature.vertices)
    if extent is None or not _meet(extent, box):
        return BuildingModel(object_id, facts, extent)
    boundary = assemble(surfaces, feature.vertices) if surfaces else None
    plan = assemble(outlines, feature.vertices) if outlines else None
    footprint = _union(plan) if plan else _shadow(boundary)
    return BuildingModel(object_id, facts, extent, lod_text(level) if boundary else "0", boundary, footprint)


_SURFACES = {"MultiSurface", "CompositeSurface"}


def _geometries(item: Mapping[str, Any]) -> Sequence[Geometry]:
    return item.get("geometry") or ()


def _parts(item: Mapping[str, Any], objects: Objects) -> Iterator[Mapping[str, Any]]:
    """Yield the building parts below an object, at any depth."""
    for child in item.get("children") or ():
        part = objects.get(child)
        if part is not None and part.get("type") == "BuildingPart":
            yield part
            yield from _parts(part, objects)


def _best_solids(family: Sequence[Mapping[str, Any]]) -> tuple[float, list[Geometry]]:
    """Choose the best solid of the building itself, or those of its parts where they are better."""
    whole, *parts = (_best(_geometries(member)) for member in family)
    pieces = [part for part in parts if part is not None]
    if whole is not None and level_of_detail(whole) >= max(map(level_of_detail, pieces), default=0.0):
        return level_of_detail(whole), [whole]
    return min(map(level_of_detail, pieces), default=0.0), pieces


def _best(geometries: Sequence[Geometry]) -> Geometry | None:
    """Return the most detailed solid; real solids before loose surfaces of the same detail."""
    solids = filter(is_solid, geometries)
    return max(solids, key=lambda item: (level_of_detail(item), item["type"] not in _SURFACES), default=None)


def _extent(surfaces: Sequence[Surface], vertices: npt.NDArray[np.float64]) -> Bounds | None:
    corners = list(chain.from_iterable(ring for rings, _ in surfaces for ring in rings[:1]))
    if not corners:
        return None
    points = vertices[corners, :2]
    (xmin, ymin), (xmax, ymax) = points.min(axis=0), points.max(axis=0)
    return float(xmin), float(ymin), float(xmax), float(ymax)


def _meet(one: Bounds, other: Bounds) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _shadow(boundary: Boundary | None) -> shapely.Polygon | shapely.MultiPolygon | None:
    """Return the footprint of a solid: its floor, or its roof when it was written without a floor."""
    if boundary is None:
        return None
    for kind in ("ground", "roof"):
        chosen = boundary.of_kind(kind)
        if chosen.any():
            return _union(boundary, chosen)
    return None


def _union(
    boundary: Boundary, chosen: npt.NDArray[np.bool_] | None = None
) -> shapely.Polygon | shapely.MultiPolygon | None:
    """Return the union of surfaces as seen from above, valid and two-dimensional; None when it has no area."""
    polygons = shapely.force_2d(shapely.get_parts(boundary.polygons))
    flat = shapely.make_valid(polygons if chosen is None else polygons[chosen])
    union = shapely.union_all(flat, grid_size=MILLIMETRE)
    areal = [part for part in shapely.get_parts(union) if isinstance(part, shapely.Polygon) and part.area > 0]
    if not areal:
        return None
    return areal[0] if len(areal) == 1 else shapely.MultiPolygon(areal)
