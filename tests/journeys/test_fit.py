"""The area manager's journey at the keyboard and over HTTP: programme, storm, fit, scenario."""

import json
import time
import tomllib

import pytest
from starlette.testclient import TestClient
from tests.fit_twin import PROGRAMME, make_fit_twin

from morgen.faces.cli.app import run
from morgen.faces.http.app import create_app
from morgen.faces.http.guards import Guards

STORM = {"rain": 40.0, "duration": 0.1, "after": 0.0, "engine_check": False}


@pytest.fixture(scope="module")
def folder(sample_files, tmp_path_factory):
    twin = make_fit_twin(tmp_path_factory.mktemp("journey"), sample_files)
    twin.situation()
    return twin.folder


@pytest.fixture(scope="module")
def http(folder):
    app = create_app(folder, guards=Guards(writes_per_minute=1_000_000))
    with TestClient(app, base_url="http://127.0.0.1:8765") as client:
        for _ in range(1200):
            if client.get("/v1/scene").json()["state"] == "ready":
                break
            time.sleep(0.1)
        yield client


def execute(http, model: str, **inputs) -> str:
    answer = http.post(f"/v1/processes/{model}/execution", json={"inputs": inputs})
    assert answer.status_code == 200, answer.text
    return str(http.get("/v1/jobs").json()["jobs"][0]["jobID"])


def test_at_the_keyboard(folder, capsys):
    """One command answers in words, in JSON, and keeps the plan; what was assumed is said."""
    programme = str(folder.parent / "programme.toml")
    asked = ["fit", str(folder), "--programme", programme, "--norms", "landelijk-indicatief"]
    assert run([*asked, "--save-as", "by-hand"]) == 0
    told = capsys.readouterr().out
    assert "Of the 60 dwellings asked" in told
    assert "Van de 60 gevraagde woningen" in told
    assert "flooding does not count" in told
    assert "Kept as the scenario by-hand" in told
    assert run([*asked, "--maximise", "green", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["answer"]["maximised"] == "green"
    assert document["scenario"] is None
    assert run([*asked, "--norms", "atlantis"]) != 0
    assert "no norm set 'atlantis'" in capsys.readouterr().err
    assert run(["scenario", "show", str(folder), "by-hand", "--json"]) == 0
    kinds = [measure["kind"] for measure in json.loads(capsys.readouterr().out)["measures"]]
    assert "new-building" in kinds


def test_over_http(http):
    """Every step is a request: the water of one run is the input of the next, and its plan becomes a scenario."""
    storm = execute(http, "pluvial-flood", **STORM)
    programme = tomllib.loads(PROGRAMME) | {"site_area": 6000}
    fitted = execute(http, "wijk-fit", programme=programme, norms="landelijk-indicatief", flood=storm)
    job = http.get(f"/v1/jobs/{fitted}").json()
    assert job["status"] == "successful"
    made = http.post("/v1/scenarios", json={"name": "by-wire", "run": fitted})
    assert made.status_code == 201, made.text
    drawn = http.get("/v1/scenarios/by-wire/items").json()["features"]
    assert {"new-building", "demolition"} <= {item["properties"]["kind"] for item in drawn}
    both = http.post("/v1/scenarios", json={"name": "x", "run": fitted, "parent": "by-wire"})
    assert both.status_code == 400
    wrong = http.post("/v1/processes/wijk-fit/execution", json={"inputs": {"flood": 7}})
    assert wrong.status_code == 400
    assert "'flood'" in wrong.json()["detail"]
