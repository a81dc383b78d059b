"""The command line: one clear sentence and a meaningful exit code for everything that goes wrong."""

import json
import shutil
import subprocess
import sys

import pytest

from morgen.faces.cli.app import cli, run
from morgen.faces.cli.exit_codes import EXIT_CODES, exit_code
from morgen.services.lock import exclusive

QUICK = ("--rain", "20", "--duration", "0.1", "--after", "0")


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
    """A twin of the sample on coarse cells, with one run."""
    base = tmp_path_factory.mktemp("cli")
    shutil.copytree(sample_files, base / "sources")
    folder = base / "twin"
    for arguments in (
        ["init", folder, "--polygon", base / "sources/area.geojson", "--cell-size", "4"],
        ["add", folder, base / "sources"],
        ["run", folder, "pluvial-flood", *QUICK],
    ):
        assert run([str(argument) for argument in arguments]) == 0
    return folder


def test_help_of_every_command_says_what_it_does(morgen):
    """Each command explains itself in a sentence, and so does each of its options."""
    for name, command in cli.commands.items():
        code, out, _ = morgen(name, "--help")

        assert code == 0
        assert command.help
        assert command.help.splitlines()[0] in " ".join(out.split())
        assert all(option.help for option in command.params if option.param_type_name == "option")


def test_help_of_run_lists_the_parameters_of_the_model(morgen):
    """Unit, range and default of each parameter come from the declaration of the model."""
    _, out, _ = morgen("run", "anywhere", "pluvial-flood", "--help")

    text = " ".join(out.split())
    assert "--rain MM" in text
    assert "more than 0 and at most 300; default 70 mm" in text
    assert "--sewer-capacity MM PER H" in text


def test_the_answer_of_a_run_as_json(morgen, twin):
    """The document has exactly the promised keys, volumes close, and every output is there."""
    code, out, err = morgen("run", twin, "pluvial-flood", *QUICK, "--json")

    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert set(answer) == {
        "run", "model", "version", "state", "balance", "indicators", "outputs", "warnings",
    }  # fmt: skip
    assert list(answer["balance"]) == ["rain", "stored", "infiltrated", "sewer", "outflow", "pumped", "error"]
    assert abs(answer["balance"]["error"]) < 1e-5
    assert all(
        set(indicator) == {"id", "value", "unit", "low", "high", "target"} for indicator in answer["indicators"]
    )
    assert {"depth", "max_depth", "buildings", "depth_map"} <= set(answer["outputs"])


def test_the_answer_of_a_run_as_text(morgen, twin):
    """A reader sees the balance, the indicators with their thresholds' sources, and where outputs lie."""
    code, out, _ = morgen("run", twin, "pluvial-flood", *QUICK)

    assert code == 0
    for words in ("Water balance", "into the sewer", "Indicators", "threshold:", "max_depth.tif", "max_depth.png"):
        assert words in out


def test_pictures_are_drawn(morgen, twin):
    """Each run has its maps as PNG of a size that can be printed."""
    from PIL import Image

    _, out, _ = morgen("run", twin, "pluvial-flood", *QUICK, "--json")

    for name in ("situation_map", "depth_map", "impact_map"):
        with Image.open(json.loads(out)["outputs"][name]) as picture:
            assert picture.width >= 1500
            assert len(set(picture.convert("RGB").resize((200, 200)).get_flattened_data())) > 50


def test_runs_are_listed_and_shown(morgen, twin):
    """The list has the newest first; a run is shown by a beginning of its id, with what it was made of."""
    _, listed, _ = morgen("runs", twin, "--json")
    newest = json.loads(listed)[0]["run"]

    code, out, _ = morgen("show", twin, newest)

    assert code == 0
    assert newest in out
    assert "sha256" in out
    assert "numba" in out


def test_stopping_an_ended_run_leaves_it(morgen, twin):
    """`morgen stop` on a run that ended says how it ended."""
    _, listed, _ = morgen("runs", twin, "--json")
    newest = json.loads(listed)[0]["run"]

    code, out, _ = morgen("stop", twin, newest)

    assert code == 0
    assert "successful" in out


def test_the_table_of_a_model_can_be_edited_and_given(morgen, twin, tmp_path):
    """`morgen models MODEL --table` prints TOML that `morgen run` takes back; the change shows in the answer."""
    _, text, _ = morgen("models", "pluvial-flood", "--table", "surfaces")
    table = tmp_path / "surfaces.toml"
    table.write_text(text)
    _, default, _ = morgen("run", twin, "pluvial-flood", *QUICK, "--json")

    code, same, _ = morgen("run", twin, "pluvial-flood", *QUICK, "--surfaces", table, "--json")

    assert code == 0
    assert json.loads(same)["balance"] == json.loads(default)["balance"]


def test_check_reports_quality(morgen, twin):
    """The report names layers and shares; the sample is usable."""
    code, out, _ = morgen("check", twin)

    assert code == 0
    assert "filled under a building" in out
    assert "have no height" in out


def test_models_describe_themselves(morgen):
    """The list names the model; its description says what it is not for."""
    _, listed, _ = morgen("models")
    _, described, _ = morgen("models", "pluvial-flood")

    assert "pluvial-flood" in listed
    assert "not for:" in described


