"""What is there for a norm: an amount, how sure it is, and where it was found."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from pydantic import Field

from morgen.core.noun import Noun, Text
from morgen.models.balance.stock import Stock
from morgen.models.norms.norm import NormSet

__all__ = ["Certainty", "Place", "Supply", "Surroundings", "supply_of_places"]

COUNTED_IN_PLACES = frozenset({"elderly-care"})
"""Facilities of which a norm counts the places in them, not the buildings."""


class Certainty(StrEnum):
    """How sure an amount is."""

    COUNTED = "counted"
    ESTIMATED = "estimated"
    AT_LEAST = "at-least"
    """There may be more that no source tells; so it can prove that a norm is met, but not that it is not."""
    STATED = "stated"
    """The programme says so."""


DOUBT = (Certainty.COUNTED, Certainty.STATED, Certainty.ESTIMATED, Certainty.AT_LEAST)
"""From sure to unsure."""


class Supply(Noun):
    """How much of one facility there is."""

    facility: str
    amount: float = Field(ge=0)
    unit: str
    nearby: float | None = None
    """What lies outside the area within the radius of the norm, in the same unit: it could be shared, but how much
    of it is free is not known, so it is told and never counted."""
    certainty: Certainty
    source: str
    """What it was found in."""
    note: Text | None = None
    """What a reader must know of the amount."""

    def with_more(self, other: "Supply") -> "Supply":
        """Return both together, as sure as the least sure of them."""
        doubts = [item.certainty for item in (self, other) if item.certainty is not Certainty.COUNTED]
        return self.model_copy(
            update={
                "amount": self.amount + other.amount,
                "certainty": max(doubts, default=Certainty.COUNTED, key=DOUBT.index),
                "source": "; ".join(dict.fromkeys((self.source, other.source))),
                "note": self.note or other.note,
            }
        )


class Place(Noun):
    """One facility on the map."""

    facility: str
    """As norms name it: 'primary-school'."""
    floor_area: float | None
    """m2; None when its source does not tell."""
    capacity: float | None
    """People or places; None when its source does not tell."""
    distance: float
    """From the area as the crow flies, m; 0 inside it."""


class Surroundings(Noun):
    """What a situation tells of what is there."""

    area: float
    """m2 of ground."""
    stock: Stock | None
    residents: float | None
    """People who live there; None when it cannot be told."""
    residents_source: Text
    """Where that number is from, or why there is none."""
    grounds: tuple[Supply, ...]
    """Green, play, water, parking."""
    places: tuple[Place, ...] | None
    """Facilities inside and around; None when no source tells of any."""
    places_source: str
    looked: float
    """How far around the area places were looked for, m."""

    def supply(self, norms: NormSet) -> tuple[Supply, ...]:
        """Return what is there, in the units of a set of norms where it has them."""
        placed = () if self.places is None else supply_of_places(self.places, norms, source=self.places_source)
        found: dict[tuple[str, str], Supply] = {}
        for item in (*placed, *self.grounds):
            known = found.get((item.facility, item.unit))
            found[item.facility, item.unit] = item if known is None else known.with_more(item)
        return tuple(found.values())


def supply_of_places(places: Iterable[Place], norms: NormSet, *, source: str) -> tuple[Supply, ...]:
    """Return the supply that places are, one for each facility; those without a norm are counted.

    A facility of which not one place is known is left out: no source promises to know all of them.
    """
    found = list(places)
    units = {norm.facility: (norm.unit, norm.radius) for norm in norms.norms}
    return tuple(
        supply
        for facility in dict.fromkeys(place.facility for place in found)
        for supply in _of_facility(
            facility, [place for place in found if place.facility == facility], units, source
        )
    )


def _of_facility(
    facility: str, places: list[Place], units: Mapping[str, tuple[str, float | None]], source: str
) -> list[Supply]:
    unit, radius = units.get(facility, ("count", None))
    inside = [place for place in places if not place.distance]
    around = [place for place in places if place.distance and radius is not None and place.distance <= radius]
    here, near = _amount(facility, inside, unit), _amount(facility, around, unit)
    unmeasured = any(_measure(facility, place, unit) is None for place in inside)
    if unit == "m3" or (inside and here is None):
        return []
    return [
        Supply(
            facility=facility,
            amount=here or 0.0,
            unit=unit,
            nearby=near,
            certainty=Certainty.AT_LEAST if unmeasured or not inside else Certainty.COUNTED,
            source=source,
        )
    ]


def _amount(facility: str, places: list[Place], unit: str) -> float | None:
    """Return what is known of places together; None when there are none, or nothing is known of them."""
    known = [amount for place in places if (amount := _measure(facility, place, unit)) is not None]
    return sum(known) if known else None


def _measure(facility: str, place: Place, unit: str) -> float | None:
    if unit == "m2":
        return place.floor_area
    return place.capacity if facility in COUNTED_IN_PLACES else 1.0
