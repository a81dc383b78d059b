"""The surface raster: the ground with roofs, trees and bridge decks on it."""

import numpy as np
import numpy.typing as npt
import shapely

from morgen.sources.sample.buildings import Building
from morgen.sources.sample.cover import Tree
from morgen.sources.sample.frame import CELL, GRID
from morgen.sources.sample.relief import Ground
from morgen.sources.sample.scene import Scene

__all__ = ["DECK_HEIGHT", "make_surface"]

Raster = npt.NDArray[np.float64]

DECK_HEIGHT = 0.70
"""Top of the bridge decks, m NAP."""


def make_surface(scene: Scene, ground: Ground, buildings: tuple[Building, ...]) -> Raster:
    """Return the highest of ground, roof, deck and crown, m NAP; NaN on open water."""
    surface = np.where(ground.water, np.nan, ground.height)
    for deck in scene.decks:
        if deck.cover.theme == "overbruggingsdeel":
            window, inside = _window(ground, deck.shape)
            surface[window][inside] = DECK_HEIGHT
    for building in buildings:
        _add_roofs(surface, ground, building)
    for tree in scene.trees:
        _add_crown(surface, ground, tree)
    return surface


def _window(ground: Ground, shape: shapely.Polygon) -> tuple[tuple[slice, slice], npt.NDArray[np.bool_]]:
    """Return the rows and columns around a shape, and which of those cells lie in it."""
    xmin, ymin, xmax, ymax = shape.bounds
    rows = slice(max(int((GRID.ymax - ymax) / CELL), 0), max(int((GRID.ymax - ymin) / CELL) + 1, 0))
    columns = slice(max(int((xmin - GRID.xmin) / CELL), 0), max(int((xmax - GRID.xmin) / CELL) + 1, 0))
    window = rows, columns
    return window, shapely.contains_xy(shape, ground.x[window], ground.y[window])


def _add_roofs(surface: Raster, ground: Ground, building: Building) -> None:
    for wing in building.wings:
        window, inside = _window(ground, wing.footprint)
        roof = building.ground + wing.roof_height(ground.x[window][inside], ground.y[window][inside])
        surface[window][inside] = roof


def _add_crown(surface: Raster, ground: Ground, tree: Tree) -> None:
    """Add the upper half of an ellipsoid on a bare trunk."""
    window, inside = _window(ground, tree.point.buffer(tree.radius))
    distance = np.hypot(ground.x[window] - tree.x, ground.y[window] - tree.y) / tree.radius
    half = 0.35 * tree.height
    top = ground.at(tree.point.buffer(1.0)) + tree.height - half + half * np.sqrt(np.clip(1 - distance**2, 0, 1))
    surface[window][inside] = np.fmax(surface[window], top)[inside]
