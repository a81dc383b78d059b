"""The door of population numbers: small groups stay hidden, also for who subtracts."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morgen.core.disclosure import release
from morgen.core.errors import ParameterError

WHOLE = frozenset("abc")


def test_a_small_count_is_withheld_and_is_not_zero() -> None:
    """Nine people are too few, ten are not; what is withheld is None."""
    shown = release({"a": 9, "b": 10}, {"a": frozenset("a"), "b": frozenset("b")})
    assert shown.counts == {"a": None, "b": 10}


def test_what_is_left_of_a_total_is_not_shown_either() -> None:
    """Total 103 minus 60 and 40 would give the three of c: one more output is withheld."""
    outputs = {"all": WHOLE, "a": frozenset("a"), "b": frozenset("b"), "c": frozenset("c")}
    shown = release({"a": 60, "b": 40, "c": 3}, outputs)
    assert shown.counts == {"all": 103, "a": 60, "b": None, "c": None}


def test_overlapping_sums_give_no_small_difference() -> None:
    """Children 0-11 and 0-12 differ by the four of twelve years: only one of them is shown."""
    people = dict.fromkeys(range(12), 20) | {12: 4}
    shown = release(people, {"0-11": frozenset(range(12)), "0-12": frozenset(range(13))})
    assert shown.counts == {"0-11": 240, "0-12": None}


def test_a_share_does_not_give_its_part_away() -> None:
    """4 of 100 would be read from 4 %; a share over nine people is none."""
    people = {"a": 4, "b": 96}
    shown = release(people, {"all": frozenset("ab"), "a": frozenset("a"), "b": frozenset("b")})
    assert shown.share("a", "all") is None
    assert shown.share("b", "all") is None
    assert release({"a": 25, "b": 75}, {"all": frozenset("ab"), "a": frozenset("a")}).share("a", "all") == 0.25


def test_a_group_that_its_source_hid_is_unknown() -> None:
    """A hidden group and an absent group give the same: no sum with it, and never a sum that leaves it out."""
    outputs = {"all": WHOLE, "a": frozenset("a")}
    hidden = release({"a": 60, "b": 40, "c": None}, outputs)
    absent = release({"a": 60, "b": 40}, outputs)
    assert hidden.counts == absent.counts == {"all": None, "a": 60}


@pytest.mark.parametrize(("people", "threshold"), [({"a": -1}, 10), ({"a": 1}, 0)])
def test_what_cannot_be_is_refused(people: dict[str, int], threshold: int) -> None:
    """A negative number of people and a threshold of zero are errors."""
    with pytest.raises(ParameterError, match=r"must be|0 or more"):
        release(people, {"a": frozenset("a")}, threshold=threshold)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 14), min_size=3, max_size=4),
    st.lists(st.frozensets(st.integers(0, 3), min_size=1), min_size=1, max_size=5),
)
def test_who_tries_everything_finds_no_small_group(sizes: list[int], asked: list[frozenset[int]]) -> None:
    """Of all populations that agree with what is shown, some give each set of groups enough people."""
    people = dict(enumerate(sizes))
    outputs = {
        str(index): frozenset(g for g in groups if g in people) or frozenset([0])
        for index, groups in enumerate(asked)
    }
    shown = {
        name: count for name, count in release(people, outputs, threshold=5).counts.items() if count is not None
    }
    covered = sorted(frozenset().union(*(outputs[name] for name in shown))) if shown else []
    top = max(shown.values(), default=0)
    possible = _populations(covered, [(outputs[name], count) for name, count in shown.items()], top)
    for length in range(1, len(covered) + 1):
        for group in itertools.combinations(covered, length):
            assert max(sum(each[g] for g in group) for each in possible) >= 5


def _populations(groups: list[int], sums: list[tuple[frozenset[int], int]], top: int) -> list[dict[int, int]]:
    found: list[dict[int, int]] = [{}]
    for group in groups:
        found = [
            each | {group: count}
            for each in found
            for count in range(top + 1)
            if all(sum((each | {group: count}).get(g, 0) for g in part) <= total for part, total in sums)
        ]
    return [each for each in found if all(sum(each[g] for g in part) == total for part, total in sums)]
