"""Walls thinner than a cell: watertight below their crest, a weir above it."""

import math
from typing import Any

import numpy as np
import pytest
import shapely
from benchmarks.flood_cases import WEIRS
from hypothesis import given
from hypothesis import strategies as st

from morgen.core.errors import ParameterError
from morgen.models.flood import Wall, simulate
from morgen.models.flood.walls import wall_crests, wall_faces

DRY = [(0.0, 0.0)]
ENGINES = pytest.mark.parametrize("engine", ["inertial", "fv2"])
ROWS, COLUMNS, CELL = 12, 15, 2.0


def _flood(bed, **options: Any) -> Any:
    defaults: dict[str, Any] = {"cell_size": CELL, "rain": DRY}
    return simulate(bed, **defaults | options)


def _last(flood):
    return flood.depth[-1]


def _centres():
    north, east = np.mgrid[ROWS - 0.5 : 0 : -1, 0.5:COLUMNS] * CELL
    return east, north


def _walled(line):
    """Return the faces of a line as two arrays: west of each cell, and north of it."""
    walled = np.zeros((2, ROWS, COLUMNS), bool)
    for side, faces in enumerate(wall_faces(line, (ROWS, COLUMNS), CELL)):
        walled[side][faces] = True
    return walled


@given(st.lists(st.tuples(st.integers(2, 28), st.integers(2, 22)), min_size=3, max_size=6, unique=True))
def test_no_way_over_faces_leads_out_of_a_ring(corners):
    """Between a cell whose centre lies in a ring of walls and one whose centre does not, there is always a wall.

    Corners on whole metres put edges exactly through centres of cells and along the faces between them.
    """
    ring = shapely.LineString([*corners, corners[0]])
    parts = shapely.get_parts(shapely.polygonize([shapely.node(ring)]))
    east, north = _centres()
    walled = _walled(ring)
    for part in parts:
        inside = shapely.contains_xy(part.buffer(-0.05), east, north)
        outside = ~shapely.contains_xy(part.buffer(0.05), east, north)
        for side, axis in ((0, 1), (1, 0)):
            apart = (inside & np.roll(outside, 1, axis)) | (outside & np.roll(inside, 1, axis))
            np.moveaxis(apart, axis, 0)[0] = False
            assert (walled[side] | ~apart).all()


@pytest.mark.parametrize("at", [15.0, 16.0])
def test_a_straight_wall_is_one_face_thick(at):
    """Whether it runs between cells (16) or through their centres (15): one face in each row, none along it."""
    walled = _walled(shapely.LineString([(at, -1), (at, 25)]))
    assert walled[0].sum() == ROWS
    assert np.unique(np.nonzero(walled[0])[1]).size == 1
    assert not walled[1].any()


@ENGINES
def test_two_lakes_beside_a_slanting_wall_stay_at_rest(engine):
    """On rough ground with islands, 0.9 m apart: nothing crosses below the crest, not through corners either."""
    bed = np.random.default_rng(1).normal(0, 0.3, (ROWS, COLUMNS))
    east, north = _centres()
    line = shapely.LineString([(8.3, -5), (21.0, 29)])
    west = shapely.contains_xy(shapely.Polygon([(-9, -5), *line.coords, (-9, 29)]), east, north)
    water = np.maximum(np.where(west, 1.1, 0.2) - bed, 0)
    flood = _flood(
        bed,
        initial_depth=water,
        walls=[Wall(line, crest_level=1.2)],
        until=600,
        output_every=600,
        engine=engine,
    )
    assert np.abs(_last(flood) - water).max() < (5e-6 if engine == "inertial" else 1e-7)
    assert flood.max_velocity.max() < 1e-4


