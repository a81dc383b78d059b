"""Bytes for a 3D viewer: buildings as 3D Tiles, decks as glTF, terrain and water as grids, ground as pictures.

Functions take a ``Situation`` or a ``RunResult`` and return bytes or JSON; nothing here knows of HTTP. The
layouts are in ``docs/formats.md``.
"""

from morgen.faces.tiles.buildings import BuildingTile, BuildingTiles, building_tiles
from morgen.faces.tiles.decks import decks_glb
from morgen.faces.tiles.frame import SceneFrame
from morgen.faces.tiles.grids import GridContainer, depth_grid, grid_stride, read_grid, terrain_grid
from morgen.faces.tiles.ground import ground_legend, ground_picture, water_mask
from morgen.faces.tiles.scene import RESOURCES, scene_document, scene_version, waiting_document
from morgen.faces.tiles.tileset import TilesetFrame, tileset
from morgen.faces.tiles.trees import trees_document

__all__ = [
    "RESOURCES",
    "BuildingTile",
    "BuildingTiles",
    "GridContainer",
    "SceneFrame",
    "TilesetFrame",
    "building_tiles",
    "decks_glb",
    "depth_grid",
    "grid_stride",
    "ground_legend",
    "ground_picture",
    "read_grid",
    "scene_document",
    "scene_version",
    "terrain_grid",
    "tileset",
    "trees_document",
    "waiting_document",
    "water_mask",
]
