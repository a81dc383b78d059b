"""The commands norms and balance, as somebody at a keyboard uses them."""

import json
from pathlib import Path

import pytest

from morgen.faces.cli.app import run

QUICK = ["balance", "--dwellings", "3500", "--residents", "7400", "--norms"]
PROGRAMME = 'site_area = 310000\n[[dwellings]]\ntype = "row-house"\nnumber = 500\nyear = 2030\n'


def test_a_quick_look_is_a_list_of_rows(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing but the list stands on standard output."""
    assert run([*QUICK, "utrecht-2020", "--site-area", "310000", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["facility"]: row["need"] for row in rows}["wijkcultuurhuis"] == 875
    assert all(row["source"] and row["state"] for row in rows)


def test_green_that_cannot_lie_there_is_said_beside_the_rows(capsys: pytest.CaptureFixture[str]) -> None:
    """The sentence is on standard error, so that the rows stay JSON; as text it is under the table."""
    asked = [*QUICK, "landelijk-indicatief", "--site-area", "200000"]
    assert run([*asked, "--json"]) == 0
    told = capsys.readouterr()
    json.loads(told.out)
    assert "at most 57.14 can" in told.err
    assert run(asked) == 0
    assert "at most 57.14 can" in capsys.readouterr().out


def test_a_programme_stands_under_two_sets_side_by_side(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both balances and the courses of the age groups are in one document."""
    path = tmp_path / "programme.toml"
    path.write_text(PROGRAMME, encoding="utf-8")
    sets = ["--norms", "utrecht-2020", "--norms", "landelijk-indicatief"]
    assert run(["balance", "--programme", str(path), *sets, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [item["norms"] for item in found["balances"]] == ["utrecht-2020", "landelijk-indicatief"]
    peaks = {item["basis"]: item["peak_year"] for item in found["courses"]}
    assert peaks["child-0-3"] < peaks["child-4-11"] < peaks["youth-12-17"]
    beside = {row["facility"]: row["under"] for row in found["across"]}
    assert [under["unit"] for under in beside["primary-school"]] == ["count", "m2"]
    assert beside["public-green"][0] is None
    assert run(["balance", "--programme", str(path), *sets]) == 0
    told = capsys.readouterr().out
    assert "structural" in told
    assert "Side by side" in told


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([*QUICK, "utrecht-2020"], 2, "--site-area is missing"),
        ([*QUICK, "utrecht-2020", "--site-area", "-5"], 2, "site-area is -5.0, but it must be more than 0"),
        ([*QUICK, "nowhere", "--site-area", "5"], 3, "no norm set 'nowhere'"),
        ([*QUICK, "utrecht-2020", "--programme", "p.toml"], 2, "--dwellings cannot be given with --programme"),
        (["balance", "--programme", "no.toml", "--norms", "utrecht-2020"], 3, "no.toml does not exist"),
        (["balance", "--norms", "utrecht-2020", "--scenario", "plan"], 2, "--scenario needs a twin"),
        (["balance", "nowhere", "--norms", "utrecht-2020", "--year", "2030"], 2, "--year needs --programme"),
        (["balance", "nowhere", "--norms", "utrecht-2020", "--dwellings", "9"], 2, "--dwellings cannot be given"),
        (["balance", "nowhere", "--norms", "utrecht-2020"], 3, "nowhere"),
        (["norms", "show", "nowhere"], 3, "no norm set 'nowhere'"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names the value or the option, with the exit code of its family."""
    assert run(arguments) == code
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["list"], ["show", "utrecht-2020"], ["check", "utrecht-2020"]])
def test_norms_are_told_as_text_and_as_json(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Each command speaks to people and to programs."""
    assert run(["norms", *arguments]) == 0
    assert "utrecht-2020" in capsys.readouterr().out
    assert run(["norms", *arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)


def test_two_sets_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    """What stands in one of them only is in the list; a set does not differ from itself."""
    assert run(["norms", "diff", "utrecht-2020", "landelijk-indicatief", "--json"]) == 0
    assert "public-green" in [item["facility"] for item in json.loads(capsys.readouterr().out)]
    assert run(["norms", "diff", "utrecht-2020", "utrecht-2020"]) == 0
    assert "do not differ" in capsys.readouterr().out


def test_a_twin_gives_the_area_of_its_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A programme without site area takes that of the twin: 3 % of 400 x 300 m is 3,600 m2 of play area."""
    twin, path = tmp_path / "twin", tmp_path / "programme.toml"
    path.write_text(PROGRAMME.replace("site_area = 310000\n", ""), encoding="utf-8")
    assert run(["init", str(twin), "--bbox", "150000,450000,150400,450300"]) == 0
    capsys.readouterr()
    assert run(["balance", str(twin), "--programme", str(path), "--norms", "utrecht-2020", "--json"]) == 0
    [found] = json.loads(capsys.readouterr().out)["balances"]
    assert {row["facility"]: row["need"] for row in found["rows"]}["play-area"] == 3600
