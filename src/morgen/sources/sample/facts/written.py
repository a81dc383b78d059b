"""What the folder already holds: the relief and the gullies, so that pipes lie under the ground of the rasters."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from morgen.sources.sample.facts.sewers import Heights
from morgen.sources.sample.frame import MAP_SHEET, NAME

__all__ = ["gullies_in", "heights_in"]

Points = npt.NDArray[np.float64]

POSSIBLE = (-20.0, 400.0)
"""Heights in the Netherlands, m NAP; anything else marks a hole, whatever mark the raster has."""
AROUND = 2
"""A hole takes the median of what is known within so many cells of it."""


def heights_in(folder: Path, otherwise: Heights) -> Heights | None:
    """Return the heights of the ground raster of 0.5 m in ``folder``; None when there is none.

    A place in a hole, under a building or on water, takes the height of the ground around it, and else that of
    ``otherwise``. The raster is read a window at a time.
    """
    path = folder / "dtm_05m" / f"M_{MAP_SHEET}.tif"
    if not path.is_file():
        return None

    def height(points: Points) -> npt.NDArray[np.float64]:
        import rasterio

        with rasterio.open(path) as raster:
            found = np.array([_around(raster, x, y) for x, y in points.tolist()], dtype=np.float64)
        unknown = np.isnan(found)
        if unknown.any():
            found[unknown] = otherwise(points[unknown])
        return found

    return height


def _around(raster: Any, x: float, y: float) -> float:
    from rasterio.windows import Window

    row, column = raster.index(x, y)
    left, top = max(column - AROUND, 0), max(row - AROUND, 0)
    right, bottom = min(column + AROUND + 1, raster.width), min(row + AROUND + 1, raster.height)
    if left >= right or top >= bottom:
        return float("nan")
    values = raster.read(1, window=Window(left, top, right - left, bottom - top))
    known = values[(values > POSSIBLE[0]) & (values < POSSIBLE[1])]
    return float(np.median(known)) if known.size else float("nan")


def gullies_in(folder: Path) -> list[shapely.Point] | None:
    """Return the gullies (kolken) of the BGT GeoPackage in ``folder``; None when it has none."""
    import pyogrio

    path = folder / f"bgt_{NAME.lower()}.gpkg"
    if not path.is_file() or "bgt_put" not in {name for name, _ in pyogrio.list_layers(path)}:
        return None
    points = pyogrio.read_dataframe(path, layer="bgt_put", columns=["plus_type", "eindregistratie"])
    current = points[(points["plus_type"] == "kolk") & points["eindregistratie"].isna()]
    return list(current.geometry)
