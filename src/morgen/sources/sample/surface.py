"""The surface raster: the ground with roofs, trees and bridge decks on it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely

from morgen.sources.sample.buildings import Building
from morgen.sources.sample.cover import Tree
from morgen.sources.sample.relief import Ground
from morgen.sources.sample.scene import Scene

__all__ = ["DECK_HEIGHT", "make_surface", "stand_on_ground"]

Raster = npt.NDArray[np.float64]

DECK_HEIGHT = 0.75
"""Top of the bridge decks, m NAP."""


def stand_on_ground(buildings: Sequence[Building], ground: Ground) -> tuple[Building, ...]:
    """Give every building the height of its ground; houses of one row share theirs, and so their eaves."""
    heights = {building.number: ground.at(building.footprint) for building in buildings}
    rows: dict[int, list[float]] = {}
    for building in buildings:
        if building.kind == "terraced house":
            rows.setdefault(building.row, []).append(heights[building.number])
    level = {row: round(sum(found) / len(found), 3) for row, found in rows.items()}
    return tuple(
        replace(b, ground=level[b.row] if b.kind == "terraced house" else heights[b.number]) for b in buildings
    )


def make_surface(scene: Scene, ground: Ground, buildings: Sequence[Building]) -> Raster:
    """Return the highest of ground, roof, deck and crown, m NAP; NaN on open water."""
    surface = np.where(ground.water, np.nan, ground.height)
    for deck in scene.decks:
        if deck.cover.theme == "overbruggingsdeel":
            window = ground.window(deck.shape)
            inside = shapely.contains_xy(deck.shape, ground.x[window], ground.y[window])
            surface[window][inside] = DECK_HEIGHT
    for building in buildings:
        _add_roofs(surface, ground, building)
    for tree in scene.trees:
        _add_crown(surface, ground, tree)
    return surface


def _add_roofs(surface: Raster, ground: Ground, building: Building) -> None:
    for wing in building.wings:
        footprint = wing.footprint
        window = ground.window(footprint)
        inside = shapely.contains_xy(footprint, ground.x[window], ground.y[window])
        roof = building.ground + wing.roof_height(ground.x[window][inside], ground.y[window][inside])
        surface[window][inside] = roof


def _add_crown(surface: Raster, ground: Ground, tree: Tree) -> None:
    """Add the upper half of an ellipsoid on a bare trunk."""
    window = ground.window(tree.point.buffer(tree.radius))
    distance = np.hypot(ground.x[window] - tree.x, ground.y[window] - tree.y) / tree.radius
    half = 0.35 * tree.height
    top = ground.at(tree.point.buffer(1.0)) + tree.height - half + half * np.sqrt(np.clip(1 - distance**2, 0, 1))
    inside = distance <= 1
    surface[window][inside] = np.fmax(surface[window], top)[inside]
