"""The model pluvial-flood: from a situation to outputs and indicators that a planner can trust."""

from typing import Any

import numpy as np
import pytest
import shapely
from numba import cuda
from tests.models.flood.scenes import street_canyon

from morgen.core.errors import DismissedError, MissingLayerError, ParameterError
from morgen.core.situation import Situation
from morgen.models.flood import default_surfaces, pluvial_flood
from morgen.models.flood.surfaces import SurfaceTable
from morgen.testing import FakeRun, building, check_model, ground, situation

MM = 1e-3
QUICK = {"duration": 0.5, "after": 0.25, "output_interval": 15}


def run_of(scene: Situation, **parameters: Any) -> tuple[FakeRun, dict[str, float], dict[str, float]]:
    run = FakeRun()
    result = pluvial_flood(scene, run=run, **{**QUICK, **parameters})
    return run, {indicator.id: indicator.value for indicator in result.indicators}, dict(result.balance)


def drained(**numbers: float) -> SurfaceTable:
    """Return a table in which every class has these numbers."""
    document = default_surfaces().to_json()
    for kind in document["classes"].values():
        for name, value in numbers.items():
            kind[name] = {"value": value, "source": "test"}
    return SurfaceTable.from_json(document)


TIGHT = drained(infiltration=0, initial_loss=0)
"""Surfaces that lose no water of their own."""


def test_the_model_keeps_the_promises_of_its_contract():
    """Outputs, indicators, units, card, refusals, repeatability and dismissal, by the public kit."""
    check_model(pluvial_flood, street_canyon(), **QUICK)


def test_water_stands_in_the_low_street_and_not_on_roofs():
    """40 mm in half an hour fills the middle of the street; gardens 0.3 m higher stay all but dry."""
    run, values, _ = run_of(street_canyon(), rain=40, sewer_capacity=0, edges="closed")
    depth = run.rasters["max_depth"].values
    street, garden, roof = depth[15:25, 25:35], depth[:8], depth[8:15, 5:55]
    assert street.min() > 0.10
    assert garden.max() < 0.05
    assert np.isnan(roof).all()
    assert values["flooded-area"] > 200
    assert values["buildings-facade-low"] >= 4
    assert values["road-area-low"] > 0


@pytest.mark.skipif(cuda.is_available(), reason="there is a graphics card here")
def test_the_run_says_what_it_was_computed_on() -> None:
    """Where there is no card auto is the processor, and cuda is refused."""
    run = FakeRun(device="auto")
    pluvial_flood(street_canyon(), run=run, **QUICK)
    assert run.computed == "cpu"
    with pytest.raises(ParameterError, match="device is 'cuda'"):
        pluvial_flood(street_canyon(), run=FakeRun(device="cuda"), **QUICK)


def test_the_balance_closes_and_counts_all_rain():
    """Rain on ground and roofs is rain times the whole terrain; where it went adds up to it."""
    for parameters in ({}, {"buildings": "raised"}, {"roof_drainage": "ground", "edges": "closed"}):
        _, _, balance = run_of(street_canyon(), rain=40, **parameters)
        assert list(balance) == ["rain", "stored", "infiltrated", "sewer", "outflow", "pumped", "error"]
        assert balance["rain"] == pytest.approx(40 * MM * 60 * 40, rel=1e-6)
        parts = sum(balance[name] for name in ("stored", "infiltrated", "sewer", "outflow"))
        assert parts == pytest.approx(balance["rain"], rel=1e-5)
        assert abs(balance["error"]) <= 1e-5


def test_a_closed_box_without_losses_keeps_every_drop():
    """Nothing leaves a flat yard with walls: 20 mm of rain stands 20 mm deep, and that is no flood."""
    yard = situation(np.zeros((20, 20)), land_cover=[ground("onbegroeidterreindeel", shapely.box(0, 0, 20, 20))])
    run, values, balance = run_of(yard, rain=20, sewer_capacity=0, surfaces=TIGHT, edges="closed")
    assert run.series["depth"].rasters[-1] == pytest.approx(0.02, abs=1e-4)
    assert balance["stored"] == pytest.approx(0.02 * 400, rel=1e-5)
    assert values["flooded-area"] == 0


def test_the_sewer_takes_its_capacity_and_no_more():
    """20 mm/h of sewer takes the 10 mm that fall in half an hour, and 10 mm and a bit of 40 mm."""
    road = ground("wegdeel", shapely.box(0, 0, 20, 20), surface="gesloten verharding")
    scene = situation(np.zeros((20, 20)), land_cover=[road])
    volume = 400 * MM
    for rain, expected in ((10, 10), (40, 15)):
        _, _, balance = run_of(scene, rain=rain, surfaces=TIGHT, edges="closed")
        assert balance["sewer"] == pytest.approx(expected * volume, rel=0.01)
    _, _, balance = run_of(scene, rain=40, sewer_capacity=0, surfaces=TIGHT, edges="closed")
    assert balance["sewer"] == 0


