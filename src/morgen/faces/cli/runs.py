"""``morgen run``, ``runs``, ``show`` and ``stop``."""

from pathlib import Path
from typing import Any

import click

from morgen.core.errors import DismissedError, RunError
from morgen.core.run import RunState
from morgen.faces.cli.parameters import given_parameters
from morgen.faces.cli.printing import print_json
from morgen.faces.cli.progress import progress_bar
from morgen.faces.report import text
from morgen.faces.report.pictures import pictures_of
from morgen.models.registry import get_model
from morgen.services.result import RunResult
from morgen.services.twin import Twin

__all__ = ["list_runs", "origin", "print_result", "raise_for_state", "run", "show", "stop"]


def run(
    *, folder: Path, model_id: str, scenario: str = "", flood: str = "", as_json: bool, **options: Any
) -> None:
    """Compute a model and print its answer."""
    twin = Twin.open(folder)
    given = given_parameters(options, get_model(model_id))
    with progress_bar(show=not as_json) as progress:
        result = twin.run(model_id, scenario=scenario, flood=flood, on_progress=progress, **given)
    print_result(result, as_json=as_json)
    raise_for_state(result)


def list_runs(*, folder: Path, as_json: bool) -> None:
    """List the runs of a twin."""
    results = Twin.open(folder).runs()
    if as_json:
        print_json([_row(result) for result in results])
    else:
        click.echo(text.run_list(results))


def show(*, folder: Path, run_id: str, as_json: bool) -> None:
    """Show one run, with what it was made of."""
    result = Twin.open(folder).get_run(run_id)
    if as_json:
        print_json(result.run.to_json() | {"folder": str(result.folder)})
        return
    click.echo(text.answer(result))
    click.echo("\n" + text.meanings(result.indicators))
    click.echo("\n" + text.provenance(result))


def origin(*, folder: Path, run_id: str, x: float, y: float, as_json: bool) -> None:
    """Tell what drains to a place in a run."""
    from morgen.services.origin import explain_origin

    found = explain_origin(Twin.open(folder).get_run(run_id), x, y)
    if as_json:
        print_json(found.to_json())
        return
    click.echo(
        f"At {x:g}, {y:g} stand {found.water_volume:,.0f} m3 of water together, on {found.water_area:,.0f} m2.\n"
        f"To it drain {found.ground_area:,.0f} m2 of ground and {found.roof_area:,.0f} m2 of roof, of "
        f"{len(found.buildings)} buildings.\n{found.method}"
    )


def stop(*, folder: Path, run_id: str, as_json: bool) -> None:
    """Stop a run."""
    result = Twin.open(folder).stop(run_id)
    if as_json:
        print_json(_row(result))
    else:
        click.echo(f"Run {result.id} is {result.state}.")


def print_result(result: RunResult, *, as_json: bool) -> None:
    """Draw the pictures of a successful run and print its answer."""
    pictures = pictures_of(result) if result.state is RunState.SUCCESSFUL else {}
    if as_json:
        summary = result.summary()
        summary["outputs"] |= {name: str(path) for name, path in pictures.items()}
        print_json(summary)
        return
    click.echo(text.answer(result))
    if pictures:
        click.echo("\nPictures\n" + "\n".join(f"  {path}" for path in pictures.values()))


def raise_for_state(result: RunResult) -> None:
    """Raise the error that belongs to a run that did not end well."""
    sentence = f"run {result.id} is {result.state}: {result.run.message}"
    if result.state is RunState.DISMISSED:
        raise DismissedError(sentence)
    if result.state is not RunState.SUCCESSFUL:
        raise RunError(sentence)


def _row(result: RunResult) -> dict[str, Any]:
    run = result.run.to_json()
    return {
        "run": result.id,
        "model": result.run.manifest.model,
        "version": result.run.manifest.version,
        "parameters": run["manifest"]["parameters"],
        **{key: run[key] for key in ("state", "progress", "message", "created_at", "started_at", "ended_at")},
    }
