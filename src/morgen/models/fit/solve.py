"""Solve a problem: the best plan that can be found, with how far from the best it may be."""

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from morgen.core.errors import RunError
from morgen.models.fit.formulation import Formulation, formulate
from morgen.models.fit.plan import Concession, Plan, PlannedFacility, PlannedSite
from morgen.models.fit.problem import Problem
from morgen.models.fit.program import Program
from morgen.models.fit.solver import Answer, Effort, optimise
from morgen.models.fit.start import first_plan

__all__ = ["Maximise", "aimed", "plan_of", "solve"]

FloatArray = npt.NDArray[np.float64]
Maximise = Literal["dwellings", "served", "green"]

LEAST: Final = 1e-4
"""A shortage below this is arithmetic, not a concession."""


def solve(
    problem: Problem,
    *,
    maximise: Maximise = "dwellings",
    gap: float = 0.001,
    time_limit: float = 60.0,
    seed: int = 0,
    threads: int = 2,
    made: Formulation | None = None,
) -> Plan:
    """Return the plan with the lowest price of concessions; ``made`` spares writing the problem down again.

    ``gap`` is relative to the worth of the plan: its dwellings at their price, minus its concessions;
    ``time_limit`` is in seconds, and a plan that it cuts short says so in its status. With
    ``maximise`` 'served' every resident out of reach of anything also has its price, also within the norm; with
    'green' every m2 of green is worth its price, also beyond the norm. The same problem, options and seed give the
    same plan as long as the time limit is not reached. Raises ``InputError`` and ``RunError``.
    """
    made = made or formulate(problem)
    effort = Effort(gap=gap, time_limit=time_limit, seed=seed, threads=threads)
    program = aimed(made, maximise)
    answer = optimise(program, effort, start=first_plan(made, program, effort))
    if not answer.feasible:
        raise RunError(
            f"the solver found no plan within {time_limit:g} s for {len(problem.sites)} sites;"
            " give it more time, or fewer sites"
        )
    return plan_of(made, answer, maximise=maximise)


def aimed(made: Formulation, maximise: Maximise) -> Program:
    """Return the program with the costs of what is maximised, and the dwellings at their price as its worth."""
    cost = dict(enumerate(made.program.cost))
    if maximise == "served":
        for column, price in made.missed:
            cost[column] += price
    if maximise == "green":
        worth = made.problem.ground.green_price
        for column in made.green:
            cost[column] -= worth
        for site, column in made.parks.items():
            cost[column] -= worth * made.problem.sites[site].area
    return made.program.priced(cost, offset=-made.problem.dwelling_price * made.problem.asked)


def plan_of(made: Formulation, answer: Answer, *, maximise: Maximise = "dwellings") -> Plan:
    """Round the dwellings of an answer to whole ones, settle the rest again, and write the plan down."""
    values = _whole(made, answer.values, maximise)
    homes = {pair: round(values[column]) for pair, column in made.homes.items()}
    kinds = made.problem.dwellings
    return Plan(
        status="within gap" if answer.proven else "time limit",
        gap=answer.gap,
        objective=answer.objective,
        bound=answer.bound,
        seconds=answer.seconds,
        first_seconds=answer.first_seconds,
        maximised=maximise,
        asked=made.problem.asked,
        dwellings=sum(homes.values()),
        residents=sum(number * kinds[kind].residents for (_, kind), number in homes.items()),
        sites=tuple(_planned(made, site, values, homes) for site in range(len(made.problem.sites))),
        concessions=_concessions(made, values),
        notes=tuple(made.notes),
    )


def _whole(made: Formulation, values: FloatArray, maximise: Maximise) -> FloatArray:
    """Settle everything around whole dwellings by largest remainders; round all down where that has no room."""
    for homes in (_largest_remainders(made, values), _rounded_down(made, values)):
        fixed = {column: float(round(values[column])) for column in _integers(made)}
        bounds = {**fixed, **homes}
        settled = optimise(aimed(made, maximise).bounded(bounds, lower=bounds), Effort(threads=1), relaxed=True)
        if settled.feasible:
            return settled.values
    raise RunError("the dwellings of the plan could not be made whole; try another seed or a smaller gap")


def _integers(made: Formulation) -> list[int]:
    return [column for column, integer in enumerate(made.program.integer) if integer]


