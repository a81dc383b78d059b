"""The front: what every next dwelling costs, from the plan that keeps all norms to the programme that is asked."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from morgen.core.errors import InputError
from morgen.core.noun import Noun
from morgen.models.fit.explain import kept_without_concessions, most_without_concessions
from morgen.models.fit.formulation import Formulation, formulate
from morgen.models.fit.plan import Plan
from morgen.models.fit.problem import Problem
from morgen.models.fit.solve import aimed, plan_of
from morgen.models.fit.solver import Effort, optimise
from morgen.models.fit.start import first_plan

__all__ = ["Front", "front", "knee_of"]

FEWEST_POINTS = 2
QUICK = 2.0
"""s, for the ends of the front."""


class Front(Noun):
    """Plans in order of dwellings, none better than another in everything."""

    plans: tuple[Plan, ...]
    knee: int
    """Which plan comes just before dwellings become expensive."""
    marginal: tuple[float, ...]
    """Price of one more dwelling between each plan and the next, in thousands of euros of concessions."""


def front(
    problem: Problem, *, points: int = 6, time_limit: float = 20.0, seed: int = 0, threads: int = 2
) -> Front:
    """Return ``points`` plans with ever more dwellings at the lowest price of the other norms.

    ``time_limit`` is for each plan, in seconds. A plan is good enough within 1 % of the price of the cheapest
    whole norm: near a price of 0 a relative gap says nothing. Each starts at the plan with more dwellings. Raises
    ``InputError`` for fewer than two points.
    """
    if points < FEWEST_POINTS:
        raise InputError(f"a front of {points} points is no front; ask for {FEWEST_POINTS} or more (--front)")
    made = formulate(problem)
    effort = Effort(
        gap=0.0, absolute_gap=_norm_price(made) / 100, time_limit=time_limit, seed=seed, threads=threads
    )
    quick = replace(effort, time_limit=min(QUICK, time_limit))
    lowest = kept_without_concessions(made, quick) or most_without_concessions(made, quick)[0] / 2
    found: list[Plan] = []
    start: npt.NDArray[np.float64] | None = None
    highest = _highest(made, effort)
    steps = np.floor(np.linspace(highest, min(lowest, highest), points))
    for asked in sorted(set(steps.tolist()), reverse=True):
        plan, start = _point(made, asked, effort, start)
        found.append(plan)
    plans = _undominated(found)
    marginal = _marginal(plans)
    return Front(plans=plans, knee=knee_of(plans), marginal=marginal)


def _norm_price(made: Formulation) -> float:
    """Return the price of missing the cheapest norm altogether, in thousands of euros."""
    problem = made.problem
    crowd = sum(d.residents for d in problem.dwellings) / len(problem.dwellings)
    needs = [
        kind.price * (problem.asked * (kind.per_dwelling + crowd * kind.per_resident) + max(0.0, kind.backlog))
        for kind in problem.kinds
    ]
    return min((need for need in needs if need > 0), default=100.0)


def _highest(made: Formulation, effort: Effort) -> float:
    """Return the most dwellings that have room at all, with facilities as fractions."""
    target = made.target.slack
    answer = optimise(made.program.priced({target: 1.0}), Effort(threads=effort.threads), relaxed=True)
    return made.problem.asked - answer.objective


def _point(
    made: Formulation, asked: float, effort: Effort, start: npt.NDArray[np.float64] | None
) -> tuple[Plan, npt.NDArray[np.float64]]:
    here = replace(made.problem, asked=asked)
    at = formulate(here)
    program = replace(aimed(at, "dwellings"), offset=0.0)
    begin = first_plan(at, program, effort) if start is None or len(start) != len(program.cost) else start
    answer = optimise(program, effort, start=begin)
    return plan_of(at, answer), answer.values


def _rest(plan: Plan) -> float:
    """Return the price of everything but dwellings."""
    return sum(concession.cost for concession in plan.concessions if concession.group != "dwellings")


def _undominated(plans: list[Plan]) -> tuple[Plan, ...]:
    """Return the plans in order of dwellings, without those that another beats in both."""
    kept: list[Plan] = []
    for plan in sorted(plans, key=lambda plan: (-plan.dwellings, _rest(plan))):
        free = bool(kept) and _rest(plan) == _rest(kept[-1]) == 0
        if not kept or free or _rest(plan) < _rest(kept[-1]):
            kept.append(plan)
    return tuple(reversed(kept))


def _marginal(plans: tuple[Plan, ...]) -> tuple[float, ...]:
    pairs = pairwise(plans)
    return tuple((_rest(more) - _rest(less)) / max(1, more.dwellings - less.dwellings) for less, more in pairs)


def knee_of(plans: tuple[Plan, ...]) -> int:
    """Return the plan that lies farthest below the straight line from the first to the last."""
    dwellings = np.array([plan.dwellings for plan in plans], float)
    price = np.array([_rest(plan) for plan in plans])
    width, height = np.ptp(dwellings), np.ptp(price)
    if not width or not height:
        return len(plans) - 1
    below = (dwellings - dwellings[0]) / width - (price - price[0]) / height
    return int(below.argmax())
