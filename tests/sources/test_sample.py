"""The sample wijk: a place that holds together, the same for the same seed."""

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from tests.sources import closed_solids

from morgen.core.errors import InputError, StorageError
from morgen.sources.sample import plan_wijk, write_sample
from morgen.sources.sample.bgt_objects import objects_of
from morgen.sources.sample.frame import Frame, frame_of
from morgen.sources.sample.plan import plan_sheets
from morgen.sources.sample.relief import make_ground
from morgen.sources.sample.scene import build_scene
from morgen.sources.sample.sheet import make_sheet
from morgen.sources.sample.solids import wing_volume
from morgen.sources.sample.surface import stand_on_ground
from morgen.sources.sample.waters import WATER_LEVEL
from morgen.sources.sample.write_cityjson import building_solids, level_profile

FRAME = frame_of(0.1)
DRY_THEMES = ("onbegroeidterreindeel", "begroeidterreindeel", "wegdeel")


@pytest.fixture(scope="module")
def planned():
    return next(plan_sheets(7, FRAME))


@pytest.fixture(scope="module")
def scene(planned):
    return build_scene(planned, 7)


@pytest.fixture(scope="module")
def ground(scene):
    return make_ground(scene, 7)


@pytest.fixture(scope="module")
def whole():
    """The plan of a whole square kilometre."""
    return plan_wijk(7, 1.0)


# -- the plan ----------------------------------------------------------------------------------------------------


def test_a_square_kilometre_has_the_dwellings_of_a_dutch_wijk(whole):
    """1,500 to 2,500 dwellings, in houses of every time and in flats."""
    assert 1500 < len(whole.dwellings) < 2500
    kinds = Counter(whole.building_by_number[home.pand].kind for home in whole.dwellings)
    assert kinds["terraced house"] > 1200
    assert kinds["detached house"] > 50
    assert kinds["flat"] > 300
    assert kinds["tower"] > 100
    assert Counter(b.kind for b in whole.buildings)["tower"] == 3
    years = [home.year for home in whole.dwellings]
    assert np.percentile(years, [5, 95]) == pytest.approx((1920, 2007), abs=10)


def test_a_wijk_has_the_places_that_people_go_to(whole):
    """Two primary schools, care, sport, culture and shops, each with an address or a place in the open air."""
    kinds = Counter(facility.kind for facility in whole.facilities)
    assert kinds["primary school"] == 2
    for kind in ("health centre", "community centre", "childcare", "supermarket", "church", "park", "playground"):
        assert kinds[kind] >= 1, kind
    assert kinds["sports hall"] >= 1
    for facility in whole.facilities:
        assert whole.box.contains(facility.point)
        if facility.residence:
            assert whole.residence(facility.residence).pand in whole.building_by_number


def test_districts_divide_the_box(whole):
    """Together they are the box, and no ground is in two of them."""
    shapes = [district.shape for district in whole.districts]
    assert sum(shape.area for shape in shapes) == pytest.approx(whole.box.area, abs=1.0)
    assert shapely.union_all(shapes).area == pytest.approx(whole.box.area, abs=1.0)
    assert len({district.code for district in whole.districts}) == len(shapes) == 11
    assert {block.district for block in whole.blocks} <= {district.code for district in whole.districts}


def test_addresses_are_unique_and_odd_on_one_side(whole):
    """No two doors share street and number, a postcode is one side of one street, numbers are 16 digits."""
    doors = [(home.street, home.house_number) for home in whole.residences]
    assert len(set(doors)) == len(doors)
    parity = {(home.postcode, home.street, home.house_number % 2) for home in whole.residences}
    assert len({code for code, _, _ in parity}) == len(parity)
    assert all(len(home.number) == 16 and home.number.startswith("999901") for home in whole.residences)
    assert {home.street for home in whole.residences} <= {street.name for street in whole.streets}


def test_every_verblijfsobject_lies_in_its_pand(whole):
    for home in whole.residences:
        assert whole.building_by_number[home.pand].footprint.buffer(0.01).contains(home.point)


def test_streets_have_the_width_of_dutch_streets(whole):
    """Residential streets are 10 to 14 m between their outer edges, and gardens come on top of that."""
    widths = [street.width for street in whole.streets if street.kind == "residential"]
    assert 9.5 < np.median(widths) < 14.5
    assert all(4.5 <= street.carriageway <= 6.6 for street in whole.streets if not street.walk_only)


def test_waters_are_joined_by_culverts(whole):
    """Where a street lies between two pieces of a ditch, or between ditch and canal, a culvert goes under it."""
    names = {water.name for water in whole.waterways}
    assert {"canal", "ditch", "pond"} == {water.kind for water in whole.waterways}
    assert len(whole.culverts) > 8
    for culvert in whole.culverts:
        assert set(culvert.joins) <= names
        assert culvert.invert < WATER_LEVEL or "Uiterdijkse" in culvert.joins[0]


