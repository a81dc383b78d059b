"""The flood engine keeps water, is the same in every direction, and says what is wrong before it starts."""

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from morgen.core.errors import DismissedError, ParameterError, UnstableError
from morgen.models.flood import simulation
from morgen.models.flood.simulation import FloodResult, Inflow, Roof, SewerLoss, simulate

DRY = [(0.0, 0.0)]
STORM = [(0.0, 70.0), (3600.0, 0.0)]


def hills(rows: int = 24, columns: int = 31, *, seed: int = 1, relief: float = 1.5) -> npt.NDArray[Any]:
    """Return smooth random ground (m) without a preferred direction."""
    ground = np.random.default_rng(seed).normal(size=(rows, columns))
    for _ in range(4):
        padded = np.pad(ground, 1, mode="edge")
        ground = (padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:] + ground) / 5
    return np.asarray(3 + relief * (ground - ground.min()) / np.ptp(ground))


def depths(flood: FloodResult) -> npt.NDArray[Any]:
    """Return the depths that the result keeps: (times, rows, columns)."""
    assert flood.depth is not None
    return flood.depth


def test_a_lake_at_rest_stays_at_rest():
    """Still water around dry islands does not start to flow: less than 1e-6 m2/s anywhere in 600 s."""
    ground = hills()
    depth = np.maximum(4.0 - ground, 0)
    flood = simulate(ground, cell_size=2, rain=DRY, initial_depth=depth, until=600)
    assert (depth == 0).sum() > 50
    np.testing.assert_allclose(depths(flood)[-1], depth, atol=1e-6)
    assert np.nanmax(flood.max_velocity * flood.max_depth) < 1e-6


def test_all_rain_stays_in_a_closed_box():
    """In a closed box the water that stands is the rain that fell, to 1e-7."""
    flood = simulate(hills(), cell_size=2, rain=STORM, until=5400)
    fallen = 0.070 * 24 * 31 * 4
    assert flood.balance.rain == pytest.approx(fallen, rel=1e-12)
    assert flood.balance.stored == pytest.approx(fallen, rel=1e-7)
    assert depths(flood)[-1].sum(dtype=float) * 4 == pytest.approx(fallen, rel=1e-6)


def test_dry_ground_without_rain_stays_dry():
    """Nothing comes from nothing."""
    flood = simulate(hills(), cell_size=2, rain=DRY, boundary="open", until=600)
    assert flood.max_depth.max() == 0
    assert flood.balance.error == 0
    assert np.isnan(flood.arrival).all()


def test_mirrored_ground_gives_mirrored_water():
    """The answer does not know left from right, up from down, rows from columns."""
    ground = hills(20, 33)
    straight = depths(simulate(ground, cell_size=1, until=900))
    assert np.array_equal(depths(simulate(ground[:, ::-1], cell_size=1, until=900))[:, :, ::-1], straight)
    assert np.array_equal(depths(simulate(ground[::-1], cell_size=1, until=900))[:, ::-1], straight)
    assert np.array_equal(depths(simulate(ground.T, cell_size=1, until=900)).swapaxes(1, 2), straight)


def test_open_edges_are_the_same_on_all_sides():
    """Water leaves a symmetric hill symmetrically."""
    y, x = np.mgrid[-8:9, -8:9]
    flood = simulate(10 - 0.05 * np.hypot(x, y), cell_size=1, boundary="open", until=600)
    depth = depths(flood)[-1]
    assert flood.balance.outflow > 0.5 * flood.balance.rain
    assert np.array_equal(depth, depth[:, ::-1])
    assert np.array_equal(depth, depth.T)


def test_one_edge_can_be_open():
    """Only water over the named edge leaves, and none ever comes in."""
    ground = np.tile(np.linspace(1.0, 0.0, 21), (9, 1))
    east = simulate(ground, cell_size=1, boundary={"east": "open"}, until=1200)
    west = simulate(ground, cell_size=1, boundary={"west": "open"}, until=1200)
    assert east.balance.outflow > 0.8 * east.balance.rain
    assert west.balance.outflow < 0.1 * west.balance.rain


