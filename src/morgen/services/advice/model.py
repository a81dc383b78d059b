"""The model ``flood-advice``: advice as a run, so that it has a process, a form, progress and a place to stay."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from morgen.core.indicator import Direction, Indicator
from morgen.core.measure import Measure
from morgen.core.model import Interface, OutputField, Result, RunContext
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.measures.application import apply_measure
from morgen.measures.geojson import feature
from morgen.models.contract import load_card, model
from morgen.models.registry import get_model
from morgen.services.advice.advise import Question, Verified, advise
from morgen.services.advice.memory import in_memory
from morgen.services.advice.nouns import Advice
from morgen.services.advice.trial import Trial, try_model
from morgen.services.progress import Progress

__all__ = ["FLOOD_ADVICE", "flood_advice"]

FLOOD_ADVICE: Final = Interface(
    id="flood-advice/1",
    needs=("terrain", "land_cover", "buildings"),
    may_use=("terrain_origin", "decks"),
    outputs=(
        OutputField(
            name="advice",
            kind="json",
            meaning="The best package for each budget: cost, effect, band, storms, measures with reasons.",
        ),
        OutputField(
            name="scenarios",
            kind="json",
            meaning="For each budget the measures as GeoJSON in CRS84, to make a scenario of.",
        ),
    ),
    indicators=("hit-without-measures", "largest-effect", "cost-of-largest-effect"),
)

Budgets = Annotated[
    tuple[Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)], ...],
    Unit("euro"),
    Field(min_length=1, max_length=10, description="What may be spent; for each a package is found."),
]
Objective = Annotated[
    Literal["buildings", "damage", "roads"],
    Field(description="What to keep dry (buildings), low (damage) or passable (roads)."),
]
Rain = Annotated[float, Unit("mm"), Field(gt=0, le=300, description="Rain of the whole event.")]
Duration = Annotated[float, Unit("h"), Field(gt=0, le=48, description="Time over which the rain falls.")]
Kinds = Annotated[
    tuple[str, ...], Field(description="Kinds of measure to choose from; none for all for which there is a rule.")
]
Candidates = Annotated[int, Field(ge=1, le=200, description="Sites to choose from, at most.")]
Minutes = Annotated[
    float, Unit("min"), Field(gt=0, le=1440, description="Time after which the search stops with the best so far.")
]


@model(id="flood-advice", version="1.0.0", interface=FLOOD_ADVICE, card=load_card("morgen.services.advice"))
def flood_advice(
    situation: Situation,
    budgets: Budgets = (250_000.0,),
    objective: Objective = "buildings",
    *,
    rain: Rain = 70.0,
    duration: Duration = 1.0,
    measures: Kinds = (),
    candidates: Candidates = 48,
    time_limit: Minutes = 60.0,
    run: RunContext,
) -> Result:
    """Find the best package of measures for each budget and prove it by runs of ``pluvial-flood``.

    Raises ``MissingLayerError``, ``MeasureError`` (a kind without a rule), ``DismissedError``, and what the flood
    model raises.
    """
    situation.require(*FLOOD_ADVICE.needs)
    question = Question(
        budgets=budgets,
        objective=objective,
        parameters={"rain": rain, "duration": duration},
        kinds=measures,
        candidates=candidates,
        time_limit=60.0 * time_limit,
    )
    proof = _Proof(in_memory(situation), question.model, {})
    found = advise(situation, question, verify=proof, on_progress=run.progress)
    run.write_json("advice", found.to_json(), title="Advice")
    run.write_json("scenarios", _scenarios(found, proof.packages), title="Measures of each budget")
    run.progress(1.0, "ready")
    return Result(indicators=_indicators(found))


@dataclass(frozen=True)
class _Proof:
    """Runs the model on the cells of the situation, within this run."""

    situation: Situation
    model: str
    packages: dict[str, tuple[Measure, ...]]
    """By the name that the advice gives them."""

    def __call__(
        self, measures: tuple[Measure, ...], parameters: Mapping[str, Any], *, on_progress: Progress
    ) -> Verified:
        changed = self.situation
        for measure in measures:
            changed = apply_measure(changed, measure)
        found = try_model(get_model(self.model), changed, parameters, trial=Trial(on_progress=on_progress))
        known = {tuple(item.id for item in package): name for name, package in self.packages.items()}
        ids = tuple(item.id for item in measures)
        name = known.get(ids, f"package-{len(known) + 1}") if measures else ""
        if measures:
            self.packages[name] = measures
        return Verified(found, "", name)


def _scenarios(found: Advice, packages: Mapping[str, tuple[Measure, ...]]) -> dict[str, Any]:
    return {
        f"{budget.budget:.0f}": {
            "type": "FeatureCollection",
            "features": [feature(item, reference="CRS84") for item in packages.get(budget.scenario, ())],
        }
        for budget in found.budgets
    }


def _indicators(found: Advice) -> tuple[Indicator, ...]:
    best = max(found.budgets, key=lambda budget: budget.effect or 0.0)
    unit = {"buildings": "count", "damage": "euro", "roads": "m"}[found.objective]
    low, high = best.band or (None, None)
    shown = "What a package does in other storms than those that were run, and to other places than those counted."
    return (
        Indicator(
            id="hit-without-measures",
            title=f"What is hit without measures ({found.objective})",
            value=found.before,
            unit=unit,
            meaning="The indicator of the objective in the storm, without measures.",
            does_not_show=shown,
        ),
        Indicator(
            id="largest-effect",
            title=f"Largest effect within the budgets ({found.unit})",
            value=best.effect or 0.0,
            low=low,
            high=high,
            unit=unit,
            direction=Direction.HIGHER,
            meaning="That indicator without measures less that with the best package, by runs of the flood model.",
            does_not_show=shown,
        ),
        Indicator(
            id="cost-of-largest-effect",
            title="Cost of that package",
            value=best.cost,
            low=best.cost_low,
            high=best.cost_high,
            unit="euro",
            meaning="Middle cost to make its measures, without VAT, with low and high; upkeep is not in it.",
            does_not_show="Costs of ground, preparation and upkeep; most prices are indicative.",
        ),
    )
