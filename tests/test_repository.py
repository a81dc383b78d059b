"""Rules that the repository as a whole keeps: licences, locks, borders between rooms, the public door."""

import importlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import morgen

REPOSITORY = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")

REGISTRY_HOSTS = re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|(?:deb|security)\.debian\.org")
MACHINE_PATHS = re.compile(r"(?<![\w.}$~])/(?:home|root|work|farm|Users)/\w")
HEAVY = {
    "alembic",
    "geopandas",
    "laspy",
    "lxml",
    "matplotlib",
    "numba",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
} | {*("pyogrio", "pyproj", "rasterio", "rich", "scipy", "shapely", "sqlalchemy", "tomlkit", "xarray", "zarr")}


def call(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], cwd=REPOSITORY, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """Every file that git tracks; outside a git checkout the test is skipped, but in CI that is a failure."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        reason = f"git does not know this folder as a checkout: {error}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    paths = [REPOSITORY / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def texts(paths):
    for path in paths:
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


# -- what is in it -----------------------------------------------------------------------------------------------


def test_every_file_has_a_licence():
    """The REUSE specification holds: holder and licence of every file are known."""
    answer = call("-m", "reuse", "lint", "--lines")
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_publiccode_is_valid(shared_data):
    """publiccode.yml has the mandatory keys of its standard, in Dutch and English."""
    schema = shared_data.parent / "standards" / "publiccode" / "publiccode-0.7-mandatory.schema.json"
    answer = call("-m", "check_jsonschema", "--schemafile", str(schema), "publiccode.yml")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    text = (REPOSITORY / "publiccode.yml").read_text(encoding="utf-8")
    assert re.search(r"^  nl:", text, re.MULTILINE)
    assert re.search(r"^  en:", text, re.MULTILINE)


def test_no_file_names_a_registry_or_a_machine(tracked):
    """Whoever installs chooses where from; nobody's folders are in the project."""
    named = [
        f"{path.relative_to(REPOSITORY)}: {found.group()}"
        for path, text in texts(tracked)
        for found in [REGISTRY_HOSTS.search(text) or MACHINE_PATHS.search(text)]
        if found
    ]
    assert not named


def test_uv_lock_is_not_tracked(tracked):
    """A uv.lock names registry hosts; requirements.txt does not."""
    assert not [path for path in tracked if path.name == "uv.lock"]


def test_there_is_a_news_fragment_of_a_known_type():
    """changelog.d holds fragments that towncrier takes."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    known = {kind["directory"] for kind in settings["tool"]["towncrier"]["type"]}
    fragments = [path for path in (REPOSITORY / "changelog.d").iterdir() if path.name != "README.md"]
    assert all(path.name.split(".")[-2] in known for path in fragments)
    released = re.search(r"^## \[", (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert fragments or released


# -- how it installs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOCKS)
def test_locks_have_hashes_and_no_addresses(name):
    """Every locked version carries its hashes; where it is fetched from is not written down."""
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    for entry in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert re.match(r"[a-z0-9-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_the_lock_names_every_dependency():
    """A dependency that was added is locked too (sh tools/lock.sh)."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {LOCKS[0]: settings["dependencies"], LOCKS[1]: settings["optional-dependencies"]["dev"]}
    for lock, dependencies in wanted.items():
        locked = set(re.findall(r"^([a-z0-9-]+)==", (REPOSITORY / lock).read_text(encoding="utf-8"), re.MULTILINE))
        names = {re.split(r"[\[><=!~; ]", dependency)[0].lower() for dependency in dependencies}
        assert names <= locked


def test_ci_runs_the_commands_of_the_readme():
    """.ci/run takes both commands from the README, behind markers that are there once."""
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    script = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
    for marker in ("first command", "test command"):
        assert len(re.findall(rf"^<!-- {marker} -->\n```console\n.+\n```$", readme, re.MULTILINE)) == 1
        assert f'readme_command "{marker}"' in script


# -- how it is built ---------------------------------------------------------------------------------------------


def test_rooms_import_in_one_direction():
    """core <- sources, measures, models <- services <- faces."""
    answer = call("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache")
    assert answer.returncode == 0, answer.stdout


def test_the_public_names_are_sorted_and_there():
    """What `import morgen` promises can be imported."""
    assert morgen.__all__ == sorted(morgen.__all__)
    for name in morgen.__all__:
        assert getattr(morgen, name) is not None
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", morgen.__version__)


@pytest.mark.parametrize("room", ["core", "sources", "measures", "models", "services", "faces", "testing"])
def test_every_room_has_a_sign_on_its_door(room):
    """The docstring of a room says in a sentence what belongs there."""
    sign = importlib.import_module(f"morgen.{room}").__doc__
    assert sign
    assert sign.strip()


def test_help_loads_nothing_heavy():
    """`morgen --help` answers at once: no numerical or database library is imported for it."""
    answer = call("-X", "importtime", "-c", "from morgen.faces.cli import main; main(['--help'])")
    assert answer.returncode == 0
    assert "Usage: morgen" in answer.stdout
    modules = {line.rpartition("|")[2].strip().partition(".")[0] for line in answer.stderr.splitlines()}
    assert not modules & HEAVY
