"""What water does on one face and in one cell: the scalars of the inertial engine, on every kind of processor.

The loops over them are in ``_flow.py`` and ``_surface.py`` for processors, and in ``_cuda.py`` for graphics cards.
All numbers are float32, but those named exact, which are float64.
"""

# Numba keeps what it compiled by file: after a change here, remove ``__pycache__``, or callers keep the old.
# Numba infers the types of kernels from what they are given.
# ruff: noqa: ANN001, ANN202
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import math
from typing import Final

import numpy as np

from morgen.models.flood.engine._compiled import bits_of, compiled, compiled_into_caller, float_of

__all__ = [
    "COURANT",
    "DRY_DEPTH",
    "FARTHEST",
    "GRAVITY",
    "NO_CREST",
    "NO_GROUND",
    "SHALLOW",
    "SHORTEST_STEP",
    "UPWIND",
    "WALL",
    "WET",
    "added",
    "face_flow",
    "inverse_cube_root",
    "kept",
    "leaking",
    "limited",
    "longest_step",
    "moves",
    "outward",
    "pipe_room",
    "share_given",
    "soaking",
]

GRAVITY: Final = 9.81
"""m/s2."""
COURANT: Final = 0.6
"""Wave speed times step over cell size.

In two dimensions the chequerboard, the shortest wave that a grid can hold, grows above sqrt((1 - 2 mix) / 2),
which is 0.63 for the largest mixing of a face with its neighbours. At 0.7 deep courtyards boil, and their noise
dictates the time step until the calculation runs away.
"""
SHALLOW: Final = 0.1
"""The time step is never longer than this depth (m) asks."""
SHORTEST_STEP: Final = 1e-4
"""A time step (s) that only a calculation that ran away asks for."""

WALL = 1.0e6
"""Bed level (m above the local datum) of cells that no water can enter."""

NO_CREST = -WALL
"""Crest (m above the local datum) of a face without a wall."""

DRY_DEPTH = 0.001
"""Water on a face shallower than this (m) does not flow."""

FARTHEST = 0.5
"""Cells that water moves in a step, at most.

Water that jumps from cell to cell gathers on steep slopes into waves that the ground does not have: on a slope of
1:3 the deepest film grew from 6 mm to 190 mm.
"""

_f = np.float32
_ZERO, _ONE, _TWO, _FOUR, _EIGHT = _f(0), _f(1), _f(2), _f(4), _f(8)
_GRAVITY = _f(GRAVITY)
_DRY = _f(DRY_DEPTH)
UPWIND = _f(0.5)
"""Half of what the water moves in a step, in cells: mixes as much as an upwind scheme."""
WET = _f(0.05)
"""m: velocity and arrival count from this depth."""
NO_GROUND = _f(WALL / 2)
_CALM = _f(0.01)  # per m of depth: fades the shortest waves where water is deep
_MOST_MIXED = _f(0.1)
_FARTHEST = _f(0.5 * FARTHEST)  # half, as it is divided by half of the step over the cell
_NEARLY_ALL = _f(0.999999)  # a cell gives away no more than this share, so that rounding cannot make it negative
_TINY = _f(1e-12)
_TINIER = _f(1e-20)
_HUGE = _f(1e30)
_LEAST_SLOPE = _f(0.001)  # over an open edge, so that flat ground drains
_STILL = _f(0.05**2 * 9.81)  # Froude number 0.05, squared: slower water does not set the time step

# Inverse cube root: Moroz et al. (2021), "Fast calculation of cube and inverse cube roots using a magic constant
# and its implementation on microcontrollers", Energies 14, 1058. One iteration, and a third of the upper half of
# the bits by a product of integers: within 3.7e-5, which is 0.04 % of the friction; Manning's n is not known to
# 10 %.
_MAGIC = np.int32(0x548C2B4B)
_K1, _K2, _K3 = _f(1.752319676), _f(1.2509524245), _f(0.5093818292)
_UPPER_HALF = np.int32(16)
_THIRD = np.int32(21846)  # of 2^16


def longest_step(peak: float, speed: float, cell_size: float) -> float:
    """Return the step (s) in which waves on ``peak`` (m) of moving water, and ``speed`` (m/s), go far enough."""
    wave = COURANT / math.sqrt(GRAVITY * max(peak, SHALLOW))
    return cell_size * min(wave, FARTHEST / max(speed, 1e-9))


