"""The reader of addresses of schools in the open data of DUO, both generations; they carry no coordinates."""

from collections.abc import Collection, Mapping
from pathlib import Path

from morgen.core.grid import Grid
from morgen.core.source import Role, Source
from morgen.sources.bag.addresses import door, plain_postcode
from morgen.sources.contract import Reader, Reading, Recognised
from morgen.sources.delimited import header_of, rows_of
from morgen.sources.facilities.place import Place, to_frame

__all__ = ["reader"]

FORMAT = "duo-schools"
TAKEN_FOR = "a list of schools of DUO"
CODES = ("VESTIGINGSCODE", "VESTIGINGSNUMMER", "INSTELLINGSCODE", "BRIN NUMMER")
"""Most precise first: the location, or else the school; newer and older names."""
NEEDED = {"VESTIGINGSNAAM", "POSTCODE", "HUISNUMMER-TOEVOEGING", "BEVOEGD GEZAG NUMMER"}
SECONDARY = "ONDERWIJSSTRUCTUUR"
"""Only the file of secondary schools has this column."""
SPECIAL = "so"
"""Ending of the name of the file of special schools, whose columns are those of primary schools."""


def _recognise(path: Path) -> Recognised | None:
    """Recognise a CSV of DUO by its header."""
    header = set(header_of(path))
    if not header >= NEEDED or not header.intersection(CODES):
        return None
    source = Source(
        id=str(path),
        title="DUO, addresses of schools",
        format=FORMAT,
        role=Role.FACILITIES,
        publisher="DUO",
        licence="CC BY 4.0",
        attribution="DUO open onderwijsdata",
    )
    return Recognised(path=path, source=source, bounds=None)


def _read(recognised: Recognised, grid: Grid) -> Reading:  # noqa: ARG001 - the file has no coordinates
    """Read all schools, without a point; raises ``UnreadableSourceError`` with the row."""
    path = recognised.path
    kind = _kind(path, header_of(path))
    places = [_place(row, kind) for _, row in rows_of(path, taken_for=TAKEN_FOR)]
    return Reading(to_frame(places), len(places), "none", None)


def _kind(path: Path, header: Collection[str]) -> str:
    if SECONDARY in header:
        return "secondary-school"
    return "special-school" if path.stem.lower().endswith(SPECIAL) else "primary-school"


def _place(row: Mapping[str, str], kind: str) -> Place:
    return Place(
        next(row[name] for name in CODES if row.get(name)),
        kind,
        name=row["VESTIGINGSNAAM"],
        postcode=plain_postcode(row["POSTCODE"]),
        house_number=door(row["HUISNUMMER-TOEVOEGING"]),
    )


reader = Reader(id=FORMAT, title="addresses of schools of DUO (CSV)", recognise=_recognise, read=_read)
