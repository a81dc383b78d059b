"""Two tables of contents over the same tiles: flat for our viewer, on the ellipsoid for globes."""

import json

import numpy as np
import pyproj
import pytest
from tests.faces.tiles import gltf

from morgen.core.crs import rdnap_to_etrs89
from morgen.faces.tiles import TilesetFrame, building_tiles, tileset
from morgen.faces.tiles.placement import Placement, rdnap_to_geocentric
from morgen.testing.situations import situation

MILLIMETRE = 1e-3


@pytest.fixture(scope="module", params=["sample", "delft"])
def tiles(request):
    return building_tiles(request.getfixturevalue(f"{request.param}_situation"))


def document(tiles, frame):
    return json.loads(tileset(tiles, frame))


def transform(child):
    return np.reshape(child["transform"], (4, 4)).T


def apply(matrix, points):
    return points @ matrix[:3, :3].T + matrix[:3, 3]


def corners_of(box):
    centre, axes = np.array(box[:3]), np.reshape(box[3:], (3, 3))
    signs = np.stack(np.meshgrid(*[[-1, 1]] * 3), axis=-1).reshape(-1, 3)
    return centre + signs @ axes


def content(tiles, child):
    """The corners of the GLB that a tile names, as a runtime sees them: turned to z up."""
    name = child["content"]["uri"].removeprefix("../buildings/").removesuffix(".glb")
    glb = gltf.read(tiles.tile(name).glb)
    return np.concatenate([glb.z_up(primitive)[0] for primitive in glb.primitives]), tiles.tile(name)


@pytest.mark.parametrize("frame", TilesetFrame)
def test_a_tileset_keeps_the_rules_of_3d_tiles(tiles, frame):
    """Version 1.1, errors that go down, boxes that hold their content, addresses that occur once."""
    made = document(tiles, frame)

    assert made["asset"]["version"] == "1.1"
    assert made["geometricError"] > made["root"]["geometricError"] > 0
    assert made["root"]["refine"] == "ADD"
    assert len(made["root"]["boundingVolume"]) == 1
    uris = [child["content"]["uri"] for child in made["root"]["children"]]
    assert len(set(uris)) == len(uris) == len(tiles.tiles)
    for child in made["root"]["children"]:
        assert child["geometricError"] == 0
        points, _ = content(tiles, child)
        around = corners_of(child["boundingVolume"]["box"])
        assert (points >= around.min(axis=0)).all()
        assert (points <= around.max(axis=0)).all()


def test_both_frames_are_over_the_same_tiles(tiles):
    """Only the placing differs."""
    flat, globe = (document(tiles, frame)["root"]["children"] for frame in TilesetFrame)

    assert [child["content"] for child in flat] == [child["content"] for child in globe]
    assert [child["boundingVolume"] for child in flat] == [child["boundingVolume"] for child in globe]


def test_the_flat_tileset_is_the_local_scene(tiles):
    """A transform moves, and does nothing else; with the origin of the scene that is RD New and NAP."""
    root = document(tiles, TilesetFrame.RD)["root"]
    around = corners_of(root["boundingVolume"]["box"])
    for child in root["children"]:
        matrix = transform(child)
        assert np.array_equal(matrix[:3, :3], np.eye(3))
        points, tile = content(tiles, child)
        in_rd = tiles.frame.from_local(apply(matrix, points))
        np.testing.assert_allclose(in_rd, points + tile.origin, atol=1e-9)
        boxed = apply(matrix, corners_of(child["boundingVolume"]["box"]))
        assert (boxed >= around.min(axis=0) - 1e-9).all()
        assert (boxed <= around.max(axis=0) + 1e-9).all()


def test_a_globe_gets_every_corner_within_a_centimetre(tiles):
    """The transform of a tile and the exact geodetic way (RDNAPTRANS2018, then the ellipsoid) agree."""
    for child in document(tiles, TilesetFrame.ECEF)["root"]["children"]:
        points, tile = content(tiles, child)
        longitude, latitude, height = rdnap_to_etrs89(*(points + tile.origin).T)
        to_geocentric = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978")
        exact = np.column_stack(to_geocentric.transform(latitude, longitude, height))
        assert np.linalg.norm(apply(transform(child), points) - exact, axis=1).max() < 0.01


def test_the_region_of_the_globe_holds_all_tiles(tiles):
    """West, south, east, north in radians and two ellipsoidal heights, some 43 m above NAP."""
    root = document(tiles, TilesetFrame.ECEF)["root"]
    west, south, east, north, low, high = root["boundingVolume"]["region"]
    for child in root["children"]:
        _, tile = content(tiles, child)
        boxed = corners_of(child["boundingVolume"]["box"]) + tile.origin
        longitude, latitude, height = rdnap_to_etrs89(*boxed.T)
        assert np.all((np.radians(longitude) > west) & (np.radians(longitude) < east))
        assert np.all((np.radians(latitude) > south) & (np.radians(latitude) < north))
        assert np.all((height > low) & (height < high))
    assert 40 < low < 46


@pytest.mark.parametrize("place", [(5_000, 375_000), (85_000, 447_000), (275_000, 612_000), (195_000, 310_000)])
def test_a_whole_tile_fits_anywhere_in_the_country(place):
    """250 m by 250 m by 150 m: one affine transformation is within a centimetre of the exact one."""
    lower, upper = np.array([-125, -125, -10]), np.array([125, 125, 140])
    placed = Placement.on_ellipsoid((*place, 0), lower, upper)
    points = np.random.default_rng(5).uniform(lower, upper, (2000, 3))

    apart = np.linalg.norm(placed.apply(points) - rdnap_to_geocentric(points + np.array([*place, 0])), axis=1)
    assert apart.max() < 0.01


def test_geocentric_coordinates_are_those_of_epsg():
    """Our few lines and PROJ agree to a micrometre."""
    points = np.array([[85_000, 447_000, 1.0], [155_000, 463_000, 320.0]])
    longitude, latitude, height = rdnap_to_etrs89(*points.T)
    expected = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978").transform(latitude, longitude, height)

    np.testing.assert_allclose(rdnap_to_geocentric(points), np.column_stack(expected), rtol=0, atol=1e-6)


def test_addresses_can_carry_a_version(sample_situation):
    """With ``?v=`` a tile may be kept for ever."""
    made = json.loads(tileset(building_tiles(sample_situation), TilesetFrame.RD, version="abc"))

    assert made["root"]["children"][0]["content"]["uri"] == "../buildings/601_1801.glb?v=abc"


@pytest.mark.parametrize("frame", TilesetFrame)
def test_a_place_without_buildings_has_an_empty_tileset(frame):
    """Nothing to draw is not an error."""
    made = document(building_tiles(situation(np.zeros((4, 4)))), frame)

    assert made["root"]["children"] == []
    assert made["geometricError"] > made["root"]["geometricError"] > 0
