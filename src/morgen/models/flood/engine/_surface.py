"""What rain, plants, soil and sewer do to the water on each cell, and what is remembered of it.

These change slowly, so they are applied once per interval of at most two seconds, after the flow of that interval,
and looked at still less often.
Fields are arrays as large as the grid, or one row that counts for all rows. Depths (m) are float32; what rounding
adds to a depth is kept in ``lost``, and sums are float64 of what was really added and taken.
"""

# Numba infers the types of kernels from what they are given, and takes arrays one by one rather than as objects.
# ruff: noqa: ANN001, ANN202
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import math

import numba
import numpy as np

from morgen.models.flood.engine._compiled import (
    bits_of,
    compiled,
    compiled_into_caller,
    compiled_parallel,
    float_of,
    summed,
)
from morgen.models.flood.engine._physics import NO_GROUND, WET, kept, moves, pipe_room, soaking

__all__ = ["NEVER", "TOO_FAST", "observe", "rain_on", "settle"]

NEVER = 1e30
"""The arrival (s) of water that did not come."""

TOO_FAST = 15.0
"""Speed of water (m/s) of a calculation that ran away."""

_f = np.float32
_ZERO, _HALF = _f(0), _f(0.5)
_NEVER = _f(NEVER)
_NO_BITS, _NO_SIGN = np.int32(0), np.int32(0x7FFFFFFF)
_DEEP_LIMIT = np.float32(1e4).view(np.int32)
_FAST_LIMIT = np.float32(TOO_FAST).view(np.int32)


@compiled
def _each(field):
    """Return 1 when ``field`` has a row per row of the grid, 0 when one row counts for all."""
    return 1 if field.shape[0] > 1 else 0


@compiled
def _arrive_row(rows, came, z, rain, roof_ratio, i, scale, spill):
    """Let rain fall, and roofs spill, on cells that are no walls (m); return the sum."""
    m, o = _each(rain) * i, _each(roof_ratio) * i
    total = 0.0
    for j in range(z.shape[1]):
        fallen = rain[m, j] * scale + spill * roof_ratio[o, j]
        fallen = fallen if z[i, j] < NO_GROUND else _ZERO
        total = summed(total, np.float64(fallen))
        rows[came, j] = fallen
    return total


@compiled
def _wet_row(rows, came, room, i):
    """Fill the initial loss with what came; return the sum of what it took."""
    total = 0.0
    for j in range(room.shape[1]):
        left = max(room[i, j] - rows[came, j], _ZERO)
        held = room[i, j] - left
        room[i, j] = left
        rows[came, j] -= held
        total = summed(total, np.float64(held))
    return total


@compiled
def _soil_row(rows, able, infiltration, i, dt):
    """Give what soil of constant capacity can take (m)."""
    m = _each(infiltration) * i
    for j in range(infiltration.shape[1]):
        rows[able, j] = infiltration[m, j] * dt


@compiled
def _green_ampt_row(rows, able, conductivity, suction, soaked, i, dt):
    """Give what soil that is wetter the more it took can take (m)."""
    m, o = _each(conductivity) * i, _each(suction) * i
    for j in range(soaked.shape[1]):
        rows[able, j] = soaking(conductivity[m, j] * dt, suction[o, j], soaked[i, j])


@compiled
def _pipe_row(rows, able, capacity, store, held, emptying, i, dt):
    """Give what the sewer can take (m); where it can be full, no more than it has room for after pumping."""
    m = _each(capacity) * i
    for j in range(capacity.shape[1]):
        rows[able, j] = capacity[m, j] * dt
    if held.shape[0] > 1:
        m, o = _each(store) * i, _each(emptying) * i
        for j in range(held.shape[1]):
            held[i, j] = max(held[i, j] - emptying[o, j] * dt, _ZERO)
            rows[able, j] = pipe_room(rows[able, j], store[m, j], held[i, j])


@compiled_into_caller
def _keep(h, lost, i, j, exact):
    """Make ``exact`` (m, float64) the water of a cell; no less than nothing stays."""
    h[i, j], lost[i, j] = kept(exact)


@compiled_into_caller
def _rain_row(h, lost, z, i, fallen):
    """Let the same rain (m) fall on all cells of a row that are no walls, where nothing takes it."""
    for j in range(h.shape[1]):
        came = fallen if z[i, j] < NO_GROUND else _ZERO
        _keep(h, lost, i, j, (np.float64(h[i, j]) - np.float64(lost[i, j])) + np.float64(came))


@compiled
def _take_row(h, lost, rows, base, i):
    """Add what came, infiltrate, drain; leave in the buffers what soil and pipe took; return the sums (m)."""
    infiltrated = 0.0
    drained = 0.0
    came, soil, pipe = base, base + 1, base + 2
    for j in range(h.shape[1]):
        exact = (np.float64(h[i, j]) - np.float64(lost[i, j])) + np.float64(rows[came, j])
        water = max(_f(exact), _ZERO)
        into_soil = min(rows[soil, j], water)
        into_pipe = min(rows[pipe, j], water - into_soil)
        rows[soil, j] = into_soil
        rows[pipe, j] = into_pipe
        infiltrated = summed(infiltrated, np.float64(into_soil))
        drained = summed(drained, np.float64(into_pipe))
        _keep(h, lost, i, j, exact - (np.float64(into_soil) + np.float64(into_pipe)))
    return infiltrated, drained


@compiled
def _add_row(field, i, rows, taken):
    for j in range(field.shape[1]):
        field[i, j] += rows[taken, j]


