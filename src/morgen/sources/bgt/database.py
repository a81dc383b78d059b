"""BGT in SQLite: GeoPackage (PDOK form or made from CityGML), and the SQLite files of ogr2ogr.

What a file is, its schema tells; the objects are then read by GDAL, which knows all ways to store a geometry.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from morgen.core.errors import SourceError, UnreadableSourceError
from morgen.core.grid import Bounds, Grid
from morgen.core.source import Role, Source
from morgen.sources.bgt.spelling import fold, is_known_column, theme_of
from morgen.sources.contract import Reading, Recognised

if TYPE_CHECKING:
    from morgen.sources.bgt.topography import RawLayer

__all__ = ["GEOPACKAGE", "SQLITE", "read", "recognise_geopackage", "recognise_sqlite"]

GEOPACKAGE = "bgt-geopackage"
SQLITE = "bgt-sqlite"
TAKEN_FOR = {GEOPACKAGE: "a GeoPackage of the BGT", SQLITE: "a SQLite file of the BGT"}
TITLES = {GEOPACKAGE: "BGT, GeoPackage", SQLITE: "BGT, SQLite"}
SQLITE_MAGIC = b"SQLite format 3\x00"
IDENTITY = "lokaalid"
RD_SRS = (28992, 7415)


@dataclass(frozen=True)
class _Table:
    """A table of features: its name, its columns, and its extent in RD New where the file tells it."""

    name: str
    columns: tuple[str, ...]
    bounds: Bounds | None

    @property
    def theme(self) -> str:
        return theme_of(self.name)

    @property
    def has_identity(self) -> bool:
        return any(fold(column) == IDENTITY for column in self.columns)


def recognise_geopackage(path: Path) -> Recognised | None:
    """Recognise a GeoPackage with layers of the BGT; raises ``UnreadableSourceError`` when it is broken."""
    return _recognise(path, GEOPACKAGE)


def recognise_sqlite(path: Path) -> Recognised | None:
    """Recognise a SQLite or SpatiaLite file of the BGT; raises ``UnreadableSourceError`` when it is broken."""
    return _recognise(path, SQLITE)


def read(recognised: Recognised, grid: Grid) -> Reading:
    """Read the current objects whose shape intersects the box of ``grid``; raises ``UnreadableSourceError``."""
    from morgen.sources.bgt.topography import reading_of

    path, form = recognised.path, recognised.source.format
    tables = _bgt_tables(path, form)
    layers: list[RawLayer] = []
    found: dict[str, None] = {}
    for table in tables:
        layer, crs = _read_table(path, form, table, grid.bounds)
        layers.append(layer)
        found[crs] = None
    try:
        return reading_of(layers, grid, crs=", ".join(found), bounds=recognised.bounds or _extent(path, tables))
    except SourceError as error:
        raise _unreadable(path, form, str(error)) from error


# -- recognising -------------------------------------------------------------------------------------------------


def _recognise(path: Path, form: str) -> Recognised | None:
    with path.open("rb") as file:
        if file.read(len(SQLITE_MAGIC)) != SQLITE_MAGIC:
            return None
    try:
        tables = _bgt_tables(path, form)
    except sqlite3.DatabaseError as error:
        if _looks_like(path, form):
            raise _unreadable(path, form, f"the database is broken or cut off: {error}") from error
        return None
    if not tables:
        return None
    source = Source(
        id=str(path),
        title=TITLES[form],
        format=form,
        role=Role.TOPOGRAPHY,
        publisher="Kadaster (PDOK)",
        licence="CC0-1.0",
        attribution="Basisregistratie Grootschalige Topografie (BGT), Kadaster",
    )
    return Recognised(path=path, source=source, bounds=_union([table.bounds for table in tables]))


def _bgt_tables(path: Path, form: str) -> list[_Table]:
    """Return the tables of the BGT in a file of this form; none when the file is of another form."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type != 'index'")}
        is_geopackage = "gpkg_contents" in names
        if is_geopackage is not (form == GEOPACKAGE) or not (is_geopackage or "geometry_columns" in names):
            return []
        tables = _geopackage_tables(connection) if is_geopackage else _sqlite_tables(connection)
    finally:
        connection.close()
    for table in tables:
        if table.theme and not table.has_identity and table.name.lower().startswith("bgt_"):
            raise _unreadable(
                path,
                form,
                f"its layer {table.name} has no column lokaalID (lokaal_id)",
                where=_listed(table.columns),
            )
    return [table for table in tables if table.theme and table.has_identity]


