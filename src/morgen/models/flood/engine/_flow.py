"""One step of the local inertial equations, fused into one sweep over memory.

Scheme: de Almeida, Bates, Freer & Souvignet (2012), Water Resources Research 48, W05528, with the friction of
the whole flow vector of de Almeida & Bates (2013), WRR 49, 4833-4844, and an exact limiter on what a cell gives.

The flow on a face is mixed with that of its neighbours as Sridharan et al. (2020), WRR 56, e2020WR027357, propose:
by how far the water moves in a step. The usual constant weight (theta = 0.9) holds water back more the shorter the
step is: half the step then changes depths in a steep town by 8 mm, and with this by 0.8 mm.

Still, deep water does not set the time step. On a face too deep for the step at hand both gravity and friction
are divided by the same number, as if the water there were heavier: waves run slower, steady flow is the same, and
the step is stable whatever the depth.

All arrays are float32 with one ring of wall cells around the grid. A wall is a cell with a bed of ``WALL`` metres
that stays dry: the water depth on its faces is then exactly zero, so closed edges, buildings and cells without
data need no branch. ``qx[i, j]`` is the flow (m2/s) from cell (i, j-1) to (i, j); ``qy[i, j]`` from (i-1, j).
``h`` is the depth (m), ``z`` the bed (m), ``n`` the friction g n2 / 2, ``lost`` what rounding added to ``h``.
"""

# Numba infers the types of kernels from what they are given, and takes arrays one by one rather than as objects.
# ruff: noqa: ANN001, ANN202, PLR0917
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import math

import numba
import numpy as np

from morgen.models.flood.engine._compiled import bits_of, compiled, compiled_parallel, float_of

__all__ = ["DRY_DEPTH", "SHORTEST_STEP", "WALL", "advance"]

WALL = 1.0e6
"""Bed level (m above the local datum) of cells that no water can enter."""

DRY_DEPTH = 0.001
"""Water on a face shallower than this (m) does not flow."""

SHORTEST_STEP = 1e-4
"""A time step (s) that only a calculation that ran away asks for."""

_f = np.float32
_ZERO, _ONE, _QUARTER, _HALF = _f(0), _f(1), _f(0.25), _f(0.5)
_GRAVITY = _f(9.81)
_DRY = _f(DRY_DEPTH)
_NO_BITS = np.int32(0)
_UPWIND = _f(0.5 / 9.81)  # half of what the water moves in a step, in cells: mixes as much as an upwind scheme
_CALM = _f(0.01)  # per m of depth: fades the shortest waves where water is deep
_MOST_MIXED = _f(0.1)
_NEARLY_ALL = _f(0.999999)  # a cell gives away no more than this share, so that rounding cannot make it negative
_TINY = _f(1e-12)
_LEAST_SLOPE = _f(0.001)  # over an open edge, so that flat ground drains
_SHALLOW = 0.1  # m: the time step is never longer than this depth asks
_STILL = _f(0.05**2 * 9.81)  # Froude number 0.05, squared: slower water does not set the time step

# Inverse cube root: Moroz et al. (2021), "Fast calculation of cube and inverse cube roots using a magic constant
# and its implementation on microcontrollers", Energies 14, 1058. One iteration: within 2.7e-5, which is 0.03 % of
# the friction; Manning's n is not known to 10 %.
_MAGIC = np.int32(0x548C2B4B)
_K1, _K2, _K3 = _f(1.752319676), _f(1.2509524245), _f(0.5093818292)
_THIRD = _f(1 / 3)


@compiled
def _inverse_cube_root(x):
    y = float_of(np.int32(_MAGIC - np.int32(_f(bits_of(x)) * _THIRD)))
    c = x * y * (y * y)
    return y * (_K1 - c * (_K2 - _K3 * c))


@compiled
def _face_flow(h0, h1, z0, z1, q, side, across, roughness, dt, gk, deep):
    e0 = z0 + h0
    e1 = z1 + h1
    hf = max(e0, e1) - max(z0, z1)
    hm = max(hf, _DRY)
    hi = min(hm, deep)
    r = _inverse_cube_root(hm)
    r2 = r * r
    r5 = r2 * r2 * r
    speed = math.sqrt(q * q + across * across)
    mix = min(_UPWIND * gk * speed * (r2 * r) + _CALM * hm, _MOST_MIXED)
    new = (q + mix * (side - q - q) - gk * hi * (e1 - e0)) / (_ONE + dt * roughness * speed * hi * (r5 * r5))
    new = new if hf > _DRY else _ZERO
    return new, bits_of(hf if new * new > _STILL * (hf * hf * hf) else _ZERO)


