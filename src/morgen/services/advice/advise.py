"""From a storm to advice: sites, quick runs, the search, and runs on the cells of the twin of what it found."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from morgen.core.errors import MeasureError, ParameterError
from morgen.core.indicator import Indicator
from morgen.core.measure import Measure
from morgen.core.situation import Situation
from morgen.measures.application import contradictions
from morgen.models.contract import validate_parameters
from morgen.models.registry import get_model
from morgen.services.advice.coarse import coarse_factor, coarser
from morgen.services.advice.evaluation import Evaluation, Look
from morgen.services.advice.memory import in_memory
from morgen.services.advice.nouns import Advice, AdvisedMeasure, BudgetAdvice, RobustChoice, StormEffect
from morgen.services.advice.ranking import Candidate, Hits, rank
from morgen.services.advice.search import Package, Search
from morgen.services.advice.sites import RULES, find_sites
from morgen.services.advice.trial import OBJECTIVES, Trial, indicator_of, try_model
from morgen.services.progress import Progress, part_of, silent

__all__ = ["Question", "Verified", "Verify", "advise"]

FINALISTS: Final = 2
"""Packages of each budget that are run on the cells of the twin, at most."""
HEAVIER: Final = 1.3
"""Times the rain of the storm that was asked about, for a second storm."""
GROUNDS: Final[Mapping[str, Mapping[str, float]]] = {
    "wet ground, worse sewer": {"infiltration_factor": 0.5, "sewer_capacity": 0.75},
    "dry ground, better sewer": {"infiltration_factor": 2.0, "sewer_capacity": 1.25},
}
"""Factors on parameters that are not well known; ranges as in the ensemble of the flood model."""
SOON: Final = 0.5
"""h after the rain that the search looks at, at most."""
DIRECT_ONLY: Final = ("door-threshold",)
"""Kinds that keep water out of a building without taking any: for damage only, as depth at the wall stays."""
BASE, SEARCH = 0.08, 0.55
"""Shares of the progress: up to the end of the run without measures, and of the search."""


@dataclass(frozen=True)
class Question:
    """What advice is asked about; raises ``ParameterError`` and ``MeasureError`` when it makes no sense."""

    budgets: tuple[float, ...]
    """Euro, each above 0."""
    objective: str = "buildings"
    model: str = "pluvial-flood"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Of the model; what is not given is as the model has it."""
    kinds: tuple[str, ...] = ()
    """Of measures; all that there is a rule for when empty."""
    candidates: int = 48
    workers: int = 1
    time_limit: float = float("inf")
    """s after which the search stops with the best so far, which is then verified."""

    def __post_init__(self) -> None:
        if not self.budgets:
            raise ParameterError("there is no budget; name at least one, in euro")
        for budget in self.budgets:
            if not (np.isfinite(budget) and budget > 0):
                raise ParameterError(f"the budget is {budget:g} euro, but it must be more than 0")
        if self.objective not in OBJECTIVES:
            raise ParameterError(
                f"the objective is {self.objective!r}, but it must be one of {', '.join(OBJECTIVES)}"
            )
        for name in ("candidates", "workers"):
            if getattr(self, name) < 1:
                raise ParameterError(f"{name} is {getattr(self, name)}, but it must be at least 1")
        for kind in self.kinds:
            if kind not in RULES:
                raise MeasureError(f"there is no rule for sites of {kind!r}; there is one for {', '.join(RULES)}")
        if not self.time_limit > 0:
            raise ParameterError(f"the time limit is {self.time_limit:g} s, but it must be more than 0")


@dataclass(frozen=True)
class Verified:
    """What a run on the cells of the twin says."""

    indicators: Mapping[str, Indicator]
    run: str
    """Its id; empty when it is not kept."""
    scenario: str
    """Name of the scenario; empty for none."""


class Verify(Protocol):
    """Runs the model on the cells of the twin with measures, or without any."""

    def __call__(
        self, measures: tuple[Measure, ...], parameters: Mapping[str, Any], *, on_progress: Progress
    ) -> Verified:
        """Return what the run says."""
        ...


