"""LRK: childcare in the form of the open data of the Landelijk Register Kinderopvang."""

import csv
import io
from pathlib import Path

from morgen.sources.sample.frame import MUNICIPALITY, NAME
from morgen.sources.sample.wijk import Wijk

__all__ = ["COLUMNS", "write_lrk"]

COLUMNS = (
    *("lrk_id", "type_oko", "opc", "actuele_naam_oko", "aantal_kindplaatsen", "ve", "status", "inschrijfdatum"),
    *("opvanglocatie_adres", "opvanglocatie_postcode", "opvanglocatie_woonplaats", "bag_id", "naam_houder"),
    *("kvk_nummer_houder", "vestigingsnummer_houder", "rechtsvorm_houder", "start_geschillencommissie"),
    *("einde_geschillencommissie", "houder_adres", "houder_postcode", "houder_woonplaats", "houder_buitenland"),
    *("correspondentie_adres", "correspondentie_postcode", "correspondentie_woonplaats"),
    *("correspondentie_buitenland", "contact_persoon", "contact_telefoon", "contact_emailadres"),
    *("contact_website", "cbs_code", "verantwoordelijke_gemeente", "gastouderbureau_1", "gastouderbureau_2"),
    *("lrk_url",),
)
KINDS = {"childcare": "KDV", "out-of-school care": "BSO"}
PLACES = {"KDV": 48, "BSO": 60}
"""Child places where the plan does not tell."""
LICENCED = "01-09-2012"
KVK, BRANCH = "00999999", "000099999999"
"""Numbers of the holder; their leading zeros are what a spreadsheet loses."""


def write_lrk(folder: Path, wijk: Wijk, *, quirks: bool = False) -> Path:
    """Write ``export_opendata_lrk.csv``: semicolons, UTF-8 with a byte order mark, CRLF.

    The last two rows cannot be placed: a childminder, whose address the register withholds, and a place whose
    bag_id is in no register. ``quirks`` gives the town an apostrophe in front, and loses leading zeros.
    """
    rows = [*_known(wijk), _childminder(), _unmatched()]
    if quirks:
        for row in rows:
            row["kvk_nummer_houder"] = row["kvk_nummer_houder"].lstrip("0")
            row["vestigingsnummer_houder"] = row["vestigingsnummer_houder"].lstrip("0")
            for column in ("opvanglocatie_woonplaats", "houder_woonplaats"):
                row[column] = f"'s-{row[column]}" if row.get(column) else ""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([row.get(name, "") for name in COLUMNS] for row in rows)
    path = folder / "export_opendata_lrk.csv"
    path.write_bytes(text.getvalue().encode("utf-8-sig"))
    return path


def _known(wijk: Wijk) -> list[dict[str, str]]:
    rows = []
    for rank, facility in enumerate(each for each in wijk.facilities if each.kind in KINDS and each.residence):
        residence = wijk.residence(facility.residence)
        kind = KINDS[facility.kind]
        number = f"{residence.house_number}{residence.letter} {residence.suffix}".strip()
        row = _common(rank, kind, facility.name, facility.capacity or PLACES[kind])
        row["opvanglocatie_adres"] = f"{residence.street} {number}"
        row["opvanglocatie_postcode"] = residence.postcode
        row["opvanglocatie_woonplaats"] = NAME
        row["bag_id"] = residence.number
        rows.append(row)
    return rows


def _childminder() -> dict[str, str]:
    return _common(9998, "VGO", "Gastouder", 6) | {"gastouderbureau_1": "Fictief Bureau", "ve": "Nee"}


def _unmatched() -> dict[str, str]:
    return _common(9999, "BSO", "De Dependance", 20) | {
        "opvanglocatie_adres": "Nergensstraat 999",
        "opvanglocatie_postcode": f"{MUNICIPALITY}ZZ",
        "opvanglocatie_woonplaats": NAME,
        "bag_id": f"{MUNICIPALITY}010999999999",
    }


def _common(rank: int, kind: str, name: str, places: int) -> dict[str, str]:
    identity = f"{MUNICIPALITY}{rank + 1:05d}"
    return {
        "lrk_id": identity,
        "type_oko": kind,
        "opc": "Nee",
        "actuele_naam_oko": f"{name} (gegenereerd en fictief)",
        "aantal_kindplaatsen": str(places),
        "ve": "Ja" if kind == "KDV" else "Nee",
        "status": "Ingeschreven",
        "inschrijfdatum": LICENCED,
        "naam_houder": "Stichting Fictieve Opvang",
        "kvk_nummer_houder": KVK,
        "vestigingsnummer_houder": BRANCH,
        "rechtsvorm_houder": "Stichting",
        "start_geschillencommissie": LICENCED,
        "houder_adres": f"Postbus {MUNICIPALITY}",
        "houder_postcode": f"{MUNICIPALITY}AA",
        "houder_woonplaats": NAME,
        "contact_telefoon": "0000000000",
        "contact_emailadres": "opvang@voorbeelddorp.example",
        "contact_website": "www.voorbeelddorp.example",
        "cbs_code": MUNICIPALITY,
        "verantwoordelijke_gemeente": NAME,
        "lrk_url": f"https://voorbeelddorp.example/lrk/{identity}",
    }
