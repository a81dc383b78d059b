"""The reader of verblijfsobjecten in a GeoPackage with the columns of the WFS: what is at which address."""

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from morgen.core.grid import Grid
from morgen.core.source import Role, Source
from morgen.sources.bag.panden import END_MARKS
from morgen.sources.contract import ADDRESS_COLUMNS, Reader, Reading, Recognised
from morgen.sources.geopackage import Rows, find_tables, read_rows
from morgen.sources.identifiers import bag_id

if TYPE_CHECKING:
    import geopandas

__all__ = ["door", "no_addresses", "plain_postcode", "reader"]

FORMAT = "bag-addresses"
TAKEN_FOR = "a table of BAG verblijfsobjecten"
WANTED = {"addresses": ("identificatie", "oppervlakte", "gebruiksdoel", "pandidentificatie")}
NOT_THERE = frozenset(
    {
        "verblijfsobject gevormd",
        "niet gerealiseerd verblijfsobject",
        "verblijfsobject ingetrokken",
        "verblijfsobject ten onrechte opgevoerd",
    }
)
"""Statuses of what is not built yet, or is no more; an empty or unknown status stays."""
LARGEST = 999_999
"""The BAG writes this floor area, m2, where it is not known."""


def door(number: Any, letter: Any = "", addition: Any = "") -> str:
    """Return a house number as digits and capitals only: '16 a-2' is '16A2'; empty when there is no number."""
    joined = f"{number or ''}{letter or ''}{addition or ''}".upper()
    plain = re.sub(r"[^0-9A-Z]", "", joined)
    return plain if plain[:1].isdigit() else ""


def plain_postcode(value: Any) -> str:
    """Return '1234AB' for any spelling of a postcode; empty for what is none."""
    plain = re.sub(r"\s", "", str(value or "")).upper()
    return plain if re.fullmatch(r"\d{4}[A-Z]{2}", plain) else ""


def no_addresses() -> "geopandas.GeoDataFrame":
    """Return a table of ``ADDRESS_COLUMNS`` and ``source_id`` without rows."""
    import geopandas as gpd
    import pandas as pd

    columns = {
        name: pd.Series([], dtype="float64" if name == "floor_area" else "str")
        for name in (*ADDRESS_COLUMNS, "source_id")
        if name != "geometry"
    }
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs="EPSG:28992"))


def _recognise(path: Path) -> Recognised | None:
    """Recognise a GeoPackage with a layer of verblijfsobjecten by its columns."""
    found = find_tables(path, WANTED, taken_for=TAKEN_FOR)
    if not found:
        return None
    source = Source(
        id=f"{path}#verblijfsobject",
        title="BAG verblijfsobjecten, GeoPackage",
        format=FORMAT,
        role=Role.ADDRESSES,
        publisher="Kadaster",
        licence="CC PDM 1.0",
        attribution="Kadaster, BAG",
    )
    return Recognised(path=path, source=source, bounds=found["addresses"].bounds)


def _read(recognised: Recognised, grid: Grid) -> Reading:
    """Read the verblijfsobjecten in the box of ``grid`` that are there; raises ``UnreadableSourceError``."""
    path = recognised.path
    rows = read_rows(
        path, find_tables(path, WANTED, taken_for=TAKEN_FOR)["addresses"], grid.bounds, taken_for=TAKEN_FOR
    )
    left_out: Counter[str] = Counter()
    kept = [row for row in range(len(rows)) if not _counted(_why_not(rows, row), left_out)]
    frame = _frame(rows, np.array(kept, dtype=np.int64))
    double = frame.duplicated("bag_id")
    left_out["are there twice"] = int(double.sum())
    frame = frame[~double].reset_index(drop=True)
    remarks = tuple(
        f"{count} verblijfsobjecten {why}; they were left out." for why, count in left_out.items() if count
    )
    return Reading(frame, len(frame), rows.crs, recognised.bounds, remarks=remarks)


def _why_not(rows: Rows, row: int) -> str:
    """Return why a row is no address of now; empty when it is one."""
    status, shape = rows.cell("status", row), rows.shapes[row]
    if any(rows.cell(name, row) for name in END_MARKS):
        return "are history"
    if status.lower() in NOT_THERE:
        return f"have the status {status!r}"
    if shape is None or shape.is_empty:
        return "have no point"
    return "" if bag_id(rows.cell("identificatie", row)) else "have no usable id"


def _counted(why: str, left_out: Counter[str]) -> str:
    if why:
        left_out[why] += 1
    return why


def _frame(rows: Rows, kept: Any) -> "geopandas.GeoDataFrame":
    import geopandas as gpd
    import pandas as pd

    area = rows.numbers("oppervlakte")[kept]
    numbers = zip(
        *(rows.text(name) for name in ("huisnummer", "huisletter", "toevoeging")),
        strict=True,
    )
    doors = [door(*parts) for parts in numbers]
    texts = {
        "bag_id": [bag_id(value) for value in rows.text("identificatie")],
        "building_id": [bag_id(value) for value in rows.text("pandidentificatie")],
        "use": [",".join(part.strip() for part in value.split(",")) for value in rows.text("gebruiksdoel")],
        "street": rows.text("openbare_ruimte"),
        "house_number": doors,
        "postcode": [plain_postcode(value) for value in rows.text("postcode")],
    }
    columns = {name: pd.Series([values[row] for row in kept], dtype="str") for name, values in texts.items()}
    columns["floor_area"] = pd.Series(np.where((area > 0) & (area < LARGEST), area, np.nan), dtype="float64")
    order = ["bag_id", "building_id", "use", "floor_area", "street", "house_number", "postcode"]
    points = shapely.centroid(rows.shapes[kept])
    return gpd.GeoDataFrame({name: columns[name] for name in order}, geometry=points, crs="EPSG:28992")


reader = Reader(id=FORMAT, title="BAG verblijfsobjecten in a GeoPackage", recognise=_recognise, read=_read)
