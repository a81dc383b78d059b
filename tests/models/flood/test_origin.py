"""Where water comes from: slopes, hollows, courtyards, roofs."""

import numpy as np
import pytest
import shapely
from tests.models.flood.scenes import street_canyon

from morgen.core.errors import InputError
from morgen.models.flood._paths import drains_to, next_cells
from morgen.models.flood.origin import find_drainage, find_origin
from morgen.testing import building, ground, situation

RNG = np.random.default_rng(5)


def _ends(shape):
    rim = np.ones(shape, bool)
    rim[1:-1, 1:-1] = False
    return rim


def test_every_cell_drains_to_an_end_and_no_water_runs_in_circles():
    """On a random bed each way ends in the rim within as many steps as there are cells."""
    bed = RNG.random((40, 30))
    to = next_cells(bed, _ends(bed.shape))
    at = np.arange(bed.size)
    for _ in range(bed.size):
        at = np.where(to[at] >= 0, to[at], at)
    assert set(at) <= set(np.flatnonzero(_ends(bed.shape)))


def test_water_on_a_slope_takes_the_steepest_way():
    """On a plane that falls to the east each cell drains to its eastern neighbour."""
    bed = np.tile(np.arange(10.0)[::-1], (6, 1))
    to = next_cells(bed, _ends(bed.shape)).reshape(bed.shape)
    assert (to[1:-1, 1:-1] == np.arange(bed.size).reshape(bed.shape)[1:-1, 2:]).all()


def test_a_hollow_drains_over_its_lowest_edge():
    """A bowl with a notch in the west lets everything out there."""
    y, x = np.mgrid[-5:6, -5:6]
    bed = np.pad(np.hypot(x, y), 3, constant_values=0.5)
    bed[8, 3] = 2.0  # the notch in the rim of the bowl
    to = next_cells(bed, _ends(bed.shape))
    start = np.zeros(bed.shape, bool)
    start[8, 3] = True
    caught = drains_to(to, start.ravel()).reshape(bed.shape)
    assert caught[4:13, 5:12].all()


def test_upstream_grows_with_what_it_starts_from():
    """What drains to more cells is never less, and holds the cells themselves."""
    bed = RNG.random((30, 30))
    to = next_cells(bed, _ends(bed.shape))
    start = RNG.random(bed.size) < 0.01
    more = start | (RNG.random(bed.size) < 0.02)
    few, many = drains_to(to, start), drains_to(to, more)
    assert (few >= start).all()
    assert (many >= few).all()


def test_the_street_gets_the_water_of_its_gardens_and_roofs():
    """In a street between two rows of houses, the low middle catches ground and roof of both sides."""
    scene = street_canyon()
    depth = np.zeros(scene.grid.shape, np.float32)
    depth[15:25, 25:35] = 0.3
    found = find_origin(scene, max_depth=depth, row=20, column=30)
    assert found.water.sum() == 100
    assert found.ground.sum() > 300
    assert (found.ground >= found.water).all()
    assert found.roof_area > 0
    assert len(found.buildings) >= 2


def test_dry_ground_is_a_place_of_one_cell():
    """Without water around, what drains to the cell itself is told."""
    found = find_origin(street_canyon(), max_depth=np.zeros((40, 60), np.float32), row=20, column=30)
    assert found.water.sum() == 1


def test_a_courtyard_keeps_its_water():
    """Ground that houses enclose drains to its own lowest cell."""
    terrain = np.zeros((20, 20))
    terrain[9, 9] = -0.2
    walls = shapely.box(5, 5, 15, 15).difference(shapely.box(7, 7, 13, 13))
    scene = situation(
        terrain, land_cover=[ground("wegdeel", shapely.box(0, 0, 20, 20))], buildings=[building("1", walls)]
    )
    depth = np.zeros((20, 20), np.float32)
    depth[9, 9] = 0.2
    found = find_origin(scene, max_depth=depth, row=9, column=9)
    assert found.ground.sum() == 36
    assert found.roof_area > 0


def test_ground_that_is_kept_answers_as_a_fresh_one():
    """The drainage of a situation is computed once and asked for many places; no question changes it."""
    scene = street_canyon()
    depth = np.zeros(scene.grid.shape, np.float32)
    depth[15:25, 25:35] = 0.3
    kept = find_drainage(scene)
    for row, column in ((20, 30), (3, 5), (20, 30)):
        one = kept.origin(max_depth=depth, row=row, column=column)
        other = find_origin(scene, max_depth=depth, row=row, column=column)
        np.testing.assert_array_equal(one.water, other.water)
        np.testing.assert_array_equal(one.ground, other.ground)
        assert one.roof_area == other.roof_area


def test_a_place_under_a_building_is_refused():
    """The sentence says what is there."""
    scene = street_canyon()
    with pytest.raises(InputError, match="under a building"):
        find_origin(scene, max_depth=np.zeros(scene.grid.shape, np.float32), row=10, column=20)
