"""Which properties of a layer can be filtered on, and which rows have a value. Imported inside functions only."""

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from morgen.core.errors import InputError

__all__ = ["has_value", "json_type"]

_WORDS: Final = {
    "integer": "a whole number",
    "number": "a number with a point for decimals",
    "boolean": "true or false",
}


def json_type(kind: Any) -> str:
    """Return the JSON Schema type of an Arrow type that can be filtered on, or '' for dates, lists and others."""
    if pa.types.is_dictionary(kind):
        return json_type(kind.value_type)
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_floating(kind):
        return "number"
    return "string" if pa.types.is_string(kind) or pa.types.is_large_string(kind) else ""


def has_value(column: Any, name: str, text: str) -> npt.NDArray[np.bool_]:
    """Tell for each row of a column whether its value is the one that ``text`` writes.

    An unknown value is equal to nothing. Raises ``InputError`` when ``text`` is no value of the column's type.
    """
    kind = json_type(column.type)
    try:
        value = _value(kind, text)
    except ValueError:
        raise InputError(
            f"{name} is {text!r}, but it must be {_WORDS[kind]}; change the parameter {name} in the address"
        ) from None
    found = pa.compute.fill_null(pa.compute.equal(column, pa.scalar(value)), False)
    return np.asarray(found.to_numpy(zero_copy_only=False) if isinstance(found, pa.Array) else found.to_numpy())


def _value(kind: str, text: str) -> Any:
    if kind == "boolean":
        if text not in ("true", "false"):
            raise ValueError(text)
        return text == "true"
    if kind == "integer":
        return int(text)
    if kind == "number":
        number = float(text)
        if not math.isfinite(number):
            raise ValueError(text)
        return number
    return text
