"""Steps of the local inertial equations, several of them fused into one sweep over memory.

Scheme: de Almeida, Bates, Freer & Souvignet (2012), Water Resources Research 48, W05528, with the friction of
the whole flow vector of de Almeida & Bates (2013), WRR 49, 4833-4844, and an exact limiter on what a cell gives.

The flow on a face is mixed with that of its neighbours as Sridharan et al. (2020), WRR 56, e2020WR027357, propose:
by how far the water moves in a step. The usual constant weight (theta = 0.9) holds water back more the shorter the
step is: half the step then changes depths in a steep town by 8 mm, and with this by 0.8 mm.

Still, deep water does not set the time step. On a face too deep for the step at hand both gravity and friction
are divided by the same number, as if the water there were heavier: waves run slower, steady flow is the same, and
the step is stable whatever the depth.

All arrays are float32. A wall is a cell with a bed of ``WALL`` metres that stays dry: the water depth on its faces
is then exactly zero, so closed edges, buildings and cells without data need no branch. ``qx[i, j]`` is the flow
(m2/s) from cell (i, j-1) to (i, j); ``qy[i, j]`` from (i-1, j). ``h`` is the depth (m), ``z`` the bed (m), ``n``
the friction g n2 / 2 (one row when it is the same everywhere), ``lost`` what rounding added to ``h``.

``crests`` are the levels of walls thinner than a cell on the faces of ``qx`` and ``qy``, shape (2, rows, columns),
``NO_CREST`` where there is none. Without any wall they are an empty array of one dimension, for which the kernels
are compiled without a trace of them.

A sweep takes up to ``MOST_FUSED`` steps at once: each step follows ``LAG`` rows behind the one before it, so that
a row is changed that many times while it is in the cache. Rows are shared out over bands (see ``bands.py``); a
band computes the rows around it that its own need, so that bands do not wait for each other within a sweep.
"""

# Numba infers the types of kernels from what they are given, and takes arrays one by one rather than as objects.
# ruff: noqa: ANN001, ANN202, PLR0917
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import math

import numba
import numpy as np

from morgen.models.flood.engine._compiled import compiled, compiled_into_caller, compiled_parallel
from morgen.models.flood.engine._physics import (
    UPWIND,
    WALL,
    added,
    face_flow,
    leaking,
    limited,
    outward,
    share_given,
)

__all__ = ["BUFFERS", "LEVELS", "MOST_FUSED", "REACH", "VECTOR", "advance", "share_rows"]

MOST_FUSED = 4
"""Steps of one sweep."""

REACH = 2
"""Rows on either side that a row depends on in one step."""

BUFFERS = 7
"""Rows that a step of a band works with: flows along, in and out, limits of two rows, levels of two rows."""

LEVELS = 5
"""The first of these that holds levels."""

LAG = 2
"""Rows that a step follows behind the one before it, which must have finished the row ahead that it reads."""

VECTOR = 8
"""Cells that a processor takes at once; rows are whole numbers of them, and no cell is left over."""

SPARE = VECTOR - 1
"""Columns at the end of a row beside the one that is a wall; the first column is a wall as well."""

_f = np.float32
_ZERO, _QUARTER, _TWO, _TWO_THIRDS, _HUGE = _f(0), _f(0.25), _f(2), _f(2 / 3), _f(1e30)
_GRAVITY = _f(9.81)


@compiled_into_caller
def _level_row(rows, level, h, z, i):
    for j in range(h.shape[1]):
        rows[level, j] = z[i, j] + h[i, j]


@compiled_into_caller
def _top(bed, crests, side, i, j):
    """Return the level that water must pass on a face: of the ``bed``, or of the wall on it."""
    if crests.ndim == 1:
        return bed
    return max(bed, crests[side, i, j])


