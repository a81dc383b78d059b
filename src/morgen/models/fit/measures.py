"""A plan as measures: GeoJSON in RD New that becomes a scenario."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import shapely
import shapely.geometry

from morgen.models.fit.build import Built
from morgen.models.fit.drawing import Drawn

__all__ = ["measures_of"]

RD: Final = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
GREENS: Final = ("green", "park", "playground")
NOT_IN_AN_ID: Final = re.compile(r"[^A-Za-z0-9_-]")
LONGEST: Final = 56


def measures_of(built: Built, drawn: Sequence[Drawn]) -> dict[str, Any]:
    """Return a FeatureCollection: first what goes, then the ground, the buildings, and the facilities in them.

    The names of kinds and parameters are those of the measures that every twin has (``docs/measures``).
    """
    year = max(row.year for row in built.programme.dwellings)
    listed = [
        *_demolitions(built, drawn),
        *(_ground(item) for item in drawn if item.kind in GREENS),
        *(_building(item) for item in drawn if item.kind == "building"),
        *(_use(built, item) for item in drawn if item.kind == "reuse"),
        *(facility for item in drawn for facility in _facilities(item)),
    ]
    taken: set[str] = set()
    features = [_feature(name, kind, shape, year, values, taken) for name, kind, shape, values in listed]
    return {"type": "FeatureCollection", "name": "wijk-fit", "crs": RD, "features": features}


Listed = tuple[str, str, Any, dict[str, Any]]


def _demolitions(built: Built, drawn: Sequence[Drawn]) -> Iterator[Listed]:
    stays = {item.reused for item in drawn}
    in_the_way = {row: built.ground.lot(item.site).shape for item in drawn for row in item.standing}
    for row in sorted(in_the_way.keys() - stays):
        # On the plot: of a building over the edge of the area, the rest lies where nothing may be drawn.
        place = shapely.intersection(built.buildings.geometry.iloc[row], in_the_way[row]).representative_point()
        yield str(built.buildings["object_id"].iloc[row]), "demolition", place, {}


def _ground(item: Drawn) -> Listed:
    return item.site, "playground" if item.kind == "playground" else "park", item.shape, {}


def _building(item: Drawn) -> Listed:
    values = {"height": round(item.height, 2), "use": item.use, "floor_area": round(item.floor, 1)}
    return item.site, "new-building", item.shape, values


def _use(built: Built, item: Drawn) -> Listed:
    place = built.buildings.geometry.iloc[item.reused].representative_point()
    return item.site, "change-of-use", place, {"use": item.use}


def _facilities(item: Drawn) -> Iterator[Listed]:
    place = item.shape.representative_point()
    for name, floor in item.facilities:
        yield f"{name}-{item.site}", "new-facility", place, {"facility": name, "floor_area": round(floor, 1)}


def _feature(
    name: str, kind: str, shape: Any, year: int, values: dict[str, Any], taken: set[str]
) -> dict[str, Any]:
    base = NOT_IN_AN_ID.sub("_", f"{kind}-{name}")[:LONGEST]
    identity = next(
        found
        for number in range(1, len(taken) + 2)
        if (found := base if number == 1 else f"{base}-{number}") not in taken
    )
    taken.add(identity)
    geometry = shapely.geometry.mapping(shapely.transform(shape, lambda points: points.round(3)))
    return {
        "type": "Feature",
        "id": identity,
        "geometry": geometry,
        "properties": {"kind": kind, "year": year, "note": "", **values},
    }
