"""The table of contents of the tiles (3D Tiles 1.1), flat for our own viewer and on the ellipsoid for globes."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson

from morgen.core.crs import rdnap_to_etrs89
from morgen.faces.tiles.buildings import BuildingTile, BuildingTiles
from morgen.faces.tiles.placement import Placement

__all__ = ["TilesetFrame", "tileset"]

Floats = npt.NDArray[np.float64]

MARGIN: Final = 0.01
"""m around the content, for the rounding to single precision."""
REGION_MARGIN: Final = 1e-8
"""Radians around the content, about 6 cm: a straight line in RD New is not one in degrees."""
HEIGHT_MARGIN: Final = 0.1


class TilesetFrame(StrEnum):
    """In which frame a tileset places the tiles."""

    RD = "rd"
    """The local scene: RD New + NAP minus the origin of the scene, m."""
    ECEF = "ecef"
    """Geocentric, EPSG:4978."""


def tileset(tiles: BuildingTiles, frame: TilesetFrame, *, version: str = "") -> bytes:
    """Return a tileset.json over the GLBs of ``tiles``; both frames name the same GLBs.

    ``version`` is added to their addresses as ``?v=``, so that they may be kept for ever. Raises ``CrsError``
    when a tile of the frame ``ecef`` lies outside the RDNAPTRANS2018 grids.
    """
    build = _flat_root if frame is TilesetFrame.RD else _globe_root
    query = f"?v={version}" if version else ""
    span = _span(tiles.tiles)
    document = {
        "asset": {"version": "1.1"},
        "geometricError": 2 * span,
        # The error of drawing nothing is the size of what is not drawn; a tile itself is exact.
        "root": {**build(tiles, query), "geometricError": span, "refine": "ADD"},
    }
    return orjson.dumps(document)


def _flat_root(tiles: BuildingTiles, query: str) -> dict[str, Any]:
    placements = [Placement.moved(tiles.frame.to_local(tile.origin)) for tile in tiles.tiles]
    corners = [placed.apply(_corners(tile)) for placed, tile in zip(placements, tiles.tiles, strict=True)]
    points = np.concatenate(corners) if corners else np.zeros((1, 3))
    return {
        "boundingVolume": {"box": _box(points.min(axis=0), points.max(axis=0))},
        "children": [_child(tile, placed, query) for tile, placed in zip(tiles.tiles, placements, strict=True)],
    }


def _globe_root(tiles: BuildingTiles, query: str) -> dict[str, Any]:
    placements = [Placement.on_ellipsoid(tile.origin, tile.lower, tile.upper) for tile in tiles.tiles]
    corners = [_corners(tile) + np.array(tile.origin) for tile in tiles.tiles] or [np.array([tiles.frame.origin])]
    return {
        "boundingVolume": {"region": _region(np.concatenate(corners))},
        "children": [_child(tile, placed, query) for tile, placed in zip(tiles.tiles, placements, strict=True)],
    }


def _child(tile: BuildingTile, placed: Placement, query: str) -> dict[str, Any]:
    return {
        "transform": placed.to_json(),
        "boundingVolume": {"box": _box(np.array(tile.lower) - MARGIN, np.array(tile.upper) + MARGIN)},
        "geometricError": 0,
        "content": {"uri": f"../buildings/{tile.name}.glb{query}"},
    }


def _corners(tile: BuildingTile) -> Floats:
    """Return the eight corners of the box around a tile, from its origin."""
    sides = [(low - MARGIN, high + MARGIN) for low, high in zip(tile.lower, tile.upper, strict=True)]
    return np.stack(np.meshgrid(*sides, indexing="ij"), axis=-1).reshape(-1, 3)


def _box(lower: Floats, upper: Floats) -> list[float]:
    """Return centre and half axes, as 3D Tiles writes a box along the axes."""
    half = np.diag((upper - lower) / 2)
    return [float(value) for value in (*((upper + lower) / 2), *half.ravel())]


def _region(points: Floats) -> list[float]:
    """Return west, south, east, north (radians) and the lowest and highest ellipsoidal height (m)."""
    longitude, latitude, height = rdnap_to_etrs89(*points.T)
    across, up = np.radians(longitude), np.radians(latitude)
    lowest, highest = height.min() - HEIGHT_MARGIN, height.max() + HEIGHT_MARGIN
    sides = (
        across.min() - REGION_MARGIN,
        up.min() - REGION_MARGIN,
        across.max() + REGION_MARGIN,
        up.max() + REGION_MARGIN,
    )
    return [float(value) for value in (*sides, lowest, highest)]


def _span(tiles: Sequence[BuildingTile]) -> float:
    """Return the diagonal of what the tiles hold together, m; never less than that of one metre cube."""
    if not tiles:
        return 1.0
    lower = np.min([np.add(tile.origin, tile.lower) for tile in tiles], axis=0)
    upper = np.max([np.add(tile.origin, tile.upper) for tile in tiles], axis=0)
    return max(float(np.linalg.norm(upper - lower)), 1.0)
