"""The parameters of a model as options of the command line, made from its declaration."""

import json
import tomllib
from pathlib import Path
from typing import Any, get_args

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from morgen.core.errors import ParameterError
from morgen.core.model import Model
from morgen.models.registry import get_model, model_ids

__all__ = ["describe_range", "given_parameters", "model_named_in", "parameter_options", "read_table"]


def model_named_in(words: list[str]) -> Model | None:
    """Return the installed model that one of the words of a command line names."""
    named = next((word for word in words if word in model_ids()), None)
    return get_model(named) if named else None


def parameter_options(declared: Model) -> list[click.Option]:
    """Return one option per parameter; values stay text, because the model's own declaration checks them."""
    options = []
    for name, field in declared.parameters.model_fields.items():
        flag = f"--{name.replace('_', '-')}"
        options.append(click.Option([flag, f"parameter_{name}"], metavar=_metavar(field), help=_help(field)))
    return options


def given_parameters(options: dict[str, Any], declared: Model) -> dict[str, Any]:
    """Return the parameters that were given, with files read and lists split; raises ``ParameterError``."""
    given = {}
    for name, field in declared.parameters.model_fields.items():
        text = options.get(f"parameter_{name}")
        if text is not None:
            given[name] = _value(name, text, field)
    return given


def describe_range(field: FieldInfo) -> str:
    """Return the allowed values of a parameter in words, or an empty string."""
    words = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most"}
    limits = [
        f"{word} {getattr(item, key):g}"
        for item in field.metadata
        for key, word in words.items()
        if hasattr(item, key)
    ]
    choices = [str(choice) for choice in get_args(field.annotation) if isinstance(choice, str)]
    return " and ".join(limits) or " or ".join(choices)


def _unit(field: FieldInfo) -> str:
    symbol = next((item.symbol for item in field.metadata if hasattr(item, "symbol")), "")
    return "" if symbol == "1" else str(symbol)


def _metavar(field: FieldInfo) -> str:
    if _table_type(field):
        return "FILE"
    return _unit(field).replace("/", " per ").upper() or "VALUE"


def _help(field: FieldInfo) -> str:
    notes = [describe_range(field)]
    if field.default is not None and not isinstance(field.default, BaseModel):
        default = field.default
        shown = ",".join(f"{item:g}" for item in default) if isinstance(default, tuple) else _short(default)
        notes.append(f"default {shown} {_unit(field)}".strip())
    described = "; ".join(note for note in notes if note)
    return f"{field.description} [{described}]" if described else str(field.description)


def _short(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)


def _table_type(field: FieldInfo) -> type[BaseModel] | None:
    kinds = [field.annotation, *get_args(field.annotation)]
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def _value(name: str, text: str, field: FieldInfo) -> Any:
    if _table_type(field):
        return read_table(name, Path(text))
    if getattr(field.annotation, "__origin__", None) in (tuple, list):
        return [part.strip() for part in text.split(",")]
    if field.annotation in (int, float):
        return _number(text)
    return text


def _number(text: str) -> float | str:
    """Return the number that the text spells; what is no number stays text, for the declaration to refuse."""
    try:
        return float(text)
    except ValueError:
        return text


def read_table(name: str, path: Path) -> Any:
    """Read the TOML or JSON file of a table parameter; raises ``ParameterError``."""
    try:
        text = path.read_text(encoding="utf-8")
        return json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise ParameterError(f"the file {path} for parameter {name!r} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ParameterError(
            f"the file {path} for parameter {name!r} is not valid TOML or JSON: {error}"
        ) from error