def test_water_leaves_into_cells_outside_only_if_that_edge_is_open():
    """NaN cells are a wall, or a drop when "nodata" is open."""
    ground = np.full((9, 9), 1.0)
    ground[3:6, 3:6] = np.nan
    closed = simulate(ground, cell_size=1, until=600)
    opened = simulate(ground, cell_size=1, until=600, boundary={"nodata": "open"})
    assert closed.balance.outflow == 0
    assert opened.balance.outflow > 0
    assert np.isnan(closed.max_depth[3:6, 3:6]).all()
    assert np.isfinite(closed.max_depth).sum() == 72


def test_blocked_cells_hold_no_water():
    """A building takes no water, has no rain of its own, and parts the water."""
    blocked = np.zeros((9, 20), bool)
    blocked[:, 9] = True
    start = np.zeros((9, 20))
    start[:, :9] = 0.5
    flood = simulate(np.zeros((9, 20)), cell_size=1, rain=DRY, initial_depth=start, blocked=blocked, until=300)
    assert flood.max_depth[blocked].max() == 0
    assert flood.max_depth[:, 10:].max() == 0
    rained = simulate(np.zeros((9, 20)), cell_size=1, blocked=blocked, until=300)
    assert rained.balance.rain == pytest.approx(0.070 / 12 * 171)


def test_one_cell_fills():
    """A single cell is a bucket."""
    flood = simulate([[5.0]], cell_size=0.5, until=3600)
    assert depths(flood)[-1, 0, 0] == pytest.approx(0.070, rel=1e-6)


def test_infiltration_takes_no_more_than_there_is():
    """Soil that could take 100 mm/h takes the 70 that fall; soil that can take 20 takes 20."""
    thirsty = simulate(np.zeros((5, 5)), cell_size=1, infiltration=100, until=3600)
    slow = simulate(np.zeros((5, 5)), cell_size=1, infiltration=20, until=3600)
    assert thirsty.max_depth.max() == 0
    assert thirsty.balance.infiltrated == pytest.approx(0.070 * 25)
    assert slow.balance.infiltrated == pytest.approx(0.020 * 25, rel=1e-6)
    assert depths(slow)[-1] == pytest.approx(0.050, rel=1e-5)


def test_the_first_rain_fills_the_initial_loss():
    """5 mm stays on plants and in puddles; the balance shows it apart, and as stored in the summary."""
    flood = simulate(np.zeros((5, 5)), cell_size=1, initial_loss=5, until=3600)
    assert flood.balance.initial_loss == pytest.approx(0.005 * 25, rel=1e-6)
    assert depths(flood)[-1] == pytest.approx(0.065, rel=1e-5)
    assert flood.balance.summary()["stored"] == pytest.approx(0.070 * 25, rel=1e-6)


def test_more_sewer_never_floods_more():
    """The flooded volume does not rise with the capacity of the sewer."""
    volumes = [
        simulate(hills(), cell_size=2, losses=SewerLoss(capacity=mm), until=3600).balance.stored
        for mm in (0, 10, 20, 40, 70)
    ]
    assert all(less <= more for more, less in pairwise(volumes))
    assert volumes[-1] < 0.01 * volumes[0]


def test_roofs_fill_then_drain_then_spill():
    """Of 70 mm on a roof 2 mm stays, then 20 mm/h goes to the sewer, and the excess arrives beside it."""
    blocked = np.zeros((5, 10), bool)
    blocked[:, :5] = True
    ratio = np.zeros((5, 10))
    ratio[:, 5] = 5.0
    roof = Roof(ratio=ratio, area=25.0, capacity=20.0, initial_loss=2.0)
    flood = simulate(np.zeros((5, 10)), cell_size=1, blocked=blocked, roof=roof, until=3600)
    filling = 2 / 70
    sewer = 0.020 * (1 - filling) * 25
    assert flood.balance.rain == pytest.approx(0.070 * 50)
    assert flood.balance.initial_loss == pytest.approx(0.002 * 25)
    assert flood.balance.sewer == pytest.approx(sewer)
    assert flood.balance.stored == pytest.approx(0.070 * 50 - 0.05 - sewer, rel=1e-6)


