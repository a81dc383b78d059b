"""Doors, vulnerable places, and whether help still reaches them."""

from typing import Any

import numpy as np
import pytest
import shapely

from morgen.core.situation import Situation
from morgen.models.flood.damage import default_damage
from morgen.models.flood.effects import FloodWatch, Thresholds
from morgen.models.flood.exposure import Exposure, find_exposure
from morgen.models.flood.fields import flood_fields
from morgen.models.flood.indicators import damage_indicator, place_indicators
from morgen.models.flood.places import place_kinds
from morgen.models.flood.surfaces import default_surfaces
from morgen.testing import building, ground, situation

THRESHOLDS = Thresholds(facade_low=0.10, facade_high=0.15, road_low=0.15, road_high=0.30)
FLAT = np.zeros((20, 60))
DRY = np.zeros((20, 60), dtype=np.float32)
STREET = ground("wegdeel", shapely.box(0, 2, 60, 6), function="rijbaan lokale weg")
HOUSE = building("house", shapely.box(10, 8, 18, 14), use="woonfunctie")
SCHOOL = building("school", shapely.box(28, 8, 36, 14), use="onderwijsfunctie,sportfunctie")


def exposure_of(scene: Situation) -> tuple[Exposure, FloodWatch]:
    fields = flood_fields(scene, surfaces=default_surfaces(), warn=lambda _sentence: None)
    facades = fields.facades.within(fields.domain & ~fields.water & ~fields.roofed)
    watch = FloodWatch(facades=facades, roads=fields.ground, cell_area=fields.grid.cell_area)
    return find_exposure(scene, fields, table=default_damage(), facades=facades), watch


def met(scene: Situation, max_depth: Any) -> tuple[Any, Any]:
    exposure, watch = exposure_of(scene)
    return exposure.meet(watch, max_depth=max_depth, thresholds=THRESHOLDS)


def water(depth: float, *, rows: slice = slice(None), columns: slice = slice(None)) -> Any:
    """Return a raster with water there; rows count from the north."""
    wet = DRY.copy()
    wet[rows, columns] = depth
    return wet


# -- doors --------------------------------------------------------------------------------------------------------


def test_water_behind_a_house_does_not_stand_at_its_door():
    """The door is on the side of the street; the façade is wet, the door is dry."""
    buildings, _ = met(situation(FLAT, land_cover=[STREET], buildings=[HOUSE]), water(0.3, rows=slice(0, 6)))
    assert buildings["max_depth"].tolist() == [pytest.approx(0.3)]
    assert buildings["door_depth"].tolist() == [0.0]


def test_the_door_is_at_the_lowest_place_along_the_street():
    """On a street that falls to the east, only water in the low corner stands at the door."""
    slope = np.tile(np.linspace(1.0, 0.0, 60), (20, 1))
    scene = situation(slope, land_cover=[STREET], buildings=[HOUSE])
    low, _ = met(scene, water(0.2, columns=slice(17, 60)))
    high, _ = met(scene, water(0.2, columns=slice(0, 12)))
    assert low["door_depth"].tolist() == [pytest.approx(0.2)]
    assert high["door_depth"].tolist() == [0.0]


def test_without_a_road_nearby_nothing_is_known_of_the_door():
    """No guess is NaN, not dry."""
    path = ground("wegdeel", shapely.box(50, 0, 60, 20), function="voetpad")
    alone, _ = met(situation(FLAT, buildings=[HOUSE]), water(0.3))
    far, _ = met(situation(FLAT, land_cover=[path], buildings=[HOUSE]), water(0.3))
    assert np.isnan(alone["door_depth"]).all()
    assert np.isnan(far["door_depth"]).all()


# -- vulnerable places --------------------------------------------------------------------------------------------


def test_a_school_with_water_at_its_wall_is_a_flooded_place_and_a_house_is_none():
    """By the use in the building register; the threshold is that of façades."""
    scene = situation(FLAT, land_cover=[STREET], buildings=[HOUSE, SCHOOL])
    _, places = met(scene, water(0.12))
    assert places[["place_id", "kind", "flooded"]].to_numpy().tolist() == [["school", "school", True]]
    assert places["max_depth"].tolist() == places["door_depth"].tolist() == [pytest.approx(0.12)]
    assert met(scene, water(0.09))[1]["flooded"].tolist() == [False]


