"""``morgen fit``: whether a programme fits on the plots of a twin, why not, and what else can be done."""

from pathlib import Path
from typing import Any

import click

from morgen.core.run import RunState
from morgen.faces.cli.parameters import read_table
from morgen.faces.cli.printing import print_json
from morgen.faces.cli.progress import progress_bar
from morgen.faces.cli.runs import raise_for_state
from morgen.faces.report.fit import fit_answer
from morgen.services.fit import FitQuestion, save_plan
from morgen.services.fit import fit as fit_twin
from morgen.services.result import RunResult
from morgen.services.twin import Twin

__all__ = ["fit"]


def fit(
    *,
    folder: Path,
    programme: Path | None,
    norms: str,
    prices: Path | None,
    flood: str,
    scenario: str,
    save_as: str,
    as_json: bool,
    **options: Any,
) -> None:
    """Fit a programme and print the answer."""
    given = {name: value for name, value in options.items() if value is not None}
    if prices is not None:
        given["prices"] = read_table("prices", prices)
    question = FitQuestion(programme=programme, norms=norms, flood=flood, scenario=scenario, options=given)
    twin = Twin.open(folder)
    with progress_bar(show=not as_json) as progress:
        result = fit_twin(twin, question, on_progress=progress)
    raise_for_state(result)
    saved = save_plan(twin, result, save_as) if save_as else None
    if as_json:
        print_json(_document(result) | {"scenario": None if saved is None else saved.name})
        return
    click.echo(fit_answer(result))
    if saved is not None:
        click.echo(
            f"\nKept as the scenario {saved.name}, of {len(saved.measures)} measures. See what rain does there:"
            f" `morgen run {folder} pluvial-flood --scenario {saved.name}`."
        )


def _document(result: RunResult) -> dict[str, Any]:
    assert result.state is RunState.SUCCESSFUL
    answer = {"answer": result.output("answer").to_json(), "front": result.output("front").to_json()}
    return result.summary() | answer
