"""Attributes of buildings: one table for all generations of 3DBAG, 3dfier and the Kadaster."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from morgen.sources.identifiers import bag_id
from morgen.sources.plausible_year import plausible_year

__all__ = ["ALIASES", "BuildingFacts", "building_facts"]

ALIASES: Mapping[str, tuple[str, ...]] = {
    "bag_id": ("identificatie", "identificatiebagpnd", "identificatieBAGPND", "bagpandid", "bag_id"),
    "construction_year": ("oorspronkelijkbouwjaar", "oorspronkelijk_bouwjaar", "bouwjaar", "yearOfConstruction"),
    "ground_height": ("b3_h_maaiveld", "h_maaiveld"),
    "roof_height": ("b3_h_dak_70p", "h_dak_70p", "b3_h_70p", "b3_h_dak_50p", "h_dak_50p"),
    "roof_type": ("b3_dak_type", "dak_type"),
}
"""Spellings of each fact, best first: 3DBAG since 2023 (b3_), 3DBAG of 2021, 3dfier with BGT, Kadaster with BAG.

Heights are taken from 3DBAG only, where they are absolute NAP. ``measuredHeight`` of 3dfier is the NAP height of
the roof in one release and the height above the ground in another, and ``roofheight`` of the Kadaster is above
the ground: for those files the solid itself is measured.
"""


@dataclass(frozen=True)
class BuildingFacts:
    """What a file says about a building in its attributes."""

    bag_id: str
    construction_year: int | None
    ground_height: float
    """m NAP; NaN when unknown."""
    roof_height: float
    """m NAP; NaN when unknown."""
    roof_type: str


def building_facts(object_id: str, attributes: Mapping[str, Any]) -> BuildingFacts:
    """Read the facts of a building; the id of the object serves when no attribute holds a BAG id."""
    return BuildingFacts(
        bag_id=bag_id(_first(attributes, "bag_id")) or bag_id(object_id),
        construction_year=plausible_year(_first(attributes, "construction_year")),
        ground_height=_number(_first(attributes, "ground_height")),
        roof_height=_number(_first(attributes, "roof_height")),
        roof_type=str(_first(attributes, "roof_type") or ""),
    )


def _first(attributes: Mapping[str, Any], fact: str) -> Any:
    for name in ALIASES[fact]:
        if attributes.get(name) not in (None, ""):
            return attributes[name]
    return None


def _number(value: Any) -> float:
    if isinstance(value, bool) or value is None:
        return math.nan
    try:
        number = float(value)
    except (TypeError, ValueError):
        return math.nan
    return number if math.isfinite(number) else math.nan
