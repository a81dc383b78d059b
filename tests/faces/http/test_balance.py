"""The balance over HTTP: the same answer as on the command line, on the twin that is served."""

import json
import re

import pytest
from jsonschema import Draft202012Validator

from morgen.faces.cli.app import run
from morgen.faces.http.camel import camel, snake

ROW = {"type": "row-house", "number": 100, "year": 2030, "floorArea": 115, "storeys": 3}
PROGRAMME = {
    "title": "Plan",
    "siteArea": 20_000,
    "dwellings": [ROW],
}


def with_row(**changed):
    """Return the programme with something else in its only row."""
    return PROGRAMME | {"dwellings": [ROW | changed]}


SETS = ["utrecht-2020", "landelijk-indicatief"]


def test_a_programme_on_the_twin_is_answered_as_the_command_line_does(client, sample_twin, tmp_path, capsys):
    """Both faces ask the same service: only the spelling of the keys differs."""
    path = tmp_path / "programme.toml"
    row = 'type = "row-house"\nnumber = 100\nyear = 2030\nfloor_area = 115\nstoreys = 3\n'
    path.write_text(f'title = "Plan"\nsite_area = 20000\n[[dwellings]]\n{row}', encoding="utf-8")
    sets = [word for name in SETS for word in ("--norms", name)]
    assert run(["balance", str(sample_twin), "--programme", str(path), *sets, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    answer = client.post("/v1/balance", json={"programme": PROGRAMME, "norms": SETS})
    assert answer.status_code == 200, answer.text
    assert answer.json() == camel(told)
    rows = {row["facility"]: row for row in answer.json()["balances"][1]["rows"]}
    assert rows["public-green"]["have"] > 0
    assert "BGT" in rows["public-green"]["haveSource"]


def test_the_twin_alone_and_a_programme_alone(client):
    """Without a programme it is the wijk as it stands; without the twin nothing is known of what is there."""
    wijk = client.post("/v1/balance", json={"norms": SETS[:1]}).json()["balances"][0]
    assert wijk["stock"]["dwellings"] > 100
    assert wijk["density"] is None
    plan = client.post("/v1/balance", json={"programme": PROGRAMME, "norms": SETS, "onTwin": False}).json()
    assert plan["balances"][0]["stock"] is None
    assert {row["have"] for balance in plan["balances"] for row in balance["rows"]} == {None}
    assert plan["courses"][1]["basis"] == "child-4-11"


def test_plain_numbers_are_a_quick_look(client):
    """3,500 dwellings ask 875 m2 of wijkcultuurhuis under Utrecht; what cannot be is said in two languages."""
    numbers = {"dwellings": 3500, "residents": 7400, "siteArea": 200_000, "norms": SETS}
    found = client.post("/v1/balance", json=numbers).json()
    needs = {row["facility"]: row["need"] for row in found["balances"][0]["rows"]}
    assert needs["wijkcultuurhuis"] == 875
    sentence = found["balances"][1]["impossible"][0]["sentence"]
    assert "at most 57.14" in sentence["en"]
    assert "hooguit 57,14" in sentence["nl"]


def test_the_answer_is_what_the_description_says(client):
    """Every field is in the schema, and the request of the example is one that the schema takes."""
    document = client.get("/v1/openapi.json").json()
    operation = document["paths"]["/balance"]["post"]
    asked = {"programme": PROGRAMME, "norms": SETS}
    schemas = {"components": document["components"]}
    Draft202012Validator(operation["requestBody"]["content"]["application/json"]["schema"]).validate(asked)
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, **schemas}).validate(client.post("/v1/balance", json=asked).json())


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "'norms' is None, but it must be a list of sets"),
        ({"norms": ["nowhere"]}, "no norm set 'nowhere'; there are landelijk-indicatief, utrecht-2020"),
        ({"norms": ["own.toml"]}, "no norm set 'own.toml'"),
        ({"norms": SETS, "programma": {}}, "no 'programma' in a request for a balance"),
        ({"norms": SETS, "dwellings": 5}, "'residents' is missing"),
        ({"norms": SETS, "dwellings": "5", "residents": 9, "siteArea": 1}, "'dwellings' is '5'"),
        ({"norms": SETS, "dwellings": 5, "residents": 9, "siteArea": -1}, "site-area is -1, but it must be"),
        ({"norms": SETS, "dwellings": 5, "residents": 9, "siteArea": 1, "year": 2030}, "'year' cannot be given"),
        ({"norms": SETS, "year": 2030}, "'year' needs a 'programme'"),
        ({"norms": SETS, "programme": PROGRAMME, "year": 1990}, "year is 1990, but it must be from 2030"),
        ({"norms": SETS, "programme": PROGRAMME, "onTwin": "no"}, "'onTwin' is 'no'"),
        ({"norms": SETS, "programme": []}, "the programme is wrong at the top"),
        (
            {
                "norms": SETS,
                "programme": with_row(type="castle"),
            },
            "dwellings, row 1, type: .*'castle'",
        ),
        (
            {
                "norms": SETS,
                "programme": with_row(number=-1),
            },
            "dwellings, row 1, number: .*not -1",
        ),
        (
            {"norms": SETS, "programme": PROGRAMME | {"demolish": ["0000000000000001"]}},
            "demolish, row 1: no building with the BAG id '0000000000000001'",
        ),
    ],
)
def test_what_is_wrong_is_one_sentence(client, asked, said):
    """It names the value and what is allowed, and is always 400."""
    answer = client.post("/v1/balance", json=asked)
    assert answer.status_code == 400, answer.text
    assert re.search(said, answer.json()["detail"]), answer.json()["detail"]


def test_a_scenario_that_is_not_there_is_not_found(client):
    """The answer is that of the scenarios: 404 with its name."""
    answer = client.post("/v1/balance", json={"norms": SETS, "scenario": "nowhere"})
    assert answer.status_code == 404
    assert "nowhere" in answer.json()["detail"]


def test_a_programme_without_site_area_takes_that_of_the_twin(client):
    """3 % of the area of the twin is play area."""
    plan = {name: value for name, value in PROGRAMME.items() if name != "siteArea"}
    found = client.post("/v1/balance", json={"norms": SETS, "programme": plan, "onTwin": False}).json()
    area = found["balances"][0]["density"]["area"]
    assert {row["facility"]: row["need"] for row in found["balances"][0]["rows"]}["play-area"] == pytest.approx(
        0.03 * area
    )


def test_keys_go_there_and_back():
    """What snake_case says comes back from camelCase."""
    document = {"site_area": 1, "rows": [{"need_min": None, "have_note": {"nl": "a"}}]}
    assert snake(camel(document)) == document
