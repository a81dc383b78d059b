"""``morgen rain``: events with their source, and measured rain as options."""

import json

import pytest

from morgen.faces.cli.app import cli, run
from morgen.models.flood import pluvial_flood


@pytest.fixture
def morgen(capsys):
    """Run a command in this process and give (exit code, standard output, standard error)."""

    def call(*arguments):
        code = run([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def test_the_list_has_every_event_with_state_and_source(morgen):
    """In words and in JSON."""
    _, out, _ = morgen("rain", "list")
    code, document, _ = morgen("rain", "list", "--json")
    assert code == 0
    assert [item["id"] for item in json.loads(document)] == [preset.id for preset in pluvial_flood.presets]
    for preset in pluvial_flood.presets:
        assert preset.id in out
        assert preset.state in out


def test_an_event_is_shown_step_by_step(morgen):
    """The steps of a design event add up to its amount; one that is not there is refused with those that are."""
    code, out, _ = morgen("rain", "show", "rioned-10")
    steps = [line.split() for line in out.splitlines() if line.strip()[:1].isdigit()]
    amounts = [float(cells[2]) for cells in steps if len(cells) == 3]
    assert code == 0
    assert "(secondary)" in out
    assert sum(amounts) == pytest.approx(35.7)
    code, _, said = morgen("rain", "show", "bui11")
    assert code == 2
    assert "there is no rain event 'bui11'; there are stress-test-70" in said


def test_rain_that_is_read_can_be_given_to_a_run(morgen, tmp_path):
    """The options that it prints are those of the model."""
    (tmp_path / "rain.csv").write_text("time,mm\n0,2\n600,8\n1200,4\n")
    code, out, _ = morgen("rain", "read", tmp_path / "rain.csv")
    assert code == 0
    assert out.split() == ["--rain", "14", "--duration", "0.5", "--pattern", "2,8,4"]
    cli.commands["run"].make_context("run", ["anywhere", "pluvial-flood", *out.split()])
    _, document, _ = morgen("rain", "read", tmp_path / "rain.csv", "--json")
    assert json.loads(document)["parameters"] == {"rain": 14, "duration": 0.5, "pattern": [2, 8, 4]}
