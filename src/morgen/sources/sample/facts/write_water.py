"""Water authority data in the form of HyDAMO: watercourses, culverts, weirs, a polder pump and the levels kept."""

import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from morgen.sources.sample.facts.tables import INTEGER, REAL, TEXT, Table, write_tables
from morgen.sources.sample.frame import MUNICIPALITY, key
from morgen.sources.sample.wijk import Waterway, Wijk

__all__ = ["LAYERS", "write_water"]

Row = dict[str, Any]

COMMON = {
    "code": TEXT,
    "naam": TEXT,
    "globalid": TEXT,
    "objectid": INTEGER,
    "nen3610id": TEXT,
    "statusobject": TEXT,
}
LAYERS: dict[str, dict[str, str]] = {
    "HydroObject": {
        **COMMON,
        "categorieoppwaterlichaam": TEXT,
        "lengte": REAL,
        "breedte": REAL,
        "bodemhoogte": REAL,
        "ruwheidhoog": REAL,
        "ruwheidlaag": REAL,
        "typeruwheid": TEXT,
    },
    "DuikerSifonHevel": {
        **COMMON,
        "lengte": REAL,
        "hoogtebinnenonderkantbov": REAL,
        "hoogtebinnenonderkantbene": REAL,
        "vormkoker": TEXT,
        "breedteopening": REAL,
        "hoogteopening": REAL,
        "ruwheid": REAL,
        "typeruwheid": TEXT,
        "intreeverlies": REAL,
        "uittreeverlies": REAL,
        "typekruising": TEXT,
    },
    "Stuw": {
        **COMMON,
        "soortregelbaarheid": TEXT,
        "laagstedoorstroomhoogte": REAL,
        "hoogstedoorstroomhoogte": REAL,
        "kruinbreedte": REAL,
        "hoogteconstructie": REAL,
        "afvoercoefficient": REAL,
    },
    "Gemaal": {**COMMON, "functiegemaal": TEXT, "maximalecapaciteit": REAL},
    "PeilgebiedPraktijk": COMMON,
    "Streefpeil": {
        "globalid": TEXT,
        "objectid": INTEGER,
        "nen3610id": TEXT,
        "soortstreefpeil": TEXT,
        "eenheid": TEXT,
        "waterhoogte": REAL,
        "peilgebiedpraktijkid": TEXT,
    },
}
"""Layers with their columns; those of HyDAMO that the sample has no value for are left out."""
ROUGHNESS = {"canal": 34.0, "ditch": 22.0, "pond": 30.0}
"""Strickler, m^(1/3)/s."""
DRAINED = 14.0
"""What a polder pump must be able to take away, mm a day."""
FALL = 0.02
"""Of a culvert, m."""
WATER_AUTHORITY = f"NL.WBHCODE.99.{MUNICIPALITY}"


def write_water(folder: Path, wijk: Wijk, *, old: bool = False) -> Path:
    """Write ``hydamo_voorbeelddorp.gpkg``; ``old`` has the columns in upper case, as old deliveries of DAMO."""
    areas, levels = _level_areas(wijk)
    rows = {
        "HydroObject": [_watercourse(rank, water) for rank, water in enumerate(wijk.waterways)],
        "DuikerSifonHevel": _culverts(wijk),
        "Stuw": _weirs(wijk),
        "Gemaal": _pumps(wijk),
        "PeilgebiedPraktijk": areas,
        "Streefpeil": levels,
    }
    kinds = {"HydroObject": "LineString", "DuikerSifonHevel": "LineString", "Stuw": "Point", "Gemaal": "Point"}
    kinds["PeilgebiedPraktijk"] = "MultiPolygon"
    tables = [
        Table(
            name,
            {_spelled(column, old=old): kind for column, kind in columns.items()},
            [{_spelled(column, old=old): value for column, value in row.items()} for row in rows[name]],
            kinds.get(name, ""),
        )
        for name, columns in LAYERS.items()
    ]
    return write_tables(folder / "hydamo_voorbeelddorp.gpkg", tables)


def _spelled(column: str, *, old: bool) -> str:
    return column.upper() if old and column != "geometry" else column


def _identity(layer: str, letter: str, rank: int, name: str) -> Row:
    """Return code, name and the three keys that HyDAMO asks of every object."""
    code = f"{MUNICIPALITY}-{letter}-{rank + 1:03d}"
    return {
        "code": code,
        "naam": name,
        "globalid": f"{{{uuid.UUID(hex=key(layer, rank))}}}",
        "objectid": rank + 1,
        "nen3610id": f"{WATER_AUTHORITY}.{layer}.{code}",
        "statusobject": "gerealiseerd",
    }


