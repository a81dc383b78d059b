"""The reader of 3D buildings in CityJSON."""

import math
import mmap
import re
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import shapely

from morgen.core.grid import Bounds, Grid
from morgen.core.source import Role, Source
from morgen.sources.cityjson.buildings import BuildingModel, MalformedObjectError, buildings_of
from morgen.sources.cityjson.document import (
    GZIP_MAGIC,
    check_version,
    open_city,
    paused_collector,
    read_bytes,
    unreadable,
)
from morgen.sources.contract import Reader, Reading, Recognised

if TYPE_CHECKING:
    import geopandas

__all__ = ["reader"]

FORMAT = "cityjson"
HEAD = 65_536
"""Bytes that tell whether a file can be CityJSON at all."""

MARK = re.compile(rb'"type"\s*:\s*"(CityJSON|CityJSONFeature|CityModel)"')
MARK_AND_VERSION = re.compile(rb'"type"\s*:\s*"(?:CityJSON|CityModel)"\s*,\s*"version"\s*:\s*"([^"]*)"')
THREE_D_BAG = re.compile(rb"3D ?BAG|3dbag\.nl|\"(?:b3_)?h_dak_")


def _recognise(path: Path) -> Recognised | None:
    """Recognise CityJSON and CityJSONSeq, packed with gzip or not, by the type that the document states.

    Raises ``UnreadableSourceError`` for a version that cannot be read, as far as type and version stand together.
    """
    content = _content(path)
    if content is None:
        return None
    if version := MARK_AND_VERSION.search(content):
        check_version(path, version.group(1).decode("utf-8", "replace"))
    three_d_bag = THREE_D_BAG.search(content[:HEAD]) is not None
    source = Source(
        id=str(path),
        title="3DBAG, CityJSON" if three_d_bag else "3D buildings, CityJSON",
        format=FORMAT,
        role=Role.BUILDING_MODELS,
        publisher="TU Delft and 3DGI" if three_d_bag else "",
        licence="CC BY 4.0" if three_d_bag else "",
        attribution="© 3DBAG by tudelft3d and 3DGI" if three_d_bag else "",
    )
    # The extent in the metadata is often that of another tile, so it is not passed on.
    return Recognised(path=path, source=source, bounds=None)


def _content(path: Path) -> bytes | None:
    """Return the bytes in which the type of the document stands, or None when this is no CityJSON."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    packed = head.startswith(GZIP_MAGIC)
    if packed:
        head = _unpacked(head)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"{"):
        return None
    if MARK.search(head):
        return head
    if b'"CityObjects"' not in head:
        return None
    if packed:
        return _around_the_mark(read_bytes(path))
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return _around_the_mark(content)


def _unpacked(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(head, HEAD)
    except zlib.error:
        return b""


def _around_the_mark(content: bytes | mmap.mmap) -> bytes | None:
    """Find the type behind the city objects: members of a JSON object have no order."""
    mark = MARK.search(content)
    return content[max(0, mark.start() - HEAD) : mark.end() + HEAD] if mark else None


def _read(recognised: Recognised, grid: Grid) -> Reading:
    """Read the buildings that meet the box of ``grid``; raises ``UnreadableSourceError``."""
    path = recognised.path
    with paused_collector():
        header, features = open_city(path)
        every: list[BuildingModel] = []
        try:
            for feature in features:
                every.extend(buildings_of(feature, grid.bounds))
        except MalformedObjectError as error:
            where = ", ".join(filter(None, [error.where, error.object_id]))
            raise unreadable(
                path, "the geometry of a building points at corners that do not exist", where
            ) from error
    taken = _taken(every, shapely.box(*grid.bounds))
    return Reading(
        data=_frame(taken),
        count=len(taken),
        crs=header.crs,
        bounds=_bounds(every),
        data_date=header.data_date,
        remarks=tuple(_remarks(every, taken)),
    )


def _taken(every: Iterable[BuildingModel], box: shapely.Polygon) -> list[BuildingModel]:
    """Choose the buildings in the box; one without geometry stays when its id can place it."""
    return [
        building
        for building in every
        if (building.footprint is not None and building.footprint.intersects(box))
        or (building.extent is None and building.facts.bag_id)
    ]


def _bounds(every: Iterable[BuildingModel]) -> Bounds | None:
    extents = [building.extent for building in every if building.extent is not None]
    if not extents:
        return None
    west, south, east, north = zip(*extents, strict=True)
    return min(west), min(south), max(east), max(north)


def _remarks(every: list[BuildingModel], taken: list[BuildingModel]) -> Iterable[str]:
    nowhere = sum(building.extent is None for building in every)
    if nowhere:
        yield f"{nowhere} buildings have no geometry; those without a BAG id were left out."
    flat = sum(building.boundary is None and building.footprint is not None for building in taken)
    if flat:
        yield f"{flat} buildings have a footprint but no solid."
    degenerate = sum(building.boundary.degenerate for building in taken if building.boundary)
    if degenerate:
        yield f"{degenerate} rings with fewer than three different corners were left out."
    open_solids = sum(
        building.boundary is not None and "ground" not in building.boundary.kinds for building in taken
    )
    if open_solids:
        yield f"{open_solids} solids have no floor."
    measured = sum(
        math.isnan(building.facts.roof_height) and not math.isnan(building.roof_height) for building in taken
    )
    if measured:
        yield f"{measured} roof heights were measured on the solid, because no attribute states them in m NAP."


def _frame(buildings: list[BuildingModel]) -> "geopandas.GeoDataFrame":
    import geopandas as gpd
    import pandas as pd

    def text(values: Iterable[str]) -> "pd.Series[str]":
        return pd.Series(list(values), dtype="str")

    footprints = [building.footprint for building in buildings]
    solids = [building.boundary.polygons if building.boundary else None for building in buildings]
    return gpd.GeoDataFrame(
        {
            "bag_id": text(building.facts.bag_id for building in buildings),
            "object_id": text(building.object_id for building in buildings),
            "construction_year": pd.array(
                [building.facts.construction_year for building in buildings], dtype="Int64"
            ),
            "ground_height": pd.Series([building.ground_height for building in buildings], dtype="float64"),
            "roof_height": pd.Series([building.roof_height for building in buildings], dtype="float64"),
            "roof_type": text(building.facts.roof_type for building in buildings),
            "lod": text(building.lod for building in buildings),
            "solid": gpd.GeoSeries(solids, crs="EPSG:7415"),
            "solid_surfaces": pd.Series([_kinds(building) for building in buildings], dtype="object"),
        },
        geometry=gpd.GeoSeries(footprints, crs="EPSG:28992"),
    )


def _kinds(building: BuildingModel) -> list[str]:
    return list(building.boundary.kinds) if building.boundary else []


reader = Reader(
    id=FORMAT, title="3D buildings in CityJSON (3DBAG, 3dfier, Kadaster)", recognise=_recognise, read=_read
)
