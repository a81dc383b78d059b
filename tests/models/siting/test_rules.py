"""Rules of where best that hold for any town, tried on small ones and checked by enumeration."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from morgen.core.errors import ParameterError
from morgen.models.siting import locate

TOWNS = st.tuples(st.integers(2, 7), st.integers(2, 5), st.integers(0, 2**20))


def town(shape: tuple[int, int, int]) -> tuple[Any, Any]:
    """Return distances and weights of a made-up town that is not square."""
    demands, sites, seed = shape
    random = np.random.default_rng(seed)
    return random.integers(1, 90, (demands + sites, sites)).astype(float), random.integers(
        1, 9, demands + sites
    ) * 1.0


def choices(sites: int, k: int) -> Any:
    """Return every choice of k sites."""
    return (list(choice) for choice in itertools.combinations(range(sites), k))


@settings(max_examples=25)
@given(TOWNS, st.integers(1, 4), st.integers(0, 4))
def test_no_choice_is_better(shape: tuple[int, int, int], k: int, kept: int) -> None:
    """With an existing site or without, median, centre and cover are the best of all choices."""
    distance, weight = town(shape)
    sites = distance.shape[1]
    k, kept = min(k, sites), min(kept, sites - 1)
    near = [distance[:, choice].min(axis=1) for choice in choices(sites, k) if kept in choice]
    asked: dict[str, Any] = {"weight": weight, "k": k, "existing": [kept]}
    median = locate(distance, **asked)
    assert kept in median.open
    assert len(median.open) == k
    assert median.objective == pytest.approx(min(float(weight @ each) for each in near))
    assert locate(distance, **asked, objective="center").objective == min(each.max() for each in near)
    cover = locate(distance, **asked, objective="cover", radius=30)
    assert cover.objective == pytest.approx(max(float(weight @ (each <= 30)) for each in near))


@settings(max_examples=25)
@given(TOWNS)
def test_more_sites_are_never_worse(shape: tuple[int, int, int]) -> None:
    """One site more never raises the median or the centre, and never lowers the cover."""
    distance, weight = town(shape)
    assume((distance <= 25).any())  # else the cover is refused
    for k in range(1, distance.shape[1]):
        fewer, more = (locate(distance, weight, each).objective for each in (k, k + 1))
        assert more <= fewer + 1e-9
        fewer, more = (locate(distance, k=each, objective="center").objective for each in (k, k + 1))
        assert more <= fewer
        fewer, more = (locate(distance, weight, each, "cover", 25).objective for each in (k, k + 1))
        assert more >= fewer


@settings(max_examples=25)
@given(TOWNS, st.integers(1, 3))
def test_order_of_rows_and_columns_is_no_matter(shape: tuple[int, int, int], k: int) -> None:
    """Demand and sites in another order give the same objective."""
    distance, weight = town(shape)
    k = min(k, distance.shape[1])
    random = np.random.default_rng(shape[2])
    rows, columns = random.permutation(len(distance)), random.permutation(distance.shape[1])
    moved = locate(distance[np.ix_(rows, columns)], weight[rows], k)
    assert moved.objective == pytest.approx(locate(distance, weight, k).objective)


@settings(max_examples=25)
@given(TOWNS, st.booleans())
def test_capacity_is_kept(shape: tuple[int, int, int], split: bool) -> None:  # noqa: FBT001  from hypothesis
    """No site serves more than it can hold, all demand is served, and whole demand goes to one site."""
    distance, weight = town(shape)
    sites = distance.shape[1]
    capacity = np.full(sites, weight.sum() / sites + weight.max())
    answer = locate(distance, weight, sites, capacity=capacity, split=split)
    assert np.all(weight @ answer.shares <= capacity + 1e-6)
    assert answer.shares.sum(axis=1) == pytest.approx(np.ones(len(distance)))
    if not split:
        assert set(np.unique(answer.shares)) <= {0.0, 1.0}
    assert answer.objective == pytest.approx(float((answer.shares * distance * weight[:, None]).sum()))
    assert answer.objective >= locate(distance, weight, sites).objective - 1e-6


@settings(max_examples=25)
@given(TOWNS)
def test_set_cover_is_the_smallest(shape: tuple[int, int, int]) -> None:
    """No smaller choice covers everyone who can be covered."""
    distance, _ = town(shape)
    answer = locate(distance, objective="set_cover", radius=40) if (distance <= 40).any() else None
    if answer is None:
        return
    near = distance[(distance <= 40).any(axis=1)] <= 40
    sizes = range(1, distance.shape[1] + 1)
    smallest = next(k for k in sizes if any(near[:, each].any(axis=1).all() for each in choices(len(near[0]), k)))
    assert answer.objective == len(answer.open) == smallest


@pytest.mark.parametrize("objective", ["median", "center", "cover", "set_cover"])
@pytest.mark.parametrize("capacity", [None, [9.0, 9.0]])
def test_unreachable_demand_is_named(objective: Any, capacity: Any) -> None:
    """Whom no site can reach is named, has no site, and does not stop the rest."""
    distance = np.array([[100, 500], [np.inf, np.inf], [500, 100]])
    answer = locate(distance, k=2, objective=objective, radius=200, capacity=capacity)
    assert answer.unreached == (1,)
    assert list(answer.assignment) == [0, -1, 1]


def test_time_limit_gives_the_best_with_a_bound() -> None:
    """When the time is up there is an answer, and a bound that says how good it is."""
    random = np.random.default_rng(4)
    points = random.random((250, 2))
    distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    answer = locate(distance, k=20, time_limit=0.01)
    assert len(answer.open) == 20
    assert answer.bound <= answer.objective
    assert distance[:, answer.open].min(axis=1).sum() == pytest.approx(answer.objective)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"k": 0}, "k is 0"),
        ({"k": 3}, "k is 3"),
        ({}, "needs k"),
        ({"k": 1, "objective": "nearest"}, "'nearest'"),
        ({"k": 1, "objective": "cover"}, "needs radius"),
        ({"k": 1, "radius": -1}, "radius is -1"),
        ({"k": 1, "radius": 1}, "no site can reach any"),
        ({"k": 1, "weight": [1, -2, 1]}, r"weight\[1\] is -2"),
        ({"k": 1, "weight": [1, 2]}, "one number for each demand"),
        ({"k": 1, "capacity": [1, 2, 3]}, "one number for each site"),
        ({"k": 1, "capacity": [1, 2]}, "demand is 3"),
        ({"k": 1, "existing": [2]}, "existing names site 2"),
        ({"k": 1, "existing": [0, 1]}, "k is 1"),
        ({"k": 1, "objective": "center", "fixed_cost": 1}, "takes no fixed_cost"),
        ({"k": 1, "time_limit": 0}, "time_limit is 0"),
    ],
)
def test_wrong_value_is_named(wrong: dict[str, Any], says: str) -> None:
    """A value that is not allowed is refused by name."""
    with pytest.raises(ParameterError, match=says):
        locate([[10, 20], [20, 10], [30, 30]], **wrong)


@pytest.mark.parametrize("distance", [[1, 2], [[np.nan, 1]], [[-1, 2]], []])
def test_wrong_distance_is_refused(distance: Any) -> None:
    """A distance is a table of numbers of 0 or more."""
    with pytest.raises(ParameterError, match="distance"):
        locate(distance, k=1)


@pytest.mark.parametrize("objective", ["median", "center"])
def test_too_few_sites_to_reach_everyone(objective: Any) -> None:
    """Two islands with one site are refused in one sentence, not served in part."""
    with pytest.raises(ParameterError, match="cannot reach all demand"):
        locate([[10, np.inf], [np.inf, 10]], k=1, objective=objective)