@compiled
def inverse_cube_root(x):
    """Return 1 / x^(1/3), within 3.7e-5 of itself."""
    y = float_of(np.int32(_MAGIC - np.int32(np.int32(bits_of(x) >> _UPPER_HALF) * _THIRD)))
    c = x * y * (y * y)
    return y * (_K1 - c * (_K2 - _K3 * c))


@compiled
def face_flow(e0, e1, top, q, side, across, roughness, k, gk, deep):
    """Return the flow after the step between levels ``e0`` and ``e1`` over the higher of both beds, ``top``.

    ``roughness`` is that of both cells times the step, ``k`` half of the step over the cell. Friction is linear in
    the new flow around the old one, so that a thin film does not swing around its speed. Whether there is water is
    a factor and no choice: for a choice the compiler would load everything masked.
    """
    hm = max(max(e0, e1) - top, _DRY)
    hi = min(hm, deep)
    r = inverse_cube_root(hm)
    r2 = r * r
    r3 = r2 * r
    r5 = r3 * r2
    speed = math.sqrt(q * q + across * across)
    mix = min(k * speed * r3 + _CALM * hm, _MOST_MIXED)
    wet = min((hm - _DRY) * _HUGE, _ONE)
    drag = roughness * speed * hi * (r5 * r5)
    pushed = q + mix * (side - _TWO * q) - gk * hi * (e1 - e0)
    most = hm * (_FARTHEST / k)
    return wet * min(max((pushed + drag * q) / (_ONE + _TWO * drag), -most), most)


@compiled_into_caller
def outward(west, east, north, south):
    """Return all that flows out of a cell (m2/s) over its four faces; flows are positive to the east and south."""
    along = max(east, _ZERO) - min(west, _ZERO)
    return along + (max(south, _ZERO) - min(north, _ZERO))


@compiled_into_caller
def share_given(depth, out):
    """Return the part of what would flow ``out`` (m) of a cell that its ``depth`` (m) allows."""
    return min(_ONE, _NEARLY_ALL * depth / (out + _TINY))


@compiled_into_caller
def limited(flow, before, after):
    """Return ``flow`` as the cell ``before`` or ``after`` the face, whichever gives it, allows."""
    return max(flow, _ZERO) * before + min(flow, _ZERO) * after


@compiled_into_caller
def added(depth, lost, amount):
    """Return depth and what rounding added to it when ``amount`` (m) comes, compensated (Kahan 1965)."""
    change = amount - lost
    new = depth + change
    return new, (new - depth) - change


@compiled_into_caller
def leaking(depth, fall, conveyance, dx):
    """Return the flow (m2/s) over an open edge: at normal depth for ``fall`` (m per cell), at most critical."""
    slope = max(fall / dx, _ZERO) + _LEAST_SLOPE
    flow = depth * min(conveyance * depth ** _f(2 / 3) * math.sqrt(slope), math.sqrt(_GRAVITY * depth))
    return flow if depth > _DRY else _ZERO


@compiled_into_caller
def kept(exact):
    """Return ``exact`` (m) as depth, no less than nothing, and what rounding added to it."""
    new = max(_f(exact), _ZERO)
    return new, _f(np.float64(new) - exact)


@compiled_into_caller
def soaking(passed, suction, soaked):
    """Return what soil takes (m) by Green & Ampt (1911), with the mean of the interval for what it holds.

    dF = K dt (1 + S / (F + dF / 2)), solved for dF; S is suction times deficit, ``passed`` is K dt.
    """
    b = _TWO * soaked - passed
    c = passed * (soaked + suction)
    return _FOUR * c / (b + math.sqrt(b * b + _EIGHT * c) + _TINIER)


@compiled_into_caller
def pipe_room(able, store, held):
    """Return what the sewer takes (m) of what it is ``able`` to, where it can be full."""
    return min(able, max(store - held, _ZERO))


@compiled_into_caller
def moves(flow, depth):
    """Return ``depth`` (m) of a face when ``flow`` (m2/s) makes it count for the time step, else 0."""
    return depth if flow * flow > _STILL * (depth * depth * depth) else _ZERO
