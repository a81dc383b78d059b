"""What every file of the sample shares: the place, the fictitious keys, the dates and the sentence of warning."""

import hashlib
import math
from dataclasses import dataclass

import shapely

from morgen.core.errors import InputError
from morgen.core.grid import Bounds, Grid

__all__ = [
    "CELL",
    "CORNER",
    "GENERATED",
    "LARGEST",
    "MAP_SHEET",
    "MUNICIPALITY",
    "NAME",
    "NODATA",
    "OWNER",
    "REGISTERED",
    "SMALLEST",
    "SURVEYED",
    "Frame",
    "frame_of",
    "key",
    "pand_number",
    "residence_number",
    "street_number",
]

NAME = "Voorbeelddorp"
MUNICIPALITY = "9999"
"""No Dutch municipality has this code, so no record can be taken for a real one."""
ATTRIBUTION = "generated with Morgen in the formats of AHN, BGT, BAG and 3DBAG; no real place"
"""Whom to name beside a picture of the sample."""
OWNER = f"G{MUNICIPALITY}"
MAP_SHEET = "99XX1"
CORNER = (150_000.0, 450_000.0)
"""South-west corner of the first sheet, m RD."""
SHEET = 1000.0
"""Length of a side of a sheet, m."""
SMALLEST, LARGEST = 0.1, 25.0
"""Surfaces that can be written, km2."""
PIECE = (254.0, 372.0)
"""South-west corner, on its sheet, of the smallest piece: canal, lane, church, school, quay, low street, m."""
PIECE_SIDE = 320.0
CELL = 0.5
"""Cell size of AHN, m."""
NODATA = 3.4028234663852886e38
"""What AHN writes in a hole: the largest float32."""
REGISTERED = "2024-03-01T10:00:00.000"
"""Registration time of all current objects."""
SURVEYED = 2023
GENERATED = f"Gegenereerd en fictief: {NAME} (gemeente {MUNICIPALITY}) bestaat niet; voorbeelddata van Morgen."


@dataclass(frozen=True)
class Frame:
    """The box that is written, and the sheets that it lies on."""

    km2: float
    bounds: Bounds
    """RD New, whole multiples of 5 m."""
    sheets: tuple[tuple[int, int], ...]
    """(column, row) of each sheet, from the south-west."""

    @property
    def grid(self) -> Grid:
        """Cells of AHN."""
        return Grid.covering(self.bounds, CELL)

    @property
    def box(self) -> shapely.Polygon:
        """The box as a polygon."""
        return shapely.box(*self.bounds)

    def part(self, column: int, row: int) -> Bounds:
        """Return the part of the box that lies on one sheet, RD New."""
        west, south = CORNER[0] + column * SHEET, CORNER[1] + row * SHEET
        xmin, ymin, xmax, ymax = self.bounds
        return max(west, xmin), max(south, ymin), min(west + SHEET, xmax), min(south + SHEET, ymax)


def frame_of(km2: float) -> Frame:
    """Return the square box of about ``km2``: a piece of one sheet, or sheets side by side.

    Raises ``InputError`` when it is not between 0.1 and 25 km2.
    """
    if not SMALLEST <= km2 <= LARGEST:
        raise InputError(
            f"the sample can be {SMALLEST:g} to {LARGEST:g} km2, not {km2:g}; give another number with --km2"
        )
    side = max(round(math.sqrt(km2) * SHEET / 20) * 20.0, PIECE_SIDE)
    if side < SHEET:
        share = (SHEET - side) / (SHEET - PIECE_SIDE)
        west, south = (CORNER[axis] + round(PIECE[axis] * share / 5) * 5.0 for axis in (0, 1))
        return Frame(km2, (west, south, west + side, south + side), ((0, 0),))
    count = math.ceil(side / SHEET)
    sheets = tuple((column, row) for column in range(count) for row in range(count))
    return Frame(km2, (*CORNER, CORNER[0] + side, CORNER[1] + side), sheets)


def key(*parts: object) -> str:
    """Return 32 hexadecimal characters that are always the same for the same parts."""
    return hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()[:32]


def pand_number(sheet: int, rank: int) -> str:
    """Return the 16-digit BAG number of the ``rank``-th building of a sheet: municipality, type 10, rank."""
    return _number(10, sheet, rank)


def residence_number(sheet: int, rank: int) -> str:
    """Return the 16-digit BAG number of the ``rank``-th verblijfsobject of a sheet: type 01."""
    return _number(1, sheet, rank)


def street_number(sheet: int, rank: int) -> str:
    """Return the 16-digit BAG number of the ``rank``-th openbare ruimte of a sheet: type 30."""
    return _number(30, sheet, rank)


def _number(kind: int, sheet: int, rank: int) -> str:
    return f"{MUNICIPALITY}{kind:02d}{sheet * 100_000 + rank:010d}"
