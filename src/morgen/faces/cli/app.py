"""The commands of ``morgen``, each in a sentence; what they do lives in the modules beside this one."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from morgen.core.errors import DismissedError, MorgenError
from morgen.faces.cli.exit_codes import USAGE, exit_code
from morgen.faces.cli.model_command import ModelCommand

__all__ = ["cli", "run"]

FOLDER = click.Path(path_type=Path, file_okay=True, dir_okay=True)
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
PORT = click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8765,
    show_default=True,
    help="Port to listen on; 0 for any that is free.",
)
TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"]
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines instead of text.")


@click.group(context_settings=CONTEXT)
@click.version_option(package_name="morgen", prog_name="morgen")
def cli() -> None:
    r"""Morgen, an open digital twin for municipalities.

    Make a twin of an area, link its source data, and ask it a question:

    \b
      morgen init delft --bbox 84808,447412,85072,447641
      morgen add delft ahn/ bgt/ 3dbag/
      morgen check delft
      morgen run delft pluvial-flood --rain 70 --duration 1
      morgen serve delft
    """


@cli.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--polygon", type=FOLDER, help="GeoJSON file with the area, in longitude/latitude or RD New.")
@click.option("--bbox", metavar="XMIN,YMIN,XMAX,YMAX", help="The area as a box in RD New, m.")
@click.option("--name", default="", help="Name of the area [default: that of the polygon, or of DIR].")
@click.option("--cell-size", type=float, help="Cells to compute on, m [default: 0.5 to 5 by size of the area].")
@as_json
def init(**options: Any) -> None:
    """Make a twin in DIR, with a readable morgen.toml."""
    from morgen.faces.cli import twins

    twins.init(**options)


@cli.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=FOLDER)
@click.option(
    "--role", help="What the file is used for; only when its content does not tell (see docs/sources.md)."
)
@click.option("--attribution", default="", help="Whom to name on maps and in reports, when the files do not tell.")
@as_json
def add(**options: Any) -> None:
    """Link source files and folders to the twin in DIR; they are recognised by content and stay where they are."""
    from morgen.faces.cli import twins

    twins.add(**options)


@cli.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@as_json
def check(**options: Any) -> None:
    """Print a report on the quality of the twin's data: what is there, what is missing, what does not fit."""
    from morgen.faces.cli import twins

    twins.check(**options)


@cli.command()
@click.argument("model_id", metavar="[MODEL]", required=False)
@click.option("--table", help="Print a table parameter of MODEL with its default, as TOML to edit.")
@as_json
def models(**options: Any) -> None:
    """List the installed models, or describe one: its parameters, validity and limits."""
    from morgen.faces.cli import models as face

    face.models(**options)


@cli.group()
def rain() -> None:
    """List the rain events with a name, show one, or read rain of your own from a file."""


@rain.command(name="list")
@as_json
def rain_list(**options: Any) -> None:
    """List the named events with their amount, how often they occur, and their source."""
    from morgen.faces.cli import rain as face

    face.list_events(**options)


@rain.command(name="show")
@click.argument("event", metavar="EVENT")
@as_json
def rain_show(**options: Any) -> None:
    """Show EVENT step by step, with its meaning and its source."""
    from morgen.faces.cli import rain as face

    face.show(**options)


@rain.command(name="read")
@click.argument("file", metavar="FILE", type=FOLDER)
@click.option("--from", "begin", type=click.DateTime(TIMES), help="Begin of the part that is meant, UTC.")
@click.option("--to", "end", type=click.DateTime(TIMES), help="End of that part, UTC; at most two days later.")
@as_json
def rain_read(**options: Any) -> None:
    """Print the rain in FILE (a table, or hours of a KNMI station) as options for `morgen run`."""
    from morgen.faces.cli import rain as face

    face.read(**options)


@cli.command(cls=ModelCommand, name="run")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("model_id", metavar="MODEL")
@click.option(
    "--scenario", "scenario", metavar="NAME", default="", help="Compute with the measures of a scenario."
)
@click.option("--flood", metavar="RUN", default="", help="Run whose water the model may use.")
@as_json
def run_model(**options: Any) -> None:
    """Compute MODEL on the twin in DIR and print its answer.

    The parameters of a model are options of this command: `morgen run DIR pluvial-flood --help` lists them.
    """
    from morgen.faces.cli import runs

    runs.run(**options)


