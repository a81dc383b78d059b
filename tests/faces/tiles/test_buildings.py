"""Every building is in one tile, in its own shape, and tells what it is."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from tests.faces.tiles import gltf

from morgen.core.errors import MissingLayerError, NotFoundError
from morgen.faces.tiles import building_tiles
from morgen.faces.tiles.buildings import TILE_SIZE
from morgen.sources.buildings.extrusion import extrude
from morgen.testing.situations import ORIGIN, building, situation

HOUSE = shapely.box(10, 10, 20, 18)


def flat(*rows, size=40, level=0.5):
    return situation(np.full((size, size), level), buildings=rows)


def only_tile(made):
    (tile,) = building_tiles(made).tiles
    return gltf.check(tile.glb), tile


def test_a_tile_is_a_valid_glb(real_situation):
    """Container, views, accessors, normals, indices and feature ids of every tile keep the rules of glTF."""
    tiles = building_tiles(real_situation)

    assert len(tiles.tiles) == 4
    for tile in tiles.tiles:
        glb = gltf.check(tile.glb)
        (primitive,) = glb.primitives
        assert glb.column("id") == list(tile.ids)
        assert set(glb.features(primitive)) == set(range(len(tile.ids)))


def test_every_building_is_drawn_once(real_situation):
    """The ids of all tiles together are the layer; a tile holds what has its middle in it."""
    tiles = building_tiles(real_situation)
    buildings = real_situation.features("buildings").set_index("object_id")

    drawn = [one for tile in tiles.tiles for one in tile.ids]
    assert sorted(drawn) == sorted(buildings.index)
    assert tiles.undrawable == ()
    for tile in tiles.tiles:
        column, row = map(int, tile.name.split("_"))
        middles = shapely.get_coordinates(buildings.geometry[list(tile.ids)].centroid.to_numpy())
        assert np.array_equal(np.unique(middles // TILE_SIZE, axis=0), [[column, row]])
        assert tile.origin == ((column + 0.5) * TILE_SIZE, (row + 0.5) * TILE_SIZE, 0)


def test_corners_lie_on_the_solids(real_situation):
    """Turned and moved back to RD New and NAP, every corner is one of the building's own, within a millimetre."""
    solids = real_situation.features("buildings").set_index("object_id")["solid"]
    for tile in building_tiles(real_situation).tiles:
        glb = gltf.read(tile.glb)
        (primitive,) = glb.primitives
        corners, _ = glb.z_up(primitive)
        owners = glb.features(primitive).astype(int)
        for number in range(0, len(tile.ids), 7):
            own = corners[owners == number] + tile.origin
            given = shapely.get_coordinates(solids[tile.ids[number]], include_z=True)
            apart = np.abs(own[:, None] - given[None]).max(axis=2).min(axis=1)
            assert apart.max() < 1e-3


def test_roofs_look_up_and_nothing_is_inside_out(real_situation):
    """Seen as triangles, every building with a floor encloses a positive volume near that of its solid."""
    buildings = real_situation.features("buildings").set_index("object_id")
    for tile in building_tiles(real_situation).tiles:
        glb = gltf.read(tile.glb)
        (primitive,) = glb.primitives
        corners, triangles = glb.z_up(primitive)
        low = corners[:, 2].min()
        a, b, c = (corners[triangles[:, part]] - [0, 0, low] for part in range(3))
        volumes = np.bincount(
            glb.features(primitive).astype(int)[triangles[:, 0]], np.einsum("ij,ij->i", a, np.cross(b, c)) / 6
        )
        expected = buildings.geometry.area * buildings["height"]
        ratio = volumes / expected[list(tile.ids)].to_numpy()
        assert np.median(ratio) == pytest.approx(1, abs=0.35)
        assert (volumes > 0).mean() > 0.97


def test_a_tile_tells_what_its_buildings_are():
    """Id, BAG id, height, year and use can be read by feature id; unknown is told apart from a value."""
    solid, kinds = extrude(shapely.affinity.translate(HOUSE, *ORIGIN), 0.5, 9.0)
    glb, _ = only_tile(
        flat(
            building(
                "0503100000017414",
                HOUSE,
                object_id="G0503.a",
                height=8.5,
                construction_year=1905,
                use="woonfunctie",
                solid=solid,
                solid_surfaces=kinds,
            ),
            building("", shapely.affinity.translate(HOUSE, 12), object_id="G0503.b"),
        )
    )

    assert glb.column("id") == ["G0503.a", "G0503.b"]
    assert glb.column("bagId") == ["0503100000017414", ""]
    assert glb.column("height").tolist() == [8.5, -1]
    assert glb.column("heightKnown") == [True, False]
    assert glb.column("constructionYear").tolist() == [1905, 0]
    assert glb.column("use") == ["woonfunctie", ""]
    described = glb.document["extensions"]["EXT_structural_metadata"]["schema"]["classes"]["building"][
        "properties"
    ]
    assert described["height"]["noData"] == -1
    assert described["constructionYear"]["noData"] == 0
    assert described["id"]["required"]


