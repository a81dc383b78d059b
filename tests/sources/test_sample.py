"""The sample neighbourhood: a place that holds together, the same for the same seed."""

from collections import Counter

import numpy as np
import pytest
import shapely
from tests.sources import closed_solids

from morgen.core.errors import InputError, StorageError
from morgen.sources.sample import write_sample
from morgen.sources.sample.frame import BOX
from morgen.sources.sample.neighbourhood import stand_on_ground
from morgen.sources.sample.relief import WATER_LEVEL, make_ground
from morgen.sources.sample.scene import build_scene
from morgen.sources.sample.solids import cross_section_area
from morgen.sources.sample.write_cityjson import building_solids, level_profile


@pytest.fixture(scope="module")
def scene():
    return build_scene(7)


@pytest.fixture(scope="module")
def ground(scene):
    return make_ground(scene, 7)


@pytest.mark.parametrize("seed", [7, 8])
def test_level_0_is_a_partition_of_the_box_for_every_seed(scene, seed):
    """No overlap (the areas add up to that of the union) and no gap (the union is the box)."""
    pieces = (scene if seed == 7 else build_scene(seed)).pieces
    shapes = [piece.shape for piece in pieces]
    assert all(shape.is_valid and shape.area > 0.1 for shape in shapes)
    union = shapely.union_all(shapes)
    assert sum(shape.area for shape in shapes) == pytest.approx(union.area, abs=0.01)
    assert union.symmetric_difference(shapely.box(*BOX)).area < 0.01


def test_the_shares_of_land_cover_are_those_of_a_dutch_neighbourhood(scene):
    """Delft-oost without its water: pand 31 %, road 28 %, yard 28 %, green 13 %; this is less dense."""
    area: Counter[str] = Counter()
    for piece in scene.pieces:
        area[piece.claim.cover.theme] += piece.shape.area / 900.0
    assert 19 < area["pand"] < 26
    assert 18 < area["wegdeel"] < 29
    assert 20 < area["onbegroeidterreindeel"] < 28
    assert 13 < area["begroeidterreindeel"] + area["ondersteunendwegdeel"] + area["ondersteunendwaterdeel"] < 25
    assert 4 < area["waterdeel"] < 8


def test_a_pand_is_one_piece_of_ground_with_exactly_the_footprint_of_its_building(scene):
    pieces = {piece.claim.number: piece.shape for piece in scene.pieces if piece.claim.cover.theme == "pand"}
    assert len(pieces) == len(scene.buildings) > 300
    for building in scene.buildings:
        assert pieces[building.number].symmetric_difference(building.footprint).area < 0.01


def test_there_are_terraces_sheds_a_flat_and_one_building_without_points(scene):
    kinds = Counter(building.kind for building in scene.buildings)
    assert kinds["house"] > 250
    assert kinds["shed"] > kinds["house"] / 3
    assert kinds["flat"] == kinds["community"] == 1
    widths = [building.wings[0].width for building in scene.buildings if building.kind == "house"]
    assert 4.9 < min(widths) < max(widths) < 6.7
    assert [building.kind for building in scene.buildings if not building.modelled] == ["shed"]
    assert len({building.number for building in scene.buildings}) == len(scene.buildings)


def test_all_solids_are_closed_and_face_outwards(scene, ground):
    """Every edge is used exactly twice, and the volume is that of the cross-section times the width."""
    buildings = stand_on_ground(scene, ground)
    seen: set[tuple[object, float]] = set()
    for building in buildings:
        shapes = {(wing.profile, round(wing.width, 3)) for wing in building.wings}
        if shapes <= seen:
            continue
        seen |= shapes
        for wing, solids in zip(building.wings, building_solids(building), strict=False):
            for lod, faces in solids.items():
                solid = shapely.MultiPolygon([shapely.Polygon(face.corners) for face in faces])
                expected = cross_section_area(level_profile(wing, lod)) * wing.width
                assert set(closed_solids.edge_uses(solid)) == {2}
                assert closed_solids.volume(solid) == pytest.approx(expected, rel=0.002)
    assert len(seen) > 50


def test_roofs_of_terraces_are_gables_that_share_their_eaves(scene, ground):
    rows: dict[int, set[float]] = {}
    for building in stand_on_ground(scene, ground):
        if building.kind == "house":
            (_, eaves), (middle, ridge), *_ = building.wings[0].profile
            assert ridge > eaves + 2.0
            assert 4 < middle < 5.5
            rows.setdefault(building.row, set()).add(round(building.ground + eaves, 3))
    assert all(len(heights) == 1 for heights in rows.values())


def test_the_low_street_is_the_lowest_carriageway(scene, ground):
    """Its lowest point lies 25 to 40 cm under the median of all carriageways, and no other comes within 12 cm."""
    roads = shapely.union_all([p.shape for p in scene.pieces if p.claim.cover.relief == "carriageway"])
    on_road = shapely.contains_xy(roads, ground.x, ground.y)
    street = scene.plan.street(scene.plan.low_street).corridor
    low = on_road & shapely.contains_xy(street, ground.x, ground.y)
    median = np.median(ground.height[on_road])
    assert 0.25 < median - ground.height[low].min() < 0.45
    assert ground.height[on_road & ~low].min() > ground.height[low].min() + 0.12


def test_water_lies_well_below_the_streets_and_the_park_below_its_surroundings(scene, ground):
    park = shapely.contains_xy(scene.park.block.buffer(-14), ground.x, ground.y)
    park &= ~shapely.contains_xy(scene.park.building.footprint.buffer(12), ground.x, ground.y)
    around = scene.plan.street("Dorpsweg").corridor.intersection(scene.park.block.buffer(20))
    beside = shapely.contains_xy(around, ground.x, ground.y)
    assert np.median(ground.height[beside]) - np.median(ground.height[park & ~ground.water]) > 0.25
    quay = shapely.contains_xy(scene.plan.street("Noordkade").corridor, ground.x, ground.y)
    assert 0.5 < np.median(ground.height[quay & ~ground.water]) - WATER_LEVEL < 0.95
    assert ground.height[~ground.water].min() > WATER_LEVEL


def test_trees_stand_in_green_and_clear_of_walls_and_bridges(scene):
    assert len(scene.trees) > 120
    walls = shapely.union_all([building.footprint for building in scene.buildings])
    decks = shapely.union_all([deck.shape for deck in scene.decks])
    for tree in scene.trees:
        assert walls.distance(tree.point) > 1.0
        assert decks.distance(tree.point) > 1.0


def test_two_bridges_cross_the_water_from_bank_to_bank(scene):
    decks = [deck.shape for deck in scene.decks if deck.cover.theme == "overbruggingsdeel"]
    water = scene.plan.canal.water
    assert len(decks) == 2
    assert all(deck.intersection(water).area > 50 and deck.difference(water).area > 5 for deck in decks)


def test_nothing_that_is_there_is_written_over(tmp_path):
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(InputError, match=f"{tmp_path.name} is not empty"):
        write_sample(tmp_path)
    with pytest.raises(InputError, match=r"mine.txt is a file"):
        write_sample(tmp_path / "mine.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"could not be written to .*below"):
        write_sample(tmp_path / "file" / "below")
