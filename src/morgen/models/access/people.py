"""Groups of neighbours large enough to be shown: the smallest unit in which access is told.

Every group holds at least the threshold of disclosure, and all that is told of it holds for the group as a whole.
So whatever is shown, or can be found by subtracting what is shown, is about whole groups.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from morgen.core.disclosure import Release, release
from morgen.core.errors import InputError

if TYPE_CHECKING:
    import geopandas

__all__ = ["Groups", "Shares", "group_neighbours"]

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
CURVE_LEVEL = 16
"""Of the Hilbert curve: 65,536 steps in each direction, about a decimetre in a wijk."""
EVERYONE = "everyone"


@dataclass(frozen=True, eq=False)
class Groups:
    """Homes in groups of neighbours."""

    of_home: Whole
    """(n_home,) group of each home."""
    residents: Floats
    """(n_home,) people of each home, fractions."""
    people: Whole
    """(n_group,) people of each group, whole numbers."""
    imputed: Floats
    """(n_group,) share of these of which the number is a guess."""
    threshold: int

    def middle(self, values: npt.ArrayLike) -> Floats:
        """Return for each group the median over its people of a value per home (n_home,); inf is a value too."""
        value = np.asarray(values, dtype=np.float64)
        order = np.lexsort((value, self.of_home))
        group, count = self.of_home[order], self.residents[order]
        before = np.cumsum(count) - count
        first = np.searchsorted(group, np.arange(len(self.people)))
        half = before[first] + np.bincount(group, weights=count) / 2
        row = np.searchsorted(np.cumsum(count), half - 1e-9)
        return np.asarray(value[order][np.minimum(row, len(value) - 1)])

    def mean(self, values: npt.ArrayLike) -> Floats:
        """Return for each group the mean over its people of a finite value per home, (n_home,) or (n_home, k)."""
        value = np.asarray(values, dtype=np.float64)
        total = np.bincount(self.of_home, weights=self.residents)
        columns = value.reshape(len(value), -1).T
        sums = [np.bincount(self.of_home, weights=self.residents * column) / total for column in columns]
        return np.asarray(np.array(sums).T.reshape(len(total), *value.shape[1:]))


@dataclass(frozen=True)
class Shares:
    """Which people have something, told only as far as that may be."""

    groups: Groups
    release: Release
    members: Mapping[str, Flags]

    @classmethod
    def of(cls, groups: Groups, members: Mapping[str, Flags]) -> "Shares":
        """Ask for all that will be shown at once; ``members`` (n_group,) says which groups each output counts."""
        people = {rank: int(count) for rank, count in enumerate(groups.people)}
        asked = {name: frozenset(np.flatnonzero(flags).tolist()) for name, flags in members.items()}
        outputs = {EVERYONE: frozenset(people), **{name: found for name, found in asked.items() if found}}
        everyone = np.ones(len(groups.people), dtype=bool)
        shown = release(people, outputs, threshold=groups.threshold)
        return cls(groups, shown, {EVERYONE: everyone, **members})

    def count(self, name: str) -> int | None:
        """Return how many people; 0 where it is no group at all, None where it may not be shown."""
        return self.release.counts[name] if self.members[name].any() else 0

    def share(self, name: str, whole: str = EVERYONE) -> float | None:
        """Return the share, 0 to 1, of the people of another output; None where it may not be shown."""
        if whole != EVERYONE and not self.members[whole].any():
            return None
        return self.release.share(name, whole) if self.members[name].any() else 0.0

    def band(self, name: str) -> tuple[float, float] | None:
        """Return the least and most that the share can be; None when no number of people is a guess.

        Where a number is a guess there may live nobody, or twice as many.
        """
        guessed = self.groups.people * self.groups.imputed
        if not guessed.any():
            return None
        known, inside = self.groups.people - guessed, self.members[name]
        have, lack = float(known[inside].sum()), float(known[~inside].sum())
        more, less = 2 * float(guessed[inside].sum()), 2 * float(guessed[~inside].sum())
        return _part(have, have + lack + less), _part(have + more, have + more + lack)


def group_neighbours(homes: "geopandas.GeoDataFrame", *, threshold: int) -> Groups:
    """Gather homes (columns residents, imputed; points) in groups of at least ``threshold`` people.

    Homes that follow each other along a Hilbert curve are neighbours. Raises ``InputError`` when all together are
    fewer.
    """
    residents = homes["residents"].to_numpy(dtype=np.float64)
    total = float(residents.sum())
    if total < threshold:
        message = (
            f"about {total:.0f} people live in the area, but nothing is told of fewer than {threshold}; choose a"
            " larger area"
        )
        raise InputError(message)
    along = np.argsort(homes.geometry.hilbert_distance(level=CURVE_LEVEL).to_numpy(), kind="stable")
    group = np.zeros(len(residents), dtype=np.int64)
    rank, gathered, left = 0, 0.0, total
    for home in along.tolist():
        group[home] = rank
        gathered += residents[home]
        left -= residents[home]
        # Half a person more, so that the whole number is not below the threshold; the rest joins the last group.
        if gathered >= threshold + 0.5 and left >= threshold + 0.5:
            rank, gathered = rank + 1, 0.0
    return _summed(group, residents, homes["imputed"].to_numpy(dtype=bool), threshold)


def _summed(group: Whole, residents: Floats, imputed: Flags, threshold: int) -> Groups:
    total = np.bincount(group, weights=residents)
    guessed = np.bincount(group, weights=residents * imputed) / total
    # Rounding the running total keeps the sum; a group then gets the whole number below or above its own.
    running = np.round(np.cumsum(total)).astype(np.int64)
    people = np.maximum(np.diff(running, prepend=0), threshold)
    return Groups(group, residents, people, guessed, threshold)


def _part(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
