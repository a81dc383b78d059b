"""``morgen locate``: where a new facility comes best."""

from pathlib import Path
from typing import Any

import click

from morgen.faces.cli.printing import print_json
from morgen.faces.cli.progress import progress_bar
from morgen.faces.cli.runs import raise_for_state
from morgen.faces.report import text
from morgen.services.locate import locate_facility

__all__ = ["locate"]


def locate(*, folder: Path, facility: str, scenario: str, as_json: bool, **options: Any) -> None:
    """Find the best places for a facility and print them."""
    asked = {name: value for name, value in options.items() if value is not None}
    with progress_bar(show=not as_json) as progress:
        found = locate_facility(folder, facility=facility, scenario=scenario, on_progress=progress, **asked)
    if as_json:
        print_json(found.result.summary() | {"siting": found.document})
    else:
        if found.document:
            click.echo(_places(found.document) + "\n")
        click.echo(text.answer(found.result))
    raise_for_state(found.result)


def _places(document: dict[str, Any]) -> str:
    """Return the places in their order, the new ones first."""
    rows = [
        [row["site_id"], row["kind"], f"{row['x']:.0f}", f"{row['y']:.0f}", _count(row), _metres(row)]
        for row in document["chosen"]
    ]
    there = ", ".join(document["existing"]) or "none"
    head = ["place", "kind", "x", "y", "residents", "mean walk"]
    chosen = text.table(rows, head=head, right=[2, 3, 4, 5]) if rows else "No new place is needed."
    return f"New places for a {document['facility']} ({document['objective']})\n{chosen}\n\nThere now: {there}"


def _count(row: dict[str, Any]) -> str:
    return "-" if row["residents"] is None else f"{row['residents']:,}"


def _metres(row: dict[str, Any]) -> str:
    return "-" if row["mean_distance"] is None else f"{row['mean_distance']:,.0f} m"
