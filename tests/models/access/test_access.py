"""Access over a street of which every distance is known by hand."""

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from morgen.core.errors import InputError, ParameterError
from morgen.models import access
from morgen.models.access import reach

PEOPLE = st.lists(st.tuples(st.integers(0, 900), st.integers(1, 50)), min_size=1, max_size=12)


@pytest.fixture
def street() -> access.Network:
    """Return five nodes in a row, 100 m apart, with a longer parallel edge and a node on an island."""
    points = [(0, 0), (100, 0), (200, 0), (300, 0), (400, 0), (900, 900)]
    return access.build_network(points, [0, 1, 2, 3, 0], [1, 2, 3, 4, 1], [100, 100, 100, 100, 170])


def test_nearest_is_over_the_network(street: access.Network) -> None:
    """Of parallel edges the shortest is walked; beyond the limit and on an island there is no way."""
    assert list(access.nearest(street, [0, 4])) == [0, 100, 200, 100, 0, np.inf]
    assert list(access.nearest(street, [0], limit=150)) == [0, 100, np.inf, np.inf, np.inf, np.inf]


def test_places_too_far_from_the_network_are_listed(street: access.Network) -> None:
    """A place joins the nearest edge within 50 m and is listed beyond."""
    placed = street.place([(30, 4), (200, 50), (200, 51)])
    assert placed.missed == (2,)
    assert list(placed.distance) == [4, 50, 51]
    metres = access.nearest(placed, placed.node[:1])
    assert metres[placed.node[1]] == pytest.approx(4 + 170 + 50)
    assert metres[1] == pytest.approx(4 + 70)


NEAR = st.tuples(st.integers(-20, 420), st.integers(-20, 20))


@given(st.lists(NEAR, min_size=2, max_size=6))
def test_a_place_is_as_far_as_over_the_ends_of_its_edge(town: list[tuple[int, int]]) -> None:
    """Splitting edges gives the same distances as going over both ends of every edge, or straight along one."""
    points = [(0, 0), (100, 0), (200, 0), (300, 0), (400, 0)]
    net = access.build_network(points, [0, 1, 2, 3, 0], [1, 2, 3, 4, 1], [100, 100, 100, 100, 170])
    placed = net.place(town)
    found = access.pairs_within(placed, placed.node, placed.node, limit=np.inf)
    x = np.clip(np.array(town)[:, 0], 0, 400)
    off = np.hypot(np.array(town)[:, 0] - x, np.array(town)[:, 1])
    wanted = np.abs(x[:, None] - x) + off[:, None] + off
    same = (np.array(town)[:, None] == np.array(town)).all(axis=2)
    assert found == pytest.approx(np.where(same, 0, wanted), abs=1e-4)


def test_an_edge_that_is_longer_than_its_line_is_split_in_proportion() -> None:
    """Half way along a winding edge is half of its length."""
    placed = access.build_network([(0, 0), (100, 0)], [0], [1], [300]).place([(50, 0)])
    assert access.nearest(placed, placed.node)[:2] == pytest.approx([150, 150])


def paths(*rows: tuple[str, str, list[tuple[float, float]], bool]) -> geopandas.GeoDataFrame:
    lines = [shapely.LineString(line) for _, _, line, _ in rows]
    return geopandas.GeoDataFrame(
        {
            "from_node": [row[0] for row in rows],
            "to_node": [row[1] for row in rows],
            "length": [line.length for line in lines],
            "walkable": [row[3] for row in rows],
        },
        geometry=lines,
        crs="EPSG:28992",
    )


def test_a_network_of_paths_joins_at_junctions_and_leaves_out_motorways() -> None:
    """Lines that cross without a junction do not join; what is not walkable is no way; all nodes keep a place."""
    layer = paths(
        ("a", "b", [(0, 0), (100, 0)], True),
        ("c", "d", [(50, -50), (50, 50)], True),
        ("b", "c", [(100, 0), (50, -50)], False),
    )
    net = access.Network.of(layer)
    assert net.points.tolist() == [[0, 0], [100, 0], [50, -50], [50, 50]]
    assert list(access.nearest(net, [0])) == [0, 100, np.inf, np.inf]
    assert list(access.nearest(net.keep([False, True]), [2])) == [np.inf, np.inf, 0, 100]


def test_a_junction_in_two_places_is_named() -> None:
    """Two networks that use one number for different junctions are refused, with the places."""
    layer = paths(("a", "b", [(0, 0), (100, 0)], True), ("a", "c", [(5, 0), (5, 9)], True))
    with pytest.raises(InputError, match=r"junction a .* 5\.0 m apart, at \(0, 0\) and \(5, 0\)"):
        access.Network.of(layer)
    with pytest.raises(InputError, match="none of the 1 pieces"):
        access.Network.of(paths(("a", "b", [(0, 0), (9, 0)], False)))
    with pytest.raises(ParameterError, match="place 1 has coordinates"):
        access.Network.of(layer[:1]).place([(0, 0), (np.nan, 1)])


def test_places_far_from_everything_leave_the_network_as_it_is() -> None:
    """Without any place near, and without any place at all, the distances of the network stay."""
    net = access.build_network([(0, 0), (100, 0)], [0], [1], [100])
    assert net.place([(0, 999)]).missed == (0,)
    assert list(access.nearest(net.place(np.zeros((0, 2))), [0])) == [0, 100]


def test_batches_do_not_change_the_distances(street: access.Network, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_small_green_does_not_count(street: access.Network) -> None:
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
    """Three trees in view, 30 % canopy and green are judged apart and together."""
    judged = access.three_thirty_three_hundred([3, 2], [0.3, 0.29], [True, True])
    assert list(judged.trees) == [True, False]
    assert list(judged.canopy) == [True, False]
    assert list(judged.all_three) == [True, False]
    with pytest.raises(ParameterError, match="canopy as a share of 0 to 1"):
        access.three_thirty_three_hundred([3], [30], [True])


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