def test_text_comes_back_as_it_was():
    """Markup, quotes, umlauts, line ends and signs beyond the basic plane survive."""
    odd = "<script>alert(\"é\")</script> & 'façade'\n\t€ 🏠 \\u0041"
    glb, _ = only_tile(flat(building("1", HOUSE, object_id=odd, use=odd)))

    assert glb.column("id") == [odd]
    assert glb.column("use") == [odd]


def test_a_building_without_a_solid_is_its_footprint_drawn_up():
    """Known heights are used; of unknown height it is 3 m above the terrain there."""
    shed = shapely.affinity.translate(HOUSE, 12)
    glb, tile = only_tile(
        flat(
            building("1", HOUSE, object_id="a", ground_height=0.25, roof_height=7.0),
            building("2", shed, object_id="b"),
            level=0.5,
        )
    )

    (primitive,) = glb.primitives
    corners, _ = glb.z_up(primitive)
    heights = [corners[glb.features(primitive) == feature][:, 2] for feature in (0, 1)]
    assert [(low.min(), low.max()) for low in heights] == [(0.25, 7.0), (0.5, 3.5)]
    assert glb.column("heightKnown") == [True, False]
    assert glb.column("height").tolist() == [6.75, -1]
    footprint = shapely.MultiPoint(corners[glb.features(primitive) == 0][:, :2]).convex_hull
    expected = shapely.affinity.translate(HOUSE, *(np.array(ORIGIN) - tile.origin[:2]))
    assert footprint.symmetric_difference(expected).area < 1e-3


def test_what_cannot_be_drawn_is_named():
    """A building without any shape is not in a tile, and is not lost in silence."""
    tiles = building_tiles(
        flat(
            building("1", HOUSE, object_id="a"),
            building("2", shapely.Polygon(), object_id="shapeless"),
            building("3", shapely.LineString([(0, 0), (9, 9)]), object_id="line"),
        )
    )

    assert [tile.ids for tile in tiles.tiles] == [("a",)]
    assert tiles.undrawable == ("shapeless", "line")


def test_a_broken_solid_gives_way_to_the_footprint():
    """A solid of which nothing can be drawn does not make a building disappear."""
    flat_solid = shapely.MultiPolygon([shapely.Polygon([(0, 0, 0), (1, 1, 1), (2, 2, 2)])])
    glb, _ = only_tile(flat(building("1", HOUSE, solid=flat_solid, solid_surfaces=["roof"], roof_height=4.5)))

    (primitive,) = glb.primitives
    assert glb.z_up(primitive)[0][:, 2].max() == 4.5


CORNER = st.one_of(
    st.integers(-2, 9).map(float), st.floats(-1e3, 1e3), st.sampled_from([math.nan, math.inf, 1e300])
)
RING = st.lists(st.tuples(CORNER, CORNER), min_size=2, max_size=7)
UGLY = st.tuples(
    st.tuples(st.floats(0, 9), st.floats(0, 9)), RING, st.sampled_from([math.nan, -math.inf, 0.0, 7.0])
)


@given(st.lists(UGLY, min_size=1, max_size=4))
def test_ugly_footprints_never_crash(shapes):
    """Crossing, collapsed and broken footprints, and impossible heights: all are in a tile, or named."""
    with np.errstate(invalid="ignore"):
        rows = [
            building("1", shapely.Polygon([first, *ring, first]), object_id=str(number), roof_height=roof)
            for number, (first, ring, roof) in enumerate(shapes)
        ]
        made = flat(*rows)
    tiles = building_tiles(made)
    for tile in tiles.tiles:
        gltf.check(tile.glb)
    drawn = [one for tile in tiles.tiles for one in tile.ids]
    assert sorted([*drawn, *tiles.undrawable]) == [str(number) for number in range(len(shapes))]


def test_a_large_tile_has_long_indices():
    """A building of more than 65 535 corners is one primitive all the same."""
    round_house = shapely.Point(20, 20).buffer(15, quad_segs=5000)
    glb, _ = only_tile(flat(building("1", round_house)))

    (primitive,) = glb.primitives
    assert glb.document["accessors"][primitive["indices"]]["componentType"] == 5125
    assert len(glb.z_up(primitive)[0]) > 65_535


def test_a_layer_without_buildings_has_no_tiles():
    """That nothing stands somewhere is a fact; that the layer is missing is an error."""
    assert building_tiles(flat()).tiles == ()
    with pytest.raises(MissingLayerError, match="buildings"):
        building_tiles(situation(np.zeros((4, 4)), buildings=None))


def test_a_tile_that_is_not_there_says_so(sample_situation):
    """The message names tiles that are."""
    with pytest.raises(NotFoundError, match=r"no tile '1_1'.*601_1801"):
        building_tiles(sample_situation).tile("1_1")


def test_the_same_situation_gives_the_same_bytes(sample_situation):
    """Tiles can be kept under a hash."""
    first, second = (building_tiles(sample_situation).tiles for _ in range(2))

    assert [tile.glb for tile in first] == [tile.glb for tile in second]
