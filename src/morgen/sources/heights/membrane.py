"""A membrane stretched over the rim of a hole: the smoothest surface that stays between its rim's heights."""

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["stretch"]

Heights = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Cells = npt.NDArray[np.int64]
Vector = npt.NDArray[np.float64]

TOLERANCE = 1e-3
"""Norm of all residuals at which the membrane is at rest, m."""
LONGEST = 2_000
"""Steps of the solver after which it stops; what it then has is smooth, and still held between the rim."""


def stretch(values: Heights, unknown: Mask) -> Heights:
    """Return heights for the ``unknown`` cells, NaN in all others and where no rim is known.

    Solves Laplace's equation on each hole (5-point stencil), with the finite ``values`` beside it as given
    heights and no slope across other edges: the grid's, and those of missing cells. By its maximum principle no
    cell is higher than the highest or lower than the lowest of the rim (Evans, Partial Differential Equations,
    2.2.3), which interpolation by distance does not promise; it makes no spikes, and no ridge where rims meet.
    """
    found = np.full(values.shape, np.nan, np.float32)
    known = np.isfinite(values) & ~unknown
    hole = _reachable(known, unknown)
    if hole.any():
        found[hole] = _solve(values, known, hole)
    return found


def _reachable(known: Mask, unknown: Mask) -> Mask:
    """Keep the holes that touch a known cell."""
    from scipy import ndimage

    labels, count = ndimage.label(unknown)
    touches = np.zeros(count + 1, bool)
    touches[labels[unknown & ndimage.binary_dilation(known)]] = True
    kept: Mask = touches[labels] & unknown
    return kept


def _solve(values: Heights, known: Mask, hole: Mask) -> Vector:
    """Return the heights of the hole's cells, in the order of their rows, m."""
    from scipy import ndimage, sparse

    size = int(hole.sum())
    number = np.full(hole.size, -1, np.int64)
    number[hole.ravel()] = np.arange(size)
    cell, other = (number[side] for side in _neighbours(hole, hole))
    edge, rim = _neighbours(hole, known)
    edge, heights = number[edge], values.ravel()[rim].astype(np.float64)
    degree = np.bincount(cell, minlength=size) + np.bincount(edge, minlength=size)
    links = sparse.coo_array((np.ones(cell.size), (cell, other)), shape=(size, size)).tocsr()
    matrix = (sparse.diags_array(degree.astype(np.float64)) - links).tocsr()
    _, nearest = ndimage.distance_transform_edt(~known, return_indices=True)
    start = values[nearest[0][hole], nearest[1][hole]].astype(np.float64)
    loads: Vector = np.bincount(edge, weights=heights, minlength=size).astype(np.float64)
    surface = _conjugate_gradient(matrix, loads, start)
    lowest, highest = _range_of_rims(hole, edge, heights)
    return np.clip(surface, lowest, highest)


def _conjugate_gradient(matrix: Any, loads: Vector, start: Vector) -> Vector:
    """Solve ``matrix @ x = loads`` for a symmetric positive definite matrix (Hestenes and Stiefel 1952).

    That of scipy gives the same numbers, but its inner products wait for the threads of BLAS: on shared cores it
    took five to ten times as long on Delft-Oost.
    """
    x = start.copy()
    residual = loads - matrix @ x
    direction = residual.copy()
    squared = _inner(residual, residual)
    for _ in range(LONGEST):
        if squared <= TOLERANCE**2:
            break
        moved = matrix @ direction
        step = squared / _inner(direction, moved)
        x += step * direction
        residual -= step * moved
        before, squared = squared, _inner(residual, residual)
        direction = residual + squared / before * direction
    return x


def _inner(one: Vector, other: Vector) -> float:
    return float(np.einsum("i,i->", one, other))


def _neighbours(cells: Mask, others: Mask) -> tuple[Cells, Cells]:
    """Return the flat indices of all pairs of a cell and one of its four neighbours among the others."""
    index = np.arange(cells.size).reshape(cells.shape)
    pairs: list[tuple[Cells, Cells]] = []
    for near, far in (
        ((slice(None), slice(1, None)), (slice(None), slice(None, -1))),
        ((slice(1, None), slice(None)), (slice(None, -1), slice(None))),
    ):
        for one, two in ((near, far), (far, near)):
            chosen = cells[one] & others[two]
            pairs.append((index[one][chosen], index[two][chosen]))
    first, second = zip(*pairs, strict=True)
    return np.concatenate(first), np.concatenate(second)


def _range_of_rims(hole: Mask, edge: Cells, heights: npt.NDArray[np.float64]) -> tuple[Any, Any]:
    """Return for each cell of the holes the lowest and highest height of its own rim."""
    from scipy import ndimage

    labels, count = ndimage.label(hole)
    owner = labels[hole]
    lowest, highest = np.full(count + 1, np.inf), np.full(count + 1, -np.inf)
    np.minimum.at(lowest, owner[edge], heights)
    np.maximum.at(highest, owner[edge], heights)
    return lowest[owner], highest[owner]
