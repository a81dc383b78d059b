"""What differs between two runs beside the measures: said first, so that nobody compares two storms unawares."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from morgen.core.grid import Grid
from morgen.services.compare.comparison import ComparedRun, Subject, Unlike
from morgen.services.result import RunResult

__all__ = ["differences"]

RAIN: Final = frozenset({"rain", "duration", "pattern"})
STEP: Final = frozenset({"after", "output_interval"})
"""Parameters that say until when, and in which steps, a run looks."""
WITHOUT_EFFECT: Final = frozenset({"threads", "engine_check", "resolution_check", "noise_check"})
"""Parameters that change no number of a run."""


def differences(base: tuple[ComparedRun, RunResult], other: tuple[ComparedRun, RunResult]) -> tuple[Unlike, ...]:
    """Return all that differs between two runs of one interface, the rain first; empty when only measures do."""
    (one, one_result), (two, two_result) = base, other
    found = [
        *_parameters(one.parameters, two.parameters),
        *_frames(one_result, two_result),
        *_bases(one, two),
        *_models(one, two),
    ]
    order: tuple[Subject, ...] = ("rain", "grid", "area", "base", "unknown-base", "version", "step", "parameter")
    return tuple(sorted(found, key=lambda item: order.index(item.subject)))


def _parameters(one: Mapping[str, Any], two: Mapping[str, Any]) -> Iterator[Unlike]:
    for name in sorted({*one, *two} - WITHOUT_EFFECT):
        if one.get(name) != two.get(name):
            subject: Subject = "rain" if name in RAIN else "step" if name in STEP else "parameter"
            base, other = _shown(one.get(name)), _shown(two.get(name))
            sentence = f"{name} is {base} in the base run and {other} in this one"
            yield Unlike(subject=subject, name=name, base=base, other=other, sentence=sentence)


def _frames(one: RunResult, two: RunResult) -> Iterator[Unlike]:
    first, second = one.situation, two.situation
    if first.grid != second.grid:
        sentence = "the grid is {base} in the base run and {other} in this one"
        yield _said("grid", _grid(first.grid), _grid(second.grid), sentence)
    if first.area != second.area:
        base, other = (f"{item.area.name} ({item.area.surface:,.0f} m2)" for item in (first, second))
        yield _said("area", base, other, "the area is {base} in the base run and {other} in this one")


def _grid(grid: Grid) -> str:
    return f"{grid.rows} x {grid.columns} cells of {grid.cell_size:g} m at {grid.xmin:g}, {grid.ymax:g}"


def _bases(one: ComparedRun, two: ComparedRun) -> Iterator[Unlike]:
    base, other = (item.base_situation[:8] or "unknown" for item in (one, two))
    if not one.base_situation or not two.base_situation:
        sentence = (
            "the scenario of a run was not kept, so it is unknown whether both stand on the same source data"
        )
        yield _said("unknown-base", base, other, sentence)
    elif one.base_situation != two.base_situation:
        sentence = "the source data differ: situation {base} under the base run and {other} under this one"
        yield _said("base", base, other, sentence)


def _models(one: ComparedRun, two: ComparedRun) -> Iterator[Unlike]:
    base, other = (f"{item.model} {item.version}" for item in (one, two))
    if base != other:
        yield _said("version", base, other, "the model is {base} in the base run and {other} in this one")


def _said(subject: Subject, base: str, other: str, sentence: str) -> Unlike:
    told = sentence.format(base=base, other=other)
    return Unlike(subject=subject, name="", base=base, other=other, sentence=told)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, dict):
        return "a table of its own"
    if isinstance(value, list | tuple):
        return "/".join(map(_shown, value)) or "even"
    return "not set" if value is None else str(value)
