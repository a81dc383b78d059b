"""Who gains and who loses: by depth, beyond the noise floor, the worst first."""

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from morgen.services.compare.places import named_streets, place_changes

DEPTHS = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=30)


def table(depths):
    names = [f"b{number}" for number in range(len(depths))]
    return pd.DataFrame({"depth": depths, "kind": "house", "x": 1.0, "y": 2.0}, index=names)


def test_each_place_is_called_what_happened_to_it():
    """Wet is from the threshold; a change under the floor is none, also across the threshold."""
    before = table([0.05, 0.30, 0.05, 0.30, 0.0999, np.nan])
    after = table([0.25, 0.02, 0.07, 0.20, 0.1001, 0.50])
    found = place_changes(before, after, threshold=0.1, floor=0.002)
    assert [(item.id, item.change) for item in found.losers] == [("b0", "wet"), ("b2", "deeper")]
    assert [(item.id, item.change) for item in found.gainers] == [("b1", "dry"), ("b3", "shallower")]
    assert (found.unchanged, found.unknown) == (1, 1)
    assert found.losers[0].difference == pytest.approx(0.20)


def test_what_is_in_one_run_only_is_counted_and_not_compared():
    """A demolished building neither gains nor loses."""
    found = place_changes(table([0.2, 0.2, 0.2]), table([0.2]), threshold=0.1, floor=0.002)
    assert (found.only_base, found.only_other, found.unchanged) == (2, 0, 1)


@given(DEPTHS)
def test_turned_around_the_losers_are_the_gainers(depths):
    """Every place is counted once, and dry and wet make up the difference in wet places when nothing is noise."""
    one, two = (table(list(side)) for side in zip(*depths, strict=True))
    there = place_changes(one, two, threshold=0.1, floor=0.0)
    back = place_changes(two, one, threshold=0.1, floor=0.0)
    assert {item.id for item in there.losers} == {item.id for item in back.gainers}
    assert there.dry + there.wet + there.deeper + there.shallower + there.unchanged == len(depths)
    wet = [int((frame["depth"].to_numpy() >= np.float32(0.1)).sum()) for frame in (one, two)]
    assert there.wet - there.dry == wet[1] - wet[0]


@given(DEPTHS, st.floats(0.001, 0.2))
def test_the_worst_come_first(depths, floor):
    """Who becomes wet goes before who gets deeper water; within each the largest rise first."""
    one, two = (table(list(side)) for side in zip(*depths, strict=True))
    losers = place_changes(one, two, threshold=0.1, floor=floor).losers
    order = [(item.change != "wet", -item.difference) for item in losers]
    assert order == sorted(order)
    assert all(item.difference > floor - 1e-6 for item in losers)


def test_road_parts_go_by_the_name_of_the_street_beside_them():
    """The nearest named line within 12 m; a part far from all of them keeps its id."""
    roads = geopandas.GeoDataFrame(
        {"object_id": ["a", "b", "c"]},
        geometry=[shapely.box(0, 0, 20, 5), shapely.box(0, 9, 20, 12), shapely.box(0, 90, 20, 95)],
        crs="EPSG:28992",
    )
    paths = geopandas.GeoDataFrame(
        {"street": ["Dorpsstraat", "", None]},
        geometry=[shapely.LineString([(0, y), (20, y)]) for y in (2, 10, 92)],
        crs="EPSG:28992",
    )
    assert list(named_streets(roads, paths)["place"]) == ["Dorpsstraat", "Dorpsstraat", "c"]
    assert list(named_streets(roads, None)["place"]) == ["a", "b", "c"]
