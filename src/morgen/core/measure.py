"""What can be changed: one typed measure on a place, and the kind that it is of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import shapely
import shapely.geometry
from pydantic import BaseModel, BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from morgen.core.errors import MeasureError
from morgen.core.noun import Noun, Text

if TYPE_CHECKING:
    from morgen.core.situation import Situation

__all__ = [
    "INDICATIVE",
    "Cost",
    "CostUnit",
    "Drawing",
    "Geometry",
    "GeometryKind",
    "Measure",
    "MeasureKind",
    "Rule",
]

INDICATIVE = "indicatief"
"""The source of a cost that is chosen without a hard source; judge it before you rely on it."""

GeometryKind = Literal["Point", "LineString", "Polygon"]
CostUnit = Literal["m2", "m", "m3", "piece"]


def _geometry(value: Any) -> Any:
    found: Any = value
    if not isinstance(value, shapely.Geometry):
        try:
            found = shapely.geometry.shape(dict(value))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError) as error:
            raise MeasureError(f"the geometry {str(value)[:60]!r} is no GeoJSON geometry ({error})") from error
    if found.is_empty or not found.is_valid:
        reason = "it is empty" if found.is_empty else shapely.is_valid_reason(found)
        raise MeasureError(f"the {found.geom_type} of a measure cannot be used ({reason}); draw it again")
    return found


Geometry = Annotated[
    Any,
    BeforeValidator(_geometry),
    PlainSerializer(shapely.geometry.mapping),
    WithJsonSchema({"type": "object", "description": "GeoJSON geometry, RD New"}),
]


class Measure(Noun):
    """One typed change on a place."""

    id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    """Stable within its scenario."""
    kind: str
    geometry: Geometry
    """shapely geometry, m RD."""
    parameters: Mapping[str, Any] = Field(default_factory=dict)
    year: int | None = Field(default=None, ge=1900, le=2200)
    """Year in which it is ready; None when that is not known."""
    note: str = ""


class Cost(Noun):
    """What one unit of a measure costs to make, euro without VAT."""

    low: float = Field(ge=0)
    middle: float = Field(ge=0)
    high: float = Field(ge=0)
    per: CostUnit
    source: str = INDICATIVE

    @model_validator(mode="after")
    def _ordered(self) -> "Cost":
        if not self.low <= self.middle <= self.high:
            raise ValueError(f"a cost is low <= middle <= high, not {self.low}, {self.middle}, {self.high}")
        return self


class Drawing(Noun):
    """How a viewer may draw a measure."""

    colour: str = Field(pattern=r"^#[0-9a-f]{6}$")
    shape: Literal["basin", "surface", "roof", "block", "wall", "tree", "pipe", "marker"]
    height: float = 0.0
    """Of the drawing above (or below) the ground, m."""


Rule = Callable[["Situation", Any, BaseModel], str]
"""(situation, geometry, parameters) to what is wrong there in one sentence, or an empty string."""


@dataclass(frozen=True)
class MeasureKind:
    """A declared measure: what it may be drawn as, what it does, costs and asks."""

    id: str
    title: Text
    meaning: str
    """Its physics, with the source: the docstring of the function."""
    geometry: tuple[GeometryKind, ...]
    parameters: type[BaseModel]
    function: Callable[..., "Situation"]
    cost: Cost
    maintenance: str
    """What it asks every year, in one sentence."""
    side_effects: Mapping[str, str]
    """Theme (heat, green, parking ...) to what it does there."""
    drawing: Drawing
    demands: tuple[Rule, ...] = ()
    """A measure that breaks one of these is refused."""
    advice: tuple[Rule, ...] = ()
    """A measure that breaks one of these is reported."""
    volume: Callable[["Situation", Any, Any], float] | None = None
    """Storage that it adds, m3, by a formula that does not look at the changed situation."""
    occupies: str = "ground"
    """What it claims: two measures that occupy the same on one place contradict each other; empty for nothing."""
    idempotent: bool = False
    """Whether applying it twice is the same as once."""
