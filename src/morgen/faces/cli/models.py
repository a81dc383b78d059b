"""``morgen models``: what is installed, and what each model needs and is good for."""

from collections.abc import Mapping
from typing import Any

import click

from morgen.core.errors import ParameterError
from morgen.core.model import Model
from morgen.faces.cli.parameters import describe_range
from morgen.faces.cli.printing import print_json
from morgen.faces.report.text import table
from morgen.models.contract import parameter_unit
from morgen.models.registry import get_model, model_ids

__all__ = ["models"]


def models(*, model_id: str | None, table: str | None, as_json: bool) -> None:
    """List the models, describe one, or print one of its tables."""
    if model_id is None:
        _list(as_json=as_json)
    elif table is not None:
        click.echo(_table_text(get_model(model_id), table))
    else:
        _describe(get_model(model_id), as_json=as_json)


def _list(*, as_json: bool) -> None:
    found = [get_model(model_id) for model_id in model_ids()]
    if as_json:
        print_json([_summary(declared) for declared in found])
        return
    rows = [[item.id, item.version, item.interface.id, item.card.title] for item in found]
    click.echo(table(rows, head=["model", "version", "interface", "title"]))


def _describe(declared: Model, *, as_json: bool) -> None:
    if as_json:
        document = _summary(declared) | {
            "card": declared.card.to_json(),
            "interface": declared.interface.to_json(),
            "parameters": declared.parameters.model_json_schema(),
            "presets": [preset.to_json() for preset in declared.presets],
        }
        print_json(document)
        return
    click.echo(f"{declared.id} {declared.version} ({declared.interface.id})\n")
    for name, sentence in declared.card.to_json().items():
        click.echo(f"{name.replace('_', ' ')}: {sentence}\n")
    rows = [
        [name, parameter_unit(declared.parameters, name), describe_range(field), str(field.description)]
        for name, field in declared.parameters.model_fields.items()
    ]
    click.echo(table(rows, head=["parameter", "unit", "allowed", "meaning"]))
    if declared.presets:
        chosen = [[item.id, _options(item.parameters), item.meaning.en, item.source] for item in declared.presets]
        click.echo("\n" + table(chosen, head=["preset", "parameters", "meaning", "source"]))


def _summary(declared: Model) -> dict[str, Any]:
    return {
        "id": declared.id,
        "version": declared.version,
        "interface": declared.interface.id,
        "title": declared.card.title,
        "purpose": declared.card.purpose,
    }


def _options(parameters: Mapping[str, Any]) -> str:
    return " ".join(f"--{name.replace('_', '-')} {_short(value)}" for name, value in parameters.items())


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _table_text(declared: Model, name: str) -> str:
    """Return the default of a table parameter as the TOML file that its package carries."""
    text = declared.tables.get(name)
    if text is None:
        have = ", ".join(declared.tables) or "none"
        raise ParameterError(f"{declared.id} has no table {name!r}; it has {have}")
    return text
