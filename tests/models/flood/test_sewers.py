"""Sewer districts: they fill, are pumped, overflow, and give back what they cannot hold."""

import math
from typing import Any

import numpy as np
import pytest

from morgen.core.errors import ParameterError
from morgen.models.flood import Roof, SewerDistrict, SewerLoss, simulate, simulation
from morgen.models.flood.engine.sewers import _level

SHAPE = (8, 10)
AREA = 80 * 4.0
"""m2 of ground."""
ALL = np.ones(SHAPE, bool)
EXACT = 1e-9


def _flood(*sewers: SewerDistrict, **options: Any) -> Any:
    """Return an hour of 36 mm/h on flat ground of 8 x 10 cells of 2 m whose gullies take 18 mm/h."""
    given: dict[str, Any] = {
        "cell_size": 2.0,
        "rain": [(0, 36.0)],
        "losses": SewerLoss(capacity=18.0),
        "until": 3600.0,
        "output_every": 3600.0,
        "sewers": sewers,
    }
    ground = options.pop("ground", np.zeros(SHAPE))
    return simulate(ground, **given | options)


def _roof(capacity: float, *, ratio: Any = 1.0) -> Roof:
    """Return as much roof as ground, of which ``capacity`` (mm/h) goes to the sewer."""
    each = np.broadcast_to(ratio, SHAPE).astype(float)
    return Roof(ratio=each, area=float(each.sum()) * 4.0, capacity=capacity)


