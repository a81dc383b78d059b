"""Why it does not fit: which norms clash, what conceding costs, what one more would buy, and three ways out."""

import time
from dataclasses import replace
from typing import Final

import numpy as np

from morgen.core.noun import Noun, Text
from morgen.models.fit.formulation import Formulation, formulate
from morgen.models.fit.plan import Concession, Plan
from morgen.models.fit.problem import Problem
from morgen.models.fit.program import Program
from morgen.models.fit.sentences import names_of, ways_out, whole_sentence
from morgen.models.fit.solver import Effort, optimise
from morgen.models.fit.start import first_plan

__all__ = [
    "Clash",
    "Explanation",
    "Purchase",
    "explain",
    "kept_without_concessions",
    "most_without_concessions",
]

HARD: Final = 0.0
SOFT: Final = float("inf")
FILTER_SHARE: Final = 0.5
"""Of the time for the explanation, for leaving groups out one by one."""
RETEST_SHARE: Final = 0.1
"""For each test with whole facilities."""
FREE_PLAN_SHARE: Final = 0.2
"""For the largest plan without concessions."""
LEAST_SECONDS: Final = 0.01
"""A solver that gets no time at all has nothing to say."""


class Clash(Noun):
    """Norms that cannot all be met with the dwellings asked."""

    groups: tuple[str, ...]
    """A smallest set; empty when the dwellings do not even fit without any norm."""
    proven: bool
    """Whether it is certain that they clash; else no plan was found that keeps them."""
    smallest: bool
    """Whether it was found with whole facilities that leaving out any one of them makes room."""
    untested: tuple[str, ...] = ()
    """Groups of which there was no time to know whether the others clash without them."""


class Purchase(Noun):
    """What one more unit of a concession would buy; near the optimum only, with facilities as fractions."""

    norm: str
    unit: str
    dwellings: float
    """More dwellings that fit for each unit conceded."""


class Explanation(Noun):
    """The reason that a programme does not fit, and what to do."""

    fits: bool
    clash: Clash | None
    kept: int
    """Dwellings of the largest plan found in which all norms are kept; 0 when none was found in time."""
    at_most: float
    """No plan that keeps all norms has more dwellings than this."""
    concessions: tuple[Concession, ...]
    """The cheapest set that was found: that of the plan, within its gap."""
    purchases: tuple[Purchase, ...]
    sentence: Text
    ways_out: tuple[Text, ...]
    assumptions: tuple[Text, ...]


ASSUMPTIONS: Final = (
    Text(
        nl="Prijzen zijn die van de gemeente; een andere prijs geeft andere keuzes.",
        en="Prices are those of the municipality; another price gives other choices.",
    ),
    Text(
        nl="Lopen gaat over het netwerk; nieuwe bewoners wonen waar hun kavel aan de straat ligt.",
        en="Walking is over the network; new residents live where their plot meets the street.",
    ),
    Text(
        nl="Dit weet niet wie de grond bezit, wat bewoners willen en of een aanbieder wil komen.",
        en="This does not know who owns the ground, what residents want, and whether a provider will come.",
    ),
)


def explain(
    problem: Problem,
    plan: Plan,
    *,
    made: Formulation | None = None,
    seconds: float = 2.0,
    seed: int = 0,
    threads: int = 2,
) -> Explanation:
    """Return why ``plan`` needs concessions, from the same ``problem``; ``made`` spares writing it down again.

    Groups of norms are left out one by one from the program with fractions, which is quick and certain: what
    clashes with fractions also clashes with whole facilities. The rest is tested again with whole facilities.
    In about ``seconds`` it says what it knows, and names the groups that it had no time to test.
    """
    names = names_of(problem)
    if not plan.concessions:
        return Explanation(
            fits=True, clash=None, kept=plan.dwellings, at_most=plan.asked, concessions=(), purchases=(),
            sentence=whole_sentence(plan, None, plan.dwellings, names), ways_out=(), assumptions=ASSUMPTIONS,
        )  # fmt: skip
    made = made or formulate(problem)
    effort = Effort(seed=seed, threads=threads, time_limit=seconds)
    clash = _clash(made, plan, effort)
    at_most, purchases = most_without_concessions(made, replace(effort, time_limit=seconds * FILTER_SHARE))
    kept = kept_without_concessions(made, replace(effort, time_limit=seconds * FREE_PLAN_SHARE))
    if all(concession.norm == "dwellings" for concession in plan.concessions):
        kept = max(kept, plan.dwellings)
    return Explanation(
        fits=False,
        clash=clash,
        kept=kept,
        at_most=at_most,
        concessions=plan.concessions,
        purchases=purchases,
        sentence=whole_sentence(plan, clash.groups, kept, names),
        ways_out=ways_out(plan, clash.groups, kept, at_most, names),
        assumptions=ASSUMPTIONS,
    )


