"""What is told of a point or a building is what was stored, cell by cell and time by time."""

import json
import math

import geopandas
import numpy as np
import pytest
import shapely
from tests.faces.tiles.runs import stored_run

from morgen.core.errors import InputError, NotFoundError
from morgen.services.explain import BuildingInRun, PointInRun, explain_building, explain_point
from morgen.services.series import StoredSeries
from morgen.testing.situations import ORIGIN, building, ground, situation

WEST, SOUTH = ORIGIN
SHAPE = (20, 30)
TIMES = [0.0, 300.0, 600.0]
DEPTHS = np.random.default_rng(2).random((3, *SHAPE)).round(3)
DEPTHS[:, 5:10, 5:10] = np.nan
TERRAIN = np.random.default_rng(3).normal(0.5, 0.3, SHAPE).astype(np.float32)
TERRAIN[0, 0] = np.nan
HOUSE = shapely.box(WEST + 2.5, SOUTH + 5, WEST + 5, SOUTH + 7.5)
RASTERS = {
    "max_depth": DEPTHS.max(axis=0) + 0.01,
    "arrival": np.where(DEPTHS[1] > 0.5, DEPTHS[1] * 10, np.nan),
    "duration": DEPTHS[2] * 60,
    "max_velocity": DEPTHS[0],
}
BUILDINGS = {
    "object_id": ["wet", "dry", "blind"],
    "bag_id": ["0503100000017414", "", "0503100000017415"],
    "max_depth": [0.21, 0.0, np.nan],
    "max_depth_at": [10.0, np.nan, np.nan],
    "above_low": [True, False, False],
    "above_high": [False, False, False],
}
FACADES = {"times": TIMES, "unit": "mm", "buildings": {"wet": [0, 120, 210]}}


@pytest.fixture(scope="module")
def made():
    """Half a metre per cell: 15 m east, 10 m north; a street, a canal and a house."""
    rows = [
        ground(
            "wegdeel", shapely.box(0, 0, 15, 3), object_id="street", function="voetpad", surface="open verharding"
        ),
        ground("waterdeel", shapely.box(0, 8, 15, 10), object_id="canal"),
    ]
    house = building("0503100000017414", shapely.affinity.translate(HOUSE, -WEST, -SOUTH), object_id="wet")
    return situation(TERRAIN, cell_size=0.5, land_cover=rows, buildings=[house])


@pytest.fixture(scope="module")
def run(made, tmp_path_factory):
    frame = geopandas.GeoDataFrame(BUILDINGS, geometry=[HOUSE] * 3, crs=28992)
    return stored_run(
        tmp_path_factory.mktemp("explain") / "run",
        made,
        depths=DEPTHS,
        times=TIMES,
        rasters=RASTERS,
        features={"buildings": frame},
        documents={"facade_depth": FACADES},
    )


@pytest.mark.parametrize(("row", "column"), [(0, 1), (19, 29), (12, 3), (19, 0), (0, 29)])
def test_a_point_tells_the_values_of_its_cell(run, row, column):
    """Anywhere in the cell: depth in time, extremes and terrain as they were stored."""
    for east, north in ((0.01, 0.01), (0.25, 0.25), (0.49, 0.49)):
        x, y = WEST + column / 2 + east, SOUTH + 10 - row / 2 - north
        found = explain_point(run, x, y)

        assert found.coordinates == (x, y)
        assert found.times == tuple(TIMES)
        assert found.depth == pytest.approx(DEPTHS[:, row, column], abs=1e-9)
        assert found.terrain == pytest.approx(TERRAIN[row, column], abs=1e-6)
        for name, values in RASTERS.items():
            value = values[row, column]
            told = getattr(found, name)
            assert told is None if math.isnan(value) else told == pytest.approx(value, rel=1e-5)


def test_a_point_tells_what_lies_there(run):
    """The object of the land cover, and the building."""
    street = explain_point(run, WEST + 10, SOUTH + 1)
    house = explain_point(run, WEST + 3, SOUTH + 6)

    assert street.land_cover is not None
    assert street.land_cover.to_json() == {
        "theme": "wegdeel",
        "function": "voetpad",
        "surface": "open verharding",
        "objectId": "street",
    }
    assert street.building is None
    assert (house.building, house.land_cover) == ("wet", None)


