"""From heights as they were measured to the terrain of an area: gridding points, joining tiles, filling holes."""

from morgen.sources.heights.filling import Filled, fill_terrain
from morgen.sources.heights.gridding import grid_points, join_points, water_points
from morgen.sources.heights.mosaic import Tile, mosaic

__all__ = ["Filled", "Tile", "fill_terrain", "grid_points", "join_points", "mosaic", "water_points"]
