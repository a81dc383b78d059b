"""Write the whole sample wijk into a folder, sheet by sheet."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from morgen.core.errors import InputError, StorageError
from morgen.sources.sample.bgt_objects import objects_of
from morgen.sources.sample.facts import write_facts
from morgen.sources.sample.frame import Frame, frame_of
from morgen.sources.sample.geopackage import seal_geopackage
from morgen.sources.sample.plan import PlannedSheet, joined_wijk, plan_sheets, wijk_of_sheet
from morgen.sources.sample.quirks import troubled_objects
from morgen.sources.sample.relief import make_ground
from morgen.sources.sample.scene import build_scene
from morgen.sources.sample.surface import make_surface, stand_on_ground
from morgen.sources.sample.write_area import write_area, write_readme
from morgen.sources.sample.write_bag import append_bag, bag_geopackage
from morgen.sources.sample.write_bgt import append_bgt, bgt_geopackage
from morgen.sources.sample.write_bgt_gml import append_gml, gml_zip, pack_gml
from morgen.sources.sample.write_cityjson import CityJsonWriter
from morgen.sources.sample.write_heights import Heights, open_heights

__all__ = ["write_sample"]

PARTS = "gml.part"
"""Folder in which the CityGML files grow until they are packed."""


def write_sample(
    folder: Path, *, seed: int = 7, km2: float = 1.0, quirks: bool = False, force: bool = False
) -> list[Path]:
    """Write a fictitious wijk of about ``km2`` (0.1 to 25) into ``folder``, in exactly the national file formats.

    The files are AHN rasters of ground and surface (0.5 m and 5 m, EPSG:28992, m NAP), the BGT as CityGML and as
    GeoPackage, a BAG GeoPackage with panden and verblijfsobjecten, a 3DBAG CityJSONSeq, the area as GeoJSON, and a
    page that says that all of it is generated. The same seed and surface give the same bytes. ``quirks`` adds the
    traps that real deliveries have. The folder appears when everything in it is written; with ``force`` it takes
    the place of what was there. Returns the paths written; raises ``InputError`` when the folder already has
    anything in it or ``km2`` is out of range, and ``StorageError`` when it cannot be written.
    """
    frame = frame_of(km2)
    _require_room(folder, force=force)
    half = folder.with_name(f".{folder.name}.half")
    try:
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        _write(half, frame, seed, quirks=quirks)
        written = sorted(path.relative_to(half) for path in half.rglob("*") if path.is_file())
        _put_in_place(half, folder)
    except _refusals() as error:
        raise _refused(folder, error) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return [folder / path for path in written]


def _write(folder: Path, frame: Frame, seed: int, *, quirks: bool) -> None:
    """Write everything, one sheet at a time, so that memory holds one sheet only."""
    write_readme(folder, frame)
    write_area(folder, frame)
    models = CityJsonWriter(folder, frame, quirks=quirks)
    with open_heights(folder, frame, quirks=quirks) as heights:
        parts = []
        for planned in plan_sheets(seed, frame):
            _write_sheet(folder, planned, heights, models, seed, quirks=quirks)
            # Facts need addresses, streets and water of all sheets at once, but no buildings.
            parts.append(replace(wijk_of_sheet(planned, frame, seed), buildings=()))
    models.close()
    pack_gml(folder / PARTS, gml_zip(folder))
    seal_geopackage(bgt_geopackage(folder))
    seal_geopackage(bag_geopackage(folder))
    write_facts(folder, joined_wijk(parts, frame, seed), seed, quirks=quirks)


def _write_sheet(
    folder: Path, planned: PlannedSheet, heights: Heights, models: CityJsonWriter, seed: int, *, quirks: bool
) -> None:
    scene = build_scene(planned, seed)
    ground = make_ground(scene, seed)
    buildings = stand_on_ground(planned.standing, ground)
    heights.write(ground, make_surface(scene, ground, buildings), planned.bounds)
    models.append(buildings)
    objects = list(troubled_objects(objects_of(scene, seed)) if quirks else objects_of(scene, seed))
    append_bgt(folder, objects, quirks=quirks)
    append_gml(folder / PARTS, objects)
    append_bag(folder, planned.buildings, planned.residences, quirks=quirks)


def _require_room(folder: Path, *, force: bool) -> None:
    """Refuse to write over anything, unless forced; a file is never written over."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; name a folder that is new or empty to write the sample to")
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise InputError(
            f"the folder {folder} is not empty; name one that is new or empty, or give --force to replace it"
        )


def _put_in_place(half: Path, folder: Path) -> None:
    """Let the finished folder take its name; what had it before goes when the new one stands."""
    if not (folder.is_dir() and any(folder.iterdir())):
        half.replace(folder)  # an empty folder of that name may be there
        return
    with _aside(folder):
        half.replace(folder)


@contextmanager
def _aside(folder: Path) -> Iterator[None]:
    """Move a folder aside, and take it away afterwards; put it back when its place was not taken."""
    former = folder.with_name(f".{folder.name}.former")
    shutil.rmtree(former, ignore_errors=True)
    folder.replace(former)
    try:
        yield
    except BaseException:
        former.replace(folder)
        raise
    shutil.rmtree(former, ignore_errors=True)


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
