"""Least total cost without capacities: Lagrangean bounds first, the radius formulation for what is left.

Source of the formulation: Elloumi (2010), Journal of Combinatorial Optimization 19; its columns say "nothing open
within this distance", so that it has one per distinct distance and not one per pair.
"""

import time

import numpy as np
import numpy.typing as npt
from scipy import sparse

from morgen.models.siting.interchange import total
from morgen.models.siting.lagrange import Relaxed, relax
from morgen.models.siting.problem import Floats, Problem
from morgen.models.siting.solver import InfeasibleError, Programme, minimise

__all__ = ["median"]

Found = tuple[npt.NDArray[np.int64], float, float]
CLOSED = 1e-9
HALF = 0.5


def median(problem: Problem, until: float) -> Found:
    """Return the sites, their cost and the bound; raises ``InfeasibleError`` when k cannot reach all."""
    fixed = np.zeros(problem.n_site) if problem.fixed_cost is None else problem.fixed_cost
    exact = problem.fixed_cost is None
    pairs = problem.distance * np.where(problem.weight > 0, problem.weight, 1.0)[:, None]
    pairs = np.where((problem.weight > 0)[:, None] | np.isinf(pairs), pairs, 0.0)
    finite = pairs[np.isfinite(pairs)]
    # Dearer than any choice that reaches everyone, so that a choice above it misses someone.
    never = 1.0 + float(np.where(np.isfinite(pairs), pairs, 0.0).max(axis=1).sum() + fixed.sum())
    cost = np.where(np.isfinite(pairs), pairs, never)
    kept = np.array(problem.existing, dtype=np.int64)
    relaxed = relax(cost, fixed, k=problem.k, exact=exact, kept=kept, until=until)
    if not finite.size or relaxed.bound >= never:
        raise InfeasibleError(_unreachable(problem))
    if relaxed.value - relaxed.bound <= CLOSED * max(1.0, abs(relaxed.value)) and relaxed.value < never:
        return relaxed.sites, relaxed.value, relaxed.value
    return _finish(problem, pairs, cost, fixed, relaxed, until, never)


def _unreachable(problem: Problem) -> str:
    return f"{problem.k} open sites cannot reach all demand that some site can reach; give a larger k or radius"


def _finish(
    problem: Problem, pairs: Floats, cost: Floats, fixed: Floats, relaxed: Relaxed, until: float, never: float
) -> Found:
    usable = relaxed.value < never
    sites = np.flatnonzero(~relaxed.shut) if usable else np.arange(problem.n_site)
    sure = relaxed.sure[sites] if usable else np.isin(sites, problem.existing)
    programme, constant = _radius_formulation(pairs[:, sites], fixed[sites], sure, problem, usable=usable)
    left = None if np.isinf(until) else until - time.monotonic()
    try:
        solved = minimise(programme, time_limit=left)
    except InfeasibleError:
        if usable:
            return relaxed.sites, relaxed.value, relaxed.value
        raise InfeasibleError(_unreachable(problem)) from None
    found, value = relaxed.sites, relaxed.value
    if solved.values is not None:
        chosen = sites[np.flatnonzero(solved.values[: len(sites)] > HALF)]
        if len(chosen) and total(cost, fixed, chosen) <= value:
            found, value = chosen, total(cost, fixed, chosen)
    bound = min(value, max(relaxed.bound, solved.bound + constant))
    return found, value, value if value - bound <= CLOSED * max(1.0, abs(value)) else bound


def _radius_formulation(
    pairs: Floats, fixed: Floats, sure: npt.NDArray[np.bool_], problem: Problem, *, usable: bool
) -> tuple[Programme, float]:
    n_site = len(fixed)
    most = problem.n_site if problem.k is None else problem.k
    exact = problem.fixed_cost is None
    columns: list[float] = []
    entries: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]] = []
    sides: list[float] = []
    constant = 0.0
    for costs in pairs:
        steps, group = np.unique(costs, return_inverse=True)
        last = _farthest(costs, steps, sure, n_site - most + 1 if exact and usable else n_site)
        constant += float(steps[0])
        before = -1
        for rank in range(last + 1):
            near = np.flatnonzero(group == rank)
            here = [near]
            signs = [np.ones(len(near))]
            if rank < last:
                here.append(np.array([n_site + len(columns)]))
                signs.append(np.ones(1))
            if before >= 0:
                here.append(np.array([before]))
                signs.append(-np.ones(1))
            index = np.concatenate(here)
            entries.append((np.full(len(index), len(sides)), index, np.concatenate(signs)))
            sides.append(0.0 if before >= 0 else 1.0)
            if rank < last:
                before = n_site + len(columns)
                columns.append(float(steps[rank + 1] - steps[rank]))
    entries.append((np.full(n_site, len(sides)), np.arange(n_site), np.ones(n_site)))
    row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
    width = n_site + len(columns)
    rows = sparse.csr_matrix((value, (row, column)), shape=(len(sides) + 1, width))
    programme = Programme(
        cost=np.concatenate([fixed, columns]),
        rows=rows,
        row_lower=np.array([*sides, most if exact else 0.0]),
        row_upper=np.array([*np.full(len(sides), np.inf), most]),
        lower=np.concatenate([sure.astype(float), np.zeros(len(columns))]),
        upper=np.ones(width),
        whole=np.arange(width) < n_site,
    )
    return programme, constant


def _farthest(costs: Floats, steps: Floats, sure: npt.NDArray[np.bool_], ranks: int) -> int:
    """Return the rank of the farthest distance that can matter: no open site is surely nearer."""
    finite = int(np.isfinite(steps).sum()) - 1
    by_count = np.searchsorted(steps, np.partition(costs, min(ranks, len(costs)) - 1)[min(ranks, len(costs)) - 1])
    by_sure = np.searchsorted(steps, costs[sure].min()) if sure.any() else finite
    return int(min(finite, by_count, by_sure))
