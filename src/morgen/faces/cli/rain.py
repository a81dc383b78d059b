"""``morgen rain``: the named events, and rain of one's own from a file."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from morgen.core.errors import InputError
from morgen.core.model import Preset
from morgen.faces.cli.printing import print_json
from morgen.faces.report.text import table
from morgen.models.registry import get_model
from morgen.sources.rain import read_rain

__all__ = ["list_events", "read", "show"]

MODEL = "pluvial-flood"


def list_events(*, as_json: bool) -> None:
    """List the named events."""
    events = get_model(MODEL).presets
    if as_json:
        print_json([event.to_json() for event in events])
        return
    rows = [[item.id, _amount(item), _period(item), item.state, item.source] for item in events]
    click.echo(table(rows, head=["event", "rain", "once in", "state", "source"]))


def show(*, event: str, as_json: bool) -> None:
    """Print one event, step by step."""
    found = next((preset for preset in get_model(MODEL).presets if preset.id == event), None)
    if found is None:
        names = ", ".join(preset.id for preset in get_model(MODEL).presets)
        raise InputError(f"there is no rain event {event!r}; there are {names}")
    if as_json:
        print_json(found.to_json())
        return
    click.echo(f"{found.title.en}\n{found.meaning.en}\n\n{_amount(found)}, once in {_period(found)}")
    click.echo(f"source ({found.state}): {found.source}\n")
    click.echo(table(_steps(found), head=["from min", "to min", "mm"]))


def read(*, file: Path, begin: datetime | None, end: datetime | None, as_json: bool) -> None:
    """Print the rain of a file as options of ``morgen run``."""
    series = read_rain(file, begin=begin, end=end)
    pattern = [round(amount, 4) for amount in series.pattern()]
    if as_json:
        print_json(
            {
                "parameters": {"rain": series.total, "duration": series.duration, "pattern": pattern},
                "start": series.start.isoformat() if series.start else None,
                "source": series.source,
                "remarks": list(series.remarks),
            }
        )
        return
    for remark in series.remarks:
        click.echo(f"morgen: {remark}", err=True)
    shares = ",".join(f"{amount:g}" for amount in pattern)
    click.echo(f"--rain {series.total:.6g} --duration {series.duration:.6g} --pattern {shares}")


def _amount(event: Preset) -> str:
    return f"{event.parameters['rain']:g} mm in {event.parameters['duration'] * 60:.0f} min"


def _period(event: Preset) -> str:
    return f"{event.return_period:g} years" if event.return_period else "(not said)"


def _steps(event: Preset) -> list[list[str]]:
    given: dict[str, Any] = dict(event.parameters)
    parts = given.get("pattern") or [given["rain"]]
    length = given["duration"] * 60 / len(parts)
    scale = given["rain"] / sum(parts)
    return [
        [f"{number * length:g}", f"{(number + 1) * length:g}", f"{part * scale:.2f}"]
        for number, part in enumerate(parts)
    ]