@compiled
def _x_row(raw, h, z, qx, qy, n, i, dt, gk, deep):
    peak = _NO_BITS
    for j in range(1, h.shape[1] - 2):  # the face between columns j and j + 1
        across = _QUARTER * ((qy[i, j] + qy[i, j + 1]) + (qy[i + 1, j] + qy[i + 1, j + 1]))
        side = qx[i, j] + qx[i, j + 2]
        new, moving = _face_flow(
            h[i, j],
            h[i, j + 1],
            z[i, j],
            z[i, j + 1],
            qx[i, j + 1],
            side,
            across,
            n[i, j] + n[i, j + 1],
            dt,
            gk,
            deep,
        )
        raw[j + 1] = new
        peak = max(peak, moving)
    return peak


@compiled
def _y_row(raw, h, z, qx, qy, n, i, dt, gk, deep):
    peak = _NO_BITS
    for j in range(1, h.shape[1] - 1):
        across = _QUARTER * ((qx[i - 1, j] + qx[i, j]) + (qx[i - 1, j + 1] + qx[i, j + 1]))
        side = qy[i - 1, j] + qy[i + 1, j]
        new, moving = _face_flow(
            h[i - 1, j], h[i, j], z[i - 1, j], z[i, j], qy[i, j], side, across, n[i - 1, j] + n[i, j], dt, gk, deep
        )
        raw[j] = new
        peak = max(peak, moving)
    return peak


@compiled
def _limit_row(limit, h, i, raw_x, north, south, k):
    for j in range(1, limit.size - 1):
        out = k * (
            (max(raw_x[j + 1], _ZERO) - min(raw_x[j], _ZERO)) + (max(south[j], _ZERO) - min(north[j], _ZERO))
        )
        limit[j] = min(_ONE, _NEARLY_ALL * h[i, j] / (out + _TINY))


@compiled
def _limited_x_row(qx, i, raw, limit):
    for j in range(1, limit.size - 2):
        qx[i, j + 1] = max(raw[j + 1], _ZERO) * limit[j] + min(raw[j + 1], _ZERO) * limit[j + 1]


@compiled
def _limited_y_row(flow, raw, above, below):
    for j in range(1, flow.size - 1):
        flow[j] = max(raw[j], _ZERO) * above[j] + min(raw[j], _ZERO) * below[j]


@compiled
def _depth_row(h_new, h, lost, i, qx, north, south, k):
    for j in range(1, h.shape[1] - 1):
        change = k * ((qx[i, j] - qx[i, j + 1]) + (north[j] - south[j])) - lost[i, j]
        old = h[i, j]
        new = old + change
        lost[i, j] = (new - old) - change
        h_new[i, j] = new


@compiled
def _copy_row(target, i, row):
    """Copy a row; a loop, because assigning arrays compiles a formatted error for unequal shapes too."""
    for j in range(row.size):
        target[i, j] = row[j]


@compiled
def _band(h_new, h, lost, z, n, qx_new, qx, qy_new, qy, first, last, dt, k, deep, buffers):
    raw_x, raw_north, raw_south = buffers[0], buffers[1], buffers[2]
    above, here = buffers[3], buffers[4]
    north, south = buffers[5], buffers[6]
    rows = h.shape[0] - 2
    gk = _GRAVITY * k
    peak = _NO_BITS
    start = max(first - 1, 1)
    if start > 1:
        _y_row(raw_north, h, z, qx, qy, n, start, dt, gk, deep)
    else:
        raw_north[:] = _ZERO
    above[:] = _ONE
    for i in range(start, min(last + 1, rows + 1)):
        peak = max(peak, _x_row(raw_x, h, z, qx, qy, n, i, dt, gk, deep))
        if i < rows:
            peak = max(peak, _y_row(raw_south, h, z, qx, qy, n, i + 1, dt, gk, deep))
        else:
            raw_south[:] = _ZERO
        _limit_row(here, h, i, raw_x, raw_north, raw_south, k)
        _limited_y_row(south, raw_north, above, here)
        if i > first:
            _depth_row(h_new, h, lost, i - 1, qx_new, north, south, k)
        if first <= i < last:
            _limited_x_row(qx_new, i, raw_x, here)
            _copy_row(qy_new, i, south)
        raw_north, raw_south = raw_south, raw_north
        above, here = here, above
        north, south = south, north
    if last == rows + 1:
        south[:] = _ZERO
        _depth_row(h_new, h, lost, rows, qx_new, north, south, k)
    return peak