@cli.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--budget", "budgets", type=float, multiple=True, required=True, help="Euro; may be repeated.")
@click.option(
    "--objective",
    default="buildings",
    show_default=True,
    help="What to keep dry or passable: buildings, damage or roads.",
)
@click.option("--model", default="pluvial-flood", show_default=True, help="Model that says what measures do.")
@click.option(
    "--measures", default="", metavar="KIND,KIND", help="Kinds of measure to choose from [default: all]."
)
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="A parameter of the model.")
@click.option("--candidates", type=int, default=48, show_default=True, help="Sites to choose from, at most.")
@click.option("--workers", type=int, default=1, show_default=True, help="Processes for quick runs.")
@click.option("--time-limit", type=float, metavar="MIN", help="Minutes after which the search stops.")
@as_json
def advise(**options: Any) -> None:
    """Find the measures that help most within a budget, and prove it.

    Sites are found by rule, chosen by quick runs of the model on larger cells, and what is found is run on the
    cells of the twin, also in a heavier storm and on other ground. The packages become scenarios of the twin.
    """
    from morgen.faces.cli import advise as face

    face.advise(**options)


@cli.group()
def scenario() -> None:
    """Scenarios: named lists of measures on the twin in DIR, such as a wadi or a lowered road."""


NAME = click.argument("name", metavar="NAME")
TWIN = click.argument("folder", metavar="DIR", type=FOLDER)


@scenario.command()
@TWIN
@NAME
@click.option("--from", "parent", metavar="NAME", default="", help="Start with the measures of this scenario.")
@click.option("--author", default="", help="Who made it.")
@click.option("--note", default="", help="What it is for.")
@as_json
def new(**options: Any) -> None:
    """Make a scenario."""
    from morgen.faces.cli import scenario as face

    face.new(**options)


@scenario.command(name="add")
@TWIN
@NAME
@click.argument("kind", metavar="KIND")
@click.option("--at", required=True, metavar="WKT", help="Where: WKT or GeoJSON geometry in RD New, m.")
@click.option(
    "--set", "values", multiple=True, metavar="NAME=VALUE", help="A value of the measure; may be repeated."
)
@click.option("--year", type=int, help="Year in which it is ready.")
@click.option("--note", default="", help="A remark.")
@as_json
def add_measure(**options: Any) -> None:
    """Add a measure of KIND."""
    from morgen.faces.cli import scenario as face

    face.add(**options)


@scenario.command()
@TWIN
@NAME
@click.argument("measure_id", metavar="MEASURE")
@as_json
def remove(**options: Any) -> None:
    """Remove a measure."""
    from morgen.faces.cli import scenario as face

    face.remove(**options)


@scenario.command(name="list")
@TWIN
@as_json
def list_scenarios(**options: Any) -> None:
    """List the scenarios."""
    from morgen.faces.cli import scenario as face

    face.list_scenarios(**options)


@scenario.command(name="show")
@TWIN
@NAME
@as_json
def show_scenario(**options: Any) -> None:
    """Show a scenario, what in it contradicts, and what to look at."""
    from morgen.faces.cli import scenario as face

    face.show(**options)


@scenario.command()
@TWIN
@click.argument("before", metavar="NAME")
@click.argument("after", metavar="OTHER")
@as_json
def diff(**options: Any) -> None:
    """Say what changes from scenario NAME to OTHER."""
    from morgen.faces.cli import scenario as face

    face.diff(**options)


@scenario.command(name="import")
@TWIN
@NAME
@click.argument("file", metavar="FILE", type=FOLDER)
@as_json
def import_file(**options: Any) -> None:
    """Read the measures of a GeoJSON FILE into a scenario; all of them, or none."""
    from morgen.faces.cli import scenario as face

    face.import_file(**options)


@scenario.command()
@TWIN
@NAME
@click.argument("file", metavar="[FILE]", type=FOLDER, required=False)
@click.option(
    "--crs",
    "reference",
    type=click.Choice(["RD", "CRS84"]),
    default="RD",
    show_default=True,
    help="Coordinates to write.",
)
def export(**options: Any) -> None:
    """Write a scenario as GeoJSON."""
    from morgen.faces.cli import scenario as face

    face.export(**options)


@scenario.command()
@TWIN
@NAME
@as_json
def undo(**options: Any) -> None:
    """Take back the last change of a scenario."""
    from morgen.faces.cli import scenario as face

    face.step(way="undo", **options)


@scenario.command()
@TWIN
@NAME
@as_json
def redo(**options: Any) -> None:
    """Bring back a change that was undone."""
    from morgen.faces.cli import scenario as face

    face.step(way="redo", **options)