def test_inflow_brings_its_volume():
    """A triangle of 2 m3/s in 600 s is 600 m3."""
    mask = np.zeros((24, 31), bool)
    mask[3:5, 3:5] = True
    flood = simulate(
        hills(), cell_size=2, rain=DRY, inflows=[Inflow(mask, [(0, 0), (300, 2), (600, 0)])], until=900
    )
    assert flood.balance.inflow == pytest.approx(600, rel=1e-6)
    assert abs(flood.balance.error) < 1e-7


def test_waves_in_a_deep_courtyard_die_out():
    """Noise on 4 m of water between walls fades, also the shortest waves that the grid can hold."""
    noise = 0.05 * np.random.default_rng(5).normal(size=(20, 20))
    flood = simulate(
        np.zeros((20, 20)), cell_size=2, initial_depth=4 + noise, rain=DRY, until=1200, output_every=1200
    )
    level = depths(flood)[-1]
    assert max(np.abs(np.diff(level, axis=axis)).max() for axis in (0, 1)) < 0.0025
    np.testing.assert_allclose(level, 4 + noise.mean(), atol=0.01)
    assert flood.steps < 1500


def test_steps_and_walls_stay_stable():
    """Walls of 20 m, kerbs and pits in one storm: no runaway, no negative depth, the balance closed."""
    random = np.random.default_rng(3)
    ground = hills(40, 40, relief=20) + 20 * (random.random((40, 40)) > 0.8) - 5 * (random.random((40, 40)) > 0.9)
    flood = simulate(ground, cell_size=0.5, until=1800)
    assert depths(flood).min() >= 0
    assert abs(flood.balance.error) < 1e-7
    assert flood.max_velocity.max() < 10


def test_times_and_durations_are_measured():
    """Rain of 72 mm/h reaches 5 cm after 2500 s, and stays."""
    flood = simulate(
        np.zeros((4, 4)),
        cell_size=1,
        rain=[(0, 72.0)],
        until=3600,
        output_every=1000,
        duration_thresholds=(0.05, 0.15),
    )
    assert flood.times.tolist() == [0, 1000, 2000, 3000, 3600]
    assert depths(flood).shape == (5, 4, 4)
    assert flood.arrival == pytest.approx(2500, abs=6.1)
    assert flood.duration == pytest.approx(1100, abs=6.1)
    assert flood.durations[1].max() == 0


def test_rain_changes_exactly_on_time():
    """Steps of rain that fall between outputs count to the second."""
    flood = simulate(np.zeros((3, 3)), cell_size=1, rain=[(7.3, 36.0), (13.9, 0.0), (20.0, 3.6)], until=50)
    assert flood.balance.rain == pytest.approx(9 * (6.6 * 1e-5 + 30 * 1e-6))


def test_outputs_are_streamed():
    """With a callback each output is handed over once, in order, and not kept."""
    seen = []
    flood = simulate(
        np.zeros((3, 3)),
        cell_size=1,
        until=100,
        output_every=50,
        on_output=lambda t, depth: seen.append((t, depth)),
    )
    assert [time for time, _ in seen] == [0, 50, 100]
    assert flood.depth is None
    assert seen[1][1].max() < seen[2][1].max()


def test_progress_can_stop_the_work():
    """What the progress callback raises comes out, and the number of threads is put back."""
    import numba

    def stop(fraction, time):
        assert 0 < fraction <= 1
        assert time <= 3600
        raise DismissedError("somebody stopped the calculation")

    before = numba.get_num_threads()
    with pytest.raises(DismissedError):
        simulate(hills(), cell_size=1, until=3600, on_progress=stop)
    assert numba.get_num_threads() == before