def _geopackage_tables(connection: sqlite3.Connection) -> list[_Table]:
    query = "SELECT table_name, srs_id, min_x, min_y, max_x, max_y FROM gpkg_contents WHERE data_type = 'features'"
    tables = []
    for name, srs, *edges in connection.execute(query).fetchall():
        known = srs in RD_SRS and None not in edges
        bounds = (edges[0], edges[1], edges[2], edges[3]) if known else None
        tables.append(_Table(name, _column_names(connection, name), bounds))
    return tables


def _sqlite_tables(connection: sqlite3.Connection) -> list[_Table]:
    names = connection.execute("SELECT f_table_name FROM geometry_columns").fetchall()
    return [_Table(name, _column_names(connection, name), None) for (name,) in names]


def _column_names(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    rows = connection.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()
    return tuple(name for (name,) in rows)


def _looks_like(path: Path, form: str) -> bool:
    """Whether a broken database was one of the BGT of this form: the text of its schema still stands in it."""
    content = path.read_bytes().lower()
    is_bgt = b"lokaal" in content and (b"bronhouder" in content or b"bgt_" in content)
    return is_bgt and (b"gpkg_contents" in content) is (form == GEOPACKAGE)


# -- reading -----------------------------------------------------------------------------------------------------


def _read_table(path: Path, form: str, table: _Table, box: Bounds) -> "tuple[RawLayer, str]":
    import pyogrio
    import shapely

    from morgen.sources.bgt.rd import is_geographic, to_rd_new
    from morgen.sources.bgt.topography import RawLayer

    wanted = [column for column in table.columns if is_known_column(column)]
    options: dict[str, Any] = {"layer": table.name, "columns": wanted, "datetime_as_string": True}
    try:
        info = pyogrio.read_info(path, layer=table.name)
        crs = str(info["crs"] or "")
        if not is_geographic(crs):
            options["bbox"] = box
        meta, _, geometries, values = pyogrio.raw.read(path, **options)
        shapes, found = to_rd_new(shapely.from_wkb(geometries), crs)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, shapely.errors.GEOSException) as error:
        raise _unreadable(path, form, f"it cannot be read: {error}", where=f"layer {table.name}") from error
    except SourceError as error:
        raise _unreadable(path, form, str(error), where=f"layer {table.name}") from error
    return RawLayer(table.theme, dict(zip(meta["fields"], values, strict=True)), shapes), found


def _extent(path: Path, tables: Sequence[_Table]) -> Bounds | None:
    """Return the extent of a file that does not tell it in its header."""
    import pyogrio

    if any(table.bounds for table in tables):
        return None  # a GeoPackage whose layers lie in different CRSs: leave it open
    found = [
        pyogrio.read_info(path, layer=table.name, force_total_bounds=True)["total_bounds"] for table in tables
    ]
    return _union(found)


def _union(boxes: Sequence[Bounds | None]) -> Bounds | None:
    known = [box for box in boxes if box is not None and box[0] <= box[2]]
    if not known:
        return None
    west, south, east, north = zip(*known, strict=True)
    return min(west), min(south), max(east), max(north)


def _listed(columns: Sequence[str]) -> str:
    return "it has " + ", ".join(columns)


def _unreadable(path: Path, form: str, problem: str, where: str = "") -> UnreadableSourceError:
    return UnreadableSourceError(path, taken_for=TAKEN_FOR[form], problem=problem, where=where)
