"""What measures add reaches the water: roofs that hold it, storage and soil that take it, pipes that move it."""

from typing import Any

import numpy as np
import pytest
import shapely
from shapely.affinity import translate
from tests.models.flood.test_model import QUICK

from morgen.core.measure import Measure
from morgen.core.situation import Situation
from morgen.measures.application import apply_measure
from morgen.models.flood import Roof, pluvial_flood, simulate
from morgen.models.flood.rain import Hyetograph, RoofWater
from morgen.testing import FakeRun
from morgen.testing.situations import ORIGIN, building, ground, situation

pytestmark = pytest.mark.usefixtures("installed_measures")

HOUSE = shapely.box(10, 10, 30, 30)
PLAIN = {**QUICK, "rain": 40, "edges": "closed", "engine_check": False, "sewer_capacity": 0}


def yard() -> Situation:
    """Return flat clay of 40 x 40 m with one house of 20 x 20 m on it."""
    grass = shapely.box(0, 0, 40, 40).difference(HOUSE)
    return situation(
        np.zeros((40, 40)),
        land_cover=[ground("wegdeel", grass, surface="gesloten verharding"), ground("pand", HOUSE)],
        buildings=[building("0503100000000001", HOUSE, ground_height=0.0, height=6.0)],
    )


def with_measure(base: Situation, kind: str, shape: shapely.Geometry, **parameters: Any) -> Situation:
    placed = Measure(id="one", kind=kind, geometry=translate(shape, *ORIGIN), parameters=parameters)
    return apply_measure(base, placed)


def flood(scene: Situation, **parameters: Any) -> tuple[dict[str, float], np.ndarray]:
    run = FakeRun()
    result = pluvial_flood(scene, run=run, **{**PLAIN, **parameters})
    return dict(result.balance), run.rasters["max_depth"].values


@pytest.mark.parametrize("buildings", ["closed", "raised"])
def test_a_green_roof_holds_what_it_says(buildings):
    """30 mm on 400 m2 of roof: 12 m3 less on the ground, however buildings stand in the water."""
    green = with_measure(yard(), "green-roof-extensive", HOUSE, storage=30.0)
    before, after = (flood(scene, buildings=buildings)[0] for scene in (yard(), green))
    assert after["stored"] - before["stored"] == pytest.approx(
        0.0, abs=0.5
    )  # stored counts initial losses as well
    dry, wet = (np.nansum(flood(scene, buildings=buildings)[1]) for scene in (yard(), green))
    assert dry - wet == pytest.approx(12.0, rel=0.05)


def test_a_roof_that_is_cut_off_the_sewer_spills_on_the_ground():
    """With a sewer of 20 mm/h the roof drains there; disconnected it all comes down."""
    cut = with_measure(yard(), "roof-disconnection", HOUSE, share=1.0)
    before, after = (flood(scene, sewer_capacity=20)[0]["sewer"] for scene in (yard(), cut))
    roof = 0.020 * 0.5 * 400  # half an hour of 20 mm/h
    assert 0.5 * roof < before - after <= roof * 1.01


def test_storage_under_the_street_takes_what_runs_to_it_and_no_more():
    """Crates of 5.7 m3 fill, also with water from beside them, and then take only what the soil takes."""
    place = shapely.box(2, 2, 4, 7)
    crates = with_measure(yard(), "crate-storage", place, height=0.6, porosity=0.95, infiltration=0.0)
    balance, _ = flood(crates)
    assert balance["sewer"] == pytest.approx(0.6 * 0.95 * 10, rel=0.01)
    seeping, _ = flood(with_measure(yard(), "crate-storage", place, height=0.6, porosity=0.95, infiltration=100.0))
    assert balance["sewer"] < seeping["sewer"] < balance["sewer"] + 0.1 * 0.75 * 10


def test_a_wadi_infiltrates_and_lies_lower():
    """Its soil takes water as long as it stands there: at most its capacity, and more than the street took."""
    wadi = with_measure(yard(), "wadi", shapely.box(0, 0, 10, 10), depth=0.4, infiltration=60.0)
    before, after = flood(yard()), flood(wadi)
    assert after[0]["infiltrated"] - before[0]["infiltrated"] > 0.03 * 0.5 * 100
    assert after[1][35, 5] == pytest.approx(0.4, abs=0.2)
    assert np.nanmean(after[1][:10]) < np.nanmean(before[1][:10])


def test_a_larger_sewer_takes_more():
    """20 mm/h more on 400 m2 for three quarters of an hour."""
    larger = with_measure(yard(), "larger-sewer", shapely.box(0, 0, 40, 10), capacity=20.0)
    assert flood(larger)[0]["sewer"] == pytest.approx(0.020 * 0.75 * 400, rel=0.02)


