"""Rasters as GeoTIFF: plain tiles for layers, Cloud Optimized for outputs. Imported inside functions only."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.io import MemoryFile
from rasterio.transform import Affine

from morgen.core.errors import StorageError
from morgen.core.grid import Grid
from morgen.core.situation import Raster
from morgen.services.disk import write_bytes

__all__ = ["read_raster", "write_cog", "write_tiles"]

BLOCK = 512


def write_tiles(path: Path, raster: Raster) -> None:
    """Write a layer: tiled, zstd, floats with nodata NaN; the same values give the same bytes."""
    predictor = 3 if np.issubdtype(raster.values.dtype, np.floating) else 2
    options: dict[str, Any] = {"compress": "zstd", "predictor": predictor, "tiled": True, "bigtiff": "if_safer"}
    _write(path, raster, driver="GTiff", blockxsize=BLOCK, blockysize=BLOCK, **options)


def write_cog(path: Path, raster: Raster, *, unit: str, title: str) -> None:
    """Write an output: COG with deflate and overviews (mean of quantities, nearest of codes)."""
    resampling = "average" if np.issubdtype(raster.values.dtype, np.floating) else "nearest"
    options: dict[str, Any] = {"compress": "deflate", "predictor": "yes", "overview_resampling": resampling}
    _write(path, raster, unit=unit, title=title, driver="COG", blocksize=BLOCK, bigtiff="if_safer", **options)


def _write(path: Path, raster: Raster, *, unit: str = "", title: str = "", **options: Any) -> None:
    values = raster.values.astype(np.uint8) if raster.values.dtype == np.bool_ else raster.values
    profile = {
        "width": raster.grid.columns,
        "height": raster.grid.rows,
        "count": 1,
        "dtype": values.dtype,
        "crs": "EPSG:28992",
        "transform": Affine(*raster.grid.transform),
        "nodata": float("nan") if np.issubdtype(values.dtype, np.floating) else None,
    }
    # GDAL may only log that the disk is full; so it writes in memory, and Python writes to the disk.
    with MemoryFile() as memory:
        with memory.open(**profile, **options) as dataset:
            dataset.write(values, 1)
            if unit:
                dataset.units = (unit,)
            if title:
                dataset.descriptions = (title,)
        write_bytes(path, memory.getbuffer())


def read_raster(path: Path, grid: Grid) -> Raster:
    """Read a layer back; raises ``StorageError`` when it is broken or lies on another grid."""
    try:
        with rasterio.open(path) as dataset:
            values: npt.NDArray[Any] = dataset.read(1)
            transform = tuple(dataset.transform)[:6]
    except rasterio.errors.RasterioIOError as error:
        raise StorageError(f"the stored raster {path} is broken ({error}); gather the twin again") from error
    if values.shape != grid.shape or not np.allclose(transform, grid.transform):
        raise StorageError(f"the stored raster {path} lies on another grid than the twin; gather the twin again")
    return Raster(grid=grid, values=values)
