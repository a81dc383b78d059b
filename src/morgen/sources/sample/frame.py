"""What every file of the sample shares: the place, the fictitious keys, the dates and the sentence of warning."""

import hashlib

from morgen.core.grid import Bounds, Grid

__all__ = [
    "BOX",
    "CELL",
    "GENERATED",
    "GRID",
    "MAP_SHEET",
    "MUNICIPALITY",
    "NAME",
    "NODATA",
    "OWNER",
    "REGISTERED",
    "SURVEYED",
    "key",
    "pand_number",
]

NAME = "Voorbeelddorp"
MUNICIPALITY = "9999"
"""No Dutch municipality has this code, so no record can be taken for a real one."""
OWNER = f"G{MUNICIPALITY}"
MAP_SHEET = "99XX1"
BOX: Bounds = (150_000.0, 450_000.0, 150_300.0, 450_300.0)
"""Where the neighbourhood is drawn, m RD."""
CELL = 0.5
"""Cell size of AHN, m."""
GRID = Grid.covering(BOX, CELL)
NODATA = 3.4028234663852886e38
"""What AHN writes in a hole: the largest float32."""
REGISTERED = "2024-03-01T10:00:00.000"
"""Registration time of all current objects."""
SURVEYED = 2023
GENERATED = f"Gegenereerd en fictief: {NAME} (gemeente {MUNICIPALITY}) bestaat niet; voorbeelddata van Morgen."


def key(*parts: object) -> str:
    """Return 32 hexadecimal characters that are always the same for the same parts."""
    return hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()[:32]


def pand_number(rank: int) -> str:
    """Return the 16-digit BAG pand number of the ``rank``-th building (from 1): municipality, type 10, rank."""
    return f"{MUNICIPALITY}10{rank:010d}"
