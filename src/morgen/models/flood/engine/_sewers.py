"""What the gullies of sewer districts take from the cells, once per interval and after rain and infiltration.

``number`` is the district of each cell, from 1; 0 for none. ``capacity`` is what a cell can drain (m/s), an array
or one row that counts for all. Sums (m times cells) are per row and district, so that they do not depend on bands.
"""

# Numba infers the types of kernels from what they are given.
# ruff: noqa: ANN001, ANN202
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import numba
import numpy as np

from morgen.models.flood.engine._compiled import compiled_into_caller, compiled_parallel

__all__ = ["ask", "take"]

_f = np.float32


@compiled_into_caller
def _asked(h, lost, capacity, i, m, j, dt):
    """Return what the gullies of a cell would take (m), no more than stands there."""
    water = max(np.float64(h[i, j]) - np.float64(lost[i, j]), 0.0)
    return min(np.float64(capacity[m, j]) * dt, water)


@compiled_parallel
def ask(bands, h, lost, number, capacity, dt, sums):
    """Sum what the gullies would take in ``dt`` s if there were room for all."""
    each = 1 if capacity.shape[0] > 1 else 0
    for b in numba.prange(bands.shape[0]):
        for i in range(bands[b, 0], bands[b, 1]):
            sums[i] = 0.0
            for j in range(h.shape[1]):
                district = number[i, j]
                if district > 0:
                    sums[i, district - 1] += _asked(h, lost, capacity, i, each * i, j, dt)


@compiled_parallel
def take(bands, h, lost, number, capacity, dt, share, sums):
    """Take the ``share`` of each district of that, and sum it."""
    each = 1 if capacity.shape[0] > 1 else 0
    for b in numba.prange(bands.shape[0]):
        for i in range(bands[b, 0], bands[b, 1]):
            sums[i] = 0.0
            for j in range(h.shape[1]):
                district = number[i, j]
                if district > 0:
                    taken = share[district - 1] * _asked(h, lost, capacity, i, each * i, j, dt)
                    exact = (np.float64(h[i, j]) - np.float64(lost[i, j])) - taken
                    new = max(_f(exact), _f(0))
                    h[i, j] = new
                    lost[i, j] = _f(np.float64(new) - exact)
                    sums[i, district - 1] += taken
