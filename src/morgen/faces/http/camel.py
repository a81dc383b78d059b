"""Keys of documents: snake_case inside, camelCase outside, as the API rules ask."""

import re
from typing import Any

from pydantic.alias_generators import to_camel

__all__ = ["camel", "snake"]

_HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")


def camel(value: Any) -> Any:
    """Return a JSON document with its keys in camelCase."""
    if isinstance(value, dict):
        return {to_camel(key): camel(item) for key, item in value.items()}
    return [camel(item) for item in value] if isinstance(value, list | tuple) else value


def snake(value: Any) -> Any:
    """Return a JSON document of a client with its keys in snake_case."""
    if isinstance(value, dict):
        return {_snake_key(str(key)): snake(item) for key, item in value.items()}
    return [snake(item) for item in value] if isinstance(value, list) else value


def _snake_key(key: str) -> str:
    return _HUMP.sub(lambda hump: f"_{hump[1].lower()}", key)
