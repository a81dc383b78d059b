"""Write the whole sample neighbourhood into a folder."""

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

from morgen.core.errors import InputError, StorageError
from morgen.sources.sample.buildings import Building
from morgen.sources.sample.relief import Ground, make_ground
from morgen.sources.sample.scene import Scene, build_scene
from morgen.sources.sample.surface import make_surface
from morgen.sources.sample.write_area import write_area, write_readme
from morgen.sources.sample.write_bag import write_bag
from morgen.sources.sample.write_bgt import write_bgt
from morgen.sources.sample.write_cityjson import write_cityjson
from morgen.sources.sample.write_heights import write_heights

__all__ = ["write_sample"]


def write_sample(folder: Path, *, seed: int = 7) -> list[Path]:
    """Write a fictitious neighbourhood of 300 x 300 m into ``folder``, in exactly the national file formats.

    The files are an AHN terrain and surface raster (0.5 m, EPSG:28992, m NAP), a BGT and a BAG GeoPackage, a
    3DBAG CityJSONSeq, the area as GeoJSON, and a page that says that all of it is generated. The same seed gives
    the same bytes. The folder appears when everything in it is written. Returns the paths written; raises
    ``InputError`` when the folder already has anything in it, and ``StorageError`` when it cannot be written.
    """
    _require_empty(folder)
    scene = build_scene(seed)
    ground = make_ground(scene, seed)
    buildings = stand_on_ground(scene, ground)
    surface = make_surface(scene, ground, buildings)
    half = folder.with_name(f".{folder.name}.half")
    try:
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        written = [
            write_readme(half),
            write_area(half),
            *write_heights(half, ground, surface),
            write_bgt(half, scene, seed=seed),
            write_bag(half, [*buildings, scene.planned]),
            write_cityjson(half, buildings),
        ]
        half.replace(folder)  # an empty folder of that name may be there
    except _refusals() as error:
        raise _refused(folder, error) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return [folder / path.name for path in written]


def _require_empty(folder: Path) -> None:
    """Refuse to write over anything."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; name a folder that is new or empty to write the sample to")
    if folder.is_dir() and any(folder.iterdir()):
        raise InputError(f"the folder {folder} is not empty; name one that is new or empty to write the sample to")


def _refusals() -> tuple[type[Exception], ...]:
    """Return how the libraries that write GeoPackage and GeoTIFF say that the disk refused."""
    from pyogrio.errors import DataLayerError, DataSourceError
    from rasterio.errors import RasterioIOError

    return OSError, sqlite3.Error, DataLayerError, DataSourceError, RasterioIOError


def _refused(folder: Path, error: Exception) -> StorageError:
    reason = getattr(error, "strerror", None) or "the disk refused"
    return StorageError(
        f"the sample could not be written to {folder} ({reason}); free some space or name another folder"
    )


def stand_on_ground(scene: Scene, ground: Ground) -> tuple[Building, ...]:
    """Give every building the height of its ground; houses of one row share theirs, and so their eaves."""
    heights = {building.number: ground.at(building.footprint) for building in scene.buildings}
    rows: dict[int, list[float]] = {}
    for building in scene.buildings:
        if building.kind == "house":
            rows.setdefault(building.row, []).append(heights[building.number])
    level = {row: round(sum(found) / len(found), 3) for row, found in rows.items()}
    return tuple(
        replace(building, ground=level[building.row] if building.kind == "house" else heights[building.number])
        for building in scene.buildings
    )
