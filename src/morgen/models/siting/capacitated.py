"""All four questions when a site can serve only so much; demand may be split over sites, or not."""

import time
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from morgen.core.errors import ParameterError, RunError
from morgen.models.siting.cover import HALF, left
from morgen.models.siting.problem import Floats, Problem
from morgen.models.siting.solver import InfeasibleError, Programme, Solved, minimise

__all__ = ["capacitated"]

Found = tuple[npt.NDArray[np.int64], Floats, float, float]
CLOSED = 1e-9


def capacitated(problem: Problem, objective: str, until: float) -> Found:
    """Return the open sites, the shares (n_reached, n_site), the objective and the bound."""
    _check_room(problem, objective)
    if objective == "center":
        return _center(problem, until)
    ones = np.ones(problem.n_site)
    fixed = np.zeros(problem.n_site) if problem.fixed_cost is None else problem.fixed_cost
    finite = np.where(np.isfinite(problem.distance), problem.distance, 0.0)
    if objective == "median":
        pair, site = finite * problem.weight[:, None], fixed
    elif objective == "cover":
        pair, site = np.broadcast_to(-problem.weight[:, None], finite.shape), 0 * ones
    else:
        pair, site = 0 * finite, ones if problem.fixed_cost is None else fixed
    solved = _solve(problem, pair, site, until, serve_all=objective != "cover")
    sites, shares = _read(problem, solved)
    value = float((shares * pair).sum() + site[sites].sum())
    bound = value if value - solved.bound <= CLOSED * max(1.0, abs(value)) else solved.bound
    sign = -1.0 if objective == "cover" else 1.0
    return sites, shares, sign * value, sign * bound


def _check_room(problem: Problem, objective: str) -> None:
    assert problem.capacity is not None
    most = problem.n_site if problem.k is None else problem.k
    room = float(np.sort(problem.capacity)[::-1][:most].sum())
    asked = float(problem.demand.sum())
    if objective != "cover" and asked > room * (1 + 1e-9):
        message = (
            f"demand is {asked:g} in all, and the {most} largest sites hold {room:g}; allow more sites or capacity"
        )
        raise ParameterError(message)


def _solve(problem: Problem, pair: Floats, site: Floats, until: float, *, serve_all: bool) -> Solved:
    solved = minimise(_programme(problem, pair, site, serve_all=serve_all), time_limit=left(until))
    if solved.values is None:
        message = "the time was up before any sites were found that keep the capacities; give a longer time_limit"
        raise RunError(message)
    return solved


def _programme(problem: Problem, pair: Floats, site: Floats, *, serve_all: bool) -> Programme:
    assert problem.capacity is not None
    row, column = np.nonzero(np.isfinite(problem.distance))
    n_pair, n_site, n_demand = len(row), problem.n_site, len(problem.distance)
    index, one = np.arange(n_pair), np.ones(n_pair)
    blocks: Any = [
        [None, sparse.csr_matrix((one, (row, index)), shape=(n_demand, n_pair))],
        [sparse.csr_matrix((-one, (index, column)), shape=(n_pair, n_site)), sparse.eye(n_pair)],
        [
            -sparse.diags(problem.capacity),
            sparse.csr_matrix((problem.demand[row], (column, index)), shape=(n_site, n_pair)),
        ],
        [np.ones((1, n_site)), None],
    ]
    rows = sparse.bmat(blocks, format="csr")
    most = n_site if problem.k is None else problem.k
    exact = problem.k is not None and problem.fixed_cost is None
    width = n_site + n_pair
    return Programme(
        cost=np.concatenate([site, pair[row, column]]),
        rows=rows,
        row_lower=np.concatenate(
            [np.full(n_demand, float(serve_all)), np.full(n_pair + n_site, -np.inf), [most if exact else 0.0]]
        ),
        row_upper=np.concatenate([np.ones(n_demand), np.zeros(n_pair + n_site), [most]]),
        lower=np.append(np.isin(np.arange(n_site), problem.existing).astype(float), np.zeros(n_pair)),
        upper=np.ones(width),
        whole=np.ones(width, dtype=bool) if not problem.split else np.arange(width) < n_site,
    )


def _read(problem: Problem, solved: Solved) -> tuple[npt.NDArray[np.int64], Floats]:
    assert solved.values is not None
    row, column = np.nonzero(np.isfinite(problem.distance))
    shares = np.zeros(problem.distance.shape)
    parts = solved.values[problem.n_site :]
    shares[row, column] = np.where(parts > CLOSED, parts, 0.0) if problem.split else np.round(parts)
    return np.flatnonzero(solved.values[: problem.n_site] > HALF), shares


def _center(problem: Problem, until: float) -> Found:
    radii = np.unique(problem.distance[np.isfinite(problem.distance)])
    low, high = int(np.searchsorted(radii, problem.distance.min(axis=1).max())), len(radii)
    best: Solved | None = None
    nothing = np.zeros(problem.distance.shape)
    while low < high and (best is None or time.monotonic() < until):
        middle = (low + high) // 2
        try:
            near = _within(problem, radii[middle])
            best = _solve(near, nothing, np.zeros(problem.n_site), until, serve_all=True)
            high, within = middle, near
        except InfeasibleError:
            low = middle + 1
        except RunError:
            if best is None:
                raise
            break
    if best is None:
        message = f"{problem.k} open sites cannot serve all demand within their capacity; allow more of either"
        raise InfeasibleError(message)
    sites, shares = _read(within, best)
    return sites, shares, float(radii[high]), float(radii[low])


def _within(problem: Problem, radius: float) -> Problem:
    return replace(problem, distance=np.where(problem.distance <= radius, problem.distance, np.inf))
