"""DUO: addresses of schools, in the form of the open education data; without coordinates, as there.

Two generations: newer files have commas, UTF-8 with a byte order mark and INSTELLINGSCODE; older ones semicolons,
cp1252 and BRIN NUMMER. The address in the last row of a file is in no register on purpose: a reader must say so.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from morgen.sources.sample.frame import MUNICIPALITY, NAME
from morgen.sources.sample.wijk import Facility, Wijk

__all__ = ["COMMON_COLUMNS", "OLD_NAMES", "duo_columns", "write_duo"]

COMMON_COLUMNS = (
    *("PROVINCIE", "BEVOEGD GEZAG NUMMER", "INSTELLINGSCODE", "VESTIGINGSCODE", "VESTIGINGSNAAM", "STRAATNAAM"),
    *("HUISNUMMER-TOEVOEGING", "POSTCODE", "PLAATSNAAM", "GEMEENTENUMMER", "GEMEENTENAAM", "DENOMINATIE"),
    *("TELEFOONNUMMER", "INTERNETADRES", "STRAATNAAM CORRESPONDENTIEADRES"),
    *("HUISNUMMER-TOEVOEGING CORRESPONDENTIEADRES", "POSTCODE CORRESPONDENTIEADRES"),
    *("PLAATSNAAM CORRESPONDENTIEADRES", "NODAAL GEBIED CODE", "NODAAL GEBIED NAAM", "RPA-GEBIED CODE"),
    *("RPA-GEBIED NAAM", "WGR-GEBIED CODE", "WGR-GEBIED NAAM", "COROPGEBIED CODE", "COROPGEBIED NAAM"),
    *("ONDERWIJSGEBIED CODE", "ONDERWIJSGEBIED NAAM", "RMC-REGIO CODE", "RMC-REGIO NAAM"),
)
OLD_NAMES = {"INSTELLINGSCODE": "BRIN NUMMER", "VESTIGINGSCODE": "VESTIGINGSNUMMER"}
"""What older files call these columns."""
STRUCTURE = "ONDERWIJSSTRUCTUUR"
"""Column of secondary schools only, after INTERNETADRES."""
FILES = {"primary school": "vestigingenbo.csv", "secondary school": "vestigingenvo.csv"}
DENOMINATIONS = ("Openbaar", "Protestants-Christelijk", "Rooms-Katholiek")
NOWHERE = ("Nergensstraat", "999")
"""An address that is in no register."""
ELSEWHERE = {"primary school": "De Dependance", "secondary school": "Streeklyceum Het Verschiet"}
"""The school at that address."""
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def duo_columns(kind: str) -> tuple[str, ...]:
    """Return the header of the file of this kind of school, newer generation."""
    if kind != "secondary school":
        return COMMON_COLUMNS
    after = COMMON_COLUMNS.index("INTERNETADRES") + 1
    return (*COMMON_COLUMNS[:after], STRUCTURE, *COMMON_COLUMNS[after:])


def write_duo(folder: Path, wijk: Wijk, *, old: bool = False) -> list[Path]:
    """Write ``vestigingenbo.csv`` and ``vestigingenvo.csv``; ``old`` writes the older generation."""
    return [_write(folder / name, kind, wijk, old=old) for kind, name in FILES.items()]


def _write(path: Path, kind: str, wijk: Wijk, *, old: bool) -> Path:
    rows = [_row(kind, rank, school, wijk) for rank, school in enumerate(_schools(wijk, kind))]
    rows.append(_plain(kind, len(rows), ELSEWHERE[kind], (*NOWHERE, f"{MUNICIPALITY}ZZ")))
    columns = duo_columns(kind)
    header = [OLD_NAMES.get(name, name) if old else name for name in columns]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if old else ",", lineterminator="\r\n")
    writer.writerows([header, *([row[name] for name in columns] for row in rows)])
    path.write_bytes(text.getvalue().encode("cp1252" if old else "utf-8-sig"))
    return path


def _schools(wijk: Wijk, kind: str) -> Sequence[Facility]:
    return [each for each in wijk.facilities if each.kind == kind and each.residence]


def _row(kind: str, rank: int, school: Facility, wijk: Wijk) -> dict[str, str]:
    residence = wijk.residence(school.residence)
    number = f"{residence.house_number}{residence.letter}{'-' if residence.suffix else ''}{residence.suffix}"
    return _plain(kind, rank, school.name, (residence.street, number, residence.postcode))


def _plain(kind: str, rank: int, name: str, address: tuple[str, str, str]) -> dict[str, str]:
    """Return a row; what is in capitals in the delivery is so here, and the name says that it is fictitious."""
    street, number, postcode = address
    first = "P" if kind == "primary school" else "V"
    code = f"99{first}{LETTERS[rank % len(LETTERS)]}"
    spaced = f"{postcode[:4]} {postcode[4:]}"
    known: Mapping[str, str] = {
        "PROVINCIE": "Fictief",
        "BEVOEGD GEZAG NUMMER": "99999",
        "INSTELLINGSCODE": code,
        "VESTIGINGSCODE": f"{code}{rank // len(LETTERS):02d}",
        "VESTIGINGSNAAM": f"{name} (gegenereerd en fictief)",
        "STRAATNAAM": street,
        "HUISNUMMER-TOEVOEGING": number,
        "POSTCODE": spaced,
        "PLAATSNAAM": NAME.upper(),
        "GEMEENTENUMMER": MUNICIPALITY,
        "GEMEENTENAAM": NAME,
        "DENOMINATIE": DENOMINATIONS[rank % len(DENOMINATIONS)],
        "TELEFOONNUMMER": "0000000000",
        "INTERNETADRES": "www.voorbeelddorp.example",
        STRUCTURE: "VMBO/HAVO/VWO",
        "STRAATNAAM CORRESPONDENTIEADRES": "Postbus",
        "HUISNUMMER-TOEVOEGING CORRESPONDENTIEADRES": MUNICIPALITY,
        "POSTCODE CORRESPONDENTIEADRES": spaced,
        "PLAATSNAAM CORRESPONDENTIEADRES": NAME.upper(),
    }
    regions = {
        column: "99" if column.endswith("CODE") else "Fictief"
        for column in COMMON_COLUMNS[COMMON_COLUMNS.index("NODAAL GEBIED CODE") :]
    }
    return {**known, **regions}
