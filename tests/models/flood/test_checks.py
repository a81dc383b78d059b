"""How sure the answer is: engines, cells, rounding and ensemble beside a run."""

import numpy as np
import pytest
from tests.models.flood.scenes import street_canyon
from tests.models.flood.test_model import QUICK

from morgen.core.errors import DismissedError
from morgen.models.flood import SewerLoss, pluvial_flood
from morgen.models.flood.checks import RANGES, Storm, banded, engine_agreement, ensemble
from morgen.testing import FakeRun

EVENT = {**QUICK, "rain": 40, "edges": "closed"}


def _run(**parameters):
    run = FakeRun()
    result = pluvial_flood(street_canyon(), run=run, **{**EVENT, **parameters})
    return run, {item.id: item for item in result.indicators}


def test_every_run_says_how_well_a_second_engine_agrees():
    """On the street the largest depths differ by millimetres; where neither is 0.10 m deep there is no overlap."""
    run, _ = _run(sewer_capacity=0)
    engines = run.documents["checks"]["engines"]
    assert 0 < engines["rmse"] <= engines["largest"] < 0.01
    assert engines["wet_overlap"] is None


def test_both_engines_fill_the_same_hollow():
    """A bowl of 0.4 m that 70 mm of rain runs into is wet in the same cells, all but a few at its rim."""
    y, x = np.mgrid[-20:20, -20:20]
    bowl = np.minimum(0.4 * (x**2 + y**2) / 200, 0.8)
    storm = Storm(
        bowl,
        {
            "cell_size": 2.0,
            "manning": np.full(bowl.shape, 0.03),
            "infiltration": np.zeros(bowl.shape),
            "losses": SewerLoss(capacity=np.zeros(bowl.shape)),
        },
        {"rain": [(0.0, 70.0), (1800.0, 0.0)], "until": 2400.0},
    )
    found = engine_agreement(storm, (20, 20))
    assert found["rows"][0] < 20 < found["rows"][1]
    assert found["wet_overlap"] > 0.9
    assert found["rmse"] < 0.01


def test_checks_change_no_depth_and_are_made_only_when_asked_for():
    """Without checks the document is empty; with all of them the rasters and values are the same."""
    plain, found = _run(engine_check=False)
    checked, again = _run(resolution_check=True, noise_check=True, ensemble=2)
    assert plain.documents["checks"] == {}
    assert set(checked.documents["checks"]) == {"engines", "resolution", "noise", "ensemble"}
    np.testing.assert_array_equal(plain.rasters["max_depth"].values, checked.rasters["max_depth"].values)
    assert {name: item.value for name, item in found.items()} == {name: item.value for name, item in again.items()}
    assert {name for name, item in found.items() if item.low is not None or item.high is not None} == {"damage"}
    assert "probability" not in plain.rasters


def test_the_probability_is_the_share_of_members_that_were_wet():
    """Of three members each cell is wet in 0, 1, 2 or 3; the street is in all of them, gardens are in none."""
    run, _ = _run(engine_check=False, ensemble=3, rain=60, sewer_capacity=0)
    share = run.rasters["probability"].values
    assert run.rasters["probability"].unit == "1"
    known = share[np.isfinite(share)]
    assert {round(float(value) * 3, 4) for value in np.unique(known)} <= {0, 1, 2, 3}
    assert share[20, 30] == 1
    assert share[2, 30] == 0
    np.testing.assert_array_equal(np.isnan(share), np.isnan(run.rasters["max_depth"].values))


def test_a_band_of_its_own_is_part_of_the_band_of_the_ensemble():
    """An indicator that has a band keeps at least that one; others get the least and most value."""
    _, found = _run(engine_check=False)
    run = found["damage"].model_copy(update={"value": 10.0, "low": 4.0, "high": 20.0})
    drier = run.model_copy(update={"value": 8.0, "low": 2.0, "high": 18.0})
    (damage,) = banded([run], [[drier]])
    assert (damage.value, damage.low, damage.high) == (10.0, 2.0, 20.0)
    area = found["flooded-area"].model_copy(update={"value": 5.0})
    (flooded,) = banded([area], [[area.model_copy(update={"value": 7.0})]])
    assert (flooded.low, flooded.high) == (5.0, 7.0)


def test_the_band_of_an_ensemble_holds_the_value_and_is_wider_with_more_members():
    """Each member is a run on other ground; the first members of a larger ensemble need not be the same."""
    _, few = _run(engine_check=False, ensemble=2)
    _, many = _run(engine_check=False, ensemble=6)
    assert all(item.low <= item.value <= item.high for item in (*few.values(), *many.values()))
    assert few["flooded-area"].high > few["flooded-area"].low
    volume = {len_: band["street-volume"] for len_, band in (("few", few), ("many", many))}
    assert volume["many"].high - volume["many"].low >= 0.8 * (volume["few"].high - volume["few"].low)


def test_members_fill_the_ranges():
    """A Latin hypercube has one member in every equal part of every range; the seed decides."""
    members = ensemble(8, seed=3)
    assert members == ensemble(8, seed=3) != ensemble(8, seed=4)
    for name, (low, high, source) in RANGES.items():
        parts = [np.log(member[name] / low) / np.log(high / low) * 8 for member in members]
        assert sorted(int(part) for part in parts) == list(range(8))
        assert source


def test_larger_cells_give_other_numbers_of_the_same_kind():
    """Every indicator of the run stands beside that of cells twice as large, and the street still floods there."""
    run, found = _run(engine_check=False, resolution_check=True)
    resolution = run.documents["checks"]["resolution"]
    assert resolution["cell_sizes"][1] == 2 * resolution["cell_sizes"][0]
    assert set(resolution["indicators"]) == set(found)
    flooded = resolution["indicators"]["flooded-area"]
    assert flooded["run"] == found["flooded-area"].value
    assert flooded["other"] == pytest.approx(flooded["run"], rel=0.25)


def test_rounding_moves_water_by_less_than_a_millimetre():
    """The floor for differences between runs, on 999 of 1000 cells."""
    run, _ = _run(engine_check=False, noise_check=True)
    noise = run.documents["checks"]["noise"]
    assert 0 <= noise["p50"] <= noise["p99"] <= noise["p999"] < 1e-3


@pytest.mark.parametrize("fraction", [0.5, 0.8])
def test_checks_stop_when_the_run_is_dismissed(fraction):
    """Also in the middle of an ensemble."""
    with pytest.raises(DismissedError):
        pluvial_flood(street_canyon(), run=FakeRun(dismiss_at=fraction), **EVENT, ensemble=3)
