"""Reading the served form of a layer: slices of files that the system keeps in memory as long as it likes."""

import mmap
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from morgen.core.grid import Bounds

__all__ = ["BrokenFormError", "Served"]

Rows = npt.NDArray[np.int64]


class BrokenFormError(Exception):
    """The served form is not whole; it can be thrown away and made again."""


@dataclass(frozen=True, eq=False)
class Served:
    """A layer in one CRS as GeoJSON: every feature, in the order of the layer, ready to be sent."""

    features: bytes | mmap.mmap
    """Features as JSON, each followed by a comma."""
    offsets: Rows
    """Where each feature starts (n + 1)."""
    shapes: bytes | mmap.mmap
    """The same geometries as WKB, one after another; nothing for a feature without geometry."""
    shape_offsets: Rows
    bounds: npt.NDArray[np.float64]
    """xmin, ymin, xmax, ymax of each feature (4, n), infinite for one without geometry."""
    id_hashes: npt.NDArray[np.uint64]
    """Hashes of the ids, ascending."""
    id_rows: Rows
    """The row that each hash belongs to."""

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open what ``prepare.write_served`` wrote; raises ``BrokenFormError`` when it is not whole."""
        try:
            served = cls(
                features=_bytes(folder / "features.json"),
                offsets=_array(folder / "features.npy"),
                shapes=_bytes(folder / "shapes.wkb"),
                shape_offsets=_array(folder / "shapes.npy"),
                bounds=_array(folder / "bounds.npy"),
                id_hashes=_array(folder / "id_hashes.npy"),
                id_rows=_array(folder / "id_rows.npy"),
            )
        except (OSError, ValueError, EOFError) as error:
            raise BrokenFormError(str(error)) from error
        served._check()
        return served

    def _check(self) -> None:
        whole = len(self.features) == self.offsets[-1] and len(self.shapes) == self.shape_offsets[-1]
        lengths = {self.count, len(self.shape_offsets) - 1, self.bounds.shape[1], len(self.id_hashes)}
        if not whole or len({*lengths, len(self.id_rows)}) > 1:
            raise BrokenFormError("its files are of different lengths")

    @cached_property
    def count(self) -> int:
        """Number of features."""
        return len(self.offsets) - 1

    def span(self, first: int, last: int) -> bytes:
        """Return the features of rows ``first`` up to, not with, ``last``, separated by commas."""
        if first >= last:
            return b""
        return bytes(self.features[int(self.offsets[first]) : int(self.offsets[last]) - 1])

    def pick(self, rows: Rows) -> bytes:
        """Return the features of these rows, separated by commas; neighbours go in one piece."""
        if not len(rows):
            return b""
        last_of_piece = np.append(np.diff(rows) != 1, True)
        first_of_piece = np.roll(last_of_piece, 1)
        starts = self.offsets[rows[first_of_piece]].tolist()
        ends = (self.offsets[rows[last_of_piece] + 1] - 1).tolist()
        return b",".join([self.features[start:end] for start, end in zip(starts, ends, strict=True)])

    def row(self, feature_id: str) -> int | None:
        """Return the row of the feature with this id, or None."""
        import orjson

        from morgen.services.features.prepare import id_hash

        encoded = orjson.dumps(feature_id)
        key = np.uint64(id_hash(encoded))
        first, last = (int(np.searchsorted(self.id_hashes, key, side=side)) for side in ("left", "right"))
        head = b'{"type":"Feature","id":%b,' % encoded
        for row in self.id_rows[first:last].tolist():
            start = int(self.offsets[row])
            if self.features[start : start + len(head)] == head:
                return int(row)
        return None

    def in_box(self, box: Bounds) -> Rows:
        """Return the rows, ascending, whose geometry has a point in common with the box, its edge included.

        Bounds decide where they can; only for those that cross the edge the geometry itself is asked. Features
        without geometry are in every box (OGC API Features, requirement fc-bbox-response).
        """
        xmin, ymin, xmax, ymax = box
        west, south, east, north = self.bounds
        rows = np.flatnonzero((west <= xmax) & (east >= xmin) & (south <= ymax) & (north >= ymin))
        west, south, east, north = self.bounds[:, rows]
        crossing = ~((west >= xmin) & (east <= xmax) & (south >= ymin) & (north <= ymax))
        keep = np.ones(len(rows), dtype=bool)
        keep[crossing] = self._meets(rows[crossing], box)
        return rows[keep]

    def _meets(self, rows: Rows, box: Bounds) -> npt.NDArray[np.bool_]:
        import shapely

        if not len(rows):
            return np.zeros(0, dtype=bool)
        starts, ends = self.shape_offsets[rows].tolist(), self.shape_offsets[rows + 1].tolist()
        wkb = [self.shapes[start:end] or None for start, end in zip(starts, ends, strict=True)]
        shapes = shapely.from_wkb(np.array(wkb, dtype=object))
        met: npt.NDArray[np.bool_] = shapely.intersects(_shape(box), shapes) | shapely.is_missing(shapes)
        return met


def _shape(box: Bounds) -> Any:
    """Return the box as a geometry; without width or height it is a line or a point, not a polygon."""
    import shapely

    xmin, ymin, xmax, ymax = box
    if xmin == xmax and ymin == ymax:
        shape: Any = shapely.Point(xmin, ymin)
    elif xmin == xmax or ymin == ymax:
        shape = shapely.LineString([(xmin, ymin), (xmax, ymax)])
    else:
        shape = shapely.box(xmin, ymin, xmax, ymax)
    shapely.prepare(shape)
    return shape


def _bytes(path: Path) -> bytes | mmap.mmap:
    if not path.stat().st_size:
        return b""  # an empty file cannot be mapped
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _array(path: Path) -> npt.NDArray[Any]:
    mapped = np.load(path, mmap_mode="r") if path.stat().st_size > _HEADER else np.load(path)
    return np.asarray(mapped)


_HEADER = 128
"""Size of an array file without any values, which cannot be mapped."""
