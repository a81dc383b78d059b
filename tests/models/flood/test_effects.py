"""The effects of known depths: façades, roads, depth classes, banks."""

from typing import Any

import numpy as np
import pytest
import shapely

from morgen.core.situation import Situation
from morgen.models.flood.effects import (
    FloodWatch,
    Thresholds,
    area_by_depth_class,
    buildings_with_water,
    facade_depths,
    find_roads,
    overtopped_water,
    roads_with_water,
)
from morgen.models.flood.fields import FloodFields, flood_fields
from morgen.models.flood.indicators import building_indicators, ground_indicators, road_indicators
from morgen.models.flood.surfaces import default_surfaces
from morgen.testing import building, ground, situation

THRESHOLDS = Thresholds(facade_low=0.10, facade_high=0.15, road_low=0.15, road_high=0.30)
FLAT = np.zeros((20, 30))
DRY = np.zeros((20, 30), dtype=np.float32)


def fields_of(scene: Situation) -> FloodFields:
    return flood_fields(scene, surfaces=default_surfaces(), warn=lambda _sentence: None)


def watch_of(fields: FloodFields) -> FloodWatch:
    dry_land = fields.domain & ~fields.water & ~fields.roofed
    return FloodWatch(
        facades=fields.facades.within(dry_land), roads=fields.ground, cell_area=fields.grid.cell_area
    )


def judged(scene: Situation, max_depth: Any, watch: FloodWatch | None = None) -> Any:
    fields, frame = fields_of(scene), scene.features("buildings")
    return buildings_with_water(
        frame,
        in_area=np.ones(len(frame), dtype=bool),
        watch=watch or watch_of(fields),
        max_depth=max_depth,
        thresholds=THRESHOLDS,
    )


def counts(frame: Any) -> list[float]:
    return [indicator.value for indicator in building_indicators(frame, thresholds=THRESHOLDS)]


TWO = [building("a", shapely.box(4, 4, 8, 8)), building("b", shapely.box(14, 4, 18, 8))]


@pytest.mark.parametrize(("depth", "expected"), [(0.099, [0, 0]), (0.10, [1, 0]), (0.15, [1, 1]), (0.5, [1, 1])])
def test_one_wet_cell_at_a_facade_makes_a_building_count(depth, expected):
    """The largest depth within one cell of the footprint decides; the threshold itself counts."""
    water = DRY.copy()
    water[20 - 9, 8] = depth
    assert counts(judged(situation(FLAT, buildings=TWO), water)) == expected


def test_water_two_cells_away_is_not_at_the_facade():
    """The ring is one cell wide."""
    water = DRY.copy()
    water[20 - 10, 9] = 1.0
    assert counts(judged(situation(FLAT, buildings=TWO), water)) == [0, 0]


def test_water_between_two_buildings_stands_at_both():
    """A cell in an alley belongs to the façades of both sides."""
    houses = [building("a", shapely.box(4, 4, 8, 8)), building("b", shapely.box(9, 4, 13, 8))]
    water = DRY.copy()
    water[20 - 6, 8] = 0.12
    assert counts(judged(situation(FLAT, buildings=houses), water)) == [2, 0]


def test_one_bag_id_counts_once():
    """A building in two pieces is one building; pieces without an id count each."""
    pieces = [
        building("a", shapely.box(4, 4, 8, 8)),
        building("a", shapely.box(14, 4, 18, 8)),
        building("", shapely.box(4, 12, 8, 16)),
        building("", shapely.box(14, 12, 18, 16)),
    ]
    assert counts(judged(situation(FLAT, buildings=pieces), DRY + 0.2)) == [3, 3]


def test_a_canal_along_a_quay_house_is_no_water_at_the_facade():
    """Permanent water does not count, however deep; a house with water on all sides cannot be judged."""
    canal = ground("waterdeel", shapely.box(0, 0, 30, 8), function="waterloop")
    houses = [building("a", shapely.box(4, 4, 8, 10)), building("b", shapely.box(14, 2, 18, 6))]
    water = DRY.copy()
    water[20 - 8 :] = 0.4
    frame = judged(situation(FLAT, land_cover=[canal], buildings=houses), water)
    assert counts(frame) == [0, 0]
    assert frame["max_depth"].isna().tolist() == [False, True]


def test_the_time_of_the_deepest_water_is_kept_per_building():
    """Follows the outputs; a façade that stays dry has no time."""
    scene = situation(FLAT, buildings=TWO)
    watch = watch_of(fields_of(scene))
    for minutes, depth in ((0, 0.0), (5, 0.2), (10, 0.3), (15, 0.1)):
        water = DRY.copy()
        water[20 - 9, 8] = depth
        watch.observe(minutes * 60.0, water)
    frame = judged(scene, water, watch)
    assert frame["max_depth_at"].iloc[0] == 10
    assert np.isnan(frame["max_depth_at"].iloc[1])
    assert watch.facade_depth[0] == np.float32(0.3)
    assert watch.street_volume == pytest.approx(0.3)


def road_scene(**options: Any) -> Situation:
    street = ground("wegdeel", shapely.box(0, 8, 30, 12), function="rijbaan lokale weg", object_id="street")
    path = ground("wegdeel", shapely.box(0, 12, 30, 14), function="voetpad", object_id="path")
    return situation(FLAT, land_cover=[street, path], **options)


def roads_of(scene: Situation, max_depth: Any) -> Any:
    fields = fields_of(scene)
    roads = find_roads(scene.features("land_cover"), fields)
    return roads_with_water(roads, grid=fields.grid, max_depth=max_depth, thresholds=THRESHOLDS)


