"""What the viewer draws: a description, and parts that may be kept for ever."""

import io
import time

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient
from tests.faces.http.conftest import ADDRESS, CELL_SIZE

import morgen
from morgen.faces.http.app import create_app
from morgen.faces.tiles.grids import read_grid

PARTS = {
    "terrain": "application/octet-stream",
    "ground": "image/png",
    "water": "image/png",
    "trees": "application/json",
    "decks": "model/gltf-binary",
    "buildings": "application/json",
}


@pytest.fixture(scope="module")
def scene(client):
    return client.get("/v1/scene").json()


def test_the_scene_says_where_and_of_whom(scene, sample_twin):
    """Grid and origin in RD New, layers with their sources, and the colours of ground and water."""
    situation = morgen.open(sample_twin).situation()
    assert scene["title"] == "Voorbeelddorp"
    assert scene["contentHash"] == situation.content_hash
    assert scene["grid"]["cellSize"] == CELL_SIZE
    west, south, east, north = situation.grid.bounds
    assert [scene["grid"][name] for name in ("west", "south", "east", "north")] == [west, south, east, north]
    assert scene["origin"] == [round((west + east) / 20) * 10, round((south + north) / 20) * 10, 0]
    assert {layer["name"] for layer in scene["layers"]} == set(situation.layers)
    assert all(layer["sources"] for layer in scene["layers"])
    assert scene["attribution"]


@pytest.mark.parametrize("part", PARTS)
def test_every_part_may_be_kept_for_ever(client, scene, part):
    """The address in the scene has a version; without it, or with an old one, the answer must be asked again."""
    address = scene["links"][part]
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == PARTS[part]
    assert "immutable" in answer.headers["cache-control"]
    bare = address.partition("?")[0]
    for other in (bare, f"{bare}?v=old"):
        again = client.get(other)
        assert again.headers["cache-control"] == "no-cache"
        assert again.content == answer.content
    known = client.get(bare, headers={"If-None-Match": f'"x", W/{answer.headers["etag"]}'})
    assert (known.status_code, known.content) == (304, b"")


def test_the_ground_is_a_grid_and_pictures_on_its_bounds(client, scene, sample_twin):
    """Terrain as it is stored, within a millimetre; both pictures of one size."""
    grid = read_grid(client.get(scene["links"]["terrain"]).content)
    stored = morgen.open(sample_twin).situation().raster("terrain").values
    known = np.isfinite(stored)
    assert np.abs(grid.values[known] - stored[known]).max() <= 0.001
    ground, water = (
        Image.open(io.BytesIO(client.get(scene["links"][part]).content)) for part in ("ground", "water")
    )
    assert ground.size == water.size
    assert read_grid(client.get("/v1/scene/terrain?stride=3").content).header["stride"] == 3


@pytest.mark.parametrize("frame", ["rd", "ecef"])
def test_the_tileset_names_tiles_that_are_there(client, frame):
    """Every tile of the tileset is a glTF binary at its relative address."""
    address = f"{ADDRESS}/v1/tiles/{frame}/tileset.json"
    tileset = client.get(address).json()
    assert tileset["asset"]["version"] == "1.1"
    tiles = [child["content"]["uri"] for child in tileset["root"]["children"]]
    assert tiles
    for tile in tiles:
        answer = client.get(f"{ADDRESS}/v1/tiles/{frame}/{tile}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "model/gltf-binary"
        assert answer.content[:4] == b"glTF"
        assert "immutable" in answer.headers["cache-control"]


def test_until_it_is_gathered_the_scene_says_how_far_it_is(sample_files, tmp_path):
    """The scene has its state and progress; what needs the situation is 503 with a sentence; then it is ready."""
    twin = morgen.create(tmp_path / "new", morgen.Area.from_bbox((150_300, 450_420, 150_400, 450_520), name="N"))
    twin.add(sample_files)
    needing = ("/v1/scene/terrain", "/v1/scene/trees", "/v1/tiles/rd/tileset.json", "/v1/collections")
    with TestClient(create_app(twin.folder), base_url=ADDRESS) as client:
        first = client.get("/v1/scene").json()
        assert (first["state"], first["title"]) == ("gathering", "N")
        assert set(first) == {"title", "state", "progress", "message"}
        for path in needing:
            answer = client.get(path)
            assert answer.status_code == 503, path
            assert int(answer.headers["retry-after"]) > 0
            assert "being gathered" in answer.json()["detail"]
        assert client.post("/v1/processes/pluvial-flood/execution", json={}).status_code == 503
        deadline = time.monotonic() + 120
        while (now := client.get("/v1/scene").json())["state"] == "gathering":
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert now["state"] == "ready"
        assert all(client.get(path).status_code == 200 for path in needing)


def test_a_twin_without_sources_says_so(tmp_path):
    """The state is failed, and the message names the command that links sources."""
    twin = morgen.create(tmp_path / "new", morgen.Area.from_bbox((150_300, 450_420, 150_400, 450_520), name="N"))
    with TestClient(create_app(twin.folder), base_url=ADDRESS) as client:
        deadline = time.monotonic() + 60
        while (now := client.get("/v1/scene").json())["state"] == "gathering":
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert now["state"] == "failed"
        assert "morgen add" in now["message"]
        assert "morgen add" in client.get("/v1/scene/terrain").json()["detail"]
