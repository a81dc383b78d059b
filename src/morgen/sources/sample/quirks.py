"""The faults of real deliveries, written on purpose: the same wijk must come out of them.

Real BGT files hold more history than present, lines among their polygons, and objects of the next village; ids
are numbers; rasters have another mark for missing cells, or none; BAG panden are three-dimensional and some do
not stand; CityJSON files state the CRS as a URN, numeric levels of detail, and the extent of another tile. What
a reader does with each of them is in docs/sources.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import shapely
import shapely.affinity

from morgen.sources.sample.bgt_objects import BgtObject
from morgen.sources.sample.buildings import Building
from morgen.sources.sample.frame import MUNICIPALITY, key

__all__ = ["MIXED_THEMES", "NOT_STANDING", "strange_model", "troubled_objects", "troubled_panden"]

MIXED_THEMES = ("vegetatieobject", "scheiding")
"""Layers with points or polygons in which lines turn up as well."""
FAR = 3000.0
"""How far outside the box the next village lies, m."""
ENDED = ("2016-03-04T08:00:00.000", "2017-11-20T16:45:00.000")
NOT_STANDING = ("Pand gesloopt", "Niet gerealiseerd pand", "Pand ten onrechte opgevoerd")
"""Statuses of the panden that are added: none of them stands."""
URN = "urn:ogc:def:crs:EPSG::7415"


def troubled_objects(objects: Iterable[BgtObject]) -> Iterator[BgtObject]:
    """Yield the objects with, among them, their former versions, lines, and an object of elsewhere."""
    for rank, item in enumerate(objects):
        yield item
        if item.columns["eindregistratie"] is None and rank % 2 == 0:
            yield from _former(item)
        if item.theme == "vegetatieobject" and rank % 11 == 0:
            yield _line(item, {"plus_type": "haag"}, "hedge")
        if item.theme == "scheiding":
            yield _line(item, {"bgt_type": "hek", "plus_type": "waardeOnbekend"}, "fence")
        if item.theme == "wegdeel" and rank % 997 == 0:
            far = shapely.affinity.translate(item.shape, FAR, FAR)
            yield replace(item, columns=_renamed(item, "far"), shape=far)


def _former(item: BgtObject) -> Iterator[BgtObject]:
    for number, ended in enumerate(ENDED):
        columns = {
            **item.columns,
            "gml_id": f"b{key('ended', number, item.columns['gml_id'])}",
            "tijdstipregistratie": f"{2014 + number}-01-15T09:00:00.000",
            "eindregistratie": ended,
        }
        yield replace(item, columns=columns)


def _renamed(item: BgtObject, why: str) -> dict[str, Any]:
    identity = key(why, item.columns["gml_id"])
    return {**item.columns, "gml_id": f"b{identity}", "lokaalid": f"{item.columns['bronhouder']}.{identity}"}


def _line(item: BgtObject, columns: dict[str, Any], why: str) -> BgtObject:
    x, y = item.shape.representative_point().coords[0]
    line = shapely.LineString([(x, y), (round(x + 3.2, 3), round(y + 0.7, 3)), (round(x + 5.0, 3), y)])
    return replace(item, columns=_renamed(item, why) | columns, shape=line)


def troubled_panden(buildings: Sequence[Building]) -> list[Building]:
    """Return panden that do not stand, one of each status, with the years that registers have for unknown."""
    copies = []
    for rank, (status, building) in enumerate(zip(NOT_STANDING, buildings, strict=False)):
        number = f"{MUNICIPALITY}10{int(building.number[6:]) + 90_000 + rank:010d}"
        copies.append(replace(building, number=number, status=status, year=9999, units=()))
    return copies


def strange_model(document: dict[str, Any]) -> dict[str, Any]:
    """Return a line of the CityJSON sequence as older or other software writes it."""
    if document["type"] == "CityJSON":
        metadata = {**document["metadata"], "referenceSystem": URN, "geographicalExtent": [0.0] * 6}
        return {**document, "metadata": metadata}
    for item in document["CityObjects"].values():
        for geometry in item.get("geometry", []):
            geometry["lod"] = float(geometry["lod"])
        if item["type"] == "Building":
            item["attributes"]["+noise-buildingReflection"] = "gevel"
    return document
