"""From the real files of two blocks of Delft to an answer, as a climate adviser would type it."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.features import rasterize
from tests.faces.http.running import ask, morgen_serve

import morgen

REPOSITORY = Path(__file__).resolve().parents[2]
MORGEN = Path(sys.executable).with_name("morgen")


def run(*arguments, folder, check=True):
    """Type a command in a folder and give back what it printed."""
    command = [str(MORGEN), *map(str, arguments)]
    return subprocess.run(command, cwd=folder, check=check, capture_output=True, text=True, env={**os.environ})


def example():
    """The commands of the README's example on real data, as lists of words without `morgen`."""
    readme = (REPOSITORY / "README.md").read_text()
    block = readme.split("<!-- example: real data -->")[1].split("```")[1]
    return [line.split()[1:] for line in block.splitlines()[1:] if line.strip()]


@pytest.fixture(scope="module")
def journey(shared_data, tmp_path_factory):
    """The twin after the README's init, add, check and run, with what each command printed."""
    folder = tmp_path_factory.mktemp("delft")
    (folder / "examples").symlink_to(REPOSITORY / "examples")
    places = {"../shared/data/nl/delft-oost": str(shared_data / "nl/delft-oost")}
    printed = {}
    for words in example():
        if words[0] in ("show", "serve"):
            continue  # the one needs the id that was printed, the other has a test of its own
        machine = ["--json"] if words[0] in ("check", "run") else []
        typed = [places.get(word, word) for word in words]
        printed[words[0]] = run(*typed, *machine, folder=folder).stdout
    return folder / "delft", printed


@pytest.fixture(scope="module")
def answer(journey):
    return json.loads(journey[1]["run"])


def burn(shapes, like):
    with rasterio.open(like) as raster:
        return rasterize(shapes, out_shape=raster.shape, transform=raster.transform).astype(bool)


def read(path):
    with rasterio.open(path) as raster:
        return raster.read(1, masked=True).filled(np.nan)


def test_the_example_of_the_readme_is_the_whole_journey():
    """A reader who types the example sees every step from an area to an answer in the browser."""
    assert [words[0] for words in example()] == ["init", "add", "check", "run", "show", "serve"]


def test_every_delivery_is_recognised(journey):
    """LAZ, GeoTIFF, SQLite, GeoPackage and CityJSON of three versions are told by their content."""
    added = journey[1]["add"]

    for title in ("LAZ", "Ground heights (DTM)", "Surface heights", "BGT, SQLite", "BGT, GeoPackage", "3DBAG"):
        assert title in added


def test_the_situation_is_that_of_the_survey(journey):
    """160 panden of the BGT, all with a height; no overlap in the land cover; the water level of Delft."""
    situation = morgen.open(journey[0]).situation()

    buildings = situation.features("buildings")
    cover = situation.features("land_cover")
    inside = buildings[shapely.intersects(buildings.geometry.to_numpy(), situation.area.polygon)]
    assert len(inside) == 160
    assert inside["height"].notna().all()
    assert (inside["lod"] == "2.2").sum() == 12
    parts = cover.geometry.intersection(situation.area.polygon)
    assert parts.area.sum() == pytest.approx(shapely.union_all(parts.to_numpy()).area, abs=0.1)
    water = situation.raster("terrain").values[situation.raster("terrain_origin").values == 2]
    assert np.median(water) == pytest.approx(-0.45, abs=0.02)


def test_the_quality_report_says_what_is_wrong(journey):
    """Sources seven years apart are a warning; nothing makes the data unusable."""
    findings = json.loads(journey[1]["check"])["findings"]

    assert any("7 years apart" in item["sentence"] and item["level"] == "warning" for item in findings)
    assert all(item["level"] != "error" for item in findings)


def test_the_balance_closes(answer):
    """All rain is accounted for to a hundred-thousandth."""
    balance = answer["balance"]

    parts = sum(balance[key] for key in ("stored", "infiltrated", "sewer", "outflow", "pumped"))
    assert answer["state"] == "successful"
    assert parts == pytest.approx(balance["rain"], rel=1e-5)