def test_threads_do_not_change_the_answer(monkeypatch):
    """One thread and all threads give the same bits."""
    import numba

    monkeypatch.setattr(simulation, "SMALL_GRID", 0)
    one = simulate(hills(60, 70), cell_size=1, until=300, threads=1, boundary="open")
    all_ = simulate(hills(60, 70), cell_size=1, until=300, threads=numba.config.NUMBA_NUM_THREADS, boundary="open")
    assert np.array_equal(depths(one), depths(all_))
    assert one.balance.outflow == all_.balance.outflow


def test_runaway_is_refused():
    """Water that moves faster than any flood names the place and the time."""
    ground = np.zeros((3, 40))
    ground[:, 20:] = -1000
    depth = np.zeros((3, 40))
    depth[:, :20] = 500.0
    with pytest.raises(UnstableError, match=r"row \d+, column \d+ after \d+\.\d s"):
        simulate(ground, cell_size=10, rain=DRY, initial_depth=depth, until=600)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"terrain": np.zeros(4)}, "terrain has shape (4,)"),
        ({"terrain": np.full((2, 2), np.nan)}, "terrain is NaN in every cell"),
        ({"terrain": np.array([[0, np.inf]])}, "terrain is infinite at row 0, column 1"),
        ({"cell_size": 0}, "cell_size is 0 m"),
        ({"cell_size": -1.0}, "cell_size is -1.0 m"),
        ({"manning": 0}, "manning is 0.0 at row 0, column 0"),
        ({"manning": np.full((4, 4), -0.1)}, "manning is -0.1"),
        ({"manning": np.full((3, 4), 0.1)}, "manning has shape (3, 4)"),
        ({"rain": [(0, -1)]}, "rain is [(0, -1)]"),
        ({"rain": [(5, 1), (5, 2)]}, "the times of rain"),
        ({"rain": []}, "rain is []"),
        ({"infiltration": np.nan}, "infiltration is nan"),
        ({"initial_loss": -1}, "initial_loss is -1.0"),
        ({"initial_depth": -0.1}, "initial_depth is -0.1"),
        ({"losses": SewerLoss(capacity=-3)}, "losses.capacity is -3.0"),
        ({"roof": Roof(ratio=np.zeros((4, 4)), area=10)}, "roof.area is 10 m2"),
        ({"roof": Roof(ratio=np.zeros((4, 4)), area=-1)}, "roof.area is -1"),
        ({"blocked": np.zeros((4, 4))}, "blocked is float64"),
        ({"blocked": np.ones((4, 4), bool)}, "every cell of the terrain is blocked"),
        ({"boundary": "ajar"}, "boundary is 'ajar'"),
        ({"boundary": {"up": "open"}}, "boundary is {'up': 'open'}"),
        ({"until": 0}, "until is 0 s"),
        ({"output_every": -5}, "output_every is -5 s"),
        ({"threads": 100_000}, "threads is 100000"),
        ({"duration_thresholds": ()}, "duration_thresholds is ()"),
        ({"inflows": [Inflow(np.zeros((4, 4), bool), [(0, 1)])]}, "the mask of an inflow"),
        ({"inflows": [Inflow(np.ones((4, 4), bool), [(0, -1)])]}, "the series of an inflow"),
    ],
)
def test_wrong_input_is_refused_with_its_name_and_value(change, part):
    """Each refusal names the value and what is allowed, before the first step."""
    arguments = {"terrain": np.zeros((4, 4)), "cell_size": 1.0, **change}
    with pytest.raises(ParameterError) as refusal:
        simulate(arguments.pop("terrain"), **arguments)
    assert part in str(refusal.value)
    assert " must " in str(refusal.value)