WRONG = {
    "no area": (["init", "{new}"], 2, "--polygon FILE or --bbox"),
    "box of words": (["init", "{new}", "--bbox", "a,b"], 2, "four numbers"),
    "box outside the country": (["init", "{new}", "--bbox", "0,0,10,10"], 2, "outside the Netherlands"),
    "upside-down box": (["init", "{new}", "--bbox", "100010,400000,100000,400010"], 2, "xmin < xmax"),
    "missing polygon": (["init", "{new}", "--polygon", "{new}.geojson"], 2, "does not exist"),
    "twin already there": (["init", "{twin}", "--bbox", "100000,400000,100010,400010"], 2, "is a twin already"),
    "cells too small": (["init", "{new}", "--bbox", "100000,400000,100010,400010", "--cell-size", "0"], 2, "0.1"),
    "missing folder": (["add", "{twin}", "{new}"], 4, "does not exist"),
    "unknown role": (["add", "{twin}", "{twin}/morgen.toml", "--role", "noise"], 2, "one of terrain"),
    "no twin": (["run", "{new}", "pluvial-flood"], 3, "is not a twin"),
    "unknown model": (["run", "{twin}", "noise", "--rain", "70"], 3, "installed are access"),
    "negative rain": (["run", "{twin}", "pluvial-flood", "--rain", "-5"], 2, "more than 0 and at most 300"),
    "flood of rain": (["run", "{twin}", "pluvial-flood", "--rain", "5000"], 2, "more than 0 and at most 300"),
    "rain in words": (["run", "{twin}", "pluvial-flood", "--rain", "much"], 2, "valid number"),
    "unknown option": (["run", "{twin}", "pluvial-flood", "--snow", "3"], 2, "--snow"),
    "missing table": (["run", "{twin}", "pluvial-flood", "--surfaces", "{new}"], 2, "cannot be read"),
    "unknown run": (["show", "{twin}", "19990101"], 3, "no run '19990101'"),
    "unknown command": (["fly"], 2, "fly"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_one_sentence(morgen, twin, tmp_path, case):
    """One sentence on standard error, nothing on standard output, the exit code of the table, nothing changed."""
    arguments, expected, words = WRONG[case]
    before = sorted(path for path in twin.rglob("*") if ".morgen" not in path.parts)
    filled = [argument.format(new=tmp_path / "new", twin=twin) for argument in arguments]

    code, out, err = morgen(*filled)

    assert code == expected
    assert out == ""
    assert words in err
    assert err.count("\n") == 1
    assert err.startswith("morgen: ")
    assert sorted(path for path in twin.rglob("*") if ".morgen" not in path.parts) == before
    assert not (tmp_path / "new/morgen.toml").exists()


def test_machines_get_errors_as_json(morgen, twin):
    """With --json an error is a document too, on standard error."""
    code, out, err = morgen("run", twin, "pluvial-flood", "--rain", "-5", "--json")

    assert (code, out) == (2, "")
    assert json.loads(err)["error"]["type"] == "ParameterError"


def test_a_twin_in_use_is_refused(morgen, twin):
    """Exit code 75 tells a script to try again later."""
    with exclusive(twin, "morgen run pluvial-flood"):
        code, _, err = morgen("run", twin, "pluvial-flood", *QUICK)

    assert code == 75
    assert "in use by `morgen run pluvial-flood`" in err


def test_the_table_of_exit_codes_covers_every_error():
    """Every error has a code that is not success, and more special rows come first."""
    from morgen.core import errors

    for name in errors.__all__:
        kind = getattr(errors, name)
        first = next(row for row in EXIT_CODES if issubclass(kind, row[0]))
        assert first[1] != 0
    assert exit_code(errors.DismissedError("x")) == 130


def test_help_is_quick_because_nothing_heavy_is_imported():
    """`morgen --help` imports none of the libraries that take long to load."""
    code = "import sys; from morgen.faces.cli.app import run; run(['--help']); print(sorted(sys.modules))"

    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout

    modules = printed.splitlines()[-1]
    for heavy in ("numpy", "pydantic", "shapely", "sqlalchemy", "pandas", "numba", "matplotlib", "rich"):
        assert f"'{heavy}'" not in modules


def test_the_sample_is_written_once_and_replaced_only_by_force(morgen, tmp_path):
    """A scale out of range and a folder in use are one sentence each; --force replaces, --json lists the files."""
    code, _, err = morgen("sample", tmp_path / "sample", "--km2", "0.01")
    assert (code, err.count("\n")) == (2, 1)
    assert "0.1 to 25 km2" in err

    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "old.txt").touch()
    code, _, err = morgen("sample", tmp_path / "sample", "--km2", "0.1")
    assert (code, err.count("\n")) == (2, 1)
    assert "--force" in err

    code, out, _ = morgen("sample", tmp_path / "sample", "--km2", "0.1", "--seed", "8", "--force", "--json")
    files = json.loads(out)["files"]
    assert code == 0
    assert not (tmp_path / "sample" / "old.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["sample"]
    assert {"area.geojson", "M_99XX1.tif"} <= {path.rpartition("/")[2] for path in files}