def _held(made: Formulation, hard: set[str]) -> Program:
    """Return the program in which these groups of norms have no slack, and all others do not matter."""
    bounds = {norm.slack: HARD if norm.group in hard else SOFT for norm in made.norms}
    return made.program.priced({}).bounded(bounds)


def _possible(made: Formulation, hard: set[str], effort: Effort, *, relaxed: bool) -> bool | None:
    """Return whether some plan keeps these groups; None when there was no time to know."""
    answer = optimise(_held(made, hard), effort, relaxed=relaxed)
    return answer.feasible if answer.feasible or answer.proven else None


def _clash(made: Formulation, plan: Plan, effort: Effort) -> Clash:
    everything = {norm.group for norm in made.norms} - {"dwellings"}
    missed = [concession.group for concession in reversed(plan.concessions) if concession.group != "dwellings"]
    filtering = _Filter(made, effort)
    if filtering.fits(set()) is False:
        return Clash(groups=(), proven=True, smallest=True)
    all_of_them = filtering.fits(everything)
    if all_of_them is not False:
        whole = _possible(made, everything | {"dwellings"}, filtering.retest, relaxed=False)
        untested = tuple(sorted(everything)) if all_of_them is None else ()
        named = tuple(dict.fromkeys(missed))
        return Clash(groups=named, proven=whole is False, smallest=False, untested=untested)
    left = set(missed) if filtering.fits(set(missed)) is False else everything
    for group in [*sorted(left - set(missed)), *dict.fromkeys(missed)]:
        if group in left and filtering.fits(left - {group}, about=group) is False:
            left = left - {group}
    needed = [
        _possible(made, (left - {group}) | {"dwellings"}, filtering.retest, relaxed=False)
        for group in sorted(left)
    ]
    untested = tuple(group for group in sorted(filtering.untested) if group in left)
    return Clash(groups=tuple(sorted(left)), proven=True, smallest=all(needed), untested=untested)


class _Filter:
    """Tests of groups of norms with fractions, in the time there is for all of them together."""

    def __init__(self, made: Formulation, effort: Effort) -> None:
        self.retest = replace(effort, time_limit=effort.time_limit * RETEST_SHARE)
        self.untested: set[str] = set()
        self._made = made
        self._effort = effort
        self._end = time.perf_counter() + effort.time_limit * FILTER_SHARE

    def fits(self, groups: set[str], *, about: str = "") -> bool | None:
        """Return whether the dwellings fit with these groups kept; None, and noted, when there was no time."""
        left = max(LEAST_SECONDS, self._end - time.perf_counter())
        found = _possible(self._made, groups | {"dwellings"}, replace(self._effort, time_limit=left), relaxed=True)
        if found is None and about:
            self.untested.add(about)
        return found


def _keeping(made: Formulation) -> Program:
    """Return the program with no slack at all, in which dwellings too few is what is minimised."""
    target = made.target.slack
    bounds = {norm.slack: HARD for norm in made.norms if norm.slack != target}
    return made.program.priced({target: 1.0}).bounded(bounds)


def most_without_concessions(made: Formulation, effort: Effort) -> tuple[float, tuple[Purchase, ...]]:
    """Return the most dwellings there can be without concessions, and what a unit of each would buy."""
    answer = optimise(_keeping(made), effort, relaxed=True)
    if not answer.proven:
        return made.problem.asked, ()
    if not answer.feasible:
        return 0.0, ()
    bought = [
        Purchase(norm=norm.id, unit=norm.unit, dwellings=float(answer.duals[norm.row]))
        for norm in made.norms
        if norm.group != "dwellings" and answer.duals[norm.row] > 1e-9  # noqa: PLR2004 - arithmetic
    ]
    bought.sort(key=lambda purchase: -purchase.dwellings)
    return made.problem.asked - answer.objective, tuple(bought)


def kept_without_concessions(made: Formulation, effort: Effort) -> int:
    """Return the dwellings of the largest plan without concessions that was found in the time there is."""
    program = _keeping(made)
    tries = replace(effort, gap=0.01, absolute_gap=Effort().absolute_gap)
    answer = optimise(program, tries, start=first_plan(made, program, tries))
    # Every part of a dwelling is lost: that asks less of everything else, so what is left keeps all norms.
    homes = (answer.values[column] for column in made.homes.values()) if answer.feasible else ()
    return int(sum(np.floor(number + 1e-6) for number in homes))
