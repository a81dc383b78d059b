"""A moving storm: where it rains, how much, and when."""

import math
from typing import Any

import numpy as np
import pytest

from morgen.core.errors import ParameterError
from morgen.models.flood import moving_storm, simulate
from morgen.models.flood.rain import RainField

CELL: dict[str, Any] = {"cell_size": 10.0, "peak": 60.0, "radius": 100.0}


def depth_of(storm: RainField) -> Any:
    """Return the rain of the whole storm, mm."""
    rates = np.asarray(storm.rates, dtype=np.float64)
    lengths = np.diff([*storm.times, storm.times[-1]])
    return (rates * lengths[:, None, None]).sum(axis=0) / 3600


def test_a_storm_that_passes_brings_what_its_shape_says():
    """On its path: peak x radius x sqrt(2 pi) / speed, the integral of the Gaussian; beside it less."""
    storm = moving_storm((81, 81), speed=2.0, direction=90.0, duration=3600, every=10, **CELL)
    rain = depth_of(storm)
    along = 60 / 3600 * 100 * math.sqrt(2 * math.pi) / 2
    assert rain[40, 40] == pytest.approx(along, rel=1e-3)
    assert rain[30, 40] == pytest.approx(along * math.exp(-0.5), rel=1e-3)


@pytest.mark.parametrize(("direction", "end"), [(0, (0, 40)), (90, (40, 80)), (180, (80, 40)), (270, (40, 0))])
def test_a_storm_goes_where_it_is_sent(direction, end):
    """Degrees clockwise from north: at the end it is deepest at that edge."""
    storm = moving_storm((81, 81), speed=400 / 1800, direction=direction, duration=3600, every=1, **CELL)
    last = np.asarray(storm.rates)[-2]
    assert np.unravel_index(last.argmax(), last.shape) == end


def test_a_storm_that_stands_still_is_steady_and_ends():
    """Speed 0: every raster is the same, the peak at the centre that is given, and dry afterwards."""
    storm = moving_storm((21, 31), speed=0, direction=0, duration=600, centre=(55, 45), **CELL)
    rates = np.asarray(storm.rates)
    assert (rates[:-1] == rates[0]).all()
    assert rates[0, 16, 5] == pytest.approx(60)
    assert not rates[-1].any()


def test_the_engine_rains_what_the_storm_holds():
    """The balance of a closed box has the volume of the rasters."""
    storm = moving_storm((20, 30), speed=1.0, direction=45, duration=300, every=60, **CELL)
    flood = simulate(np.zeros((20, 30)), cell_size=10.0, rain=storm, until=300, output_every=300)
    assert flood.balance.rain == pytest.approx(depth_of(storm).sum() * 1e-3 * 100, rel=1e-5)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"peak": 0}, "peak of a moving storm is 0"),
        ({"radius": math.nan}, "radius of a moving storm is nan"),
        ({"every": -1}, "every of a moving storm is -1"),
        ({"speed": -1}, "has speed -1 m/s"),
        ({"direction": math.inf}, "direction inf degrees"),
        ({"every": 1e-3}, "give a larger 'every'"),
    ],
)
def test_a_storm_that_cannot_be_is_refused(given, said):
    """Before anything is made; the value and what is allowed."""
    with pytest.raises(ParameterError, match=said):
        moving_storm((81, 81), **{"speed": 1.0, "direction": 0.0, **CELL, **given})
