"""A named, ordered list of measures on a dated base."""

from collections.abc import Iterable
from typing import Any, Self

from pydantic import Field, model_validator

from morgen.core.errors import MeasureError, MeasureNotFoundError
from morgen.core.grid import Grid
from morgen.core.measure import Measure
from morgen.core.noun import Noun, content_hash
from morgen.core.situation import Situation

__all__ = ["Base", "Difference", "Scenario", "difference", "stack"]


class Base(Noun):
    """The situation that a scenario changes."""

    situation: str
    """Content hash of the situation."""
    date: str = ""
    """ISO date of the situation."""
    grid: Grid

    @classmethod
    def of(cls, situation: Situation) -> Self:
        """Return the base that a situation is."""
        return cls(situation=situation.content_hash, date=situation.date, grid=situation.grid)


class Scenario(Noun):
    """A named, ordered list of measures on a dated base."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    base: Base
    measures: tuple[Measure, ...] = ()
    """In the order in which they are applied."""
    parent: str = ""
    """Content hash of the scenario that this one was made from; empty when it started from the base."""
    author: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        ids = [measure.id for measure in self.measures]
        repeated = next((found for found in ids if ids.count(found) > 1), None)
        if repeated is not None:
            raise ValueError(f"two measures of {self.name!r} are called {repeated!r}; give each its own id")
        return self

    @property
    def content_hash(self) -> str:
        """Hash of all that changes an outcome: the base and the measures; names and notes do not count."""
        measures = [{**measure.to_json(), "note": ""} for measure in self.measures]
        return content_hash({"base": self.base.situation, "measures": measures})

    @property
    def document_hash(self) -> str:
        """Hash of everything, names and notes too; what an ETag is made of."""
        return content_hash(self.to_json())

    def measure(self, measure_id: str) -> Measure:
        """Return one measure; raises ``MeasureNotFoundError``."""
        for measure in self.measures:
            if measure.id == measure_id:
                return measure
        known = ", ".join(item.id for item in self.measures) or "none"
        raise MeasureNotFoundError(f"scenario {self.name!r} has no measure {measure_id!r}; it has {known}")

    def with_measure(self, measure: Measure) -> Self:
        """Return the scenario with one measure more; an id that is there already is replaced in its place."""
        if any(item.id == measure.id for item in self.measures):
            return self._of(measure if item.id == measure.id else item for item in self.measures)
        return self._of((*self.measures, measure))

    def without(self, measure_id: str) -> Self:
        """Return the scenario without one measure; raises ``MeasureNotFoundError``."""
        found = self.measure(measure_id)
        return self._of(item for item in self.measures if item is not found)

    def until(self, year: int) -> Self:
        """Return the scenario with what is ready in ``year``; measures without a year are always there."""
        return self._of(item for item in self.measures if item.year is None or item.year <= year)

    def next_id(self, kind: str) -> str:
        """Return an id that is free: the kind and a number."""
        taken = {measure.id for measure in self.measures}
        return next(name for number in range(1, len(taken) + 2) if (name := f"{kind}-{number}") not in taken)

    def _of(self, measures: Iterable[Measure]) -> Self:
        return type(self).model_validate({**dict(self), "measures": tuple(measures)})


class Difference(Noun):
    """What changed from one scenario to another, by the ids of measures."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    reordered: bool

    @property
    def sentence(self) -> str:
        """The difference in one line."""
        parts: list[tuple[str, Any]] = [
            ("added", self.added),
            ("removed", self.removed),
            ("changed", self.changed),
        ]
        told = [f"{word} {', '.join(ids)}" for word, ids in parts if ids]
        return "; ".join(told + ["the order"] * self.reordered) or "no measures"


def difference(before: Scenario, after: Scenario) -> Difference:
    """Return what changed between two scenarios."""
    old = {measure.id: measure for measure in before.measures}
    new = {measure.id: measure for measure in after.measures}
    both = [name for name in old if name in new]
    return Difference(
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        changed=tuple(name for name in both if old[name] != new[name]),
        reordered=both != [name for name in new if name in old],
    )


def stack(name: str, scenarios: Iterable[Scenario]) -> Scenario:
    """Return several plans as one scenario, in order of year; raises ``MeasureError`` when their bases differ.

    Ids become ``<scenario>_<id>``; measures without a year come first.
    """
    plans = list(scenarios)
    if not plans:
        raise MeasureError("there is no scenario to stack; name at least one")
    for plan in plans[1:]:
        if plan.base != plans[0].base:
            raise MeasureError(
                f"{plan.name!r} stands on situation {plan.base.situation[:8]} of {plan.base.date or 'no date'},"
                f" {plans[0].name!r} on {plans[0].base.situation[:8]}; stack scenarios of one base"
            )
    named = [
        item.model_copy(update={"id": f"{plan.name}_{item.id}"[-64:]}) for plan in plans for item in plan.measures
    ]
    ordered = sorted(named, key=lambda item: item.year or 0)
    return Scenario(name=name, base=plans[0].base, measures=tuple(ordered))
