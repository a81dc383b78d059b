"""Terrain and water depth as a grid container: a short header in JSON and whole numbers, for a viewer.

The layout is in ``docs/formats.md``. Every ``stride``-th cell is taken as it is, so that a value in the container
is a value of the model; the numbers are rounded (terrain to a millimetre, depth on a quadratic scale), so exact
values are asked for by point.
"""

import math
import struct
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson

from morgen.core.errors import InputError
from morgen.core.grid import Grid
from morgen.core.situation import Situation
from morgen.services.result import RunResult
from morgen.services.series import StoredSeries

__all__ = ["GridContainer", "depth_grid", "grid_stride", "read_grid", "terrain_grid"]

MAGIC: Final = b"MGRD"
PREFIX: Final = 8
"""Bytes before the header; the payload starts on a multiple of this."""
LARGEST: Final = 512
"""Rows and columns that a viewer gets at most, unless it asks for more."""

HEIGHT_STEP: Final = 0.001
"""m; used unless the terrain spans more than 65 m."""
NO_HEIGHT: Final = 65_535
DEEPEST: Final = 254
"""Whole number that stands for the greatest depth."""
NO_DEPTH: Final = 255


@dataclass(frozen=True, eq=False)
class GridContainer:
    """A container that was read back."""

    header: dict[str, Any]
    stored: npt.NDArray[Any]
    """Whole numbers: (rows, columns) for terrain, (times, rows, columns) for depth."""

    @property
    def values(self) -> npt.NDArray[np.float64]:
        """Heights (m NAP) or depths (m); NaN where there is none."""
        numbers = self.stored.astype(np.float64)
        if self.header["kind"] == "terrain":
            decoded = self.header["offset"] + self.header["scale"] * numbers
        else:
            decoded = self.header["maximum"] * (numbers / DEEPEST) ** 2
        return np.where(self.stored == self.header["nodata"], np.nan, decoded)


def grid_stride(grid: Grid, stride: int | None = None) -> int:
    """Return ``stride``, or else the smallest one that leaves at most 512 rows and columns.

    Raises ``InputError`` for a stride that leaves nothing.
    """
    longest = max(grid.shape)
    if stride is None:
        return -(-longest // LARGEST)
    if not 1 <= stride <= longest:
        raise InputError(
            f"a stride of {stride} is not allowed; give a whole number from 1, every cell, to {longest}, the"
            " number of cells along the grid"
        )
    return stride


def terrain_grid(situation: Situation, *, stride: int | None = None) -> bytes:
    """Return the terrain of a situation as a container.

    Raises ``MissingLayerError`` without terrain, ``InputError`` for a stride that is not allowed.
    """
    step = grid_stride(situation.grid, stride)
    heights = situation.raster("terrain").values[::step, ::step].astype(np.float64)
    known = np.isfinite(heights)
    lowest = float(heights[known].min()) if known.any() else 0.0
    highest = float(heights[known].max()) if known.any() else 0.0
    offset = math.floor(lowest)
    scale = max(HEIGHT_STEP, (highest - offset) / (NO_HEIGHT - 1))
    stored = np.full(heights.shape, NO_HEIGHT, dtype="<u2")
    stored[known] = np.rint((heights[known] - offset) / scale)
    header = {
        **_header("terrain", situation.grid, step),
        "dtype": "uint16",
        "offset": float(offset),
        "scale": scale,
        "nodata": NO_HEIGHT,
        "unit": "m NAP",
    }
    return _container(header, stored.tobytes())


def depth_grid(result: RunResult, *, stride: int | None = None) -> bytes:
    """Return the depths of a run in time as a container.

    The series is read twice, a few times at once: for the greatest depth, and to write each number. Raises
    ``NotFoundError`` when the run has no depths, ``InputError`` for a stride that is not allowed.
    """
    series = StoredSeries.open(result.output("depth"))
    step = grid_stride(series.grid, stride)
    deepest = max((_deepest(frame[::step, ::step], series.missing) for frame in series.frames()), default=0)
    codes = _depth_codes(max(deepest, 1), series.missing)
    header = {
        **_header("depth", series.grid, step),
        "run": result.id,
        "times": list(series.times),
        "dtype": "uint8",
        "encoding": "sqrt",
        "maximum": max(deepest, 1) * series.scale,
        "nodata": NO_DEPTH,
        "unit": "m",
    }
    return _container(header, *(codes[frame[::step, ::step]].tobytes() for frame in series.frames()))


def read_grid(data: bytes) -> GridContainer:
    """Read a container back; raises ``InputError`` when it is none, or is cut off."""
    if data[:4] != MAGIC or len(data) < PREFIX:
        raise InputError(f"these {len(data)} bytes are no grid container: one begins with {MAGIC.decode()}")
    (length,) = struct.unpack_from("<I", data, 4)
    try:
        header = orjson.loads(data[PREFIX : PREFIX + length])
        frames = [len(header["times"])] if header["kind"] == "depth" else []
        shape = (*frames, header["rows"], header["columns"])
        kind = np.dtype(header["dtype"]).newbyteorder("<")
        stored = np.frombuffer(data, dtype=kind, offset=PREFIX + length).reshape(shape)
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"the grid container of {len(data)} bytes is broken: {error}; fetch it again") from error
    return GridContainer(header, stored)


def _header(kind: str, grid: Grid, step: int) -> dict[str, Any]:
    rows, columns = (-(-size // step) for size in grid.shape)
    # The first sample lies at the centre of the first cell, so that its own cell sticks out.
    overhang = (step - 1) / 2 * grid.cell_size
    return {
        "version": 1,
        "kind": kind,
        "rows": rows,
        "columns": columns,
        "cellSize": grid.cell_size * step,
        "west": grid.xmin - overhang,
        "north": grid.ymax + overhang,
        "stride": step,
    }


def _deepest(stored: npt.NDArray[np.uint16], missing: int) -> int:
    return int(np.where(stored == missing, 0, stored).max(initial=0))


def _depth_codes(deepest: int, missing: int) -> npt.NDArray[np.uint8]:
    """Return the code of every number that can be stored: the nearest of the 255 depths that can be written."""
    levels = deepest * (np.arange(DEEPEST + 1) / DEEPEST) ** 2
    halfway = (levels[1:] + levels[:-1]) / 2
    codes = np.searchsorted(halfway, np.arange(1 << 16)).astype(np.uint8)
    codes[missing] = NO_DEPTH
    return codes


def _container(header: dict[str, Any], *payload: bytes) -> bytes:
    text = orjson.dumps(header)
    text += b" " * (-(PREFIX + len(text)) % PREFIX)
    return b"".join([MAGIC, struct.pack("<I", len(text)), text, *payload])
