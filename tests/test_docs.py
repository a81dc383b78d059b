"""Rules that the documentation keeps: what the program has is described, and what is shown works."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from pydantic import BaseModel

from morgen.core import errors
from morgen.core.situation import TerrainOrigin
from morgen.core.source import Role
from morgen.faces.cli.app import cli
from morgen.faces.cli.exit_codes import EXIT_CODES
from morgen.faces.cli.parameters import describe_range
from morgen.models.contract import parameter_unit
from morgen.models.registry import get_model, model_ids
from morgen.services import compose, config
from morgen.sources.buildings import join
from morgen.sources.contract import (
    ADDRESS_COLUMNS,
    FACILITY_COLUMNS,
    PATH_COLUMNS,
    PLOT_COLUMNS,
    SEWER_COLUMNS,
    TOPOGRAPHY_COLUMNS,
)
from morgen.sources.gwsw.network import NODE_COLUMNS, PIPE_COLUMNS
from morgen.sources.population import RESIDENT_COLUMNS
from morgen.sources.registry import readers

REPOSITORY = Path(__file__).resolve().parent.parent
DOCS = REPOSITORY / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *REPOSITORY.glob("*.md"), REPOSITORY / "changelog.d" / "README.md"])
RUNNABLE = ("docs/flood-call.md", "docs/models.md")
"""Pages whose Python needs nothing but Morgen."""
ON_A_TWIN = ("README.md", "docs/getting-started.md")
"""Pages whose Python opens a twin."""

CODE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def page(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def code_blocks(name: str, language: str) -> list[str]:
    return [code for kind, code in CODE.findall(page(name)) if kind == language]


def table_rows(text: str) -> dict[str, list[str]]:
    """Return the rows of all tables by the first word in backticks, or else the text, of their first cell."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("| --- "):
            cells = [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
            named = re.search(r"`([^`]+)`", cells[0])
            found.setdefault(named.group(1) if named else cells[0], cells)
    return found


def section(text: str, heading: str) -> str:
    """Return what stands under a heading that begins so, up to the next one of the same level."""
    found = re.search(rf"^{re.escape(heading)}\b.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"there is no heading {heading!r}"
    return found.group()


# -- the command line --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_and_option_is_described(name):
    """docs/cli.md has a section for each command, with a row or words for each of its options."""
    described = section(page("docs/cli.md"), f"## `morgen {name}")
    for parameter in cli.commands[name].params:
        if isinstance(parameter, click.Option):
            for flag in (*parameter.opts, *parameter.secondary_opts):
                assert f"`{flag}" in described, f"docs/cli.md: `morgen {name}` lacks {flag}"


def test_no_command_is_described_that_is_not_there():
    """A command that went away leaves the documentation too."""
    assert set(re.findall(r"^## `morgen (\S+?)[ `]", page("docs/cli.md"), re.MULTILINE)) == set(cli.commands)


@pytest.mark.parametrize(("kind", "code", "meaning"), EXIT_CODES, ids=lambda item: getattr(item, "__name__", ""))
def test_every_exit_code_is_described(kind, code, meaning):
    """The table of exit codes names the error and its meaning beside the code."""
    row = " ".join(table_rows(section(page("docs/cli.md"), "## Exit codes"))[str(code)])
    assert f"`{kind.__name__}`" in row
    if kind is not errors.CrsError:  # shares its row with another error, so its words are bent
        assert meaning in row


# -- settings, errors, sources, layers ---------------------------------------------------------------------------


def settings(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        kinds = [kind for kind in (field.annotation, *get_args(field.annotation)) if isinstance(kind, type)]
        nested = next((kind for kind in kinds if issubclass(kind, BaseModel)), None)
        if nested:
            yield from settings(nested, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", field.default


@pytest.mark.parametrize(("name", "default"), list(settings(config._Document)))
def test_every_setting_is_described_with_its_default(name, default):
    """docs/configuration.md has a row for each key of morgen.toml."""
    row = table_rows(page("docs/configuration.md"))[name]
    if isinstance(default, float | int):
        assert row[3] == f"{default:g}"
    elif isinstance(default, str) and default:
        assert row[3] == f"`{default}`"


def test_the_settings_that_are_shown_can_be_read(tmp_path):
    """The example of a morgen.toml is one."""
    (example,) = code_blocks("docs/configuration.md", "toml")
    document = config._parse(example, tmp_path / "morgen.toml")
    assert document.sources[1].role is Role.TERRAIN


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_is_described_with_its_family(name):
    """docs/errors.md says what each error means and what to do."""
    row = table_rows(page("docs/errors.md"))[name]
    families = [kind.__name__ for kind in getattr(errors, name).__bases__ if kind is not Exception]
    assert row[1] == ", ".join(f"`{family}`" for family in families)
    assert all(row[2:4])


def test_every_reader_is_described():
    """docs/sources.md has a row for each installed reader, and for no other."""
    described = table_rows(section(page("docs/sources.md"), "## Formats"))
    assert {reader.id for reader in readers()} == set(described) - {"reader"}


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_described_with_its_layers(role):
    """docs/sources.md says which layers a role serves."""
    row = table_rows(section(page("docs/sources.md"), "## Roles"))[role.value]
    for layer, (_, _, roles) in compose.LAYERS.items():
        if role in roles:
            assert f"`{layer}`" in row[2]


@pytest.mark.parametrize("layer", compose.LAYERS)
def test_every_layer_is_described_with_its_sources(layer):
    """docs/layers.md has a row with unit and roles, and a section, for each layer."""
    text = page("docs/layers.md")
    _, unit, roles = compose.LAYERS[layer]
    row = table_rows(text)[layer]
    assert row[2].startswith(unit)
    assert row[3] == ", ".join(f"`{role.value}`" for role in roles)
    assert section(text, f"## `{layer}")


@pytest.mark.parametrize(
    ("layer", "columns"),
    [
        ("land_cover", [*TOPOGRAPHY_COLUMNS, "source_id"]),
        ("trees", ["object_id", "source_id", "geometry"]),
        ("buildings", [*join._COLUMNS, "geometry"]),
        ("paths", [*PATH_COLUMNS, "source_id"]),
        ("plots", [*PLOT_COLUMNS, "source_id"]),
        ("addresses", [*ADDRESS_COLUMNS, "source_id"]),
        ("facilities", [*FACILITY_COLUMNS, "source_id"]),
        ("residents", list(RESIDENT_COLUMNS)),
        ("sewers", [*(name for name in SEWER_COLUMNS if name not in NODE_COLUMNS), "source_id"]),
        ("sewer_nodes", [*(name for name in SEWER_COLUMNS if name not in PIPE_COLUMNS), "source_id"]),
    ],
)
def test_every_column_is_described(layer, columns):
    """docs/layers.md has a row for each column of a layer, and for no other."""
    described = table_rows(section(page("docs/layers.md"), f"## `{layer}"))
    assert set(columns) == set(described) - {"column"}


def test_every_code_of_the_terrain_is_described():
    """docs/layers.md has the codes of terrain_origin in the words of the program."""
    described = table_rows(section(page("docs/layers.md"), "## `terrain_origin"))
    said = {cells[1]: (cells[0], cells[2]) for cells in described.values()}
    codes = {name: code for name, code in vars(TerrainOrigin).items() if isinstance(code, int)}
    for name, code in codes.items():
        assert said[f"`{name}`"] == (str(code), TerrainOrigin.LABELS[code])


# -- models ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model_id", model_ids())
def test_every_model_has_a_page_that_the_list_names(model_id):
    """docs/models.md links to a page per model; the page quotes what the card says of use and misuse."""
    assert f"(models/{model_id}.md)" in page("docs/models.md")
    text = " ".join(page(f"docs/models/{model_id}.md").split())
    card = get_model(model_id).card
    for said in (card.purpose, card.validity, card.assumptions, card.calibration, card.uncertainty, card.not_for):
        assert " ".join(said.split()) in text


@pytest.mark.parametrize("model_id", model_ids())
def test_every_parameter_is_described_with_unit_default_and_range(model_id):
    """The table of parameters says what the declaration says."""
    model = get_model(model_id)
    described = table_rows(section(page(f"docs/models/{model_id}.md"), "## Parameters"))
    assert list(model.parameters.model_fields) == [name for name in described if name != "parameter"]
    for name, field in model.parameters.model_fields.items():
        _, unit, default, allowed, meaning = described[name]
        assert (unit, allowed) == (parameter_unit(model.parameters, name), describe_range(field))
        if isinstance(field.default, bool):
            assert default == str(field.default).lower()
        elif isinstance(field.default, float | int):
            assert default == f"{field.default:g}"
        assert meaning == field.description


@pytest.mark.parametrize("model_id", model_ids())
def test_every_output_indicator_and_layer_of_a_model_is_described(model_id):
    """The page of a model has what its interface promises, and no more."""
    text = page(f"docs/models/{model_id}.md")
    interface = get_model(model_id).interface
    outputs = table_rows(section(text, "## Outputs"))
    for output in interface.outputs:
        assert outputs[output.name][1:3] == [output.kind, output.unit]
        assert outputs[output.name][3] == output.meaning
    assert {*table_rows(section(text, "## Indicators"))} - {"indicator"} == set(interface.indicators)
    needs = {*table_rows(section(text, "## Needs"))} - {"layer"}
    assert needs == {*interface.needs, *interface.may_use}


# -- what is shown works -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_links_between_pages_lead_somewhere(path):
    """A relative link names a file that is there, and a heading in it when it names one."""
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        linked = (path.parent / name).resolve() if name else path
        assert linked.exists(), f"{path.name} links to {target}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert anchor in anchors, f"{path.name} links to {target}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_commands_that_are_shown_can_be_given(path):
    """Every line with `morgen` in a console block is taken by the command line, options and all."""
    for block in code_blocks(path.relative_to(REPOSITORY).as_posix(), "console"):
        for line in block.replace("&&", "\n").splitlines():
            words = shlex.split(line.partition(" > ")[0])
            if words and Path(words[0]).name == "morgen":
                cli.commands[words[1]].make_context(words[1], words[2:])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_python_that_is_shown_is_python(path):
    """Every Python block can be parsed."""
    for block in code_blocks(path.relative_to(REPOSITORY).as_posix(), "python"):
        ast.parse(block)


@pytest.mark.parametrize("name", RUNNABLE)
def test_python_that_needs_nothing_runs(name):
    """The blocks of a page run one after another."""
    exec("\n".join(code_blocks(name, "python")), {"__name__": "shown"})


@pytest.fixture(scope="module")
def twin_folder(tmp_path_factory):
    """A twin of a corner of the sample, small enough to compute in seconds."""
    import morgen
    from morgen.services.area_file import read_area
    from morgen.sources.sample import write_sample

    folder = tmp_path_factory.mktemp("docs")
    write_sample(folder / "sample", km2=0.1)
    xmin, ymin, _, _ = read_area(folder / "sample" / "area.geojson").bounds
    area = morgen.Area.from_bbox((xmin + 100, ymin + 100, xmin + 140, ymin + 140), name="corner")
    morgen.create(folder / "twin", area, cell_size=2.0).add(folder / "sample")
    return folder / "twin"


@pytest.mark.parametrize("name", ON_A_TWIN)
def test_python_that_opens_a_twin_runs(name, twin_folder, tmp_path, monkeypatch):
    """What is shown works on a real twin under the name that is shown."""
    shown = "\n".join(code_blocks(name, "python"))
    opened = re.findall(r'morgen\.open\("([^"]+)"\)', shown)
    for folder in opened:
        (tmp_path / folder).symlink_to(twin_folder)
    monkeypatch.chdir(tmp_path)
    exec(shown, {"__name__": "shown"})
    assert opened
