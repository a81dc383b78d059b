"""Cover within a radius: the most weight with k sites, the fewest sites for all, and from it the least farthest.

Sources: Church and ReVelle (1974), Papers of the Regional Science Association 32; Toregas et al.
(1971), Operations Research 19(6); the centre as a search over radii: Daskin (2013), chapter 5.
"""

import time
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from morgen.core.errors import RunError
from morgen.models.siting.problem import Floats, Problem
from morgen.models.siting.solver import InfeasibleError, Programme, minimise

__all__ = ["center", "fewest", "most_weight"]

Sites = npt.NDArray[np.int64]
Found = tuple[Sites, float, float]
ROUNDING = 1e-6
HALF = 0.5


def left(until: float) -> float | None:
    """Return the seconds until a moment of ``time.monotonic``, None for never."""
    return None if np.isinf(until) else until - time.monotonic()


def most_weight(problem: Problem, until: float) -> Found:
    """Return k sites, the weight within reach of them, and the bound."""
    reach, group = np.unique(np.isfinite(problem.distance), axis=0, return_inverse=True)
    weight = np.bincount(group.ravel(), weights=problem.weight, minlength=len(reach)).astype(np.float64)
    n_group, n_site = reach.shape
    assert problem.k is not None
    blocks: Any = [[sparse.csr_matrix(reach.astype(float)), -sparse.eye(n_group)], [np.ones((1, n_site)), None]]
    rows = sparse.bmat(blocks, format="csr")
    programme = Programme(
        cost=np.concatenate([np.zeros(n_site), -weight]),
        rows=rows,
        row_lower=np.append(np.zeros(n_group), problem.k),
        row_upper=np.append(np.full(n_group, np.inf), problem.k),
        lower=np.append(_kept(problem), np.zeros(n_group)),
        upper=np.ones(n_site + n_group),
        whole=np.arange(n_site + n_group) < n_site,
    )
    sites = _greedy_cover(reach, weight, problem)
    start = np.concatenate([np.isin(np.arange(n_site), sites), reach[:, sites].any(axis=1)]).astype(float)
    solved = minimise(programme, time_limit=left(until), start=start)
    value = float(weight[reach[:, sites].any(axis=1)].sum())
    if solved.values is not None:
        found = np.flatnonzero(solved.values[:n_site] > HALF)
        covered = float(weight[reach[:, found].any(axis=1)].sum())
        if covered >= value:
            sites, value = found, covered
    return sites, value, max(value, -solved.bound)


def fewest(problem: Problem, until: float) -> Found:
    """Return the fewest (or cheapest) sites that cover all reachable demand, and the bound."""
    cost = np.ones(problem.n_site) if problem.fixed_cost is None else problem.fixed_cost
    reach = np.isfinite(problem.distance)
    start = _greedy_set(reach, cost, problem)
    sites, bound = _set_cover(reach, cost, problem, start, until)
    value = float(cost[sites].sum())
    return sites, value, min(value, bound)


def center(problem: Problem, until: float) -> Found:
    """Return k sites, the distance of the demand farthest from them, and the bound."""
    assert problem.k is not None
    ones = np.ones(problem.n_site)
    radii = np.unique(problem.distance[np.isfinite(problem.distance)])
    low = int(np.searchsorted(radii, problem.distance.min(axis=1).max()))
    high, sites = len(radii), None
    while low < high and time.monotonic() < until:
        middle = (low + high) // 2
        reach = problem.distance <= radii[middle]
        found = _greedy_set(reach, ones, problem)
        if len(found) > problem.k:
            found, bound = _set_cover(reach, ones, problem, found, until)
            if len(found) > problem.k and bound <= problem.k + ROUNDING:
                break
        if len(found) <= problem.k:
            sites = _fill(found, problem)
            farthest = problem.distance[:, sites].min(axis=1).max()
            high = int(np.searchsorted(radii, farthest))
        else:
            low = middle + 1
    if sites is None:
        if low == len(radii):
            message = f"{problem.k} open sites cannot reach all demand that some site can reach; give a larger k"
            raise InfeasibleError(message)
        message = "the time was up before any sites were found that reach all demand; give a longer time_limit"
        raise RunError(message)
    return sites, float(radii[high]), float(radii[low])


def _kept(problem: Problem) -> Floats:
    return np.isin(np.arange(problem.n_site), problem.existing).astype(float)


def _fill(sites: Sites, problem: Problem) -> Sites:
    """Open the rest of the k sites where they bring the farthest demand nearer."""
    opened = list(sites)
    while len(opened) < (problem.k or 0):
        near = problem.distance[:, opened].min(axis=1) if opened else np.full(len(problem.distance), np.inf)
        after = np.minimum(near[:, None], problem.distance).max(axis=0)
        after[opened] = np.inf
        free = np.setdiff1d(np.arange(problem.n_site), opened)
        opened.append(int(free[after[free].argmin()]))
    return np.array(sorted(opened), dtype=np.int64)


def _greedy_cover(reach: npt.NDArray[np.bool_], weight: Floats, problem: Problem) -> Sites:
    opened = list(problem.existing)
    open_weight = np.where(reach[:, opened].any(axis=1), 0.0, weight)
    while len(opened) < (problem.k or 0):
        win = open_weight @ reach
        win[opened] = -1.0
        opened.append(int(win.argmax()))
        open_weight[reach[:, opened[-1]]] = 0.0
    return np.array(sorted(opened), dtype=np.int64)


def _greedy_set(reach: npt.NDArray[np.bool_], cost: Floats, problem: Problem) -> Sites:
    opened = list(problem.existing)
    todo = ~reach[:, opened].any(axis=1)
    while todo.any():
        win = todo.astype(float) @ reach
        opened.append(int((win / np.maximum(cost, 1e-12)).argmax()))
        todo &= ~reach[:, opened[-1]]
    return np.array(sorted(opened), dtype=np.int64)


def _set_cover(
    reach: npt.NDArray[np.bool_], cost: Floats, problem: Problem, start: Sites, until: float
) -> tuple[Sites, float]:
    rows = np.unique(reach, axis=0)
    programme = Programme(
        cost=cost,
        rows=sparse.csr_matrix(rows.astype(float)),
        row_lower=np.ones(len(rows)),
        row_upper=np.full(len(rows), np.inf),
        lower=_kept(problem),
        upper=np.ones(problem.n_site),
        whole=np.ones(problem.n_site, dtype=bool),
    )
    begin = np.isin(np.arange(problem.n_site), start).astype(float)
    solved = minimise(programme, time_limit=left(until), start=begin)
    if solved.values is None:
        return start, solved.bound
    found = np.flatnonzero(solved.values > HALF)
    return (found, solved.bound) if cost[found].sum() <= cost[start].sum() else (start, solved.bound)