@compiled_into_caller
def _over_wall(flow, e0, e1, bed, crests, side, i, j):
    """Return ``flow`` as far as the wall on a face lets it pass: as over a broad-crested weir, drowned or not.

    q = d sqrt(2 g (H - d)) with H the higher level over the crest and d the lower one, at least the critical depth
    2 H / 3, where q is 1.70 H^1.5 (Bos 1989, Discharge measurement structures, ILRI publication 20, section 1.9).
    """
    if crests.ndim == 1:
        return flow
    crest = crests[side, i, j]
    high, low = max(e0, e1) - crest, min(e0, e1) - crest
    over = max(low, _TWO_THIRDS * high)
    weir = over * math.sqrt(_TWO * _GRAVITY * max(high - over, _ZERO))
    most = weir if crest > bed else _HUGE
    return min(max(flow, -most), most)


@compiled_into_caller
def _x_row(rows, raw, level, z, qx, qy, n, crests, i, m, dt, k, gk, deep):
    half_k = UPWIND * k
    for j in range(1, z.shape[1] - SPARE):  # the face between columns j and j + 1
        e0, e1 = rows[level, j], rows[level, j + 1]
        across = _QUARTER * ((qy[i, j] + qy[i, j + 1]) + (qy[i + 1, j] + qy[i + 1, j + 1]))
        side = qx[i, j] + qx[i, j + 2]
        rough = dt * (n[m, j] + n[m, j + 1])
        bed = max(z[i, j], z[i, j + 1])
        top = _top(bed, crests, 0, i, j + 1)
        flow = face_flow(e0, e1, top, qx[i, j + 1], side, across, rough, half_k, gk, deep)
        rows[raw, j + 1] = _over_wall(flow, e0, e1, bed, crests, 0, i, j + 1)


@compiled_into_caller
def _y_row(rows, raw, above, below, h, z, qx, qy, n, crests, i, m0, m1, dt, k, gk, deep):
    """Compute the flows into row ``i`` from the one ``above``; its levels are left in ``below``."""
    half_k = UPWIND * k
    for j in range(1, z.shape[1] - SPARE):
        level = z[i, j] + h[i, j]
        across = _QUARTER * ((qx[i - 1, j] + qx[i, j]) + (qx[i - 1, j + 1] + qx[i, j + 1]))
        side = qy[i - 1, j] + qy[i + 1, j]
        rough = dt * (n[m0, j] + n[m1, j])
        bed = max(z[i - 1, j], z[i, j])
        top = _top(bed, crests, 1, i, j)
        e0 = rows[above, j]
        rows[below, j] = level
        flow = face_flow(e0, level, top, qy[i, j], side, across, rough, half_k, gk, deep)
        rows[raw, j] = _over_wall(flow, e0, level, bed, crests, 1, i, j)


@compiled_into_caller
def _out(rows, raw_x, north, south, j):
    """Return all that flows out of a cell (m2/s)."""
    return outward(rows[raw_x, j], rows[raw_x, j + 1], rows[north, j], rows[south, j])


@compiled_into_caller
def _limit_row(rows, limit, h, i, raw_x, north, south, k):
    for j in range(1, h.shape[1] - SPARE):
        out = k * _out(rows, raw_x, north, south, j)
        rows[limit, j] = share_given(h[i, j], out)


@compiled_into_caller
def _limited_x_row(qx, i, rows, raw, limit):
    for j in range(1, qx.shape[1] - SPARE):
        qx[i, j + 1] = limited(rows[raw, j + 1], rows[limit, j], rows[limit, j + 1])


@compiled_into_caller
def _limited_y_row(qy, i, rows, raw, above, below):
    for j in range(1, qy.shape[1] - SPARE):
        qy[i, j] = limited(rows[raw, j], rows[above, j], rows[below, j])


@compiled_into_caller
def _depth_row(h, lost, i, qx, qy, k):
    for j in range(1, h.shape[1] - SPARE):
        change = k * ((qx[i, j] - qx[i, j + 1]) + (qy[i, j] - qy[i + 1, j]))
        h[i, j], lost[i, j] = added(h[i, j], lost[i, j], change)


