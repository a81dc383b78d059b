"""Whether vehicles that bring help still reach a place: over dry roads, from the end of the terrain."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.situation import Situation
from morgen.models.flood.effects import is_carriageway
from morgen.models.flood.fields import FloodFields, burn

if TYPE_CHECKING:
    import geopandas

__all__ = ["RESCUE_SOURCE", "Rescue", "find_rescue"]

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float32]

WIDE: Final = 3.0
"""m of passable road that a fire engine needs side by side; indicative."""
NEAR: Final = 40.0
"""m from a building to where a vehicle stands; indicative, after the 40 m that Dutch building rules allow."""
RESCUE_SOURCE: Final = (
    "3 m of road side by side and 40 m on foot are indicative (40 m: Dutch building rules for the fire brigade,"
    " from general knowledge)"
)
EIGHT_CONNECTED: Final = np.ones((3, 3), dtype=bool)


@dataclass(frozen=True, eq=False)
class Rescue:
    """Where vehicles drive and from where they reach places; arrays of shape (rows, columns)."""

    roads: BoolArray
    """Cells on which vehicles drive."""
    bridges: BoolArray
    """Those of them on a bridge, which is dry."""
    outside: BoolArray
    """Cells at the end of the terrain, where help comes from."""
    stands: tuple[npt.NDArray[np.int64], ...]
    """Per place the flat indices of the road cells near it."""
    width: int
    """Cells of road side by side that a vehicle needs."""

    def cut_off(self, max_depth: FloatArray, *, limit: float) -> BoolArray:
        """Return per place whether roads reach it when dry, but not without water deeper than ``limit`` (m).

        A place that no road of the area reaches when dry is not cut off by the water, so it does not count.
        """
        passable = self.bridges | ~(np.nan_to_num(max_depth) > np.float32(limit))
        return self._reached(self.roads) & ~self._reached(self.roads & passable)

    def _reached(self, roads: BoolArray) -> BoolArray:
        from scipy.ndimage import binary_opening, label

        wide = binary_opening(roads, structure=np.ones((self.width, self.width), dtype=bool))
        labels, _count = label(wide, structure=EIGHT_CONNECTED)
        linked = np.isin(labels, np.unique(labels[self.outside & wide])) & wide
        return np.array([bool(linked.ravel()[cells].any()) for cells in self.stands], dtype=bool)


def find_rescue(situation: Situation, fields: FloodFields, places: Sequence[Any]) -> Rescue:
    """Lay the carriageways and bridges of ``situation`` on its grid, and find those near each place (geometry)."""
    from scipy.ndimage import binary_erosion

    free = fields.domain & ~fields.roofed
    bridges = _bridges(situation, fields)
    roads = (free & _carriageways(situation.features("land_cover"), fields)) | bridges
    return Rescue(
        roads=roads,
        bridges=bridges,
        outside=fields.domain & ~binary_erosion(fields.domain, structure=EIGHT_CONNECTED),
        stands=_stands(roads, fields, places),
        width=max(1, round(WIDE / fields.grid.cell_size)),
    )


def _carriageways(cover: "geopandas.GeoDataFrame", fields: FloodFields) -> BoolArray:
    parts = cover[cover["theme"] == "wegdeel"]
    return burn(parts.geometry[is_carriageway(parts["function"])], fields.grid) > 0


def _bridges(situation: Situation, fields: FloodFields) -> BoolArray:
    if not situation.has("decks"):
        return np.zeros(fields.grid.shape, dtype=bool)
    decks = situation.features("decks")
    road = (decks["theme"] == "wegdeel") & is_carriageway(decks["function"])
    bridges: BoolArray = fields.domain & (burn(decks.geometry[road & (decks["level"] > 0)], fields.grid) > 0)
    return bridges


def _stands(roads: BoolArray, fields: FloodFields, places: Sequence[Any]) -> tuple[npt.NDArray[np.int64], ...]:
    import shapely

    grid = fields.grid
    rows, columns = np.nonzero(roads)
    x, y = grid.xmin + (columns + 0.5) * grid.cell_size, grid.ymax - (rows + 0.5) * grid.cell_size
    points: Any = shapely.points(x, y)
    tree = shapely.STRtree(points)
    flat = rows * roads.shape[1] + columns
    return tuple(flat[tree.query(place, predicate="dwithin", distance=NEAR)] for place in places)
