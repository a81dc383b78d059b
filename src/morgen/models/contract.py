"""The model contract: ``@model`` turns a typed function and its card into a ``Model``."""

import functools
import inspect
import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from morgen.core.errors import ParameterError
from morgen.core.model import Card, Interface, Model, Preset, Result, RunContext
from morgen.core.situation import Situation
from morgen.core.units import Unit

__all__ = ["load_card", "load_presets", "model", "parameter_unit", "validate_parameters"]


def model(
    *,
    id: str,
    version: str,
    interface: Interface,
    card: Card,
    tables: Mapping[str, str] | None = None,
    presets: tuple[Preset, ...] = (),
) -> Callable[[Callable[..., Result]], Model]:
    """Declare a model.

    The function's first parameter is the ``Situation``; keyword-only ``run`` is the ``RunContext``; every other
    parameter has a default and is annotated with its type, ``Unit``, range and description. Raises
    ``TypeError`` at import when a declaration breaks these rules. Calling the model checks the parameters first,
    as ``validate_parameters`` does. ``tables`` gives, for each parameter that is a table, the TOML text of its
    default; ``presets`` are named choices of parameters.
    """

    def declare(function: Callable[..., Result]) -> Model:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def checked(situation: Situation, *args: Any, run: RunContext, **given: Any) -> Result:
            by_place = dict(signature.bind_partial(situation, *args).arguments)
            del by_place["situation"]
            values = validate_parameters(declared, {**by_place, **given})
            return function(
                situation, **{name: getattr(values, name) for name in type(values).model_fields}, run=run
            )

        declared = Model(
            id=id,
            version=version,
            interface=interface,
            card=card,
            parameters=_parameter_model(id, function),
            function=checked,
            tables=dict(tables or {}),
            presets=presets,
        )
        return declared

    return declare


def _parameter_model(model_id: str, function: Callable[..., Any]) -> type[BaseModel]:
    hints = get_type_hints(function, include_extras=True)
    situation, *rest = inspect.signature(function).parameters.values()
    if situation.name != "situation":
        raise TypeError(f"model {model_id!r}: the first parameter is called 'situation', not {situation.name!r}")
    fields: dict[str, Any] = {}
    has_run = False
    for parameter in rest:
        if parameter.name == "run":
            has_run = parameter.kind is inspect.Parameter.KEYWORD_ONLY
            continue
        if parameter.default is inspect.Parameter.empty:
            raise TypeError(f"model {model_id!r}: parameter {parameter.name!r} needs a default")
        fields[parameter.name] = (hints[parameter.name], parameter.default)
    if not has_run:
        raise TypeError(f"model {model_id!r}: the keyword-only parameter 'run' is missing")
    name = "".join(part.title() for part in model_id.split("-")) + "Parameters"
    created: type[BaseModel] = create_model(
        name, __config__=ConfigDict(extra="forbid", frozen=True, validate_default=True), **fields
    )
    for field_name, field in created.model_fields.items():
        if not field.description:
            raise TypeError(f"model {model_id!r}: parameter {field_name!r} needs Field(description=...)")
    return created


def parameter_unit(parameters: type[BaseModel], name: str) -> str:
    """Return the unit symbol of a parameter, or an empty string when it has none."""
    for item in parameters.model_fields[name].metadata:
        if isinstance(item, Unit):
            return item.symbol
    return ""


def validate_parameters(declared: Model, given: Mapping[str, Any]) -> BaseModel:
    """Check ``given`` against the declaration and fill in defaults.

    Raises ``ParameterError`` with one sentence: the parameter, the value, what is allowed.
    """
    try:
        return declared.parameters.model_validate(dict(given))
    except ValidationError as error:
        raise ParameterError(_first_problem(declared, error)) from error


def _first_problem(declared: Model, error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    path = ".".join(str(part) for part in problem["loc"])
    name = str(problem["loc"][0]) if problem["loc"] else ""
    fields = declared.parameters.model_fields
    if problem["type"] == "extra_forbidden":
        return f"{declared.id} has no parameter {name!r}; it has {', '.join(fields)}"
    unit = parameter_unit(declared.parameters, name) if name in fields else ""
    value = f"{problem['input']!r} {unit}".strip()
    allowed = _allowed_range(declared.parameters, name, unit) if problem["type"] in _RANGE_PROBLEMS else ""
    sentence = allowed or problem["msg"][0].lower() + problem["msg"][1:]
    return f"parameter {path!r} of {declared.id} is {value}, but {sentence}"


_RANGE_PROBLEMS = ("greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number")
_RANGE_WORDS = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most"}


def _allowed_range(parameters: type[BaseModel], name: str, unit: str) -> str:
    limits = [
        f"{words} {getattr(item, key):g}"
        for item in parameters.model_fields[name].metadata
        for key, words in _RANGE_WORDS.items()
        if getattr(item, key, None) is not None
    ]
    return f"it should be {' and '.join(limits)} {unit}".strip() if limits else ""


def load_card(package: str, filename: str = "card.toml") -> Card:
    """Read the card that lies beside a model's code; raises ``pydantic.ValidationError`` when it is incomplete."""
    text = (files(package) / filename).read_text(encoding="utf-8")
    return Card.from_json(tomllib.loads(text))


def load_presets(package: str, filename: str = "presets.toml") -> tuple[Preset, ...]:
    """Read the named choices of parameters that lie beside a model's code, in the order of the file.

    Raises ``pydantic.ValidationError`` when one is incomplete.
    """
    document = tomllib.loads((files(package) / filename).read_text(encoding="utf-8"))
    return tuple(Preset.from_json({"id": name, **preset}) for name, preset in document.items())
