"""What is in a pand: its dwellings and floor, from the verblijfsobjecten or from what the WFS tells of a pand."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Bounds
from morgen.sources.identifiers import bag_id

__all__ = ["EMPTY", "UNKNOWN", "Occupancy", "occupancies", "occupancy_of_pand", "residence_layer"]

DWELLING = "woonfunctie"
COLUMNS = frozenset({"oppervlakte", "status", "gebruiksdoel", "pandidentificatie"})
"""Columns by which a layer of verblijfsobjecten is known, as the WFS names them."""
NOT_IN_USE = ("gevormd", "niet gerealiseerd", "ingetrokken", "ten onrechte opgevoerd")
"""Endings of the status of a verblijfsobject that nobody can live in (yet, or any more)."""
NO_AREA = frozenset({0, 1, 999999})
"""Areas that stand for 'not measured'."""
MARGIN = 200.0
"""m; the address of a pand at the edge of the box can lie outside it."""


@dataclass(frozen=True)
class Occupancy:
    """What is known of the inside of a pand; None and NaN are unknown, not nothing."""

    dwellings: int | None = None
    """Verblijfsobjecten with a woonfunctie."""
    usable_area: float = float("nan")
    """Gebruiksoppervlakte of all verblijfsobjecten, m2."""
    dwelling_area: float = float("nan")
    """That of the dwellings, m2."""

    def with_residence(self, area: float, *, dwelling: bool) -> "Occupancy":
        """Return it with one verblijfsobject more; NaN is an area that was not measured."""
        return Occupancy(
            dwellings=(self.dwellings or 0) + dwelling,
            usable_area=self.usable_area + area,
            dwelling_area=self.dwelling_area + (area if dwelling else 0),
        )


UNKNOWN = Occupancy()
EMPTY = Occupancy(dwellings=0, usable_area=0, dwelling_area=0)


def occupancy_of_pand(values: Mapping[str, Any]) -> Occupancy:
    """Return what the columns of the WFS tell of a pand, as far as they leave no doubt.

    ``values`` has the columns in lower case without underscores. Uses are given for the pand, not for each of its
    verblijfsobjecten, and areas as the least and the most; so a mix of uses, and the sum of three, stay unknown.
    """
    if values.get("aantalverblijfsobjecten") is None:
        return UNKNOWN
    number = int(values["aantalverblijfsobjecten"])
    if not number:
        return EMPTY
    uses = {part.strip() for part in str(values.get("gebruiksdoel") or "").split(",")} - {""}
    area = _sum_of(number, values.get("oppervlaktemin"), values.get("oppervlaktemax"))
    if uses == {DWELLING}:
        return Occupancy(dwellings=number, usable_area=area, dwelling_area=area)
    if uses and DWELLING not in uses:
        return Occupancy(dwellings=0, usable_area=area, dwelling_area=0)
    return Occupancy(usable_area=area)


def _sum_of(number: int, least: Any, most: Any) -> float:
    """Return the sum of ``number`` areas, when the least and the most settle it."""
    low, high = _area(least), _area(most)
    if low == high:
        return number * low
    return low + high if number == 2 else float("nan")  # noqa: PLR2004 - the least and the most are all there are


def _area(value: Any) -> float:
    return float("nan") if value is None or value in NO_AREA else float(value)


def residence_layer(path: Path) -> str:
    """Return the name of the layer of verblijfsobjecten in a GeoPackage; empty when there is none."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            for (name,) in database.execute("SELECT table_name FROM gpkg_geometry_columns").fetchall():
                found = {row[0] for row in database.execute("SELECT name FROM pragma_table_info(?)", [name])}
                if {column.lower() for column in found} >= COLUMNS:
                    return str(name)
    except sqlite3.DatabaseError:
        return ""  # the reader of panden says what is wrong with the file
    return ""


def occupancies(path: Path, layer: str, bounds: Bounds) -> dict[str, Occupancy]:
    """Return what is in each pand in and around a box by its 16 digits, from a layer of verblijfsobjecten.

    A pand without a verblijfsobject, such as a shed, is not in it. Raises ``UnreadableSourceError``.
    """
    found: dict[str, Occupancy] = {}
    for pand, area, use in _in_use(path, layer, bounds):
        found[pand] = found.get(pand, EMPTY).with_residence(_area(area), dwelling=DWELLING in use)
    return found


def _in_use(path: Path, layer: str, bounds: Bounds) -> Iterator[tuple[str, Any, str]]:
    """Yield pand, area and uses of each verblijfsobject; one in several panden counts in the first."""
    import pyogrio

    west, south, east, north = bounds
    try:
        meta, _, _, values = pyogrio.raw.read(
            path,
            layer=layer,
            read_geometry=False,
            bbox=(west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN),
            datetime_as_string=True,
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise UnreadableSourceError(
            path,
            taken_for="a table of BAG panden",
            problem=f"its verblijfsobjecten cannot be read: {error}",
            where=f"layer {layer}",
        ) from error
    columns = dict(zip([str(name).lower() for name in meta["fields"]], values, strict=True))
    rows = zip(
        *(columns[name] for name in ("pandidentificatie", "oppervlakte", "gebruiksdoel", "status")), strict=True
    )
    for panden, area, use, status in rows:
        pand = bag_id(panden)
        if pand and not str(status or "").lower().endswith(NOT_IN_USE):
            yield pand, None if area != area else int(area), str(use or "")  # noqa: PLR0124  NaN differs from itself
