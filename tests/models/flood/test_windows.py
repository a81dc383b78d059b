"""Walls and sewer districts on a part of the ground, and on larger cells."""

from typing import Any

import numpy as np
import pytest
import shapely

from morgen.models.flood import SewerDistrict, Wall
from morgen.models.flood.walls import wall_crests
from morgen.models.flood.windows import coarser_districts, coarser_walls, cropped_districts, cropped_walls

SHAPE = (15, 21)
CELL = 2.0
WALLS = [Wall(shapely.LineString([(3.1, 1), (38.7, 27)]), crest_level=1.0)]
GROUND = np.zeros(SHAPE)


def test_a_wall_stands_on_the_same_faces_of_a_part():
    """The faces of the part are those of the whole, cut out."""
    rows, columns = slice(4, 12), slice(6, 17)
    whole = wall_crests(WALLS, GROUND, CELL)[:, rows, columns]
    walls = cropped_walls(WALLS, rows, columns, shape=SHAPE, cell_size=CELL)
    part = wall_crests(walls, GROUND[rows, columns], CELL)
    np.testing.assert_array_equal(part[0, :, 1:], whole[0, :, 1:])
    np.testing.assert_array_equal(part[1, 1:], whole[1, 1:])
    assert np.isfinite(part).any()
    assert cropped_walls(WALLS, slice(12, 15), slice(0, 3), shape=SHAPE, cell_size=0.1) == ()


def test_a_wall_stands_in_the_same_place_among_larger_cells():
    """The southern row of an odd number falls off: what is level with the north edge stays level with it."""
    (wall,) = coarser_walls(WALLS, shape=SHAPE, cell_size=CELL)
    assert wall.line.coords[0] == pytest.approx((3.1, -1.0))


def _districts() -> tuple[SewerDistrict, SewerDistrict]:
    west = np.zeros(SHAPE, bool)
    west[:, :9] = True
    gullies = np.zeros(SHAPE, bool)
    gullies[5, 4] = gullies[1, 1] = True
    first = SewerDistrict(west, storage=100.0, pump=1.0, overflow=2.0, overflow_to=(14, 20), gullies=gullies)
    return first, SewerDistrict(~west, storage=50.0, overflow_to=shapely.Point(9.0, 20.0))


def test_a_part_has_its_share_of_a_district():
    """By cells; a district without a drained cell in the part is not there, gullies outside are none of it."""
    rows, columns = slice(3, 9), slice(2, 7)
    drains = np.ones((6, 5), bool)
    (part,) = cropped_districts(_districts(), rows, columns, drains)
    share = 30 / 135
    assert (part.storage, part.pump, part.overflow) == pytest.approx((100 * share, share, 2 * share))
    assert part.overflow_to is None
    assert np.argwhere(np.asarray(part.gullies)).tolist() == [[2, 2]]
    assert cropped_districts(_districts(), rows, columns, ~drains) == ()


def test_larger_cells_are_in_one_district_each():
    """A cell that two share is of the one that has most of it, of the first when both have as much."""
    drains = np.ones((7, 10), bool)
    first, second = coarser_districts(_districts(), drains, shape=SHAPE, cell_size=CELL)
    assert not (first.mask & second.mask).any()
    assert first.mask.sum() + second.mask.sum() == 70
    assert first.mask[:, :5].all()
    assert (first.storage, second.storage) == (100.0, 50.0)
    assert first.overflow_to is None
    place: Any = second.overflow_to
    assert (place.x, place.y) == (9.0, 18.0)
    assert np.argwhere(np.asarray(first.gullies)).tolist() == [[0, 0], [2, 2]]