@compiled_into_caller
def _add(h, lost, i, j, amount):
    """Add ``amount`` (m) to the water of a cell, compensated."""
    h[i, j], lost[i, j] = added(h[i, j], lost[i, j], amount)


@compiled_into_caller
def _pour_row(h, lost, i, springs, pour, slope, middle, dt):
    """Pour what the springs of row ``i`` give in the step, compensated; return the sum of metres."""
    starts, columns, number, per_cell = springs
    total = 0.0
    for c in range(starts[i], starts[i + 1]):
        j = columns[c]
        added = _f((pour[number[c]] + slope[number[c]] * middle) * per_cell[c] * dt)
        _add(h, lost, i, j, added)
        total += np.float64(added)
    return total


@compiled
def _leak_row(leaks, rows, limit, h, z, i, edges, raw_x, north, south, k, dx):
    """Let water leave over the open edges of row ``i`` at normal depth, at most at critical flow.

    What leaves shares the limit of its cell with all that flows out of it.
    """
    starts, columns, inner_row, inner_column, conveyance = edges
    for c in range(starts[i], starts[i + 1]):
        j = columns[c]
        depth = h[i, j]
        inner = i + inner_row[c], j + inner_column[c]
        fall = z[inner] + h[inner] - z[i, j] - depth if z[inner] < WALL else _ZERO
        leaks[c] = leaking(depth, fall, conveyance[c], dx)
    for c in range(starts[i], starts[i + 1]):
        j = columns[c]
        out = _out(rows, raw_x, north, south, j)
        for other in range(starts[i], starts[i + 1]):
            out += leaks[other] if columns[other] == j else _ZERO
        rows[limit, j] = share_given(h[i, j], k * out)


@compiled
def _drain_row(leaks, rows, limit, h, lost, i, edges, k):
    """Take what leaks from row ``i``, compensated; return the sum of metres."""
    starts, columns = edges[0], edges[1]
    total = 0.0
    for c in range(starts[i], starts[i + 1]):
        j = columns[c]
        taken = k * leaks[c] * rows[limit, j]
        _add(h, lost, i, j, -taken)
        total += np.float64(taken)
    return total


@compiled
def _row(i, first, last, h, lost, qx, qy, z, n, crests, k, dt, dx, deep, rows, base, leaks, edges):
    """Take row ``i`` of a step: its fluxes, and with them the depths of the row before it.

    Rows ``first`` to ``last`` are to be right after the step; buffers start at row ``base`` of ``rows``, which are
    named by their numbers: a view of each would be counted, and cost as much as some hundred cells. Returns what
    left over open edges (m).
    """
    odd = i % 2
    raw_x, north, south = base, base + 1 + odd, base + 2 - odd
    here, above = base + 3 + odd, base + 4 - odd
    level, level_below = base + 5 + odd, base + 6 - odd
    each = 1 if n.shape[0] > 1 else 0
    gk = _GRAVITY * k
    drained = 0.0
    if i < first:
        _level_row(rows, level_below, h, z, i - 1)  # for once the row above
        m0, m1 = each * (i - 1), each * i
        _y_row(rows, north, level_below, level, h, z, qx, qy, n, crests, i, m0, m1, dt, k, gk, deep)
    _x_row(rows, raw_x, level, z, qx, qy, n, crests, i, each * i, dt, k, gk, deep)
    m0, m1 = each * i, each * (i + 1)
    _y_row(rows, south, level, level_below, h, z, qx, qy, n, crests, i + 1, m0, m1, dt, k, gk, deep)
    _limit_row(rows, here, h, i, raw_x, north, south, k)
    if edges[0][i] < edges[0][i + 1]:
        _leak_row(leaks, rows, here, h, z, i, edges, raw_x, north, south, k, dx)
    if i >= first:
        _limited_y_row(qy, i, rows, north, above, here)
        if i > first:
            _depth_row(h, lost, i - 1, qx, qy, k)
            if edges[0][i - 1] < edges[0][i]:
                drained = _drain_row(leaks, rows, above, h, lost, i - 1, edges, k)
        if i < last:
            _limited_x_row(qx, i, rows, raw_x, here)
    return drained


