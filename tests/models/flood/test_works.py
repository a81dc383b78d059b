"""Culverts, pumps and open water that keeps its level."""

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely

from morgen.core.errors import ParameterError
from morgen.models.flood import Culvert, OpenWater, Pump, simulate
from morgen.models.flood.engine.works import culvert_flow

DRY = [(0.0, 0.0)]
BOX = Culvert(start=(5, 4), end=(5, 15), width=1.0, height=0.5, length=20.0, bottom=0.0)


def _two_basins():
    """Return a flat floor of 11 x 20 cells of 2 m with a dam between columns 9 and 10, and 0.6 m in the west."""
    bed = np.zeros((11, 20))
    bed[:, 9:11] = 2.0
    water = np.zeros(bed.shape)
    water[:, :9] = 0.6
    return bed, water


def _run(works, *, until=1200.0, engine="inertial", **options):
    bed, water = _two_basins()
    return simulate(
        bed,
        **{"cell_size": 2.0, "rain": DRY, "initial_depth": water, "until": until, "output_every": until}
        | {"works": works, "engine": engine}
        | options,
    )


@pytest.mark.parametrize("engine", ["inertial", "fv2"])
def test_a_culvert_levels_two_basins_and_keeps_every_drop(engine):
    """Water goes to the low side until both stand equally high, never over."""
    flood = _run([BOX], until=7200.0, engine=engine, output_every=600.0)
    west, east = (
        flood.depth[:, :, side].mean(axis=(1, 2), dtype=np.float64) for side in (slice(0, 9), slice(11, 20))
    )
    assert (np.diff(west) < 1e-4).all()
    assert (np.diff(east) > -1e-4).all()
    assert west[-1] == pytest.approx(0.3, abs=0.01)
    assert east[-1] == pytest.approx(0.3, abs=0.01)
    assert abs(flood.balance.error) < 1e-7


def test_the_first_discharge_of_a_culvert_is_that_of_the_formula():
    """In the first minutes the volume that crossed is the discharge at that head times the time."""
    flood = _run([BOX], until=60.0)
    crossed = flood.depth[-1][:, 11:].sum(dtype=np.float64) * 4.0
    assert crossed == pytest.approx(60 * culvert_flow(BOX, high=0.6, low=0.0), rel=0.1)


def test_a_culvert_flows_as_its_losses_allow():
    """A full box of 1 x 0.5 m at a head of 0.3 m: area times speed over end losses and friction, by hand."""
    radius = 0.5 / 3.0
    losses = 1.5 + 2 * 9.81 * 0.015**2 * 20 / radius ** (4 / 3)
    expected = 0.5 * math.sqrt(2 * 9.81 * 0.3 / losses)
    assert culvert_flow(BOX, high=1.0, low=0.7) == pytest.approx(expected)
    assert culvert_flow(BOX, high=0.7, low=0.7) == 0
    assert culvert_flow(replace(BOX, bottom=0.5), high=0.4, low=0.1) == 0


def test_a_pump_takes_its_capacity_while_there_is_water():
    """0.05 m3/s during 20 minutes is 60 m3 out; into a cell, nothing leaves the area."""
    pump = Pump(place=shapely.Point(9.0, 11.0), capacity=0.05)
    out = _run([pump])
    assert out.balance.pumped == pytest.approx(60.0, rel=1e-6)
    assert out.balance.stored == pytest.approx(-60.0, rel=1e-6)
    inside = _run([Pump(place=(5, 4), capacity=0.05, to=(5, 15))])
    assert inside.balance.pumped == 0
    assert inside.depth[-1][:, 11:].sum(dtype=np.float64) * 4.0 == pytest.approx(60.0, rel=1e-6)


def test_a_pump_leaves_what_stands_lower_than_it_starts():
    """It stops at its switch-on depth."""
    flood = _run([Pump(place=(5, 4), capacity=5.0, on=0.2)], until=3600.0)
    assert flood.depth[-1][:, :9].mean() == pytest.approx(0.2, abs=0.02)


def test_open_water_that_is_held_keeps_its_level_and_else_gives_what_pumps_take():
    """Rain on a pond: held, it stays at its level; with a capacity, that volume leaves; without, nothing."""
    pond = np.ones((10, 10), bool)

    def rained(**options):
        works = [OpenWater(pond, **options)] if options else []
        return simulate(
            np.zeros((10, 10)), cell_size=2.0, rain=[(0, 36.0)], until=3600.0, output_every=3600.0, works=works
        )

    assert rained(kept=0.0).depth[-1].max() < 1e-3
    assert rained(kept=0.01).depth[-1].mean() == pytest.approx(0.01, abs=1e-3)
    taken = rained(capacity=0.001)
    assert taken.balance.pumped == pytest.approx(3.6, rel=0.01)
    assert taken.balance.rain == pytest.approx(14.4)
    assert rained().balance.pumped == 0


@pytest.mark.parametrize(
    ("work", "sentence"),
    [
        (Pump(place=(50, 4), capacity=1.0), "row 50"),
        (Pump(place=shapely.Point(-3, 4), capacity=1.0), "column -2"),
        (Pump(place=(5, 4), capacity=-1.0), "capacity of a pump is -1.0"),
        (Culvert(start=(5, 4), end=(5, 15), width=0, height=1, length=1, bottom=0), "width of a culvert is 0"),
        (OpenWater(np.ones((2, 2), bool)), "mask of open water"),
        (OpenWater(np.ones((11, 20), bool), capacity=-2.0), "capacity -2.0"),
    ],
)
def test_works_that_cannot_be_are_refused(work, sentence):
    """One sentence says what, before the first step."""
    with pytest.raises(ParameterError, match=sentence):
        _run([work])


def test_works_on_blocked_ground_are_refused():
    """No water can stand under a building."""
    blocked = np.zeros((11, 20), bool)
    blocked[5, 4] = True
    with pytest.raises(ParameterError, match="no water can stand there"):
        _run([BOX], blocked=blocked, initial_depth=None)


def test_a_short_culvert_keeps_every_drop():
    """Ends two cells apart share cells around them; what moves is in neither twice."""
    bed = np.zeros((6, 6))
    bed[:, 3:] = -0.5
    pipe = Culvert((2, 1), (2, 3), width=0.5, height=0.5, length=2.0, bottom=-0.6)
    result = simulate(bed, cell_size=1.0, works=[pipe], rain=[(0, 60.0), (600, 0.0)], until=900.0)
    assert abs(result.balance.error) < 1e-7
    same = Culvert((2, 1), (2, 1), width=0.5, height=0.5, length=2.0, bottom=-0.6)
    with pytest.raises(ParameterError, match="both ends of a culvert lie in the same water"):
        simulate(bed, cell_size=1.0, works=[same], until=60.0)