def test_industry_may_be_redeveloped(whole):
    for site in whole.redevelopment:
        assert site.shape.area > 5000
        assert all(whole.building_by_number[pand].kind == "works" for pand in site.panden)
    assert len(whole.redevelopment) >= 2


def test_sheets_that_lie_side_by_side_meet():
    """Roads and water that reach the common edge of two sheets go on at the same place on the other one."""
    sheets = [make_sheet(7, column, 0, corner=(150_000.0, 450_000.0)) for column in (0, 1)]
    edge = shapely.LineString([(151_000.0, 450_000.0), (151_000.0, 451_000.0)])
    for name in ("Ringlaan", "Zuidlaan", "Dijkweg"):
        first, second = (sheet.street(name).line.intersection(edge) for sheet in sheets)
        assert first.distance(second) < 0.01
    assert sheets[0].canal.intersection(edge).distance(sheets[1].canal.intersection(edge)) < 0.01
    names = [{street.name for street in sheet.streets} for sheet in sheets]
    assert not names[0] & names[1]


@pytest.mark.parametrize("km2", [0.09, 0.0, -1.0, 25.5])
def test_a_scale_out_of_range_is_one_sentence(km2, tmp_path):
    with pytest.raises(InputError, match=r"0\.1 to 25 km2, not .*--km2"):
        write_sample(tmp_path / "sample", km2=km2)
    assert not list(tmp_path.iterdir())


# -- the ground --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [7, 8])
def test_level_0_is_a_partition_of_the_box_for_every_seed(scene, seed):
    """No overlap (the areas add up to that of the union) and no gap (the union is the box)."""
    pieces = (scene if seed == 7 else build_scene(next(plan_sheets(seed, FRAME)), seed)).pieces
    shapes = [piece.shape for piece in pieces]
    assert all(shape.is_valid and shape.area > 0.1 for shape in shapes)
    union = shapely.union_all(shapes)
    assert sum(shape.area for shape in shapes) == pytest.approx(union.area, abs=0.01)
    assert union.symmetric_difference(FRAME.box).area < 0.01


def test_the_shares_of_land_cover_are_those_of_a_dutch_neighbourhood(scene):
    """Delft-oost without its water: pand 31 %, road 28 %, yard 28 %, green 13 %; this is less dense."""
    area: Counter[str] = Counter()
    for piece in scene.pieces:
        area[piece.claim.cover.theme] += 100 * piece.shape.area / FRAME.box.area
    assert 19 < area["pand"] < 26
    assert 18 < area["wegdeel"] < 29
    assert 20 < area["onbegroeidterreindeel"] < 28
    assert 13 < area["begroeidterreindeel"] + area["ondersteunendwegdeel"] + area["ondersteunendwaterdeel"] < 25
    assert 3 < area["waterdeel"] < 8


def test_a_pand_is_one_piece_of_ground_with_exactly_the_footprint_of_its_building(scene):
    """To a fraction of a millimetre along its walls, because corners against them are rounded to millimetres."""
    pieces = {piece.claim.number: piece.shape for piece in scene.pieces if piece.claim.cover.theme == "pand"}
    buildings = scene.planned.standing
    assert len(pieces) == len(buildings) > 300
    for building in buildings:
        off = pieces[building.number].symmetric_difference(building.footprint).area
        assert off < max(0.01, 0.00025 * building.footprint.length)


def test_there_are_terraces_sheds_a_church_a_school_and_one_building_without_points(planned):
    kinds = Counter(building.kind for building in planned.buildings)
    assert kinds["terraced house"] > 250
    assert kinds["shed"] > kinds["terraced house"] / 3
    assert kinds["church"] == kinds["school"] == kinds["planned"] == 1
    houses = [building for building in planned.buildings if building.kind == "terraced house"]
    widths = [building.wings[0].width for building in houses]
    assert 4.9 < min(widths) < max(widths) < 7.6
    assert [building.kind for building in planned.buildings if not building.modelled] == ["shed"]
    assert len({building.number for building in planned.buildings}) == len(planned.buildings)


def test_all_solids_are_closed_and_face_outwards(whole):
    """Every edge is used exactly twice, and the volume is that of the cross-section times the width, less hips."""
    seen: set[tuple[Any, ...]] = set()
    for building in (replace(building, ground=1.0) for building in whole.buildings):
        shapes = {(wing.profile, round(wing.width), wing.hips) for wing in building.wings}
        if shapes <= seen:
            continue
        seen |= shapes
        for wing, solids in zip(building.wings, building_solids(building), strict=False):
            for lod, faces in solids.items():
                solid = shapely.MultiPolygon([shapely.Polygon(face.corners) for face in faces])
                assert set(closed_solids.edge_uses(solid)) == {2}
                expected = wing_volume(wing, level_profile(wing, lod))
                assert closed_solids.volume(solid) == pytest.approx(expected, rel=0.002)
    assert len(seen) > 50
    assert any(any(hips) for _, _, hips in seen)


