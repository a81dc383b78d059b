"""The scene says everything that a viewer needs before it draws, and nothing that is not there."""

import json
from dataclasses import replace

import numpy as np
import pytest
import shapely
from tests.faces.tiles.runs import with_layers

import morgen
from morgen.faces import tiles
from morgen.faces.tiles import scene_document, scene_version, waiting_document
from morgen.testing.situations import building, ground, situation

HOUSE = shapely.box(2, 2, 8, 8)


def test_a_real_scene_is_complete(real_situation):
    """Origin, grid, area, layers with their sources, legend, classes of depth and attributions; all of it JSON."""
    made = json.loads(json.dumps(scene_document(real_situation, title="Town"), allow_nan=False))

    xmin, ymin, xmax, ymax = real_situation.grid.bounds
    assert (made["title"], made["state"]) == ("Town", "ready")
    assert made["origin"][2] == 0
    assert xmin < made["origin"][0] < xmax
    assert (made["grid"]["west"], made["grid"]["north"]) == (xmin, ymax)
    assert made["grid"]["rows"] * made["grid"]["cellSize"] == ymax - ymin
    assert shapely.geometry.shape(made["area"]).equals(real_situation.area.polygon)
    assert [layer["name"] for layer in made["layers"]] == list(real_situation.layers)
    assert all(len(source["sha256"]) == 64 for layer in made["layers"] for source in layer["sources"])
    assert made["depthClasses"][0] == {"from": 0.05, "to": 0.1, "colour": "#c5e8f2"}
    assert made["depthClasses"][-1]["to"] is None
    assert made["shareClasses"][-1]["to"] == 1
    assert made["attribution"]
    assert len(made["landCover"]) > 8


def test_links_carry_the_hash_of_what_they_give(sample_situation):
    """The same content has the same address for ever; another content has another."""
    version = scene_version(sample_situation)
    links = scene_document(sample_situation)["links"]

    assert links["terrain"] == f"/v1/scene/terrain?v={version}"
    assert set(links) == set(tiles.RESOURCES)
    other = replace(
        sample_situation, layers={**sample_situation.layers, "terrain": replace_hash(sample_situation)}
    )
    assert scene_version(other) != version


def replace_hash(made):
    return made.layers["terrain"].model_copy(update={"sha256": "f" * 64})


def test_another_program_has_another_version(sample_situation, monkeypatch):
    """What a newer Morgen draws differently is not taken from an old copy."""
    before = scene_version(sample_situation)
    monkeypatch.setattr(morgen, "__version__", "9.9", raising=False)

    assert scene_version(sample_situation) != before


def test_addresses_are_the_callers(sample_situation):
    """A server behind a prefix gives its own addresses."""
    links = scene_document(sample_situation, address=lambda name: f"https://twin.example/{name}")["links"]

    assert links["ground"].startswith("https://twin.example/ground?v=")


def test_only_the_sample_is_generated(sample_situation, delft_situation):
    """A place of a municipality that does not exist is generated, however it was linked; a real town never is."""
    assert scene_document(sample_situation)["generated"]
    assert not scene_document(delft_situation)["generated"]


def test_what_is_missing_has_no_address():
    """Without trees, decks or buildings their links are null; a layer that is there but empty of decks as well."""
    bare = situation(np.zeros((9, 9)), land_cover=None, buildings=None)
    full = with_layers(
        situation(
            np.zeros((9, 9)),
            land_cover=[ground("waterdeel", HOUSE)],
            buildings=[building("1", HOUSE)],
            decks=[ground("wegdeel", HOUSE, level=1)],
        ),
        trees=[(1, 1)],
    )
    tunnel = situation(np.zeros((9, 9)), decks=[ground("tunneldeel", HOUSE, level=-1)])

    links = scene_document(bare)["links"]
    assert [name for name, link in links.items() if link] == ["terrain"]
    assert all(scene_document(full)["links"].values())
    assert scene_document(tunnel)["links"]["decks"] is None
    assert scene_document(tunnel)["links"]["buildings"] is None


def test_a_scene_that_is_not_ready_says_how_far_it_is():
    """A viewer polls until the state is ready."""
    assert waiting_document(title="Town", state="gathering", progress=0.41234, message="joining buildings") == {
        "title": "Town",
        "state": "gathering",
        "progress": 0.412,
        "message": "joining buildings",
    }


def test_the_public_names_are_there():
    """What `from morgen.faces.tiles import ...` promises is there."""
    assert all(getattr(tiles, name) is not None for name in tiles.__all__)


@pytest.mark.parametrize("name", tiles.RESOURCES)
def test_every_resource_is_described(name, request):
    """docs/formats.md names the address of everything that a scene links to."""
    page = (request.config.rootpath / "docs" / "formats.md").read_text(encoding="utf-8")
    assert f"`{tiles.RESOURCES[name]}`" in page
