"""Trees in view, canopy around, and the way to green, from the land cover, the trees and the buildings.

What the rule 3-30-300 asks (Konijnendijk 2023, Journal of Forestry Research 34), as well as these layers tell it.
"""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from morgen.models.access.network import Network

if TYPE_CHECKING:
    import geopandas

__all__ = ["canopy_share", "green_entrances", "green_patches", "trees_in_view"]

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

GREEN_THEME: Final = "begroeidterreindeel"
NOT_PUBLIC: Final = frozenset({"bouwland", "grasland agrarisch", "fruitteelt", "boomteelt"})
"""Fysiek voorkomen of green that is a farmer's; the BGT does not tell who may enter, so the rest counts."""
WOODS: Final = frozenset({"loofbos", "naaldbos", "gemengd bos", "houtwal"})
GAP: Final = 3.0
"""m; a footpath through a park does not cut it in two."""
NARROWEST: Final = 10.0
"""m; a strip narrower than this is a verge, no green to stay in. Our choice."""
STEP: Final = 25.0
"""m between the points of the network from which green can be entered."""
ENTERS: Final = 15.0
"""m from a path to the green that is entered from it."""
CELL: Final = 5.0
"""m; cells in which canopy is counted."""


def green_patches(land_cover: "geopandas.GeoDataFrame", *, smallest: float) -> npt.NDArray[Any]:
    """Return patches of public green of at least ``smallest`` m2, wider than 10 m, as shapely polygons."""
    is_green = (land_cover["theme"] == GREEN_THEME) & ~land_cover["surface"].isin(NOT_PUBLIC)
    shapes = land_cover.geometry.to_numpy()[is_green.to_numpy()]
    if not len(shapes):
        return np.array([], dtype=object)
    closed = shapely.buffer(shapely.union_all(shapely.buffer(shapes, GAP)), -GAP)
    opened = shapely.buffer(shapely.buffer(closed, -NARROWEST / 2), NARROWEST / 2)
    parts = shapely.get_parts(opened)
    return np.asarray(parts[shapely.area(parts) >= smallest], dtype=object)


def green_entrances(network: Network, patches: npt.NDArray[Any]) -> Floats:
    """Return points (n, 2) of the network from which a patch is entered."""
    if not len(patches):
        return np.zeros((0, 2))
    points = np.unique(shapely.get_coordinates(shapely.segmentize(network.lines, STEP)), axis=0)
    near, _ = shapely.STRtree(patches).query(shapely.points(points), predicate="dwithin", distance=ENTERS)
    return np.asarray(points[np.unique(near)])


def trees_in_view(homes: Floats, trees: Floats, buildings: npt.NDArray[Any], *, view: float) -> Whole:
    """Return for each home (n, 2) how many trees (m, 2) stand within ``view`` m with no other building between.

    The building in which a home lies does not stop its view, so windows are taken to be on all sides.
    """
    seen = np.zeros(len(homes), dtype=np.int64)
    if not len(trees) or not len(homes):
        return seen
    near = [
        np.asarray(rows, dtype=np.int64) for rows in np.atleast_1d(cKDTree(trees).query_ball_point(homes, view))
    ]
    home = np.repeat(np.arange(len(homes)), [len(rows) for rows in near])
    tree = np.concatenate(near)
    if len(buildings) and len(home):
        index = shapely.STRtree(buildings)
        sight = shapely.linestrings(np.stack([homes[home], trees[tree]], axis=1))
        line, building = index.query(sight, predicate="intersects")
        inside, own = index.query(shapely.points(homes), predicate="intersects")
        is_own = np.isin(home[line] * len(buildings) + building, inside * len(buildings) + own)
        clear = np.ones(len(home), dtype=bool)
        clear[line[~is_own]] = False
        home = home[clear]
    return np.bincount(home, minlength=len(homes)).astype(np.int64)


def canopy_share(
    places: Floats, trees: Floats, land_cover: "geopandas.GeoDataFrame", *, crown: float, around: float
) -> Floats:
    """Return for each place (n, 2) the share of the ground within ``around`` m that is under canopy.

    A tree of the map has a crown of ``crown`` m across; woods are canopy. Only ground of the land cover counts.
    """
    shapes = land_cover.geometry.to_numpy()
    index = shapely.STRtree(shapes)
    west, south, east, north = shapely.total_bounds(shapes)
    west, east = max(west, places[:, 0].min() - around), min(east, places[:, 0].max() + around)
    south, north = max(south, places[:, 1].min() - around), min(north, places[:, 1].max() + around)
    x, y = np.arange(west + CELL / 2, east, CELL), np.arange(south + CELL / 2, north, CELL)
    cells = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    known, found = index.query(shapely.points(cells), predicate="intersects")
    wooded = land_cover["surface"].isin(WOODS).to_numpy()[found]
    covered = np.zeros(len(cells))
    if len(trees):
        covered = _crowns(cells, trees, crown)
    covered[known[wooded]] = 1.0
    ground = cells[np.unique(known)]
    amount = covered[np.unique(known)]
    if not len(ground):
        return np.zeros(len(places))
    tree = cKDTree(ground)
    near = tree.query_ball_point(places, around)
    return np.array([amount[rows].mean() if rows else 0.0 for rows in near])


def _crowns(cells: Floats, trees: Floats, crown: float) -> Floats:
    """Return the share of each cell under crowns: points of a finer raster that lie within a crown."""
    fine = (np.arange(CELL) + 0.5) - CELL / 2
    offsets = np.stack(np.meshgrid(fine, fine), axis=-1).reshape(-1, 2)
    index = cKDTree(trees)
    reach = crown / 2 + CELL
    near = np.flatnonzero(index.query(cells, distance_upper_bound=reach)[0] <= reach)
    samples = (cells[near, None, :] + offsets[None]).reshape(-1, 2)
    distance = index.query(samples, distance_upper_bound=crown / 2 + 1e-9)[0]
    covered = np.zeros(len(cells))
    under = np.asarray(distance) <= crown / 2
    covered[near] = under.reshape(len(near), -1).mean(axis=1)
    return covered
