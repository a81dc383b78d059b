"""Where water runs over a terrain: from every cell to the next, out of hollows over their lowest edge.

Method: the priority flood of Barnes, Lehman & Mulla (2014), Computers & Geosciences 62, 117-127, with the steepest
of eight directions (O'Callaghan & Mark 1984) where the ground slopes.
"""

# Numba infers the types of kernels from what they are given.
# ruff: noqa: ANN001, ANN202
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import heapq
import math

import numba
import numpy as np

__all__ = ["downstream_first", "drains_to", "largest_down", "next_cells", "summed_down"]

_DOWN = (-1, -1, -1, 0, 0, 1, 1, 1)
_RIGHT = (-1, 0, 1, -1, 1, -1, 0, 1)
_UNSEEN = -2
_ENDS = -1

_compiled = numba.njit(cache=True, nogil=True)  # NaN means something here, so no liberties with it


@_compiled
def next_cells(bed, ends):
    """Return per cell the flat index of the cell that its water runs to; -1 where it ends, -2 where there is none.

    ``bed`` (rows, columns) in m, NaN where no water goes; water ends in the cells of ``ends``.
    """
    rows, columns = bed.shape
    to = np.full(bed.size, _UNSEEN, np.int64)
    level = np.full(bed.size, np.inf)
    queue = [(0.0, np.int64(0)) for _ in range(0)]
    for cell in range(bed.size):
        i, j = cell // columns, cell % columns
        if ends[i, j] and not math.isnan(bed[i, j]):
            level[cell] = bed[i, j]
            to[cell] = _ENDS
            heapq.heappush(queue, (level[cell], np.int64(cell)))
    while len(queue) > 0:
        height, lowest = heapq.heappop(queue)
        i, j = lowest // columns, lowest % columns
        for k in range(8):
            a, b = i + _DOWN[k], j + _RIGHT[k]
            if 0 <= a < rows and 0 <= b < columns and not math.isnan(bed[a, b]):
                other = a * columns + b
                if to[other] == _UNSEEN:
                    level[other] = max(height, bed[a, b])
                    to[other] = lowest
                    heapq.heappush(queue, (level[other], np.int64(other)))
    _take_steepest(to, level, bed)
    return to


@_compiled
def _take_steepest(to, level, bed):
    """Let cells on slopes drain to their steepest neighbour; the others keep the way out of their hollow."""
    rows, columns = bed.shape
    for cell in range(bed.size):
        if to[cell] < 0:
            continue
        i, j = cell // columns, cell % columns
        steepest = 0.0
        for k in range(8):
            a, b = i + _DOWN[k], j + _RIGHT[k]
            if 0 <= a < rows and 0 <= b < columns and to[a * columns + b] != _UNSEEN:
                fall = level[cell] - level[a * columns + b]
                slope = fall / math.sqrt(np.float64(_DOWN[k] * _DOWN[k] + _RIGHT[k] * _RIGHT[k]))
                if slope > steepest:
                    steepest = slope
                    to[cell] = a * columns + b


@_compiled
def drains_to(to, start):
    """Return a mask (flat) of the cells whose water comes through a cell of ``start`` (flat), these included."""
    known = np.zeros(to.size, np.int8)  # 1 does, -1 does not
    for cell in range(to.size):
        if start[cell]:
            known[cell] = 1
        elif to[cell] < 0:
            known[cell] = -1
    for cell in range(to.size):
        at = cell
        while known[at] == 0:
            at = to[at]
        found = known[at]
        at = cell
        while known[at] == 0:
            known[at] = found
            at = to[at]
    return known > 0


@_compiled
def downstream_first(to):
    """Return the cells (flat) that have ground, each after the one that its water runs to."""
    order = np.empty(to.size, np.int64)
    placed = np.zeros(to.size, np.bool_)
    way = np.empty(to.size, np.int64)
    count = 0
    for cell in range(to.size):
        steps = 0
        at = cell
        while at >= 0 and to[at] != _UNSEEN and not placed[at]:
            placed[at] = True
            way[steps] = at
            steps += 1
            at = to[at]
        # What was met on the way down is placed from its lower end up; another way was placed before it.
        for step in range(steps - 1, -1, -1):
            order[count] = way[step]
            count += 1
    return order[:count]


@_compiled
def summed_down(to, order, amount):
    """Return per cell (flat) the ``amount`` of all cells whose water comes through it, its own included."""
    total = amount.copy()
    for position in range(order.size - 1, -1, -1):
        cell = order[position]
        if to[cell] >= 0:
            total[to[cell]] += total[cell]
    return total


@_compiled
def largest_down(to, order, amount):
    """Return per cell (flat) the largest ``amount`` of the cells that its water comes through, itself included."""
    largest = amount.copy()
    for position in range(order.size):
        cell = order[position]
        if to[cell] >= 0:
            largest[cell] = max(largest[cell], largest[to[cell]])
    return largest