def test_under_a_building_there_is_no_depth(run):
    """No value is not zero."""
    found = explain_point(run, WEST + 3, SOUTH + 7)

    assert found.depth == (None, None, None)
    assert found.max_depth is None


@pytest.mark.parametrize("place", [(-0.1, 5), (15.1, 5), (5, -0.1), (5, 10.1), (float("nan"), 5), (1e9, 1e9)])
def test_a_point_outside_the_grid_is_refused(run, place):
    """The sentence says where one may ask."""
    with pytest.raises(InputError, match=r"outside the grid.*x 85000 to 85015 and y 447000 to 447010"):
        explain_point(run, WEST + place[0], SOUTH + place[1])


def test_answers_go_to_json_and_back(run):
    """Keys are in camelCase; nothing is NaN."""
    point = explain_point(run, WEST + 3, SOUTH + 7)
    house = explain_building(run, "wet")

    assert set(point.to_json()) == {"coordinates", "crs", "terrain", "landCover", "building", "times", "depth"} | {
        *("maxDepth", "arrival", "duration", "maxVelocity")
    }
    assert set(house.to_json()) == {"featureId", "bagId", "maxDepth", "maxDepthAt", "aboveLow", "aboveHigh"} | {
        *("times", "depth")
    }
    assert PointInRun.from_json(json.loads(json.dumps(point.to_json(), allow_nan=False))) == point
    assert BuildingInRun.from_json(json.loads(json.dumps(house.to_json(), allow_nan=False))) == house


def test_a_building_tells_its_facade(run):
    """The largest depth and when, the thresholds, and the depth in time in metres."""
    wet = explain_building(run, "wet")

    assert (wet.bag_id, wet.max_depth, wet.max_depth_at) == ("0503100000017414", 0.21, 10)
    assert (wet.above_low, wet.above_high) == (True, False)
    assert (wet.times, wet.depth) == (tuple(TIMES), (0, 0.12, 0.21))


def test_a_dry_building_is_told_from_an_unknown_one(run):
    """Dry is zero at every time; without ground along the façade nothing is known."""
    dry, blind = explain_building(run, "dry"), explain_building(run, "blind")

    assert (dry.max_depth, dry.depth, dry.max_depth_at) == (0, (0, 0, 0), None)
    assert (blind.max_depth, blind.times, blind.depth) == (None, (), ())


def test_a_building_that_the_run_does_not_know_is_not_found(run):
    """The sentence names the run and the building."""
    with pytest.raises(NotFoundError, match="knows no building 'elsewhere'"):
        explain_building(run, "elsewhere")


def test_an_older_run_has_no_depths_in_time_at_facades(made, tmp_path):
    """Its times and depths are empty, the rest is there."""
    frame = geopandas.GeoDataFrame(BUILDINGS, geometry=[HOUSE] * 3, crs=28992)
    found = explain_building(stored_run(tmp_path / "old", made, features={"buildings": frame}), "wet")

    assert (found.max_depth, found.times, found.depth) == (0.21, (), ())


def test_a_run_without_depths_says_what_it_has(made, tmp_path):
    """Nothing is guessed."""
    with pytest.raises(NotFoundError, match="no output 'depth'; it has balance"):
        explain_point(stored_run(tmp_path / "other", made, documents={"balance": {}}), WEST + 1, SOUTH + 1)


def test_a_series_knows_its_grid_and_times(run, made):
    """The frame is that of the situation, read from the file itself."""
    series = StoredSeries.open(run.output("depth"))

    assert (series.grid, series.times) == (made.grid, tuple(TIMES))
    frames = np.stack(list(series.frames()))
    values = np.where(frames == series.missing, np.nan, frames * series.scale)
    np.testing.assert_allclose(values, DEPTHS, atol=0.00051)


def test_a_broken_series_says_so(made, tmp_path):
    """A file that is gone is a sentence, not a traceback."""
    from morgen.core.errors import StorageError

    broken = stored_run(tmp_path / "run", made, depths=DEPTHS, times=TIMES)
    (tmp_path / "run" / "depth.zarr" / "depth" / "zarr.json").unlink()
    with pytest.raises(StorageError, match=r"depth.zarr is missing or broken"):
        StoredSeries.open(broken.output("depth"))
