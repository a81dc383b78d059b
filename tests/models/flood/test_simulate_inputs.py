"""The engine takes rain, soil, sewers and inflow in every documented form, and refuses what it cannot do."""

import numpy as np
import pytest
import shapely

from morgen.core.errors import ParameterError
from morgen.models.flood import GreenAmpt, Inflow, RainField, SewerLoss, machine, simulate
from morgen.models.flood.rain import checked_inflow

DRY = [(0.0, 0.0)]


def test_rain_differs_from_place_to_place():
    """A storm that moves over: each raster falls where and while it says."""
    rates = np.zeros((3, 4, 6))
    rates[0, :, :3], rates[1, :, 4:] = 36.0, 72.0
    walls = np.tile([0, 0, 0, 5, 0, 0], (4, 1)) * 1.0
    flood = simulate(walls, cell_size=2, rain=RainField([0, 100, 250], rates), until=400, boundary="closed")
    assert flood.balance.rain == pytest.approx(4 * (12 * 0.001 + 8 * 0.003), rel=1e-6)
    assert flood.max_depth[:, 0] == pytest.approx(0.001, abs=2e-5)
    assert abs(flood.balance.error) < 1e-7


def test_equal_rasters_are_equal_rain():
    """A field of the same rate everywhere gives the flood of that rate."""
    ground = np.random.default_rng(2).random((12, 15))
    steps = simulate(ground, cell_size=1, rain=[(0, 50.0)], until=300).max_depth
    field = simulate(ground, cell_size=1, rain=RainField([0], np.full((1, 12, 15), 50.0)), until=300).max_depth
    np.testing.assert_allclose(field, steps, atol=1e-5)


def test_soil_takes_water_as_green_and_ampt_say():
    """Ponded from the start: F - S ln(1 + F / S) = K t, with S = suction times deficit."""
    soil = GreenAmpt(conductivity=10.0, suction=110.0, deficit=0.3)
    flood = simulate(np.zeros((3, 3)), cell_size=1, rain=DRY, initial_depth=0.2, infiltration=soil, until=3600)
    soaked = flood.balance.infiltrated / 9 * 1000
    assert soaked - 33 * np.log(1 + soaked / 33) == pytest.approx(10.0, rel=0.01)
    assert abs(flood.balance.error) < 1e-9


def test_dry_soil_takes_all_light_rain():
    """Soil never takes more than there is: light rain leaves nothing."""
    soil = GreenAmpt(conductivity=np.full((3, 3), 20.0), suction=110.0, deficit=0.3)
    flood = simulate(np.zeros((3, 3)), cell_size=1, rain=[(0, 10.0)], infiltration=soil, until=3600)
    assert flood.max_depth.max() == 0
    assert flood.balance.infiltrated == pytest.approx(0.09, rel=1e-6)


def test_a_full_sewer_takes_what_is_pumped_out_of_it():
    """A sewer of 7 mm that empties at 0.7 mm/h takes 7.7 mm in the first hour, however much it could swallow."""
    sewer = SewerLoss(capacity=30.0, storage=7.0, emptying=0.7)
    flood = simulate(np.zeros((4, 4)), cell_size=1, losses=sewer, until=3600)
    assert flood.balance.sewer / 16 == pytest.approx(7.7e-3, rel=1e-3)
    assert abs(flood.balance.error) < 1e-9


def test_an_inflow_can_be_a_shape():
    """A polygon in metres from the south-west corner stands for the cells with their centre in it."""
    ground = np.zeros((10, 20))
    shape = shapely.box(4, 2, 8, 6)
    mask = np.zeros((10, 20), bool)
    mask[7:9, 2:4] = True
    series = [(0, 1.0), (60, 1.0)]
    drawn = simulate(ground, cell_size=2, rain=DRY, inflows=[Inflow(shape, series)], until=60)
    masked = simulate(ground, cell_size=2, rain=DRY, inflows=[Inflow(mask, series)], until=60)
    assert np.array_equal(drawn.max_depth, masked.max_depth)
    spot = checked_inflow(Inflow(shapely.Point(5.5, 0.5), series), np.ones((10, 20), bool), 2.0)
    assert np.argwhere(np.asarray(spot.mask)).tolist() == [[9, 2]]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"cell_size": (2.0, 3.0)}, "cells are square"),
        ({"rain": RainField([10, 5], np.zeros((2, 4, 4)))}, "the times of rain are [10.0, 5.0]"),
        ({"rain": RainField([0, 5], np.zeros((3, 4, 4)))}, "rain has 2 times and 3 rasters"),
        ({"rain": RainField([0], np.zeros((1, 4, 5)))}, "rain.rates has shape (1, 4, 5)"),
        ({"rain": RainField([0], np.full((1, 4, 4), -1.0))}, "rain.rates has a value below 0"),
        ({"infiltration": GreenAmpt(-1.0, 100, 0.3)}, "infiltration.conductivity is -1.0"),
        ({"infiltration": GreenAmpt(1.0, 100, 1.3)}, "infiltration.deficit is 1.3"),
        ({"losses": SewerLoss(10.0, storage=-1)}, "losses.storage is -1.0"),
        ({"losses": SewerLoss(10.0, storage=1, emptying=np.nan)}, "losses.emptying is nan"),
        ({"inflows": [Inflow(shapely.box(50, 50, 60, 60), [(0, 1)])]}, "an inflow lies at [50.0, 50.0"),
        ({"initial_depth": np.full((4, 4), np.nan)}, "initial_depth is nan"),
        ({"engine": "magic"}, "engine is 'magic'"),
        ({"device": "tpu"}, "device is 'tpu'"),
    ],
)
def test_wrong_input_is_refused_in_one_sentence(change, part):
    """Each refusal names the value and what is allowed, before the first step."""
    arguments = {"terrain": np.zeros((4, 4)), "cell_size": 1.0, **change}
    with pytest.raises(ParameterError) as refusal:
        simulate(arguments.pop("terrain"), **arguments)
    assert part in str(refusal.value)
    assert " must " in str(refusal.value)


def test_more_than_fits_in_memory_is_refused(monkeypatch):
    """The need is estimated from cells and outputs, and named beside what is free."""
    monkeypatch.setattr(machine, "_free_bytes", lambda: 10**6)
    with pytest.raises(ParameterError, match=r"takes 0\.0 GB.* must fit in the 0\.0 GB"):
        simulate(np.zeros((200, 200)), cell_size=1, until=60)
    assert machine.needed_bytes(16_000_000, outputs=0, thresholds=1, engine="inertial") < 1e9


def test_a_volume_that_is_missing_is_told_in_m3():
    """The balance gives its error relative to all water and as a volume."""
    balance = simulate(np.zeros((4, 4)), cell_size=1, until=60).balance
    came = balance.rain + balance.inflow + balance.initial
    assert balance.missing == pytest.approx(-balance.error * came)
