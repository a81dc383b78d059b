"""AHN: the ground (M_) and the surface (R_) as Cloud Optimized GeoTIFF of 0.5 m."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from morgen.sources.sample.frame import GENERATED, GRID, MAP_SHEET, NODATA, SURVEYED
from morgen.sources.sample.relief import Ground

__all__ = ["write_heights"]


def write_heights(folder: Path, ground: Ground, surface: npt.NDArray[np.float64]) -> list[Path]:
    """Write ``M_99XX1.tif``, with holes under buildings and water, and ``R_99XX1.tif``, with holes on water."""
    terrain = np.where(ground.pand | ground.water, np.nan, ground.height)
    return [
        _write(folder / f"M_{MAP_SHEET}.tif", terrain, "DTM 0,5 m (maaiveld)"),
        _write(folder / f"R_{MAP_SHEET}.tif", surface, "DSM 0,5 m (ruw)"),
    ]


def _write(path: Path, height: npt.NDArray[np.float64], title: str) -> Path:
    import rasterio

    values = np.where(np.isnan(height), NODATA, np.round(height, 3)).astype(np.float32)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=GRID.columns,
        height=GRID.rows,
        count=1,
        dtype="float32",
        crs="EPSG:28992",
        transform=rasterio.Affine(*GRID.transform),
        nodata=NODATA,
        tiled=True,
        blockxsize=256,
        blockysize=256,
        compress="deflate",
        predictor=3,
    ) as raster:
        raster.write(values, 1)
        raster.update_tags(
            TIFFTAG_IMAGEDESCRIPTION=f"{title}. {GENERATED}", TIFFTAG_DATETIME=f"{SURVEYED}:03:01 00:00:00"
        )
    return path
