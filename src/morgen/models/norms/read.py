"""Reading norm sets: those that come with Morgen, and the municipality's own files."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from morgen.core.errors import InputError, NotFoundError
from morgen.models.norms.norm import NormSet

__all__ = ["load_norms", "read_norms", "shipped"]


def shipped() -> tuple[str, ...]:
    """Return the ids of the sets that come with Morgen, sorted."""
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in _folder().iterdir()))


def load_norms(name: str) -> NormSet:
    """Return a set by its id, or from the path of a file ending in ``.toml``.

    Raises ``NotFoundError`` for a name that is neither, ``InputError`` for a file that is no norm set.
    """
    if name.endswith(".toml"):
        return read_norms(Path(name))
    if name not in shipped():
        raise NotFoundError(
            f"there is no norm set {name!r}; there are {', '.join(shipped())}, or give the path of a file .toml"
        )
    return _parse(_folder().joinpath(f"{name}.toml").read_text(encoding="utf-8"), place=name)


def read_norms(path: Path) -> NormSet:
    """Read a norm set from a TOML file; raises ``NotFoundError`` or ``InputError`` naming norm and field."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NotFoundError(f"the norm file {path} does not exist; check the name") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the norm file {path} cannot be read as UTF-8 text: {error}") from error
    return _parse(text, place=str(path))


def _folder() -> Any:
    return files("morgen.models.norms").joinpath("sets")


def _parse(text: str, *, place: str) -> NormSet:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"the norm file {place} is not TOML: {error}") from error
    try:
        return NormSet.from_json(document)
    except ValidationError as error:
        raise InputError(_sentence(error, document, place)) from error


def _sentence(error: ValidationError, document: dict[str, Any], place: str) -> str:
    """Name the norm by its id and the field by its name; a row number alone does not find it in a long file."""
    first = error.errors(include_url=False)[0]
    where = [str(part) for part in first["loc"]]
    if len(where) > 1 and where[0] == "norms":
        row = document["norms"][int(where[1])]
        name = row.get("id", "without an id") if isinstance(row, dict) else "that is no table"
        where = [f"norm {int(where[1]) + 1} ({name})", *where[2:]]
    message = first["msg"].removeprefix("Value error, ")
    given = "" if first["type"] in {"missing", "value_error"} else f", not {first['input']!r}"
    return (
        f"the norm file {place} is wrong at {', '.join(where) or 'the set'}: {message}{given}; see docs/norms.md"
    )