def advise(
    situation: Situation,
    question: Question,
    *,
    verify: Verify,
    folder: Path | None = None,
    on_progress: Progress = silent,
    on_package: Callable[[float, float, float], None] = lambda _budget, _cost, _worth: None,
) -> Advice:
    """Return the best package of measures that was found for each budget, verified by runs of the model.

    Quick runs are kept in ``folder``, so that the work goes on where it was stopped. ``on_package`` hears of every
    better package: budget, cost and what the quick runs say it is worth, which is no result. Raises
    ``ParameterError`` and ``MissingLayerError`` before the first run; what ``on_progress`` raises stops the work.
    """
    return _Work(situation, question, verify, folder, on_progress, on_package).advice()


@dataclass(eq=False)
class _Work:
    situation: Situation
    question: Question
    verify: Verify
    folder: Path | None
    on_progress: Progress
    on_package: Callable[[float, float, float], None]
    started: float = field(default_factory=time.monotonic)
    verifications: int = 0
    complete: bool = True

    def __post_init__(self) -> None:
        self.objective = OBJECTIVES[self.question.objective]
        model = get_model(self.question.model)
        checked = validate_parameters(model, self.question.parameters)
        self.parameters: dict[str, Any] = checked.model_dump(mode="json")
        if self.objective.indicator not in model.interface.indicators:
            indicator_of(self.objective, {})
        self.factor = coarse_factor(self.situation.grid)
        self._verified: dict[tuple[str, ...], dict[str, Verified]] = {}

    def advice(self) -> Advice:
        self.on_progress(0.0, "the storm without measures")
        before = self._value((), "")
        candidates = self._candidates() if before > 0 else []
        look = Look(self.situation, self.factor, self.question.model, self._quickest(), self.objective.id)
        measures = [candidate.site.measure for candidate in candidates]
        file = self.folder / f"{look.content_hash}.jsonl" if self.folder else None
        with Evaluation(
            look, measures, file=file, workers=self.question.workers, on_run=self._searched
        ) as evaluate:
            found = self._search(candidates, evaluate)
            budgets = self._budgets(candidates, found, evaluate, before)
        size = self.situation.grid.cell_size
        return Advice(
            objective=self.objective.id,
            unit=self.objective.unit,
            model=self.question.model,
            before=before,
            base_run=self._runs(())[""].run,
            budgets=budgets,
            candidates=len(candidates),
            runs=evaluate.runs,
            verifications=self.verifications,
            cell_sizes=(size * self.factor, size),
            seconds=time.monotonic() - self.started,
            complete=self.complete,
        )

    # Sites

    def _candidates(self) -> list[Candidate]:
        self.on_progress(BASE, "looking for sites")
        near = in_memory(self.situation)
        kinds = self.question.kinds or tuple(
            kind for kind in RULES if kind not in DIRECT_ONLY or self.objective.id == "damage"
        )
        coarse = in_memory(coarser(near, self.factor))
        sites = find_sites(near, kinds, clear=1.5 * coarse.grid.cell_size)
        trial = Trial(keep=frozenset({"buildings", "max_depth"}))
        try_model(get_model(self.question.model), coarse, self._quickest(), trial=trial)
        hits = Hits(np.asarray(trial.kept["max_depth"], dtype=float), trial.kept["buildings"])
        rain = float(self.parameters.get("rain", 50.0))
        roads = self.objective.id == "roads"
        return rank(coarse, sites, hits, rain=rain, limit=self.question.candidates, roads=roads)

    def _quick(self) -> dict[str, Any]:
        """Return the parameters of quick runs: those of the question, without checks of how sure the answer is."""
        off = {"engine_check": False, "resolution_check": False, "noise_check": False, "ensemble": 0}
        return {**self.parameters, **{name: value for name, value in off.items() if name in self.parameters}}

    def _quickest(self) -> dict[str, Any]:
        """Return those of the search, which need not see the water go: it is deepest soon after the rain."""
        quick = self._quick()
        return quick | {"after": min(quick["after"], SOON)} if "after" in quick else quick

    # Search

    def _search(self, candidates: Sequence[Candidate], evaluate: Evaluation) -> dict[float, list[Package]]:
        """Return per budget the packages to verify, the best first."""
        if not candidates:
            return {budget: [] for budget in self.question.budgets}
        measures = tuple(candidate.site.measure for candidate in candidates)
        number = {measure.id: position for position, measure in enumerate(measures)}
        search = Search(
            costs=[candidate.cost.middle for candidate in candidates],
            evaluate=evaluate,
            conflicts=[
                frozenset(number[name] for name in pair.measures)
                for pair in contradictions(in_memory(self.situation), measures)
            ],
            side_by_side=self.question.workers,
        )
        best: list[Package] = []
        found: dict[float, list[Package]] = {}
        for budget in sorted(self.question.budgets):
            packages = list(self._improved(search, budget, best))
            best = [*best, *packages[-1:]]
            fits = [package for package in search.worth if package and search.cost(package) <= budget + 1e-6]
            better = [package for package in fits if search.worth[package] > 0]
            found[budget] = sorted(better, key=lambda package: -search.worth[package])[:FINALISTS]
        return found

    def _improved(self, search: Search, budget: float, start: list[Package]) -> "list[Package]":
        found = []
        try:
            for package in search.improve(budget, start=start):
                found.append(package)
                self.on_package(budget, search.cost(package), search.worth[package])
        except _OutOfTimeError:
            self.complete = False
        return found

    def _searched(self, runs: int) -> None:
        guess = 150.0 * len(self.question.budgets)
        self.on_progress(BASE + (SEARCH - BASE) * runs / (runs + guess), f"quick run {runs}")
        if self.complete and time.monotonic() - self.started > self.question.time_limit:
            raise _OutOfTimeError

    # Proof

    def _budgets(
        self,
        candidates: Sequence[Candidate],
        found: Mapping[float, list[Package]],
        evaluate: Evaluation,
        before: float,
    ) -> tuple[BudgetAdvice, ...]:
        costs = [candidate.cost.middle for candidate in candidates]
        measures = [candidate.site.measure for candidate in candidates]
        finalists = list(dict.fromkeys(package for packages in found.values() for package in packages))
        proved: dict[Package, dict[str, Verified]] = {}
        for position, package in enumerate(finalists):
            part = SEARCH + (1 - SEARCH) * position / len(finalists)
            self.on_progress(part, f"verifying package {position + 1} of {len(finalists)}")
            proved[package] = self._runs(tuple(measures[number] for number in sorted(package)))
        told: list[BudgetAdvice] = []
        for budget in sorted(found):
            fits = [package for package in proved if sum(costs[number] for number in package) <= budget + 1e-6]
            told.append(self._budget(budget, candidates, fits, proved, evaluate, before, told))
        return tuple(told)

    def _budget(
        self,
        budget: float,
        candidates: Sequence[Candidate],
        fits: list[Package],
        proved: Mapping[Package, Mapping[str, Verified]],
        evaluate: Evaluation,
        before: float,
        earlier: list[BudgetAdvice],
    ) -> BudgetAdvice:
        effects = {package: before - self._of(proved[package][""]) for package in fits}
        winner = max(fits, key=lambda package: (effects[package], -self._cost(candidates, package)), default=None)
        if winner is None or effects[winner] <= 0:
            return _nothing(budget, before, bool(candidates))
        storms = self._storms(proved[winner])
        grounds = [storm.effect for storm in storms if storm.name in GROUNDS] + [storms[0].effect]
        cost = self._cost(candidates, winner)
        chosen = [candidates[number] for number in sorted(winner)]
        return BudgetAdvice(
            budget=budget,
            cost=cost,
            cost_low=sum(item.cost.low for item in chosen),
            cost_high=sum(item.cost.high for item in chosen),
            effect=effects[winner],
            band=(min(grounds), max(grounds)),
            marginal=_marginal(cost, effects[winner], earlier),
            verified=True,
            scenario=proved[winner][""].scenario,
            run=proved[winner][""].run,
            storms=tuple(storms),
            robust=self._robust(fits, proved),
            measures=self._measures(candidates, winner, effects[winner], evaluate),
        )

    def _measures(
        self, candidates: Sequence[Candidate], package: Package, effect: float, evaluate: Evaluation
    ) -> tuple[AdvisedMeasure, ...]:
        order = sorted(package)
        whole, *without = evaluate([package, *(package - {number} for number in order)])
        losses = [max(whole - value, 0.0) for value in without]
        total = sum(losses) or 1.0
        return tuple(
            _told(candidates[number], effect * loss / total) for number, loss in zip(order, losses, strict=True)
        )

    def _robust(
        self, fits: Sequence[Package], proved: Mapping[Package, Mapping[str, Verified]]
    ) -> RobustChoice | None:
        spans = {
            proved[package][""].scenario: [storm.effect for storm in self._storms(proved[package])]
            for package in fits
        }
        if not spans:
            return None
        name = max(spans, key=lambda scenario: min(spans[scenario]))
        return RobustChoice(scenario=name, least=min(spans[name]), most=max(spans[name]))

    def _storms(self, proved: Mapping[str, Verified]) -> list[StormEffect]:
        base = self._runs(())
        return [
            StormEffect(
                name=name or "the storm",
                before=self._of(base[name]),
                after=self._of(after),
                effect=self._of(base[name]) - self._of(after),
            )
            for name, after in proved.items()
        ]

    def _value(self, measures: tuple[Measure, ...], storm: str) -> float:
        return self._of(self._runs(measures, only=storm)[storm])

    def _of(self, verified: Verified) -> float:
        return float(indicator_of(self.objective, verified.indicators).value)

    def _runs(self, measures: tuple[Measure, ...], *, only: str | None = None) -> dict[str, Verified]:
        """Return the runs with these measures by storm; '' is the one that was asked about."""
        key = tuple(measure.id for measure in measures)
        known = self._verified.setdefault(key, {})
        for name, parameters in self._variants().items():
            if name not in known and only in (None, name):
                self.verifications += 1
                at = self.on_progress
                known[name] = self.verify(measures, parameters, on_progress=_quiet(at))
        return {name: known[name] for name in self._variants() if name in known}

    def _variants(self) -> dict[str, dict[str, Any]]:
        """Return the parameters of the storm that was asked about, a heavier one, and other grounds."""
        variants = {"": self.parameters}
        model = get_model(self.question.model)
        if "rain" in self.parameters:
            heavier = round(HEAVIER * self.parameters["rain"], 1)
            variants[f"rain {heavier:g} mm"] = self._quick() | {"rain": heavier}
        for name, factors in GROUNDS.items():
            changed = {
                key: factor * self.parameters[key] for key, factor in factors.items() if key in self.parameters
            }
            if changed:
                variants[name] = self._quick() | changed
        return {
            name: parameters for name, parameters in variants.items() if name == "" or _allowed(model, parameters)
        }

    def _cost(self, candidates: Sequence[Candidate], package: Package) -> float:
        return sum(candidates[number].cost.middle for number in package)


