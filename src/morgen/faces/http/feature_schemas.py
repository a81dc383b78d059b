"""The documents of collections as named schemas, from which the OpenAPI description is made."""

from typing import Literal

from pydantic import Field

from morgen.faces.http.schemas import DATE, Document, Link

__all__ = ["CollectionDescription", "CollectionList"]


class SpatialExtent(Document):
    """Where the features are."""

    bbox: list[list[float]]
    """One box: west, south, east, north in degrees."""
    crs: str


class TemporalExtent(Document):
    """From when the features are."""

    interval: list[list[str | None]]
    """One period: its first and its last moment (RFC 3339)."""
    trs: str


class Extent(Document):
    """Where the features are, and from when; absent where that is not known."""

    spatial: SpatialExtent | None = None
    temporal: TemporalExtent | None = None


class SourceDescription(Document):
    """A source that the features come from."""

    id: str
    title: str
    attribution: str
    """Whom to name on maps and in reports."""
    licence: str
    date: str = DATE
    """Date that the data carry (ISO 8601), or empty."""
    state: Literal["ok", "stale", "failed"]
    sha256: str
    fetched_at: str | None
    problem: str


class CollectionDescription(Document):
    """A collection of features."""

    id: str
    title: str
    description: str
    extent: Extent
    item_type: Literal["feature"]
    crs: list[str]
    storage_crs: str
    number_of_features: int = Field(ge=0)
    sources: list[SourceDescription]
    links: list[Link]


class CollectionList(Document):
    """All collections."""

    links: list[Link]
    crs: list[str]
    collections: list[CollectionDescription]
