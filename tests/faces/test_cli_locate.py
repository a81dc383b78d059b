"""`morgen locate` and `morgen run DIR access` on a twin of the sample, as a user gives them."""

import json
from pathlib import Path

import pytest

from morgen.faces.cli.app import run
from morgen.models.registry import model_ids


@pytest.fixture
def morgen(capsys):
    """Run a command in this process and give (exit code, standard output, standard error)."""

    def call(*arguments):
        code = run([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


@pytest.fixture(scope="module")
def twin(sample_files, tmp_path_factory):
    """A twin of the sample on coarse cells."""
    if not {"access", "siting"} <= set(model_ids()):
        pytest.fail("the models are not installed; run `pip install -e .` again, for its entry points")
    folder = tmp_path_factory.mktemp("locate") / "twin"
    for arguments in (
        ["init", folder, "--polygon", sample_files / "area.geojson", "--cell-size", "5"],
        ["add", folder, sample_files],
    ):
        assert run([str(argument) for argument in arguments]) == 0
    return folder


def test_a_place_is_found_and_kept_as_a_run(morgen, twin):
    """A word of everyday will do; the places come first, and the run can be shown again."""
    code, out, _ = morgen("locate", twin, "--facility", "bibliotheek", "--candidates", "green", "--k", "1")
    assert code == 0
    assert out.startswith("New places for a library (median)\n")
    assert "There now: none" in out
    assert "No library is known within walking distance" in out
    _, listed, _ = morgen("runs", twin, "--json")
    newest = json.loads(listed)[0]
    assert (newest["model"], newest["parameters"]["facility"]) == ("siting", "library")


def test_json_has_the_run_and_the_places(morgen, twin):
    """Standard output is one document, also when HiGHS solves it."""
    asked = ("--facility", "school", "--objective", "cover", "--radius", "200", "--candidates", "green", "--json")
    code, out, _ = morgen("locate", twin, *asked)
    assert code == 0
    document = json.loads(out)
    assert document["siting"]["objective"] == "cover"
    assert document["siting"]["existing"] == ["Basisschool De Brug"]
    shares = document["siting"]["share_in_radius"]
    assert shares["then"] > shares["now"]
    assert {item["id"] for item in document["indicators"]} >= {"share-in-radius", "gap"}


def test_a_facility_of_a_scenario_counts(morgen, twin):
    """What a measure adds is there, beside what the registers tell."""
    assert morgen("scenario", "new", twin, "plan")[0] == 0
    assert morgen("scenario", "add", twin, "plan", "new-facility", "--at", "POINT (150300 450600)")[0] == 0
    asked = ("--facility", "school", "--candidates", "green", "--scenario", "plan", "--json")
    code, out, _ = morgen("locate", twin, *asked)
    assert code == 0
    assert json.loads(out)["siting"]["existing"] == ["Basisschool De Brug", "primary-school"]


def test_what_cannot_be_found_is_one_sentence(morgen, twin):
    """No candidate of a kind gives the exit code of its family; a word that is no objective is wrong usage."""
    code, _, err = morgen("locate", twin, "--facility", "school", "--k", "99", "--candidates", "green")
    assert code != 0
    assert "k is 100" in err
    code, _, err = morgen("locate", twin, "--facility", "school", "--objective", "nearest")
    assert code == 2
    assert "nearest" in err


def test_access_runs_on_the_sample(morgen, twin):
    """The indicators come with what each means, and no number of people below ten leaves."""
    code, out, _ = morgen("run", twin, "access", "--json")
    assert code == 0
    summary = json.loads(out)
    values = {item["id"]: item["value"] for item in summary["indicators"]}
    assert values["reach-education"] == 100
    assert 0 < values["reach-play"] < 100
    document = json.loads(Path(summary["outputs"]["access"]).read_text(encoding="utf-8"))
    counts = [count for row in document["themes"] for count in row["residents_by_class"] or []]
    assert all(count == 0 or count >= 10 for count in counts)
    code, shown, _ = morgen("show", twin, summary["run"])
    assert code == 0
    assert "Does not show: Whether there is room" in shown
