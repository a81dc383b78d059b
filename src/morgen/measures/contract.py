"""The measure contract: ``@measure`` turns a typed function into a ``MeasureKind``."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from morgen.core.errors import MeasureError
from morgen.core.measure import Cost, Drawing, GeometryKind, MeasureKind, Rule
from morgen.core.noun import Text
from morgen.core.situation import Situation
from morgen.core.units import Unit

__all__ = ["measure", "parameter_unit", "validate"]

_RANGE_WORDS = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most"}


def measure(
    *,
    id: str,
    title: tuple[str, str],
    geometry: tuple[GeometryKind, ...],
    cost: Cost,
    maintenance: str,
    side_effects: Mapping[str, str],
    drawing: Drawing,
    demands: tuple[Rule, ...] = (),
    advice: tuple[Rule, ...] = (),
    volume: Callable[[Situation, Any, Any], float] | None = None,
    occupies: str = "ground",
    idempotent: bool = False,
) -> Callable[[Callable[..., Situation]], MeasureKind]:
    """Declare a measure.

    The function takes the situation and the geometry (shapely, RD New), then keyword-only parameters, each with a
    default, type, ``Unit``, range and description; it returns the changed situation and leaves the given one as
    it was. ``title`` is (Dutch, English). Raises ``TypeError`` at import when a declaration breaks these rules.
    """

    def declare(function: Callable[..., Situation]) -> MeasureKind:
        return MeasureKind(
            id=id,
            title=Text(nl=title[0], en=title[1]),
            meaning=inspect.getdoc(function) or "",
            geometry=geometry,
            parameters=_parameter_model(id, function),
            function=function,
            cost=cost,
            maintenance=maintenance,
            side_effects=side_effects,
            drawing=drawing,
            demands=demands,
            advice=advice,
            volume=volume,
            occupies=occupies,
            idempotent=idempotent,
        )

    return declare


def validate(kind: MeasureKind, given: Mapping[str, Any]) -> BaseModel:
    """Check parameters and fill in defaults; raises ``MeasureError`` with the value and what is allowed."""
    try:
        return kind.parameters.model_validate(dict(given))
    except ValidationError as error:
        raise MeasureError(_first_problem(kind, error)) from error


def parameter_unit(kind: MeasureKind, name: str) -> str:
    """Return the unit symbol of a parameter, or an empty string when it has none."""
    found = kind.parameters.model_fields[name].metadata
    return next((item.symbol for item in found if isinstance(item, Unit)), "")


def _parameter_model(kind_id: str, function: Callable[..., Any]) -> type[BaseModel]:
    hints = get_type_hints(function, include_extras=True)
    signature = list(inspect.signature(function).parameters.values())
    if [item.name for item in signature[:2]] != ["situation", "geometry"]:
        raise TypeError(f"measure {kind_id!r}: the first parameters are 'situation' and 'geometry'")
    fields: dict[str, Any] = {}
    for item in signature[2:]:
        if item.kind is not inspect.Parameter.KEYWORD_ONLY or item.default is inspect.Parameter.empty:
            raise TypeError(f"measure {kind_id!r}: {item.name!r} must be keyword-only, with a default")
        fields[item.name] = (hints[item.name], item.default)
    name = "".join(part.title() for part in kind_id.split("-")) + "Parameters"
    config = ConfigDict(extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False)
    created: type[BaseModel] = create_model(name, __config__=config, **fields)
    for field_name, field in created.model_fields.items():
        if not field.description:
            raise TypeError(f"measure {kind_id!r}: parameter {field_name!r} needs Field(description=...)")
    return created


def _first_problem(kind: MeasureKind, error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    name = str(problem["loc"][0]) if problem["loc"] else ""
    fields = kind.parameters.model_fields
    if problem["type"] == "extra_forbidden":
        return f"{kind.id} has no attribute {name!r}; it has {', '.join(fields) or 'none'}"
    unit = parameter_unit(kind, name) if name in fields else ""
    value = f"{problem['input']!r} {unit}".strip()
    message = problem["msg"][0].lower() + problem["msg"][1:]
    allowed = (_allowed(kind, name) + f" {unit}").strip() if name in fields and _allowed(kind, name) else message
    return f"attribute {name!r} of {kind.id} is {value}, but {allowed}"


def _allowed(kind: MeasureKind, name: str) -> str:
    limits = [
        f"{words} {getattr(item, key):g}"
        for item in kind.parameters.model_fields[name].metadata
        for key, words in _RANGE_WORDS.items()
        if getattr(item, key, None) is not None
    ]
    return f"it should be {' and '.join(limits)}" if limits else ""
