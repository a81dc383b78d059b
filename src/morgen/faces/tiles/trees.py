"""The trees of a situation, with the height that the surface raster shows."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson
import shapely

from morgen.core.situation import Situation
from morgen.faces.tiles.frame import SceneFrame
from morgen.faces.tiles.heights import Heights

__all__ = ["trees_document"]

CROWN: Final = 2.0
"""m around the trunk in which the top is looked for."""
SHORTEST, TALLEST = 3.0, 25.0
"""m; what is lower or higher is measured beside the tree, or a crane."""
USUAL: Final = 8.0
"""m; where the surface is unknown."""


def trees_document(situation: Situation) -> bytes:
    """Return ``{"trees": [[x, y, z, height], ...]}``: local coordinates, z on the ground, metres.

    Trees without ground under them, and points that lie in a building, are left out. Raises ``MissingLayerError``
    when the layer is missing.
    """
    frame, heights = SceneFrame.of(situation.grid), Heights.of(situation)
    points = shapely.get_coordinates(situation.features("trees").geometry.to_numpy())
    ground = heights.terrain_at(points)
    standing = np.isfinite(ground) & ~_in_building(points, situation)
    points, ground = points[standing], ground[standing]
    tall = np.nan_to_num(heights.surface_near(points, CROWN) - ground, nan=USUAL)
    rows = np.column_stack([frame.to_local(points), ground, np.clip(tall, SHORTEST, TALLEST)])
    return orjson.dumps({"trees": [[round(value, 2) for value in row] for row in rows.tolist()]})


def _in_building(points: npt.NDArray[np.float64], situation: Situation) -> npt.NDArray[Any]:
    inside = np.zeros(len(points), dtype=np.bool_)
    if situation.has("buildings") and len(points):
        tree = shapely.STRtree(situation.features("buildings").geometry.to_numpy())
        found, _ = tree.query(shapely.points(points), predicate="intersects")
        inside[found] = True
    return inside
