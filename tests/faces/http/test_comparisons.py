"""From drawing to comparison over HTTP: a scenario, runs as jobs with and without it, and what differs."""

import io
import time

import numpy as np
import pytest
import rasterio
from tests.faces.http.conftest import QUICK

from morgen.core.crs import rd_to_lonlat

pytestmark = pytest.mark.usefixtures("installed_measures")
EXECUTION = "/v1/processes/pluvial-flood/execution"


@pytest.fixture(scope="module")
def hollow(app):
    """A green of the sample in longitude and latitude, 4 m from its edge."""
    situation = app.state.served.situation()
    cover = situation.features("land_cover")
    green = cover[(cover["theme"] == "begroeidterreindeel") & cover.within(situation.area.polygon)]
    x, y = green.geometry[green.area.idxmax()].buffer(-4.0).exterior.coords.xy
    longitude, latitude = rd_to_lonlat(x, y)
    ring = [[float(lon), float(lat)] for lon, lat in zip(longitude, latitude, strict=True)]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture(scope="module")
def scenario(client, hollow):
    """A scenario with one lowered green, drawn over HTTP."""
    made = client.post("/v1/scenarios", json={"name": "compared"})
    assert made.status_code == 201, made.text
    feature = {
        "type": "Feature",
        "geometry": hollow,
        "properties": {"kind": "lowered-ground", "depth": 0.3},
    }
    tag = {"If-Match": made.headers["ETag"]}
    added = client.post("/v1/scenarios/compared/items", json=feature, headers=tag)
    assert added.status_code == 201, added.text
    return "compared"


def start(client, inputs):
    """Ask for a run and wait for it; give its id."""
    answer = client.post(EXECUTION, json={"inputs": inputs}, headers={"Prefer": "respond-async"})
    assert answer.status_code == 201, answer.text
    job = answer.json()["jobID"]
    while (status := client.get(f"/v1/jobs/{job}").json())["status"] in ("accepted", "running"):
        time.sleep(0.1)
    assert status["status"] == "successful", status
    return job


@pytest.fixture(scope="module")
def changed(client, scenario):
    """The id of a run with the scenario."""
    return start(client, {**QUICK, "scenario": scenario})


@pytest.fixture(scope="module")
def comparison(client, run, changed):
    answer = client.get(f"/v1/comparisons/{run},{changed}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_job_computes_with_a_scenario(client, run, changed):
    """Its water stands in the ground that was dug away, and not in the run without it."""
    deepest = [
        rasterio.open(io.BytesIO(client.get(f"/v1/jobs/{job}/results/max_depth").content)).read(1)
        for job in (run, changed)
    ]
    assert np.nanmax(deepest[1] - deepest[0]) > 0.01


def test_one_call_compares(comparison, run, changed):
    """The base run, the run with measures, their indicators, and what the measures cost."""
    (variant,) = comparison["variants"]
    assert (comparison["base"]["id"], variant["run"]["id"]) == (run, changed)
    assert variant["unlike"] == []
    assert variant["run"]["scenarioName"] == "compared"
    assert variant["run"]["cost"]["low"] < variant["run"]["cost"]["high"]
    assert {item["id"] for item in variant["indicators"]} >= {"flooded-area", "buildings-facade-low"}
    assert variant["buildings"]["unchanged"] > 0


def test_its_maps_and_its_report_are_linked(client, comparison):
    """Each map is a raster whose largest rise is the figure of the comparison; the report is one Dutch page."""
    links = {item["title"]: item["href"] for item in comparison["links"]}
    assert set(links) == {"This comparison", "Report", "max_depth", "duration", "arrival"}
    (figures,) = [item for item in comparison["variants"][0]["maps"] if item["name"] == "max_depth"]
    for _again in range(2):  # the second time it is there already
        answer = client.get(links["max_depth"])
        assert answer.status_code == 200, answer.text
        with rasterio.open(io.BytesIO(answer.content)) as raster:
            assert np.nanmax(raster.read(1)) >= figures["largestRise"] - 1e-6 > 0
    page = client.get(links["Report"])
    assert page.headers["content-type"].startswith("text/html")
    assert "Vergelijking van berekeningen" in page.text
    assert "In short" in client.get(links["Report"], params={"lang": "en"}).text


def test_what_cannot_be_compared_is_one_sentence(client, run, changed):
    """A run twice, a run that is not there, no second run, a map that is not there, and an unknown scenario."""
    twice = client.get(f"/v1/comparisons/{run},{run}")
    assert (twice.status_code, "twice" in twice.json()["detail"]) == (400, True)
    assert client.get(f"/v1/comparisons/{run},20200101-000000-0000").status_code == 404
    assert client.get(f"/v1/comparisons/{run}").status_code == 400
    maps = f"/v1/comparisons/{run},{changed}/maps"
    assert "no map of differences" in client.get(f"{maps}/{changed}/balance").json()["detail"]
    assert client.get(f"{maps}/{run}/max_depth").status_code == 404
    answer = client.post(EXECUTION, json={"inputs": {**QUICK, "scenario": "nowhere"}})
    assert (answer.status_code, "no scenario 'nowhere'" in answer.json()["detail"]) == (404, True)
