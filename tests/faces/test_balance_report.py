"""The report of a balance: a page, a table, JSON and a picture that say the same."""

import csv
import json
from pathlib import Path

import pytest

from morgen.faces.cli.app import run
from morgen.faces.report.balance.words import CERTAINTY_WORDS, LIGHT_WORDS, STATE_WORDS, UNIT_WORDS, WORDS

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAMME = """
title = "<script>alert(1)</script>"
site_area = 310000
[[dwellings]]
type = "row-house"
number = 500
year = 2030
[[provision]]
facility = "health-centre"
amount = 300
unit = "m2"
source = "=HYPERLINK(1)"
"""
SETS = ["--norms", "utrecht-2020", "--norms", "landelijk-indicatief"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a report in Dutch."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    asked = ["balance", "--programme", str(folder / "programme.toml"), *SETS, "--out", str(folder / "out")]
    assert run(asked) == 0
    return folder / "out"


def test_the_table_says_what_the_json_says(report: Path) -> None:
    """One line for each norm of each set; what is not known says so, and nothing is a formula."""
    document = json.loads((report / "balance.json").read_text(encoding="utf-8"))
    with (report / "balance.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    rows = [(item["norms"], row) for item in document["balances"] for row in item["rows"]]
    assert len(lines) == len(rows)
    for line, (norms, row) in zip(lines, rows, strict=True):
        assert (line["norms"], line["norm"], line["light"]) == (norms, row["norm"], row["light"])
        assert line["need"] == ("unknown" if row["need"] is None else str(row["need"]))
        assert line["have"] == ("unknown" if row["have"] is None else str(row["have"]))
    assert "'=HYPERLINK(1)" in {line["have_source"] for line in lines}


def test_the_page_is_whole_dutch_and_safe(report: Path) -> None:
    """It needs nothing from elsewhere, escapes what the programme says, and tells each light in a word."""
    page = (report / "balance.html").read_text(encoding="utf-8")
    assert '<html lang="nl">' in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert 'src="data:image/png' in page
    assert 'src="http' not in page
    assert "Naast elkaar" in page
    assert all(word in page for word in ("Gezondheidscentrum", "● genoeg", "? onbekend"))


def test_the_picture_is_a_picture(report: Path) -> None:
    """A PNG with more than one colour of line."""
    from PIL import Image

    with Image.open(report / "courses.png") as picture:
        assert picture.format == "PNG"
        colours = picture.convert("RGB").getcolors(maxcolors=1_000_000)
    assert colours is not None
    found = {colour for _, colour in colours}
    assert {(0xB3, 0x45, 0x2F), (0x4A, 0x6F, 0x95)} <= found


def test_the_page_speaks_english_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A quick look has no picture, for it has no years."""
    quick = ["balance", "--dwellings", "3500", "--residents", "7400", "--site-area", "200000", *SETS]
    assert run([*quick, "--out", str(tmp_path / "out"), "--lang", "en"]) == 0
    page = (tmp_path / "out" / "balance.html").read_text(encoding="utf-8")
    assert "Cannot be met here" in page
    assert "at most 57.14 can" in page
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "balance.csv",
        "balance.html",
        "balance.json",
    ]
    assert "balance.html" in capsys.readouterr().out


def test_both_languages_have_the_same_words() -> None:
    """A key of one language is in the other."""
    for catalogue in (WORDS, LIGHT_WORDS, CERTAINTY_WORDS, STATE_WORDS, UNIT_WORDS):
        assert set(catalogue["nl"]) == set(catalogue["en"])


def test_the_example_can_be_balanced(capsys: pytest.CaptureFixture[str]) -> None:
    """examples/programme.toml is a programme: 633 dwellings, of which the density is known."""
    example = REPOSITORY / "examples" / "programme.toml"
    assert run(["balance", "--programme", str(example), *SETS, "--json"]) == 0
    density = json.loads(capsys.readouterr().out)["balances"][0]["density"]
    assert density["dwellings_per_hectare"] == pytest.approx(633 / 4.6984, abs=0.01)
    assert None not in density.values()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file in the way is one sentence, not a traceback."""
    (tmp_path / "out").write_text("in the way", encoding="utf-8")
    (tmp_path / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    asked = ["balance", "--programme", str(tmp_path / "programme.toml"), *SETS, "--out", str(tmp_path / "out")]
    assert run(asked) != 0
    assert str(tmp_path / "out") in capsys.readouterr().err
