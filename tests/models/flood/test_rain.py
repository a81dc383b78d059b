"""Rain and roofs are integrated exactly, wherever an interval begins or ends."""

from itertools import pairwise

import numpy as np
import pytest

from morgen.models.flood.rain import Hyetograph, Inflow, Roof, RoofWater

MM_PER_HOUR = 1e-3 / 3600


def test_rain_adds_up_over_any_division():
    """The parts of an interval hold as much rain as the whole."""
    rain = Hyetograph([(10, 36.0), (25, 0.0), (40, 7.2)])
    whole = rain.depth(0, 100)
    assert whole == pytest.approx(15 * 36 * MM_PER_HOUR + 60 * 7.2 * MM_PER_HOUR)
    cuts = [0, 3.3, 10, 17.7, 25, 39, 41, 100]
    assert sum(rain.depth(a, b) for a, b in pairwise(cuts)) == pytest.approx(whole)


def test_a_roof_loses_nothing():
    """What falls on a roof is stored, drained or spilled, however the time is cut."""
    rain = Hyetograph([(0, 30.0), (600, 90.0), (1200, 10.0)])
    roof = Roof(ratio=np.zeros((1, 1)), area=1.0, capacity=20.0, initial_loss=1.0)
    once = RoofWater(roof).take(rain, 0, 1800)
    assert once.stored + once.sewer + once.excess == pytest.approx(rain.depth(0, 1800))
    assert once.stored == pytest.approx(1e-3)
    filling = 3600 / 30  # s
    assert once.sewer == pytest.approx(MM_PER_HOUR * (20 * (1200 - filling) + 10 * 600))
    water = RoofWater(roof)
    parts = [water.take(rain, t, t + 30) for t in range(0, 1800, 30)]
    assert sum(part.excess for part in parts) == pytest.approx(once.excess)
    assert sum(part.sewer for part in parts) == pytest.approx(once.sewer)


def test_inflow_is_linear_and_ends():
    """Discharge is linear between the rows and zero outside them."""
    inflow = Inflow(np.ones((1, 1), bool), [(10, 0.0), (20, 2.0)])
    assert [inflow.discharge(t) for t in (5, 15, 20, 21)] == [0, 1, 2, 0]