def _watercourse(rank: int, water: Waterway) -> Row:
    return _identity("HydroObject", "W", rank, f"{water.name} (fictief)") | {
        "categorieoppwaterlichaam": "primair" if water.kind == "canal" else "secundair",
        "lengte": round(water.line.length, 1),
        "breedte": round(water.shape.area / max(water.line.length, 1.0), 1),
        "bodemhoogte": round(water.bed, 2),
        "ruwheidhoog": ROUGHNESS[water.kind] + 5,
        "ruwheidlaag": ROUGHNESS[water.kind] - 5,
        "typeruwheid": "StricklerKs",
        "geometry": water.line,
    }


def _culverts(wijk: Wijk) -> list[Row]:
    return [
        _identity("DuikerSifonHevel", "D", rank, f"Duiker {' - '.join(culvert.joins)}")
        | {
            "lengte": round(culvert.line.length, 1),
            "hoogtebinnenonderkantbov": round(culvert.invert, 2),
            "hoogtebinnenonderkantbene": round(culvert.invert - FALL, 2),
            "vormkoker": "Rond",
            "breedteopening": culvert.diameter,
            "hoogteopening": culvert.diameter,
            "ruwheid": 75.0,
            "typeruwheid": "StricklerKs",
            "intreeverlies": 0.6,
            "uittreeverlies": 0.8,
            "typekruising": "Duiker",
            "geometry": culvert.line,
        }
        for rank, culvert in enumerate(wijk.culverts)
    ]


def _weirs(wijk: Wijk) -> list[Row]:
    """Return a weir where a culvert joins two levels, and one where each canal leaves the box."""
    by_name = {water.name: water for water in wijk.waterways}
    spots = []
    for culvert in wijk.culverts:
        levels = [by_name[name].level for name in culvert.joins if name in by_name]
        if len(set(levels)) > 1:
            spots.append(
                (shapely.Point(culvert.line.coords[0]), max(levels), culvert.diameter, " - ".join(culvert.joins))
            )
    for water in wijk.waterways:
        if water.kind == "canal":
            width = water.shape.area / max(water.line.length, 1.0)
            spots.append((shapely.Point(water.line.coords[-1]), water.level, width, water.name))
    return [
        _identity("Stuw", "S", rank, f"Stuw {name}")
        | {
            "soortregelbaarheid": "regelbaar, niet automatisch",
            "laagstedoorstroomhoogte": round(level - 0.10, 2),
            "hoogstedoorstroomhoogte": round(level + 0.05, 2),
            "kruinbreedte": round(min(width, 6.0), 2),
            "hoogteconstructie": 1.5,
            "afvoercoefficient": 1.0,
            "geometry": point,
        }
        for rank, (point, level, width, name) in enumerate(spots)
    ]


def _pumps(wijk: Wijk) -> list[Row]:
    """Return a polder pump at the lowest water, able to take away the design drainage of the box."""
    if not wijk.waterways:
        return []
    lowest = min(wijk.waterways, key=lambda water: (water.level, water.kind == "canal", water.name))
    capacity = wijk.box.area * DRAINED / 1000 / 24 / 60
    return [
        _identity("Gemaal", "G", 0, f"Poldergemaal {lowest.name}")
        | {
            "functiegemaal": "Afvoergemaal",
            "maximalecapaciteit": round(capacity, 1),
            "geometry": shapely.Point(lowest.line.coords[-1]),
        }
    ]


def _level_areas(wijk: Wijk) -> tuple[list[Row], list[Row]]:
    """Return the areas in which one level is kept, unions of buurten, and the levels that belong to them."""
    if not wijk.waterways:
        return [], []
    kept = [_level_of(district.shape, wijk.waterways) for district in wijk.districts]
    areas: list[Row] = []
    levels: list[Row] = []
    for rank, level in enumerate(sorted(set(kept))):
        here = [each.shape for each, own in zip(wijk.districts, kept, strict=True) if own == level]
        shape = shapely.union_all(here)
        parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]
        area = _identity("PeilgebiedPraktijk", "P", rank, f"Peilgebied {rank + 1} (fictief)")
        areas.append(area | {"geometry": shapely.MultiPolygon(parts)})
        for season in ("zomerpeil", "winterpeil"):
            number = len(levels)
            levels.append(
                {
                    "globalid": f"{{{uuid.UUID(hex=key('Streefpeil', number))}}}",
                    "objectid": number + 1,
                    "nen3610id": f"{WATER_AUTHORITY}.Streefpeil.{number + 1}",
                    "soortstreefpeil": season,
                    "eenheid": "m NAP",
                    "waterhoogte": level if season == "zomerpeil" else round(level - 0.10, 2),
                    "peilgebiedpraktijkid": area["globalid"],
                }
            )
    return areas, levels


def _level_of(shape: Any, waterways: Sequence[Waterway]) -> float:
    """Return the level of the water with the largest surface in a buurt, or else of the nearest."""
    inside = np.array([water.shape.intersection(shape).area for water in waterways])
    rank = int(
        inside.argmax() if inside.max() > 0 else np.argmin([water.shape.distance(shape) for water in waterways])
    )
    return round(waterways[rank].level, 2)
