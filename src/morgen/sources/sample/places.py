"""Facilities: which verblijfsobject is which school, surgery or shop, and how many people it can take."""

from collections.abc import Sequence
from typing import Any

import shapely

from morgen.sources.sample.buildings import Building
from morgen.sources.sample.wijk import Facility, Residence

__all__ = ["facilities_of"]

KINDS: dict[str, tuple[tuple[str, float], ...]] = {
    "school": (("primary school", 0.22), ("sports hall", 0.2), ("out-of-school care", 0.28)),
    "health centre": (("health centre", 0.1), ("health centre", 0.1), ("pharmacy", 0.2)),
    "community centre": (("community centre", 0.5), ("library", 0.3)),
    "childcare": (("childcare", 0.22),),
    "church": (("church", 0.7),),
    "supermarket": (("supermarket", 0.2),),
    "sports hall": (("sports hall", 0.15), ("community centre", 0.4)),
    "clubhouse": (("sports club", 0.5),),
}
"""Kind of facility of each unit of a building, from the ground up, and people per m2 of floor."""


def facilities_of(
    buildings: Sequence[Building],
    residences: Sequence[Residence],
    places: Sequence[tuple[str, str, Any, int]],
    box: shapely.Polygon,
) -> tuple[Facility, ...]:
    """Return all facilities: those with an address first, then those in the open air within ``box``."""
    by_pand: dict[str, list[Residence]] = {}
    for residence in residences:
        by_pand.setdefault(residence.pand, []).append(residence)
    found: list[Facility] = []
    for building in buildings:
        found += _of_building(building, by_pand.get(building.number, []))
    for kind, name, ground, capacity in places:
        inside = shapely.intersection(ground, box)
        if inside.area > 0.5 * ground.area:
            found.append(Facility(kind, name, inside.representative_point(), "", round(inside.area), capacity))
    return tuple(found)


def _of_building(building: Building, residences: list[Residence]) -> list[Facility]:
    kinds = KINDS.get(building.kind, ())
    found = []
    for rank, residence in enumerate(residences):
        if rank < len(kinds):
            kind, share = kinds[rank]
            name = building.name if rank == 0 else f"{building.name}, {kind}"
            capacity = round(share * residence.floor_area)
        elif "winkelfunctie" in residence.use:
            kind, name, capacity = "shop", f"Winkel {residence.street} {residence.house_number}", 0
        else:
            continue
        found.append(Facility(kind, name, residence.point, residence.number, residence.floor_area, capacity))
    return found