def test_a_road_floods_by_its_share():
    """A street of 30 x 4 m with 12 m under 0.2 m and 3 m of that under 0.4 m; the footpath does not count."""
    water = DRY.copy()
    water[6:12, :12] = 0.2
    water[6:12, :3] = 0.4
    frame = roads_of(road_scene(), water)
    assert frame["object_id"].tolist() == ["street", "path"]
    assert frame["length"].tolist() == pytest.approx([30, 30])
    assert frame["max_depth"].tolist() == pytest.approx([0.4, 0.4])
    values = {indicator.id: indicator.value for indicator in road_indicators(frame, thresholds=THRESHOLDS)}
    expected = {"road-area-low": 48, "road-area-high": 12, "road-length-low": 12, "road-length-high": 3}
    assert values == pytest.approx(expected)


def test_half_a_carriageway_under_water_is_half_its_length():
    """Length goes by share of the surface: a strip along the kerb over the whole street counts half."""
    water = DRY.copy()
    water[8:10] = 0.2
    frame = roads_of(road_scene(), water)
    assert frame["length_low"].iloc[0] == pytest.approx(15)


def test_only_the_road_in_the_area_counts():
    """A street that runs on outside the area is measured up to its edge."""
    frame = roads_of(road_scene(area=shapely.box(0, 0, 10, 20)), DRY + 1)
    assert frame["area"].tolist() == [40, 20]
    assert frame["length_high"].tolist() == pytest.approx([10, 10])


def test_a_bend_is_as_long_as_its_axis():
    """An L of 4 m wide whose legs measure 18 m along the axis is 36 m long."""
    bend = shapely.box(0, 0, 20, 4).union(shapely.box(16, 4, 20, 20))
    scene = situation(FLAT, land_cover=[ground("wegdeel", bend, function="rijbaan lokale weg")])
    frame = roads_of(scene, DRY)
    assert bend.area == 4 * 36
    assert frame["length"].iloc[0] == pytest.approx(36, abs=0.01)


def test_a_road_under_a_building_does_not_count():
    """A passage is not in the terrain; its cells are roof."""
    frame = roads_of(road_scene(buildings=[building("a", shapely.box(0, 8, 15, 14))]), DRY + 1)
    assert frame["area"].tolist() == [60, 30]


def test_depth_classes_hold_their_lower_edge_and_add_up():
    """0.05 m is flooded, 0.049 is not; every flooded cell is in one class."""
    depths = np.array([[0.0, 0.049, 0.05, 0.0999, 0.10, 0.15, 0.45, 0.4999, 0.50, 3.0]], dtype=np.float32)
    areas = area_by_depth_class(depths, ground=np.ones((1, 10), dtype=bool), cell_area=0.25)
    assert (areas / 0.25).tolist() == [2, 1, 1, 0, 0, 0, 0, 0, 2, 2]


def test_the_flooded_area_is_the_sum_of_its_classes():
    """Whatever the depths; what is no ground does not count."""
    rng = np.random.default_rng(7)
    depth = rng.exponential(0.1, (50, 50)).astype(np.float32)
    depth[:, :5] = np.nan
    is_ground = rng.random((50, 50)) < 0.8
    is_ground[:, :5] = False
    found = ground_indicators(depth, depth * 0, ground=is_ground, cell_area=4.0)
    values = {indicator.id: indicator.value for indicator in found}
    total = values.pop("flooded-area")
    classes = [value for name, value in values.items() if name.startswith("flooded-area-")]
    assert len(classes) == 10
    assert sum(classes) == total == 4 * np.sum(is_ground & (depth >= 0.05))


def test_long_flooding_is_measured_in_area_and_time():
    """Two of four cells were wet for 30 min or more; the longest 50 min."""
    duration = np.array([[10, 30, 50, 90]], dtype=np.float32)
    is_ground = np.array([[True, True, True, False]])
    found = ground_indicators(duration * 0, duration, ground=is_ground, cell_area=2.0)
    values = {indicator.id: indicator.value for indicator in found}
    assert values["long-flooded-area"] == 4
    assert values["longest-flooding"] == 50


def test_a_bank_overtops_where_the_water_stands_higher_than_the_ground():
    """A canal that rose 0.3 m overtops a bank of 0.2 m, not one of 0.4 m that is wet with rain."""
    terrain = FLAT.copy()
    terrain[:8] = 0.2
    terrain[12:] = 0.4
    canal = ground("waterdeel", shapely.box(0, 8, 30, 12), function="waterloop")
    fields = fields_of(situation(terrain, land_cover=[canal]))
    water = DRY.copy()
    water[8:12] = 0.3
    water[:8] = 0.1
    water[12:] = 0.05
    assert overtopped_water(fields, water) == pytest.approx((0.3, 30.0))
    assert overtopped_water(fields, DRY) == (0.0, 0.0)


def test_the_depth_at_a_facade_is_kept_for_every_output_time():
    """Buildings that got wet have one depth per time, whole millimetres; dry ones are left out."""
    scene = situation(FLAT, buildings=TWO)
    watch = watch_of(fields_of(scene))
    for time, depth in ((0.0, 0.0), (300.0, 0.1234), (600.0, 0.0004)):
        water = DRY.copy()
        water[20 - 9, 8] = depth
        watch.observe(time, water)
    document = facade_depths(scene.features("buildings"), in_area=np.array([True, True]), watch=watch)
    assert document == {"times": [0.0, 300.0, 600.0], "unit": "mm", "buildings": {"a": [0, 123, 0]}}


def test_a_building_outside_the_area_has_no_depth_in_time():
    """The buffer around the area is computed but does not count."""
    scene = situation(FLAT, buildings=TWO)
    watch = watch_of(fields_of(scene))
    watch.observe(0.0, np.ones((20, 30), dtype=np.float32))
    document = facade_depths(scene.features("buildings"), in_area=np.array([False, True]), watch=watch)
    assert list(document["buildings"]) == ["b"]
