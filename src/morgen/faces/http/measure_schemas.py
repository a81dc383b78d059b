"""The documents of measures and scenarios as named schemas; see ``schemas`` for how to read them."""

from typing import Any, Literal

from pydantic import Field

from morgen.faces.http.schemas import Document, Translated

__all__ = ["MeasureKindDocument", "MeasureKindList", "ScenarioReview"]

_POSITION = Field(min_length=2, max_length=2)


class MeasureParameter(Document):
    """One value of a measure."""

    title: str
    description: str
    schema_: dict[str, Any] = Field(alias="schema")
    """Type, default and allowed values, as an OpenAPI 3.0 schema: `exclusiveMinimum` is a boolean there."""
    x_unit: str | None = Field(None, alias="x-unit")
    """Unit of the value; absent when it has none."""


class MeasureCost(Document):
    """What one unit costs to make, euro without VAT."""

    low: float
    middle: float
    high: float
    per: Literal["m2", "m", "m3", "piece"]
    source: str
    """`indicatief` when it was chosen without a hard source."""


class MeasureDrawing(Document):
    """How a viewer may draw it."""

    colour: str
    shape: Literal["basin", "surface", "roof", "block", "wall", "tree", "pipe", "marker"]
    height: float
    """Above (or below) the ground, m."""


class MeasureKindDocument(Document):
    """A kind of measure."""

    id: str
    title: Translated
    meaning: str
    geometry: list[Literal["Point", "LineString", "Polygon"]]
    """As what it may be drawn."""
    on_buildings: bool
    """Whether it is done to the buildings at its place, and not to the ground there."""
    parameters: dict[str, MeasureParameter]
    cost: MeasureCost
    maintenance: str
    side_effects: dict[str, str]
    """Theme to what it does there."""
    drawing: MeasureDrawing


class MeasureKindList(Document):
    """The kinds of measures that are installed."""

    measures: list[MeasureKindDocument]


class ReviewFinding(Document):
    """Something that a planner should know of one measure, or of a pair."""

    measures: list[str]
    """Ids of one or two measures."""
    place: list[float] = _POSITION
    """x and y in RD New, m."""
    sentence: str


class ReviewCost(Document):
    """Euro without VAT."""

    low: float
    middle: float
    high: float


class ReviewPrice(ReviewCost):
    """What one measure costs."""

    measure: str
    quantity: float
    """What was counted: m2, m, m3 or pieces."""
    per: Literal["m2", "m", "m3", "piece"]
    source: str


class ReviewSteps(Document):
    """Which steps can be taken."""

    undo: bool
    redo: bool


class ScenarioReview(Document):
    """What is to be said of a scenario before anything is calculated."""

    findings: list[ReviewFinding]
    prices: list[ReviewPrice]
    cost: ReviewCost
    steps: ReviewSteps