@cli.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--programme", metavar="FILE", type=FOLDER, help="Programme, TOML [default: what the plots ask].")
@click.option("--norms", default="utrecht-2020", show_default=True, help="Set of norms, or a file .toml.")
@click.option("--prices", metavar="FILE", type=FOLDER, help="What every norm is worth, TOML or JSON.")
@click.option(
    "--maximise",
    type=click.Choice(["dwellings", "served", "green"]),
    default="dwellings",
    show_default=True,
    help="What counts beyond the norms.",
)
@click.option(
    "--front", "front_points", type=int, default=0, metavar="N", help="Also N plans with fewer dwellings."
)
@click.option("--flood", metavar="RUN", default="", help="Run whose water counts; may be shortened.")
@click.option(
    "--flood-limit", type=float, metavar="M", help="Depth for schools, childcare and care [default: 0.1]."
)
@click.option("--scenario", metavar="NAME", default="", help="Build on the measures of a scenario.")
@click.option("--time-limit", type=float, metavar="S", help="Time for one plan [default: 60].")
@click.option("--save-as", metavar="NAME", default="", help="Keep the plan as a scenario of this name.")
@as_json
def fit(**options: Any) -> None:
    """Fit a programme on the plots of the twin in DIR; say what does not fit, why, and what else can be done."""
    from morgen.faces.cli import fit as face

    face.fit(**options)


@cli.command(name="runs")
@click.argument("folder", metavar="DIR", type=FOLDER)
@as_json
def list_runs(**options: Any) -> None:
    """List the runs of the twin in DIR, newest first."""
    from morgen.faces.cli import runs

    runs.list_runs(**options)


@cli.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("run_id", metavar="RUN")
@as_json
def show(**options: Any) -> None:
    """Show one run: its answer, what it was made of, and where its outputs lie. RUN may be shortened."""
    from morgen.faces.cli import runs

    runs.show(**options)


@cli.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("run_ids", metavar="RUN RUN...", nargs=-1, required=True)
@click.option("--out", metavar="FOLDER", type=FOLDER, help="Write a report, tables and maps into FOLDER.")
@click.option("--csv", metavar="FILE", type=FOLDER, help="Write a table for a spreadsheet.")
@click.option(
    "--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True, help="Language of the report."
)
@as_json
def compare(**options: Any) -> None:
    """Compare runs with the first RUN: what differs, indicators, maps, who gains and who loses, and cost."""
    from morgen.faces.cli import compare as face

    face.compare(**options)


@cli.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("run_id", metavar="RUN")
@click.argument("x", type=float)
@click.argument("y", type=float)
@as_json
def origin(**options: Any) -> None:
    """Tell where the water at X Y (RD New, m) comes from in a run: the ground and roofs that drain to it."""
    from morgen.faces.cli import runs

    runs.origin(**options)


@cli.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("run_id", metavar="RUN")
@as_json
def stop(**options: Any) -> None:
    """Stop a run that is waiting or computing."""
    from morgen.faces.cli import runs

    runs.stop(**options)


@cli.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@PORT
@click.option("--host", default="127.0.0.1", show_default=True, help="Address of this machine to listen on.")
@click.option("--open/--no-open", "browse", default=True, show_default=True, help="Open a browser.")
@as_json
def serve(**options: Any) -> None:
    """Show the twin in DIR in the browser: the map, and the API for programs. Ctrl-C stops it."""
    from morgen.faces.cli import serve as face

    face.serve(**options)


@cli.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--seed", type=click.IntRange(min=0), default=7, show_default=True, help="Which wijk it is.")
@click.option("--km2", type=float, default=1.0, show_default=True, help="Surface, 0.1 to 25 km2.")
@click.option("--quirks", is_flag=True, help="Write it with the faults that real deliveries have.")
@click.option("--force", is_flag=True, help="Replace what is in DIR.")
@as_json
def sample(**options: Any) -> None:
    """Write the sample wijk into DIR: a fictitious place, in exactly the national file formats."""
    from morgen.faces.cli import sample as face

    face.sample(**options)


@cli.command()
@click.option(
    "--out",
    "folder",
    metavar="DIR",
    type=FOLDER,
    default=Path("morgen-demo"),
    show_default=True,
    help="Folder for the sample, its twin and the answers.",
)
@click.option("--serve/--no-serve", default=True, show_default=True, help="Show it in the browser afterwards.")
@PORT
@as_json
def demo(**options: Any) -> None:
    """Make the sample neighbourhood, let 70 mm of rain fall on it in one hour, and show what happens."""
    from morgen.faces.cli import demo as face

    face.demo(**options)