@compiled
def _band(
    bands, b, steps, h, lost, qx, qy, z, n, crests, dt, dx, deep, elapsed, springs, pour, slope, edges, leaks, rows
):
    """Take ``steps`` steps on the rows of one band; return what its own rows got and gave (m)."""
    own_first, own_last, inner_top, inner_bottom = bands[b, 0], bands[b, 1], bands[b, 2], bands[b, 3]
    step = _f(dt)
    k = step / dx
    poured = drained = 0.0
    top = own_first - REACH * (steps - 1) * inner_top
    bottom = own_last + REACH * (steps - 1) * inner_bottom
    for wave in range(top - 1, own_last + REACH * (steps - 1) + 1):
        for s in range(steps):
            i = wave - LAG * s
            first = top + REACH * s * inner_top
            last = bottom - REACH * s * inner_bottom
            if first - 1 <= i <= last:
                middle = elapsed + (s + 0.5) * dt
                for row in range(i - 1 if i < first else i + 1, i + 2):
                    if springs[0][row] < springs[0][row + 1]:
                        added = _pour_row(h, lost, row, springs, pour, slope, middle, dt)
                        poured += added if own_first <= row < own_last else 0.0
                base = (b * MOST_FUSED + s) * BUFFERS
                left = _row(
                    i, first, last, h, lost, qx, qy, z, n, crests, k, step, dx, deep, rows, base, leaks, edges
                )
                drained += left if own_first <= i - 1 < own_last else 0.0
    return poured, drained


@compiled_parallel
def _sweep(
    bands, steps, h, lost, qx, qy, z, n, crests, dt, dx, deep, elapsed, springs, pour, slope, edges, leaks, work
):
    rows, sums = work
    for b in numba.prange(bands.shape[0]):
        poured, drained = _band(
            bands,
            b,
            steps,
            h,
            lost,
            qx,
            qy,
            z,
            n,
            crests,
            dt,
            dx,
            deep,
            elapsed,
            springs,
            pour,
            slope,
            edges,
            leaks,
            rows,
        )
        sums[b, 0] += poured
        sums[b, 1] += drained


@compiled
def share_rows(copies, h, lost, qx, qy):
    """Copy rows that one band owns to where its neighbour needs them; (from, to) per row."""
    for c in range(copies.shape[0]):
        source, target = copies[c, 0], copies[c, 1]
        for j in range(h.shape[1]):
            h[target, j] = h[source, j]
            lost[target, j] = lost[source, j]
            qx[target, j] = qx[source, j]
            qy[target, j] = qy[source, j]


@compiled
def advance(layout, state, ground, dx, interval, count, most, cfl, springs, pour, slope, edges, leaks, work):
    """Take ``most`` of ``count`` equal steps that fill ``interval`` (s).

    ``layout`` is the bands and the rows they share; ``state`` is depth, lost, flow_x, flow_y. ``pour`` (m3/s per
    inflow, at the start of these steps) changes by ``slope`` m3/s2. Sums of metres go to ``work[1]``.
    """
    bands, copies = layout
    h, lost, qx, qy = state
    z, n, crests = ground
    dt = interval / count
    deep = _f((cfl * np.float64(dx) / dt) ** 2 / 9.81)
    done = 0
    while done < most:
        steps = min(MOST_FUSED, most - done)
        if copies.shape[0]:
            share_rows(copies, h, lost, qx, qy)
        _sweep(
            bands,
            steps,
            h,
            lost,
            qx,
            qy,
            z,
            n,
            crests,
            dt,
            dx,
            deep,
            done * dt,
            springs,
            pour,
            slope,
            edges,
            leaks,
            work,
        )
        done += steps
