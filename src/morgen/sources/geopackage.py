"""GeoPackages as tables: which layers and columns there are, and the rows whose shape meets a box."""

import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Bounds

__all__ = ["Rows", "Table", "find_tables", "read_rows", "text_of"]

MAGIC = b"SQLite format 3\x00"
RD_CODES = ("28992", "7415")


@dataclass(frozen=True)
class Table:
    """A layer of features."""

    name: str
    columns: tuple[str, ...]
    """In lower case."""
    bounds: Bounds | None
    """Extent in RD New that the file states; None when it states none."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows that were read."""

    columns: Mapping[str, npt.NDArray[Any]]
    """By name in lower case."""
    shapes: npt.NDArray[Any]
    """One shapely geometry or None a row, two-dimensional, RD New."""
    crs: str

    def __len__(self) -> int:
        return len(self.shapes)

    def text(self, name: str) -> list[str]:
        """Return a column as text; empty where it is null, and everywhere when the column is not there."""
        if name not in self.columns:
            return [""] * len(self)
        return [text_of(value) for value in self.columns[name]]

    def cell(self, name: str, row: int) -> str:
        """Return one cell as text; empty where it is null or the column is not there."""
        return text_of(self.columns[name][row]) if name in self.columns else ""

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """Return a column as numbers; NaN where it is null or no number, and when the column is not there."""
        import pandas as pd

        if name not in self.columns:
            return np.full(len(self), np.nan)
        return np.asarray(pd.to_numeric(pd.Series(self.columns[name]), errors="coerce"), dtype=np.float64)


def find_tables(path: Path, wanted: Mapping[str, Collection[str]], *, taken_for: str) -> dict[str, Table]:
    """Return for each kind of table in ``wanted`` (kind to columns it must have) the first such layer.

    Empty when the file is no GeoPackage, or has none of them. Raises ``UnreadableSourceError`` when the database
    is broken and the text of its schema still shows that it held one.
    """
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            return {}
    found: dict[str, Table] = {}
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            for table in _tables(database):
                for kind, columns in wanted.items():
                    if kind not in found and set(columns) <= set(table.columns):
                        found[kind] = table
    except sqlite3.DatabaseError as error:
        if any(_mentions(path, columns) for columns in wanted.values()):
            problem = f"the database is broken or cut off: {error}"
            raise UnreadableSourceError(path, taken_for=taken_for, problem=problem) from error
        return {}
    return found


def read_rows(path: Path, table: Table, box: Bounds | None, *, taken_for: str) -> Rows:
    """Read the rows whose shape intersects the box, all of them without one; raises ``UnreadableSourceError``."""
    import pyogrio
    import shapely

    where = f"layer {table.name}"
    try:
        info = pyogrio.read_info(path, layer=table.name)
        crs = str(info["crs"] or "")
        _require_rd(path, crs, where, taken_for)
        meta, _, shapes, columns = pyogrio.raw.read(path, layer=table.name, bbox=box, datetime_as_string=True)
        geometries = shapely.force_2d(shapely.from_wkb(shapes))
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, shapely.errors.GEOSException) as error:
        problem = f"it cannot be read: {error}"
        raise UnreadableSourceError(path, taken_for=taken_for, problem=problem, where=where) from error
    names = [str(name).lower() for name in meta["fields"]]
    return Rows(dict(zip(names, columns, strict=True)), geometries, crs or "EPSG:28992 (assumed)")


def text_of(value: Any) -> str:
    """Return a cell as text; empty for null."""
    if value is None or value != value:  # noqa: PLR0124  NaN differs from itself
        return ""
    number = value.item() if hasattr(value, "item") else value
    if isinstance(number, float) and number.is_integer():
        return str(int(number))
    return str(number).strip()


def _tables(database: sqlite3.Connection) -> Iterator[Table]:
    names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type != 'index'")}
    if "gpkg_contents" not in names:
        return
    query = "SELECT table_name, srs_id, min_x, min_y, max_x, max_y FROM gpkg_contents WHERE data_type = 'features'"
    for name, srs, *edges in database.execute(query).fetchall():
        rows = database.execute("SELECT name FROM pragma_table_info(?)", (name,)).fetchall()
        known = str(srs) in RD_CODES and None not in edges
        bounds = (edges[0], edges[1], edges[2], edges[3]) if known else None
        yield Table(name, tuple(column.lower() for (column,) in rows), bounds)


def _mentions(path: Path, columns: Collection[str]) -> bool:
    content = path.read_bytes().lower()
    return all(column.encode() in content for column in columns)


def _require_rd(path: Path, crs: str, where: str, taken_for: str) -> None:
    codes = re.findall(r"EPSG\D*(?:/0/)?(\d{4,5})\b", crs)
    if crs and (not codes or codes[0] not in RD_CODES):
        problem = f"its reference system is {crs}; only EPSG:28992 (RD New) is read"
        raise UnreadableSourceError(path, taken_for=taken_for, problem=problem, where=where)