def _closes(flood: Any) -> None:
    """The ground and every district keep all water."""
    assert abs(flood.balance.error) < EXACT
    for district in flood.sewers:
        went = district.stored + district.pumped + district.overflow + district.returned
        assert went == pytest.approx(district.taken + district.roofs, rel=1e-12, abs=1e-12)
    balance = flood.balance
    gone = balance.sewer_stored + balance.sewer_pumped + balance.sewer_overflow
    assert balance.sewer == pytest.approx(gone, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("engine", ["inertial", "fv2"])
def test_a_district_with_room_takes_what_its_gullies_can(engine):
    """18 mm in an hour: as the same capacity without a district, and all of it is stored."""
    flood = _flood(SewerDistrict(ALL, storage=1000.0), engine=engine)
    free = _flood(engine=engine)
    assert flood.balance.sewer_stored == pytest.approx(18e-3 * AREA, rel=1e-6)
    np.testing.assert_allclose(flood.depth[-1], free.depth[-1], atol=1e-6)
    _closes(flood)


def test_a_full_district_stops_taking():
    """Of 18 mm, 2 m3 fit in; all else stays on the ground."""
    flood = _flood(SewerDistrict(ALL, storage=2.0))
    assert flood.balance.sewer == pytest.approx(2.0, rel=1e-9)
    assert flood.balance.stored == pytest.approx(36e-3 * AREA - 2.0, rel=1e-6)
    _closes(flood)


def test_a_full_district_takes_what_pump_and_overflow_make_room_for():
    """0.0002 m3/s pumped and 0.0003 m3/s over the overflow, from when it was full: both by hand."""
    flood = _flood(SewerDistrict(ALL, storage=0.5, pump=0.0002, overflow=0.0003))
    filling = 18e-3 * AREA / 3600 - 0.0002
    assert flood.balance.sewer_pumped == pytest.approx(0.0002 * 3600, rel=1e-3)
    assert flood.balance.sewer_overflow == pytest.approx(0.0003 * (3600 - 0.5 / filling), rel=5e-3)
    assert flood.balance.sewer_stored == pytest.approx(0.5, rel=1e-9)
    assert flood.balance.sewer_returned == 0
    _closes(flood)


def test_a_pump_takes_no_more_than_there_is():
    """With a pump for ten times what comes, all of it is pumped and nothing is left."""
    flood = _flood(SewerDistrict(ALL, storage=5.0, pump=0.016))
    assert flood.balance.sewer_pumped == pytest.approx(18e-3 * AREA, rel=1e-6)
    assert flood.balance.sewer_stored == pytest.approx(0.0, abs=1e-12)
    _closes(flood)


@pytest.mark.parametrize("engine", ["inertial", "fv2"])
def test_what_roofs_bring_beyond_all_ways_out_comes_back(engine):
    """Roofs bring 30 mm/h to a full sewer that lets out less: the rest comes out of its gullies."""
    flood = _flood(SewerDistrict(ALL, storage=1.0, pump=0.0005, overflow=0.001), roof=_roof(30.0), engine=engine)
    balance = flood.balance
    assert flood.sewers[0].roofs == pytest.approx(30e-3 * AREA, rel=1e-9)
    assert balance.sewer_returned > 1.0
    assert balance.sewer == pytest.approx(1.0 + 0.0005 * 3600 + balance.sewer_overflow, rel=1e-6)
    assert flood.sewers[0].taken + 30e-3 * AREA - balance.sewer_returned == pytest.approx(balance.sewer, rel=1e-9)
    _closes(flood)


def test_water_comes_back_where_it_stands_lowest():
    """Of two gullies, one 0.5 m lower: all comes out of that one; of equal ones, half each."""
    gullies = np.zeros(SHAPE, bool)
    gullies[2, 2] = gullies[2, 7] = True
    pits = np.full(SHAPE, 1.0)
    pits[2, 2], pits[2, 7] = 0.5, 0.0
    options: dict[str, Any] = {"losses": None, "roof": _roof(36.0, ratio=0.1), "rain": [(0, 36.0)], "until": 120.0}
    tilted = _flood(SewerDistrict(ALL, 0.0, gullies=gullies), ground=pits, **options)
    rained = 36e-3 * 120 / 3600
    back = rained * 0.1 * 80
    assert tilted.balance.sewer_returned == pytest.approx(back * 4.0, rel=1e-6)
    assert tilted.depth[-1][2, 7] - tilted.depth[-1][2, 2] == pytest.approx(back, rel=0.05)
    pits[gullies] = 0.0
    even = _flood(SewerDistrict(ALL, 0.0, gullies=gullies), ground=pits, **options)
    assert even.depth[-1][2, 7] == pytest.approx(even.depth[-1][2, 2], rel=1e-6)


def test_a_level_fills_the_lowest_first():
    """1.0 on cells at 0, 0.2 and 5: two of them to 0.6; more than all stand high fills all."""
    assert _level(np.array([0.0, 0.2, 5.0]), 1.0) == pytest.approx(0.6)
    assert _level(np.array([0.0, 0.2, 5.0]), 0.1) == pytest.approx(0.1)
    assert _level(np.array([1.0, 2.0]), 7.0) == pytest.approx(5.0)
    assert _level(np.array([3.0, 3.0]), 1.0) == pytest.approx(3.5)


def test_two_districts_do_not_mix():
    """One is full and one is not, beside ground without any: each takes as if it were alone."""
    west, east = np.zeros(SHAPE, bool), np.zeros(SHAPE, bool)
    west[:, :3], east[:, 3:6] = True, True
    ridges = np.zeros(SHAPE)
    both = _flood(SewerDistrict(west, storage=0.3), SewerDistrict(east, storage=100.0), ground=ridges)
    small, large = both.sewers
    assert small.stored == pytest.approx(0.3, rel=1e-9)
    assert large.stored == pytest.approx(18e-3 * 24 * 4, rel=1e-5)
    beside = both.balance.sewer - small.stored - large.stored
    assert beside == pytest.approx(18e-3 * 32 * 4, rel=1e-5)
    assert abs(both.balance.error) < EXACT


def test_roofs_drain_to_the_district_onto_which_they_would_spill():
    """A third of the roofs in the west, the rest in the east; each district gets its own."""
    west = np.zeros(SHAPE, bool)
    west[:, :5] = True
    ratio = np.where(west, 0.5, 1.0)
    flood = _flood(
        SewerDistrict(west, storage=100.0), SewerDistrict(~west, storage=100.0), roof=_roof(10.0, ratio=ratio)
    )
    one, other = flood.sewers
    assert other.roofs == pytest.approx(2 * one.roofs)
    assert one.roofs + other.roofs == pytest.approx(10e-3 * 60 * 4.0)
    _closes(flood)


@pytest.mark.parametrize("spread", [False, True])
def test_what_overflows_into_open_water_stands_there(spread):
    """It is no loss: it lies in the pond, and the balance closes; whether it comes out in one cell or in all."""
    ground = np.zeros(SHAPE)
    ground[:, 9] = -2.0
    quay = np.zeros(SHAPE, bool)
    quay[:, 8] = True
    town = np.zeros(SHAPE, bool)
    town[:, :8] = True
    outlet = ground < 0 if spread else (4, 9)
    district = SewerDistrict(town, storage=0.5, overflow=1.0, overflow_to=outlet)
    flood = _flood(district, ground=ground, blocked=quay)
    out = flood.balance.sewer_overflow
    assert out == pytest.approx(18e-3 * 64 * 4 - 0.5, rel=1e-4)
    fallen = 36e-3 * 8 * 4
    assert flood.depth[-1][:, 9].sum(dtype=float) * 4 == pytest.approx(out + fallen - 18e-3 * 8 * 4, rel=1e-5)
    assert flood.balance.sewer == pytest.approx(0.5 + 18e-3 * 8 * 4, rel=1e-5)
    assert abs(flood.balance.error) < 1e-8  # what runs through the pond is in single precision


def test_a_stored_state_carries_what_is_in_the_sewers(tmp_path):
    """Two calls give what one gives, and a state with other districts is refused."""
    district = SewerDistrict(ALL, storage=3.0, pump=0.0002, overflow=0.0001)
    roof = {"roof": _roof(10.0)}
    whole = _flood(district, **roof)
    first = _flood(district, until=1200.0, keep_state=True, **roof)
    first.state.save(tmp_path / "state.npz")
    state = simulation.FloodState.load(tmp_path / "state.npz")
    second = _flood(district, start=state, **roof)
    assert state.sewers.tolist() == [first.balance.sewer_stored]
    for name in ("sewer", "sewer_stored", "sewer_pumped", "sewer_overflow"):
        parts = getattr(first.balance, name) + getattr(second.balance, name)
        assert parts == pytest.approx(getattr(whole.balance, name), rel=1e-9), name
    np.testing.assert_allclose(second.depth[-1], whole.depth[-1], atol=1e-6)
    with pytest.raises(ParameterError, match="start has 1 sewer districts"):
        _flood(start=state, **roof)


def test_the_answer_does_not_depend_on_how_rows_are_shared_out(monkeypatch):
    """One band and two, one thread and all: the same bits, also while a district is full and gives back."""
    monkeypatch.setattr(simulation, "SMALL_GRID", 0)
    shape = (60, 30)
    ground = np.random.default_rng(4).normal(0, 0.1, shape)
    north = np.zeros(shape, bool)
    north[:37] = True
    sewers = [SewerDistrict(north, storage=2.0, pump=0.002), SewerDistrict(~north, storage=4.0, overflow=0.001)]
    ratio = np.full(shape, 0.5)
    options: dict[str, Any] = {
        "sewers": sewers,
        "roof": Roof(ratio=ratio, area=float(ratio.sum()) * 4.0, capacity=40.0),
        "losses": SewerLoss(capacity=np.random.default_rng(5).uniform(0, 40, shape)),
        "ground": ground,
        "rain": [(0, 90.0)],
        "until": 600.0,
        "output_every": 600.0,
    }
    one, every = (_flood(**options, threads=threads) for threads in (1, None))
    assert one.balance.sewer_returned > 0
    np.testing.assert_array_equal(one.depth[-1], every.depth[-1])
    assert one.sewers == every.sewers


HALF = np.zeros(SHAPE, bool)
HALF[:, :5] = True


@pytest.mark.parametrize(
    ("sewers", "sentence"),
    [
        ([SewerDistrict(HALF, 1.0), SewerDistrict(ALL, 1.0)], "row 0, column 0 is in two sewer districts"),
        ([SewerDistrict(np.ones((2, 2), bool), 1.0)], "the mask of a sewer district is bool of shape"),
        ([SewerDistrict(ALL, -1.0)], "storage of a sewer district is -1.0 m3"),
        ([SewerDistrict(ALL, 1.0, pump=math.nan)], "pump of a sewer district is nan m3/s"),
        ([SewerDistrict(ALL, 1.0, overflow=-0.1)], "overflow of a sewer district is -0.1 m3/s"),
        ([SewerDistrict(ALL, 1.0, overflow_to=(99, 0))], "row 99"),
        ([SewerDistrict(ALL, 1.0, overflow_to=np.zeros(SHAPE, bool))], "overflows onto no cell"),
        ([SewerDistrict(ALL, 1.0, gullies=np.zeros(SHAPE, bool))], "no gully on open ground"),
        ([SewerDistrict(ALL, 1.0, gullies=np.zeros((2, 2), bool))], "the gullies of a sewer district"),
    ],
)
def test_districts_that_cannot_be_are_refused(sewers, sentence):
    """One sentence says what, before the first step."""
    with pytest.raises(ParameterError, match=sentence):
        _flood(*sewers)


def test_storage_of_single_cells_counts_outside_districts():
    """Crates in the east hold 5 mm of their own cells; in the west only the district holds what is drained."""
    flood = _flood(SewerDistrict(HALF, 100.0), losses=SewerLoss(capacity=18.0, storage=5.0))
    assert flood.sewers[0].stored == pytest.approx(18e-3 * 40 * 4, rel=1e-5)
    assert flood.balance.sewer - flood.sewers[0].stored == pytest.approx(5e-3 * 40 * 4, rel=1e-5)


def test_every_kind_of_roof_has_its_own_districts():
    """Plain roofs stand in the west and drain 10 mm/h, green ones in the east and drain nothing."""
    plain, green = (np.where(half, 1.0, 0.0) for half in (HALF, ~HALF))
    roofs = [_roof(10.0, ratio=plain), _roof(0.0, ratio=green)]
    flood = _flood(SewerDistrict(HALF, 100.0), SewerDistrict(~HALF, 100.0), roof=roofs)
    assert flood.sewers[0].roofs == pytest.approx(10e-3 * 40 * 4.0)
    assert flood.sewers[1].roofs == 0
    _closes(flood)