@compiled
def _largest(peaks):
    """Return the largest value; a loop, because a reduction of an array would be compiled in parallel too."""
    largest = _NO_BITS
    for b in range(peaks.size):
        largest = max(largest, peaks[b])
    return largest


@compiled_parallel
def _step(h_new, h, lost, z, n, qx_new, qx, qy_new, qy, dt, dx, deep, buffers, peaks):
    bands = peaks.size
    rows = h.shape[0] - 2
    k = dt / dx
    for b in numba.prange(bands):
        first = 1 + b * rows // bands
        last = 1 + (b + 1) * rows // bands
        if last > first:
            peaks[b] = _band(h_new, h, lost, z, n, qx_new, qx, qy_new, qy, first, last, dt, k, deep, buffers[b])
    return float_of(_largest(peaks))


@compiled
def _pour(h, lost, cells, rates, slopes, middle, dt):
    """Pour ``rates + slopes * middle`` m/s on each cell for ``dt`` s, compensated; return the sum of metres."""
    total = 0.0
    for c in range(cells.shape[0]):
        i, j = cells[c, 0], cells[c, 1]
        added = _f((rates[c] + slopes[c] * middle) * dt)
        change = added - lost[i, j]
        new = h[i, j] + change
        lost[i, j] = (new - h[i, j]) - change
        h[i, j] = new
        total += np.float64(added)
    return total


@compiled
def _drain(h, z, edges, conveyance, dt, dx):
    """Let water leave over open edges at normal depth, at most at critical flow; return the sum of metres.

    ``edges`` holds per open face the row and column of the cell, and of the cell on its other side.
    """
    total = 0.0
    for c in range(edges.shape[0]):
        i, j = edges[c, 0], edges[c, 1]
        depth = h[i, j]
        if depth > _DRY:
            inner = edges[c, 2], edges[c, 3]
            fall = z[inner] + h[inner] - z[i, j] - depth if z[inner] < WALL else _ZERO
            slope = max(fall / dx, _ZERO) + _LEAST_SLOPE
            wave = math.sqrt(_GRAVITY * depth)
            unit_flow = depth * min(conveyance[c] * depth ** _f(2 / 3) * math.sqrt(slope), wave)
            h[i, j] = depth - min(unit_flow * dt / dx, _NEARLY_ALL * depth)
            total += np.float64(depth) - np.float64(h[i, j])
    return total


@compiled
def advance(
    state, lost, z, n, dx, time, target, most_steps, cfl, peak_depth, springs, pour, slope, edges, conveyance, work
):
    """Step from ``time`` to ``target`` (s), at most ``most_steps`` times.

    ``state`` is (6, rows, columns): depth, flow_x, flow_y, each now and next. ``springs`` are cells that receive
    ``pour`` m/s now, changing by ``slope`` m/s2. Returns (time, steps, deepest moving face, poured m, drained m).
    """
    buffers, peaks = work
    poured = drained = elapsed = 0.0
    steps = 0
    length = np.float64(dx)
    while time < target and steps < most_steps:
        limit = cfl * length / math.sqrt(9.81 * max(peak_depth, _SHALLOW))
        if limit < SHORTEST_STEP:
            break
        left = target - time
        dt = left / math.ceil(left / limit)
        deep = (cfl * length / dt) ** 2 / 9.81
        if springs.size:
            poured += _pour(state[0], lost, springs, pour, slope, elapsed + 0.5 * dt, dt)
        elapsed += dt
        peak_depth = np.float64(
            _step(
                state[1],
                state[0],
                lost,
                z,
                n,
                state[3],
                state[2],
                state[5],
                state[4],
                _f(dt),
                dx,
                _f(deep),
                buffers,
                peaks,
            )
        )
        state = state[1], state[0], state[3], state[2], state[5], state[4]
        if edges.size:
            drained += _drain(state[0], z, edges, conveyance, _f(dt), dx)
        time = target if dt >= left else time + dt
        steps += 1
    return time, steps, peak_depth, poured, drained
