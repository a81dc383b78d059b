"""Making the served form of a layer. Imported inside functions only."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import orjson
import shapely

from morgen.services.features.crs import FeatureCrs
from morgen.services.features.table import LayerTable

__all__ = ["id_hash", "write_served"]

Objects = npt.NDArray[np.object_]

_EVERYWHERE = (-np.inf, -np.inf, np.inf, np.inf)
"""Bounds of a feature without geometry: as OGC API Features asks, every box has it."""


def write_served(table: LayerTable, folder: Path, crs: FeatureCrs) -> None:
    """Write the served form of a layer in ``crs`` into an empty folder; ``served.Served`` reads it.

    Raises ``CrsError`` when a feature lies outside the grids of RDNAPTRANS2018, and ``OSError``.
    """
    ids = table.ids()
    encoded = [orjson.dumps(item) for item in ids]
    ends: dict[str, list[int]] = {"features": [0], "shapes": [0]}
    bounds = [np.empty((0, 4))]
    with ExitStack() as stack:
        features = stack.enter_context((folder / "features.json").open("wb"))
        shapes = stack.enter_context((folder / "shapes.wkb").open("wb"))
        for first, geometries, properties in _pieces(table, crs):
            names = encoded[first : first + len(properties)]
            _append(features, _features(names, geometries, properties), ends["features"])
            _append(shapes, [wkb or b"" for wkb in shapely.to_wkb(geometries)], ends["shapes"])
            bounds.append(_bounds(geometries))
    for name, offsets in ends.items():
        np.save(folder / f"{name}.npy", np.array(offsets, dtype=np.int64))
    np.save(folder / "bounds.npy", np.ascontiguousarray(np.concatenate(bounds).T))
    _write_ids(folder, encoded)
    for path in folder.iterdir():
        _bring_to_disk(path)


def id_hash(encoded: bytes) -> int:
    """Return the 64-bit key of an id in its JSON form; two ids may share one."""
    return int.from_bytes(hashlib.blake2b(encoded, digest_size=8).digest(), "little")


def _pieces(table: LayerTable, crs: FeatureCrs) -> Iterator[tuple[int, Objects, list[dict[str, Any]]]]:
    first = 0
    for wkb, properties in table.pieces():
        yield first, _placed(np.array(wkb, dtype=object), crs), properties
        first += len(properties)


def _placed(wkb: Objects, crs: FeatureCrs) -> Objects:
    """Return the shapes flat, in ``crs``, rounded, outer rings anticlockwise (RFC 7946); None for empty ones."""
    shapes = shapely.from_wkb(wkb)
    shapes[shapely.is_empty(shapes)] = None
    moved = shapely.transform(shapes, crs.from_rd)
    turned: Objects = shapely.orient_polygons(moved)
    return turned


def _features(ids: list[bytes], geometries: Objects, properties: list[dict[str, Any]]) -> Iterator[bytes]:
    shapes = shapely.to_geojson(geometries)
    for name, shape, values in zip(ids, shapes, properties, strict=True):
        geometry = shape.encode() if shape else b"null"
        facts = orjson.dumps(values, default=_plain)
        yield b'{"type":"Feature","id":%b,"geometry":%b,"properties":%b},' % (name, geometry, facts)


def _plain(value: Any) -> str:
    """Write what JSON has no form for: dates of other libraries, decimals, durations."""
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def _append(file: BinaryIO, items: Any, ends: list[int]) -> None:
    for item in items:
        file.write(item)
        ends.append(ends[-1] + len(item))


def _bounds(geometries: Objects) -> npt.NDArray[np.float64]:
    found = shapely.bounds(geometries)
    return np.where(np.isnan(found), _EVERYWHERE, found)


def _write_ids(folder: Path, encoded: list[bytes]) -> None:
    hashes = np.array([id_hash(item) for item in encoded], dtype=np.uint64)
    rows = np.argsort(hashes, kind="stable")
    np.save(folder / "id_hashes.npy", hashes[rows])
    np.save(folder / "id_rows.npy", rows.astype(np.int64))


def _bring_to_disk(path: Path) -> None:
    # Without this a power cut may leave files of the right length with nothing in them.
    with path.open("rb") as file:
        os.fsync(file.fileno())
