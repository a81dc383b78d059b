"""Which ground cells lie against which building: where roofs drain to and where water stands at the façade."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Facades", "find_facades", "roof_shares"]

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float32]

EIGHT_CONNECTED = np.ones((3, 3), dtype=bool)


@dataclass(frozen=True, eq=False)
class Facades:
    """Pairs of a building and a ground cell within one cell (also diagonally) of it, sorted by building."""

    building: npt.NDArray[np.int64]
    """Row number of the building, per pair."""
    cell: npt.NDArray[np.int64]
    """Index of the cell in the flattened grid, per pair."""
    count: int
    """Number of buildings, also those without a pair."""

    def largest(self, values: FloatArray) -> npt.NDArray[np.float32]:
        """Return the largest of ``values`` (rows, columns) along every façade; NaN without cells."""
        return self.largest_of_pairs(values.ravel()[self.cell])

    def largest_of_pairs(self, values: FloatArray) -> npt.NDArray[np.float32]:
        """Return the largest of ``values``, one per pair, along every façade; NaN without cells."""
        largest = np.full(self.count, np.nan, dtype=np.float32)
        if len(self.cell):
            starts = np.flatnonzero(np.diff(self.building, prepend=-1))
            largest[self.building[starts]] = np.fmax.reduceat(values, starts)
        return largest

    def within(self, allowed: BoolArray) -> "Facades":
        """Return the façades limited to the cells where ``allowed`` (rows, columns) holds."""
        keep = allowed.ravel()[self.cell]
        return Facades(building=self.building[keep], cell=self.cell[keep], count=self.count)


def find_facades(labels: IntArray, free: BoolArray, *, count: int, small: IntArray | None = None) -> Facades:
    """Find the façade cells of every building.

    ``labels`` (rows, columns) holds row number + 1 of the building that covers a cell, 0 elsewhere; ``free``
    marks the cells on which water can stand. ``small`` is a raster like ``labels`` of buildings that cover no
    cell centre: their façade is the ground that they touch.
    """
    pairs = [_pairs_around(labels, free)]
    if small is not None:
        cells = np.flatnonzero((small > 0) & free)
        pairs.append(np.stack([small.ravel()[cells].astype(np.int64) - 1, cells]))
    # One number per pair makes sorting and removing doubles a single fast call.
    coded = np.unique(np.concatenate([pair[0] * labels.size + pair[1] for pair in pairs]))
    return Facades(building=coded // labels.size, cell=coded % labels.size, count=count)


def _pairs_around(labels: IntArray, free: BoolArray) -> npt.NDArray[np.int64]:
    from scipy.ndimage import binary_dilation

    rim = binary_dilation(labels > 0, structure=EIGHT_CONNECTED) & free
    rows, columns = np.nonzero(rim)
    cells = rows * labels.shape[1] + columns
    padded = np.pad(labels, 1)
    pairs = []
    for down in (0, 1, 2):
        for right in (0, 1, 2):
            neighbour = padded[rows + down, columns + right].astype(np.int64)
            touches = neighbour > 0
            pairs.append(np.stack([neighbour[touches] - 1, cells[touches]]))
    return np.concatenate(pairs, axis=1)


def roof_shares(
    labels: IntArray, free: BoolArray, facades: Facades, *, only: BoolArray | None = None
) -> FloatArray:
    """Spread the roof of every building, or of ``only`` those (per building), over the ground along its façade.

    Returns roof area per ground cell, in cell areas (rows, columns): the sum equals the number of cells under
    these buildings. A building without ground along it (enclosed in a block) drains to the rim of its block; a
    block without a rim drains to the nearest ground. ``free`` marks the ground cells, at least one.
    """
    shares = np.zeros(labels.size)
    roof = np.bincount(labels.ravel(), minlength=facades.count + 1)[1:].astype(float)
    if only is not None:
        roof = np.where(only, roof, 0.0)
    pairs = np.bincount(facades.building, minlength=facades.count)
    np.add.at(shares, facades.cell, (roof / np.maximum(pairs, 1))[facades.building])
    enclosed = (roof > 0) & (pairs == 0)
    if enclosed.any():
        _add_enclosed(shares, labels, free, enclosed)
    return shares.reshape(labels.shape).astype(np.float32)


def _add_enclosed(shares: npt.NDArray[np.float64], labels: IntArray, free: BoolArray, enclosed: BoolArray) -> None:
    from scipy.ndimage import distance_transform_edt, label

    blocks, block_count = label(labels > 0, structure=EIGHT_CONNECTED)
    roof_cells = np.concatenate([[False], enclosed])[labels]
    waiting = np.bincount(blocks[roof_cells], minlength=block_count + 1).astype(float)
    rim = find_facades(blocks.astype(np.int32), free, count=block_count)
    rim_length = np.bincount(rim.building, minlength=block_count)
    np.add.at(shares, rim.cell, (waiting[1:] / np.maximum(rim_length, 1))[rim.building])
    rimless = roof_cells & np.concatenate([[False], rim_length == 0])[blocks]
    if rimless.any():
        rows, columns = distance_transform_edt(~free, return_distances=False, return_indices=True)
        np.add.at(shares, (rows * labels.shape[1] + columns)[rimless], 1.0)
