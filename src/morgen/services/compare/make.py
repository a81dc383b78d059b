"""Making a comparison of stored runs; nothing is computed anew."""

from collections.abc import Sequence
from typing import Any

from morgen.core.errors import InputError, ModelNotFoundError
from morgen.core.run import RunState
from morgen.services.compare.comparison import ComparedRun, Comparison, CostBand, PlaceChanges, Variant
from morgen.services.compare.indicators import indicator_changes
from morgen.services.compare.made import Kept, compared_run
from morgen.services.compare.maps import grids_differ, map_summaries
from morgen.services.compare.noise import noise_floor
from morgen.services.compare.places import building_changes, street_changes
from morgen.services.compare.unlike import differences
from morgen.services.result import RunResult

__all__ = ["MOST", "compare", "require_comparable"]

MOST = 10
"""Runs in one comparison: more do not fit beside each other."""


def compare(runs: Sequence[RunResult], *, kept: Kept) -> Comparison:
    """Compare runs with the first of them; ``kept`` gives the scenarios that they were made with.

    Raises ``InputError`` for fewer than two or more than ten runs, one that is given twice, one that was not
    successful, and models of different interfaces.
    """
    interface = require_comparable(runs)
    base, *others = [(compared_run(run, kept), run) for run in runs]
    return Comparison(
        interface=interface,
        base=base[0],
        variants=tuple(_variant(base, other, measures=_drawn(other[0], kept)) for other in others),
    )


def require_comparable(runs: Sequence[RunResult]) -> str:
    """Return the interface that the models of all runs have; raises as ``compare``."""
    if not 2 <= len(runs) <= MOST:  # noqa: PLR2004
        raise InputError(f"{len(runs)} runs were given, but a comparison takes 2 to {MOST}: the base run first")
    ids = [run.id for run in runs]
    twice = next((name for name in ids if ids.count(name) > 1), None)
    if twice:
        raise InputError(f"run {twice} was given twice; give each run once")
    for run in runs:
        if run.state is not RunState.SUCCESSFUL:
            raise InputError(f"run {run.id} is {run.state}, so it has no answer; compare runs that are successful")
    interfaces = [_interface(run) for run in runs]
    for run, found in zip(runs, interfaces, strict=True):
        if found != interfaces[0]:
            raise InputError(
                f"run {run.id} is of {found}, but {runs[0].id} of {interfaces[0]};"
                " compare runs of models with one interface"
            )
    return interfaces[0]


def _interface(run: RunResult) -> str:
    from morgen.models.registry import get_model

    try:
        return get_model(run.run.manifest.model).interface.id
    except ModelNotFoundError:  # a run outlives its model, and is then of that model only
        return run.run.manifest.model


def _drawn(run: ComparedRun, kept: Kept) -> tuple[Any, ...]:
    """Return the shapes of the measures of a run."""
    found = kept(run.scenario) if run.scenario else None
    return tuple(measure.geometry for measure in found.scenario.measures) if found else ()


def _variant(
    base: tuple[ComparedRun, RunResult], other: tuple[ComparedRun, RunResult], *, measures: tuple[Any, ...]
) -> Variant:
    (told_base, base_run), (told, run) = base, other
    noise = noise_floor((base_run, run))
    refused = grids_differ(base_run, run)
    buildings = building_changes(base_run, run, floor=noise.depth)
    kept_dry = None if buildings is None else buildings.dry - buildings.wet
    return Variant(
        run=told,
        unlike=differences(base, other),
        noise=noise,
        indicators=indicator_changes(base_run, run),
        maps=() if refused else map_summaries(base_run, run, noise=noise, measures=measures),
        maps_refused=refused,
        buildings=buildings,
        streets=street_changes(base_run, run, floor=noise.depth),
        kept_dry=kept_dry,
        per_building=_per_building(told_base, told, buildings),
    )


def _per_building(base: ComparedRun, other: ComparedRun, buildings: PlaceChanges | None) -> CostBand | None:
    """Return the cost of the measures by building kept dry; None beside a base that has measures itself."""
    if buildings is None or other.cost is None or base.scenario:
        return None
    kept = buildings.dry - buildings.wet
    if kept <= 0:
        return None
    cost = other.cost
    return CostBand(low=cost.low / kept, middle=cost.middle / kept, high=cost.high / kept)
