"""The engine in single precision floods what the same equations flood in double precision."""

import csv

import numpy as np
import pytest
from benchmarks.flood_cases import Plain

from morgen.models.flood.engine import _physics
from morgen.models.flood.simulation import simulate


def _double_precision(ground, *, cell_size, manning, rain, until, steps):
    """Return the depth (m) by the local inertial equations in float64, with plain arrays and equal steps.

    It rains every two seconds, after the flow.
    """
    dry, gravity = 0.001, 9.81
    z = np.pad(ground - ground.min(), 1, constant_values=1e6)
    h = np.zeros_like(z)
    qx, qy = np.zeros((z.shape[0], z.shape[1] + 1)), np.zeros((z.shape[0] + 1, z.shape[1]))
    dt = until / steps
    k = dt / cell_size

    def flow(q, across, h0, h1, z0, z1, side):
        hf = np.maximum(np.maximum(z0 + h0, z1 + h1) - np.maximum(z0, z1), dry)
        deep = np.minimum(hf, (0.6 / k) ** 2 / gravity)
        speed = np.hypot(q, across)
        mix = np.minimum(0.5 * k * speed / hf + 0.01 * hf, 0.1)
        pushed = q + mix * (side - 2 * q) - gravity * k * deep * (z1 + h1 - z0 - h0)
        slowed = 1 + dt * gravity * manning**2 * speed * deep * hf ** (-10 / 3)
        return np.where(hf > dry, pushed / slowed, 0.0)

    for step in range(steps):
        x, y = qx[:, 1:-1], qy[1:-1]
        over_x = (qy[:-1, :-1] + qy[1:, :-1] + qy[:-1, 1:] + qy[1:, 1:]) / 4
        over_y = (qx[:-1, :-1] + qx[:-1, 1:] + qx[1:, :-1] + qx[1:, 1:]) / 4
        new_x = flow(x, over_x, h[:, :-1], h[:, 1:], z[:, :-1], z[:, 1:], qx[:, :-2] + qx[:, 2:])
        new_y = flow(y, over_y, h[:-1], h[1:], z[:-1], z[1:], qy[:-2] + qy[2:])
        qx[:, 1:-1], qy[1:-1] = new_x, new_y
        out = k * (np.maximum(qx[:, 1:], 0) - np.minimum(qx[:, :-1], 0))
        out += k * (np.maximum(qy[1:], 0) - np.minimum(qy[:-1], 0))
        limit = np.minimum(1, h / (out + 1e-12))
        qx[:, 1:-1] *= np.where(qx[:, 1:-1] > 0, limit[:, :-1], limit[:, 1:])
        qy[1:-1] *= np.where(qy[1:-1] > 0, limit[:-1], limit[1:])
        h += k * (qx[:, :-1] - qx[:, 1:] + qy[:-1] - qy[1:])
        if (step + 1) % round(2 / dt) == 0:
            h[1:-1, 1:-1] += rain * 2
    return h[1:-1, 1:-1]


def test_single_precision_floods_the_same_place(shared_data, monkeypatch):
    """A corner of Newcastle after 20 minutes of 70 mm/h: IoU of water over 0.1 m at least 0.995, RMSE under 1 mm.

    Both take six steps per two seconds; beside precision, the engine takes the cube root in friction to 3e-5.
    """
    import rasterio

    with rasterio.open(shared_data / "flood" / "newcastle_centre" / "dem_2m.tif") as file:
        ground = file.read(1)[60:140, 100:220].astype(np.float64)
    monkeypatch.setattr(_physics, "SHALLOW", 1.0)
    flood = simulate(ground, cell_size=2.0, until=1200)
    assert flood.steps == 3600
    assert flood.depth is not None
    single = flood.depth[-1]
    double = _double_precision(ground, cell_size=2.0, manning=0.03, rain=70e-3 / 3600, until=1200, steps=3600)
    either = (single > 0.1) | (double > 0.1)
    assert either.sum() > 500
    assert ((single > 0.1) & (double > 0.1)).sum() / either.sum() >= 0.995
    assert np.sqrt(np.mean((single - double)[either] ** 2)) < 0.001


def test_ea_test_4_holds_for_two_hours(shared_data):
    """Flood over a flat plain: six gauges within 3 mm of LISFLOOD-FP DG2 after one hour and after two."""
    case = Plain(shared_data / "flood" / "ea_test4")
    found = case.depths("inertial", until=7200)
    for time in (3600.0, 7200.0):
        np.testing.assert_allclose(found[time], case.reference(time), rtol=0, atol=0.003)


@pytest.mark.slow
def test_ea_test_4_with_finite_volumes(shared_data):
    """The second-order engine is within 1 mm after an hour."""
    case = Plain(shared_data / "flood" / "ea_test4")
    found = case.depths("fv2", until=3600)
    np.testing.assert_allclose(found[3600.0], case.reference(3600), rtol=0, atol=0.001)


def test_newcastle_lies_between_other_models(shared_data):
    """Deepest water and wetted area after 600 s are within the spread of the models in the table."""
    import rasterio

    folder = shared_data / "flood" / "newcastle_centre"
    with (folder / "cross_model_600s.csv").open(newline="", encoding="utf-8") as file:
        models = list(csv.DictReader(file))
    with rasterio.open(folder / "dem_2m.tif") as file:
        depth = simulate(file.read(1), cell_size=2.0, until=600).max_depth
    for name, value, slack in (
        ("hmax_m", depth.max(), 0.02),
        ("wet_gt_0.1m_fraction", (depth > 0.1).mean(), 0.001),
        ("wet_gt_0.3m_fraction", (depth > 0.3).mean(), 0.0002),
    ):
        others = [float(model[name]) for model in models]
        assert min(others) - slack <= value <= max(others) + slack, name
