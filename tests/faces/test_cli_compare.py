"""``morgen compare``: a table to read, and files to keep; what the files say is what the runs said."""

import csv
import io
import json
import re
from contextlib import redirect_stdout

import pytest

import morgen
from morgen.faces.cli.app import run
from morgen.faces.report.comparison_text import comparison_text
from morgen.faces.report.comparison_words import EFFECTS, THEMES, WORDS, dutch_indicator, number
from morgen.measures.registry import get_measure, measure_ids
from morgen.models.registry import get_model

pytestmark = pytest.mark.usefixtures("installed_measures")


@pytest.fixture(scope="module")
def files(compared_twin, tmp_path_factory):
    """The folder that the command wrote, and what it printed."""
    folder = tmp_path_factory.mktemp("written") / "comparison"
    runs = [compared_twin.base, compared_twin.lowered]
    with redirect_stdout(io.StringIO()) as printed:
        assert run(["compare", str(compared_twin.folder), *runs, "--out", str(folder), "--json"]) == 0
    return folder, json.loads(printed.getvalue())


def test_more_rain_is_said_before_any_number(compared_twin):
    """A reader meets what makes the comparison unfair before the indicators."""
    text = comparison_text(
        morgen.open(compared_twin.folder).compare([compared_twin.base, compared_twin.more_rain])
    )
    assert text.index("rain is 40 in the base run and 60 in this one") < text.index("Indicators")
    assert text.index("Worse off") < text.index("Better off")


def test_the_table_gives_cost_and_other_themes(compared_twin, capsys):
    """Each measure with its quantity, and where its price comes from."""
    assert run(["compare", str(compared_twin.folder), compared_twin.base, compared_twin.lowered]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"hollow +lowered-ground +[\d,.]+ m2 .* indicatief", printed)
    assert "nearer to the groundwater" in printed
    assert "Take note" not in printed


def test_every_file_is_there(files):
    """Page, tables, maps for a GIS and pictures; the JSON on the screen names them."""
    folder, printed = files
    run_id = printed["variants"][0]["run"]["id"]
    maps = {f"{run_id}-{name}.{kind}" for name in ("max_depth", "duration", "arrival") for kind in ("tif", "png")}
    assert {path.name for path in folder.iterdir()} == {"report.html", "comparison.json", "comparison.csv", *maps}
    assert {folder / path.name for path in folder.iterdir()} == {folder / name for name in printed["files"]}
    assert json.loads((folder / "comparison.json").read_text()) | {"files": printed["files"]} == printed


def test_the_csv_has_a_row_for_everything(files):
    """Indicators with their values as stored, places, and cost."""
    folder, printed = files
    rows = list(csv.DictReader(io.StringIO((folder / "comparison.csv").read_text(encoding="utf-8"))))
    (variant,) = printed["variants"]
    values = {row["id"]: float(row["other"]) for row in rows if row["section"] == "indicator"}
    assert values == {item["id"]: item["other"]["value"] for item in variant["indicators"]}
    places = [item["id"] for item in (*variant["buildings"]["losers"], *variant["buildings"]["gainers"])]
    assert [row["id"] for row in rows if row["section"] == "building"] == places
    assert [row["id"] for row in rows if row["section"] == "cost"] == ["hollow"]


def test_the_report_quotes_the_runs(files):
    """Dutch, with every run, version, hash, value, source and map in it, and nothing from elsewhere."""
    folder, printed = files
    page = (folder / "report.html").read_text(encoding="utf-8")
    (variant,) = printed["variants"]
    for made in (printed["base"], variant["run"]):
        told = (made["id"], made["situation"], made["version"], *made["outputs"].values(), *made["sources"])
        assert all(text in page for text in told)
    for item in variant["indicators"]:
        assert number(item["other"]["value"], "nl") in page
    assert page.count("data:image/png;base64,") == 3
    assert not re.search(r"(src|href)=\"(?!data:)", page)
    assert "Rijbaan onder 15 cm water of meer" in page


def test_a_name_from_outside_is_text_in_the_page(compared_twin):
    """What looks like a tag in the name of an area is shown as it is."""
    from morgen.faces.report.comparison_html import comparison_html

    found = morgen.open(compared_twin.folder).compare([compared_twin.base, compared_twin.more_rain])
    named = found.model_copy(update={"base": found.base.model_copy(update={"area": "<script>x</script>"})})
    assert "<script>" not in comparison_html(named, {}, lang="en")


def test_refusals_are_one_sentence(compared_twin, capsys):
    """One run is too few; a run that is not there has the exit code of what is not found."""
    assert run(["compare", str(compared_twin.folder), compared_twin.base]) == 2
    assert "1 runs were given" in capsys.readouterr().err
    assert run(["compare", str(compared_twin.folder), compared_twin.base, "nowhere"]) == 3


def test_both_languages_say_the_same_things():
    """Every text is there twice with the same values in it; indicators and side effects are all in Dutch."""
    assert WORDS["nl"].keys() == WORDS["en"].keys()
    for key, text in WORDS["nl"].items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", WORDS["en"][key])), key
    model = get_model("pluvial-flood")
    parameters = model.parameters().model_dump()
    assert [name for name in model.interface.indicators if not dutch_indicator(name, parameters)] == []
    for kind in map(get_measure, measure_ids()):
        assert set(kind.side_effects) <= set(THEMES), kind.id
        assert set(kind.side_effects.values()) <= set(EFFECTS), kind.id


@pytest.mark.parametrize(
    ("value", "digits", "dutch"), [(1234.5, None, "1.234"), (12.5, None, "12,5"), (0.0021, 3, "0,002")]
)
def test_numbers_are_written_as_the_language_does(value, digits, dutch):
    """Dutch has a decimal comma and points between thousands."""
    assert number(value, "nl", digits=digits) == dutch
