"""Steps of the inertial engine on a graphics card: many in one launch, which decides itself how long each is.

The physics is that of ``_physics.py``, the order of work that of ``stepping.py`` and ``_surface.py``; only the
loops are others. A launch goes from interval to interval of a table: per interval rain, roofs, and whether to look
at the water. It is cooperative: all blocks run at the same time, and wait for each other between phases. So no
number has to travel to the processor for the next step.

A block takes whole rows, its threads the cells in them; what is a list (springs, edges, open water) is shared out
over all threads. Every cell of a list is there once, so that no two threads change the same. A thread adds up what
it moves in a row of ``sums`` of its own: the balance does not depend on who was first.
"""

# Numba infers the types of kernels from what they are given, and takes arrays one by one rather than as objects.
# ruff: noqa: ANN001, ANN202, PLR0917
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import math
import types
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numba import config, cuda

from morgen.models.flood.engine import _physics
from morgen.models.flood.engine._physics import COURANT, GRAVITY, NO_GROUND, SHORTEST_STEP, UPWIND, WET
from morgen.models.flood.engine._surface import NEVER, TOO_FAST

__all__ = ["GOING", "SUMS", "THREADS", "TOO_SHORT", "advance", "resident_blocks"]

THREADS: Final = 4 if config.ENABLE_CUDASIM else 256
"""Of a block; one that is simulated is a thread of Python."""

SUMS: Final = ("rain", "wetted", "infiltrated", "sewer", "poured", "left", "pumped")
"""Columns of ``sums``, metres times cells."""
_RAIN, _WETTED, _INFILTRATED, _SEWER, _POURED, _LEFT, _PUMPED = range(len(SUMS))

GOING, RAN_AWAY, TOO_SHORT = 0, 1, 2
"""How a launch ended."""

_f = np.float32
_ZERO, _ONE, _HALF, _QUARTER = _f(0), _f(1), _f(0.5), _f(0.25)
_NEVER = _f(NEVER)
_DEEPEST, _FASTEST = _f(1e4), _f(TOO_FAST)
_GRAVITY = _f(GRAVITY)


def _bits_of(number):
    return np.float32(number).view(np.int32)


def _float_of(bits):
    return np.int32(bits).view(np.float32)


if config.ENABLE_CUDASIM:
    _CASTS: dict[str, Any] = {"bits_of": _bits_of, "float_of": _float_of}
    _LIMITS: dict[str, Any] = {}
else:
    from numba.cuda import libdevice

    _CASTS = {"bits_of": libdevice.float_as_int, "float_of": libdevice.int_as_float}
    _LIMITS = {"max_registers": 80}  # three blocks in a multiprocessor, and not one


def _on_card(function: Any, **names: Any) -> Callable[..., Any]:
    """Compile for the card what a function says in Python, with other ``names`` for what it calls."""
    python = getattr(function, "py_func", function)
    copy = types.FunctionType(python.__code__, {**python.__globals__, **names}, python.__name__)
    compiled: Callable[..., Any] = cuda.jit(device=True)(copy)
    return compiled


_inverse_cube_root = _on_card(_physics.inverse_cube_root, **_CASTS)
_face_flow = _on_card(_physics.face_flow, inverse_cube_root=_inverse_cube_root)
_added = _on_card(_physics.added)
_kept = _on_card(_physics.kept)
_leaking = _on_card(_physics.leaking)
_limited = _on_card(_physics.limited)
_longest_step = _on_card(_physics.longest_step)
_moves = _on_card(_physics.moves)
_outward = _on_card(_physics.outward)
_pipe_room = _on_card(_physics.pipe_room)
_share_given = _on_card(_physics.share_given)
_soaking = _on_card(_physics.soaking)


@cuda.jit(device=True)
def _pour(state, springs, pours, number, middle, dt, sums):
    """Pour what springs give in a step."""
    h, lost = state[0], state[1]
    cells, starts, inflows, per_cell = springs
    total = 0.0
    for c in range(cuda.grid(1), len(cells), cuda.gridsize(1)):
        i, j = cells[c, 0], cells[c, 1]
        for s in range(starts[c], starts[c + 1]):
            inflow = inflows[s]
            rate = pours[number, inflow, 0] + pours[number, inflow, 1] * middle
            amount = _f(rate * per_cell[s] * dt)
            h[i, j], lost[i, j] = _added(h[i, j], lost[i, j], amount)
            total += np.float64(amount)
    sums[cuda.grid(1), _POURED] += total


