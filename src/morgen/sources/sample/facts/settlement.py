"""The dwellings of the wijk with their people, owners, worth and use of energy: what CBS counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely

from morgen.sources.sample.facts.population import COUPLE, FAMILY, SINGLE_PARENT, Home, Population, populate
from morgen.sources.sample.wijk import District, Residence, Wijk

__all__ = ["CORPORATION", "OTHER_LANDLORD", "OWNER", "Settlement", "district_of", "settle"]

Counts = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]

OWNER, CORPORATION, OTHER_LANDLORD = range(3)
OWNED = (0.62, 0.48, 0.70, 0.76)
"""Share of houses that their people own, by era of construction; of flats half of it."""
ERAS = (1945, 1975, 2000)
CORPORATION_SHARE = 0.75
"""Share of the rented dwellings that a housing corporation owns."""
WORTH = 3.55
"""Worth of a usual house, 1000 euro a m2."""
WORTH_BY_ERA = (1.05, 0.94, 1.0, 1.12)
GAS_BY_ERA = (14.5, 13.0, 10.0, 6.5)
"""Use of natural gas, m3 a year for each m2."""
CARS = (0.55, 1.15, 1.4, 0.8)
"""Cars of a single, a couple, a couple with children and a single parent."""


@dataclass(frozen=True, eq=False)
class Settlement:
    """Dwellings, and arrays with one value a dwelling."""

    homes: tuple[Home, ...]
    population: Population
    tenure: Counts
    """OWNER, CORPORATION or OTHER_LANDLORD."""
    worth: Values
    """WOZ value, 1000 euro."""
    gas: Values
    """m3 a year."""
    power: Values
    """kWh a year."""

    @cached_property
    def points(self) -> Values:
        """Return where the dwellings are, m RD, two columns."""
        return np.array([(home.x, home.y) for home in self.homes], dtype=np.float64).reshape(-1, 2)

    @cached_property
    def year(self) -> Counts:
        """Return the construction years."""
        return np.array([home.year for home in self.homes], dtype=np.int64)

    @cached_property
    def is_flat(self) -> npt.NDArray[np.bool_]:
        """Return which dwellings share their building."""
        return np.array([home.is_flat for home in self.homes], dtype=bool)

    @cached_property
    def cars(self) -> Values:
        """Return the cars of each household, on average."""
        return np.array(CARS)[self.population.kind]

    @cached_property
    def has_children(self) -> npt.NDArray[np.bool_]:
        """Return which households have children at home."""
        return np.isin(self.population.kind, (FAMILY, SINGLE_PARENT))

    @cached_property
    def is_couple(self) -> npt.NDArray[np.bool_]:
        """Return which households are of two people without children."""
        return np.asarray(self.population.kind == COUPLE)


def settle(wijk: Wijk, seed: int) -> Settlement:
    """Return the dwellings of the wijk with their people; the same seed gives the same."""
    homes = _homes(wijk)
    rng = np.random.default_rng([seed, 31])
    era = np.digitize([home.year for home in homes], ERAS)
    flat = np.array([home.is_flat for home in homes], dtype=bool)
    area = np.array([home.floor_area for home in homes], dtype=np.float64)
    owned = np.array(OWNED)[era] * np.where(flat, 0.5, 1.0)
    rented = np.where(rng.random(len(homes)) < CORPORATION_SHARE, CORPORATION, OTHER_LANDLORD)
    tenure = np.where(rng.random(len(homes)) < owned, OWNER, rented)
    worth = (
        area * WORTH * np.array(WORTH_BY_ERA)[era] * np.where(flat, 0.92, 1.0) * rng.normal(1, 0.06, len(homes))
    )
    gas = area * np.array(GAS_BY_ERA)[era] * np.where(flat, 0.8, 1.0)
    return Settlement(homes, populate(homes, seed), tenure, worth, gas, 900 + 15 * area)


def district_of(districts: Sequence[District], points: Values) -> Counts:
    """Return the rank of the buurt that each point (two columns, m RD) lies in, or else is nearest to."""
    tree = shapely.STRtree([district.shape for district in districts])
    found = tree.nearest(shapely.points(points)) if len(points) else np.zeros(0)
    return np.asarray(found, dtype=np.int64)


def _homes(wijk: Wijk) -> tuple[Home, ...]:
    dwellings = wijk.dwellings
    points = np.array([(each.point.x, each.point.y) for each in dwellings], dtype=np.float64).reshape(-1, 2)
    ranks = district_of(wijk.districts, points)
    return tuple(
        _home(dwelling, wijk, wijk.districts[rank].code) for dwelling, rank in zip(dwellings, ranks, strict=True)
    )


def _home(dwelling: Residence, wijk: Wijk, buurt: str) -> Home:
    neighbours = sum(other.is_dwelling for other in wijk.residences_by_pand[dwelling.pand])
    return Home(
        number=dwelling.number,
        x=dwelling.point.x,
        y=dwelling.point.y,
        year=dwelling.year,
        floor_area=float(dwelling.floor_area),
        is_flat=neighbours > 1 or dwelling.storey > 0,
        buurt=buurt,
    )