def test_the_deepest_place_comes_first_and_the_indicators_count():
    """A list that a planner reads from the top."""
    care = building("care", shapely.box(10, 8, 18, 14), use="gezondheidszorgfunctie")
    scene = situation(FLAT, land_cover=[STREET], buildings=[SCHOOL, care])
    buildings, places = met(scene, water(0.2, columns=slice(0, 20)) + 0.11)
    assert places["place_id"].tolist() == ["care", "school"]
    flooded, cut_off = place_indicators(places, thresholds=THRESHOLDS)
    assert (flooded.value, cut_off.value) == (2, 0)
    assert "2 in all" in flooded.meaning
    damage = damage_indicator(buildings, default_damage())
    assert (damage.low or 0) < damage.value < (damage.high or 0)
    assert damage.value == buildings["damage"].sum()


def test_only_places_in_the_area_count():
    """A school in the buffer around the area is not the question."""
    scene = situation(FLAT, land_cover=[STREET], buildings=[SCHOOL], area=shapely.box(0, 0, 20, 20))
    _, places = met(scene, water(0.5))
    assert len(places) == 0
    assert [item.value for item in place_indicators(places, thresholds=THRESHOLDS)] == [0, 0]


@pytest.mark.parametrize(
    ("uses", "kind"),
    [
        ("onderwijsfunctie", "school"),
        ("woonfunctie, Gezondheidszorgfunctie", "care"),
        ("bijeenkomstfunctie voor kinderopvang", "childcare"),
        ("celfunctie", "cell"),
        ("bijeenkomstfunctie", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_the_words_of_the_register_tell_the_kind(uses, kind):
    """A café is a bijeenkomstfunctie as well, so that word alone says nothing."""
    assert place_kinds().of_uses(uses) == kind


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("basisschool", "school"),
        ("Huisarts", "care"),
        ("kinderopvang", "childcare"),
        ("speeltuin", ""),
        (None, ""),
    ],
)
def test_facilities_are_told_by_their_first_words(word, kind):
    """A layer of facilities names more than the building register does."""
    assert place_kinds().of_facility(word) == kind


# -- whether help reaches them ------------------------------------------------------------------------------------

LONG_STREET = ground("wegdeel", shapely.box(0, 2, 200, 6), function="rijbaan lokale weg")
FAR_SCHOOL = building("school", shapely.box(96, 8, 104, 14), use="onderwijsfunctie")


def cut_off(max_depth: Any, **layers: Any) -> bool:
    """Return whether the school amid a terrain of 200 m is cut off."""
    scene = situation(np.zeros((20, 200)), **{"land_cover": [LONG_STREET], "buildings": [FAR_SCHOOL], **layers})
    (found,) = met(scene, max_depth)[1]["cut_off"]
    return bool(found)


def flooded(depth: float, *, rows: slice = slice(None), columns: slice = slice(None)) -> Any:
    wet = np.zeros((20, 200), dtype=np.float32)
    wet[rows, columns] = depth
    return wet


@pytest.mark.parametrize(("depth", "expected"), [(0.30, False), (0.31, True)])
def test_a_place_behind_deep_water_on_both_sides_is_cut_off(depth, expected):
    """30 cm is passable and more is not; the street reaches the end of the terrain on both sides."""
    both = flooded(depth, columns=slice(20, 23)) + flooded(depth, columns=slice(170, 173))
    assert cut_off(both) is expected


def test_one_open_end_of_the_street_is_enough():
    """A vehicle comes from the other side."""
    assert cut_off(flooded(0.5, columns=slice(0, 100))) is False


def test_a_vehicle_may_stand_a_little_away():
    """40 m on foot is near enough: the water in front of the door does not cut it off."""
    assert cut_off(flooded(0.5, columns=slice(80, 120))) is False
    assert cut_off(flooded(0.5, columns=slice(50, 150))) is True


def test_a_dry_strip_narrower_than_a_vehicle_does_not_help():
    """2 m of dry road beside deep water stops a fire engine, 3 m does not."""
    assert cut_off(flooded(0.5, rows=slice(14, 16))) is True
    assert cut_off(flooded(0.5, rows=slice(14, 15))) is False


def test_a_bridge_stays_dry():
    """Water under a deck does not wet it."""
    deck = ground("wegdeel", shapely.box(60, 2, 200, 6), function="rijbaan lokale weg", level=1)
    west = ground("wegdeel", shapely.box(0, 2, 60, 6), function="rijbaan lokale weg")
    assert cut_off(flooded(0.5), land_cover=[west], decks=[deck]) is False


def test_a_place_that_no_road_reaches_when_dry_is_not_cut_off_by_water():
    """What is so without water says nothing of the flood."""
    assert cut_off(flooded(0.5), land_cover=[]) is False
