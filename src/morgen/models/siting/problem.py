"""The question of ``locate`` as checked arrays; every refusal is one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from morgen.core.errors import ParameterError

__all__ = ["Floats", "Objective", "Problem", "state_problem"]

Floats = npt.NDArray[np.float64]
Objective = Literal["median", "center", "cover", "set_cover"]
OBJECTIVES: tuple[str, ...] = get_args(Objective)


@dataclass(frozen=True, eq=False)
class Problem:
    """Demand that some site can serve, and what it costs."""

    distance: Floats
    """(n_reached, n_site); inf where a site is out of reach."""
    weight: Floats
    """(n_reached,)"""
    demand: Floats
    """(n_reached,) what a demand takes of the capacity."""
    capacity: Floats | None
    """(n_site,)"""
    fixed_cost: Floats | None
    """(n_site,)"""
    k: int | None
    """Sites open in all."""
    existing: tuple[int, ...]
    split: bool
    reached: npt.NDArray[np.int64]
    """Rows of the question that these demands are."""
    unreached: tuple[int, ...]
    n_demand: int

    @property
    def n_site(self) -> int:
        """Number of candidate sites."""
        return int(self.distance.shape[1])


def state_problem(
    distance: npt.ArrayLike,
    *,
    weight: npt.ArrayLike | None,
    k: int | None,
    objective: str,
    radius: float | None,
    capacity: npt.ArrayLike | None,
    demand: npt.ArrayLike | None,
    fixed_cost: npt.ArrayLike | None,
    split: bool,
    existing: Sequence[int],
) -> Problem:
    """Check the arguments of ``locate``; raises ``ParameterError`` that names the first wrong value."""
    table = _table(distance)
    n_demand, n_site = table.shape
    weights = _column("weight", weight, n_demand, "demand", default=1.0)
    kept = tuple(sorted({int(site) for site in existing}))
    _check_choice(objective, k, radius, fixed_cost)
    _check_sites(k, kept, n_site)
    if radius is not None:
        table = np.where(table <= radius, table, np.inf)
    can = np.isfinite(table).any(axis=1)
    takes = weights if demand is None else _column("demand", demand, n_demand, "demand")
    reached = np.flatnonzero(can)
    return Problem(
        distance=table[reached],
        weight=weights[reached],
        demand=takes[reached],
        capacity=None if capacity is None else _column("capacity", capacity, n_site, "site"),
        fixed_cost=None if fixed_cost is None else _column("fixed_cost", fixed_cost, n_site, "site"),
        k=k,
        existing=kept,
        split=split,
        reached=reached,
        unreached=tuple(int(row) for row in np.flatnonzero(~can)),
        n_demand=n_demand,
    )


def _table(distance: npt.ArrayLike) -> Floats:
    table = np.asarray(distance, dtype=np.float64)
    if table.ndim != len(("demand", "site")) or 0 in table.shape:
        message = f"distance has shape {table.shape}; give (n_demand, n_site) with at least one of each"
        raise ParameterError(message)
    wrong = np.isnan(table) | (table < 0)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        message = (
            f"distance[{row}, {column}] is {table[row, column]}; give a number of 0 or more, or inf where a site "
            "cannot be reached"
        )
        raise ParameterError(message)
    return table


def _column(
    name: str, values: npt.ArrayLike | None, length: int, of: str, *, default: float | None = None
) -> Floats:
    column = np.asarray(default if values is None else values, dtype=np.float64)
    if column.ndim == 0:
        column = np.full(length, float(column))
    if column.shape != (length,):
        message = f"{name} has shape {column.shape}; give one number for each {of}, here ({length},)"
        raise ParameterError(message)
    wrong = np.flatnonzero(~np.isfinite(column) | (column < 0))
    if wrong.size:
        message = f"{name}[{wrong[0]}] is {column[wrong[0]]}; give a finite number of 0 or more"
        raise ParameterError(message)
    return column


def _check_choice(objective: str, k: int | None, radius: float | None, fixed_cost: object) -> None:
    if objective not in OBJECTIVES:
        message = f"objective is {objective!r}; choose one of {', '.join(OBJECTIVES)}"
        raise ParameterError(message)
    if radius is not None and not radius >= 0:
        message = f"radius is {radius}; give 0 or more, in the unit of distance"
        raise ParameterError(message)
    if objective in {"cover", "set_cover"} and radius is None:
        message = f"objective {objective!r} needs radius, and it is None; give it in the unit of distance"
        raise ParameterError(message)
    if k is None and (objective in {"center", "cover"} or (objective == "median" and fixed_cost is None)):
        message = f"objective {objective!r} needs k, the number of open sites, and it is None"
        raise ParameterError(message)
    if fixed_cost is not None and objective in {"center", "cover"}:
        message = f"objective {objective!r} takes no fixed_cost; leave it out, or choose median or set_cover"
        raise ParameterError(message)


def _check_sites(k: int | None, existing: tuple[int, ...], n_site: int) -> None:
    outside = [site for site in existing if not 0 <= site < n_site]
    if outside:
        message = f"existing names site {outside[0]}; the sites are 0 to {n_site - 1}"
        raise ParameterError(message)
    if k is not None and not max(1, len(existing)) <= k <= n_site:
        message = (
            f"k is {k}; give {max(1, len(existing))} to {n_site}: existing sites count, and no more than there are"
        )
        raise ParameterError(message)
