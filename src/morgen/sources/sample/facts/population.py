"""Who lives in the dwellings: households and people drawn by construction year, kind of dwelling and quarter.

Rates are round numbers in the order of those that CBS publishes for the Netherlands (39 % of households are of
one person, 2.1 people a household, 15 % of people under 15, 20 % of 65 and over), varied as planners know it:
families in newer and larger houses, small households in flats, people who grew old with their post-war house.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["AGE_BANDS", "COUPLE", "FAMILY", "SINGLE", "SINGLE_PARENT", "Home", "Population", "populate"]

Counts = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]

OCCUPIED = 0.97
"""Households for each dwelling; the rest stands empty or is between two households."""
SINGLE, COUPLE, FAMILY, SINGLE_PARENT = range(4)
AGE_BANDS = (0, 15, 25, 45, 65)
"""Lower bounds of the age bands of CBS, years."""

ERAS = (1945, 1975, 2000)
"""Construction years at which another kind of household becomes usual."""
HOUSEHOLDS_IN_HOUSES = (
    (0.35, 0.31, 0.25, 0.09),
    (0.31, 0.37, 0.23, 0.09),
    (0.24, 0.38, 0.30, 0.08),
    (0.17, 0.32, 0.45, 0.06),
)
HOUSEHOLDS_IN_FLATS = (
    (0.64, 0.24, 0.05, 0.07),
    (0.60, 0.22, 0.08, 0.10),
    (0.58, 0.30, 0.06, 0.06),
    (0.50, 0.38, 0.07, 0.05),
)
"""Shares of single, couple, couple with children, single parent, by era."""
MEAN_AGE = (54.0, 67.0, 63.0, 51.0)
"""Mean age of people without children at home, by era, years."""
CHILDREN = {FAMILY: (0.36, 0.46, 0.18), SINGLE_PARENT: (0.56, 0.36, 0.08)}
"""Shares of one, two and three children at home."""
PAIR = 2
WOMEN = 0.51
"""Share of women."""
USUAL_AREA = 105.0
"""m2; a larger dwelling draws more families."""


@dataclass(frozen=True)
class Home:
    """A dwelling as far as its people depend on it."""

    number: str
    """BAG verblijfsobject, 16 digits."""
    x: float
    y: float
    year: int
    """Construction year."""
    floor_area: float
    """m2."""
    is_flat: bool
    buurt: str
    """CBS buurtcode, BU and eight digits."""


@dataclass(frozen=True, eq=False)
class Population:
    """Households and people; every array counts from 0 and none of them holds a name."""

    home: Counts
    """Rank of the dwelling of each household."""
    kind: Counts
    """SINGLE, COUPLE, FAMILY or SINGLE_PARENT of each household."""
    size: Counts
    """People in each household."""
    household: Counts
    """Rank of the household of each person."""
    age: Counts
    """Age of each person, whole years."""
    woman: npt.NDArray[np.bool_]

    @property
    def person_home(self) -> Counts:
        """Return the rank of the dwelling of each person."""
        return self.home[self.household]

    @property
    def band(self) -> Counts:
        """Return the rank of the age band of each person in ``AGE_BANDS``."""
        return np.digitize(self.age, AGE_BANDS) - 1


def populate(homes: Sequence[Home], seed: int) -> Population:
    """Draw the households of all dwellings and their people; the same seed gives the same people."""
    rng = np.random.default_rng([seed, 97])
    occupied = _occupied(len(homes), rng)
    era = np.digitize([home.year for home in homes], ERAS)[occupied]
    taste = _quarter_taste([homes[rank].buurt for rank in occupied], seed)
    kind = _kinds([homes[rank] for rank in occupied], era, taste[:, 0], rng)
    children = _children(kind, rng)
    adults = np.where((kind == SINGLE) | (kind == SINGLE_PARENT), 1, 2)
    size = adults + children
    household = np.repeat(np.arange(len(kind)), size)
    rank = np.arange(len(household)) - np.repeat(np.cumsum(size) - size, size)
    age = _ages(kind, era, taste[:, 1], adults, household, rank, rng)
    return Population(occupied, kind, size, household, age, _women(rank, adults[household], rng))


def _occupied(dwellings: int, rng: np.random.Generator) -> Counts:
    """Return the ranks of the occupied dwellings, spread evenly: a part of the list has the share of the whole."""
    steps = np.floor((np.arange(dwellings + 1) + rng.random() / (1 - OCCUPIED)) * (1 - OCCUPIED))
    return np.flatnonzero(np.diff(steps) == 0).astype(np.int64)


def _quarter_taste(buurten: Sequence[str], seed: int) -> Values:
    """Return for each household how its buurt draws families (a factor) and how much older it is, years."""
    tastes = {}
    for buurt in sorted(set(buurten)):
        rng = np.random.default_rng([seed, int(buurt[2:])])
        tastes[buurt] = (float(np.exp(rng.normal(0, 0.12))), float(rng.normal(0, 3.0)))
    return np.array([tastes[buurt] for buurt in buurten], dtype=np.float64).reshape(-1, 2)


def _kinds(homes: Sequence[Home], era: Counts, families: Values, rng: np.random.Generator) -> Counts:
    flat = np.array([home.is_flat for home in homes], dtype=bool)
    area = np.array([home.floor_area for home in homes], dtype=np.float64)
    shares = np.where(flat[:, None], np.array(HOUSEHOLDS_IN_FLATS)[era], np.array(HOUSEHOLDS_IN_HOUSES)[era])
    shares[:, FAMILY] *= np.clip(area / USUAL_AREA, 0.6, 1.5) * families
    edges = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)
    kinds: Counts = np.minimum((rng.random(len(homes))[:, None] > edges).sum(axis=1), SINGLE_PARENT)
    return kinds


def _children(kind: Counts, rng: np.random.Generator) -> Counts:
    drawn = rng.random(len(kind))
    children = np.zeros(len(kind), dtype=np.int64)
    for household, shares in CHILDREN.items():
        here = kind == household
        children[here] = 1 + np.minimum(np.digitize(drawn[here], np.cumsum(shares)), len(shares) - 1)
    return children


def _ages(
    kind: Counts,
    era: Counts,
    older: Values,
    adults: Counts,
    household: Counts,
    rank: Counts,
    rng: np.random.Generator,
) -> Counts:
    """Return ages: parents of 24 to 60 have children at least 22 years younger and not yet 24."""
    parents = np.clip(rng.normal(44, 7, len(kind)) + older / 2, 24, 60)
    others = np.clip(rng.normal(np.array(MEAN_AGE)[era] + older, 18), 20, 97)
    first = np.where((kind == FAMILY) | (kind == SINGLE_PARENT), parents, others)
    age = first[household]
    partner = (rank == 1) & (adults[household] == PAIR)
    age[partner] = np.clip(age[partner] + rng.normal(-1, 3, int(partner.sum())), 20, 98)
    child = rank >= adults[household]
    oldest = np.minimum(first[household[child]] - 22, 23.99)
    age[child] = rng.random(int(child.sum())) * oldest
    return np.floor(age).astype(np.int64)


def _women(rank: Counts, adults: Counts, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Return who is a woman: most couples are of a man and a woman, the others and children are drawn."""
    drawn = rng.random(len(rank)) < WOMEN
    partner = (rank == 1) & (adults == PAIR)
    drawn[partner] = ~drawn[np.flatnonzero(partner) - 1]
    return drawn
