"""The reader ``height-geotiff``: height rasters such as AHN DTM and DSM tiles, read by window."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Bounds, Grid
from morgen.core.situation import Raster
from morgen.core.source import Role, Source
from morgen.sources.contract import Reader, Reading, Recognised
from morgen.sources.heights.crs import height_crs
from morgen.sources.heights.kind import Heights, height_kind, is_missing
from morgen.sources.heights.resample import resample

__all__ = ["reader"]

ID = "height-geotiff"
TAKEN_FOR = "a height raster (GeoTIFF)"
MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""First bytes of TIFF and BigTIFF files."""
WINDOW = 256
"""Edge of the windows by which the kind of heights is told, cells."""
ENOUGH_WINDOWS = 16
"""Windows with data that tell the kind of heights; a 0.5 m sheet of AHN has 1,960."""
NAMES = {Role.TERRAIN: "Ground heights (DTM)", Role.SURFACE: "Surface heights (DSM)"}


def recognise(path: Path) -> Recognised | None:
    """Recognise a single-band floating-point GeoTIFF of heights in RD New; None when it is something else.

    Raises ``UnreadableSourceError`` when it is truncated, in another CRS, rotated, or without any height.
    """
    with path.open("rb") as stream:
        if stream.read(4) not in MAGIC:
            return None
    with _opened(path) as dataset:
        if dataset.count != 1 or dataset.dtypes[0] not in ("float32", "float64"):
            return None
        _require_upright(dataset, path)
        bounds = _bounds(dataset)
        _crs(dataset, path)
        cell_size = float(dataset.res[0])
        kind = height_kind(_samples(dataset, path), cell_size=cell_size, path=path)
        if kind is None:
            return None
    told = ", told by its name" if kind.by_name else ""
    title = f"{NAMES[kind.role]}, GeoTIFF of {cell_size:g} m{told}"
    source = Source(id=str(path), title=title, format=ID, role=kind.role)
    return Recognised(path=path, source=source, bounds=bounds, resolution=cell_size)


def read(recognised: Recognised, grid: Grid) -> Reading:
    """Read the heights that lie in ``grid``, resampled onto it; float32 m NAP, NaN where missing.

    The rules of resampling are those of ``resample``. Raises ``UnreadableSourceError`` with the rows and columns
    where the file broke off.
    """
    path = recognised.path
    with _opened(path) as dataset:
        _require_upright(dataset, path)
        crs = _crs(dataset, path)
        bounds = _bounds(dataset)
        values = resample(
            lambda rows, columns: _window(dataset, path, rows, columns),
            transform=dataset.transform,
            shape=dataset.shape,
            grid=grid,
        )
    count = int(np.isfinite(values).sum())
    return Reading(data=Raster(grid, values), count=count, crs=crs, bounds=bounds)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning, RasterioIOError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            dataset = rasterio.open(path)
    except RasterioIOError as error:
        raise _unreadable(path, "its header cannot be read; fetch or export it again", where=str(error)) from error
    with dataset:
        yield dataset


def _require_upright(dataset: Any, path: Path) -> None:
    transform = dataset.transform
    if transform.is_identity:
        raise _unreadable(path, "it has no place on the map (no geotransform); export it again as GeoTIFF")
    if transform.b or transform.d or transform.a <= 0 or transform.e >= 0:
        raise _unreadable(path, "its rows do not run from west to east, north first; reproject it to EPSG:28992")


def _bounds(dataset: Any) -> Bounds:
    west, south, east, north = dataset.bounds
    return west, south, east, north


def _crs(dataset: Any, path: Path) -> str:
    from pyproj import CRS

    found = CRS.from_wkt(dataset.crs.to_wkt()) if dataset.crs else None
    return height_crs(found, bounds=_bounds(dataset), assumed="EPSG:28992", path=path, taken_for=TAKEN_FOR)


def _samples(dataset: Any, path: Path) -> list[Heights]:
    """Read windows spread over the raster until enough hold data; the last one first, as cut-off files lack it."""
    found: list[Heights] = []
    for row, column in _spread(dataset.height, dataset.width):
        window = _window(
            dataset,
            path,
            slice(row, min(row + WINDOW, dataset.height)),
            slice(column, min(column + WINDOW, dataset.width)),
        )
        if np.isfinite(window).any():
            found.append(window)
        if len(found) == ENOUGH_WINDOWS:
            break
    if not found:
        raise _unreadable(path, "it holds no height at all, only missing cells")
    return found


def _spread(height: int, width: int) -> list[tuple[int, int]]:
    """Order the corners of all windows so that any number of them, counted from the first, lies well spread."""
    corners = [(row, column) for row in range(0, height, WINDOW) for column in range(0, width, WINDOW)]
    golden = 0.618033988749895
    order = np.argsort(np.arange(len(corners)) * golden % 1, kind="stable")
    return [corners[-1], *(corners[index] for index in order if index != len(corners) - 1)]


def _window(dataset: Any, path: Path, rows: slice, columns: slice) -> Heights:
    """Read one window as float32 m NAP with NaN for every form of nodata."""
    from rasterio.errors import RasterioIOError
    from rasterio.windows import Window

    try:
        found = dataset.read(1, window=Window.from_slices(rows, columns), masked=True)
    except RasterioIOError as error:
        where = f"rows {rows.start} to {rows.stop}, columns {columns.start} to {columns.stop}"
        raise _unreadable(path, "it breaks off or is damaged; fetch it again", where=where) from error
    with np.errstate(over="ignore"):  # float64 nodata such as -1.8e308 becomes infinite, which is missing too
        values = np.asarray(found.data).astype(np.float32)
    missing = is_missing(values, dataset.nodata) | np.ma.getmaskarray(found)
    heights: Heights = values * np.float32(dataset.scales[0]) + np.float32(dataset.offsets[0])
    heights[missing] = np.nan
    return heights


def _unreadable(path: Path, problem: str, *, where: str = "") -> UnreadableSourceError:
    return UnreadableSourceError(path, taken_for=TAKEN_FOR, problem=problem, where=where)


reader = Reader(
    id=ID,
    title="height raster as GeoTIFF (AHN DTM or DSM)",
    recognise=recognise,
    read=read,
)
