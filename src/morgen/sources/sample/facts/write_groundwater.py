"""Groundwater heads in the csv form of DINOloket, one well in the older dialect and one in the newer."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from morgen.sources.sample.facts.sewers import Heights
from morgen.sources.sample.frame import GENERATED, MUNICIPALITY
from morgen.sources.sample.wijk import Wijk

__all__ = ["Well", "heads", "wells", "write_groundwater"]

FIRST, LAST = dt.date(2012, 1, 14), dt.date(2023, 12, 28)
DAYS = (14, 28)
"""Heads are read on these days of every month."""
DRAINAGE = 0.85
"""Mean head below the ground, m (usual for a built-up polder)."""
SWING = 0.28
"""Half the difference between a usual winter and summer, m."""
ABOVE_GROUND = 32
"""Top of the tube above the ground, cm."""

PLACE = "Locatie,Filternummer,Externe aanduiding,X-coordinaat,Y-coordinaat,Maaiveld (cm t.o.v. NAP),"
PLACE += "Datum maaiveld gemeten,Startdatum,Einddatum,Meetpunt (cm t.o.v. NAP),Meetpunt (cm t.o.v. MV),"
PLACE += "Bovenkant filter (cm t.o.v. NAP),Onderkant filter (cm t.o.v. NAP)"
READING = "Locatie,Filternummer,Peildatum,Stand (cm t.o.v. MP),Stand (cm t.o.v. MV),Stand (cm t.o.v. NAP),"
READING += "Bijzonderheid,Opmerking"
OLD_WIDTH, NEW_WIDTH = 12, 13
"""Columns of a line in the two dialects."""


@dataclass(frozen=True)
class Well:
    """A peilbuis; B99X is a map sheet that does not exist."""

    number: str
    x: int
    y: int
    ground: int
    """cm NAP."""


def write_groundwater(folder: Path, wijk: Wijk, heights: Heights, *, seed: int) -> list[Path]:
    """Write one file a well: the first in the older dialect, the second quoted as newer deliveries are."""
    first, second = wells(wijk, heights)
    older, newer = folder / f"{first.number}001_1.csv", folder / f"{second.number}001.csv"
    older.write_text("\n".join([*_older(first, seed), ""]), encoding="ascii")
    newer.write_text("\n".join([*_newer(second, seed), ""]), encoding="ascii")
    return [older, newer]


def wells(wijk: Wijk, heights: Heights) -> tuple[Well, Well]:
    """Return the two wells: one a third from the south-west corner of the box, one a third from the north-east."""
    west, south, east, north = wijk.bounds
    spots = [
        (round(west + share * (east - west)), round(south + share * (north - south))) for share in (0.36, 0.66)
    ]
    ground = heights(np.array(spots, dtype=np.float64))
    one, two = (
        Well(f"B99X{rank:04d}", x, y, round(float(height) * 100))
        for rank, ((x, y), height) in enumerate(zip(spots, ground, strict=True), start=1)
    )
    return one, two


def heads(well: Well, seed: int) -> Iterator[tuple[dt.date, int]]:
    """Return (date, head in cm NAP): a yearly wave, wet and dry spells that die out in months, and noise."""
    rng = np.random.default_rng([seed, int(well.number[-4:]), 53])
    spell = 0.0
    for year in range(FIRST.year, LAST.year + 1):
        for month in range(1, 13):
            for day in DAYS:
                date = dt.date(year, month, day)
                spell = 0.9 * spell + rng.normal(0, 0.05)
                wave = SWING * np.cos((date.timetuple().tm_yday - 45) / 365 * 2 * np.pi)
                below = DRAINAGE - wave - spell + rng.normal(0, 0.01)
                yield date, well.ground - round(max(below, 0.05) * 100)


def _older(well: Well, seed: int) -> Iterator[str]:
    readings = list(heads(well, seed))
    yield _line(["Titel:", GENERATED], OLD_WIDTH)
    yield _line(["Gebruikersnaam:"], OLD_WIDTH)
    yield _line(["Periode aangevraagd:", "01-01-1800", "tot:", "01-03-2024"], OLD_WIDTH)
    yield _line(["Gegevens beschikbaar:", _date(readings[0][0]), "tot:", _date(readings[-1][0])], OLD_WIDTH)
    yield _line(["Datum: ", "01-03-2024"], OLD_WIDTH)
    yield _line(["Referentie:", "NAP"], OLD_WIDTH)
    yield ""
    for short, meaning in (("NAP:", "Normaal Amsterdams Peil"), ("MV:", "Maaiveld"), ("MP:", "Meetpunt")):
        yield _line([short, meaning], OLD_WIDTH)
    yield from ("", PLACE, ",".join(_place(well, readings[0][0], readings[-1][0])), "", "", f"{READING},,,")
    for date, head in readings:
        yield _line([*_reading(well, date, head)], OLD_WIDTH)


def _newer(well: Well, seed: int) -> Iterator[str]:
    """Return the lines of the newer dialect; it has no title, so the first remark says that it is generated."""
    readings = list(heads(well, seed))
    yield _quoted(["Periode aangevraagd:", "01-01-1800", "tot:", "01-03-2024"])
    yield _quoted(["Gegevens beschikbaar:", _date(readings[0][0]), "tot:", _date(readings[-1][0])])
    yield _quoted(["Datum:", "01-03-2024"])
    yield _quoted(["Referentie:", "NAP"])
    yield _quoted([])
    for short, meaning in (("NAP:", "Normaal Amsterdams Peil"), ("MV:", "Maaiveld"), ("MP:", "Meetpunt")):
        yield _quoted([short, meaning])
    yield _quoted([])
    yield _quoted(PLACE.split(","))
    yield _quoted(_place(well, readings[0][0], readings[-1][0]))
    yield _quoted([])
    yield _filled(READING.replace("cm t.o.v. NAP", "cm t.o.v NAP").split(","))
    for rank, (date, head) in enumerate(readings):
        yield _filled([*_reading(well, date, head), "", *([GENERATED] if rank == 0 else [])])


def _place(well: Well, first: dt.date, last: dt.date) -> list[str]:
    outside = f"FICTIEF{MUNICIPALITY}"
    heights = [well.ground + ABOVE_GROUND, ABOVE_GROUND, well.ground - 200, well.ground - 300]
    return [
        *(well.number, "001", outside, str(well.x), str(well.y), str(well.ground), _date(first)),
        *(_date(first), _date(last), *map(str, heights)),
    ]


def _reading(well: Well, date: dt.date, head: int) -> list[str]:
    below_top = well.ground + ABOVE_GROUND - head
    return [well.number, "001", _date(date), str(below_top), str(well.ground - head), str(head)]


def _date(day: dt.date) -> str:
    return f"{day:%d-%m-%Y}"


def _line(cells: list[str], width: int) -> str:
    return ",".join([*cells, *[""] * (width - len(cells))])


def _quoted(cells: list[str]) -> str:
    """Return a line whose cells are in quotes, and the ones after them bare and empty."""
    return ",".join([*(f'"{cell}"' for cell in cells), *[""] * (NEW_WIDTH - len(cells))])


def _filled(cells: list[str]) -> str:
    """Return a line with quotes around the empty cells as well."""
    return ",".join(f'"{cell}"' for cell in [*cells, *[""] * (NEW_WIDTH - len(cells))])
