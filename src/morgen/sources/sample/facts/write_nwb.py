"""NWB: road sections and junctions in the form of the national road file (Rijkswaterstaat), from the streets."""

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from morgen.sources.sample.facts.network import Network, Section
from morgen.sources.sample.facts.tables import DATE, INTEGER, REAL, TEXT, Table, write_tables
from morgen.sources.sample.frame import MUNICIPALITY, NAME, SURVEYED
from morgen.sources.sample.wijk import Residence, Street, Wijk

__all__ = ["JUNCTION_COLUMNS", "ROAD_COLUMNS", "write_nwb"]

FIRST_ROAD, FIRST_JUNCTION = 999_900_000, 999_900_000
"""Numbers of the fictitious municipality: real ones of NWB stay below 700 million."""
BEGIN = dt.datetime(SURVEYED, 3, 1)  # noqa: DTZ001  NWB dates carry no zone

_NAMES = """
WVK_ID WVK_BEGDAT JTE_ID_BEG JTE_ID_END WEGBEHSRT WEGNUMMER WEGDEELLTR HECTO_LTTR BST_CODE RPE_CODE ADMRICHTNG
RIJRICHTNG STT_NAAM STT_BRON WPSNAAM GME_ID GME_NAAM HNRSTRLNKS HNRSTRRHTS E_HNR_LNKS E_HNR_RHTS L_HNR_LNKS
L_HNR_RHTS BEGAFSTAND ENDAFSTAND BEGINKM EINDKM POS_TV_WOL WEGBEHCODE WEGBEHNAAM DISTRCODE DISTRNAAM DIENSTCODE
DIENSTNAAM WEGTYPE WGTYPE_OMS ROUTELTR ROUTENR ROUTELTR2 ROUTENR2 ROUTELTR3 ROUTENR3 ROUTELTR4 ROUTENR4 WEGNR_AW
WEGNR_HMP GEOBRON_ID GEOBRON_NM BRONJAAR OPENLR BAG_ORL FRC FOW ALT_NAAM ALT_NR REL_HOOGTE
"""
_NUMBERS = {
    *("WVK_ID", "JTE_ID_BEG", "JTE_ID_END", "GME_ID", "E_HNR_LNKS", "E_HNR_RHTS", "L_HNR_LNKS", "L_HNR_RHTS"),
    *("ROUTENR", "ROUTENR2", "ROUTENR3", "ROUTENR4", "GEOBRON_ID", "BRONJAAR", "REL_HOOGTE"),
}
_LENGTHS = {"BEGAFSTAND", "ENDAFSTAND", "BEGINKM", "EINDKM"}


def _kind(name: str) -> str:
    if name == "WVK_BEGDAT":
        return DATE
    if name in _LENGTHS:
        return REAL
    return INTEGER if name in _NUMBERS else TEXT


ROAD_COLUMNS: dict[str, str] = {name: _kind(name) for name in _NAMES.split()}
"""Columns of table ``Wegvakken`` in their order; '#' stands for none, as in the delivery."""
JUNCTION_COLUMNS: dict[str, str] = {"JTE_ID": INTEGER, "JTE_BEGDAT": DATE}
FUNCTION_CLASS = {"through road": "5", "distributor": "6", "path": "7"}
"""FRC of OpenLR, 0 the most important; what is not named is 7."""
ROADWAY = {"path": "FP"}
"""BST_CODE: FP is a cycle path; a carriageway is RB."""


def write_nwb(folder: Path, wijk: Wijk, network: Network) -> Path:
    """Write ``nwb_wegen.gpkg`` with the layers Wegvakken and Junctions; every section ends in its junctions."""
    numbers = house_numbers(wijk.residences, network.sections)
    roads = [_road(rank, section, numbers.get(rank, {})) for rank, section in enumerate(network.sections)]
    junctions = [
        {"JTE_ID": FIRST_JUNCTION + rank, "JTE_BEGDAT": BEGIN, "geometry": shapely.Point(point)}
        for rank, point in enumerate(network.points)
    ]
    tables = [
        Table("Wegvakken", ROAD_COLUMNS, roads, "MultiLineString"),
        Table("Junctions", JUNCTION_COLUMNS, junctions, "Point"),
    ]
    return write_tables(folder / "nwb_wegen.gpkg", tables)