@compiled
def _depth_row(h, max_depth, arrival, i, now):
    """Remember the deepest and the first; return the largest bits of depth; those of NaN are larger than any."""
    deepest = _NO_BITS
    for j in range(h.shape[1]):
        depth = h[i, j]
        max_depth[i, j] = max(max_depth[i, j], depth)
        arrival[i, j] = min(arrival[i, j], now if depth >= WET else _NEVER)
        deepest = max(deepest, bits_of(depth) & _NO_SIGN)
    return deepest - _DEEP_LIMIT


@compiled
def _speed_row(h, qx, qy, max_velocity, max_flow, i, after):
    """Remember the fastest, and the most that flows per metre across; return the largest bits of speed.

    Those of NaN are larger than any.
    """
    fastest = _NO_BITS
    for j in range(h.shape[1] - 1):
        depth = h[i, j]
        flow_x = _HALF * (qx[i, j] + qx[i, j + after])
        flow_y = _HALF * (qy[i, j] + qy[i + after, j])
        moving = math.sqrt(flow_x * flow_x + flow_y * flow_y)
        flow = moving if depth >= WET else _ZERO
        speed = flow / max(depth, WET)
        max_flow[i, j] = max(max_flow[i, j], flow)
        max_velocity[i, j] = max(max_velocity[i, j], speed)
        fastest = max(fastest, bits_of(speed) & _NO_SIGN)
    return fastest


@compiled
def _moving_row(h, z, qx, qy, i):
    """Return the bits of the depth of the deepest face through which water moves, in and above row ``i``."""
    deepest = _NO_BITS
    for j in range(1, h.shape[1]):
        top = z[i, j] + h[i, j]
        across = max(top, z[i, j - 1] + h[i, j - 1]) - max(z[i, j], z[i, j - 1])
        along = max(top, z[i - 1, j] + h[i - 1, j]) - max(z[i, j], z[i - 1, j])
        deepest = max(deepest, bits_of(max(moves(qx[i, j], across), moves(qy[i, j], along))))
    return deepest


@compiled
def _time_row(h, duration, threshold, i, dt):
    for j in range(h.shape[1]):
        duration[i, j] += dt if h[i, j] >= threshold else _ZERO


@compiled
def _settle_row(i, water, ground, dt, scale, spill, rows, base):
    """Let rain, soil and sewer act on row ``i``; return what came, wetted, infiltrated and drained (m).

    ``base`` is the first of three rows of ``rows`` to work with.
    """
    h, lost, room, soaked, held = water
    z, rain, roof_ratio, infiltration, suction, capacity, store, emptying = ground
    came, soil, pipe = base, base + 1, base + 2
    fallen = _arrive_row(rows, came, z, rain, roof_ratio, i, scale, spill)
    wetted = _wet_row(rows, came, room, i) if room.shape[0] > 1 else 0.0
    if soaked.shape[0] > 1:
        _green_ampt_row(rows, soil, infiltration, suction, soaked, i, dt)
    else:
        _soil_row(rows, soil, infiltration, i, dt)
    _pipe_row(rows, pipe, capacity, store, held, emptying, i, dt)
    infiltrated, drained = _take_row(h, lost, rows, base, i)
    if soaked.shape[0] > 1:
        _add_row(soaked, i, rows, soil)
    if held.shape[0] > 1:
        _add_row(held, i, rows, pipe)
    return fallen, wetted, infiltrated, drained


@compiled_parallel
def rain_on(bands, h, lost, z, fallen):
    """Let the same rain (m) fall on all cells that are no walls, where nothing takes it."""
    for b in numba.prange(bands.shape[0]):
        for i in range(bands[b, 0], bands[b, 1]):
            _rain_row(h, lost, z, i, fallen)


@compiled_parallel
def settle(bands, water, ground, dt, scale, spill, work):
    """Apply one interval of ``dt`` seconds.

    Rain times ``scale`` is what falls, ``spill`` what the roofs spill (m). Per band ``work[0]`` gets the sums over
    its cells of what came, was held by the initial loss, infiltrated and drained (m).
    """
    sums, rows = work
    for b in numba.prange(bands.shape[0]):
        came = wetted = infiltrated = drained = 0.0
        for i in range(bands[b, 0], bands[b, 1]):
            rained, wet, soil, pipe = _settle_row(i, water, ground, dt, scale, spill, rows, 3 * b)
            came += rained
            wetted += wet
            infiltrated += soil
            drained += pipe
        sums[b, 0] = came
        sums[b, 1] = wetted
        sums[b, 2] = infiltrated
        sums[b, 3] = drained


@compiled_parallel
def observe(bands, h, qx, qy, after, z, dt, now, watch, durations, thresholds, seen):
    """Remember depths and speeds ``now`` (s), ``dt`` seconds after the last time.

    Flows are those of the faces of each cell, before and ``after`` (1), or of the cell (0). Per band ``seen`` gets
    whether the calculation ran away (more than 0), the depth of the deepest moving face (m), and the largest speed
    (m/s).
    """
    for b in numba.prange(bands.shape[0]):
        beyond = np.int32(-1)
        deepest = fastest = _NO_BITS
        for i in range(bands[b, 0], bands[b, 1]):
            beyond = max(beyond, _depth_row(h, watch[0], watch[1], i, now))
            fastest = max(fastest, _speed_row(h, qx, qy, watch[2], watch[3], i, after))
            deepest = max(deepest, _moving_row(h, z, qx, qy, i))
            for d in range(thresholds.size):
                _time_row(h, durations[d], thresholds[d], i, dt)
        seen[b, 0] = max(beyond, fastest - _FAST_LIMIT)
        seen[b, 1] = float_of(deepest)
        seen[b, 2] = float_of(fastest)
