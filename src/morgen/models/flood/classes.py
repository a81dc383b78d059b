"""The classes of depth that indicators count and pictures draw: one sourced list for all of them."""

import tomllib
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from morgen.core.model import PresetState
from morgen.core.noun import Noun
from morgen.core.units import Unit

__all__ = ["DepthClass", "DepthClasses", "depth_classes"]


class DepthClass(Noun):
    """One class of depth."""

    lower: Annotated[float, Unit("m"), Field(gt=0, alias="from")]
    """Lower edge, which belongs to the class."""
    colour: str = Field(default="", pattern="^(#[0-9a-f]{6})?$")
    """#rrggbb; empty for a class that is drawn as the one before."""


class DepthClasses(Noun):
    """All classes, from shallow to deep; the last one has no upper edge."""

    source: str = Field(min_length=1)
    state: PresetState
    classes: Annotated[tuple[DepthClass, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _rising(self) -> Self:
        edges = self.edges
        if any(high <= low for low, high in pairwise(edges)):
            raise ValueError(f"the lower edges are {', '.join(map(str, edges))}, but they must rise")
        if not self.classes[0].colour:
            raise ValueError("the first class needs a colour, for there is none before it")
        return self

    @property
    def edges(self) -> tuple[float, ...]:
        """Lower edges of all classes, m."""
        return tuple(item.lower for item in self.classes)

    @property
    def drawn(self) -> tuple[DepthClass, ...]:
        """The classes that are drawn, each up to the next."""
        return tuple(item for item in self.classes if item.colour)


@cache
def depth_classes() -> DepthClasses:
    """Return the classes of ``depth_classes.toml`` beside this module."""
    text = (files("morgen.models.flood") / "depth_classes.toml").read_text(encoding="utf-8")
    return DepthClasses.from_json(tomllib.loads(text))