def house_numbers(
    residences: Iterable[Residence], sections: Iterable[Section]
) -> Mapping[int, dict[str, list[int]]]:
    """Return by rank of section the house numbers on its 'left' and 'right', found by street name and nearness."""
    by_street: dict[str, list[tuple[int, Section]]] = {}
    for rank, section in enumerate(sections):
        by_street.setdefault(section.street.name, []).append((rank, section))
    found: dict[int, dict[str, list[int]]] = {}
    for residence in residences:
        along = by_street.get(residence.street, [])
        if along:
            rank, section = min(along, key=lambda each: each[1].line.distance(residence.point))
            sides = found.setdefault(rank, {"left": [], "right": []})
            sides[_side(section.line, residence.point)].append(residence.house_number)
    return found


def _side(line: shapely.LineString, point: shapely.Point) -> str:
    at = line.project(point)
    (ax, ay), (bx, by) = shapely.get_coordinates(
        shapely.line_interpolate_point(line, [max(at - 0.5, 0.0), min(at + 0.5, line.length)])
    )
    return "left" if (bx - ax) * (point.y - ay) - (by - ay) * (point.x - ax) > 0 else "right"


def _road(rank: int, section: Section, numbers: Mapping[str, list[int]]) -> dict[str, Any]:
    street = section.street
    row: dict[str, Any] = dict.fromkeys((name for name, kind in ROAD_COLUMNS.items() if kind == TEXT), "#")
    row |= {
        "WVK_ID": FIRST_ROAD + rank,
        "WVK_BEGDAT": BEGIN,
        "JTE_ID_BEG": FIRST_JUNCTION + section.start,
        "JTE_ID_END": FIRST_JUNCTION + section.end,
        "WEGBEHSRT": "G",
        "BST_CODE": ROADWAY.get(street.kind, "RB"),
        "ADMRICHTNG": "H",
        "RIJRICHTNG": "B",
        "STT_NAAM": street.name,
        "STT_BRON": "BAG",
        "WPSNAAM": NAME,
        "GME_ID": int(MUNICIPALITY),
        "GME_NAAM": NAME,
        "BEGAFSTAND": 0.0,
        "ENDAFSTAND": float(round(section.line.length)),
        "WEGBEHCODE": MUNICIPALITY,
        "WEGBEHNAAM": NAME,
        "BRONJAAR": SURVEYED,
        "FRC": FUNCTION_CLASS.get(street.kind, "7"),
        "FOW": _form_of_way(street),
        "REL_HOOGTE": 1 if street.crosses else 0,
        "geometry": shapely.MultiLineString([section.line]),
    }
    for side, tail in (("left", "LNKS"), ("right", "RHTS")):
        row |= _numbers(np.array(sorted(numbers.get(side, []))), tail)
    return row


def _form_of_way(street: Street) -> str:
    """Return FOW of OpenLR: 3 is a single carriageway, 7 is other."""
    return "7" if street.walk_only else "3"


def _numbers(numbers: Any, tail: str) -> dict[str, Any]:
    """Return structure (O odd, E even, M mixed, N none), first and last house number of one side."""
    if not len(numbers):
        return {f"HNRSTR{tail}": "N", f"E_HNR_{tail}": None, f"L_HNR_{tail}": None}
    odd = numbers % 2 == 1
    structure = "O" if odd.all() else "E" if not odd.any() else "M"
    return {f"HNRSTR{tail}": structure, f"E_HNR_{tail}": int(numbers[0]), f"L_HNR_{tail}": int(numbers[-1])}