def test_roofs_of_terraces_are_gables_that_share_their_eaves(planned, ground):
    rows: dict[int, set[float]] = {}
    for building in stand_on_ground(planned.standing, ground):
        if building.kind == "terraced house":
            (_, eaves), (middle, ridge), *_ = building.wings[0].profile
            assert ridge > eaves + 2.0
            assert 4 < middle < 5.5
            rows.setdefault(building.row, set()).add(round(building.ground + eaves, 3))
    assert all(len(heights) == 1 for heights in rows.values())


def test_the_low_street_is_the_lowest_carriageway(scene, ground):
    """Its lowest point lies 20 to 45 cm under the median of all carriageways, and no other comes within 12 cm."""
    roads = shapely.union_all([p.shape for p in scene.pieces if p.claim.cover.relief == "carriageway"])
    on_road = shapely.contains_xy(roads, ground.x, ground.y)
    street = scene.planned.sheet.street("Lage Weide")
    near = street.line.interpolate(0.5, normalized=True).buffer(60)
    low = on_road & shapely.contains_xy(near, ground.x, ground.y)
    median = np.median(ground.height[on_road])
    assert 0.2 < median - ground.height[low].min() < 0.45
    assert ground.height[on_road & ~low].min() > ground.height[low].min() + 0.12


def test_water_lies_well_below_the_streets_and_the_church_on_a_mound(scene, ground):
    quay = shapely.contains_xy(scene.planned.sheet.street("Noordkade").corridor, ground.x, ground.y)
    assert 0.4 < np.median(ground.height[quay & ~ground.water]) - WATER_LEVEL < 0.95
    assert ground.height[~ground.water].min() > WATER_LEVEL
    church = next(building for building in scene.planned.buildings if building.kind == "church")
    around = church.footprint.buffer(60).difference(church.footprint.buffer(45))
    assert 1.0 < ground.at(church.footprint) - ground.at(around) < 1.6


def test_carriageways_lie_a_kerb_below_the_footpaths_beside_them(scene, ground):
    """About 10 cm, away from water where a quay has no kerb."""
    street = scene.planned.sheet.street("Hoge Weide")
    road = street.line.buffer(1.5).intersection(FRAME.box)
    path = street.corridor.difference(street.surface.buffer(2.2)).intersection(FRAME.box)
    assert 0.05 < ground.at(path) - ground.at(road) < 0.16


def test_trees_stand_in_green_and_clear_of_walls_and_bridges(scene):
    assert len(scene.trees) > 120
    walls = shapely.union_all([building.footprint for building in scene.planned.standing])
    decks = shapely.union_all([deck.shape for deck in scene.decks])
    for tree in scene.trees:
        assert walls.distance(tree.point) > 1.0
        assert decks.distance(tree.point) > 1.0


def test_bridges_cross_the_water_from_bank_to_bank(scene):
    decks = [deck.shape for deck in scene.decks if deck.cover.theme == "overbruggingsdeel"]
    water = scene.planned.sheet.water
    assert len(decks) == 2
    assert all(deck.intersection(water).area > 50 and deck.difference(water).area > 5 for deck in decks)


def test_sheets_meet_without_a_gap_or_a_step():
    """Ground on both sides of a seam is one partition and one surface, and no number occurs on both sheets."""
    frame = Frame(0.1, (150_900.0, 450_420.0, 151_100.0, 450_620.0), ((0, 0), (1, 0)))
    scenes = [build_scene(planned, 7) for planned in plan_sheets(7, frame)]
    shapes = [piece.shape for scene in scenes for piece in scene.pieces]
    assert shapely.union_all(shapes).symmetric_difference(frame.box).area < 0.01
    assert sum(shape.area for shape in shapes) == pytest.approx(frame.box.area, abs=0.01)
    west, east = (make_ground(scene, 7) for scene in scenes)
    assert np.abs(west.height[:, -1] - east.height[:, 0]).max() < 0.25
    columns = [item.columns for scene in scenes for item in objects_of(scene, 7)]
    now = [row["lokaalid"] for row in columns if row["eindregistratie"] is None]
    assert len(set(now)) == len(now) < len(columns)
    panden = [building.number for scene in scenes for building in scene.planned.buildings]
    assert len(set(panden)) == len(panden)


# -- the folder --------------------------------------------------------------------------------------------------


def test_nothing_that_is_there_is_written_over(tmp_path):
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(InputError, match=f"{tmp_path.name} is not empty"):
        write_sample(tmp_path, km2=0.1)
    with pytest.raises(InputError, match=r"mine.txt is a file"):
        write_sample(tmp_path / "mine.txt", km2=0.1, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"could not be written to .*below"):
        write_sample(tmp_path / "file" / "below", km2=0.1)
