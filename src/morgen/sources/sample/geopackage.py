"""GeoPackage that is byte for byte the same each time: no clock in it, and a warning in every layer."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from morgen.sources.sample.frame import GENERATED

if TYPE_CHECKING:
    import geopandas

__all__ = ["append_layers", "seal_geopackage", "write_geopackage"]

LAST_CHANGE = "2024-03-01T10:00:00.000Z"


def write_geopackage(
    path: Path, layers: Mapping[str, "geopandas.GeoDataFrame"], *, types: Mapping[str, str]
) -> Path:
    """Write the layers, each with its geometry type in ``types``, and stamp them with a fixed date."""
    append_layers(path, layers, types=types)
    return seal_geopackage(path)


def append_layers(path: Path, layers: Mapping[str, "geopandas.GeoDataFrame"], *, types: Mapping[str, str]) -> None:
    """Add rows to the layers, which are made where they are not there yet; seal the file when all is in it."""
    import pyogrio

    for name, frame in layers.items():
        pyogrio.write_dataframe(
            frame, path, layer=name, driver="GPKG", geometry_type=types[name], append=path.exists()
        )


def seal_geopackage(path: Path) -> Path:
    """Give every layer a fixed date and the warning."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE gpkg_contents SET last_change = ?, description = ?", (LAST_CHANGE, GENERATED))
        database.commit()
        database.execute("VACUUM")
    return path
