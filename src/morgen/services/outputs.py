"""What a running model writes: COG, Zarr, GeoParquet and JSON, first in a folder of its own, then stored."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from morgen.core.grid import Grid
from morgen.core.model import SeriesWriter
from morgen.core.run import Output
from morgen.core.situation import Raster
from morgen.services.disk import write_bytes
from morgen.services.objects import ObjectStore

if TYPE_CHECKING:
    import geopandas

    from morgen.services._series import ZarrSeries

__all__ = ["OutputWriter"]

_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_RESERVED = {"manifest.json", "result.json"}


@dataclass(frozen=True)
class _Written:
    name: str
    kind: str
    title: str
    unit: str
    path: Path


class OutputWriter:
    """The writing half of a ``RunContext``: files appear in ``folder``; ``store`` makes them permanent.

    Equal values give equal bytes. Every method raises ``StorageError`` when the disk refuses and
    ``ValueError`` for a name that is used twice or is no name.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written: dict[str, _Written] = {}
        self._series: list[ZarrSeries] = []

    def write_raster(self, name: str, values: npt.NDArray[Any], *, grid: Grid, unit: str, title: str) -> None:
        """Write one raster, shape (rows, columns), as a Cloud Optimized GeoTIFF in RD New."""
        from morgen.services._geotiff import write_cog

        path = self._claim(name, "raster", ".tif", title=title, unit=unit)
        write_cog(path, Raster(grid=grid, values=values), unit=unit, title=title)

    def write_series(self, name: str, times: int, *, grid: Grid, unit: str, title: str) -> SeriesWriter:
        """Open a Zarr series for exactly ``times`` rasters; values are stored as whole thousandths."""
        from morgen.services._series import ZarrSeries

        path = self._claim(name, "series", ".zarr", title=title, unit=unit)
        series = ZarrSeries(path, name=name, times=times, grid=grid, unit=unit, title=title)
        self._series.append(series)
        return series

    def write_features(self, name: str, frame: "geopandas.GeoDataFrame", *, title: str) -> None:
        """Write features in EPSG:28992 as GeoParquet."""
        from morgen.services._geoparquet import write_features

        write_features(self._claim(name, "features", ".parquet", title=title), frame)

    def write_json(self, name: str, document: Any, *, title: str) -> None:
        """Write a JSON document; raises ``ValueError`` for NaN and infinity, which JSON does not have."""
        text = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
        write_bytes(self._claim(name, "json", ".json", title=title), f"{text}\n".encode())

    def store(self, objects: ObjectStore) -> tuple[Output, ...]:
        """Finish every series, move all files into the object store and describe them, in order of writing."""
        for series in self._series:
            series.close()
        return tuple(_store(item, objects) for item in self._written.values())

    def _claim(self, name: str, kind: str, suffix: str, *, title: str, unit: str = "") -> Path:
        path = self.folder / (name + suffix)
        if not _NAME.fullmatch(name) or path.name in _RESERVED:
            raise ValueError(f"{name!r} is no name for an output; use a-z, 0-9, - and _, and start with a letter")
        if name in self._written:
            raise ValueError(f"the output {name!r} is written twice; give each output its own name")
        self._written[name] = _Written(name=name, kind=kind, title=title, unit=unit, path=path)
        return path


def _store(item: _Written, objects: ObjectStore) -> Output:
    folder = item.path.is_dir()
    files = [file for file in item.path.rglob("*") if file.is_file()] if folder else [item.path]
    size = sum(file.stat().st_size for file in files)
    sha256 = objects.put_folder(item.path) if folder else objects.put_file(item.path)
    return Output(
        name=item.name,
        kind=item.kind,
        title=item.title,
        unit=item.unit,
        filename=item.path.name,
        sha256=sha256,
        size=size,
    )
