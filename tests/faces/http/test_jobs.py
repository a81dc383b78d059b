"""Runs as jobs: the same rows that a terminal sees."""

import io
import time
from datetime import datetime

import numpy as np
import pytest
import rasterio
from PIL import Image
from tests.faces.http.conftest import QUICK
from tests.faces.http.ogc_schemas import validate

import morgen
from morgen.faces.tiles.grids import read_grid

SCHEMAS = "processes-1.0/core/openapi/schemas"
EXECUTION = "/v1/processes/pluvial-flood/execution"
LONG = {"rain": 70, "duration": 48, "after": 24}
MARKUP = "<script>alert('x')</script>"
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"


@pytest.fixture
def long_run(client):
    """A run that computes for longer than the test; stopped afterwards."""
    job = client.post(EXECUTION, json={"inputs": LONG}, headers={"Prefer": "respond-async"}).json()["jobID"]
    yield job
    client.delete(f"/v1/jobs/{job}")


def wait_for(condition, *, seconds: float = 60.0):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return found


def status(client, job):
    return client.get(f"/v1/jobs/{job}").json()["status"]


def test_documents_follow_the_schemas_of_ogc(client, run, standards):
    """Job list, status and results."""
    validate(client.get("/v1/jobs").json(), standards, f"{SCHEMAS}/jobList.yaml")
    validate(client.get(f"/v1/jobs/{run}").json(), standards, f"{SCHEMAS}/statusInfo.yaml")
    validate(client.get(f"/v1/jobs/{run}/results").json(), standards, f"{SCHEMAS}/results.yaml")


def test_a_status_tells_what_the_row_knows(client, run, sample_twin):
    """Parameters as the model got them, times in UTC, and progress in percent."""
    job = client.get(f"/v1/jobs/{run}").json()
    row = morgen.open(sample_twin).get_run(run).run
    assert job["processID"] == job["model"] == "pluvial-flood"
    assert job["parameters"] == row.manifest.parameters
    assert job["progress"] == 100
    assert row.ended_at
    assert datetime.fromisoformat(job["finished"]).replace(microsecond=0) == row.ended_at.replace(microsecond=0)
    assert job["finished"].endswith("Z")
    assert job["preset"] is None
    assert job["warnings"] == list(row.warnings)


def test_a_preset_is_recognised(client):
    """A run with the inputs of a preset names it."""
    preset = client.get("/v1/processes/pluvial-flood").json()["presets"][1]
    answer = client.post(EXECUTION, json={"inputs": preset["inputs"]}, headers={"Prefer": "respond-async"}).json()
    assert answer["preset"] == preset["id"]
    client.delete(f"/v1/jobs/{answer['jobID']}")


def test_the_list_has_pages_and_filters(client, run):
    """Newest first; limit and offset cut a page, status and processID choose."""
    everything = client.get("/v1/jobs?limit=1000").json()
    assert everything["numberMatched"] == everything["numberReturned"] == len(everything["jobs"])
    created = [job["created"] for job in everything["jobs"]]
    assert created == sorted(created, reverse=True)
    found, address = [], "/v1/jobs?limit=2"
    while address:
        page = client.get(address).json()
        found += [job["jobID"] for job in page["jobs"]]
        address = next((item["href"] for item in page["links"] if item["rel"] == "next"), "")
    assert found == [job["jobID"] for job in everything["jobs"]]
    successful = client.get("/v1/jobs", params={"status": "successful"}).json()["jobs"]
    assert run in [job["jobID"] for job in successful]
    assert {job["status"] for job in successful} == {"successful"}
    assert client.get("/v1/jobs?processID=noise").json()["jobs"] == []
    assert client.get("/v1/jobs?processID=pluvial-flood&type=process").json()["numberMatched"] == len(found)


def test_results_are_files_that_others_read(client, run, tmp_path):
    """A COG, a GeoParquet file, JSON, and ranges of each."""
    results = client.get(f"/v1/jobs/{run}/results").json()
    raster = tmp_path / "max_depth.tif"
    raster.write_bytes(client.get(results["max_depth"]["href"]).content)
    with rasterio.open(raster) as file:
        assert file.crs.to_epsg() == 28992
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
    assert client.get(results["buildings"]["href"]).content[:4] == b"PAR1"
    assert client.get(f"/v1/jobs/{run}/results/balance").json()["rain"] > 0
    part = client.get(results["max_depth"]["href"], headers={"Range": "bytes=0-99"})
    assert (part.status_code, len(part.content)) == (206, 100)
    assert client.get(f"/v1/jobs/{run}/results/noise").status_code == 404
    names = set(results) - {"indicators", "balance"}
    for name in names:
        assert (
            client.get(results[name]["href"]).headers["content-type"].partition(";")[0]
            == results[name]["type"].partition(";")[0]
        )


