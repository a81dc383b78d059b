"""Reading a stored series of rasters piece by piece, as the whole numbers that were stored."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from morgen.core.errors import StorageError
from morgen.core.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt

    from morgen.services.result import StoredOutput

__all__ = ["StoredSeries"]


@dataclass(frozen=True, eq=False)
class StoredSeries:
    """A series of a run on disk; nothing is read before it is asked for."""

    array: Any
    """zarr array (times, rows, columns) of uint16."""
    grid: Grid
    times: tuple[float, ...]
    """s since the start."""
    scale: float
    """Value of one stored unit: a value is ``scale`` times the stored number."""
    missing: int
    """Stored number of a cell without a value."""

    @classmethod
    def open(cls, output: "StoredOutput") -> Self:
        """Open the series of a run; raises ``StorageError`` when it is missing or broken."""
        import zarr

        try:
            group = zarr.open_group(output.path, mode="r", use_consolidated=False)
            array: Any = group[output.description.name]
            _, rows, columns = array.shape
            frame = [float(part) for part in str(group["spatial_ref"].attrs["GeoTransform"]).split()]
            times = tuple(float(time) for time in group["time"][:])
            attributes = array.attrs
            scale, missing = float(attributes["scale_factor"]), int(attributes["_FillValue"])
        except (OSError, KeyError, ValueError) as error:
            raise StorageError(
                f"the stored series {output.path} is missing or broken ({error}); put it back from a backup,"
                " or run again"
            ) from error
        grid = Grid(xmin=frame[0], ymax=frame[3], cell_size=frame[1], rows=rows, columns=columns)
        return cls(array=array, grid=grid, times=times, scale=scale, missing=missing)

    def frames(self) -> "Iterator[npt.NDArray[np.uint16]]":
        """Yield the stored numbers (rows, columns), one time after the other.

        Chunks hold several times, so that is how many are in memory at once.
        """
        step = self._times_per_chunk
        for first in range(0, len(self.times), step):
            yield from self.array[first : first + step]

    def at(self, row: int, column: int) -> "npt.NDArray[np.float64]":
        """Return the values of one cell in time; NaN where it has none. Reads the chunks of that cell only."""
        import numpy as np

        stored = self.array[:, row, column]
        return np.where(stored == self.missing, np.nan, stored * self.scale)

    @cached_property
    def _times_per_chunk(self) -> int:
        return int(self.array.chunks[0])
