"""A served twin of the sample on coarse cells, and the tools of Node where they are installed."""

import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import morgen
from morgen.faces.http.app import create_app
from morgen.faces.http.guards import Guards
from morgen.services.area_file import read_area

ADDRESS = "http://127.0.0.1:8765"
CELL_SIZE = 4.0
QUICK = {"rain": 40, "duration": 0.2, "after": 0, "output_interval": 2}


@pytest.fixture(scope="session")
def standards(shared_data):
    """Return the folder of the standards kit."""
    return shared_data.parent / "standards"


def make_sample_twin(folder: Path, sources: Path) -> Path:
    """Make a twin of the sample that answers quickly, and return its folder."""
    area = read_area(sources / "area.geojson", name="Voorbeelddorp")
    morgen.create(folder, area, cell_size=CELL_SIZE).add(sources)
    return folder


def wait_until_ready(client) -> None:
    """Wait until the situation is gathered; asks as a viewer does."""
    deadline = time.monotonic() + 120
    while (scene := client.get("/v1/scene").json())["state"] != "ready":
        assert scene["state"] == "gathering", scene
        assert time.monotonic() < deadline, scene
        time.sleep(0.05)


@pytest.fixture(scope="session")
def sample_twin(tmp_path_factory, sample_files) -> Path:
    """Return a twin of the sample; its runs are shared by tests, so do not change it otherwise."""
    folder = make_sample_twin(tmp_path_factory.mktemp("served") / "twin", sample_files)
    morgen.open(folder).situation()
    return folder


@pytest.fixture(scope="session")
def app(sample_twin):
    return create_app(sample_twin, guards=Guards(writes_per_minute=1_000_000))


@pytest.fixture(scope="session")
def client(app):
    """A client of the served sample."""
    with TestClient(app, base_url=ADDRESS) as client:
        wait_until_ready(client)
        yield client


@pytest.fixture(scope="session")
def run(client):
    """Return the id of a successful run."""
    answer = client.post("/v1/processes/pluvial-flood/execution", json={"inputs": QUICK})
    assert answer.status_code == 200, answer.text
    return newest_run(client)


@pytest.fixture(scope="session")
def rainier_run(client, run):
    """Return the id of a successful run with more rain than ``run``."""
    answer = client.post("/v1/processes/pluvial-flood/execution", json={"inputs": {**QUICK, "rain": 60}})
    assert answer.status_code == 200, answer.text
    return newest_run(client)


def newest_run(client) -> str:
    """Return the id of the successful run that was asked for last."""
    jobs = client.get("/v1/jobs", params={"status": "successful", "limit": 1}).json()["jobs"]
    return str(jobs[0]["jobID"])
