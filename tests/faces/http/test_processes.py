"""OGC API Processes: what models say of themselves, and asking them to calculate."""

import json

import pytest
from tests.faces.http.conftest import QUICK
from tests.faces.http.ogc_schemas import validate

from morgen.models.registry import get_model

SCHEMAS = "processes-1.0/core/openapi/schemas"
EXECUTION = "/v1/processes/pluvial-flood/execution"


def test_documents_follow_the_schemas_of_ogc(client, standards):
    """Landing page, conformance, list and description of processes."""
    for path, schema in (
        ("/v1", "landingPage"),
        ("/v1/conformance", "confClasses"),
        ("/v1/processes", "processList"),
        ("/v1/processes/pluvial-flood", "process"),
    ):
        validate(client.get(path).json(), standards, f"{SCHEMAS}/{schema}.yaml")
    validate(client.get("/v1").json(), standards, "features-1.0.1/core/openapi/schemas/landingPage.yaml")


def test_the_landing_page_leads_to_everything(client):
    """Its links exist, and have the relations that clients look for."""
    links = client.get("/v1").json()["links"]
    for item in links:
        answer = client.get(item["href"])
        assert answer.status_code == 200, item
        assert answer.headers["content-type"].partition(";")[0] == item["type"].partition(";")[0]
    assert {"self", "alternate", "service-desc", "service-doc", "conformance", "data"} <= {
        item["rel"] for item in links
    }


def test_a_description_tells_unit_default_and_limits(client):
    """Each input of the model is there with what its declaration says; presets and card too."""
    document = client.get("/v1/processes/pluvial-flood").json()
    declared = get_model("pluvial-flood")
    assert list(document["inputs"]) == list(declared.parameters.model_fields)
    rain = document["inputs"]["rain"]
    assert rain["x-unit"] == "mm"
    assert rain["schema"] == {
        "type": "number", "default": 70.0, "minimum": 0, "exclusiveMinimum": True, "maximum": 300,
    }  # fmt: skip
    assert document["inputs"]["edges"]["schema"]["enum"] == ["open", "closed"]
    assert document["inputs"]["surfaces"]["schema"]["nullable"] is True
    assert document["inputs"]["threads"]["x-affects-result"] is False
    assert {field.name for field in declared.interface.outputs} <= set(document["outputs"])
    assert document["presets"][0]["inputs"] == dict(declared.presets[0].parameters)
    assert document["presets"][0]["title"].keys() == {"nl", "en"}
    told = {preset["id"]: (preset["state"], preset["returnPeriod"]) for preset in document["presets"]}
    assert told == {preset.id: (preset.state, preset.return_period) for preset in declared.presets}
    assert told["stress-test-70"] == ("secondary", 100)
    assert document["card"]["notFor"] == declared.card.not_for


def test_an_unknown_process_is_404_with_the_type_of_ogc(client):
    """The exception type says which of the parts is not there."""
    for answer in (client.get("/v1/processes/noise"), client.post("/v1/processes/noise/execution", json={})):
        assert answer.status_code == 404
        assert answer.json()["type"].endswith("/no-such-process")


def test_the_page_of_a_model_shows_its_inputs(client):
    """What can be given, in a table."""
    text = client.get("/v1/processes/pluvial-flood?f=html&lang=en").text
    assert "<code>sewer_capacity</code>" in text
    assert "&gt; 0, ≤ 300" in text


# -- asking for a run --------------------------------------------------------------------------------------------


def test_a_synchronous_run_answers_with_its_results(client, standards):
    """The answer waits for the run and holds its numbers, and links to its files."""
    answer = client.post(EXECUTION, json={"inputs": QUICK})
    assert answer.status_code == 200
    results = answer.json()
    validate(results, standards, f"{SCHEMAS}/results.yaml")
    assert {item["id"] for item in results["indicators"]} >= {"flooded-area", "buildings-facade-low"}
    assert results["indicators"][0].keys() >= {"value", "unit", "meaning", "doesNotShow", "thresholdSource"}
    assert abs(results["balance"]["value"]["error"]) < 1e-4
    assert results["max_depth"]["type"].startswith("image/tiff")
    assert client.get(results["max_depth"]["href"]).content[:2] == b"II"


