"""The reader of CBS figures on squares and buurten, in GeoPackage or shapefile.

Names change by year and a shapefile cuts them to ten characters; the table below knows them. What CBS holds back
is a number of -99990 or less, and stays unknown: it is not zero.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Grid
from morgen.core.source import Role, Source
from morgen.sources.contract import Reader, Reading, Recognised
from morgen.sources.geopackage import Rows, Table, find_tables, read_rows

if TYPE_CHECKING:
    import geopandas

__all__ = ["reader"]

FORMAT = "cbs-population"
TAKEN_FOR = "population figures of the CBS"
HELD_BACK = -99_990
"""At or below: -99991, -99995, -99997, -99999997, -99999999, by year and by reason."""
BUURT, SQUARE = "buurt", "square"
CODES: Mapping[str, tuple[str, ...]] = {
    SQUARE: ("crs28992res100m", "crs28992res500m", "c28992r100", "c28992r500"),
    BUURT: ("buurtcode",),
}
ALIASES: Mapping[str, tuple[str, ...]] = {
    "name": ("buurtnaam",),
    "residents": ("aantalinwoners", "aantalinwo", "inwoner"),
    "households": ("aantalhuishoudens", "aantalparthuishoudens", "aantalhuis", "aanthh"),
    "household_size": ("gemiddeldehuishoudsgrootte", "gemiddeldehuishoudensgrootte", "gemhhgr"),
    "dwellings": ("woningvoorraad", "aantalwoningen", "woningvoor"),
    "year": ("jaar",),
    "water": ("water",),
}
"""Names in lower case without underscores."""
SHAPEFILE = b"\x00\x00\x27\x0a"
HEADER = 100
"""Bytes of the header of a shapefile and of its index."""
FIRST_OFFSET = bytes((0, 0, 0, 50))
"""Where the first record begins, in words of two bytes."""


def _recognise(path: Path) -> Recognised | None:
    """Recognise a layer of squares or buurten by its code and its number of inhabitants."""
    table = _table(path)
    if table is None:
        return None
    kind = _kind(table)
    source = Source(
        id=str(path),
        title="CBS, squares" if kind == SQUARE else "CBS, buurten",
        format=FORMAT,
        role=Role.POPULATION,
        publisher="CBS",
        licence="CC BY 4.0",
        attribution="Centraal Bureau voor de Statistiek (CBS)",
    )
    return Recognised(path=path, source=source, bounds=table.bounds)


def _read(recognised: Recognised, grid: Grid) -> Reading:
    """Read the squares or buurten that meet the box of ``grid``; raises ``UnreadableSourceError``."""
    path = recognised.path
    table = _table(path)
    assert table is not None
    rows = read_rows(path, table, grid.bounds, taken_for=TAKEN_FOR)
    named = {_plain(name): name for name in rows.columns}
    found = {fact: _column(names, named) for fact, names in ALIASES.items()}
    frame = _frame(rows, _kind(table), code=_column(CODES[_kind(table)], named), found=found)
    if (frame["residents"] < 0).any():
        row = int(np.flatnonzero(frame["residents"] < 0)[0])
        problem = (
            f"its column {found['residents']} holds {frame['residents'][row]:g}, which is no number of people"
        )
        raise UnreadableSourceError(path, taken_for=TAKEN_FOR, problem=problem, where=frame["area_id"][row])
    hidden = int(frame["residents"].isna().sum())
    remarks = (f"{hidden} of {len(frame)} rows hold their residents back: unknown, not zero.",) if hidden else ()
    return Reading(frame, len(frame), rows.crs, recognised.bounds, _date(rows, found["year"], path), remarks)


def _table(path: Path) -> Table | None:
    """Return the first layer with squares or buurten and their inhabitants."""
    with path.open("rb") as file:
        head = file.read(len(FIRST_OFFSET) + HEADER)
    if head.startswith(SHAPEFILE):
        # The index beside a shapefile has the same header; its first number is where the first record begins.
        return None if head[HEADER:] == FIRST_OFFSET else _shapefile(path)
    wanted = {
        f"{code} {people}": (code, people)
        for codes in CODES.values()
        for code in codes
        for people in ("aantal_inwoners", "aantalinwoners", "inwoner")
    }
    return next(iter(find_tables(path, wanted, taken_for=TAKEN_FOR).values()), None)


def _shapefile(path: Path) -> Table | None:
    import pyogrio

    try:
        info = pyogrio.read_info(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError):
        return None  # nothing says that it held figures
    columns = tuple(str(name).lower() for name in info["fields"])
    plain = {_plain(name) for name in columns}
    if not plain.intersection(ALIASES["residents"]) or not any(plain.intersection(c) for c in CODES.values()):
        return None
    bounds = info["total_bounds"]
    return Table(path.stem, columns, None if bounds is None else (bounds[0], bounds[1], bounds[2], bounds[3]))


def _kind(table: Table) -> str:
    plain = {_plain(name) for name in table.columns}
    return SQUARE if plain.intersection(CODES[SQUARE]) else BUURT


def _frame(rows: Rows, kind: str, *, code: str, found: Mapping[str, str]) -> "geopandas.GeoDataFrame":
    import geopandas as gpd
    import pandas as pd

    facts = ("residents", "households", "household_size", "dwellings")
    columns: dict[str, Any] = {
        "area_id": pd.Series(rows.text(code), dtype="str"),
        "kind": pd.Series([kind] * len(rows), dtype="str"),
        "name": pd.Series(rows.text(found["name"]), dtype="str"),
        **{fact: pd.Series(_known(rows.numbers(found[fact])), dtype="float64") for fact in facts},
    }
    frame = gpd.GeoDataFrame(columns, geometry=rows.shapes, crs="EPSG:28992")
    is_water = pd.Series(rows.text(found["water"])).str.upper() == "JA"
    return frame[~is_water & ~(frame.geometry.isna() | frame.geometry.is_empty)].reset_index(drop=True)


def _known(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(values <= HELD_BACK, np.nan, values)


def _date(rows: Rows, year: str, path: Path) -> str:
    stated = [text for text in rows.text(year) if re.fullmatch(r"\d{4}", text)] if year else []
    named = re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", path.stem)
    known = max(stated, default=named[0] if named else "")
    return f"{known}-01-01" if known else ""


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _column(names: tuple[str, ...], named: Mapping[str, str]) -> str:
    return next((named[name] for name in names if name in named), "")


reader = Reader(id=FORMAT, title="CBS squares and buurten", recognise=_recognise, read=_read)