def test_more_sewer_floods_less():
    """The question that a sewer engineer asks first."""
    areas = [run_of(street_canyon(), rain=40, sewer_capacity=mm)[1]["flooded-area"] for mm in (0, 20, 60)]
    assert areas[0] > areas[1] > areas[2]


def test_infiltration_goes_by_its_factor():
    """Saturated ground takes nothing; twice as loose ground takes more."""
    taken = [run_of(street_canyon(), infiltration_factor=factor)[2]["infiltrated"] for factor in (0, 1, 2)]
    assert taken[0] == pytest.approx(0, abs=1e-6)
    assert taken[0] < taken[1] < taken[2]


def half_roofed() -> Situation:
    """Return a walled yard of 20 x 20 m of which a building covers half."""
    road = ground("wegdeel", shapely.box(0, 0, 20, 20), surface="gesloten verharding")
    house = building("0000000000000001", shapely.box(0, 10, 20, 20), height=6.0)
    return situation(np.zeros((20, 20)), land_cover=[road], buildings=[house])


def test_roofs_that_drain_to_the_ground_double_the_water_there():
    """Half of the terrain is roof: 20 mm becomes 40 mm on the ground, or 20 mm with a roof on the sewer."""
    given = {"rain": 20, "surfaces": drained(infiltration=0, initial_loss=0, sewered=1), "edges": "closed"}
    run, _, balance = run_of(half_roofed(), roof_drainage="ground", sewer_capacity=0, **given)
    assert run.series["depth"].rasters[-1][12:] == pytest.approx(0.04, abs=0.002)
    assert balance["sewer"] == 0
    _, _, on_sewer = run_of(half_roofed(), roof_drainage="sewer", sewer_capacity=40, **given)
    _, _, on_ground = run_of(half_roofed(), roof_drainage="ground", sewer_capacity=40, **given)
    assert on_sewer["sewer"] == pytest.approx(20 * MM * 400, rel=0.01)
    assert on_ground["sewer"] <= on_sewer["sewer"] + 1e-9
    assert on_sewer["stored"] < on_ground["stored"] + 1e-9


def test_raised_and_closed_buildings_give_the_same_street():
    """Both ways of seeing a building bring its roof water to the street and keep the flow out of the house."""
    given = {"rain": 40, "sewer_capacity": 0, "roof_drainage": "ground", "surfaces": TIGHT, "edges": "closed"}
    closed, _, first = run_of(half_roofed(), buildings="closed", **given)
    raised, _, second = run_of(half_roofed(), buildings="raised", **given)
    assert first["rain"] == pytest.approx(second["rain"], rel=1e-6)
    assert closed.rasters["max_depth"].values[12:] == pytest.approx(0.08, abs=0.004)
    assert raised.rasters["max_depth"].values[12:] == pytest.approx(0.08, abs=0.008)


def test_permanent_water_is_no_flood_but_its_overtopping_is_told():
    """A pond of 5 m that gets the water of its banks rises; it does not count as flooded ground."""
    terrain = np.full((20, 20), 0.5)
    terrain[8:12, 8:12] = 0.4
    pond = ground("waterdeel", shapely.box(8, 8, 12, 12), function="watervlakte")
    grass = ground("begroeidterreindeel", shapely.box(0, 0, 20, 20).difference(shapely.box(8, 8, 12, 12)))
    scene = situation(terrain, land_cover=[pond, grass])
    given = {"surfaces": TIGHT, "edges": "closed"}
    run, values, _ = run_of(scene, rain=10, **given)
    assert np.nanmax(run.rasters["max_depth"].values[8:12, 8:12]) > 0.05
    assert values["flooded-area"] == 0
    assert not [sentence for sentence in run.warnings if "overtopped" in sentence]
    run, values, _ = run_of(scene, rain=100, ensemble=1, **given)
    assert np.isnan(run.rasters["probability"].values[8:12, 8:12]).all()
    assert np.isfinite(run.rasters["probability"].values).sum() == 20 * 20 - 16
    assert values["flooded-area"] == 20 * 20 - 16
    assert [sentence for sentence in run.warnings if "overtopped its bank over 16 m" in sentence]