def _rounded_down(made: Formulation, values: FloatArray) -> dict[int, float]:
    return {column: float(np.floor(values[column] + LEAST)) for column in made.homes.values()}


def _largest_remainders(made: Formulation, values: FloatArray) -> dict[int, float]:
    """Return whole dwellings that add up to the whole number below their sum, where the floor of a site allows."""
    homes = _rounded_down(made, values)
    left = int(np.floor(sum(values[column] for column in homes) + LEAST)) - round(sum(homes.values()))
    spare = _spare_floor(made, values, homes)
    # Types that must have a share come first: one too few of them is a concession.
    by_remainder = sorted(
        made.homes.items(),
        key=lambda item: (
            values[item[1]] <= LEAST,
            not made.problem.dwellings[item[0][1]].share,
            homes[item[1]] - values[item[1]],
        ),
    )
    for (site, kind), column in by_remainder:
        room = int(spare[site] // made.problem.dwellings[kind].floor)
        # One more where the solver had a part of one; on a site with room to spare as many as are still missing.
        added = min(left, room, 1 if values[column] > LEAST else room)
        homes[column] += added
        spare[site] -= added * made.problem.dwellings[kind].floor
        left -= added
    return homes


def _spare_floor(made: Formulation, values: FloatArray, homes: dict[int, float]) -> list[float]:
    """Return the floor that each site surely has left, m2, when green gives way."""
    rules = made.problem.ground
    spare = [
        min(site.floor, site.storeys * min(site.coverage * site.area, site.area * (1 - site.min_green)))
        - values[made.garage[row]] * rules.place_floor
        - values[made.outside[row]] * rules.place_ground * site.storeys
        for row, site in enumerate(made.problem.sites)
    ]
    for site in _without_homes(made, values):
        spare[site] = 0.0
    for (site, kind), column in made.floors.items():
        facility = made.problem.kinds[kind]
        outdoor = 0.0 if facility.outdoor_shared else facility.outdoor
        spare[site] -= values[column] * (1 + outdoor * made.problem.sites[site].storeys)
    for (site, kind), column in made.homes.items():
        spare[site] -= homes[column] * made.problem.dwellings[kind].floor
    return [max(0.0, floor) for floor in spare]


def _without_homes(made: Formulation, values: FloatArray) -> set[int]:
    """Return the sites that are a park, are not used, or hold a facility under which nobody lives."""
    parks = {site for site, column in made.parks.items() if round(values[column]) == 1}
    unused = {site for site, column in made.taken.items() if round(values[column]) == 0}
    alone = {
        site
        for (site, kind), column in made.opened.items()
        if round(values[column]) == 1 and not made.problem.kinds[kind].stackable
    }
    return parks | unused | alone


def _planned(made: Formulation, site: int, values: FloatArray, homes: dict[tuple[int, int], int]) -> PlannedSite:
    problem = made.problem
    place = problem.sites[site]
    park = site in made.parks and values[made.parks[site]] > 0.5  # noqa: PLR2004 - a switch is 0 or 1
    return PlannedSite(
        site=place.id,
        dwellings={
            dwelling.id: homes[site, kind]
            for kind, dwelling in enumerate(problem.dwellings)
            if homes.get((site, kind))
        },
        facilities=tuple(
            PlannedFacility(kind=facility.id, floor=_tidy(values[made.floors[site, kind]]))
            for kind, facility in enumerate(problem.kinds)
            if (site, kind) in made.opened and round(values[made.opened[site, kind]]) == 1
        ),
        footprint=_tidy(values[made.footprint[site]]),
        green=place.area if park else _tidy(values[made.green[site]]),
        places_outside=_tidy(values[made.outside[site]]),
        places_garage=_tidy(values[made.garage[site]]),
        park=park,
    )


def _tidy(value: float) -> float:
    """Return a number without the noise of the solver, to the tenth of a millionth."""
    return max(0.0, round(float(value), 7))


def _concessions(made: Formulation, values: FloatArray) -> tuple[Concession, ...]:
    found = [
        Concession(
            norm=norm.id, group=norm.group, amount=_tidy(values[norm.slack]), unit=norm.unit, price=norm.price
        )
        for norm in made.norms
        if values[norm.slack] > LEAST
    ]
    return tuple(sorted(found, key=lambda concession: (-concession.cost, concession.norm)))
