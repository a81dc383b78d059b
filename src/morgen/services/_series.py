"""Series of rasters as Zarr 3: sharded, whole millimetres in uint16, CF. Imported inside functions only."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import zarr
from zarr.codecs import BloscCodec

from morgen.core.errors import UnstableError
from morgen.core.grid import Grid
from morgen.services.disk import storage_guard

__all__ = ["MISSING", "SCALE", "ZarrSeries"]

SCALE = 0.001
MISSING = 65_535
"""Stored value of a cell outside the area; the largest value that can be stored is one less, 65.534."""

CHUNK = 500
"""Cells along the edge of a chunk, the smallest part that can be read."""
CHUNKS_PER_SHARD = 4
"""Chunks along the edge of a shard, which is one file."""
BUFFER_BYTES = 256_000_000
"""Room for the times that are gathered before a shard is written whole."""
MAX_BUFFER_TIMES = 8


class ZarrSeries:
    """One growing series on disk, readable with ``xarray.open_zarr``.

    Dimensions time (s since the start), y and x (cell centres, m RD). Shards are written whole, so times are
    gathered per shard; ``close`` writes the last ones. Raises ``StorageError`` when the disk refuses.
    """

    def __init__(self, path: Path, *, name: str, times: int, grid: Grid, unit: str, title: str) -> None:
        self.path = path
        self.name = name
        self.times = times
        self.grid = grid
        self._times: list[float] = []
        self._buffer: list[npt.NDArray[np.uint16]] = []
        with storage_guard(path.parent):
            self._group = zarr.create_group(
                path, zarr_format=3, attributes={"Conventions": "CF-1.11", "title": title}
            )
            self._values = self._create(unit=unit, title=title)
            self._write_frame()

    def append(self, time: float, values: npt.NDArray[np.float32]) -> None:
        """Add the raster of ``time`` seconds since the start; NaN outside the area.

        Raises ``UnstableError`` naming time and place for values below 0 or above 65.534, which cannot be
        stored, and ``ValueError`` for a wrong shape, too many times, or a time that is not later.
        """
        if values.shape != self.grid.shape:
            raise ValueError(f"{self.name}: values have shape {values.shape}, the grid has {self.grid.shape}")
        if len(self._times) == self.times:
            raise ValueError(f"{self.name}: more than the {self.times} times that were announced")
        if self._times and time <= self._times[-1]:
            raise ValueError(f"{self.name}: time {time} s does not come after {self._times[-1]} s")
        self._buffer.append(self._to_whole(time, values))
        self._times.append(time)
        if len(self._buffer) == self._values.shards[0]:
            self._flush()

    def close(self) -> None:
        """Write what is still gathered; raises ``ValueError`` when fewer times came than announced."""
        if len(self._times) != self.times:
            raise ValueError(f"{self.name}: {len(self._times)} times came, {self.times} were announced")
        self._flush()
        with storage_guard(self.path.parent):
            self._coordinate("time", np.array(self._times), {"units": "s", "long_name": "time since the start"})
            with warnings.catch_warnings():
                # Consolidated metadata is an extension of Zarr 3 that xarray looks for first, and warns without.
                warnings.filterwarnings("ignore", message="Consolidated metadata", category=UserWarning)
                zarr.consolidate_metadata(self.path)

    def _create(self, *, unit: str, title: str) -> Any:
        rows, columns = self.grid.shape
        gathered = max(1, min(self.times, MAX_BUFFER_TIMES, BUFFER_BYTES // (2 * rows * columns)))
        chunks = (gathered, min(rows, CHUNK), min(columns, CHUNK))
        shards = (gathered, *(_shard_edge(size) for size in (rows, columns)))
        return self._group.create_array(
            self.name,
            shape=(self.times, rows, columns),
            dtype="uint16",
            chunks=chunks,
            shards=shards,
            fill_value=MISSING,
            compressors=[BloscCodec(cname="zstd", clevel=5, shuffle="bitshuffle", typesize=2)],
            dimension_names=("time", "y", "x"),
            attributes={
                "scale_factor": SCALE,
                "_FillValue": MISSING,
                "units": unit,
                "long_name": title,
                "grid_mapping": "spatial_ref",
            },
        )

    def _write_frame(self) -> None:
        grid, half = self.grid, self.grid.cell_size / 2
        x = grid.xmin + half + grid.cell_size * np.arange(grid.columns)
        y = grid.ymax - half - grid.cell_size * np.arange(grid.rows)
        for axis, centres in (("x", x), ("y", y)):
            self._coordinate(axis, centres, {"units": "m", "standard_name": f"projection_{axis}_coordinate"})
        mapping = pyproj.CRS("EPSG:28992").to_cf()
        cell = grid.cell_size
        mapping["GeoTransform"] = f"{grid.xmin} {cell} 0 {grid.ymax} 0 {-cell}"  # the order that GDAL reads
        self._group.create_array("spatial_ref", shape=(), dtype="int64", dimension_names=(), attributes=mapping)

    def _coordinate(self, name: str, values: npt.NDArray[Any], attributes: dict[str, str]) -> None:
        shape = values.shape
        array = self._group.create_array(
            name, shape=shape, chunks=shape, dtype="float64", dimension_names=(name,), attributes=attributes
        )
        array[:] = values

    def _to_whole(self, time: float, values: npt.NDArray[np.float32]) -> npt.NDArray[np.uint16]:
        missing = np.isnan(values)
        whole = np.rint(np.where(missing, 0, values) / np.float32(SCALE))
        wrong = (whole < 0) | (whole >= MISSING)
        if wrong.any():
            row, column = np.unravel_index(int(wrong.argmax()), wrong.shape)
            raise UnstableError(self._sentence(time, int(row), int(column), float(values[row, column])))
        stored: npt.NDArray[np.uint16] = np.where(missing, MISSING, whole).astype(np.uint16)
        return stored

    def _sentence(self, time: float, row: int, column: int, value: float) -> str:
        grid = self.grid
        x = grid.xmin + (column + 0.5) * grid.cell_size
        y = grid.ymax - (row + 0.5) * grid.cell_size
        return (
            f"{self.name} is {value:g} at x {x:.1f}, y {y:.1f} after {time:g} s, and only 0 to"
            f" {(MISSING - 1) * SCALE:g} can be true; look at the terrain there, or take a smaller time step"
        )

    def _flush(self) -> None:
        if not self._buffer:
            return
        end = len(self._times)
        with storage_guard(self.path.parent):
            self._values[end - len(self._buffer) : end] = np.stack(self._buffer)
        self._buffer.clear()


def _shard_edge(size: int) -> int:
    chunk = min(size, CHUNK)
    return chunk * min(CHUNKS_PER_SHARD, -(-size // chunk))
