"""The OpenAPI description: by the rules of the Dutch government, and true."""

import json
import subprocess

import pytest
from jsonschema import Draft202012Validator
from tests.programs import NODE_MODULES, node_with

from morgen.core.crs import rd_to_lonlat

OVERRIDE = """
extends: {ruleset}
rules:
  # The geospatial module of the same rules asks for these names.
  nlgov:query-keys-camel-case:
    severity: error
    given: "$.paths.*.*.parameters[?(@.in=='query')]"
    then:
      function: pattern
      field: name
      functionOptions:
        match: ^(bbox-crs|filter-crs|filter-lang|\\$?[a-z][a-z\\d]*([A-Z][a-z\\d]*)*)$
"""
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def document(client):
    answer = client.get("/v1/openapi.json")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.1"
    return answer.json()


def operations(document):
    return [
        (path, method, item[method])
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    ]


def test_the_ruleset_of_the_api_design_rules_is_clean(document, standards, tmp_path):
    """No error and no warning, with the one override that the standards kit documents."""
    ruleset, file = tmp_path / "ruleset.yaml", tmp_path / "openapi.json"
    ruleset.write_text(OVERRIDE.format(ruleset=standards / "adr" / "nl-adr-spectral-ruleset.yaml"))
    file.write_text(json.dumps(document))
    spectral = NODE_MODULES / "@stoplight" / "spectral-cli" / "dist" / "index.js"
    node = node_with("@stoplight/spectral-cli")
    command = [
        node,
        spectral,
        "lint",
        "--fail-severity",
        "hint",
        "-r",
        ruleset,
        file,
    ]
    linted = subprocess.run(command, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert "No results" in linted.stdout


def test_the_description_tells_who_and_under_which_licence(document):
    """Version, contact, licence and server."""
    info = document["info"]
    assert document["openapi"].startswith("3.1")
    assert info["contact"].keys() == {"name", "url", "email"}
    assert info["license"]["name"] == "EUPL-1.2"
    assert document["servers"][0]["url"].endswith("/v1")
    assert {tag for _, _, operation in operations(document) for tag in operation["tags"]} == {
        tag["name"] for tag in document["tags"]
    }


def test_every_operation_is_described(document):
    """A unique id, a summary, a description for each parameter, the version on each success, no 422."""
    found = operations(document)
    ids = [operation["operationId"] for _, _, operation in found]
    assert len(set(ids)) == len(ids)
    for path, method, operation in found:
        where = f"{method} {path}"
        assert operation["summary"], where
        assert all(parameter.get("description") for parameter in operation.get("parameters", [])), where
        assert "422" not in operation["responses"], where
        for status, answer in operation["responses"].items():
            if status[0] in "23":
                assert "API-Version" in answer["headers"], where
            else:
                assert set(answer["content"]) == {"application/problem+json"}, where


def test_every_address_is_described(client, document):
    """What is not in the description is not there: every GET takes the parameters that it names, and no other."""
    for path, method, operation in operations(document):
        if method != "get" or "{" in path:
            continue
        address = f"/v1{path.rstrip('/')}"
        answer = client.get(f"{address}?surprise=1")
        assert answer.status_code == 400, address
        named = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "query"}
        for name in named - {"f", "lang"}:
            assert f"no query parameter {name!r}" not in client.get(f"{address}?{name}=1").text


def validator(document, schema):
    return Draft202012Validator({**schema, "components": document["components"]})


def _one_measure(client):
    """Make the scenario ``plan`` with the measure ``one``."""
    made = client.post("/v1/scenarios", json={"name": "plan"})
    assert made.status_code == 201, made.text
    x, y = rd_to_lonlat([150301.0], [450421.0])
    feature = {
        "type": "Feature", "id": "one", "properties": {"kind": "new-facility", "floor_area": 300},
        "geometry": {"type": "Point", "coordinates": [float(x[0]), float(y[0])]},
    }  # fmt: skip
    added = client.post("/v1/scenarios/plan/items", json=feature, headers={"If-Match": made.headers["ETag"]})
    assert added.status_code == 201, added.text


def test_documents_are_what_the_description_says(client, document, run, rainier_run):
    """Every JSON answer follows its named schema, and has no field that the schema does not know."""
    building = client.get(f"/v1/collections/{run}.buildings/items?limit=1").json()["features"][0]["id"]
    filled = {
        "processId": "pluvial-flood", "jobId": run, "collectionId": "buildings", "featureId": building,
        "outputName": "indicators", "normSetId": "utrecht-2020", "scenarioId": "plan", "measureId": "one",
        "comparisonId": f"{run},{rainier_run}",
    }  # fmt: skip
    place = "?coords=POINT(150301 450421)&crs=http://www.opengis.net/def/crs/EPSG/0/28992"
    query = {"/jobs/{jobId}/position": place, "/jobs/{jobId}/origin": place}
    _one_measure(client)
    checked = 0
    for path, method, operation in operations(document):
        content = operation["responses"].get("200", {}).get("content", {}).get("application/json")
        if method != "get" or not content or path.startswith("/tiles"):
            continue
        answer = client.get("/v1" + path.rstrip("/").format(**filled) + query.get(path, ""))
        assert answer.status_code == 200, (path, answer.text)
        errors = [
            f"{e.json_path}: {e.message}"
            for e in validator(document, content["schema"]).iter_errors(answer.json())
        ]
        assert not errors, (path, errors)
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        if name:
            assert set(answer.json()) <= set(document["components"]["schemas"][name]["properties"]) | {
                output for output in answer.json() if name == "Results"
            }, path
            checked += 1
    assert checked > 10
    problem = client.get("/v1/jobs?limit=-1").json()
    validator(document, {"$ref": "#/components/schemas/ProblemDetails"}).validate(problem)


def test_what_is_asked_is_what_the_description_says(document):
    """The schema of a request to calculate takes the example, and not what the server refuses."""
    check = validator(document, {"$ref": "#/components/schemas/ExecuteRequest"})
    check.validate({"inputs": {"rain": 70, "duration": 1}, "outputs": {"max_depth": {}}, "response": "document"})
    assert not check.is_valid({"input": {}})


def test_the_viewer_can_make_types_of_it(document, tmp_path):
    """openapi-typescript takes the description."""
    file, made = tmp_path / "openapi.json", tmp_path / "schema.ts"
    file.write_text(json.dumps(document))
    generator = NODE_MODULES / "openapi-typescript" / "bin" / "cli.js"
    command = [node_with("openapi-typescript"), generator, file, "-o", made]
    subprocess.run(command, check=True, capture_output=True)
    text = made.read_text()
    for name in ("StatusInfo", "Scene", "ProcessDescription", "Results", "Position", "BuildingInRun"):
        assert f"        {name}: " in text
