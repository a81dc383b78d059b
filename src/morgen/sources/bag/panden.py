"""The rules by which an occurrence of a pand counts as a building, the same for every form of the BAG."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry.base import BaseGeometry

from morgen.core.grid import Bounds
from morgen.core.source import Role, Source
from morgen.sources.bag.occupancy import UNKNOWN, Occupancy
from morgen.sources.contract import Recognised
from morgen.sources.identifiers import bag_id
from morgen.sources.plausible_year import plausible_year

if TYPE_CHECKING:
    import geopandas

__all__ = ["END_MARKS", "NOT_STANDING", "Panden", "is_past", "recognised_panden"]

NOT_STANDING = frozenset(
    {
        "bouwvergunning verleend",
        "niet gerealiseerd pand",
        "pand gesloopt",
        "pand ten onrechte opgevoerd",
    }
)
"""Statuses of a pand that is not (yet, or any more) on the ground.

'Bouw gestart' stays: something stands there. 'Sloopvergunning verleend' stays: it stands until it is 'gesloopt'.
An empty or unknown status stays as well, with a remark: a building too many is seen, one too few is not.
"""

END_MARKS = frozenset(
    {
        "eindgeldigheid",
        "eindregistratie",
        "tijdstipinactief",
        "tijdstipnietbag",
        "tijdstipinactieflv",
        "tijdstipnietbaglv",
    }
)
"""Attributes, in lower case, that only an occurrence of the past has: a newer occurrence took its place."""

OLD_YEAR = 1500
"""Construction years before this one are kept, but worth a look."""


def recognised_panden(path: Path, *, form: str, reader_id: str) -> Recognised:
    """Return a file of panden as recognised; ``form`` says in which form it was delivered."""
    source = Source(
        id=str(path),
        title=f"BAG panden, {form}",
        format=reader_id,
        role=Role.BUILDING_REGISTER,
        publisher="Kadaster",
        licence="CC PDM 1.0",
        attribution="Kadaster, BAG",
    )
    return Recognised(path=path, source=source, bounds=None)


def is_past(values: Mapping[str, Any]) -> bool:
    """Whether an occurrence has ended, by its columns in lower case without underscores."""
    return any(values.get(name) not in (None, "") for name in END_MARKS)


@dataclass
class Panden:
    """Collects occurrences of panden in a box, one at a time, and counts what it leaves out."""

    box: Bounds
    rows: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    extent: Bounds | None = None
    _frame: shapely.Polygon = field(init=False)

    def __post_init__(self) -> None:
        self._frame = shapely.box(*self.box)

    def add(
        self,
        identification: Any,
        *,
        year: Any,
        status: Any,
        use: Any,
        occurrence: int,
        shape: BaseGeometry | None,
        occupancy: Occupancy = UNKNOWN,
    ) -> None:
        """Take one current occurrence, if it is a standing building whose footprint meets the box."""
        status_text = _text(status)
        if status_text.lower() in NOT_STANDING:
            self.left_out[status_text] += 1
            return
        if shape is None or shape.is_empty:
            self.left_out["without geometry"] += 1
            return
        self._widen(shape.bounds)
        if not shape.intersects(self._frame):
            return
        name = bag_id(identification)
        if not name:
            self.left_out["without a usable id"] += 1
            return
        row = {
            "bag_id": name,
            "construction_year": plausible_year(year),
            "stated_year": _text(year),
            "status": status_text,
            "use": ",".join(part.strip() for part in _text(use).split(",")),
            "occupancy": occupancy,
            "geometry": shape,
        }
        self._keep(name, occurrence, row)

    def _keep(self, name: str, occurrence: int, row: dict[str, Any]) -> None:
        if name in self.rows:
            self.left_out["duplicate"] += 1
            if occurrence <= self.rows[name][0]:
                return
        self.rows[name] = (occurrence, row)

    def _widen(self, bounds: tuple[float, ...]) -> None:
        xmin, ymin, xmax, ymax = bounds
        if self.extent is None:
            self.extent = (xmin, ymin, xmax, ymax)
        else:
            west, south, east, north = self.extent
            self.extent = min(west, xmin), min(south, ymin), max(east, xmax), max(north, ymax)

    def to_frame(self) -> "geopandas.GeoDataFrame":
        """Return the panden with ``BUILDING_REGISTER_COLUMNS``."""
        import geopandas as gpd
        import pandas as pd

        rows = [row for _, row in self.rows.values()]
        inside = [row["occupancy"] for row in rows]
        return gpd.GeoDataFrame(
            {
                "bag_id": pd.Series([row["bag_id"] for row in rows], dtype="str"),
                "construction_year": pd.array([row["construction_year"] for row in rows], dtype="Int64"),
                "status": pd.Series([row["status"] for row in rows], dtype="str"),
                "use": pd.Series([row["use"] for row in rows], dtype="str"),
                "dwellings": pd.array([each.dwellings for each in inside], dtype="Int64"),
                "usable_area": pd.Series([each.usable_area for each in inside], dtype="float64"),
                "dwelling_area": pd.Series([each.dwelling_area for each in inside], dtype="float64"),
            },
            geometry=gpd.GeoSeries([_valid(row["geometry"]) for row in rows], crs="EPSG:28992"),
        )

    def remarks(self) -> Iterator[str]:
        """Say in one sentence each what was left out and what is worth a look."""
        if past := self.left_out["past"]:
            yield f"{past} occurrences of the past were left out."
        gone = {
            status: self.left_out[status] for status in sorted(self.left_out) if status.lower() in NOT_STANDING
        }
        if gone:
            counts = ", ".join(f"{status} {count}" for status, count in gone.items())
            yield f"{sum(gone.values())} panden that are not standing were left out ({counts})."
        for reason in ("without geometry", "without a usable id"):
            if count := self.left_out[reason]:
                yield f"{count} panden {reason} were left out."
        if duplicates := self.left_out["duplicate"]:
            yield f"{duplicates} rows repeat a pand; its newest occurrence was kept."
        yield from self._about_values([row for _, row in self.rows.values()])

    def _about_values(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
        rows = list(rows)
        if unknown := sum(not row["status"] for row in rows):
            yield f"{unknown} panden have no status; they were kept."
        no_year = Counter(row["stated_year"] for row in rows if row["construction_year"] is None)
        if no_year:
            years = ", ".join(sorted(year or "empty" for year in no_year))
            yield f"{no_year.total()} panden have no usable construction year ({years})."
        old = [row["construction_year"] for row in rows if (row["construction_year"] or OLD_YEAR) < OLD_YEAR]
        if old:
            yield f"{len(old)} construction years before {OLD_YEAR} (oldest {min(old)}) were kept."
        if repaired := sum(not row["geometry"].is_valid for row in rows):
            yield f"{repaired} footprints crossed themselves and were repaired."


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value).strip()  # noqa: PLR0124  NaN differs from itself


def _valid(shape: BaseGeometry) -> BaseGeometry:
    """Return the footprint valid, two-dimensional and areal."""
    flat = shapely.force_2d(shape)
    if flat.is_valid:
        return flat
    areal = [part for part in shapely.get_parts(shapely.make_valid(flat)) if isinstance(part, shapely.Polygon)]
    return areal[0] if len(areal) == 1 else shapely.MultiPolygon(areal)
