"""The ground as a partition: which object of the BGT lies where, once, at ground level.

The rule of the BGT is that its surfaces at level 0 ('opdelende objecten') neither overlap nor leave gaps.
Deliveries do not always keep it, so ``partition_quality`` measures that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from morgen.sources.bgt.themes import THEME_TITLES, ThemeTitle
from morgen.sources.contract import TOPOGRAPHY_COLUMNS

if TYPE_CHECKING:
    import geopandas

__all__ = [
    "PARTITION_THEMES",
    "SLIT_WIDTH",
    "THEME_TITLES",
    "Overlap",
    "PartitionQuality",
    "ThemeTitle",
    "decks",
    "merge_topography",
    "partition",
    "partition_quality",
    "trees",
]


PARTITION_THEMES: frozenset[str] = frozenset(
    {
        *("wegdeel", "ondersteunendwegdeel", "begroeidterreindeel", "onbegroeidterreindeel"),
        *("waterdeel", "ondersteunendwaterdeel", "pand", "overigbouwwerk", "kunstwerkdeel", "scheiding"),
        *("overigescheiding", "overbruggingsdeel", "tunneldeel", "ongeclassificeerdobject"),
    }
)
"""Object types whose surfaces at level 0 together cover the ground."""

SLIT_WIDTH = 6.0
"""Gaps are holes, and slits at the edge up to this width, m."""

NOT_STANDING = frozenset({"plan", "historie"})
TREE = "boom"
SMALLEST_OVERLAP = 0.01
"""Overlaps under this area are rounding of coordinates to millimetres, m2."""
WORST_OVERLAPS = 20
POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)

Surface = shapely.Polygon | shapely.MultiPolygon


def merge_topography(frames: Sequence["geopandas.GeoDataFrame"]) -> "geopandas.GeoDataFrame":
    """Join deliveries into one frame in which each object occurs once: in its latest registration.

    ``frames`` are in the standard topography columns, RD New; a column ``source_id`` is kept, or added empty. Of
    equal registrations the first frame's is taken. Objects without an id are all kept.
    """
    import geopandas
    import pandas as pd

    columns = [*TOPOGRAPHY_COLUMNS, "source_id"]
    filled = [
        (frame if "source_id" in frame else frame.assign(source_id=""))[columns] for frame in frames if len(frame)
    ]
    if not filled:
        empty = pd.DataFrame({column: pd.Series([], dtype=object) for column in columns}).astype(
            {"level": np.int64}
        )
        return geopandas.GeoDataFrame(empty, geometry="geometry", crs="EPSG:28992")
    joined = pd.concat(filled, ignore_index=True)
    latest_first = joined.sort_values("registered_at", ascending=False, kind="stable")
    repeated = latest_first.duplicated("object_id") & (latest_first["object_id"] != "")
    return _frame(latest_first[~repeated].sort_index())


def partition(topography: "geopandas.GeoDataFrame", area_polygon: Surface) -> "geopandas.GeoDataFrame":
    """Return the ``land_cover`` layer: the surfaces at level 0 that touch the area, whole, one row per object.

    Plans and history are no ground. ``area_polygon`` is in RD New; objects that stick out of it are not cut, so
    that their areas stay their own.
    """
    return _surfaces(topography, area_polygon, ground=True)


def decks(topography: "geopandas.GeoDataFrame", area_polygon: Surface) -> "geopandas.GeoDataFrame":
    """Return the ``decks`` layer: the surfaces above or below the ground (level is not 0), whole."""
    return _surfaces(topography, area_polygon, ground=False)


def trees(topography: "geopandas.GeoDataFrame", area_polygon: Surface) -> "geopandas.GeoDataFrame":
    """Return the ``trees`` layer: the points of trees in the area, with object_id and source_id."""
    shapes = topography.geometry.to_numpy()
    points = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    is_tree = (topography["theme"] == "vegetatieobject") & (topography["function"] == TREE)
    inside = shapely.intersects(shapes, area_polygon)
    found = topography[points & is_tree.to_numpy() & _stands(topography) & inside]
    return _frame(_with_source(found)[["object_id", "source_id", "geometry"]])


def _surfaces(
    topography: "geopandas.GeoDataFrame", area_polygon: Surface, *, ground: bool
) -> "geopandas.GeoDataFrame":
    shapes = topography.geometry.to_numpy()
    shapely.prepare(area_polygon)
    chosen = (
        np.isin(shapely.get_type_id(shapes), POLYGONAL)
        & topography["theme"].isin(PARTITION_THEMES).to_numpy()
        & ((topography["level"] == 0).to_numpy() == ground)
        & _stands(topography)
        & shapely.intersects(shapes, area_polygon)
    )
    return _frame(_with_source(topography[chosen])[[*TOPOGRAPHY_COLUMNS, "source_id"]])


def _stands(topography: "geopandas.GeoDataFrame") -> Any:
    return ~topography["status"].isin(NOT_STANDING).to_numpy()


def _with_source(frame: "geopandas.GeoDataFrame") -> "geopandas.GeoDataFrame":
    return frame if "source_id" in frame else frame.assign(source_id="")


def _frame(table: Any) -> "geopandas.GeoDataFrame":
    import geopandas

    return geopandas.GeoDataFrame(table.reset_index(drop=True), geometry="geometry", crs="EPSG:28992")


# -- quality -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Overlap:
    """Two objects that claim the same ground."""

    first_id: str
    second_id: str
    area: float
    """Ground that both claim, m2."""


@dataclass(frozen=True)
class PartitionQuality:
    """How well the surfaces of a land cover divide an area; all areas in m2."""

    area: float
    """Surface of the area."""
    covered_area: float
    """Ground under at least one object."""
    uncovered_area: float
    """Ground of the area under no object: gaps, and what lies outside the delivery."""
    gap_area: float
    """Part of it that the delivery misses between its own objects: holes, and slits up to ``SLIT_WIDTH``."""
    overlap_area: float
    """Ground that is counted too often: sum of the objects minus the covered area."""
    worst_overlaps: tuple[Overlap, ...]
    """The largest overlaps, largest first, at most 20."""

    @property
    def covered_share(self) -> float:
        """Part of the area that is covered, 0 to 1."""
        return self.covered_area / self.area


def partition_quality(land_cover: "geopandas.GeoDataFrame", polygon: Surface) -> PartitionQuality:
    """Measure gaps and overlaps of ``land_cover`` within ``polygon`` (RD New).

    A gap is told from the edge of the delivery by closing: the covered ground is widened by half of
    ``SLIT_WIDTH`` and narrowed again, and its holes are filled; what that adds within the polygon is a gap.
    """
    shapes = shapely.intersection(land_cover.geometry.to_numpy(), polygon)
    covered = shapely.union_all(shapes)
    claimed = float(shapely.area(shapes).sum())
    overlap = max(claimed - covered.area, 0.0)
    gaps = shapely.intersection(shapely.difference(_closed(covered), covered), polygon)
    return PartitionQuality(
        area=polygon.area,
        covered_area=covered.area,
        uncovered_area=max(polygon.area - covered.area, 0.0),
        gap_area=gaps.area,
        overlap_area=overlap if overlap > SMALLEST_OVERLAP else 0.0,
        worst_overlaps=_worst_overlaps(land_cover, shapes) if overlap > SMALLEST_OVERLAP else (),
    )


def _closed(covered: shapely.Geometry) -> shapely.Geometry:
    """Return the covered ground without holes and without slits narrower than ``SLIT_WIDTH``."""
    half = SLIT_WIDTH / 2
    closed = shapely.union(covered, shapely.buffer(shapely.buffer(covered, half), -half))
    parts = shapely.get_parts(closed)
    shells = shapely.polygons(shapely.get_exterior_ring(parts[shapely.get_dimensions(parts) == 2]))  # noqa: PLR2004
    return shapely.union_all(shells)


def _worst_overlaps(land_cover: "geopandas.GeoDataFrame", shapes: Any) -> tuple[Overlap, ...]:
    tree = shapely.STRtree(shapes)
    first, second = tree.query(shapes, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    areas = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    ids = land_cover["object_id"].to_numpy()
    worst = np.argsort(-areas, kind="stable")[:WORST_OVERLAPS]
    return tuple(
        Overlap(first_id=ids[first[i]], second_id=ids[second[i]], area=float(areas[i]))
        for i in worst
        if areas[i] > SMALLEST_OVERLAP
    )
