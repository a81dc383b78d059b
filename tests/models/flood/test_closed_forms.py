"""Both engines against answers that can be written down: rest, symmetry, dam breaks, bowls and a catchment."""

import numpy as np
import pytest
from benchmarks.flood_cases import (
    Channel,
    relative_error,
    ritter,
    run,
    stoker,
    swinging_water,
    thacker_bowl,
    tilted_v,
)

from morgen.models.flood import Inflow, SewerLoss, simulate

DRY = [(0.0, 0.0)]


def _bed(rows: int = 30, columns: int = 40):
    """Return a random bed (m), of numbers that float32 holds too."""
    return np.random.default_rng(4).integers(0, 2000, (rows, columns)) / 1024


@pytest.mark.parametrize("engine", ["inertial", "fv2"])
def test_a_lake_at_rest_between_islands_stays_at_rest(engine):
    """On a random bed with dry islands no depth changes by 1e-7 m and nothing flows by 1e-7 m2/s in 200 s."""
    depth = np.maximum(1.25 - _bed(), 0)
    flood = simulate(
        _bed(), cell_size=2, rain=DRY, initial_depth=depth, until=200, output_every=200, engine=engine
    )
    assert 0.2 < (depth == 0).mean() < 0.8
    assert flood.depth is not None
    np.testing.assert_allclose(flood.depth[-1], depth, rtol=0, atol=1e-7)
    assert (flood.max_velocity * flood.max_depth).max() < 1e-7


def test_finite_volumes_keep_every_drop():
    """Rain, soil, sewer, inflow and open edges in double precision: the balance closes to 1e-12."""
    inlet = np.zeros((30, 40), bool)
    inlet[3:5, 3:5] = True
    flood = simulate(
        _bed(),
        cell_size=2,
        infiltration=5.0,
        initial_loss=0.5,
        losses=SewerLoss(capacity=12.0, storage=3.0),
        inflows=[Inflow(inlet, [(0, 0.2), (300, 0.2)])],
        boundary="open",
        until=600,
        engine="fv2",
    )
    balance = flood.balance
    assert min(balance.rain, balance.inflow, balance.infiltrated, balance.sewer, balance.outflow) > 0
    assert abs(balance.error) < 1e-12


@pytest.mark.parametrize("engine", ["inertial", "fv2"])
def test_turned_and_mirrored_ground_turns_and_mirrors_the_water(engine):
    """The answer does not know left from right, up from down, rows from columns: within a micrometre."""
    ground = _bed(18, 25)

    def flood(terrain):
        depth = simulate(terrain, cell_size=1, until=120, boundary="open", engine=engine).depth
        assert depth is not None
        return depth[-1]

    straight = flood(ground)
    assert straight.max() > 0.02
    np.testing.assert_allclose(flood(ground[:, ::-1])[:, ::-1], straight, rtol=0, atol=1e-6)
    np.testing.assert_allclose(flood(ground[::-1])[::-1], straight, rtol=0, atol=1e-6)
    np.testing.assert_allclose(np.rot90(flood(np.rot90(ground)), -1), straight, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("case", "coarse", "error", "order"),
    [(ritter, 100, 0.008, 0.8), (stoker, 100, 0.007, 0.7), (swinging_water, 100, 0.01, 1.4)],
)
def test_finite_volumes_converge_to_the_exact_answer(case, coarse, error, order):
    """Half the cell size leaves less error, at the rate that shocks and shores allow (1) or smooth water (2)."""
    errors = [relative_error(made, run(made, "fv2")) for made in (case(coarse), case(2 * coarse))]
    assert errors[0] < error
    assert np.log2(errors[0] / errors[1]) > order


def test_finite_volumes_keep_a_bowl_swinging():
    """Thacker's curved surface: after one period the mound is back, and half the cell size is closer to it."""
    errors = [relative_error(case, run(case, "fv2")) for case in (thacker_bowl(50), thacker_bowl(100))]
    assert errors[0] < 0.03
    assert np.log2(errors[0] / errors[1]) > 1.4


@pytest.mark.parametrize("engine", ["inertial", "fv2"])
def test_a_catchment_gives_the_rain_that_it_gets(engine):
    """The tilted V at equilibrium: all rain on two planes, 10.8 mm/h on 1.62 km2, leaves by the channel."""
    ground, roughness = tilted_v()

    def left(until):
        flood = simulate(
            ground,
            cell_size=20.0,
            manning=roughness,
            rain=[(0, 10.8)],
            boundary={"south": "open"},
            until=until,
            output_every=until,
            engine=engine,
        )
        return flood.balance.outflow

    assert (left(6600) - left(6000)) / 600 == pytest.approx(10.8e-3 / 3600 * ground.size * 400, rel=0.01)


@pytest.mark.parametrize("engine", ["inertial", "fv2"])
@pytest.mark.parametrize("roughness", [0.0, 0.1])
def test_rain_runs_off_a_steep_slope_as_a_film(engine, roughness):
    """On 1:3, smooth or rough, what runs off is what kinematic waves give, and nowhere does water gather.

    In the end h(x) = (n i x / sqrt(S))^(3/5); what stands is its integral.
    """
    slope, rate, length, manning = 0.3, 70e-3 / 3600, 200.0, 0.03
    bed = np.tile(np.arange(100)[::-1] * 2.0 * slope, (12, 1))
    bed += np.random.default_rng(1).normal(0, roughness, bed.shape)
    flood = simulate(
        bed,
        cell_size=2.0,
        manning=manning,
        rain=[(0, 70.0)],
        boundary={"east": "open"},
        until=1200,
        output_every=1200,
        engine=engine,
    )
    stands = (manning * rate / slope**0.5) ** 0.6 * length**0.6 / 1.6
    assert flood.balance.outflow / flood.balance.rain == pytest.approx(1 - stands / (rate * 1200), abs=0.02)
    assert np.nanmax(flood.max_depth) < 0.05


@pytest.mark.parametrize(("engine", "most"), [("inertial", 0.045), ("fv2", 0.005)])
@pytest.mark.parametrize("rain", [False, True])
def test_steady_flow_in_a_channel_stands_as_deep_as_it_should(shared_data, engine, most, rain):
    """MacDonald's channel near critical flow; the first 50 m, where water enters, do not count."""
    channel = Channel(shared_data / "flood" / "analytical", rain=rain)
    gap = np.abs(channel.depths(engine) - channel.exact)[10:]
    assert gap.mean() / channel.exact.mean() < most
