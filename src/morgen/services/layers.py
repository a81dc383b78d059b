"""The layers of a situation, kept in the object store."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from morgen.core.grid import Grid
from morgen.core.situation import Layer, LayerKind, Raster
from morgen.services.objects import ObjectStore

if TYPE_CHECKING:
    import geopandas

__all__ = ["LayerStore"]


@dataclass(frozen=True)
class LayerStore:
    """Writes and reads layers; equal content gives an equal hash."""

    objects: ObjectStore

    def write_raster_layer(self, values: npt.NDArray[Any], grid: Grid) -> str:
        """Store values of shape (grid.rows, grid.columns) as GeoTIFF; floats mark missing cells with NaN.

        Returns the sha256 of the file. Raises ``StorageError`` when the disk refuses.
        """
        from morgen.services._geotiff import write_tiles

        with self.objects.work_folder() as folder:
            path = folder / "layer.tif"
            write_tiles(path, Raster(grid=grid, values=values))
            return self.objects.put_file(path)

    def write_features_layer(self, frame: "geopandas.GeoDataFrame") -> str:
        """Store features in EPSG:28992 as GeoParquet; the order of the rows counts, the index does not.

        Returns the sha256 of the file. Raises ``StorageError`` when the disk refuses.
        """
        from morgen.services._geoparquet import write_features

        with self.objects.work_folder() as folder:
            path = folder / "layer.parquet"
            write_features(path, frame)
            return self.objects.put_file(path)

    def read(self, layer: Layer, grid: Grid) -> "Raster | geopandas.GeoDataFrame":
        """Read a stored layer (a ``LayerReader``); raises ``StorageError`` when it is missing or broken."""
        path = self.objects.path(layer.sha256)
        if layer.kind is LayerKind.RASTER:
            from morgen.services._geotiff import read_raster

            return read_raster(path, grid)
        from morgen.services._geoparquet import read_features

        return read_features(path)