@cuda.jit(device=True)
def _push(size, state, spare, bed, friction, each, dt, k, deep):
    """Leave what would flow over the west and the north face of each cell."""
    first, last, columns = size
    h, _lost, qx, qy = state
    along, across, _limit = spare
    half, gk = UPWIND * k, _GRAVITY * k
    for i in range(first + cuda.blockIdx.x, last, cuda.gridDim.x):
        here, above = each * i, each * (i - 1)
        for j in range(1 + cuda.threadIdx.x, columns + 1, cuda.blockDim.x):
            floor, rough = bed[i, j], friction[here, j]
            level = floor + h[i, j]
            west, north = bed[i, j - 1], bed[i - 1, j]
            side = qx[i, j - 1] + qx[i, j + 1]
            over = _QUARTER * ((qy[i, j - 1] + qy[i, j]) + (qy[i + 1, j - 1] + qy[i + 1, j]))
            drag = dt * (friction[here, j - 1] + rough)
            along[i, j] = _face_flow(
                west + h[i, j - 1], level, max(west, floor), qx[i, j], side, over, drag, half, gk, deep
            )
            side = qy[i - 1, j] + qy[i + 1, j]
            over = _QUARTER * ((qx[i - 1, j] + qx[i, j]) + (qx[i - 1, j + 1] + qx[i, j + 1]))
            drag = dt * (friction[above, j] + rough)
            across[i, j] = _face_flow(
                north + h[i - 1, j], level, max(north, floor), qy[i, j], side, over, drag, half, gk, deep
            )


@cuda.jit(device=True)
def _limit_all(size, state, spare, k):
    """Find which part of what would flow out each cell can give."""
    first, last, columns = size
    h = state[0]
    along, across, limit = spare
    for i in range(first + cuda.blockIdx.x, last, cuda.gridDim.x):
        for j in range(1 + cuda.threadIdx.x, columns + 1, cuda.blockDim.x):
            out = k * _outward(along[i, j], along[i, j + 1], across[i, j], across[i + 1, j])
            limit[i, j] = _share_given(h[i, j], out)


@cuda.jit(device=True)
def _leak(state, spare, bed, edges, leaks, k, dx):
    """Find what leaves over open edges, which shares the limit of its cell with all that flows out of it."""
    h = state[0]
    along, across, limit = spare
    cells, starts, inward, conveyance = edges
    for c in range(cuda.grid(1), len(cells), cuda.gridsize(1)):
        i, j = cells[c, 0], cells[c, 1]
        out = _outward(along[i, j], along[i, j + 1], across[i, j], across[i + 1, j])
        for e in range(starts[c], starts[c + 1]):
            a, b = i + inward[e, 0], j + inward[e, 1]
            fall = bed[a, b] + h[a, b] - bed[i, j] - h[i, j] if bed[a, b] < NO_GROUND else _ZERO
            leaks[e] = _leaking(h[i, j], fall, conveyance[e], dx)
            out += leaks[e]
        limit[i, j] = _share_given(h[i, j], k * out)


@cuda.jit(device=True)
def _move(size, state, spare, k):
    """Let flow what cells can give."""
    first, last, columns = size
    h, lost, qx, qy = state
    along, across, limit = spare
    for i in range(first + cuda.blockIdx.x, last, cuda.gridDim.x):
        for j in range(1 + cuda.threadIdx.x, columns + 1, cuda.blockDim.x):
            own = limit[i, j]
            west = _limited(along[i, j], limit[i, j - 1], own)
            east = _limited(along[i, j + 1], own, limit[i, j + 1])
            north = _limited(across[i, j], limit[i - 1, j], own)
            south = _limited(across[i + 1, j], own, limit[i + 1, j])
            qx[i, j] = west
            qy[i, j] = north
            h[i, j], lost[i, j] = _added(h[i, j], lost[i, j], k * ((west - east) + (north - south)))


@cuda.jit(device=True)
def _drain(state, spare, edges, leaks, k, sums):
    """Take what leaves over open edges."""
    h, lost = state[0], state[1]
    limit = spare[2]
    cells, starts = edges[0], edges[1]
    total = 0.0
    for c in range(cuda.grid(1), len(cells), cuda.gridsize(1)):
        i, j = cells[c, 0], cells[c, 1]
        for e in range(starts[c], starts[c + 1]):
            taken = k * leaks[e] * limit[i, j]
            h[i, j], lost[i, j] = _added(h[i, j], lost[i, j], -taken)
            total += np.float64(taken)
    sums[cuda.grid(1), _LEFT] += total