def test_a_pump_takes_water_out_of_the_area():
    """Its capacity, for as long as there is water."""
    pumped = with_measure(yard(), "pump", shapely.Point(5.5, 5.5), capacity=0.002, on_level=0.0)
    assert flood(pumped)[0]["pumped"] == pytest.approx(0.002 * 0.75 * 3600, rel=0.3)


def test_a_culvert_leads_water_under_a_dam():
    """Behind the dam water stood until it ran over; through the pipe it leaves to the lower side."""
    slope = np.tile(np.linspace(2.0, 0.0, 40), (20, 1))
    road = [ground("wegdeel", shapely.box(0, 0, 40, 20), surface="gesloten verharding")]
    dam = with_measure(situation(slope, land_cover=road), "raised-ground", shapely.box(20, 0, 22, 20), height=1.0)
    line = shapely.LineString([(18.5, 10.5), (24.5, 10.5)])
    pipe = with_measure(dam, "culvert", line, width=0.5, height=0.5, level_up=0.8, level_down=0.7)
    before, after = flood(dam)[1], flood(pipe)[1]
    assert after[:, 19].mean() < before[:, 19].mean() - 0.05
    assert after[:, 39].mean() > before[:, 39].mean() + 0.005


def test_a_raised_kerb_holds_water_back():
    """On a slope water stands behind a kerb of 0.2 m, and less comes past it."""
    slope = np.tile(np.linspace(1.0, 0.0, 40), (20, 1))
    road = [ground("wegdeel", shapely.box(0, 0, 40, 20), surface="gesloten verharding")]
    street = situation(slope, land_cover=road)
    line = shapely.LineString([(20.3, 0.1), (20.3, 19.9)])
    before, after = flood(street)[1], flood(with_measure(street, "raised-kerb", line, height=0.2))[1]
    assert after[10, 19] > before[10, 19] + 0.1
    assert after[10, 39] < before[10, 39]


def test_checks_go_with_measures():
    """Coarser cells, rounding and the second engine take roofs of two kinds, crates and pumps as they are."""
    scene = with_measure(yard(), "green-roof-extensive", HOUSE, storage=30.0)
    scene = with_measure(scene, "crate-storage", shapely.box(2, 2, 8, 8))
    scene = with_measure(scene, "raised-kerb", shapely.LineString([(1.2, 20.2), (8.8, 20.2)]), height=0.1)
    scene = with_measure(scene, "pump", shapely.Point(5.5, 35.5), capacity=0.002, on_level=0.0)
    run = FakeRun()
    pluvial_flood(
        scene,
        run=run,
        **{**PLAIN, "engine_check": True, "resolution_check": True, "noise_check": True, "ensemble": 1},
    )
    street = run.documents["checks"]["resolution"]["indicators"]["street-volume"]
    assert street["other"] == pytest.approx(street["run"], rel=0.2)


def test_a_roof_that_holds_water_gives_it_slowly():
    """30 mm of storage under 60 mm/h, with 3 mm/h out: full after 31.6 min, and it runs on when rain ends."""
    roof = RoofWater(Roof(ratio=np.zeros((1, 1)), area=1.0, storage=30.0, outflow=3.0))
    rain = Hyetograph([(0.0, 60.0), (3600.0, 0.0)])
    first = roof.take(rain, 0.0, 1800.0)
    assert first.excess == pytest.approx(1.5e-3)
    assert first.stored == pytest.approx(28.5e-3)
    second = roof.take(rain, 1800.0, 3600.0)
    assert second.stored == pytest.approx(1.5e-3)
    assert second.excess == pytest.approx(28.5e-3)
    later = roof.take(rain, 3600.0, 5400.0)
    assert later.excess == pytest.approx(1.5e-3) == pytest.approx(-later.stored)
    assert roof.take(rain, 5400.0, 86400.0).excess == pytest.approx(28.5e-3)
    assert roof.held == 0


def test_roofs_of_two_kinds_lose_no_water():
    """Each spills on its own cells, and the balance closes."""
    bed = np.zeros((20, 20))
    west, east = np.zeros_like(bed), np.zeros_like(bed)
    west[:, 2], east[:, 17] = 1.0, 1.0
    roofs = [
        Roof(ratio=west, area=20.0, storage=40.0, outflow=1.0),
        Roof(ratio=east, area=20.0, capacity=10.0, initial_loss=1.0),
    ]
    result = simulate(bed, cell_size=1.0, rain=[(0, 50.0), (1800, 0.0)], roof=roofs, until=2400.0)
    assert abs(result.balance.error) < 1e-7
    assert result.balance.rain == pytest.approx(0.025 * 440, rel=1e-6)
    assert result.balance.sewer == pytest.approx(0.010 * 20 * (1800 - 72) / 3600, rel=1e-3)
