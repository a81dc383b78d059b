"""The one door through which numbers of people leave: no small group can be read off, nor found by subtraction.

An output is a set of groups of people (ages, buurten, squares) of which the sum would be shown. ``release`` shows
an output only when nobody can prove from all that is shown together that some group, or any part that outputs
share or differ in, holds fewer people than the threshold. What is not shown is None: unknown, never zero.

Why checking the smallest parts is enough: whatever can be subtracted from what is shown is a union of the parts
into which the outputs cut the population. A union that is provably below the threshold has a part that is, too.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from morgen.core.errors import ParameterError

__all__ = ["THRESHOLD", "Release", "release"]

THRESHOLD = 10
"""Fewest people of whom a number is shown."""
Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True)
class Release:
    """What may be shown."""

    counts: Mapping[str, int | None]
    """People of each output that was asked; None where it is withheld or not known."""
    threshold: int

    def share(self, part: str, whole: str) -> float | None:
        """Return the share of ``part`` in ``whole``; None unless both may be shown.

        A share gives its part away to who knows the whole, so both must be outputs that are shown.
        """
        numerator, denominator = self.counts[part], self.counts[whole]
        return None if numerator is None or denominator is None else numerator / denominator

    @property
    def withheld(self) -> tuple[str, ...]:
        """Names of the outputs that are not shown."""
        return tuple(name for name, count in self.counts.items() if count is None)


def release(
    people: Mapping[Group, int | None],
    outputs: Mapping[str, frozenset[Group]],
    *,
    threshold: int = THRESHOLD,
) -> Release:
    """Decide which sums may be shown together; earlier outputs go first, so put totals in front.

    ``people`` is the number in each group, None where it is not known (suppressed at its source): an output with
    such a group is withheld. A group that ``people`` lacks is not known either. Outputs on the same people that
    are shown in different answers belong in one call.

    Raises ``ParameterError`` for a threshold below 1 or a negative number.
    """
    _require_sound(people, threshold)
    known = {
        name: groups for name, groups in outputs.items() if all(people.get(group) is not None for group in groups)
    }
    parts = _parts(known)
    sizes = [sum(people[group] or 0 for group in part) for part in parts]
    rows = {
        name: frozenset(index for index, part in enumerate(parts) if part <= groups)
        for name, groups in known.items()
    }
    small = [index for index, size in enumerate(sizes) if size < threshold]
    shown: dict[str, int] = {}
    for name, row in rows.items():
        count = sum(sizes[index] for index in row)
        tried = {rows[other]: value for other, value in shown.items()} | {row: count}
        if count >= threshold and all(_could_be(index, tried, threshold) for index in small):
            shown[name] = count
    return Release({name: shown.get(name) for name in outputs}, threshold)


def _require_sound(people: Mapping[Group, int | None], threshold: int) -> None:
    if threshold < 1:
        raise ParameterError(f"the threshold of disclosure is {threshold}, but it must be 1 or more")
    for group, count in people.items():
        if count is not None and count < 0:
            raise ParameterError(f"the group {group!r} holds {count} people, but a number of people is 0 or more")


def _parts(outputs: Mapping[str, frozenset[Group]]) -> list[frozenset[Group]]:
    """Cut the groups into the smallest parts that the outputs can tell apart."""
    members: dict[frozenset[str], set[Group]] = {}
    for group in {group for groups in outputs.values() for group in groups}:
        signature = frozenset(name for name, groups in outputs.items() if group in groups)
        members.setdefault(signature, set()).add(group)
    return [frozenset(groups) for groups in members.values()]


def _could_be(part: int, shown: Mapping[frozenset[int], int], threshold: int) -> bool:
    """Whether, for all that is shown, the part could hold ``threshold`` people or more."""
    if not any(part in row for row in shown):
        return True
    if _nested(shown):
        return _room(part, shown) >= threshold
    return _most(part, shown) >= threshold - 0.5


def _nested(rows: Iterable[frozenset[int]]) -> bool:
    """Whether any two sets are apart or one holds the other, as age groups and areas mostly are."""
    return all(not one & other or one <= other or other <= one for one, other in combinations(rows, 2))


def _room(part: int, shown: Mapping[frozenset[int], int]) -> int:
    """Return the most that a part can hold in nested sums: what its own sum leaves beside the sums inside it."""
    own = min((row for row in shown if part in row), key=len)
    inside = [row for row in shown if row < own]
    outermost = [row for row in inside if not any(row < other for other in inside)]
    return shown[own] - sum(shown[row] for row in outermost)


def _most(part: int, shown: Mapping[frozenset[int], int]) -> float:
    """Return the most that a part can hold, by an integer programme; 0 when the solver could not tell.

    Undecided is unsafe: what the solver could not prove possible is not shown.
    """
    import numpy as np
    from scipy.optimize import LinearConstraint, milp

    wanted = np.zeros(1 + max(index for row in shown for index in row))
    matrix = np.array([[float(index in row) for index in range(len(wanted))] for row in shown])
    counts = np.array(list(shown.values()), dtype=np.float64)
    wanted[part] = -1
    found = milp(
        wanted,
        constraints=LinearConstraint(matrix, counts, counts),
        integrality=np.ones(len(wanted), dtype=np.int64),
    )
    return -float(found.fun) if found.success and found.fun is not None else 0.0
