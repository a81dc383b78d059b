"""The base of all nouns: frozen, equal by value, to and from JSON, hashed by content."""

import hashlib
import json
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

__all__ = ["Noun", "Text", "canonical_json", "content_hash"]


def canonical_json(value: Any) -> bytes:
    """Encode ``value`` as JSON with sorted keys and no spaces, so that equal values give equal bytes.

    Raises ``ValueError`` for NaN and infinity, which JSON does not have.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def content_hash(value: Any) -> str:
    """Return the sha256 (64 hex digits) of bytes, or of the canonical JSON of any other value."""
    data = value if isinstance(value, bytes) else canonical_json(value)
    return hashlib.sha256(data).hexdigest()


class Noun(BaseModel):
    """A frozen value with a JSON form and a content hash."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form, made of dicts, lists, strings, numbers, booleans and None only."""
        return self.model_dump(mode="json")

    @classmethod
    def from_json(cls, document: Any) -> Self:
        """Read the JSON form back; raises ``pydantic.ValidationError`` when it does not fit."""
        return cls.model_validate(document)

    @property
    def content_hash(self) -> str:
        """The sha256 of the canonical JSON form."""
        return content_hash(self.to_json())


class Text(Noun):
    """A text for people, in the languages of the house."""

    nl: str
    """Dutch, at level B1."""
    en: str
