"""The model wijk-fit keeps the contract, and its plan lies on the plots, out of the water."""

import numpy as np
import pytest
import shapely
from shapely.affinity import translate

from morgen.core.errors import NotFoundError, ParameterError
from morgen.models.balance import Dwellings, DwellingType, Programme
from morgen.models.fit import wijk_fit
from morgen.testing import FakeRun, check_model

from .wijk import HALL, NORTH, SOUTH, plot, wijk

PLOTS = (*NORTH[:2], *SOUTH[:1])
QUICK = {"norms": "landelijk-indicatief", "gap": 0.0}


def fitted(situation, **given):
    run = FakeRun()
    result = wijk_fit(situation, run=run, **{**QUICK, **given})
    return run, {indicator.id: indicator for indicator in result.indicators}


def programme(number: int) -> Programme:
    rows = (Dwellings(type=DwellingType.APARTMENT, number=number, year=2030),)
    return Programme(site_area=6000, dwellings=rows)


def test_the_model_keeps_its_promises():
    """The conformance kit on two plots."""
    check_model(wijk_fit, wijk(*NORTH[:2]), **QUICK)


def test_buildings_stand_in_their_plots_and_clear_of_the_green():
    """Everything that is drawn lies on its plot, and nothing lies on something else."""
    run, _ = fitted(wijk(*PLOTS), programme=programme(60))
    frame = run.features["plan"]
    plots = {item["plot_id"]: translate(item["geometry"], 85_000, 447_000) for item in PLOTS}
    plots["reuse-0503100000000001"] = plots["N1"]
    assert {"building", "green"} <= set(frame["kind"])
    for row in frame.itertuples():
        assert plots[row.site].buffer(0.01).covers(row.geometry)
    shapes = frame.geometry.to_numpy()
    for one in range(len(shapes)):
        for other in range(one):
            assert shapely.intersection(shapes[one], shapes[other]).area < 0.5
    planned = {site["site"]: site for site in run.documents["answer"]["sites"]}
    for row in frame[frame["kind"] == "building"].itertuples():
        assert row.geometry.area == pytest.approx(planned[row.site]["footprint"], abs=0.5)
        assert row.height == row.storeys * 3


def test_what_asks_too_much_hears_why_and_three_ways_out():
    """Green for so many dwellings does not lie on three plots."""
    run, indicators = fitted(wijk(*PLOTS), programme=programme(120))
    answer = run.documents["answer"]
    assert not answer["fits"]
    assert "green" in answer["clash"]["groups"]
    assert len(answer["ways_out"]) == 3
    assert all(way["nl"] and way["en"] for way in answer["ways_out"])
    assert answer["check"]["violations"] == []
    assert answer["kept"] <= answer["at_most"] + 1e-6
    assert indicators["concession-cost"].value > 0
    assert indicators["dwellings-fitted"].value == answer["dwellings"]


def test_no_school_comes_in_the_water_of_the_storm():
    """The plot that floods deeper than the limit gets no school, childcare or care; the indicator stays 0."""
    depth = np.zeros((210, 210))
    depth[210 - 140 : 210 - 110, 60:100] = 0.15
    situation = wijk(*PLOTS, depth=depth)
    run, indicators = fitted(situation, programme=programme(90), flood_limit=0.1)
    vulnerable = {"primary-school", "childcare", "general-practice", "elderly-care"}
    placed = {
        site["site"]: {item["kind"] for item in site["facilities"]} for site in run.documents["answer"]["sites"]
    }
    assert any(vulnerable & kinds for kinds in placed.values())
    assert not vulnerable & placed.get("N1", set())
    assert indicators["vulnerable-in-water"].value == 0


def test_a_building_that_stays_keeps_its_footprint():
    """With a high price of demolition the hall is used again, and the plan says so as a change of use."""
    from morgen.models.fit.prices import Prices

    only = plot("N1", 55, 105, dwellings=5)
    run, indicators = fitted(wijk(only), prices=Prices(demolition=9.0))
    frame = run.features["plan"]
    kept = frame[frame["kind"] == "reuse"]
    assert kept.geometry.area.tolist() == [HALL.area]
    assert indicators["reused-floor"].value > 0
    kinds = [feature["properties"]["kind"] for feature in run.documents["measures"]["features"]]
    assert "change-of-use" in kinds
    assert "demolition" not in kinds


def test_a_front_goes_from_all_norms_to_all_dwellings():
    """More dwellings cost more, point by point."""
    run, _ = fitted(wijk(*PLOTS), programme=programme(120), front_points=3)
    points = run.documents["front"]["points"]
    assert len(points) >= 2
    assert [point["dwellings"] for point in points] == sorted(point["dwellings"] for point in points)
    assert [point["cost"] for point in points] == sorted(point["cost"] for point in points)


def test_what_is_wrong_is_said_in_one_sentence():
    """An unknown set of norms, an unknown type of dwelling, and less than no dwellings."""
    with pytest.raises(NotFoundError, match="no norm set 'atlantis'"):
        fitted(wijk(*PLOTS), norms="atlantis")
    row = {"type": "castle", "number": 3, "year": 2030}
    with pytest.raises(ParameterError, match=r"programme\.dwellings\.0\.type"):
        fitted(wijk(*PLOTS), programme={"site_area": 10, "dwellings": [row]})
    row = {"type": "apartment", "number": -3, "year": 2030}
    with pytest.raises(ParameterError, match=r"programme\.dwellings\.0\.number"):
        fitted(wijk(*PLOTS), programme={"site_area": 10, "dwellings": [row]})
