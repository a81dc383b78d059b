"""The reader of the open data of the LRK (Landelijk Register Kinderopvang); it carries no coordinates."""

from collections import Counter
from pathlib import Path

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Grid
from morgen.core.source import Role, Source
from morgen.sources.bag.addresses import door, plain_postcode
from morgen.sources.contract import Reader, Reading, Recognised
from morgen.sources.delimited import header_of, rows_of
from morgen.sources.facilities.place import UNKNOWN, Place, to_frame
from morgen.sources.identifiers import bag_id

__all__ = ["reader"]

FORMAT = "lrk"
TAKEN_FOR = "the register of childcare (LRK)"
NEEDED = {"LRK_ID", "TYPE_OKO", "AANTAL_KINDPLAATSEN", "STATUS", "BAG_ID"}
KINDS = {"KDV": "childcare", "BSO": "out-of-school-care"}
WITHHELD = {"VGO": "childminders", "GO": "childminders", "GOB": "childminder agencies"}
"""Kinds that are no place: the register withholds where childminders live."""
REGISTERED = "ingeschreven"


def _recognise(path: Path) -> Recognised | None:
    """Recognise the CSV by its header."""
    if not set(header_of(path)) >= NEEDED:
        return None
    source = Source(
        id=str(path),
        title="LRK, childcare",
        format=FORMAT,
        role=Role.FACILITIES,
        publisher="DUO",
        licence="CC0-1.0",
        attribution="Landelijk Register Kinderopvang",
    )
    return Recognised(path=path, source=source, bounds=None)


def _read(recognised: Recognised, grid: Grid) -> Reading:  # noqa: ARG001 - the file has no coordinates
    """Read all registered places, without a point; raises ``UnreadableSourceError`` with row and column."""
    path = recognised.path
    places: list[Place] = []
    left_out: Counter[str] = Counter()
    for number, row in rows_of(path, taken_for=TAKEN_FOR):
        kind, status = row["TYPE_OKO"].upper(), row["STATUS"]
        if kind not in KINDS:
            left_out[WITHHELD.get(kind, f"of kind {kind!r}")] += 1
        elif status.lower() != REGISTERED:
            left_out[f"with status {status!r}"] += 1
        else:
            places.append(_place(row, KINDS[kind], path, number))
    remarks = tuple(f"{count} rows are {why}; they were left out." for why, count in left_out.items())
    return Reading(to_frame(places), len(places), "none", None, remarks=remarks)


def _place(row: dict[str, str], kind: str, path: Path, number: int) -> Place:
    places = row["AANTAL_KINDPLAATSEN"]
    if places and not places.isdecimal():
        problem = f"its column aantal_kindplaatsen holds {places!r}, which is no whole number"
        raise UnreadableSourceError(path, taken_for=TAKEN_FOR, problem=problem, where=f"row {number}")
    address = row.get("OPVANGLOCATIE_ADRES", "")
    return Place(
        row["LRK_ID"],
        kind,
        name=row.get("ACTUELE_NAAM_OKO", ""),
        capacity=float(places) if places else UNKNOWN,
        capacity_unit="child places",
        bag_id=bag_id(row["BAG_ID"]),
        postcode=plain_postcode(row.get("OPVANGLOCATIE_POSTCODE", "")),
        house_number=_door_of(address),
    )


def _door_of(address: str) -> str:
    """Return the house number behind the name of the street, which may begin with digits itself."""
    words = address.split()
    first = next((rank for rank, word in enumerate(words) if rank and word[:1].isdigit()), len(words))
    return door("".join(words[first:]))


reader = Reader(id=FORMAT, title="register of childcare LRK (CSV)", recognise=_recognise, read=_read)
