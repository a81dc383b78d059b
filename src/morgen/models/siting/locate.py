"""The one call of siting, which answers where a facility comes best."""

import time
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from morgen.core.errors import ParameterError
from morgen.models.siting.answer import Answer
from morgen.models.siting.capacitated import capacitated
from morgen.models.siting.cover import center, fewest, most_weight
from morgen.models.siting.median import median
from morgen.models.siting.problem import Floats, Objective, Problem, state_problem

__all__ = ["locate"]

METHODS = {"median": median, "center": center, "cover": most_weight, "set_cover": fewest}


def locate(
    distance: npt.ArrayLike,
    weight: npt.ArrayLike | None = None,
    k: int | None = None,
    objective: Objective = "median",
    radius: float | None = None,
    capacity: npt.ArrayLike | None = None,
    demand: npt.ArrayLike | None = None,
    fixed_cost: npt.ArrayLike | None = None,
    split: bool = True,  # noqa: FBT001, FBT002  the published call
    existing: Sequence[int] = (),
    time_limit: float | None = None,
) -> Answer:
    """Choose the sites to open.

    ``distance`` is (n_demand, n_site), m or cost, inf where a site is out of reach; ``radius``, in the same unit,
    makes everything beyond it unreachable. ``weight`` (n_demand,) counts in the objective; ``demand`` (n_demand,),
    by default the weight, fills the ``capacity`` (n_site,). ``k`` is the number of open sites in all; with
    ``fixed_cost`` (n_site,) it is the most. ``existing`` sites are open, and count in k. With ``split`` a demand
    may go to several sites of limited capacity. ``time_limit``, s: afterwards the best so far, with its bound.

    - ``median``: least sum of weight x distance, plus the fixed cost of open sites;
    - ``center``: least distance of the demand farthest from its site, whatever its weight;
    - ``cover``: most weight within the radius of k sites;
    - ``set_cover``: fewest (or cheapest) sites with all demand within the radius.

    Demand that no site can reach is in ``unreached`` and counts in none of these. Raises ``ParameterError`` for a
    value that is not allowed and when no choice of sites can serve all other demand, ``RunError`` when the time
    was up before there was any answer.
    """
    if time_limit is not None and not time_limit > 0:
        message = f"time_limit is {time_limit}; give seconds above 0, or None for no limit"
        raise ParameterError(message)
    problem = state_problem(
        distance,
        weight=weight,
        k=k,
        objective=objective,
        radius=radius,
        capacity=capacity,
        demand=demand,
        fixed_cost=fixed_cost,
        split=split,
        existing=existing,
    )
    if not len(problem.reached):
        message = f"no site can reach any of the {problem.n_demand} demands; give a larger radius or other sites"
        raise ParameterError(message)
    until = np.inf if time_limit is None else time.monotonic() + time_limit
    if problem.capacity is not None:
        sites, shares, value, bound = capacitated(problem, objective, until)
    else:
        sites, value, bound = METHODS[objective](problem, until)
        shares = _nearest(problem, sites)
    return _answer(problem, sites, shares, value, bound)


def _nearest(problem: Problem, sites: npt.NDArray[np.int64]) -> Floats:
    near = problem.distance[:, sites]
    rows = np.arange(len(near))
    best = near.argmin(axis=1)
    shares = np.zeros(problem.distance.shape)
    shares[rows, sites[best]] = np.isfinite(near[rows, best])
    return shares


def _answer(problem: Problem, sites: npt.NDArray[np.int64], shares: Floats, value: float, bound: float) -> Answer:
    everyone = np.zeros((problem.n_demand, problem.n_site))
    everyone[problem.reached] = shares
    served = everyone.sum(axis=1) > 0
    return Answer(
        open=tuple(int(site) for site in sites),
        assignment=np.where(served, everyone.argmax(axis=1), -1),
        shares=everyone,
        objective=value,
        bound=bound,
        unreached=problem.unreached,
    )
