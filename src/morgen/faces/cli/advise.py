"""``morgen advise``: what can be done about it within a budget."""

import json
from pathlib import Path
from typing import Any

import click

from morgen.core.errors import ParameterError
from morgen.faces.cli.printing import print_json
from morgen.faces.cli.progress import progress_bar
from morgen.faces.report import text
from morgen.services.advice.advise import Question
from morgen.services.advice.nouns import Advice, BudgetAdvice
from morgen.services.advice.on_twin import advise_twin
from morgen.services.twin import Twin

__all__ = ["advise"]

SECONDS_PER_MINUTE = 60.0


def advise(
    *,
    folder: Path,
    budgets: tuple[float, ...],
    objective: str,
    model: str,
    measures: str,
    values: tuple[str, ...],
    candidates: int,
    workers: int,
    time_limit: float | None,
    as_json: bool,
) -> None:
    """Search, verify, and print."""
    question = Question(
        budgets=budgets,
        objective=objective,
        model=model,
        parameters=dict(map(_value, values)),
        kinds=tuple(kind.strip() for kind in measures.split(",") if kind.strip()),
        candidates=candidates,
        workers=workers,
        time_limit=float("inf") if time_limit is None else SECONDS_PER_MINUTE * time_limit,
    )
    twin = Twin.open(folder)
    with progress_bar(show=not as_json) as progress:
        found = advise_twin(twin, question, on_progress=progress)
    if as_json:
        print_json(found.to_json())
        return
    click.echo(_head(found))
    for budget in found.budgets:
        click.echo("\n" + _paragraph(found, budget))


def _value(given: str) -> tuple[str, Any]:
    name, equals, value = given.partition("=")
    if not equals:
        raise ParameterError(f"--set is {given!r}, but it must be NAME=VALUE, such as rain=90")
    try:
        return name.replace("-", "_"), json.loads(value)
    except ValueError:
        return name.replace("-", "_"), value


def _head(found: Advice) -> str:
    coarse, fine = found.cell_sizes
    stopped = "" if found.complete else " The search was stopped before its end."
    return (
        f"Without measures: {found.before:g} ({found.objective}); run {found.base_run or 'not kept'}.\n"
        f"{found.candidates} sites, {found.runs} quick runs on cells of {coarse:g} m, {found.verifications} runs"
        f" on {fine:g} m, {found.seconds / SECONDS_PER_MINUTE:.1f} min.{stopped}"
    )


def _paragraph(found: Advice, budget: BudgetAdvice) -> str:
    title = f"Budget {budget.budget:,.0f} euro: "
    if budget.effect is None or not budget.measures:
        return title + budget.remark + "."
    band = "" if budget.band is None else f" ({budget.band[0]:g} to {budget.band[1]:g})"
    cost = f"{budget.cost:,.0f} euro ({budget.cost_low:,.0f} to {budget.cost_high:,.0f})"
    effect = f"{budget.effect:g} {found.unit}{band}"
    lines = [f"{title}{effect} for {cost}; scenario {budget.scenario}, run {budget.run}"]
    if budget.marginal is not None:
        lines.append(f"{budget.marginal:.3g} {found.unit} for each 100,000 euro more")
    lines += [f"{storm.name}: {storm.before:g} without, {storm.after:g} with" for storm in budget.storms]
    if budget.robust is not None and budget.robust.scenario != budget.scenario:
        lines.append(
            f"most robust: scenario {budget.robust.scenario}, {budget.robust.least:g} to {budget.robust.most:g}"
        )
    rows = [
        [item.kind, item.site, f"{item.cost:,.0f}", f"{item.gain:.1f}", item.reason] for item in budget.measures
    ]
    lines.append(text.table(rows, head=["measure", "site", "euro", "gain", "why"]))
    return "\n".join(lines)
