"""The reader ``height-points``: classified point clouds as LAS or LAZ, such as AHN, read in chunks."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Bounds, Grid
from morgen.core.source import Role, Source
from morgen.sources.contract import PointCloud, Reader, Reading, Recognised
from morgen.sources.heights.crs import height_crs

__all__ = ["reader"]

ID = "height-points"
TAKEN_FOR = "a height point cloud (LAS/LAZ)"
MAGIC = b"LASF"
CHUNK = 1_000_000
"""Points that are held in memory at a time."""
OLDEST, NEWEST = (1, 2), (1, 4)
"""Versions of LAS that are read."""
COMPRESSED = 0x80
"""Bit of the point format that LAZ sets."""
OFFSET_TO_POINTS, POINT_FORMAT = 96, 104
"""Places in every LAS header: start of the point data; point format and record length."""


def recognise(path: Path) -> Recognised | None:
    """Recognise a LAS or LAZ file by its signature; None when it is something else.

    Raises ``UnreadableSourceError`` when it is truncated, of an unknown version, without points, or not in RD.
    """
    with path.open("rb") as stream:
        if stream.read(4) != MAGIC:
            return None
    _require_whole(path)
    with _opened(path) as cloud:
        header = cloud.header
        version = (header.version.major, header.version.minor)
        if not OLDEST <= version <= NEWEST:
            raise _unreadable(path, f"it is LAS {version[0]}.{version[1]}; Morgen reads LAS 1.2 to 1.4")
        if not header.point_count:
            raise _unreadable(path, "it holds no points; fetch it again")
        _crs(header, path)
        bounds = _bounds(header)
        form = "LAZ" if header.are_points_compressed else "LAS"
    title = f"Height points, {form} {version[0]}.{version[1]}"
    source = Source(id=str(path), title=title, format=ID, role=Role.HEIGHT_POINTS)
    return Recognised(path=path, source=source, bounds=bounds)


def read(recognised: Recognised, grid: Grid) -> Reading:
    """Read the points that lie in the box of ``grid`` as a ``PointCloud``; withheld points are left out.

    Raises ``UnreadableSourceError`` with the number of the point where the file broke off.
    """
    path = recognised.path
    with _opened(path) as cloud:
        crs = _crs(cloud.header, path)
        bounds = _bounds(cloud.header)
        made = cloud.header.creation_date
        parts = [_inside(chunk, grid.bounds) for chunk in _chunks(cloud, path)]
    data = PointCloud(
        x=np.concatenate([part.x for part in parts]),
        y=np.concatenate([part.y for part in parts]),
        z=np.concatenate([part.z for part in parts]),
        classification=np.concatenate([part.classification for part in parts]),
    )
    date = made.isoformat() if made else ""
    return Reading(data=data, count=data.x.size, crs=crs, bounds=bounds, data_date=date)


def _inside(chunk: Any, box: Bounds) -> PointCloud:
    """Take the points of a chunk inside the box; west and south edge included, so that boxes share no point."""
    x, y = np.asarray(chunk.x), np.asarray(chunk.y)
    west, south, east, north = box
    keep = (x >= west) & (x < east) & (y >= south) & (y < north) & ~np.asarray(chunk.withheld, dtype=bool)
    z = np.asarray(chunk.z)[keep]
    classification = np.asarray(chunk.classification).astype(np.uint8)[keep]
    return PointCloud(x=x[keep], y=y[keep], z=z, classification=classification)


def _chunks(cloud: Any, path: Path) -> Iterator[Any]:
    read_points = 0
    total = cloud.header.point_count
    while read_points < total:
        try:
            chunk = cloud.read_points(min(CHUNK, total - read_points))
        except _library_errors() as error:
            where = f"after point {read_points:,} of {total:,}"
            raise _unreadable(path, "it breaks off or is damaged; fetch it again", where=where) from error
        if not len(chunk):
            where = f"after point {read_points:,} of {total:,}"
            raise _unreadable(path, "it breaks off; fetch it again", where=where)
        read_points += len(chunk)
        yield chunk


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import laspy

    try:
        cloud = laspy.open(path)
    except _library_errors() as error:
        raise _unreadable(path, "its header cannot be read; fetch it again", where=str(error)) from error
    with cloud:
        yield cloud


def _library_errors() -> tuple[type[Exception], ...]:
    """Name what laspy and lazrs raise for damaged files."""
    from laspy.errors import LaspyException
    from lazrs import LazrsError  # type: ignore[import-untyped]

    return LaspyException, LazrsError, struct.error, EOFError, OSError, ValueError


def _require_whole(path: Path) -> None:
    """Find a cut-off file without reading its points: LAS by its size, LAZ by its chunk table, which is last."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(375)
        try:
            (start,) = struct.unpack_from("<I", head, OFFSET_TO_POINTS)
            point_format, length, count = struct.unpack_from("<BHI", head, POINT_FORMAT)
            if point_format & COMPRESSED:
                stream.seek(start)
                (end,) = struct.unpack("<q", stream.read(8))
                end = max(end + 1, start + 8)  # -1: written as a stream, the place is in the last bytes
            else:
                end = start + length * count
        except struct.error as error:
            raise _unreadable(
                path, "it breaks off in its header; fetch it again", where=f"{size} bytes"
            ) from error
    if end > size:
        where = f"it has {size:,} bytes, its points need {end:,}"
        raise _unreadable(path, "it breaks off; fetch it again", where=where)


def _bounds(header: Any) -> Bounds:
    return float(header.mins[0]), float(header.mins[1]), float(header.maxs[0]), float(header.maxs[1])


def _crs(header: Any, path: Path) -> str:
    from pyproj.exceptions import CRSError

    try:
        found = header.parse_crs()
    except CRSError as error:
        raise _unreadable(path, "its CRS record cannot be understood", where=str(error)) from error
    return height_crs(found, bounds=_bounds(header), assumed="EPSG:7415", path=path, taken_for=TAKEN_FOR)


def _unreadable(path: Path, problem: str, *, where: str = "") -> UnreadableSourceError:
    return UnreadableSourceError(path, taken_for=TAKEN_FOR, problem=problem, where=where)


reader = Reader(
    id=ID,
    title="height points as LAS or LAZ (AHN)",
    recognise=recognise,
    read=read,
)
