"""Whether a raster is of heights at all, and whether of the bare ground or of all that stands on it.

The ground is smooth: three cells in a row lie nearly on a line, also on a steep slope. Roofs, walls and trees make
bends. Measured on the AHN3 rasters of Delft-Oost, the share of cells that bend by more than 0.75 m is 0.001 %
(terrain) and 18 % (surface) at 0.5 m, and 0 % and 64 % at 5 m; a dike with ditches beside it every 200 m, which is
the hardest ground there is at 5 m, gives 2.5 %.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from morgen.core.source import Role

__all__ = ["HeightKind", "height_kind", "is_missing"]

Heights = npt.NDArray[np.float32]

BEND = 0.75
"""Departure of a cell from the line through its two neighbours that bare ground seldom has, m."""
COARSE = 2.0
"""Cell size above which dikes and ditches make bends too, m."""
DOUBT_FINE = (0.001, 0.02)
DOUBT_COARSE = (0.01, 0.05)
"""Shares of bending cells between which only the file name can tell ground from surface."""
FEWEST_TRIPLES = 30
"""Rows of three cells below which content tells nothing."""
LOWEST, HIGHEST = -50.0, 450.0
"""Heights between which the middle of a Dutch height raster lies, m NAP: the Zuidplaspolder is at -7, the
Vaalserberg at 322 and the mast of Lopik at 375; rasters of other things (pressures, millimetres) are
mostly outside."""
NODATA_SIZE = 1e30
"""AHN marks missing cells with plus or minus float32 max; resampling by others leaves any large number."""
NODATA_WATER_BOARDS = -9999.0

TERRAIN_NAME = re.compile(r"(^|[_\-. ])(m5?_|m_?\d\d[a-z]{1,2}\d|dtm|maaiveld)", re.IGNORECASE)
SURFACE_NAME = re.compile(r"(^|[_\-. ])(r5?_|r_?\d\d[a-z]{1,2}\d|dsm|ruw)", re.IGNORECASE)


@dataclass(frozen=True)
class HeightKind:
    """What kind of heights a raster holds, and how that was told."""

    role: Role
    by_name: bool
    """Whether the content left it open, so that the file name decided."""


def is_missing(values: Heights, nodata: float | None) -> npt.NDArray[np.bool_]:
    """Return which cells hold no height, in every form that Dutch height rasters use, with or without a tag."""
    missing: npt.NDArray[np.bool_] = (
        ~np.isfinite(values) | (np.abs(values) > NODATA_SIZE) | (values == NODATA_WATER_BOARDS)
    )
    if nodata is not None and np.isfinite(nodata):
        missing |= values == np.float32(nodata)
    return missing


def height_kind(samples: Iterable[Heights], *, cell_size: float, path: Path) -> HeightKind | None:
    """Tell terrain from surface by sampled windows (m, NaN where missing); None when these are no heights at all.

    Where the content leaves doubt, the names that AHN uses decide (``M_``, ``M5_``, ``dtm``; ``R_``, ``R5_``,
    ``dsm``), also those of the folder, and else the nearer of the two.
    """
    windows = [window for window in samples if np.isfinite(window).any()]
    middle = float(np.median(np.concatenate([window[np.isfinite(window)] for window in windows])))
    if not LOWEST <= middle <= HIGHEST:
        return None
    bends = np.concatenate([_bends(window) for window in windows])
    low, high = DOUBT_FINE if cell_size <= COARSE else DOUBT_COARSE
    share = float((bends > BEND).mean()) if bends.size >= FEWEST_TRIPLES else low
    if share < low or share > high:
        return HeightKind(Role.TERRAIN if share < low else Role.SURFACE, by_name=False)
    named = _role_by_name(path)
    nearer = Role.TERRAIN if share < (low * high) ** 0.5 else Role.SURFACE
    return HeightKind(named or nearer, by_name=named is not None)


def _bends(values: Heights) -> Heights:
    """Departure of each cell from the line through its neighbours, along rows and columns, m; missing left out."""
    departures = [
        np.abs(lines[1:-1] - (lines[:-2] + lines[2:]) / 2).ravel()
        for lines in (values, values.T)
        if lines.shape[0] > 2  # noqa: PLR2004  three cells make a bend
    ]
    joined = np.concatenate(departures) if departures else np.empty(0, np.float32)
    found: Heights = joined[np.isfinite(joined)]
    return found


def _role_by_name(path: Path) -> Role | None:
    for name in (path.name, path.parent.name):
        is_terrain, is_surface = bool(TERRAIN_NAME.search(name)), bool(SURFACE_NAME.search(name))
        if is_terrain != is_surface:
            return Role.TERRAIN if is_terrain else Role.SURFACE
    return None
