"""Access over a street of which every distance is known by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from morgen.core.errors import ParameterError
from morgen.models import access
from morgen.models.access import reach

PEOPLE = st.lists(st.tuples(st.integers(0, 900), st.integers(1, 50)), min_size=1, max_size=12)


@pytest.fixture
def street() -> access.WalkingNetwork:
    """Return five nodes in a row, 100 m apart, with a longer parallel edge and a node on an island."""
    points = [(0, 0), (100, 0), (200, 0), (300, 0), (400, 0), (900, 900)]
    return access.build_network(points, [0, 1, 2, 3, 0], [1, 2, 3, 4, 1], [100, 100, 100, 100, 170])


def test_nearest_is_over_the_network(street: access.WalkingNetwork) -> None:
    """Of parallel edges the shortest is walked; beyond the limit and on an island there is no way."""
    assert list(access.nearest(street, [0, 4])) == [0, 100, 200, 100, 0, np.inf]
    assert list(access.nearest(street, [0], limit=150)) == [0, 100, np.inf, np.inf, np.inf, np.inf]


def test_places_too_far_from_the_network_are_listed(street: access.WalkingNetwork) -> None:
    """A place snaps within 50 m and is listed beyond."""
    snapped = street.snap([(3, 4), (200, 50), (200, 51)])
    assert list(snapped.node) == [0, 2, -1]
    assert snapped.distance[0] == pytest.approx(5)
    assert snapped.missed == (2,)


def test_batches_do_not_change_the_distances(
    street: access.WalkingNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With memory for one source at a time the table is the same; who did not snap has no way."""
    whole = access.pairs_within(street, [0, 1, -1], [4, 2], limit=350)
    monkeypatch.setattr(reach, "BATCH_BYTES", 1)
    assert np.array_equal(access.pairs_within(street, [0, 1, -1], [4, 2], limit=350), whole)
    assert whole.tolist() == [[np.inf, 200], [300, 100], [np.inf, np.inf]]


def test_distribution_counts_everyone() -> None:
    """Median, p90 and histogram are over people, and who has no way is beyond."""
    found = access.summarise([100, 300, np.inf], [6, 3, 1], edges=[0, 200, 400])
    assert (found.median, found.p90, list(found.people), found.beyond) == (100, 300, [6, 3], 1)
    assert access.share_within([100, 300, np.inf], [6, 3, 1], 300) == pytest.approx(0.9)


def test_score_shows_its_components() -> None:
    """The score is the number of themes in reach, and says which."""
    score, parts = access.fifteen_minute_score({"care": [100, 2000], "sport": [1250, np.inf]})
    assert list(score) == [2, 0]
    assert list(parts["sport"]) == [True, False]


@given(PEOPLE)
def test_gini_is_that_of_all_pairs(town: list[tuple[int, int]]) -> None:
    """Gini is half the mean difference between two people, over the mean."""
    values, people = np.array(town, dtype=float).T
    total, mean = people.sum(), float(values @ people / people.sum())
    apart = float(people @ np.abs(values[:, None] - values[None]) @ people) / total**2
    assert access.gini(values, people) == pytest.approx(apart / (2 * mean) if mean else 0.0, abs=1e-9)


@given(PEOPLE)
def test_worst_off_are_a_quarter(town: list[tuple[int, int]]) -> None:
    """The worst-off are a quarter of the people, and nobody outside has a lower score."""
    score, people = np.array(town, dtype=float).T
    worst = access.worst_off_quarter(score, people)
    assert worst.sum() == pytest.approx(people.sum() / 4)
    assert score[worst > 1e-9].max() <= score[worst < people - 1e-9].min()


def test_small_green_does_not_count(street: access.WalkingNetwork) -> None:
    """Only a patch of the asked size is green within 300 m."""
    assert list(access.green_within(street, [0, 4], [0, 1], [20_000, 500])) == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]
    assert not access.green_within(street, [0], [0], [10]).any()


def test_three_thirty_three_hundred() -> None:
    """Three trees near, 30 % canopy and green are judged apart and together."""
    trees = [(0, 5), (5, 0), (0, -5), (100, 0)]
    judged = access.three_thirty_three_hundred([(0, 0), (100, 0)], trees, [0.3, 0.29], [True, True])
    assert list(judged.trees) == [True, False]
    assert list(judged.canopy) == [True, False]
    assert list(judged.all_three) == [True, False]


def test_wrong_networks_are_refused() -> None:
    """An edge to nowhere or without length is named."""
    with pytest.raises(ParameterError, match="edge 0 goes from node 0 to 2"):
        access.build_network([(0, 0), (1, 1)], [0], [2], [5])
    with pytest.raises(ParameterError, match="edge 0 has length 0"):
        access.build_network([(0, 0), (1, 1)], [0], [1], [0])
    with pytest.raises(ParameterError, match="no facility"):
        access.nearest(access.build_network([(0, 0), (1, 1)], [0], [1], [2]), [-1])
    with pytest.raises(ParameterError, match="leave out who has no way"):
        access.gini([np.inf], [1])
