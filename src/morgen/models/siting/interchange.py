"""Good sites at once: greedy opening, then add, drop and swap until nothing helps (Teitz and Bart 1968)."""

import time

import numpy as np
import numpy.typing as npt
from scipy import sparse

__all__ = ["improve", "total"]

Floats = npt.NDArray[np.float64]
Sites = npt.NDArray[np.int64]
HELPS = 1e-9
"""Share of the total that a step must win, so that rounding never makes it walk in circles."""


def total(cost: Floats, fixed: Floats, sites: Sites) -> float:
    """Return the cost (n_demand, n_site) of all demand at its nearest open site, and the fixed cost."""
    return float(cost[:, sites].min(axis=1).sum() + fixed[sites].sum())


def improve(
    cost: Floats, fixed: Floats, sites: Sites, *, kept: Sites, vary: bool, most: int, until: float = np.inf
) -> Sites:
    """Return sites that no single swap betters; with ``vary`` no adding (up to ``most``) or dropping either."""
    opened = np.unique(sites)
    while time.monotonic() < until:
        step = _best_step(cost, fixed, opened, kept, vary=vary, most=most)
        if step is None:
            break
        drop, add = step
        opened = np.union1d(np.setdiff1d(opened, drop), add)
    return opened


def _best_step(
    cost: Floats, fixed: Floats, opened: Sites, kept: Sites, *, vary: bool, most: int
) -> tuple[Sites, Sites] | None:
    at = cost[:, opened]
    rows = np.arange(len(cost))
    first = at.argmin(axis=1)
    near = at[rows, first]
    at[rows, first] = np.inf
    second = at.min(axis=1) if len(opened) > 1 else np.full(len(cost), np.inf)
    won = np.minimum(cost - near[:, None], 0.0)
    add = won.sum(axis=0) + fixed
    # What the demand of a closed site loses, less what it would have won anyway: the "extra" of Whitaker (1983).
    lost = np.minimum(cost, second[:, None]) - near[:, None] - won
    of_site = sparse.csr_matrix((np.ones(len(cost)), (first, rows)), shape=(len(opened), len(cost)))
    swap = of_site @ lost + add[None, :] - fixed[opened][:, None]
    stays = np.isin(opened, kept)
    swap[stays] = np.inf
    swap[:, opened] = np.inf
    least = -HELPS * max(1.0, float(near.sum()))
    drop, site = np.unravel_index(int(swap.argmin()), swap.shape)
    best, found = float(swap[drop, site]), (opened[[drop]], np.array([site]))
    none = np.array([], dtype=np.int64)
    if vary and len(opened) < most:
        add[opened] = np.inf
        if add.min() < best:
            best, found = float(add.min()), (none, np.array([int(add.argmin())]))
    if vary and len(opened) > 1:
        closing = np.where(stays, np.inf, of_site @ (second - near) - fixed[opened])
        if closing.min() < best:
            best, found = float(closing.min()), (opened[[int(closing.argmin())]], none)
    return found if best < least else None
