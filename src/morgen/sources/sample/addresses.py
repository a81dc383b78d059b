"""Addresses: which street a building has its door at, house numbers that rise along it, and postcodes."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import shapely

from morgen.sources.sample.buildings import Building
from morgen.sources.sample.frame import MUNICIPALITY, residence_number
from morgen.sources.sample.street import Street
from morgen.sources.sample.wijk import Residence

__all__ = ["addressed", "residences_of"]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
UNUSED = {"SA", "SD", "SS"}
"""Combinations that the Dutch post does not use."""
CODES = tuple(one + two for one in LETTERS for two in LETTERS if one + two not in UNUSED)
CODES_OF_A_SHEET = 220
DOORS_OF_A_CODE = 22
"""Addresses on one side of a street that share a postcode."""


def addressed(buildings: Sequence[Building], streets: Sequence[Street]) -> list[Building]:
    """Give every building with a unit and without a street the nearest one."""
    driven = [street for street in streets if street.kind not in {"path", "dike", "through road"}]
    lines = np.array([street.line for street in driven], dtype=object)
    found = []
    for building in buildings:
        if building.street or not building.units:
            found.append(building)
            continue
        door = building.footprint.centroid
        street = driven[int(np.argmin(shapely.distance(lines, building.footprint)))]
        position = float(street.line.project(door))
        found.append(
            replace(building, street=street.name, position=position, side=_side(street.line, door, position))
        )
    return found


def _side(line: shapely.LineString, point: shapely.Point, position: float) -> int:
    before, after = (line.interpolate(max(position + step, 0.0)) for step in (-1.0, 1.0))
    cross = (after.x - before.x) * (point.y - before.y) - (after.y - before.y) * (point.x - before.x)
    return 1 if cross >= 0 else -1


def residences_of(buildings: Sequence[Building], sheet: int) -> list[Residence]:
    """Return the verblijfsobjecten of numbered buildings, in the order of their addresses."""
    sides: dict[tuple[str, int], list[Building]] = defaultdict(list)
    for building in buildings:
        if building.units:
            sides[building.street, building.side].append(building)
    residences: list[Residence] = []
    codes = _postcodes(sheet)
    for (street, side), along in sorted(sides.items()):
        number = 1 if side > 0 else 2
        doors = 0
        code = next(codes)
        for building in sorted(along, key=lambda b: (b.position, b.number)):
            if doors and doors + len(building.units) > DOORS_OF_A_CODE:
                code, doors = next(codes), 0
            points = _doors(building)
            for unit, point in zip(building.units, points, strict=True):
                residences.append(
                    Residence(
                        number=residence_number(sheet, len(residences) + 1),
                        pand=building.number,
                        street=street,
                        house_number=number,
                        letter="",
                        suffix="",
                        postcode=code,
                        use=unit.use,
                        floor_area=unit.area,
                        storey=unit.storey,
                        point=point,
                        year=building.year,
                        status=_status(building),
                    )
                )
                number += 2
            doors += len(building.units)
    return residences


def _status(building: Building) -> str:
    return "Verblijfsobject in gebruik" if building.kind != "planned" else "Verblijfsobject gevormd"


def _postcodes(sheet: int) -> Iterator[str]:
    start = sheet * CODES_OF_A_SHEET
    for rank in range(start, start + CODES_OF_A_SHEET):
        yield f"{int(MUNICIPALITY) - rank // len(CODES)}{CODES[rank % len(CODES)]}"


def _doors(building: Building) -> list[shapely.Point]:
    """Return a point inside the building for each unit; units above each other share their place."""
    wing = max(building.wings, key=lambda wing: wing.width * wing.depth)
    counts: dict[int, int] = defaultdict(int)
    for unit in building.units:
        counts[unit.storey] += 1
    placed: dict[int, int] = defaultdict(int)
    points = []
    for unit in building.units:
        share = (placed[unit.storey] + 0.5) / counts[unit.storey]
        placed[unit.storey] += 1
        points.append(shapely.Point(wing.at(wing.width * share, wing.depth * 0.5)))
    return points
