"""AHN: ground (M_) and surface (R_) as tiled GeoTIFF of 0.5 m and of 5 m, each in the folder of its kind."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from morgen.core.grid import Bounds, Grid
from morgen.sources.sample.frame import CELL, GENERATED, MAP_SHEET, NODATA, SURVEYED, Frame
from morgen.sources.sample.relief import Ground

__all__ = ["Heights", "open_heights"]

Raster = npt.NDArray[np.float64]

COARSE = 5.0
"""m."""
BLOCKS = {CELL: 400, COARSE: 80}
"""Cells along the side of a tile in the file: 200 m and 400 m, so that a sheet is whole tiles of the fine one."""
OTHER_NODATA = -9999.0
KINDS = (("dtm", "M", "maaiveld"), ("dsm", "R", "ruw"))


class Heights:
    """The four rasters while they are written, sheet by sheet."""

    def __init__(self, rasters: dict[tuple[str, float], Any], frame: Frame, nodata: float) -> None:
        self._nodata = nodata
        self._rasters = rasters
        self._frame = frame

    def write(self, ground: Ground, surface: Raster, bounds: Bounds) -> None:
        """Write one sheet: the ground with holes under buildings and water, the surface with holes on water."""
        terrain = np.where(ground.pand | ground.water, np.nan, ground.height)
        for kind, values in (("dtm", terrain), ("dsm", surface)):
            self._put(kind, CELL, values, bounds)
            self._put(kind, COARSE, _mean(values, round(COARSE / CELL)), bounds)

    def _put(self, kind: str, cell: float, values: Raster, bounds: Bounds) -> None:
        from rasterio.windows import Window

        grid = Grid.covering(self._frame.bounds, cell)
        column, row = round((bounds[0] - grid.xmin) / cell), round((grid.ymax - bounds[3]) / cell)
        rows, columns = values.shape
        filled = np.where(np.isnan(values), self._nodata, np.round(values, 3)).astype(np.float32)
        self._rasters[kind, cell].write(filled, 1, window=Window(column, row, columns, rows))


def _mean(values: Raster, factor: int) -> Raster:
    """Return the mean of the known cells in squares of ``factor`` cells; NaN where none is known."""
    rows, columns = (size // factor for size in values.shape)
    squares = values[: rows * factor, : columns * factor].reshape(rows, factor, columns, factor)
    known = ~np.isnan(squares)
    count = known.sum(axis=(1, 3))
    total = np.where(known, squares, 0.0).sum(axis=(1, 3))
    mean: Raster = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return mean


@contextmanager
def open_heights(folder: Path, frame: Frame, *, quirks: bool = False) -> Iterator[Heights]:
    """Open ``dtm_05m/M_99XX1.tif``, ``dsm_05m/R_99XX1.tif`` and the pair of 5 m for writing.

    With ``quirks`` they are in RD New + NAP (EPSG:7415), and a missing cell is -9999 without a tag that says so.
    """
    with ExitStack() as stack:
        rasters = {}
        for cell, resolution in ((CELL, "05m"), (COARSE, "5m")):
            for kind, letter, word in KINDS:
                path = folder / f"{kind}_{resolution}" / f"{letter}_{MAP_SHEET}.tif"
                path.parent.mkdir()
                title = f"{kind.upper()} {cell:g} m ({word})".replace(".", ",")
                rasters[kind, cell] = stack.enter_context(
                    _opened(path, Grid.covering(frame.bounds, cell), title, quirks=quirks)
                )
        yield Heights(rasters, frame, OTHER_NODATA if quirks else NODATA)


@contextmanager
def _opened(path: Path, grid: Grid, title: str, *, quirks: bool) -> Iterator[Any]:
    import rasterio

    side = BLOCKS[grid.cell_size]
    tiled = {"tiled": True, "blockxsize": side, "blockysize": side}
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=grid.columns,
        height=grid.rows,
        count=1,
        dtype="float32",
        crs="EPSG:7415" if quirks else "EPSG:28992",
        transform=rasterio.Affine(*grid.transform),
        nodata=None if quirks else NODATA,
        compress="deflate",
        predictor=3,
        **tiled,
    ) as raster:
        raster.update_tags(
            TIFFTAG_IMAGEDESCRIPTION=f"{title}. {GENERATED}", TIFFTAG_DATETIME=f"{SURVEYED}:03:01 00:00:00"
        )
        yield raster
