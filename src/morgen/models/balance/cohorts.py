"""Who lives in a new wijk, by single year of age, as the years pass.

A cohort model for each type of dwelling: people move in when it is finished; each year everyone grows a year
older, children are born, people die, the young leave home and households move; the places of adults that came
free are taken by new households of the kind that moved in first. ``docs/balance.md`` tells of the rates.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from morgen.core.noun import Noun

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ages = npt.NDArray[np.float64]

__all__ = ["AGES", "HOUSEHOLDS", "RATES", "DwellingType", "Household", "Rates", "residents_per_dwelling"]

AGES = 101
"""Ages 0 to 99, and 100 for all above."""
ADULT = 25
"""From this age on a resident holds a place that somebody else takes when it comes free."""
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]


class DwellingType(StrEnum):
    """The types of dwelling of a programme."""

    STUDIO = "studio"
    """Apartment under 50 m2."""
    APARTMENT_SMALL = "apartment-small"
    """Apartment of 50 to 75 m2."""
    APARTMENT = "apartment"
    """Apartment of 75 to 100 m2."""
    APARTMENT_LARGE = "apartment-large"
    """Apartment over 100 m2."""
    ROW = "row-house"
    SEMI_DETACHED = "semi-detached"
    DETACHED = "detached"


class Household(Noun):
    """The people who move into one dwelling, and its usual size."""

    adults: Positive
    children: float = Field(ge=0)
    adult_age: Positive
    """Mean age of the adults who move in, years."""
    adult_age_spread: Positive
    """Standard deviation of that age, years."""
    fertility: float = Field(ge=0)
    """Children per woman over her life, of those who live here."""
    floor_area: Positive
    """Gross floor area of the dwelling, m2."""


class Rates(Noun):
    """What happens in a year, the same for all types; values are indicative."""

    childbearing_age: Positive = 31.5
    """Mean age of a mother at birth."""
    childbearing_spread: Positive = 4.8
    child_age_scale: Positive = 6.0
    """Children who move in are young: their number falls by a factor e over so many years of age."""
    leaving_home: Share = 0.2
    """Share of those of 18 to 24 that leaves the parental home in a year."""
    moving: Share = 0.05
    """Share of households that moves away in a year."""
    death_scale: Positive = 2.8e-5
    """Chance to die in a year at age 0 of the Gompertz law; it grows by ``death_growth`` a year of age."""
    death_growth: Positive = 0.094


RATES = Rates()


def _household(
    adults: float, children: float, age: float, spread: float, fertility: float, area: float
) -> Household:
    return Household(
        adults=adults,
        children=children,
        adult_age=age,
        adult_age_spread=spread,
        fertility=fertility,
        floor_area=area,
    )


HOUSEHOLDS: Mapping[DwellingType, Household] = {
    DwellingType.STUDIO: _household(1.18, 0.02, 34, 11, 0.2, 50),
    DwellingType.APARTMENT_SMALL: _household(1.38, 0.12, 38, 13, 0.5, 75),
    DwellingType.APARTMENT: _household(1.60, 0.30, 41, 14, 0.9, 100),
    DwellingType.APARTMENT_LARGE: _household(1.75, 0.45, 42, 13, 1.2, 125),
    DwellingType.ROW: _household(1.92, 0.58, 33.5, 7, 1.7, 120),
    DwellingType.SEMI_DETACHED: _household(1.97, 0.73, 35.5, 7, 1.7, 150),
    DwellingType.DETACHED: _household(2.00, 0.80, 37.5, 8, 1.7, 180),
}
"""Sizes per type as in docs/balance.md; the division in adults and children is calibrated."""


def residents_per_dwelling(household: Household, years: int, *, rates: Rates = RATES) -> "Ages":
    """Return residents of one dwelling: shape (years + 1, ``AGES``), row 0 the year in which it is finished."""
    import numpy as np

    adults, children = _movers(household, rates)
    people = np.zeros((years + 1, AGES))
    people[0] = adults + children
    for year in range(years):
        grown = _grown(people[year], household, rates)
        free = max(0.0, household.adults - float(grown[ADULT:].sum()))
        people[year + 1] = grown + (adults + children) * free / household.adults
    return people


def _movers(household: Household, rates: Rates) -> "tuple[Ages, Ages]":
    """Return the adults and the children who move into one dwelling, by age."""
    import numpy as np

    age = np.arange(AGES, dtype=np.float64)
    adults = np.exp(-0.5 * ((age - household.adult_age) / household.adult_age_spread) ** 2)
    adults[:ADULT] = 0
    children = np.exp(-age / rates.child_age_scale)
    children[18:] = 0
    return adults * household.adults / adults.sum(), children * household.children / children.sum()


def _grown(people: "Ages", household: Household, rates: Rates) -> "Ages":
    """Return those who are still there after a year, with the children that were born."""
    import numpy as np

    age = np.arange(AGES, dtype=np.float64)
    dying = np.minimum(1.0, rates.death_scale * np.exp(rates.death_growth * age))
    leaving = np.full(AGES, rates.moving)
    leaving[18:ADULT] = rates.leaving_home
    bearing = np.exp(-0.5 * ((age - rates.childbearing_age) / rates.childbearing_spread) ** 2)
    bearing[(age < 15) | (age >= 50)] = 0  # noqa: PLR2004 - the ages that statistics of birth count
    born = float((people * bearing).sum()) / 2 * household.fertility / float(bearing.sum())
    staying = people * (1 - dying) * (1 - leaving)
    grown = np.zeros(AGES)
    grown[1:] = staying[:-1]
    grown[-1] += staying[-1]
    grown[0] = born
    return grown
