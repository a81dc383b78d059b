"""What a run was made of, as far as a comparison tells it: model, parameters, scenario, cost and other themes."""

from collections.abc import Callable

from morgen.services.compare.comparison import ComparedRun, CostOfMeasure, CostOfScenario, SideEffect
from morgen.services.kept_scenarios import KeptScenario
from morgen.services.result import RunResult

__all__ = ["Kept", "compared_run"]

Kept = Callable[[str], KeptScenario | None]
"""Content hash of a scenario to what was kept of it; None when nothing was."""


def compared_run(result: RunResult, kept: Kept) -> ComparedRun:
    """Return what a run was made of."""
    run, situation = result.run, result.situation
    manifest = run.manifest
    found = kept(manifest.scenario) if manifest.scenario else None
    base = found.scenario.base.situation if found else "" if manifest.scenario else manifest.situation
    return ComparedRun(
        id=run.id,
        model=manifest.model,
        version=manifest.version,
        created_at=run.created_at,
        area=situation.area.name,
        cell_size=situation.grid.cell_size,
        parameters=manifest.parameters,
        situation=manifest.situation,
        base_situation=base,
        scenario=manifest.scenario,
        scenario_name=found.scenario.name if found else "",
        outputs={item.name: item.sha256 for item in run.outputs},
        sources=_sources(result),
        warnings=run.warnings,
        cost=_cost(found),
        side_effects=_side_effects(found),
    )


def _sources(result: RunResult) -> tuple[str, ...]:
    stamps = [stamp for layer in result.situation.layers.values() for stamp in layer.stamps if stamp.state == "ok"]
    return tuple(sorted({stamp.source.attribution or stamp.source.title for stamp in stamps}))


def _cost(found: KeptScenario | None) -> CostOfScenario | None:
    if found is None:
        return None
    cost = found.cost
    told = [CostOfMeasure(**item.model_dump(exclude={"side_effects"})) for item in cost.measures]
    return CostOfScenario(low=cost.low, middle=cost.middle, high=cost.high, measures=tuple(told))


def _side_effects(found: KeptScenario | None) -> tuple[SideEffect, ...]:
    """Return what the measures do to other themes, equal effects once, with the measures that have them."""
    by_effect: dict[tuple[str, str], list[str]] = {}
    for measure in found.cost.measures if found else ():
        for theme, effect in measure.side_effects.items():
            by_effect.setdefault((theme, effect), []).append(measure.id)
    return tuple(
        SideEffect(theme=theme, effect=effect, measures=tuple(ids))
        for (theme, effect), ids in sorted(by_effect.items())
    )
