"""Plots in the standard form, from the features of a plan; what is not allowed is refused with its place."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import shapely
import shapely.geometry

from morgen.core.errors import SourceError
from morgen.sources.contract import PLOT_COLUMNS

if TYPE_CHECKING:
    import geopandas

__all__ = ["KINDS", "OVERLAP", "plots_frame"]

KINDS = ("plot", "street", "green")
OVERLAP = 0.5
"""m2; what two plots share up to this is rounding of drawing."""
LIMITS: dict[str, tuple[float, float]] = {
    "max_height": (0, 250),
    "max_storeys": (0, 80),
    "max_coverage": (0, 1),
    "min_green": (0, 1),
    "max_floor_area": (0, 1e7),
    "dwellings": (0, 1e6),
}
"""Property to the least and the most that it may be; they must be there."""
NOISE = (0.0, 120.0)
WHOLE = ("max_storeys", "dwellings")


def plots_frame(features: Sequence[Any]) -> "geopandas.GeoDataFrame":
    """Return ``PLOT_COLUMNS`` for GeoJSON features, shapes as they are; raises ``SourceError`` with the place."""
    import geopandas

    from morgen.sources.redevelopment.join import empty_plots

    rows = [_row(feature, number) for number, feature in enumerate(features, start=1)]
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        first = seen.setdefault(row["plot_id"], number)
        if first != number:
            raise SourceError(
                f"features {first} and {number}, column plot_id: both are {row['plot_id']!r}; give each its own"
            )
    if not rows:
        return empty_plots()
    return geopandas.GeoDataFrame(rows, columns=list(PLOT_COLUMNS), geometry="geometry")


def _row(feature: Any, number: int) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, Mapping) else None
    if not isinstance(properties, Mapping):
        raise SourceError(f"feature {number} has no properties")
    place = f"feature {number}"
    identity = str(properties.get("plot_id") or "").strip()
    if not identity:
        raise SourceError(f"{place}, column plot_id: it is empty; give every plot an id")
    place += f" ({identity})"
    kind = properties.get("kind", "plot")
    if kind not in KINDS:
        raise SourceError(f"{place}, column kind: it is {kind!r}, but it must be {', '.join(KINDS)}")
    numbers = {name: _number(properties, name, limits, place) for name, limits in LIMITS.items()}
    if numbers["max_coverage"] + numbers["min_green"] > 1 + 1e-9:
        raise SourceError(
            f"{place}, columns max_coverage and min_green: {numbers['max_coverage']:g} built and"
            f" {numbers['min_green']:g} green are more than the whole plot"
        )
    noise = _number(properties, "noise", NOISE, place) if properties.get("noise") is not None else math.nan
    return {
        "plot_id": identity,
        "site": str(properties.get("site") or ""),
        "kind": kind,
        "allowed_uses": _uses(properties.get("allowed_uses"), kind, place),
        **numbers,
        **{name: int(numbers[name]) for name in WHOLE},
        "noise": noise,
        "geometry": _polygon(feature.get("geometry"), place),
    }


def _number(properties: Mapping[str, Any], name: str, limits: tuple[float, float], place: str) -> float:
    value = properties.get(name)
    least, most = limits
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise SourceError(
            f"{place}, column {name}: it is {value!r}, but it must be a number from {least:g} to {most:g}"
        )
    return float(value)


def _uses(value: Any, kind: str, place: str) -> str:
    names = value.split(",") if isinstance(value, str) else value
    if names is not None and not isinstance(names, list):
        raise SourceError(
            f"{place}, column allowed_uses: it is {value!r}, but it must be a list of gebruiksdoelen"
        )
    uses = [str(name).strip() for name in names or [] if str(name).strip()]
    if kind == "plot" and not uses:
        raise SourceError(
            f"{place}, column allowed_uses: it is empty; name at least one gebruiksdoel that may come,"
            " such as woonfunctie"
        )
    return ",".join(uses)


def _polygon(geometry: Any, place: str) -> Any:
    try:
        shape = shapely.force_2d(shapely.geometry.shape(geometry)) if geometry else None
    except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError) as error:
        raise SourceError(f"{place}, column geometry: it is not GeoJSON ({error})") from error
    if shape is None or shape.geom_type not in {"Polygon", "MultiPolygon"} or not shape.area:
        found = "missing" if shape is None else f"a {shape.geom_type}"
        raise SourceError(f"{place}, column geometry: it is {found}, but a plot is a polygon with an area")
    if not shape.is_valid:
        raise SourceError(f"{place}, column geometry: it cannot be used ({shapely.is_valid_reason(shape)})")
    parts = shapely.get_parts(shape)
    return parts[0] if len(parts) == 1 else shape