def test_depths_come_as_a_grid_container(client, run, sample_twin):
    """The numbers are those of the stored series, within the steps of the container."""
    answer = client.get(f"/v1/jobs/{run}/depth")
    grid = read_grid(answer.content)
    stored = morgen.open(sample_twin).get_run(run).output("depth").to_xarray().values
    assert grid.header["run"] == run
    assert grid.values.shape == stored.shape
    known = np.isfinite(stored)
    assert (np.isfinite(grid.values) == known).all()
    assert np.abs(grid.values[known] - stored[known]).max() < 0.01
    assert client.get(f"/v1/jobs/{run}/results/depth").content == answer.content
    version = answer.headers["etag"].strip('"').removesuffix("-gzip")
    assert "immutable" in client.get(f"/v1/jobs/{run}/depth?v={version}").headers["cache-control"]
    assert read_grid(client.get(f"/v1/jobs/{run}/depth?stride=2").content).header["stride"] == 2


def test_an_ensemble_has_a_picture_and_a_run_without_one_has_none(client, run):
    """As large as the grid, so that it covers the scene; without an ensemble it is not found, with the reason."""
    missing = client.get(f"/v1/jobs/{run}/probability.png")
    assert missing.status_code == 404
    assert "probability" in missing.json()["detail"]
    inputs = {**QUICK, "rain": 70, "ensemble": 1, "engine_check": False}
    job = client.post(EXECUTION, json={"inputs": inputs}, headers={"Prefer": "respond-async"}).json()["jobID"]
    wait_for(lambda: status(client, job) == "successful")
    answer = client.get(f"/v1/jobs/{job}/probability.png")
    assert answer.headers["content-type"] == "image/png"
    grid = client.get("/v1/scene").json()["grid"]
    assert Image.open(io.BytesIO(answer.content)).size == (grid["columns"], grid["rows"])
    again = client.get(f"/v1/jobs/{job}/probability.png", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_a_point_is_answered_in_rd_and_in_degrees(client, run):
    """The same cell, whichever CRS the point is given in; outside the grid is 400."""
    from morgen.core.crs import rd_to_lonlat

    x, y = 150_301.0, 450_421.0
    in_rd = client.get(f"/v1/jobs/{run}/position", params={"coords": f"POINT({x} {y})", "crs": RD}).json()
    longitude, latitude = rd_to_lonlat(x, y)
    point = f"POINT({float(longitude):.10f} {float(latitude):.10f})"
    in_degrees = client.get(f"/v1/jobs/{run}/position", params={"coords": point}).json()
    assert in_degrees["depth"] == in_rd["depth"]
    assert in_degrees["coordinates"] == pytest.approx([x, y], abs=0.001)
    assert in_rd["terrain"] is not None
    for coords in ("POINT(0 0)", "POINT(1 2 3)", "LINESTRING(0 0, 1 1)", "a,b", "POINT(nan 3)", "POINT(1e999 3)"):
        answer = client.get(f"/v1/jobs/{run}/position", params={"coords": coords, "crs": RD})
        assert answer.status_code == 400, coords
    assert client.get(f"/v1/jobs/{run}/position", params={"coords": point, "crs": "EPSG:28992"}).status_code == 400
    assert client.get(f"/v1/jobs/{run}/position").status_code == 400


def test_where_water_comes_from_is_answered(client, run, sample_twin):
    """What drains to the deepest place holds that place; under a building and outside the grid is 400."""
    import shapely

    twin = morgen.open(sample_twin)
    depth = twin.get_run(run).output("max_depth").to_xarray()
    cover = twin.situation().features("land_cover")
    roads = cover[cover["theme"] == "wegdeel"].geometry.union_all()
    rows, columns = np.nonzero(depth.to_numpy() > 0.05)
    places = shapely.points(depth.x.to_numpy()[columns], depth.y.to_numpy()[rows])
    place = places[shapely.within(places, roads)][0]
    answer = client.get(f"/v1/jobs/{run}/origin", params={"coords": f"POINT({place.x} {place.y})", "crs": RD})
    assert answer.status_code == 200
    found = answer.json()
    ground, water = (shapely.geometry.shape(found[name]) for name in ("ground", "water"))
    assert ground.buffer(0.01).contains(place)
    assert ground.buffer(0.01).contains(water)
    assert ground.area == pytest.approx(found["groundArea"])
    assert found["waterVolume"] > 0
    house = twin.situation().features("buildings").geometry.iloc[0].representative_point()
    for coords in (f"POINT({house.x} {house.y})", "POINT(0 0)", "a,b"):
        refused = client.get(f"/v1/jobs/{run}/origin", params={"coords": coords, "crs": RD})
        assert refused.status_code == 400, coords


def test_a_building_is_answered(client, run, sample_twin):
    """The depth at its façade, and a sentence for one that is not there."""
    frame = morgen.open(sample_twin).get_run(run).output("buildings").to_geopandas()
    wettest = frame.sort_values("max_depth", na_position="first").iloc[-1]
    found = client.get(f"/v1/jobs/{run}/buildings/{wettest['object_id']}").json()
    assert found["maxDepth"] == pytest.approx(wettest["max_depth"], abs=1e-6)
    assert len(found["times"]) == len(found["depth"]) > 0
    assert client.get(f"/v1/jobs/{run}/buildings/none").status_code == 404


# -- while a run goes on, and when it does not end well ----------------------------------------------------------


def test_results_that_are_not_ready_are_404_with_the_type_of_ogc(client, long_run):
    """The sentence says how far the run is."""
    for path in (
        "results",
        "results/max_depth",
        "depth",
        "buildings/x",
        "position?coords=POINT(5.1 52.1)",
        "origin?coords=POINT(5.1 52.1)",
    ):
        answer = client.get(f"/v1/jobs/{long_run}/{path}")
        assert answer.status_code == 404
        assert answer.json()["type"].endswith("/result-not-ready")


def test_a_run_is_stopped_and_stays_stopped(client, long_run, sample_twin):
    """DELETE answers when the run has ended; the terminal sees the same."""
    wait_for(lambda: status(client, long_run) == "running")
    answer = client.delete(f"/v1/jobs/{long_run}")
    assert answer.status_code == 200
    assert answer.json()["status"] == "dismissed"
    assert morgen.open(sample_twin).get_run(long_run).state == "dismissed"
    assert client.delete(f"/v1/jobs/{long_run}").json()["status"] == "dismissed"
    assert client.get(f"/v1/jobs/{long_run}/results").status_code == 409


def test_a_waiting_run_is_stopped(client, long_run):
    """It never starts."""
    waiting = client.post(EXECUTION, json={"inputs": QUICK}, headers={"Prefer": "respond-async"}).json()["jobID"]
    answer = client.delete(f"/v1/jobs/{waiting}").json()
    assert answer["status"] == "dismissed"
    assert "started" not in answer


def test_a_run_that_ended_is_kept(client, run):
    """A successful run cannot be dismissed any more."""
    answer = client.delete(f"/v1/jobs/{run}")
    assert answer.status_code == 409
    assert status(client, run) == "successful"


def test_a_link_to_a_run_that_is_gone_is_404(client):
    """Each address below a job says that there is no such job."""
    for path in ("", "/results", "/results/depth", "/depth", "/position?coords=POINT(5.1 52.1)", "/buildings/x"):
        answer = client.get(f"/v1/jobs/20200101-000000-abcd{path}")
        assert answer.status_code == 404
        assert answer.json()["type"].endswith("/no-such-job")
    assert client.delete("/v1/jobs/20200101-000000-abcd").status_code == 404


def test_a_beginning_of_an_id_is_not_an_id(client, run):
    """What a terminal may shorten, an address may not."""
    assert client.get(f"/v1/jobs/{run[:-1]}").status_code == 404


def test_markup_in_values_is_text_on_a_page(client, app, run):
    """A message or a parameter with markup is shown, never run; a failed run tells its error."""
    store = app.state.served.store
    manifest = store.find(run).manifest.model_copy(update={"parameters": {"note": MARKUP}})
    bad = store.submit(manifest, store.situation(run))
    store.refuse(bad.id, f"it failed because of {MARKUP}")
    for path in (f"/v1/jobs/{bad.id}", "/v1/jobs"):
        text = client.get(f"{path}?f=html").text
        assert MARKUP not in text
        assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in text
    answer = client.get(f"/v1/jobs/{bad.id}/results")
    assert answer.status_code == 500
    assert "it failed because of" in answer.json()["detail"]


def test_a_lost_run_is_failed_with_its_sentence(client, app, run):
    """The standard has no word for lost; the message says what happened."""
    store = app.state.served.store
    lost = store.submit(store.find(run).manifest, store.situation(run))
    store.lose(lost.id, "the machine lost power")
    job = client.get(f"/v1/jobs/{lost.id}").json()
    assert (job["status"], job["message"]) == ("failed", "the machine lost power")
    assert lost.id in [item["jobID"] for item in client.get("/v1/jobs?status=failed").json()["jobs"]]


def test_the_pages_of_a_run_show_its_numbers(client, run):
    """Status and results as pages, with links to the files."""
    assert "100 %" in client.get(f"/v1/jobs/{run}?f=html").text
    text = client.get(f"/v1/jobs/{run}/results?f=html&lang=en").text
    assert "max_depth" in text
    assert "Indicators" in text