@cuda.jit(device=True)
def _settle(size, each, state, bed, forcing, memory, dt, scale, spills, number, sums):
    """Let rain, roofs, soil and sewer act for ``dt`` seconds; ``each`` says which fields have a row per row."""
    first, last, columns = size
    h, lost = state[0], state[1]
    rain, roof_ratios, infiltration, suction, capacity, store, emptying = forcing
    room, soaked, held = memory
    came = wetted = infiltrated = drained = 0.0
    for i in range(first + cuda.blockIdx.x, last, cuda.gridDim.x):
        for j in range(1 + cuda.threadIdx.x, columns + 1, cuda.blockDim.x):
            fallen = rain[each[0] * i, j] * scale
            for kind in range(len(roof_ratios)):
                fallen += _f(spills[number, kind]) * roof_ratios[kind, each[1] * i, j]
            fallen = fallen if bed[i, j] < NO_GROUND else _ZERO
            came += np.float64(fallen)
            if each[7]:
                left = max(room[i, j] - fallen, _ZERO)
                wet = room[i, j] - left
                room[i, j] = left
                fallen -= wet
                wetted += np.float64(wet)
            soil = infiltration[each[2] * i, j] * dt
            if each[8]:
                soil = _soaking(soil, suction[each[3] * i, j], soaked[i, j])
            pipe = capacity[each[4] * i, j] * dt
            if each[9]:
                held[i, j] = max(held[i, j] - emptying[each[6] * i, j] * dt, _ZERO)
                pipe = _pipe_room(pipe, store[each[5] * i, j], held[i, j])
            exact = (np.float64(h[i, j]) - np.float64(lost[i, j])) + np.float64(fallen)
            water = max(_f(exact), _ZERO)
            soil = min(soil, water)
            pipe = min(pipe, water - soil)
            infiltrated += np.float64(soil)
            drained += np.float64(pipe)
            h[i, j], lost[i, j] = _kept(exact - (np.float64(soil) + np.float64(pipe)))
            if each[8]:
                soaked[i, j] += soil
            if each[9]:
                held[i, j] += pipe
    thread = cuda.grid(1)
    sums[thread, _RAIN] += came
    sums[thread, _WETTED] += wetted
    sums[thread, _INFILTRATED] += infiltrated
    sums[thread, _SEWER] += drained


@cuda.jit(device=True)
def _surplus(state, cells, start, stop, stays, found, w):
    """Add up what stands above the kept level of one open water (m)."""
    h, lost = state[0], state[1]
    total = 0.0
    for c in range(start + cuda.grid(1), stop, cuda.gridsize(1)):
        i, j = cells[c, 0], cells[c, 1]
        total += max(np.float64(h[i, j]) - np.float64(lost[i, j]) - stays, 0.0)
    if total > 0:
        cuda.atomic.add(found, w, total)


@cuda.jit(device=True)
def _release(state, cells, start, stop, stays, share, sums):
    """Take ``share`` of what stands above the kept level."""
    h, lost = state[0], state[1]
    total = 0.0
    for c in range(start + cuda.grid(1), stop, cuda.gridsize(1)):
        i, j = cells[c, 0], cells[c, 1]
        stands = np.float64(h[i, j]) - np.float64(lost[i, j])
        taken = share * max(stands - stays, 0.0)
        h[i, j] = _f(stands - taken)
        lost[i, j] = _f(np.float64(h[i, j]) - (stands - taken))
        total += taken
    sums[cuda.grid(1), _PUMPED] += total


@cuda.jit(device=True)
def _look(size, state, bed, watched, now, dt, seen):
    """Remember extremes; find whether water ran away, how deep the deepest moves, and how fast the fastest is."""
    first, last, columns = size
    h, _lost, qx, qy = state
    watch, durations, thresholds = watched
    beyond = deepest = fastest = _ZERO
    for i in range(first + cuda.blockIdx.x, last, cuda.gridDim.x):
        for j in range(1 + cuda.threadIdx.x, columns + 1, cuda.blockDim.x):
            depth, floor = h[i, j], bed[i, j]
            flow_x = _HALF * (qx[i, j] + qx[i, j + 1])
            flow_y = _HALF * (qy[i, j] + qy[i + 1, j])
            flow = _f(math.sqrt(flow_x * flow_x + flow_y * flow_y)) if depth >= WET else _ZERO
            speed = flow / max(depth, WET)
            if not (depth <= _DEEPEST and speed <= _FASTEST):  # NaN as well
                beyond = _ONE
            watch[0, i, j] = max(watch[0, i, j], depth)
            watch[1, i, j] = min(watch[1, i, j], now if depth >= WET else _NEVER)
            watch[2, i, j] = max(watch[2, i, j], speed)
            watch[3, i, j] = max(watch[3, i, j], flow)
            for d in range(len(thresholds)):
                durations[d, i, j] += dt if depth >= thresholds[d] else _ZERO
            west, north, top = bed[i, j - 1], bed[i - 1, j], floor + depth
            deepest = max(deepest, _moves(qx[i, j], max(top, west + h[i, j - 1]) - max(floor, west)))
            deepest = max(deepest, _moves(qy[i, j], max(top, north + h[i - 1, j]) - max(floor, north)))
            fastest = max(fastest, speed)
    if beyond > 0:
        seen[0] = beyond
    if deepest > seen[1]:
        cuda.atomic.max(seen, 1, deepest)
    if fastest > seen[2]:
        cuda.atomic.max(seen, 2, fastest)


