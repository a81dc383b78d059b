"""The search for packages: close to the best where all packages can be tried, within budget, and never twice."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from morgen.services.advice.search import Search


def covering(seed: int, candidates: int = 9):
    """Return a function of packages in which candidates overlap, and some pairs help each other."""
    rng = np.random.default_rng(seed)
    covers = rng.random((candidates, 40)) < 0.2
    weight = rng.random(40)
    pairs = rng.random((candidates, candidates)) * (rng.random((candidates, candidates)) < 0.1)

    def value(package: frozenset[int]) -> float:
        chosen = sorted(package)
        covered = covers[chosen].any(axis=0) if chosen else np.zeros(40, bool)
        return float(weight[covered].sum() + pairs[np.ix_(chosen, chosen)].sum())

    return value, rng.uniform(1, 5, candidates).tolist()


def packages(count: int):
    return map(frozenset, chain.from_iterable(combinations(range(count), size) for size in range(count + 1)))


def searching(value, costs, **more):
    asked = []

    def evaluate(some):
        asked.extend(some)
        return [value(package) for package in some]

    return Search(costs=costs, evaluate=evaluate, **more), asked


@pytest.mark.parametrize("seed", range(30))
def test_it_comes_close_to_the_best_of_all_packages(seed):
    """At least 95 % of the best of all 512 packages, with far fewer evaluations, none of them twice."""
    value, costs = covering(seed)
    budget = 0.4 * sum(costs)
    best = max(value(package) for package in packages(len(costs)) if sum(costs[n] for n in package) <= budget)
    search, asked = searching(value, costs)
    *_, found = search.improve(budget)
    assert value(found) >= 0.95 * best
    assert search.cost(found) <= budget
    assert len(asked) == len(set(asked)) < 250


@given(st.integers(0, 10_000), st.floats(0.05, 1.0))
def test_what_is_found_becomes_better_and_stays_within_budget(seed, share):
    """Every package that is yielded is worth more than the one before; the empty one is never yielded."""
    value, costs = covering(seed, candidates=7)
    search, _ = searching(value, costs)
    found = list(search.improve(share * sum(costs)))
    worth = [value(package) for package in found]
    assert worth == sorted(worth)
    assert len(set(worth)) == len(worth)
    assert all(0 < search.cost(package) <= share * sum(costs) + 1e-6 for package in found)


def test_candidates_that_exclude_each_other_are_not_taken_together():
    """Two measures on one place: the better one, and then the next elsewhere."""
    search, _ = searching(lambda package: float(sum({0: 5, 1: 4, 2: 1}[n] for n in package)), [1.0, 1.0, 1.0])
    *_, free = search.improve(2.0)
    assert free == {0, 1}
    search, _ = searching(
        lambda package: float(sum({0: 5, 1: 4, 2: 1}[n] for n in package)),
        [1.0, 1.0, 1.0],
        conflicts=[frozenset({0, 1})],
    )
    *_, found = search.improve(2.0)
    assert found == {0, 2}


def test_nothing_is_advised_when_nothing_helps():
    """Measures that make it worse are no advice."""
    search, _ = searching(lambda package: -float(len(package)), [1.0, 2.0])
    assert list(search.improve(10.0)) == []


def test_a_larger_budget_is_never_worth_less():
    """Packages of smaller budgets count as well."""
    value, costs = covering(3)
    search, _ = searching(value, costs)
    last: frozenset[int] = frozenset()
    for share in (0.1, 0.2, 0.4, 0.8):
        found = list(search.improve(share * sum(costs), start=[last]))[-1]
        assert value(found) >= value(last)
        last = found


def test_evaluations_side_by_side_find_the_same():
    """With four at a time more is evaluated, and what is found is as good."""
    value, costs = covering(11)
    one, asked = searching(value, costs)
    four, more = searching(value, costs, side_by_side=4)
    *_, found = one.improve(8.0)
    *_, again = four.improve(8.0)
    assert value(again) >= 0.97 * value(found)
    assert len(more) >= len(asked)
