"""Scenarios as GeoJSON, in RD New or CRS84, also as a GIS such as QGIS writes them.

Every feature is a measure: its attributes ``id``, ``kind``, ``year`` and ``note``, and one attribute for each
parameter of its kind. ``docs/scenarios.md`` lists the names.
"""

import math
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import shapely
import shapely.geometry
from pydantic import ValidationError

from morgen.core.area import RD_EXTENT
from morgen.core.crs import lonlat_to_rd, rd_to_lonlat
from morgen.core.errors import MeasureError, MorgenError
from morgen.core.measure import Measure
from morgen.core.scenario import Scenario
from morgen.measures.contract import validate
from morgen.measures.registry import get_measure

__all__ = ["Reference", "feature", "measure_from_feature", "measures_from_geojson", "to_geojson"]

Reference = Literal["RD", "CRS84"]
RESERVED = ("id", "kind", "year", "note", "fid")
RD_MEMBER = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
LARGEST_DEGREE = 360.0
MILLIMETRES = 3
"""Decimals of a coordinate in RD New, m."""


def to_geojson(scenario: Scenario, *, reference: Reference = "RD") -> dict[str, Any]:
    """Return the scenario as a FeatureCollection; its name, base, parent, author and note are in ``morgen``."""
    about = {key: value for key, value in scenario.to_json().items() if key != "measures"}
    crs = {"crs": RD_MEMBER} if reference == "RD" else {}
    features = [feature(measure, reference=reference) for measure in scenario.measures]
    return {"type": "FeatureCollection", "name": scenario.name, **crs, "morgen": about, "features": features}


def feature(measure: Measure, *, reference: Reference = "RD") -> dict[str, Any]:
    """Return one measure as a feature with all of its parameters as attributes."""
    shape = measure.geometry if reference == "RD" else shapely.transform(measure.geometry, _to_lonlat)
    parameters = validate(get_measure(measure.kind), measure.parameters).model_dump(mode="json")
    told = {"kind": measure.kind, "year": measure.year, "note": measure.note}
    geometry = shapely.geometry.mapping(shape)
    return {"type": "Feature", "id": measure.id, "geometry": geometry, "properties": {**told, **parameters}}


def measures_from_geojson(document: Any) -> tuple[Measure, ...]:
    """Read all measures of a FeatureCollection; raises ``MeasureError`` with the number of the wrong feature."""
    if not isinstance(document, Mapping) or document.get("type") != "FeatureCollection":
        raise MeasureError("a scenario in GeoJSON is a FeatureCollection; export it as GeoJSON from your GIS")
    items = document.get("features")
    if not isinstance(items, list):
        raise MeasureError("this FeatureCollection has no list 'features'")
    reference = _reference(document, items)
    found: list[Measure] = []
    for number, item in enumerate(items, start=1):
        taken = {measure.id for measure in found}
        try:
            measure = measure_from_feature(item, reference=reference, default_id=f"measure-{number}")
        except MorgenError as error:
            raise MeasureError(f"feature {number}: {error}") from error
        if measure.id in taken:
            raise MeasureError(f"feature {number}: the id {measure.id!r} is taken by an earlier feature")
        found.append(measure)
    return tuple(found)


def measure_from_feature(item: Any, *, reference: Reference, default_id: str) -> Measure:
    """Read one feature; raises ``MeasureError`` or ``MeasureNotFoundError``, parameters are checked too."""
    if not isinstance(item, Mapping) or item.get("type") != "Feature" or not item.get("geometry"):
        raise MeasureError("it is no GeoJSON Feature with a geometry")
    attributes = dict(item.get("properties") or {})
    if not isinstance(attributes.get("kind"), str):
        raise MeasureError("the attribute 'kind' is missing; it names the kind of measure, such as 'wadi'")
    kind = get_measure(attributes["kind"])
    given = {key: value for key, value in attributes.items() if key not in RESERVED and value is not None}
    try:
        # A GIS writes what is drawn once as a collection of one.
        shape = _single(shapely.geometry.shape(item["geometry"]))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError) as error:
        raise MeasureError(f"its geometry cannot be read ({error})") from error
    shape = shapely.force_2d(shape if reference == "RD" else shapely.transform(shape, _to_rd))
    # Millimetres, so that a scenario that went through degrees and back is the same scenario.
    shape = shapely.transform(shape, lambda points: np.round(points, MILLIMETRES))
    parameters = validate(kind, given).model_dump(mode="json")
    told = {key: attributes[key] for key in ("year", "note") if attributes.get(key) is not None}
    name = str(item.get("id") or attributes.get("id") or default_id)
    try:
        return Measure(id=name, kind=kind.id, geometry=shape, parameters=parameters, **told)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = problem["loc"][0] if problem["loc"] else "feature"
        raise MeasureError(f"the attribute {place!r} is {problem['input']!r}: {problem['msg']}") from error


def _reference(document: Mapping[str, Any], items: list[Any]) -> Reference:
    named = str(document.get("crs") or "")
    if named:
        if "28992" in named or "7415" in named:
            return "RD"
        if "CRS84" in named or "4326" in named or "4258" in named:
            return "CRS84"
        raise MeasureError(f"the file is in {named[:80]}; export it in RD New (EPSG:28992) or CRS84")
    first = next((item["geometry"] for item in items if isinstance(item, Mapping) and item.get("geometry")), None)
    numbers = _numbers(first.get("coordinates") if isinstance(first, Mapping) else None)
    # GeoJSON without a CRS is in degrees; some programs leave it out for RD New, whose numbers are no degrees.
    return "RD" if numbers and max(numbers) > LARGEST_DEGREE and max(numbers) < RD_EXTENT[3] else "CRS84"


def _numbers(value: Any) -> list[float]:
    if isinstance(value, list | tuple):
        return [number for part in value for number in _numbers(part)]
    return [float(value)] if isinstance(value, int | float) and math.isfinite(value) else []


def _single(shape: Any) -> Any:
    parts = shapely.get_parts(shape)
    return parts[0] if shape.geom_type.startswith("Multi") and len(parts) == 1 else shape


def _to_lonlat(points: Any) -> Any:
    return np.column_stack(rd_to_lonlat(points[:, 0], points[:, 1]))


def _to_rd(points: Any) -> Any:
    return np.column_stack(lonlat_to_rd(points[:, 0], points[:, 1]))
