"""The documents of the scene as named schemas; see ``schemas`` for how to read them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from morgen.faces.http.schemas import DATE, Document, Translated

__all__ = ["Scene", "Trees"]


class SceneGrid(Document):
    """The cells that everything is computed on, in RD New."""

    west: float
    south: float
    east: float
    north: float
    cell_size: float
    """m"""
    rows: int
    columns: int


class SceneLinks(Document):
    """Where the parts of the scene are; null for what this twin lacks."""

    terrain: str | None
    ground: str | None
    water: str | None
    trees: str | None
    decks: str | None
    buildings: str | None
    """The tileset in the frame of the scene."""


class SceneSource(Document):
    """A source that a layer was made from."""

    title: str
    attribution: str
    licence: str
    date: str = DATE
    """Date, month or year of the data (ISO 8601), or empty."""
    state: Literal["ok", "stale", "failed"]
    problem: str
    """Why it failed, or a remark to read; empty when there is none."""
    sha256: str
    fetched_at: datetime | None


class SceneLayer(Document):
    """A layer of the situation, also when it could not be made."""

    name: str
    title: str
    unit: str
    """Unit of the values of a raster; empty for features."""
    count: int
    problem: str
    """Why the layer is missing; empty when it is there."""
    collection: str | None
    """Id of the collection with its features."""
    sources: list[SceneSource]


class LandCoverClass(Document):
    """A colour of the ground."""

    theme: str
    colour: str
    title: Translated


class DepthClass(Document):
    """A colour of the water."""

    from_: float = Field(alias="from")
    """m"""
    to: float | None
    """m; null for the deepest class."""
    colour: str


class ShareClass(Document):
    """A colour of the map that tells how many members of an ensemble are under water."""

    from_: float = Field(alias="from")
    """Share, 0 to 1; itself not in the class."""
    to: float
    """Share, 0 to 1; in the class."""
    colour: str


class AreaGeometry(Document):
    """The area as a GeoJSON polygon in RD New."""

    type: Literal["Polygon", "MultiPolygon"]
    coordinates: list[Any]


class Scene(Document):
    """What the viewer draws. As long as the situation is not gathered, there is only its state."""

    title: str
    state: Literal["ready", "gathering", "failed"]
    progress: float | None = Field(None, ge=0, le=1)
    message: str | None = None
    date: str | None = Field(None, json_schema_extra={"format": "date-or-part"})
    """Date, month or year of the youngest source (ISO 8601), or empty."""
    content_hash: str | None = None
    generated: bool | None = None
    """Whether the data were generated, as those of the sample neighbourhood are."""
    origin: list[float] | None = Field(None, min_length=3, max_length=3)
    """Zero point of the scene in RD New and NAP, m: local = RD - origin."""
    grid: SceneGrid | None = None
    area: AreaGeometry | None = None
    links: SceneLinks | None = None
    layers: list[SceneLayer] | None = None
    land_cover: list[LandCoverClass] | None = None
    depth_classes: list[DepthClass] | None = None
    share_classes: list[ShareClass] | None = None
    attribution: list[str] | None = None


class Trees(Document):
    """Trees in local coordinates."""

    trees: list[list[float]]
    """x, y, z of the ground and height of each, m."""
