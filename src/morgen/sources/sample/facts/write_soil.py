"""Soil: a small map in the manner of the BRO Bodemkaart, with what infiltrates how fast in plain columns."""

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from morgen.sources.sample.facts.tables import REAL, TEXT, Table, write_tables
from morgen.sources.sample.frame import MUNICIPALITY
from morgen.sources.sample.wijk import Wijk

__all__ = ["SOIL_COLUMNS", "write_soil"]

SOIL_COLUMNS = {
    "maparea_id": TEXT,
    "soilunit_code": TEXT,
    "soilunit_name": TEXT,
    "texture": TEXT,
    "groundwater_class": TEXT,
    "saturated_conductivity": REAL,
    "source": TEXT,
}
UNITS = (
    ("Rn95A", "Kalkhoudende poldervaaggronden; zware zavel en lichte klei", "sandy clay", "VI", 120.0),
    ("Rn44C", "Kalkloze poldervaaggronden; zware klei", "heavy clay", "V", 20.0),
    ("pVb", "Weideveengronden op bosveen", "clay on peat", "III", 40.0),
)
"""Code and name in the manner of the Bodemkaart, texture, grondwatertrap, and conductivity, mm a day."""
BELT = 1000.0
"""From the ridge along the dike to the middle of the basin, m."""
BORDERS = (0.34, 0.66)
"""Where the soil changes, share of the belt."""
WAVE = 28.0
"""How much a border meanders, m."""
SOURCE = "Morgen, gegenereerd en fictief"


def write_soil(folder: Path, wijk: Wijk) -> Path:
    """Write ``bodemkaart.gpkg``: belts of clay on the ridge along the dike, heavy clay, and clay on peat."""
    rows: list[dict[str, Any]] = []
    for unit, shape in _belts(wijk):
        code, name, texture, trap, conductivity = UNITS[unit]
        rows.append(
            {
                "maparea_id": f"{MUNICIPALITY}.{len(rows) + 1:04d}",
                "soilunit_code": code,
                "soilunit_name": name,
                "texture": texture,
                "groundwater_class": trap,
                "saturated_conductivity": conductivity,
                "source": SOURCE,
                "geometry": shape,
            }
        )
    return write_tables(folder / "bodemkaart.gpkg", [Table("soilarea", SOIL_COLUMNS, rows, "MultiPolygon")])


def _belts(wijk: Wijk) -> list[tuple[int, shapely.MultiPolygon]]:
    """Return (rank of the unit, shape) from south to north; every other belt is mirrored, so equal soils meet."""
    west, south, east, north = wijk.bounds
    x = np.arange(west - 1, east + 21, 20.0)
    borders = []
    for row in range(int(np.ceil((north - south) / BELT)) + 1):
        shares = BORDERS if row % 2 == 0 else [1 - share for share in reversed(BORDERS)]
        borders += [south + (row + share) * BELT + WAVE * np.sin(x / 130 + 5 * share) for share in shares]
    units = [0, *[unit for row in range(len(borders) // 2) for unit in ((1, 2) if row % 2 == 0 else (1, 0))]]
    edges = [np.full_like(x, south - 1), *borders, np.full_like(x, north + 2 * BELT)]
    found = []
    for unit, low, high in zip(units, edges, edges[1:], strict=False):
        ring = np.vstack([np.column_stack([x, low]), np.column_stack([x, high])[::-1]])
        shape: Any = shapely.set_precision(shapely.Polygon(ring), 0.001).intersection(wijk.box)
        parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon) and part.area > 0]
        if parts:
            found.append((unit, shapely.MultiPolygon(parts)))
    return found
