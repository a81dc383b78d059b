"""A number that a decision uses."""

from enum import StrEnum

from pydantic import Field

from morgen.core.noun import Noun

__all__ = ["Direction", "Indicator"]


class Direction(StrEnum):
    """Which way an indicator is better."""

    LOWER = "lower"
    HIGHER = "higher"
    NONE = "none"


class Indicator(Noun):
    """One number with its unit, its meaning, and what it does not show."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: str
    value: float
    unit: str
    low: float | None = None
    """Lower end of the uncertainty band; None when the model gives none."""
    high: float | None = None
    """Upper end of the uncertainty band; None when the model gives none."""
    target: float | None = None
    """What the question asks for; None when it sets no target."""
    direction: Direction = Direction.LOWER
    meaning: str
    """One sentence: what is counted, with its threshold."""
    does_not_show: str
    """One sentence: what a reader might think it shows, but does not."""
    threshold_source: str = ""
    """Where the threshold comes from; empty when there is none."""
