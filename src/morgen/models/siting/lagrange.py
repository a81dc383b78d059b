"""Bounds for the median by Lagrangean relaxation of "everyone goes to one site", and sites ruled in or out.

Source: Cornuejols, Fisher and Nemhauser (1977), Management Science 23(8); fixing by reduced cost as in
Beasley (1993), European Journal of Operational Research 65(3).
"""

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from morgen.models.siting.interchange import improve, total

__all__ = ["Relaxed", "relax"]

Floats = npt.NDArray[np.float64]
Sites = npt.NDArray[np.int64]
STEPS = 400
PATIENCE = 12
"""Steps without a better bound before the step is halved."""
SMALLEST = 1e-3
"""Step at which the bound no longer moves."""
CLOSED = 1e-9
"""Relative gap at which the sites are proven best."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """What the relaxation found."""

    sites: Sites
    """The best sites so far."""
    value: float
    bound: float
    shut: npt.NDArray[np.bool_]
    """(n_site,) sites that cannot be in a better choice."""
    sure: npt.NDArray[np.bool_]
    """(n_site,) sites that must be in every better choice."""


def relax(
    cost: Floats, fixed: Floats, *, k: int | None, exact: bool, kept: Sites, until: float = np.inf
) -> Relaxed:
    """Bound ``cost`` (n_demand, n_site) with at most, or with ``exact`` precisely, ``k`` sites open."""
    n_site = cost.shape[1]
    most = n_site if k is None else k
    sites = _greedy(cost, fixed, most=most, exact=exact, kept=kept)
    sites = improve(cost, fixed, sites, kept=kept, vary=not exact, most=most, until=until)
    value = total(cost, fixed, sites)
    price = np.partition(cost, min(1, n_site - 1), axis=1)[:, min(1, n_site - 1)]
    best, bound = price, -np.inf
    size, waited = 2.0, 0
    for _ in range(STEPS):
        reduced, chosen = _choose(cost, fixed, price, most=most, exact=exact, kept=kept)
        now = float(price.sum() + reduced[chosen].sum())
        if now > bound + CLOSED * abs(now):
            bound, best, waited = now, price, 0
        else:
            waited += 1
        if chosen.size and total(cost, fixed, chosen) < 1.02 * value:
            trial = improve(cost, fixed, chosen, kept=kept, vary=not exact, most=most, until=until)
            if total(cost, fixed, trial) < value:
                sites, value = trial, total(cost, fixed, trial)
        if waited >= PATIENCE:
            size, waited, price = size / 2, 0, best
            if size < SMALLEST:
                break
            continue
        slope = 1.0 - (cost[:, chosen] < price[:, None]).sum(axis=1)
        steepness = float(slope @ slope)
        if value - bound <= CLOSED * abs(value) or steepness == 0 or time.monotonic() > until:
            break
        price = np.maximum(price + size * (1.01 * value - now) / steepness * slope, 0.0)
    return _rule(cost, fixed, best, sites, value, bound, most=most, exact=exact, kept=kept)


def _greedy(cost: Floats, fixed: Floats, *, most: int, exact: bool, kept: Sites) -> Sites:
    opened = list(kept)
    near = cost[:, kept].min(axis=1) if len(kept) else np.full(len(cost), cost.max() * 2 + 1)
    while len(opened) < most:
        win = np.minimum(cost - near[:, None], 0.0).sum(axis=0) + fixed
        win[opened] = np.inf
        site = int(win.argmin())
        if not exact and opened and win[site] >= 0:
            break
        opened.append(site)
        near = np.minimum(near, cost[:, site])
    return np.array(sorted(opened), dtype=np.int64)


def _choose(
    cost: Floats, fixed: Floats, price: Floats, *, most: int, exact: bool, kept: Sites
) -> tuple[Floats, Sites]:
    reduced = np.minimum(cost - price[:, None], 0.0).sum(axis=0) + fixed
    order = np.argsort(reduced, kind="stable")
    free = order[~np.isin(order, kept)][: most - len(kept)]
    if not exact:
        free = free[reduced[free] < 0]
    return reduced, np.concatenate([kept, free]).astype(np.int64)


def _rule(
    cost: Floats,
    fixed: Floats,
    price: Floats,
    sites: Sites,
    value: float,
    bound: float,
    *,
    most: int,
    exact: bool,
    kept: Sites,
) -> Relaxed:
    reduced, chosen = _choose(cost, fixed, price, most=most, exact=exact, kept=kept)
    base = float(price.sum() + reduced[chosen].sum())
    inside = np.zeros(len(reduced), dtype=bool)
    inside[chosen] = True
    free = chosen[~np.isin(chosen, kept)]
    full = len(chosen) == most and free.size > 0
    enters = reduced - reduced[free].max() if full else reduced
    outside = np.sort(reduced[~inside])
    spare = outside[0] if outside.size and exact else 0.0
    if outside.size and not exact:
        spare = min(0.0, outside[0])
    leaves = spare - reduced
    slack = value * (1 + 1e-9) + 1e-9
    shut = ~inside & (base + np.maximum(enters, 0.0) > slack)
    sure = inside & (base + leaves > slack)
    sure[kept] = True
    if len(kept) == most:
        shut = ~inside
    return Relaxed(sites, value, min(bound, value), shut & ~np.isin(np.arange(len(reduced)), sites), sure)
