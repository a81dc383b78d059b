"""Indicators side by side: what changed, which way, and whether that is more than rounding."""

from collections.abc import Mapping

from morgen.core.indicator import Direction, Indicator
from morgen.services.compare.comparison import Banded, IndicatorChange, Verdict
from morgen.services.compare.noise import indicator_noise
from morgen.services.result import RunResult

__all__ = ["indicator_changes"]


def indicator_changes(base: RunResult, other: RunResult) -> tuple[IndicatorChange, ...]:
    """Return every indicator that one of the runs has, in the order of the base run."""
    before, after = ({item.id: item for item in run.indicators} for run in (base, other))
    return tuple(_change(name, before, after, (base, other)) for name in dict.fromkeys([*before, *after]))


def _change(
    name: str, before: Mapping[str, Indicator], after: Mapping[str, Indicator], runs: tuple[RunResult, RunResult]
) -> IndicatorChange:
    one, two = before.get(name), after.get(name)
    known = [item for item in (one, two) if item is not None]
    told = known[0]
    noise = indicator_noise(runs, name, [item.value for item in known])
    difference = two.value - one.value if one and two else None
    target = next((item.target for item in known if item.target is not None), None)
    return IndicatorChange(
        id=name,
        title=told.title,
        unit=told.unit,
        direction=told.direction,
        target=target,
        base=_banded(one),
        other=_banded(two),
        difference=difference,
        noise=noise,
        verdict=_verdict(difference, noise, told.direction),
        meets_target=_meets(two, target),
        meaning=told.meaning,
        does_not_show=told.does_not_show,
    )


def _banded(item: Indicator | None) -> Banded | None:
    return None if item is None else Banded(value=item.value, low=item.low, high=item.high)


def _verdict(difference: float | None, noise: float, direction: Direction) -> Verdict:
    if difference is None:
        return "missing"
    if difference == 0:
        return "same"
    if abs(difference) <= noise:
        return "within-noise"
    if direction is Direction.NONE:
        return "changed"
    return "better" if (difference < 0) == (direction is Direction.LOWER) else "worse"


def _meets(item: Indicator | None, target: float | None) -> bool | None:
    if item is None or target is None or item.direction is Direction.NONE:
        return None
    return item.value <= target if item.direction is Direction.LOWER else item.value >= target