@ENGINES
@pytest.mark.parametrize("weir", WEIRS, ids=str)
def test_over_its_crest_a_wall_is_a_broad_crested_weir(engine, weir):
    """The head of steady flow over a free or a drowned crest is that of the formula (Bos 1989), within 2 %."""
    flood = weir.flood(engine)
    assert weir.head(flood) == pytest.approx(weir.exact, rel=0.02)
    assert abs(flood.balance.error) < 1e-7


@ENGINES
@pytest.mark.parametrize(("crest", "crosses"), [(3.0, False), (0.4, True)])
def test_a_surge_passes_a_wall_only_over_its_crest(engine, crest, crosses):
    """After a dam break: thrown back by a high wall without a drop behind it, over a low one; none is lost."""
    water = np.zeros((4, 40))
    water[:, :10] = 1.0
    wall = Wall(shapely.LineString([(40, -1), (40, 9)]), crest_level=crest)
    flood = _flood(
        np.zeros(water.shape), initial_depth=water, walls=[wall], until=120, output_every=20, engine=engine
    )
    assert (flood.max_depth[:, 20:].max() > 0) == crosses
    assert flood.max_depth[:, 19].max() > 0.5
    assert (flood.depth >= 0).all()
    assert flood.max_velocity.max() < 5
    assert abs(flood.balance.error) < (1e-7 if engine == "inertial" else 1e-12)


@ENGINES
def test_a_wall_under_water_does_not_hold_it(engine):
    """Both sides level out over a crest that lies deeper than both."""
    bed = np.zeros((4, 20))
    water = np.full(bed.shape, 0.6)
    water[:, 10:] = 0.4
    flood = _flood(
        bed,
        initial_depth=water,
        walls=[Wall(shapely.LineString([(20, -1), (20, 9)]), height=0.2)],
        until=1800,
        output_every=1800,
        engine=engine,
    )
    np.testing.assert_allclose(_last(flood), 0.5, atol=0.02)


def test_the_answer_does_not_depend_on_how_rows_are_shared_out():
    """A wall across two bands of rows, on one thread and on all."""
    bed = np.random.default_rng(2).normal(0, 0.05, (40, 1300))
    walls = [Wall(shapely.LineString([(3, 3), (2500, 70)]), height=0.1)]
    options = {"walls": walls, "until": 60, "output_every": 60, "rain": [(0, 300.0)]}
    one, all_of_them = (_flood(bed, threads=threads, **options) for threads in (1, None))
    np.testing.assert_array_equal(_last(one), _last(all_of_them))


def test_height_counts_from_the_higher_ground_and_the_highest_wall_counts():
    """A wall of 0.5 m beside a quay 1 m high; where two walls share a face, the higher one."""
    bed = np.zeros((3, 4))
    bed[:, 2:] = 1.0
    line = shapely.LineString([(4, -1), (4, 7)])
    crests = wall_crests([Wall(line, height=0.5), Wall(line, crest_level=1.2)], bed, CELL)
    assert crests[0, :, 2].tolist() == [1.5, 1.5, 1.5]
    assert np.isnan(crests[1]).all()


POINT: Any = shapely.Point(4, 4)
LINE = shapely.LineString([(4, 0), (4, 8)])


@pytest.mark.parametrize(
    ("wall", "sentence"),
    [
        (Wall(LINE), "exactly one"),
        (Wall(LINE, crest_level=1.0, height=1.0), "exactly one"),
        (Wall(LINE, crest_level=math.nan), "crest level of a wall is nan"),
        (Wall(LINE, height=-0.5), "height of a wall is -0.5 m"),
        (Wall(shapely.LineString([(-9, 0), (-9, 8)]), height=1.0), "must lie in the terrain"),
        (Wall(shapely.LineString(), height=1.0), "must be a line"),
        (Wall(POINT, height=1.0), "must be a line"),
    ],
)
def test_walls_that_cannot_be_are_refused(wall, sentence):
    """One sentence says what, before the first step."""
    with pytest.raises(ParameterError, match=sentence):
        _flood(np.zeros((4, 6)), walls=[wall])
