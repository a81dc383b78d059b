"""What is in a pand: its dwellings and floor, as far as the columns of a pand tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["UNKNOWN", "Occupancy", "occupancy_of_pand"]

DWELLING = "woonfunctie"
NO_AREA = frozenset({0, 1, 999999})
"""Areas that stand for 'not measured'."""


@dataclass(frozen=True)
class Occupancy:
    """What is known of the inside of a pand; None and NaN are unknown, not nothing."""

    dwellings: int | None = None
    """Verblijfsobjecten with a woonfunctie."""
    usable_area: float = float("nan")
    """Gebruiksoppervlakte of all verblijfsobjecten, m2."""
    dwelling_area: float = float("nan")
    """That of the dwellings, m2."""


UNKNOWN = Occupancy()
EMPTY = Occupancy(dwellings=0, usable_area=0, dwelling_area=0)


def occupancy_of_pand(values: Mapping[str, Any]) -> Occupancy:
    """Return what the columns of the WFS tell of a pand, as far as they leave no doubt.

    ``values`` has the columns in lower case without underscores. Uses are given for the pand, not for each of its
    verblijfsobjecten, and areas as the least and the most; so a mix of uses, and the sum of three, stay unknown.
    """
    if values.get("aantalverblijfsobjecten") is None:
        return UNKNOWN
    number = int(values["aantalverblijfsobjecten"])
    if not number:
        return EMPTY
    uses = {part.strip() for part in str(values.get("gebruiksdoel") or "").split(",")} - {""}
    area = _sum_of(number, values.get("oppervlaktemin"), values.get("oppervlaktemax"))
    if uses == {DWELLING}:
        return Occupancy(dwellings=number, usable_area=area, dwelling_area=area)
    if uses and DWELLING not in uses:
        return Occupancy(dwellings=0, usable_area=area, dwelling_area=0)
    return Occupancy(usable_area=area)


def _sum_of(number: int, least: Any, most: Any) -> float:
    """Return the sum of ``number`` areas, when the least and the most settle it."""
    low, high = _area(least), _area(most)
    if low == high:
        return number * low
    return low + high if number == 2 else float("nan")  # noqa: PLR2004 - the least and the most are all there are


def _area(value: Any) -> float:
    return float("nan") if value is None or value in NO_AREA else float(value)