def test_open_edges_let_water_out_and_never_in():
    """The street that slopes to its middle keeps its water; a plane that slopes to the edge loses it."""
    plane = situation(
        np.tile(np.linspace(0.4, 0, 40), (10, 1)), land_cover=[ground("wegdeel", shapely.box(0, 0, 40, 10))]
    )
    given = {"rain": 20, "sewer_capacity": 0, "surfaces": TIGHT}
    assert run_of(plane, edges="closed", **given)[2]["outflow"] == 0
    opened = run_of(plane, edges="open", **given)[2]
    assert 0.5 * opened["rain"] < opened["outflow"] <= opened["rain"]


def test_the_series_starts_dry_ends_at_the_end_and_has_no_gaps():
    """45 minutes of run give rasters at 0, 15, 30 and 45 min; an interval that does not fit ends on the end."""
    run, _, _ = run_of(street_canyon())
    assert run.series["depth"].times == [0, 900, 1800, 2700]
    assert np.nanmax(run.series["depth"].rasters[0]) == 0
    run, _, _ = run_of(street_canyon(), output_interval=20)
    assert run.series["depth"].times == [0, 1200, 2400, 2700]


def test_the_buffer_around_the_area_counts_for_no_indicator():
    """Indicators of half the street count half of its houses; the water is computed everywhere."""
    whole = run_of(street_canyon(), rain=60, sewer_capacity=0)[1]
    run, half, _ = run_of(street_canyon(area=shapely.box(0, 0, 30, 40)), rain=60, sewer_capacity=0)
    assert half["flooded-area"] == pytest.approx(whole["flooded-area"] / 2, rel=0.05)
    assert len(run.features["roads"]) == 1
    assert run.features["roads"]["area"].sum() == 300
    assert np.isfinite(run.rasters["max_depth"].values[20, 50])


def test_the_answer_does_not_depend_on_the_number_of_threads():
    """Bit by bit, so that threads are no part of what a run is."""
    one, _, first = run_of(street_canyon(), threads=1)
    every, _, second = run_of(street_canyon(), threads=0)
    assert np.array_equal(one.rasters["max_depth"].values, every.rasters["max_depth"].values, equal_nan=True)
    assert first == second


@pytest.mark.parametrize(
    ("given", "value", "allowed"),
    [
        ({"rain": -5}, "-5 mm", "it should be more than 0 and at most 300 mm"),
        ({"rain": 5000}, "5000 mm", "it should be more than 0 and at most 300 mm"),
        ({"duration": 0}, "0 h", "it should be more than 0 and at most 48 h"),
        ({"sewer_capacity": 121}, "121 mm/h", "it should be at least 0 and at most 120 mm/h"),
        ({"edges": "ajar"}, "'ajar'", "input should be 'open' or 'closed'"),
        ({"facade_high": 0.05}, "0.05 m", "it should be more than 'facade_low', which is 0.1 m"),
        ({"road_high": 0.15}, "0.15 m", "it should be more than 'road_low', which is 0.15 m"),
    ],
)
def test_a_value_out_of_range_is_refused_in_one_sentence(given, value, allowed):
    """The value, its unit and what is allowed; nothing is computed."""
    run = FakeRun()
    with pytest.raises(ParameterError) as caught:
        pluvial_flood(street_canyon(), run=run, **given)
    name = next(iter(given))
    assert str(caught.value) == f"parameter {name!r} of pluvial-flood is {value}, but {allowed}"
    assert not run.written


def test_a_situation_without_land_cover_is_refused():
    """The message names the layer and where to look."""
    with pytest.raises(MissingLayerError, match=r"the layer 'land_cover' of 'test' is missing.*morgen add"):
        pluvial_flood(street_canyon(land_cover=None), run=FakeRun())


def test_a_street_without_buildings_is_computed():
    """No buildings is a fact, not a failure."""
    run, values, _ = run_of(street_canyon(buildings=[]))
    assert values["buildings-facade-low"] == 0
    assert len(run.features["buildings"]) == 0


def test_a_dismissed_run_stops_on_the_way():
    """Progress passes half and no further; no final output is written."""
    run = FakeRun(dismiss_at=0.45)
    with pytest.raises(DismissedError):
        pluvial_flood(street_canyon(), run=run, **QUICK)
    assert run.reported[-1][0] < 0.6
    assert set(run.written) == {"depth"}


def test_an_own_surface_table_changes_the_answer():
    """Gardens paved over: less infiltrates."""
    document = default_surfaces().to_json()
    document["themes"]["onbegroeidterreindeel"]["surfaces"]["erf"] = "closed-pavement"
    green = run_of(street_canyon())[2]
    paved = run_of(street_canyon(), surfaces=SurfaceTable.from_json(document))[2]
    assert paved["infiltrated"] < green["infiltrated"]
