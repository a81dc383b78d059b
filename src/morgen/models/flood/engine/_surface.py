"""What rain, plants, soil and sewer do to the water on each cell, and what is remembered of it.

These change slowly, so they are applied once per interval of at most two seconds, after the flow of that interval.
"""

# Numba infers the types of kernels from what they are given, and takes arrays one by one rather than as objects.
# ruff: noqa: ANN001, ANN202
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import math

import numba
import numpy as np

from morgen.models.flood.engine._compiled import bits_of, compiled, compiled_parallel, summed

__all__ = ["NEVER", "TOO_FAST", "settle"]

NEVER = 1e30
"""The arrival (s) of water that did not come."""

TOO_FAST = 15.0
"""Speed of water (m/s) of a calculation that ran away."""

_f = np.float32
_ZERO, _HALF = _f(0), _f(0.5)
_WET = _f(0.05)  # m: velocity and arrival count from this depth
_NEVER = _f(NEVER)
_NO_BITS, _NO_SIGN = np.int32(0), np.int32(0x7FFFFFFF)
_DEEP_LIMIT = np.float32(1e4).view(np.int32)
_FAST_LIMIT = np.float32(TOO_FAST).view(np.int32)


@compiled
def _arrive_row(arriving, room, rain_share, roof_ratio, i, rain, spill):
    """Fill the initial loss; the rest (m) arrives on the ground."""
    for j in range(arriving.size):
        came = rain * rain_share[i, j] + spill * roof_ratio[i, j]
        room_left = _f(max(room[i, j] - came, 0.0))
        arriving[j] = came - (np.float64(room[i, j]) - np.float64(room_left))
        room[i, j] = room_left


@compiled
def _exchange_row(h, lost, arriving, infiltration, sewer, i, dt):
    """Add what arrives, then infiltrate, then drain; return the sums (m) of these two."""
    infiltrated = 0.0
    drained = 0.0
    for j in range(arriving.size):
        water = np.float64(h[i, j]) - np.float64(lost[i, j]) + arriving[j]
        into_soil = min(infiltration[i, j] * dt, water)
        into_sewer = min(sewer[i, j] * dt, water - into_soil)
        water -= into_soil + into_sewer
        infiltrated = summed(infiltrated, into_soil)
        drained = summed(drained, into_sewer)
        h[i, j] = _f(water)
        lost[i, j] = _f(np.float64(_f(water)) - water)
    return infiltrated, drained


@compiled
def _depth_row(h, max_depth, arrival, i, now):
    """Remember the deepest and the first; return the largest bits of depth; those of NaN are larger than any."""
    deepest = _NO_BITS
    for j in range(h.shape[1]):
        depth = h[i, j]
        max_depth[i, j] = max(max_depth[i, j], depth)
        arrival[i, j] = min(arrival[i, j], now if depth >= _WET else _NEVER)
        deepest = max(deepest, bits_of(depth) & _NO_SIGN)
    return deepest - _DEEP_LIMIT


@compiled
def _speed_row(h, qx, qy, max_velocity, i):
    """Remember the fastest; return the largest bits of speed; those of NaN are larger than any."""
    fastest = _NO_BITS
    for j in range(h.shape[1] - 1):
        depth = h[i, j]
        flow_x = _HALF * (qx[i, j] + qx[i, j + 1])
        flow_y = _HALF * (qy[i, j] + qy[i + 1, j])
        speed = math.sqrt(flow_x * flow_x + flow_y * flow_y) / max(depth, _WET)
        speed = speed if depth >= _WET else _ZERO
        max_velocity[i, j] = max(max_velocity[i, j], speed)
        fastest = max(fastest, bits_of(speed) & _NO_SIGN)
    return fastest - _FAST_LIMIT


@compiled
def _time_row(h, duration, threshold, i, dt):
    for j in range(h.shape[1]):
        duration[i, j] += dt if h[i, j] >= threshold else _ZERO


@compiled
def _totals(sums):
    """Add up what the bands report; a loop, because a reduction of an array would be compiled in parallel too."""
    infiltrated = drained = 0.0
    ran_away = False
    for b in range(sums.shape[0]):
        infiltrated += sums[b, 0]
        drained += sums[b, 1]
        ran_away = ran_away or sums[b, 2] > 0.0
    return infiltrated, drained, ran_away


@compiled_parallel
def settle(state, lost, room, ground, rain, spill, dt, now, watch, durations, thresholds, work):
    """Apply one interval of ``dt`` seconds that ends at ``now`` (s).

    ``rain`` and ``spill`` are metres on the ground and from the roofs. Returns the sums (m) over all cells of what
    infiltrated and what the sewer took, and whether the calculation ran away.
    """
    sums, arriving = work
    bands = sums.shape[0]
    rows = lost.shape[0] - 2
    h, qx, qy = state
    rain_share, roof_ratio, infiltration, sewer = ground
    max_depth, arrival, max_velocity = watch
    for b in numba.prange(bands):
        infiltrated = 0.0
        drained = 0.0
        beyond = np.int32(-1)
        for i in range(1 + b * rows // bands, 1 + (b + 1) * rows // bands):
            _arrive_row(arriving[b], room, rain_share, roof_ratio, i, rain, spill)
            soil, pipe = _exchange_row(h, lost, arriving[b], infiltration, sewer, i, dt)
            infiltrated += soil
            drained += pipe
            beyond = max(beyond, _depth_row(h, max_depth, arrival, i, _f(now)))
            beyond = max(beyond, _speed_row(h, qx, qy, max_velocity, i))
            for d in range(thresholds.size):
                _time_row(h, durations[d], thresholds[d], i, _f(dt))
        sums[b, 0] = infiltrated
        sums[b, 1] = drained
        sums[b, 2] = beyond
    return _totals(sums)