def test_an_asynchronous_run_answers_at_once(client, standards):
    """201 with the job, where it is, and that the wish was heeded."""
    answer = client.post(EXECUTION, json={"inputs": QUICK}, headers={"Prefer": "respond-async"})
    assert answer.status_code == 201
    assert answer.headers["preference-applied"] == "respond-async"
    job = answer.json()
    validate(job, standards, f"{SCHEMAS}/statusInfo.yaml")
    assert answer.headers["location"].endswith(f"/v1/jobs/{job['jobID']}")
    assert job["status"] in ("accepted", "running")
    assert job["parameters"]["rain"] == 40
    client.delete(answer.headers["location"])


def test_inputs_may_be_qualified_and_outputs_chosen(client):
    """A value may be wrapped as the standard has it; only the outputs that were asked for are given."""
    inputs = {**QUICK, "rain": {"value": 30}}
    answer = client.post(EXECUTION, json={"inputs": inputs, "outputs": {"balance": {}, "max_depth": {}}})
    assert set(answer.json()) == {"balance", "max_depth"}


def test_raw_outputs_are_links_in_a_header(client):
    """With response raw there is no document: 204 and a link, or the one number that was asked for."""
    asked = {"inputs": QUICK, "response": "raw"}
    answer = client.post(EXECUTION, json=asked | {"outputs": {"max_depth": {}}})
    assert answer.status_code == 204
    assert 'results/max_depth>; rel="max_depth"; type="image/tiff' in answer.headers["link"]
    assert client.post(EXECUTION, json=asked | {"outputs": {"balance": {}}}).json()["value"]["rain"] > 0


WRONG = {
    "no JSON": ("{", 400, "no JSON"),
    "a list": ("[]", 400, "must be a JSON object"),
    "inputs no object": ({"inputs": 3}, 400, "'inputs' is 3"),
    "unknown key": ({"input": {}}, 400, "'input'"),
    "unknown input": ({"inputs": {"snow": 3}}, 400, "no parameter 'snow'"),
    "too much rain": ({"inputs": {"rain": 5000}}, 400, "more than 0 and at most 300 mm"),
    "rain in words": ({"inputs": {"rain": "much"}}, 400, "'rain'"),
    "rain that is no number": ('{"inputs": {"rain": NaN}}', 400, "no JSON"),
    "no rain": ({"inputs": {"rain": None}}, 400, "'rain'"),
    "unknown choice": ({"inputs": {"edges": "ajar"}}, 400, "'edges'"),
    "a link": ({"inputs": {"rain": {"href": "http://example.org"}}}, 400, "fetches nothing"),
    "unknown output": ({"outputs": {"noise": {}}}, 400, "no output 'noise'"),
    "unknown response": ({"response": "loud"}, 400, "'response' is 'loud'"),
    "raw of all": ({"response": "raw"}, 400, "name them in 'outputs'"),
    "raw of both": ({"response": "raw", "outputs": {"balance": {}, "depth": {}}}, 400, "one number or for files"),
    "call back": ({"subscriber": {"successUri": "http://example.org"}}, 400, "calls nobody back"),
    "deep": ("[" * 100_000, 400, "no JSON"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_calculated_is_400_and_no_row(client, case):
    """One sentence with the value and what is allowed; nothing is submitted."""
    body, status, words = WRONG[case]
    before = client.get("/v1/jobs?limit=1").json()["numberMatched"]
    content = body if isinstance(body, str) else json.dumps(body)
    answer = client.post(EXECUTION, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert words in answer.json()["detail"]
    assert client.get("/v1/jobs?limit=1").json()["numberMatched"] == before


def test_a_body_of_another_kind_is_415(client):
    """A form or a file is no request to calculate."""
    answer = client.post(
        EXECUTION, content="rain=70", headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 415
