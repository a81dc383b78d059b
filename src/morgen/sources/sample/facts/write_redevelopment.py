"""The redevelopment plan: plots on the industry that has had its time, with what may be built on each."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import shapely.affinity
import shapely.geometry

from morgen.sources.sample.frame import GENERATED, MUNICIPALITY, NAME
from morgen.sources.sample.wijk import RedevelopmentSite, Wijk

__all__ = ["PROPERTIES", "plots_of", "write_redevelopment"]

PROPERTIES: dict[str, str] = {
    "plot_id": "9999-K and two numbers: of the site and of the plot",
    "site": "name of the site",
    "kind": "'plot' to build on, 'street' or 'green'",
    "allowed_uses": "gebruiksdoelen of the BAG that may come; empty for street and green",
    "max_height": "m above the ground; 0 where nothing may be built",
    "max_storeys": "storeys",
    "max_coverage": "share of the plot that buildings may cover, 0 to 1",
    "min_green": "share of the plot that must stay unpaved, 0 to 1",
    "max_floor_area": "m2, all storeys together",
    "dwellings": "dwellings that the programme asks for on this plot",
    "area": "m2",
}
"""Properties of a feature, and what they mean."""
STREET = 12.0
"""Width of the new street, m."""
GREEN_STRIP = 14.0
"""Depth of the green along the long side, m."""
PLOT_FRONT = 44.0
"""About how wide a plot is, m."""
FLOOR_AREA = 95.0
"""m2 of floor for each dwelling."""
RULES: tuple[tuple[tuple[str, ...], float, int, float, float], ...] = (
    (("woonfunctie",), 20.0, 6, 0.45, 0.25),
    (("woonfunctie", "winkelfunctie"), 17.0, 5, 0.55, 0.15),
    (("onderwijsfunctie", "bijeenkomstfunctie", "sportfunctie"), 12.0, 3, 0.45, 0.25),
    (("woonfunctie",), 11.0, 3, 0.40, 0.35),
    (("gezondheidszorgfunctie", "woonfunctie"), 14.0, 4, 0.50, 0.20),
    (("woonfunctie",), 35.0, 11, 0.30, 0.35),
)
"""Allowed uses, height (m), storeys, coverage and green; plots take them in turn."""
HOMES_SHARE = 0.85
"""Share of the floor area for dwellings where those are allowed."""


def write_redevelopment(folder: Path, wijk: Wijk) -> Path:
    """Write ``herontwikkeling.geojson`` in RD New: plots, street and green that together are the sites."""
    features = []
    for number, site in enumerate(wijk.redevelopment, start=1):
        features += [
            _feature(site, f"{MUNICIPALITY}-K{number:02d}-{rank:02d}", kind, shape, rank)
            for rank, (kind, shape) in enumerate(plots_of(site), start=1)
        ]
    collection = {
        "type": "FeatureCollection",
        "name": f"{NAME}: herontwikkeling",
        "description": GENERATED,
        "municipality": f"GM{MUNICIPALITY}",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}},
        "programme": _programme(features, wijk),
        "properties_meaning": PROPERTIES,
        "features": features,
    }
    path = folder / "herontwikkeling.geojson"
    path.write_text(json.dumps(collection, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def plots_of(site: RedevelopmentSite) -> list[tuple[str, shapely.Polygon]]:
    """Cut a site into plots on both sides of a street along its length, with green along one long side."""
    turn, long, wide, middle = _frame(site.shape)

    def strip(near: float, far: float, start: float, end: float) -> Any:
        flat = shapely.box(middle.x + start, middle.y + near, middle.x + end, middle.y + far)
        return shapely.affinity.rotate(flat, turn, origin=middle)

    half, top = long / 2 + 1, wide / 2 + 1
    street = strip(-STREET / 2, STREET / 2, -half, half)
    green = strip(top - 1 - GREEN_STRIP, top, -half, half)
    count = max(1, round(long / PLOT_FRONT))
    edges = np.linspace(-half, half, count + 1)
    pieces: list[tuple[str, Any]] = [("street", street), ("green", green)]
    pieces += [("plot", strip(STREET / 2, top, a, b)) for a, b in pairwise(edges.tolist())]
    pieces += [("plot", strip(-top, -STREET / 2, a, b)) for a, b in pairwise(edges.tolist())]
    return _partition(site.shape, pieces)


def _frame(shape: shapely.Polygon) -> tuple[float, float, float, shapely.Point]:
    """Return heading (degrees), length, width and middle of the smallest rectangle around a shape."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))
    sides = np.diff(corners, axis=0)[:2]
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    along = sides[int(lengths.argmax())]
    centre = corners[:4].mean(axis=0)
    turn = float(np.degrees(np.arctan2(along[1], along[0])))
    return turn, float(lengths.max()), float(lengths.min()), shapely.Point(centre)


def _partition(site: shapely.Polygon, pieces: list[tuple[str, Any]]) -> list[tuple[str, shapely.Polygon]]:
    """Give each piece what is left of the site; slivers go to the green."""
    left: Any = shapely.set_precision(site, 0.001)
    found: list[tuple[str, shapely.Polygon]] = []
    for kind, piece in pieces:
        taken = shapely.intersection(left, piece, grid_size=0.001)
        left = _ground(shapely.difference(left, piece, grid_size=0.001))
        for part in shapely.get_parts(taken):
            if isinstance(part, shapely.Polygon) and not part.is_empty:
                small = kind == "plot" and part.area < SMALLEST
                found.append(("green" if small else kind, part))
    return found


def _ground(shape: Any) -> Any:
    """Leave out the lines to which rounding narrows a sliver: they hold no ground, and cannot be cut further."""
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)])


SMALLEST = 250.0
"""A piece smaller than this, m2, is no plot to build on."""


def _feature(
    site: RedevelopmentSite, identity: str, kind: str, shape: shapely.Polygon, rank: int
) -> dict[str, Any]:
    uses, height, storeys, coverage, green = RULES[rank % len(RULES)]
    built = kind == "plot"
    floor = round(shape.area * coverage * storeys) if built else 0
    homes = int(floor * HOMES_SHARE / FLOOR_AREA) if "woonfunctie" in uses else 0
    values: tuple[Any, ...] = (
        *(identity, site.name, kind, list(uses) if built else [], height if built else 0.0),
        *(storeys if built else 0, coverage if built else 0.0, green if built else float(kind == "green")),
        *(floor, homes if built else 0, round(shape.area, 1)),
    )
    return {
        "type": "Feature",
        "id": identity,
        "properties": dict(zip(PROPERTIES, values, strict=True)),
        "geometry": shapely.geometry.mapping(shape),
    }


def _programme(features: list[dict[str, Any]], wijk: Wijk) -> dict[str, Any]:
    """Return what the whole plan asks for, and the buildings that would go."""
    plots = [feature["properties"] for feature in features]
    return {
        "dwellings": sum(plot["dwellings"] for plot in plots),
        "max_floor_area": sum(plot["max_floor_area"] for plot in plots),
        "share_social_rent": 0.3,
        "primary_school_places": 120,
        "green_per_dwelling": 15,
        "panden_to_demolish": sorted(number for site in wijk.redevelopment for number in site.panden),
    }
