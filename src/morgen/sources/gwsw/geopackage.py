"""The reader of sewers in a GeoPackage of the GWSW server: pipes, manholes, pumps and overflows.

The "default" export has names, systems, types and shapes only. Sizes, heights and capacities stand in columns that
are named after the properties of the GWSW ontology where somebody has added them.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Bounds, Grid
from morgen.core.source import Role, Source
from morgen.sources.contract import SEWER_COLUMNS, Reader, Reading, Recognised

if TYPE_CHECKING:
    import geopandas

__all__ = ["reader"]

FORMAT = "gwsw-geopackage"
TITLE = "GWSW, GeoPackage"
SQLITE_MAGIC = b"SQLite format 3\x00"
LAYERS = ("default_punt", "default_lijn")
IDENTITY = {"Stelsel", "Naam", "Type", "TypeNaam"}
RD = (28992, 7415)
HOUR = 3600.0
MILLIMETRES = 1e-3

TEXTS = {
    "object_id": "Naam",
    "system": "Stelsel",
    "kind": "TypeNaam",
    "begins_at": "BeginpuntNaam",
    "ends_at": "EindpuntNaam",
    "shape": "VormLeiding",
}
NUMBERS = {
    "invert_begin": ("BobBeginpuntLeiding", 1.0),
    "invert_end": ("BobEindpuntLeiding", 1.0),
    "width": ("BreedteLeiding", MILLIMETRES),
    "height": ("HoogteLeiding", MILLIMETRES),
    "length": ("LengteLeiding", 1.0),
    "ground_level": ("Maaiveldhoogte", 1.0),
    "crest_level": ("Drempelniveau", 1.0),
    "crest_width": ("Drempelbreedte", 1.0),
    "pump_capacity": ("Pompcapaciteit", 1 / HOUR),
}
"""Column of the standard form to its name in the file, and the factor to its unit."""


def _recognise(path: Path) -> Recognised | None:
    """Recognise a GeoPackage by its layers and by the types of the GWSW ontology in them."""
    with path.open("rb") as file:
        if file.read(len(SQLITE_MAGIC)) != SQLITE_MAGIC:
            return None
    try:
        with closing(_opened(path)) as database:
            layers = list(_layers(database))
            bounds = _bounds(database, layers)
    except sqlite3.DatabaseError as error:
        content = path.read_bytes()
        if b"gpkg_contents" in content and any(layer.encode() in content for layer in LAYERS):
            raise _unreadable(path, f"the database is broken or cut off: {error}") from error
        return None
    if not layers:
        return None
    source = Source(
        id=str(path),
        title=TITLE,
        format=FORMAT,
        role=Role.SEWERS,
        publisher="Stichting RIONED",
        attribution="Gegevenswoordenboek Stedelijk Water (GWSW), Stichting RIONED",
    )
    return Recognised(path=path, source=source, bounds=bounds)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _layers(database: sqlite3.Connection) -> Iterator[str]:
    """Yield the layers of pipes and of nodes that are there."""
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for layer in LAYERS:
        if layer in tables and "gpkg_geometry_columns" in tables:
            columns = {row[0] for row in database.execute("SELECT name FROM pragma_table_info(?)", [layer])}
            if columns >= IDENTITY:
                yield layer


def _bounds(database: sqlite3.Connection, layers: list[str]) -> Bounds | None:
    """Return the extent that the contents of the file state."""
    stated = [
        row
        for layer in layers
        for row in database.execute(
            "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ? AND min_x IS NOT NULL",
            [layer],
        )
    ]
    if not stated:
        return None
    west, south, east, north = zip(*stated, strict=True)
    return min(west), min(south), max(east), max(north)


def _read(recognised: Recognised, grid: Grid) -> Reading:
    """Read the pipes and nodes that meet the box of ``grid``; raises ``UnreadableSourceError``."""
    import geopandas
    import pandas as pd
    import pyogrio

    path = recognised.path
    frames = []
    try:
        with closing(_opened(path)) as database:
            layers = list(_layers(database))
        for layer in layers:
            _check_crs(path, str(pyogrio.read_info(path, layer=layer)["crs"] or ""), layer)
            frames.append(_standard(pyogrio.read_dataframe(path, layer=layer, bbox=grid.bounds)))
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, sqlite3.DatabaseError) as error:
        raise _unreadable(path, f"its layers cannot be read: {error}") from error
    joined = geopandas.GeoDataFrame(pd.concat(frames, ignore_index=True), crs="EPSG:28992")
    there = joined.geometry.notna() & ~joined.geometry.is_empty
    frame = joined[there].reset_index(drop=True)
    remarks = tuple(_remarks(frame, without_shape=int((~there).sum())))
    return Reading(frame, len(frame), "EPSG:28992", recognised.bounds, remarks=remarks)


def _standard(raw: "geopandas.GeoDataFrame") -> "geopandas.GeoDataFrame":
    """Return the columns of the standard form; texts are empty and numbers NaN where the file has none."""
    import geopandas
    import pandas as pd

    columns: dict[str, Any] = {}
    for name, given in TEXTS.items():
        known = raw[given] if given in raw else pd.Series("", index=raw.index)
        columns[name] = known.fillna("").astype(str)
    for name, (given, factor) in NUMBERS.items():
        known = raw[given] if given in raw else pd.Series(float("nan"), index=raw.index)
        columns[name] = pd.to_numeric(known, errors="coerce").astype("float64") * factor
    return geopandas.GeoDataFrame({**columns, "geometry": raw.geometry})[list(SEWER_COLUMNS)]


def _remarks(frame: "geopandas.GeoDataFrame", *, without_shape: int) -> Iterator[str]:
    if without_shape:
        yield f"{without_shape} objects without a shape were left out"
    pipes = frame[frame.geom_type != "Point"]
    unsized = int(pipes["width"].isna().sum())
    if unsized:
        yield (
            f"{unsized} of {len(pipes)} pipes have no size, so it is not known what they hold: the default export"
            " of GWSW has none"
        )


def _check_crs(path: Path, stated: str, layer: str) -> None:
    found = re.search(r"(\d{4,5})$", stated)
    if stated and (found is None or int(found.group(1)) not in RD):
        raise _unreadable(
            path, f"its reference system is {stated}; only EPSG:28992 (RD New) is read", f"layer {layer}"
        )


def _unreadable(path: Path, problem: str, where: str = "") -> UnreadableSourceError:
    return UnreadableSourceError(path, taken_for="sewers of GWSW", problem=problem, where=where)


reader = Reader(id=FORMAT, title=TITLE, recognise=_recognise, read=_read)
