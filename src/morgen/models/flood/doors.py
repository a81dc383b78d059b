"""Where the doors of buildings are likely to be: the lowest place of the façade on the side of the street."""

from typing import Final

import numpy as np
import numpy.typing as npt

from morgen.models.flood.facades import Facades

__all__ = ["NO_DOOR", "door_cells"]

NO_DOOR: Final = -1
FARTHEST: Final = 25.0
"""m from the façade to a road or path; beyond it nothing is known of the side of the door."""
BESIDE: Final = 1.5
"""Cells that the façade on the side of the street may lie farther than its nearest cell."""


def door_cells(
    facades: Facades, *, terrain: npt.NDArray[np.float32], paths: npt.NDArray[np.bool_], cell_size: float
) -> npt.NDArray[np.int64]:
    """Return per building the flat index of the cell of its likely door; ``NO_DOOR`` when there is no guess.

    That is the lowest cell of the façade nearest to a road or path: water that comes from the street gets in
    there first. No register knows where doors are. ``terrain`` (m NAP) and ``paths`` have shape (rows, columns).
    """
    from scipy.ndimage import distance_transform_edt

    doors = np.full(facades.count, NO_DOOR, dtype=np.int64)
    if not (paths.any() and len(facades.cell)):
        return doors
    away = (distance_transform_edt(~paths) * cell_size).ravel()[facades.cell]
    starts = np.flatnonzero(np.diff(facades.building, prepend=-1))
    nearest = np.full(facades.count, np.inf)
    nearest[facades.building[starts]] = np.minimum.reduceat(away, starts)
    limit = np.where(nearest <= FARTHEST, nearest + BESIDE * cell_size, -1.0)
    street = np.flatnonzero(away <= limit[facades.building])
    building, cell = facades.building[street], facades.cell[street]
    # Of one building the lowest comes first, and `unique` keeps what comes first.
    order = np.lexsort((terrain.ravel()[cell], building))
    which, first = np.unique(building[order], return_index=True)
    doors[which] = cell[order][first]
    return doors
