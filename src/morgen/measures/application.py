"""Applying a scenario: every measure is checked on its place, then changes the situation in its turn."""

from typing import TYPE_CHECKING, Any

import shapely
from pydantic import BaseModel

from morgen.core.errors import MeasureError
from morgen.core.measure import Measure, MeasureKind
from morgen.core.noun import Noun
from morgen.core.scenario import Base, Scenario
from morgen.core.situation import Situation
from morgen.measures.contract import validate
from morgen.measures.edit import building_rows
from morgen.measures.registry import get_measure

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Finding", "advice", "apply", "apply_measure", "check", "contradictions", "require_base"]

TOUCHING = 0.05
"""Overlap of two measures up to this is rounding of drawing, m2."""


class Finding(Noun):
    """Something that a planner should know of one measure, or of a pair."""

    measures: tuple[str, ...]
    """Ids of one or two measures."""
    place: tuple[float, float]
    """Where, m RD."""
    sentence: str


def require_base(scenario: Scenario, situation: Situation) -> None:
    """Raise ``MeasureError`` when the scenario was made for another situation."""
    base, now = scenario.base, Base.of(situation)
    if base.grid != now.grid:
        raise MeasureError(
            f"scenario {scenario.name!r} has a grid of {base.grid.rows} x {base.grid.columns} cells of"
            f" {base.grid.cell_size:g} m, this situation {now.grid.rows} x {now.grid.columns} of"
            f" {now.grid.cell_size:g} m; export it and import it into a new scenario here"
        )
    if base.situation != now.situation:
        raise MeasureError(
            f"scenario {scenario.name!r} stands on the situation {base.situation[:8]} of {base.date or 'no date'},"
            f" but the sources now give {now.situation[:8]} of {now.date or 'no date'};"
            " export it and import it into a new scenario on this base"
        )


def check(situation: Situation, measure: Measure) -> tuple[MeasureKind, BaseModel]:
    """Return the kind and the full parameters of a measure.

    Raises ``MeasureNotFoundError`` for an unknown kind, and ``MeasureError`` for a geometry, value or place that
    is not allowed.
    """
    kind = get_measure(measure.kind)
    if measure.geometry.geom_type not in kind.geometry:
        raise MeasureError(
            f"measure {measure.id!r} is drawn as a {measure.geometry.geom_type}, but {kind.id} is drawn as"
            f" {' or '.join(kind.geometry)}"
        )
    parameters = validate(kind, measure.parameters)
    if not situation.area.polygon.covers(measure.geometry):
        raise MeasureError(
            f"measure {measure.id!r} at {_shown(measure.geometry)} lies outside the area {situation.area.name!r};"
            " draw it inside"
        )
    for rule in kind.demands:
        if problem := rule(situation, measure.geometry, parameters):
            raise MeasureError(f"measure {measure.id!r} ({kind.id}) {problem}")
    return kind, parameters


def apply_measure(situation: Situation, measure: Measure) -> Situation:
    """Return the situation that one measure makes; raises as ``check`` does."""
    kind, parameters = check(situation, measure)
    given = {name: getattr(parameters, name) for name in type(parameters).model_fields}
    return kind.function(situation, measure.geometry, **given)


def apply(situation: Situation, scenario: Scenario) -> Situation:
    """Return the situation that a scenario makes, measure by measure; the given one stays as it was.

    Raises ``MeasureError`` when a measure does not fit on what the ones before it made.
    """
    require_base(scenario, situation)
    for measure in scenario.measures:
        situation = apply_measure(situation, measure)
    return situation


def advice(situation: Situation, measure: Measure) -> list[Finding]:
    """Return what a planner should look at before this measure is made."""
    # What it demands is checked in its turn; a building in its way now may have gone by then.
    kind = get_measure(measure.kind)
    parameters = validate(kind, measure.parameters)
    told = (rule(situation, measure.geometry, parameters) for rule in kind.advice)
    point = _place(measure.geometry)
    return [
        Finding(measures=(measure.id,), place=point, sentence=f"measure {measure.id!r} ({kind.id}) {sentence}")
        for sentence in told
        if sentence
    ]


def contradictions(situation: Situation, measures: tuple[Measure, ...]) -> list[Finding]:
    """Return every pair that claims the same on one place: two floor levels, a wadi and a building."""
    return list(_contradictions(situation, measures))


def _contradictions(situation: Situation, measures: tuple[Measure, ...]) -> "Iterator[Finding]":
    claims = [(measure, _claims(get_measure(measure.kind))) for measure in measures]
    shapes = [_claimed(situation, measure) for measure in measures]
    for later, (second, wanted) in enumerate(claims):
        for earlier, (first, taken) in enumerate(claims[:later]):
            both = sorted(wanted & taken)
            common = shapely.intersection(shapes[earlier], shapes[later]) if both else shapely.Point()
            if common.area > TOUCHING:
                place = _place(common)
                yield Finding(
                    measures=(first.id, second.id),
                    place=place,
                    sentence=f"measures {first.id!r} ({first.kind}) and {second.id!r} ({second.kind}) both set the"
                    f" {both[0]} of {common.area:.1f} m2 at {place[0]:.0f}, {place[1]:.0f}; keep one of them",
                )


def _claims(kind: MeasureKind) -> set[str]:
    # What is laid anew also has a new level, and a demolished building leaves new ground.
    more = {"ground": {"level"}, "building": {"roof", "floor level", "use", "ground"}}
    return ({kind.occupies} - {"", "line", "barrel"}) | more.get(kind.occupies, set())


def _claimed(situation: Situation, measure: Measure) -> Any:
    if get_measure(measure.kind).occupies in ("roof", "floor level", "use", "building", "downpipe"):
        frame = situation.features("buildings")
        return shapely.union_all(frame.geometry[building_rows(situation, measure.geometry)].to_numpy())
    return measure.geometry


def _place(geometry: Any) -> tuple[float, float]:
    point = geometry.representative_point()
    return point.x, point.y


def _shown(geometry: Any) -> str:
    x, y = _place(geometry)
    return f"{x:.0f}, {y:.0f}"
