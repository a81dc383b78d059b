"""The flood engine against closed-form answers, other models, and a real town."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from morgen.models.flood.engine import _physics, stepping
from morgen.models.flood.simulation import FloodResult, Inflow, Roof, SewerLoss, simulate


def _table(path: Path) -> npt.NDArray[Any]:
    with path.open(newline="", encoding="utf-8") as file:
        return np.array(list(csv.reader(file))[1:], dtype=float)


def _last(flood: FloodResult) -> npt.NDArray[Any]:
    assert flood.depth is not None
    return np.asarray(flood.depth[-1])


@pytest.fixture(scope="module")
def newcastle(shared_data):
    """Return the 2 m terrain of the centre of Newcastle, with buildings."""
    import rasterio

    with rasterio.open(shared_data / "flood" / "newcastle_centre" / "dem_2m.tif") as file:
        return np.asarray(file.read(1))


def test_rain_on_a_plane_follows_the_kinematic_wave():
    """Rising limb, time of concentration and equilibrium profile of rain on a plane (Henderson & Wooding 1964).

    Outflow q = sqrt(S) / n (i t)^(5/3) per metre until t_c; then h(x) = (n i x / sqrt(S))^(3/5).
    """
    slope, roughness, length, width, cell = 0.02, 0.03, 200.0, 6.0, 2.0
    intensity = 70e-3 / 3600
    rows, columns = int(length / cell), int(width / cell)
    x = (np.arange(rows) + 0.5) * cell
    ground = np.repeat((slope * (length - x))[:, None], columns, axis=1)

    def flood(until: float) -> FloodResult:
        return simulate(
            ground,
            cell_size=cell,
            manning=roughness,
            rain=[(0, 70.0)],
            boundary={"south": "open"},
            until=until,
            output_every=until,
        )

    concentration = (roughness * length / (np.sqrt(slope) * intensity ** (2 / 3))) ** 0.6
    rising = 3 / 8 * np.sqrt(slope) / roughness * intensity ** (5 / 3) * concentration ** (8 / 3) * width
    equilibrium = (roughness * intensity * x / np.sqrt(slope)) ** 0.6
    at_concentration = flood(concentration)
    later, end = flood(2.5 * concentration), flood(3 * concentration)

    assert at_concentration.balance.outflow == pytest.approx(rising, rel=0.05)
    np.testing.assert_allclose(_last(end)[rows // 4 : -2, 1], equilibrium[rows // 4 : -2], rtol=0.02)
    leaving = (end.balance.outflow - later.balance.outflow) / (0.5 * concentration)
    assert leaving == pytest.approx(intensity * length * width, rel=0.005)


def test_ea_test_4_agrees_with_lisflood_dg2(shared_data):
    """Flood over a flat plain (EA SC120002, test 4): six gauges within 5 mm of LISFLOOD-FP DG2 after an hour."""
    folder = shared_data / "flood" / "ea_test4"
    reference = _table(folder / "reference_lisflood_dg2_5m_subset.csv")
    expected = reference[np.abs(reference[:, 0] - 3600).argmin(), 1:]
    gauges = _table(folder / "gauges.csv")
    inlet = np.zeros((400, 200), bool)
    inlet[198:202, 0] = True
    flood = simulate(
        np.zeros((400, 200)),
        cell_size=5.0,
        manning=0.05,
        rain=[(0, 0)],
        inflows=[Inflow(inlet, [(time, flow) for time, flow in _table(folder / "inflow.csv")])],
        boundary={"north": "open", "east": "open", "south": "open"},
        until=3600,
        output_every=3600,
    )
    rows = ((2000 - gauges[:, 2]) / 5).astype(int)
    columns = (gauges[:, 1] / 5).astype(int)
    np.testing.assert_allclose(_last(flood)[rows, columns], expected, atol=0.005)
    assert flood.balance.inflow == pytest.approx(33_000, rel=1e-6)
    assert abs(flood.balance.error) < 1e-7


def test_newcastle_agrees_with_other_models(newcastle):
    """Ten minutes of 70 mm/h: deepest water and wetted area between those of four other schemes."""
    flood = simulate(newcastle, cell_size=2.0, until=600)
    depth = _last(flood)
    assert depth.max() == pytest.approx(1.078, abs=0.025)
    assert (depth > 0.1).mean() == pytest.approx(0.0200, abs=0.001)
    assert (depth > 0.3).mean() == pytest.approx(0.0018, abs=0.0003)
    assert abs(flood.balance.error) < 1e-7


def test_the_balance_closes_with_all_physics(newcastle):
    """Rain, initial loss, infiltration, sewer, roofs, buildings and open edges together: within 1e-7."""
    blocked = np.zeros(newcastle.shape, bool)
    blocked[40:150:20, 20:320:25] = True
    ratio = np.zeros(newcastle.shape)
    beside = np.roll(blocked, 1, axis=1)
    ratio[beside] = 1.0
    flood = simulate(
        newcastle,
        cell_size=2.0,
        infiltration=np.where(np.arange(342) % 3 == 0, 15.0, 0.0) * np.ones((195, 1)),
        initial_loss=2.0,
        losses=SewerLoss(capacity=12.0),
        roof=Roof(ratio=ratio, area=float(blocked.sum()) * 4, capacity=20, initial_loss=1),
        blocked=blocked,
        boundary="open",
        until=900,
    )
    balance = flood.balance
    assert min(balance.infiltrated, balance.sewer, balance.outflow, balance.initial_loss, balance.stored) > 50
    assert abs(balance.error) < 1e-7
    assert flood.max_depth[blocked].max() == 0


def test_half_the_step_gives_the_same_flood(newcastle: npt.NDArray[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer belongs to the ground and the rain, not to the time step: within 1.5 mm (root mean square)."""
    usual = simulate(newcastle, cell_size=2.0, until=900).max_depth
    half = _physics.COURANT / 2
    for module in (_physics, stepping):
        monkeypatch.setattr(module, "COURANT", half)
    finer = simulate(newcastle, cell_size=2.0, until=900).max_depth
    wet = (usual > 0.05) | (finer > 0.05)
    assert np.sqrt(np.mean((usual - finer)[wet] ** 2)) < 0.0015


@pytest.mark.slow
def test_the_balance_closes_over_two_hours(newcastle):
    """7200 s with sewer loss: within 1e-7, and the courtyards, up to 5 m deep, do not dictate the time step."""
    flood = simulate(newcastle, cell_size=2.0, losses=SewerLoss(capacity=12.0), infiltration=5.0, until=7200)
    assert abs(flood.balance.error) < 1e-7
    assert flood.steps < 15_000
