"""People by age: of a programme in a year, or of a plain number of residents."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from morgen.core.disclosure import THRESHOLD, Release, release
from morgen.core.noun import Noun
from morgen.models.balance.cohorts import AGES, HOUSEHOLDS, RATES, DwellingType, Rates, residents_per_dwelling
from morgen.models.balance.programme import Programme
from morgen.models.norms.norm import Basis

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ages = npt.NDArray[np.float64]

__all__ = [
    "AGE_GROUPS",
    "Course",
    "course",
    "courses",
    "people_in_general",
    "residents_by_age",
    "shown",
    "shown_together",
]

HORIZON = 40
"""Years after the first dwellings that a course looks ahead."""
STRUCTURAL = 10
"""Last years of the course of which the mean is the structural level."""
AGE_GROUPS: Mapping[Basis, range] = {
    Basis.INHABITANT: range(AGES),
    Basis.CHILD_4_11: range(4, 12),
    Basis.YOUTH_12_17: range(12, 18),
    Basis.CHILD_0_3: range(4),
    Basis.ELDERLY_75: range(75, AGES),
    Basis.ELDERLY_65: range(65, AGES),
    Basis.CHILD_0_18: range(19),
}
"""The groups that norms are based on; the first ones are shown first."""
GROUPS = {str(basis): frozenset(ages) for basis, ages in AGE_GROUPS.items()}

# Shares of the population of the Netherlands by first age of a group; rounded, indicative, see docs/balance.md.
GENERAL_SHARES = (
    (0, 4, 0.038),
    (4, 12, 0.082),
    (12, 18, 0.065),
    (18, 19, 0.012),
    (19, 65, 0.600),
    (65, 75, 0.110),
)
GENERAL_SHARE_75 = 0.093


class Course(Noun):
    """How the number in an age group goes over the years."""

    basis: Basis
    years: tuple[int, ...]
    people: tuple[int | None, ...]
    """Per year; None where too few to show, or where they would give a smaller group away."""
    peak_year: int | None
    peak: int | None
    structural: int | None
    """Mean of the last ten years; None unless each of them is shown."""


def residents_by_age(programme: Programme, year: int, *, rates: Rates = RATES) -> "Ages":
    """Return the residents of the dwellings that are finished in ``year``, by single year of age (shape 101)."""
    people: Ages = _all_years(programme, year, year, rates)[0]
    return people


def people_in_general(residents: float) -> "Ages":
    """Divide residents over the ages as in the country: for a quick look, when no programme is known."""
    import numpy as np

    people = np.zeros(AGES)
    for first, end, share in (*GENERAL_SHARES, (75, AGES, GENERAL_SHARE_75)):
        people[first:end] = residents * share / (end - first)
    return people


def shown(people: "Ages", *, threshold: int = THRESHOLD) -> Release:
    """Return the numbers of the age groups that may be shown, rounded to whole people."""
    whole = [*people.cumsum().round()]
    counts = {age: int(now - before) for age, (before, now) in enumerate(zip([0, *whole], whole, strict=False))}
    return release(counts, GROUPS, threshold=threshold)


def shown_together(
    there: "Ages", programme: Programme, year: int, *, threshold: int = THRESHOLD, rates: Rates = RATES
) -> Release:
    """Return the numbers of those who live there (``there``, by age) and of a programme together.

    Whoever knows the programme can calculate its residents and take them off. So where a group of those who live
    there could not be shown alone, it is left out and the number is that of the programme: too low by fewer than
    ``threshold`` people, and nothing can be taken off it.
    """
    planned = residents_by_age(programme, year, rates=rates)
    alone, new = shown(there, threshold=threshold).counts, shown(planned, threshold=threshold).counts
    together = shown(there + planned, threshold=threshold).counts
    return Release({name: new[name] if alone[name] is None else together[name] for name in together}, threshold)


def course(programme: Programme, basis: Basis, *, threshold: int = THRESHOLD, rates: Rates = RATES) -> Course:
    """Return how an age group grows and falls, from the first dwellings on, with its peak and structural level."""
    return courses(programme, (basis,), threshold=threshold, rates=rates)[0]


def courses(
    programme: Programme, bases: Sequence[Basis], *, threshold: int = THRESHOLD, rates: Rates = RATES
) -> tuple[Course, ...]:
    """Return the course of each age group, made of nothing but what may be shown of each year.

    A year shows here what a balance of that year shows, because both ask ``shown``: so putting the two side by
    side gives nothing away.
    """
    first = min(row.year for row in programme.dwellings)
    last = max(row.year for row in programme.dwellings) + HORIZON
    released = [shown(people, threshold=threshold) for people in _all_years(programme, first, last, rates)]
    return tuple(_course(basis, first, [year.counts[basis] for year in released], threshold) for basis in bases)


def _course(basis: Basis, first: int, people: Sequence[int | None], threshold: int) -> Course:
    seen = {first + index: count for index, count in enumerate(people) if count is not None}
    peak_year = max(seen, key=lambda year: (seen[year], -year), default=None)
    late = [count for count in people[-STRUCTURAL:] if count is not None]
    level = round(sum(late) / STRUCTURAL) if len(late) == STRUCTURAL else None
    return Course(
        basis=basis,
        years=tuple(range(first, first + len(people))),
        people=tuple(people),
        peak_year=peak_year,
        peak=None if peak_year is None else seen[peak_year],
        structural=level if level is not None and level >= threshold else None,
    )


def _all_years(programme: Programme, first: int, last: int, rates: Rates) -> "Ages":
    import numpy as np

    people = np.zeros((last - first + 1, AGES))
    start = min(row.year for row in programme.dwellings)
    homes: Counter[tuple[DwellingType, int]] = Counter()
    for row in programme.dwellings:
        homes[row.type, row.year] += row.number
    of_type = {
        kind: residents_per_dwelling(HOUSEHOLDS[kind], max(last - start, 0), rates=rates)
        for kind in {kind for kind, _ in homes}
    }
    for (kind, finished), number in homes.items():
        if finished > last:
            continue
        since = max(first, finished)
        people[since - first :] += number * of_type[kind][since - finished : last - finished + 1]
    return people