def test_water_stands_in_low_places_not_on_roofs_and_not_everywhere(journey, answer):
    """Closed buildings hold no water; streets and yards are flooded in part; depths are those of a street."""
    situation = morgen.open(journey[0]).situation()
    depth = read(answer["outputs"]["max_depth"])
    cover = situation.features("land_cover")
    inside = burn([situation.area.polygon], answer["outputs"]["max_depth"])
    roofs = burn(situation.features("buildings").geometry, answer["outputs"]["max_depth"])
    water = burn(cover.geometry[cover["theme"] == "waterdeel"], answer["outputs"]["max_depth"])
    ground = inside & ~roofs & ~water

    flooded = depth[ground] > 0.05
    assert np.isnan(depth[roofs]).all()
    assert 0.05 < flooded.mean() < 0.5
    assert 0.3 < np.nanmax(depth[ground]) < 1.5


def test_the_run_is_shown_with_its_origin(journey, answer):
    """`morgen show` names the hashes of the sources and the software."""
    shown = run("show", "delft", answer["run"][:-2], folder=journey[0].parent).stdout

    assert answer["run"] in shown
    assert "bgt_pand.sqlite" in shown
    assert "numba" in shown


def test_the_same_from_python(journey, answer):
    """The Python face gives the same numbers, xarray for outputs, and a map and table in a notebook."""
    result = morgen.open(journey[0]).get_run(answer["run"])

    values = {item.id: item.value for item in result.indicators}
    depth = result.depth.to_xarray()
    assert values == {item["id"]: item["value"] for item in answer["indicators"]}
    assert depth.dims == ("time", "y", "x")
    assert float(depth.max()) == pytest.approx(float(np.nanmax(read(answer["outputs"]["max_depth"]))), abs=0.02)
    page = result._repr_html_() or ""
    assert "data:image/png;base64," in page
    assert "<table>" in page


def test_the_journey_ends_in_the_browser(journey, answer):
    """`morgen serve` gives the scene, its tiles and the run that was typed, with the values of its files."""
    twin, _printed = journey
    with morgen_serve(twin) as served:
        scene = _ready(served.api)
        terrain, header = _container(f"{served.address.rstrip('/')}{scene['links']['terrain']}")
        assert (header["rows"], header["columns"]) == terrain.shape
        assert ask(f"{served.address.rstrip('/')}{scene['links']['buildings']}")[1]["asset"]["version"] == "1.1"
        run_id = answer["run"]
        deepest, corner = _deepest(answer["outputs"]["max_depth"])
        _, place = ask(f"{served.api}/jobs/{run_id}/position?coords=POINT({corner[0]}%20{corner[1]})&crs={RD}")
        assert place["maxDepth"] == pytest.approx(deepest, abs=1e-6)
        _, listed = ask(f"{served.api}/collections/{run_id}.buildings/items?limit=1000&above_high=true")
        counted = {item["id"]: item["value"] for item in answer["indicators"]}["buildings-facade-high"]
        assert listed["numberMatched"] == counted


RD = "http://www.opengis.net/def/crs/EPSG/0/28992"


def _ready(api):
    while (scene := ask(f"{api}/scene")[1])["state"] == "gathering":
        time.sleep(0.1)
    assert scene["state"] == "ready", scene
    return scene


def _container(address):
    with urllib.request.urlopen(address) as given:
        content = given.read()
    assert content[:4] == b"MGRD"
    length = int.from_bytes(content[4:8], "little")
    header = json.loads(content[8 : 8 + length])
    values = np.frombuffer(content[8 + length :], dtype="<u2")
    return values.reshape(header["rows"], header["columns"]), header


def _deepest(path):
    """The largest depth of a raster, and the centre of its cell in RD New."""
    with rasterio.open(path) as file:
        depth = np.nan_to_num(file.read(1))
        row, column = np.unravel_index(np.argmax(depth), depth.shape)
        return float(depth[row, column]), file.xy(row, column)