@cli.group()
def norms() -> None:
    """List, show, check and compare sets of norms for facilities. SET is an id, or the path of a .toml file."""


@norms.command(name="list")
@as_json
def list_norms(**options: Any) -> None:
    """List the sets that come with Morgen."""
    from morgen.faces.cli import norms as face

    face.list_sets(**options)


@norms.command(name="show")
@click.argument("name", metavar="SET")
@as_json
def show_norms(**options: Any) -> None:
    """Show one set."""
    from morgen.faces.cli import norms as face

    face.show(**options)


@norms.command(name="check")
@click.argument("name", metavar="SET")
@as_json
def check_norms(**options: Any) -> None:
    """Say what is wrong with a set, and which values are still to be confirmed."""
    from morgen.faces.cli import norms as face

    face.check(**options)


@norms.command(name="diff")
@click.argument("one", metavar="SET")
@click.argument("other", metavar="SET")
@as_json
def diff_norms(**options: Any) -> None:
    """Say facility by facility how two sets differ."""
    from morgen.faces.cli import norms as face

    face.diff(**options)


@cli.command()
@click.argument("folder", metavar="[DIR]", type=FOLDER, required=False)
@click.option("--programme", type=FOLDER, help="TOML file with the dwellings by type and year.")
@click.option("--dwellings", type=int, help="Number of dwellings, when there is no programme.")
@click.option("--residents", type=int, help="Number of residents, when there is no programme.")
@click.option("--site-area", type=float, help="The area that is planned, m2, when there is no programme.")
@click.option("--paved-area", type=float, help="Roofs and paving on plots, m2, when there is no programme.")
@click.option("--norms", multiple=True, required=True, metavar="SET", help="A set of norms; may be given again.")
@click.option("--year", type=int, help="Year to look at [default: when the last dwellings are finished].")
@click.option("--scenario", default="", metavar="NAME", help="Look at the twin with this scenario applied.")
@click.option("--out", type=FOLDER, help="Folder for a report: balance.html, balance.csv, balance.json, picture.")
@click.option(
    "--lang",
    "language",
    type=click.Choice(["nl", "en"]),
    default="nl",
    show_default=True,
    help="Language of the report.",
)
@as_json
def balance(**options: Any) -> None:
    """Say what a wijk needs under a set of norms, what is there, and what is short."""
    from morgen.faces.cli import balance as face

    face.balance(**options)


@cli.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--facility", required=True, help="What comes: school, library, huisarts, play-area ...")
@click.option("--k", type=click.IntRange(1, 100), help="How many new ones [default: 1].")
@click.option(
    "--objective",
    type=click.Choice(["median", "center", "cover", "set_cover"]),
    help="Least mean or farthest distance, most people in the radius, or fewest places [default: median].",
)
@click.option("--radius", type=float, help="Distance that counts as within reach, m [default: 800].")
@click.option(
    "--candidates",
    type=click.Choice(["auto", "plots", "buildings", "green"]),
    help="Where it can come [default: plots of a redevelopment, or else large buildings].",
)
@click.option("--capacity", type=float, help="Residents that a new place can serve [default: any number].")
@click.option("--scenario", metavar="NAME", default="", help="Look with the measures of a scenario.")
@as_json
def locate(**options: Any) -> None:
    """Find where a new facility comes best on the twin in DIR, beside those that are there."""
    from morgen.faces.cli import locate as face

    face.locate(**options)


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit code; errors become one sentence on standard error."""
    machine = "--json" in arguments
    try:
        cli.main(args=arguments, prog_name="morgen", standalone_mode=False)
    except MorgenError as error:
        _say(type(error).__name__, str(error), machine=machine)
        return exit_code(error)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        _say("UsageError", _usage_sentence(error), machine=machine)
        return USAGE
    except BrokenPipeError:  # whoever read our output, such as `head`, has seen enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for the flush at exit
        return 0
    except (KeyboardInterrupt, click.Abort):
        stopped = DismissedError("stopped by the keyboard.")
        _say("DismissedError", str(stopped), machine=machine)
        return exit_code(stopped)
    return 0


def _usage_sentence(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    hint = f" (see `{context.command_path} --help`)" if context else ""
    return error.format_message().rstrip(".") + hint


def _say(kind: str, sentence: str, *, machine: bool) -> None:
    if machine:
        click.echo(json.dumps({"error": {"type": kind, "message": sentence}}, ensure_ascii=False), err=True)
    else:
        click.echo(f"morgen: {sentence}", err=True)