class _OutOfTimeError(Exception):
    """The time limit of the search has come."""


def _allowed(model: Any, parameters: Mapping[str, Any]) -> bool:
    try:
        validate_parameters(model, parameters)
    except ParameterError:
        return False
    return True


def _quiet(progress: Progress) -> Progress:
    """Let the work be stopped during a run, without moving the bar back and forth."""
    return part_of(lambda _fraction, message: progress(SEARCH, message), 0.0, 1.0)


def _told(candidate: Candidate, gain: float) -> AdvisedMeasure:
    measure, cost = candidate.site.measure, candidate.cost
    point = measure.geometry.representative_point()
    return AdvisedMeasure(
        id=measure.id,
        kind=measure.kind,
        site=f"{candidate.site.place} at {point.x:.0f}, {point.y:.0f}",
        cost=cost.middle,
        cost_low=cost.low,
        cost_high=cost.high,
        gain=gain,
        reason=candidate.reason.en,
        reason_nl=candidate.reason.nl,
    )


def _marginal(cost: float, effect: float, earlier: Sequence[BudgetAdvice]) -> float | None:
    before = earlier[-1] if earlier else None
    spent, had = (before.cost, before.effect or 0.0) if before else (0.0, 0.0)
    return 1e5 * (effect - had) / (cost - spent) if cost > spent else None


def _nothing(budget: float, before: float, had_sites: bool) -> BudgetAdvice:  # noqa: FBT001
    remark = "nothing is hit in this storm, so there is nothing to gain"
    if before > 0:
        remark = (
            "no package that was verified helps" if had_sites else "no site takes water on its way to what is hit"
        )
    return BudgetAdvice(
        budget=budget,
        cost=0.0,
        cost_low=0.0,
        cost_high=0.0,
        effect=0.0,
        band=None,
        marginal=None,
        verified=True,
        scenario="",
        run="",
        remark=remark,
    )
