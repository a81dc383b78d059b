"""Groups of neighbours are large enough to be shown, and nothing smaller can be found by subtracting."""

from itertools import combinations

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from morgen.core.errors import InputError
from morgen.models.access.people import EVERYONE, Groups, Shares, group_neighbours

HOMES = st.lists(
    st.tuples(st.integers(0, 500), st.integers(0, 500), st.floats(0.2, 6.0), st.booleans()),
    min_size=8,
    max_size=60,
)


def homes(town: list[tuple[int, int, float, bool]]) -> geopandas.GeoDataFrame:
    x, y, residents, imputed = zip(*town, strict=True)
    values = {"residents": np.array(residents, dtype=float), "imputed": np.array(imputed, dtype=bool)}
    return geopandas.GeoDataFrame(values, geometry=shapely.points(x, y), crs="EPSG:28992")


def groups_of(town: list[tuple[int, int, float, bool]]) -> Groups | None:
    if sum(row[2] for row in town) < 10:
        return None
    return group_neighbours(homes(town), threshold=10)


@given(HOMES)
def test_every_group_can_be_shown(town: list[tuple[int, int, float, bool]]) -> None:
    """No group is below the threshold, everybody is in one, and the totals stay."""
    groups = groups_of(town)
    if groups is None:
        return
    assert (groups.people >= 10).all()
    assert set(groups.of_home) == set(range(len(groups.people)))
    assert abs(groups.people.sum() - groups.residents.sum()) <= 0.5


@given(HOMES, st.integers(0, 2**20))
def test_no_difference_between_what_is_told_is_small(town: list[tuple[int, int, float, bool]], seed: int) -> None:
    """Of any outputs that are told, the parts that they share or differ in hold no or at least ten people."""
    groups = groups_of(town)
    if groups is None:
        return
    random = np.random.default_rng(seed)
    members = {f"set {rank}": random.random(len(groups.people)) < 0.5 for rank in range(4)}
    shares = Shares.of(groups, members)
    for one, other in combinations((EVERYONE, *members), 2):
        first, second = shares.members[one], shares.members[other]
        for part in (first & second, first & ~second, second & ~first):
            assert not part.any() or groups.people[part].sum() >= 10
        assert shares.count(one) == groups.people[first].sum()


def test_a_few_people_are_not_told_of() -> None:
    """An area with fewer people than the threshold is refused in one sentence."""
    with pytest.raises(InputError, match="about 6 people live in the area, but nothing is told of fewer than 10"):
        group_neighbours(homes([(0, 0, 3.0, False), (5, 5, 3.0, False)]), threshold=10)


def test_a_group_has_what_half_of_its_people_have() -> None:
    """The median is over people, not over homes, and knows what cannot be reached."""
    groups = Groups(
        of_home=np.array([0, 0, 0, 1]),
        residents=np.array([1.0, 1.0, 9.0, 12.0]),
        people=np.array([11, 12]),
        imputed=np.zeros(2),
        threshold=10,
    )
    assert groups.middle([100, 200, 300, np.inf]).tolist() == [300, np.inf]
    assert groups.mean([11, 0, 0, 7]).tolist() == [1, 7]
    assert groups.mean([[11, 0], [0, 11], [0, 0], [7, 8]]).tolist() == [[1, 1], [7, 8]]


def test_guessed_people_give_a_band() -> None:
    """Where a number is a guess nobody may live there, or twice as many; without guesses there is no band."""
    groups = Groups(np.array([0, 1]), np.array([20.0, 20.0]), np.array([20, 20]), np.array([0.0, 0.5]), 10)
    shares = Shares.of(groups, {"first": np.array([True, False]), "second": np.array([False, True])})
    assert shares.share("first") == 0.5
    assert shares.band("first") == pytest.approx((20 / 50, 20 / 30))
    assert shares.band("second") == pytest.approx((10 / 30, 30 / 50))
    sure = Groups(np.array([0]), np.array([20.0]), np.array([20]), np.zeros(1), 10)
    assert Shares.of(sure, {"all": np.array([True])}).band("all") is None
    assert Shares.of(sure, {"none": np.array([False])}).share("none") == 0
