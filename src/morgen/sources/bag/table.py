"""The reader of panden in GeoPackage or GeoJSON, with the columns of the WFS or of the extract."""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from morgen.core.area import RD_EXTENT
from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Grid
from morgen.sources.bag.occupancy import occupancy_of_pand
from morgen.sources.bag.panden import Panden, is_past, recognised_panden
from morgen.sources.contract import Reader, Reading, Recognised

__all__ = ["reader"]

FORMAT = "bag-panden"
SQLITE_MAGIC = b"SQLite format 3\x00"
HEAD = 65_536
RD = 28992

ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("identificatie",),
    "year": ("oorspronkelijkbouwjaar", "bouwjaar"),
    "status": ("status", "pandstatus"),
    "use": ("gebruiksdoel", "gebruiksdoelen"),
    "occurrence": ("voorkomenidentificatie",),
}
"""Names in the extract and in the WFS, in lower case without underscores."""

PROPERTIES = re.compile(r'"properties"\s*:\s*(\{[^{}]*\})')
NAME = re.compile(r'"(\w+)"\s*:')


def _recognise(path: Path) -> Recognised | None:
    """Recognise a table of panden by its columns: identificatie, a construction year and a status."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(SQLITE_MAGIC):
        form = "GeoPackage" if _pand_layer(path) else ""
    else:
        form = "GeoJSON" if _is_pand_geojson(head.decode("utf-8", "replace")) else ""
    if not form:
        return None
    return recognised_panden(path, form=form, reader_id=FORMAT)


def _read(recognised: Recognised, grid: Grid) -> Reading:
    """Read the standing panden that meet the box of ``grid``; raises ``UnreadableSourceError``."""
    path = recognised.path
    with path.open("rb") as file:
        geopackage = file.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC
    crs, rows = _geopackage(path, grid) if geopackage else _geojson(path)
    panden = Panden(grid.bounds)
    for values, shape in rows:
        if is_past(values):
            panden.left_out["past"] += 1
            continue
        panden.add(
            _first(values, "id"),
            year=_first(values, "year"),
            status=_first(values, "status"),
            use=_first(values, "use"),
            occurrence=int(_first(values, "occurrence") or 0),
            shape=shape,
            occupancy=occupancy_of_pand(values),
        )
    frame = panden.to_frame()
    # A GeoPackage gives only the rows in the box, so the extent of the whole file stays unknown.
    extent = None if geopackage else panden.extent
    return Reading(frame, len(frame), crs, extent, remarks=tuple(panden.remarks()))


Row = tuple[Mapping[str, Any], BaseGeometry | None]


def _unreadable(path: Path, problem: str, where: str = "") -> UnreadableSourceError:
    return UnreadableSourceError(path, taken_for="a table of BAG panden", problem=problem, where=where)


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _first(values: Mapping[str, Any], fact: str) -> Any:
    return next((values[name] for name in ALIASES[fact] if values.get(name) is not None), None)


def _has_pand_columns(names: set[str]) -> bool:
    """Whether columns are those of a pand; those of a verblijfsobject carry the year of their pand as well."""
    plain = {_plain(name) for name in names}
    has_all = all(plain.intersection(ALIASES[fact]) for fact in ("id", "year", "status"))
    return has_all and not any(name.startswith("pandidentificatie") for name in plain)


def _pand_layer(path: Path) -> str:
    """Return the name of the first polygon layer with the columns of a pand; empty when there is none."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            layers = database.execute(
                "SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"
            ).fetchall()
            for name, kind in layers:
                columns = {row[0] for row in database.execute("SELECT name FROM pragma_table_info(?)", [name])}
                if str(kind).upper() not in {"POINT", "MULTIPOINT"} and _has_pand_columns(columns):
                    return str(name)
    except sqlite3.DatabaseError:
        return ""  # not a GeoPackage, or one that is broken: nothing says that it held panden
    return ""


def _geopackage(path: Path, grid: Grid) -> tuple[str, Iterator[Row]]:
    import pyogrio

    layer = _pand_layer(path)
    try:
        info = pyogrio.read_info(path, layer=layer)
        _check_crs(path, str(info["crs"] or ""), layer)
        # Dates come as text: a year 1005 or 9999 does not fit the dates of a data frame.
        meta, _, shapes, columns = pyogrio.raw.read(path, layer=layer, bbox=grid.bounds, datetime_as_string=True)
    except pyogrio.errors.DataSourceError as error:
        raise _unreadable(path, f"its GeoPackage cannot be read: {error}", f"layer {layer}") from error
    except pyogrio.errors.DataLayerError as error:
        raise _unreadable(path, f"its layer cannot be read: {error}", f"layer {layer}") from error
    names = [_plain(str(name)) for name in meta["fields"]]
    geometries = shapely.from_wkb(shapes)
    return str(info["crs"] or f"EPSG:{RD} (assumed)"), (
        ({name: _value(column[row]) for name, column in zip(names, columns, strict=True)}, geometries[row])
        for row in range(len(geometries))
    )


def _value(value: Any) -> Any:
    """Return a cell as a plain value: None for NaN and NaT."""
    plain = value.item() if hasattr(value, "item") else value
    return None if plain is None or plain != plain else plain  # noqa: PLR0124  NaN differs from itself


def _is_pand_geojson(head: str) -> bool:
    if '"FeatureCollection"' not in head:
        return False
    return any(_has_pand_columns(set(NAME.findall(found))) for found in PROPERTIES.findall(head))


def _geojson(path: Path) -> tuple[str, Iterator[Row]]:
    try:
        document = json.loads(path.read_bytes())
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _unreadable(path, f"its JSON breaks off or is malformed: {error.msg}", where) from error
    except UnicodeDecodeError as error:
        raise _unreadable(path, "its text is not UTF-8", f"byte {error.start}") from error
    features = document.get("features")
    if not isinstance(features, list):
        raise _unreadable(path, "its list of features is missing")
    stated = ((document.get("crs") or {}).get("properties") or {}).get("name", "")
    _check_crs(path, stated, "crs")
    crs = f"EPSG:{RD}" if stated else f"EPSG:{RD} (assumed)"
    return crs, _features(path, features)


def _features(path: Path, features: list[Any]) -> Iterator[Row]:
    west, south, east, north = RD_EXTENT
    for number, feature in enumerate(features, start=1):
        try:
            values = {_plain(name): value for name, value in (feature.get("properties") or {}).items()}
            geometry = feature.get("geometry")
            shape = shapely.geometry.shape(geometry) if geometry else None
        except (AttributeError, KeyError, TypeError, ValueError, shapely.GEOSException) as error:
            raise _unreadable(path, f"a feature cannot be read: {error}", f"feature {number}") from error
        if shape is not None and not shape.is_empty:
            x, y, *_ = shape.bounds
            if not (west <= x <= east and south <= y <= north):
                problem = f"its coordinates ({x:g}, {y:g}) are not in RD New (EPSG:{RD}); export it in RD New"
                raise _unreadable(path, problem, f"feature {number}")
        yield values, shape


def _check_crs(path: Path, stated: str, where: str) -> None:
    """Raise for any reference system but RD New; GeoJSON without one is judged by its coordinates."""
    codes = re.findall(r"EPSG\D*(?:/0/)?(\d{4,5})\b", stated)
    if stated and codes[:1] not in (["28992"], ["7415"]):
        raise _unreadable(path, f"its reference system is {stated}; only EPSG:{RD} (RD New) is read", where)


reader = Reader(id=FORMAT, title="BAG panden in GeoPackage or GeoJSON", recognise=_recognise, read=_read)
