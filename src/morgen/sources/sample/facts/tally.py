"""Counting by area, and the rules by which CBS rounds and holds back what it counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from morgen.sources.sample.facts.population import AGE_BANDS
from morgen.sources.sample.facts.settlement import Settlement

__all__ = ["SECRET", "Tally", "percentages", "rounded"]

Counts = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]

SECRET = -99997
"""What CBS writes where a figure is held back or missing."""
STEP = 5
"""Counts are rounded to multiples of this."""


@dataclass(frozen=True, eq=False)
class Tally:
    """Figures of every area at once; an area is a rank, and each dwelling lies in one."""

    settlement: Settlement
    area: Counts
    """Rank of the area of each dwelling."""
    areas: int

    @cached_property
    def person_area(self) -> Counts:
        """Return the area of each person."""
        return self.area[self.settlement.population.person_home]

    @cached_property
    def household_area(self) -> Counts:
        """Return the area of each household."""
        return self.area[self.settlement.population.home]

    def dwellings(self, which: npt.ArrayLike | None = None, weight: Values | None = None) -> Values:
        """Return the number (or the sum of ``weight``) of the dwellings of which ``which`` holds."""
        return self._count(self.area, which, weight)

    def households(self, which: npt.ArrayLike | None = None, weight: Values | None = None) -> Values:
        """Return the number (or the sum of ``weight``) of the households of which ``which`` holds."""
        return self._count(self.household_area, which, weight)

    def people(self, which: npt.ArrayLike | None = None) -> Values:
        """Return the number of people of whom ``which`` holds."""
        return self._count(self.person_area, which, None)

    @cached_property
    def by_age(self) -> Values:
        """Return the number of people by area (row) and age band (column)."""
        band = self.settlement.population.band
        return np.column_stack([self.people(band == rank) for rank in range(len(AGE_BANDS))])

    def _count(self, area: Counts, which: npt.ArrayLike | None, weight: Values | None) -> Values:
        chosen = np.ones(len(area), dtype=bool) if which is None else np.asarray(which, dtype=bool)
        weights = None if weight is None else weight[chosen]
        return np.bincount(area[chosen], weights=weights, minlength=self.areas).astype(np.float64)


def rounded(count: float) -> int:
    """Return a count as CBS gives it: the nearest multiple of 5."""
    return int(np.floor(count / STEP + 0.5)) * STEP


def percentages(parts: Sequence[Any]) -> list[int]:
    """Return whole percentages of the sum of the parts that add up to 100; zeros when there is nothing.

    The largest remainders are rounded up (method of Hamilton).
    """
    shares = np.asarray(parts, dtype=np.float64)
    if shares.sum() <= 0:
        return [0] * len(shares)
    exact = shares / shares.sum() * 100
    whole = np.floor(exact).astype(int)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: 100 - int(whole.sum())]] += 1
    return [int(value) for value in whole]
