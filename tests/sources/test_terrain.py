"""From measured heights to terrain: gridding points, joining tiles, filling holes."""

import time
from dataclasses import dataclass

import geopandas
import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from morgen.core.grid import Grid
from morgen.core.situation import Raster, TerrainOrigin
from morgen.sources.contract import PointCloud
from morgen.sources.heights import geotiff, points
from morgen.sources.terrain import (
    Filled,
    Tile,
    fill_terrain,
    grid_points,
    join_points,
    mosaic,
    water_points,
)

DELFT = Grid.covering((84805, 447410, 85075, 447645), 0.5)
MEASURED, BUILDING, WATER, GAP, OUTSIDE = 0, 1, 2, 3, 255


def cloud_of(*rows: tuple[float, float, float, int]) -> PointCloud:
    x, y, z, classification = zip(*rows, strict=True)
    return PointCloud(
        np.array(x, float), np.array(y, float), np.array(z, float), np.array(classification, np.uint8)
    )


def square(rows: int = 40, cell_size: float = 0.5) -> Grid:
    return Grid(xmin=85000, ymax=447500, cell_size=cell_size, rows=rows, columns=rows)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A box in metres from the south-west corner of the 20 m square."""
    return shapely.box(85000 + west, 447480 + south, 85000 + east, 447480 + north)


def plane(grid: Grid, *, slope: float = 0.01, level: float = 0.0) -> npt.NDArray[np.float32]:
    x = (np.arange(grid.columns) + 0.5) * grid.cell_size
    return np.broadcast_to(level + slope * x, grid.shape).astype(np.float32)


def cells(polygon: shapely.Polygon, grid: Grid) -> npt.NDArray[np.bool_]:
    """Whether cell centres lie in a polygon, computed point by point."""
    x = grid.xmin + (np.arange(grid.columns) + 0.5) * grid.cell_size
    y = grid.ymax - (np.arange(grid.rows) + 0.5) * grid.cell_size
    return np.asarray(shapely.contains_xy(polygon, *np.meshgrid(x, y)))


@pytest.fixture(scope="module")
def delft_cloud(shared_data) -> PointCloud:
    clouds = []
    for name in ("ahn3_cropped_1.laz", "ahn3_cropped_2.laz"):
        found = points.recognise(shared_data / "nl" / "delft-oost" / "ahn3-laz" / name)
        assert found is not None
        clouds.append(points.read(found, DELFT).data)
    return join_points(clouds)


@pytest.fixture(scope="module")
def delft_polygons(shared_data):
    path = shared_data / "nl" / "delft-oost" / "derived" / "delft_oost_bgt.gpkg"
    return {
        name: geopandas.read_file(path, layer=f"bgt_{name}").geometry.to_numpy() for name in ("waterdeel", "pand")
    }


@dataclass(frozen=True, eq=False)
class Made:
    """The terrain of Delft-Oost, made once for all tests, and the processor time that it took."""

    terrain: Raster
    surface: Raster
    filled: Filled
    seconds: float


@pytest.fixture(scope="module")
def delft(delft_cloud, delft_polygons) -> Made:
    start = time.process_time()
    terrain, surface = grid_points(delft_cloud, DELFT)
    filled = fill_terrain(
        terrain,
        water=delft_polygons["waterdeel"],
        buildings=delft_polygons["pand"],
        water_points=water_points(delft_cloud),
    )
    return Made(terrain, surface, filled, time.process_time() - start)


# --- gridding ---


def test_gridded_points_equal_the_raster_that_was_made_of_them_by_the_same_recipe(shared_data, delft):
    folder = shared_data / "nl" / "delft-oost" / "derived"
    for raster, kind, holes, rmse in ((delft.terrain, "dtm", 0.436, 0.003), (delft.surface, "dsm", 0.130, 0.25)):
        found = geotiff.recognise(folder / f"delft_oost_ahn3_{kind}_05m.tif")
        assert found is not None
        reference = geotiff.read(found, DELFT).data.values
        np.testing.assert_array_equal(np.isnan(raster.values), np.isnan(reference))
        assert np.isnan(raster.values).mean() == pytest.approx(holes, abs=5e-4)
        assert np.sqrt(np.nanmean((raster.values - reference) ** 2)) < rmse


def test_no_seam_shows_where_two_tiles_were_cut(delft):
    """The tiles meet at x = 85000; steps across that line are as those across any other."""
    heights = delft.terrain.values[:, 20:-20]
    column = int((85000 - DELFT.xmin) / DELFT.cell_size) - 20
    steps = np.nanmedian(np.abs(np.diff(heights, axis=1)), axis=0)
    assert steps[column - 1] <= np.percentile(steps, 95)
    holes = np.isnan(heights).mean(axis=0)
    assert abs(holes[column] - holes[column - 2]) < 0.05


def test_a_cell_is_the_inverse_distance_squared_mean_of_ground_within_75_cm():
    grid = square(4)
    cloud = cloud_of(
        (85000.75, 447499.75, 1.0, 2),  # half a metre east of the centre of cell 0, 0: and on the next centre
        (85000.25, 447499.50, 4.0, 2),  # a quarter south
        (85000.25, 447499.75, 50.0, 6),  # a roof
        (85000.25, 447499.75, -9.0, 9),  # water
        (85000.25, 447499.75, 90.0, 7),  # a bird
    )
    terrain, surface = grid_points(cloud, grid)
    assert terrain.values[0, 0] == pytest.approx((1.0 / 0.25 + 4.0 / 0.0625) / (1 / 0.25 + 1 / 0.0625))
    assert surface.values[0, 0] == pytest.approx(50.0, abs=2.5)
    assert np.isnan(terrain.values[3, 3])
    assert terrain.values.dtype == np.float32
    assert water_points(cloud).z.tolist() == [-9.0]


@pytest.mark.parametrize("cell_size", [0.25, 0.5, 1.0, 2.0, 5.0])
def test_points_on_a_plane_give_the_plane_at_every_cell_size(cell_size):
    rng = np.random.default_rng(1)
    x, y = 85000 + rng.uniform(0, 40, 60_000), 447460 + rng.uniform(0, 40, 60_000)
    cloud = PointCloud(x, y, 0.02 * (x - 85000), np.full(x.size, 2, np.uint8))
    grid = Grid.covering((85000, 447460, 85040, 447500), cell_size)
    terrain, _ = grid_points(cloud, grid)
    np.testing.assert_allclose(terrain.values[:, 1:-1], plane(grid, slope=0.02)[:, 1:-1], atol=0.02)


def test_gridding_and_filling_delft_oost_takes_less_than_four_seconds_of_the_processor(delft):
    assert delft.seconds < 4


# --- joining ---


def tile(grid: Grid, values, bounds, resolution) -> Tile:
    return Tile(Raster(grid, np.asarray(values, np.float32)), bounds, resolution)


def test_a_hole_of_the_finest_stays_a_hole_and_the_coarse_counts_only_beyond_it():
    grid = square(4, 1.0)
    fine = np.full((4, 4), np.nan)
    fine[:, 0] = 1.0
    result = mosaic(
        [
            tile(grid, np.full((4, 4), 5.0), grid.bounds, 5.0),
            tile(grid, fine, (85000, 447496, 85002, 447500), 0.5),
        ]
    )
    np.testing.assert_array_equal(result.values, [[1.0, np.nan, 5.0, 5.0]] * 4)


def test_two_tiles_cut_at_one_line_join_without_seam_whatever_their_order():
    grid = square(10, 1.0)
    whole = plane(grid, slope=0.3)
    west, east = whole.copy(), whole.copy()
    west[:, 5:], east[:, :5] = np.nan, np.nan
    tiles = [
        tile(grid, west, (84995, 447490, 85005, 447500), 0.5),
        tile(grid, east, (85005, 447490, 85015, 447500), 0.5),
    ]
    np.testing.assert_array_equal(mosaic(tiles).values, whole)
    np.testing.assert_array_equal(mosaic(tiles[::-1]).values, whole)


def test_peers_complete_each_other_where_their_extents_overlap():
    grid = square(2, 1.0)
    nan = np.nan
    tiles = [
        tile(grid, [[1, nan], [1, nan]], grid.bounds, 0.5),
        tile(grid, [[2, 2], [2, nan]], grid.bounds, 0.5),
    ]
    np.testing.assert_array_equal(mosaic(tiles).values, np.array([[1, 2], [1, nan]], np.float32))


def test_tiles_on_different_grids_are_no_mosaic():
    with pytest.raises(ValueError, match=r"on one grid, these are on 2"):
        mosaic([tile(g, np.zeros(g.shape), g.bounds, 1.0) for g in (square(2), square(3))])
    with pytest.raises(ValueError, match=r"these are on 0"):
        mosaic([])


any_height = st.floats(-10, 400, width=32) | st.just(float("nan"))


@settings(max_examples=50, deadline=None)
@given(
    layers=st.lists(
        st.tuples(
            arrays(np.float32, (6, 6), elements=any_height),
            st.sampled_from([0.5, 5.0]),
            st.tuples(*[st.integers(0, 6)] * 4),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_mosaic_never_invents_a_height(layers):
    """Every cell is NaN or exactly the value that one of the tiles has there."""
    grid = square(6, 1.0)
    tiles = []
    for values, resolution, (a, b, c, d) in layers:
        bounds = (85000 + min(a, b), 447494 + min(c, d), 85000 + max(a, b), 447494 + max(c, d))
        tiles.append(tile(grid, values, bounds, resolution))
    result = mosaic(tiles).values
    given_here = np.array([layer.raster.values for layer in tiles])
    assert (np.isnan(result) | (given_here == result).any(axis=0)).all()
    finest = min(layer.resolution for layer in tiles)
    has_finest = np.isfinite([t.raster.values for t in tiles if t.resolution == finest]).any(axis=0)
    assert np.isfinite(result[has_finest]).all()


# --- filling ---


def test_water_gets_the_median_of_its_measured_points_and_is_flat():
    grid = square()
    pond = box(5, 5, 15, 15)
    values = plane(grid, level=1.0)
    values[cells(pond, grid)] = np.nan
    on_water = cloud_of(*[(85010, 447490 + i / 10, z, 9) for i, z in enumerate([0.1, 0.2, 0.2, 0.3, 0.9])])
    filled = fill_terrain(Raster(grid, values), water=[pond], water_points=on_water)
    assert filled.water_levels == pytest.approx((0.2,))
    np.testing.assert_allclose(filled.terrain.values[cells(pond, grid)], 0.2)
    np.testing.assert_array_equal(filled.origin.values == WATER, cells(pond, grid))


def test_water_without_points_lies_at_its_lowest_bank():
    grid = square()
    pond = box(5, 5, 15, 15)
    values = plane(grid, slope=0.02)
    values[cells(pond, grid)] = np.nan
    bank = values[cells(pond.buffer(2, cap_style="square", join_style="mitre"), grid)]
    filled = fill_terrain(Raster(grid, values), water=[pond])
    assert filled.water_levels == pytest.approx((float(np.nanmin(bank)),))


def test_one_wrong_cell_on_the_bank_does_not_empty_the_pond():
    grid = square()
    pond = box(5, 5, 15, 15)
    values = plane(grid, slope=0.0, level=1.0)
    values[9, 20] = -8.0
    values[cells(pond, grid)] = np.nan
    filled = fill_terrain(Raster(grid, values), water=[pond])
    assert filled.water_levels == pytest.approx((0.5,))


def test_points_above_the_bank_are_boats_not_water():
    grid = square()
    pond = box(5, 5, 15, 15)
    values = plane(grid, slope=0.0, level=1.0)
    values[cells(pond, grid)] = np.nan
    boats = cloud_of(*[(85010, 447490 + i / 10, 2.5, 9) for i in range(9)])
    assert fill_terrain(Raster(grid, values), water=[pond], water_points=boats).water_levels == pytest.approx(
        (1.0,)
    )


def test_touching_polygons_are_one_water_and_others_keep_their_own_level():
    grid = square()
    west, east, apart = box(2, 2, 6, 6), box(6, 2, 9, 6), box(12, 12, 18, 18)
    values = plane(grid, slope=0.0, level=1.0)
    values[cells(apart.buffer(3), grid)] = 0.4
    for pond in (west, east, apart):
        values[cells(pond, grid)] = np.nan
    filled = fill_terrain(Raster(grid, values), water=[west, east, apart])
    assert sorted(filled.water_levels) == pytest.approx([0.4, 1.0])


def test_water_beyond_a_bridge_takes_the_level_that_was_measured_before_it():
    grid = square()
    before, after = box(2, 2, 9, 6), box(11, 2, 18, 6)
    values = plane(grid, slope=0.0, level=1.0)
    for pond in (before, after):
        values[cells(pond, grid)] = np.nan
    on_water = cloud_of(*[(85004, 447484 + i / 10, 0.3, 9) for i in range(9)])
    filled = fill_terrain(Raster(grid, values), water=[before, after], water_points=on_water)
    assert filled.water_levels == pytest.approx((0.3, 0.3))


@pytest.mark.parametrize(("beyond", "code"), [(0.3, WATER), (0.8, GAP)])
def test_a_strip_that_no_polygon_covers_is_no_dam_in_a_canal_but_a_weir_stays(beyond, code):
    grid = square()
    before, after = box(2, 2, 9, 6), box(10, 2, 18, 6)
    values = plane(grid, slope=0.0, level=1.0)
    strip = cells(box(9, 2, 10, 6), grid)
    values[cells(box(2, 2, 18, 6), grid)] = np.nan
    rows = [(85004, 447484 + i / 10, 0.3, 9) for i in range(9)] + [
        (85014, 447484 + i / 10, beyond, 9) for i in range(9)
    ]
    filled = fill_terrain(Raster(grid, values), water=[before, after], water_points=cloud_of(*rows))
    assert (filled.origin.values[strip] == code).all()
    assert (filled.origin.values == MEASURED).sum() == np.isfinite(values).sum()


def test_a_quay_without_heights_between_street_and_water_is_as_high_as_the_street():
    grid = square()
    canal = box(0, 0, 20, 6)
    values = plane(grid, slope=0.0, level=2.0)
    values[cells(box(0, 0, 20, 8), grid)] = np.nan
    on_water = cloud_of(*[(85004, 447483 + i / 10, 0.0, 9) for i in range(9)])
    filled = fill_terrain(Raster(grid, values), water=[canal], water_points=on_water)
    quay = cells(box(0, 6, 20, 8), grid)
    np.testing.assert_allclose(filled.terrain.values[quay], 2.0)
    assert (filled.origin.values[quay] == GAP).all()


def test_a_plane_is_restored_under_a_building():
    grid = square()
    house = box(6, 6, 14, 14)
    whole = plane(grid, slope=0.05)
    values = whole.copy()
    values[cells(house, grid)] = np.nan
    filled = fill_terrain(Raster(grid, values), buildings=[house])
    np.testing.assert_allclose(filled.terrain.values, whole, atol=1e-3)
    np.testing.assert_array_equal(filled.origin.values == BUILDING, cells(house, grid))


def test_measured_cells_in_a_water_or_building_polygon_are_left_as_they_are():
    """A bridge ramp over water is ground that was measured."""
    grid = square()
    values = plane(grid, slope=0.05)
    filled = fill_terrain(Raster(grid, values), water=[box(0, 0, 9, 9)], buildings=[box(10, 10, 19, 19)])
    np.testing.assert_array_equal(filled.terrain.values, values)
    assert (filled.origin.values == MEASURED).all()


def test_beyond_the_data_nothing_is_filled_also_not_under_buildings_there():
    grid = square(200)
    values = plane(grid)
    values[:, 100:] = np.nan  # the data end 50 m from the west edge
    inside, beyond = shapely.box(85020, 447420, 85030, 447430), shapely.box(85070, 447420, 85080, 447430)
    values[cells(inside, grid)] = np.nan
    filled = fill_terrain(Raster(grid, values), buildings=[inside, beyond])
    assert (filled.origin.values[:, 100:] == OUTSIDE).all()
    assert np.isnan(filled.terrain.values[:, 100:]).all()
    assert (filled.origin.values[cells(inside, grid)] == BUILDING).all()


def test_a_narrow_gap_at_the_edge_of_the_grid_is_filled():
    grid = square()
    values = plane(grid)
    values[:, -6:] = np.nan
    filled = fill_terrain(Raster(grid, values))
    assert (filled.origin.values[:, -6:] == GAP).all()


def test_a_hall_with_data_around_it_is_filled_also_without_its_polygon():
    grid = square(300)
    values = plane(grid, slope=0.02)
    values[50:250, 50:250] = np.nan
    filled = fill_terrain(Raster(grid, values))
    assert (filled.origin.values != OUTSIDE).all()
    np.testing.assert_allclose(filled.terrain.values, plane(grid, slope=0.02), atol=0.01)


def test_a_gap_deeper_than_a_hundred_metres_is_no_gap():
    grid = square(120, 2.0)
    values = plane(grid)
    values[2:-2, 2:-2] = np.nan
    filled = fill_terrain(Raster(grid, values))
    assert (filled.origin.values[2:-2, 2:-2] == OUTSIDE).all()


def test_nothing_measured_stays_nothing():
    grid = square()
    filled = fill_terrain(Raster(grid, np.full(grid.shape, np.nan, np.float32)), water=[box(1, 1, 9, 9)])
    assert (filled.origin.values == OUTSIDE).all()
    assert filled.water_levels == ()


@settings(max_examples=60, deadline=None)
@given(
    values=arrays(np.float32, (12, 12), elements=st.floats(-10, 60, width=32) | st.just(float("nan"))),
    corners=st.lists(st.tuples(*[st.integers(0, 6)] * 4), max_size=4),
)
def test_filling_leaves_measured_cells_bit_for_bit_and_stays_within_what_was_measured(values, corners):
    grid = square(12)
    shapes = [
        shapely.box(85000 + a, 447494 + b, 85000 + a + c, 447494 + b + d) for a, b, c, d in corners if c and d
    ]
    filled = fill_terrain(Raster(grid, values), water=shapes[::2], buildings=shapes[1::2])
    measured = np.isfinite(values)
    np.testing.assert_array_equal(filled.terrain.values[measured], values[measured])
    assert (filled.origin.values[measured] == MEASURED).all()
    assert (np.isnan(filled.terrain.values) == (filled.origin.values == OUTSIDE)).all()
    invented = filled.terrain.values[~measured & (filled.origin.values != OUTSIDE)]
    if invented.size:
        assert values[measured].min() <= invented.min()
        assert invented.max() <= values[measured].max()


# --- the real place ---


def test_the_filled_terrain_of_delft_oost_is_whole_flat_on_water_and_calm_under_buildings(delft):
    terrain, filled = delft.terrain, delft.filled
    measured = np.isfinite(terrain.values)
    np.testing.assert_array_equal(filled.terrain.values[measured], terrain.values[measured])
    codes, counts = np.unique(filled.origin.values, return_counts=True)
    share = dict(zip(codes.tolist(), (counts / filled.origin.values.size).tolist(), strict=True))
    assert share[MEASURED] == pytest.approx(0.564, abs=1e-3)
    assert share[OUTSIDE] < 0.01
    assert set(share) == set(TerrainOrigin.LABELS)

    on_water = filled.terrain.values[filled.origin.values == WATER]
    assert np.unique(on_water).size <= 2
    assert on_water.min() == pytest.approx(-0.455, abs=0.01)
    assert on_water.max() == pytest.approx(-0.442, abs=0.01)

    built = filled.origin.values == BUILDING
    steps = [np.abs(np.diff(np.where(built, filled.terrain.values, np.nan), axis=axis)) for axis in (0, 1)]
    assert max(float(np.nanmax(step)) for step in steps) < 0.35
    assert max(float(np.nanpercentile(step, 99)) for step in steps) < 0.10


def test_the_bank_tells_the_water_level_of_delft_within_a_quarter_of_a_metre(delft, delft_polygons):
    """Measured levels are -0.455 and -0.442 m NAP (class 9); banks alone give a little more."""
    levels = fill_terrain(delft.terrain, water=delft_polygons["waterdeel"]).water_levels
    assert all(-0.46 < level < -0.20 for level in levels)
