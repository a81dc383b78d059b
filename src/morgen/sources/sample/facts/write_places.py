"""Places for health, sport, culture and meeting, with their capacity: no national register holds these.

So the file is one that a municipality could keep itself; its columns are described in ``docs/sample.md``. Schools
and childcare are in it as well, because DUO does not tell how many pupils fit in a building.
"""

from pathlib import Path

from morgen.sources.sample.facts.tables import INTEGER, TEXT, Table, write_tables
from morgen.sources.sample.frame import MUNICIPALITY, NAME
from morgen.sources.sample.wijk import Facility, Wijk

__all__ = ["PLACE_COLUMNS", "write_places"]

PLACE_COLUMNS = {
    "id": TEXT,
    "kind": TEXT,
    "name": TEXT,
    "capacity": INTEGER,
    "unit": TEXT,
    "floor_area": INTEGER,
    "bag_id": TEXT,
    "address": TEXT,
    "source": TEXT,
}
UNITS = {
    "primary school": "pupils",
    "secondary school": "pupils",
    "childcare": "child places",
    "out-of-school care": "child places",
    "health centre": "people at a time",
    "pharmacy": "people at a time",
    "sports club": "people at a time",
    "supermarket": "people at a time",
    "sports hall": "people at a time",
    "sports field": "people at a time",
    "community centre": "people at a time",
    "church": "people at a time",
    "library": "people at a time",
    "playground": "children at a time",
}
SOURCE = "Morgen, gegenereerd en fictief; geen landelijk register"


def write_places(folder: Path, wijk: Wijk) -> Path:
    """Write ``voorzieningen.gpkg``: one point a place; no capacity where it says nothing."""
    rows = [_row(rank, facility, wijk) for rank, facility in enumerate(wijk.facilities, start=1)]
    return write_tables(folder / "voorzieningen.gpkg", [Table("voorzieningen", PLACE_COLUMNS, rows, "Point")])


def _row(rank: int, facility: Facility, wijk: Wijk) -> dict[str, object]:
    return {
        "id": f"{MUNICIPALITY}-V{rank:04d}",
        "kind": facility.kind,
        "name": facility.name,
        "capacity": facility.capacity or None,
        "unit": UNITS.get(facility.kind) if facility.capacity else None,
        "floor_area": facility.floor_area or None,
        "bag_id": facility.residence or None,
        "address": _address(facility, wijk),
        "source": SOURCE,
        "geometry": facility.point,
    }


def _address(facility: Facility, wijk: Wijk) -> str | None:
    if not facility.residence:
        return None
    home = wijk.residence(facility.residence)
    number = f"{home.house_number}{home.letter}{'-' if home.suffix else ''}{home.suffix}"
    return f"{home.street} {number}, {home.postcode} {NAME}"