@cuda.jit(device=True)
def _step(size, each, state, spare, ground, lists, plan, number, middle, dt, dx, deep, sums):
    """Take one step of ``dt`` seconds, which has its middle ``middle`` seconds after the start of its interval."""
    grid = cuda.cg.this_grid()
    bed, friction = ground
    springs, edges, leaks = lists[0], lists[1], lists[2]
    step = _f(dt)
    k = step / _f(dx)
    if len(springs[0]):
        _pour(state, springs, plan[1], number, middle, dt, sums)
        grid.sync()
    _push(size, state, spare, bed, friction, each[10], step, k, deep)
    grid.sync()
    _limit_all(size, state, spare, k)
    grid.sync()
    if len(edges[0]):
        _leak(state, spare, bed, edges, leaks, k, _f(dx))
        grid.sync()
    _move(size, state, spare, k)
    grid.sync()
    if len(edges[0]):
        _drain(state, spare, edges, leaks, k, sums)
        grid.sync()


@cuda.jit(device=True)
def _keep_levels(state, lists, seconds, area, sums):
    """Let each open water in turn lose what stands above the level that is kept, as fast as it can."""
    grid = cuda.cg.this_grid()
    waters, levels, surplus = lists[3], lists[4], lists[5]
    for w in range(len(levels)):
        first, last, stays = int(levels[w, 0]), int(levels[w, 1]), levels[w, 2]
        _surplus(state, waters, first, last, stays, surplus, w)
        grid.sync()
        if surplus[w] > 0:
            share = min(1.0, levels[w, 3] * seconds / (surplus[w] * area))
            _release(state, waters, first, last, stays, share, sums)
        grid.sync()


@cuda.jit(device=True)
def _forget(seen, surplus, looks):
    """Make room for what the next look and the next open water find."""
    if cuda.grid(1) == 0:
        if looks:
            for kind in range(3):
                seen[kind] = _ZERO
        for w in range(len(surplus)):
            surplus[w] = 0.0


@cuda.jit(cache=True, **_LIMITS)
def advance(most, dx, size, each, course, plan, state, spare, ground, forcing, memory, lists, watched, sums, seen):
    """Take at most ``most`` steps of the intervals of a plan, on cells of ``dx`` metres.

    - ``size``: first row, row after the last, columns. ``each``: 1 for each field with a row per row, in the order
      of ``forcing``, ``memory`` and friction.
    - ``course``: interval, steps done in it, steps of this launch, and how it ended.
    - ``plan``: a table of intervals with start and end (s), the factor on rain, and the seconds since the last
      look, below 0 for no look; per interval and inflow the discharge and its change; and per interval what roofs
      of each kind spill (m).
    - ``seen``: whether water ran away, and the depth (m) and speed (m/s) that set the step.
    """
    grid = cuda.cg.this_grid()
    table = plan[0]
    number, done, taken, end = course[0], course[1], 0, GOING
    while taken < most and number < len(table) and end == GOING:
        seconds = table[number, 1] - table[number, 0]
        longest = _longest_step(np.float64(seen[1]), np.float64(seen[2]), dx)
        if not longest >= SHORTEST_STEP:  # NaN as well
            end = TOO_SHORT
            continue
        count = math.ceil(seconds / longest)
        dt = seconds / count
        wave = COURANT * dx / dt
        deep = _f(wave * wave / GRAVITY)
        while done < count and taken < most:
            middle = (done + 0.5) * dt
            _step(size, each, state, spare, ground, lists, plan, number, middle, dt, dx, deep, sums)
            done += 1
            taken += 1
        if done < count:
            continue
        unseen = table[number, 3]
        _forget(seen, lists[5], unseen >= 0)
        scale = _f(table[number, 2])
        _settle(size, each, state, ground[0], forcing, memory, _f(seconds), scale, plan[2], number, sums)
        grid.sync()
        _keep_levels(state, lists, seconds, dx * dx, sums)
        if unseen >= 0:
            _look(size, state, ground[0], watched, _f(table[number, 1]), _f(unseen), seen)
            grid.sync()
            end = RAN_AWAY if seen[0] > 0 else GOING
        number += 1
        done = 0
    grid.sync()
    if cuda.grid(1) == 0:
        course[0] = number
        course[1] = done
        course[2] = taken
        course[3] = end


def resident_blocks(arguments: tuple[Any, ...]) -> int:
    """Compile ``advance``, or find it compiled, and return how many blocks of it run at the same time."""
    if config.ENABLE_CUDASIM:
        return 1
    kernel = advance.compile(tuple(advance.typeof_pyval(argument) for argument in arguments))
    return int(kernel.max_cooperative_grid_blocks(THREADS))
