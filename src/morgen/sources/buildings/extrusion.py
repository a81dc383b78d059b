"""Simple solids: a footprint drawn up from the ground to the roof (LoD 1)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.polygon import orient

if TYPE_CHECKING:
    import geopandas

__all__ = ["extrude", "extrude_missing"]

Face = tuple[shapely.Polygon, str]


def extrude(
    footprint: shapely.Polygon | shapely.MultiPolygon, ground: float, roof: float
) -> tuple[shapely.MultiPolygon, list[str]]:
    """Return the closed boundary of a footprint between two heights, and what each surface is.

    ``footprint`` in RD New; ``ground`` and ``roof`` in m NAP. Surfaces face outwards, corners are shared, so that
    every edge is used once in each direction. Raises ``ValueError`` when the roof is not above the ground.
    """
    if not roof > ground:
        raise ValueError(f"the roof ({roof} m NAP) has to be above the ground ({ground} m NAP)")
    faces = [face for polygon in _polygons(footprint) for face in _faces(polygon, ground, roof)]
    return shapely.MultiPolygon([polygon for polygon, _ in faces]), [kind for _, kind in faces]


def extrude_missing(buildings: "geopandas.GeoDataFrame") -> "geopandas.GeoDataFrame":
    """Give a solid of LoD 1 to each building of the layer that has a height but no solid yet."""
    import geopandas as gpd
    import pandas as pd

    solids, kinds, lods = (list(buildings[name]) for name in ("solid", "solid_surfaces", "lod"))
    for row, (ground, roof) in enumerate(zip(buildings["ground_height"], buildings["roof_height"], strict=True)):
        if solids[row] is None and roof > ground:
            solids[row], kinds[row] = extrude(buildings.geometry.iloc[row], ground, roof)
            lods[row] = "1"
    return buildings.assign(
        solid=gpd.GeoSeries(solids, index=buildings.index, crs="EPSG:7415"),
        solid_surfaces=pd.Series(kinds, index=buildings.index, dtype="object"),
        lod=pd.Series(lods, index=buildings.index, dtype="str"),
    )


def _polygons(footprint: shapely.Polygon | shapely.MultiPolygon) -> Iterator[shapely.Polygon]:
    for part in shapely.get_parts(shapely.force_2d(footprint)):
        if isinstance(part, shapely.Polygon) and not part.is_empty:
            # Counter-clockwise outside and clockwise inside: the building lies left of every edge.
            yield orient(shapely.remove_repeated_points(part))


def _faces(polygon: shapely.Polygon, ground: float, roof: float) -> Iterator[Face]:
    rings = [shapely.get_coordinates(ring) for ring in (polygon.exterior, *polygon.interiors)]
    floor = [_at(ring[::-1], ground) for ring in rings]
    cover = [_at(ring, roof) for ring in rings]
    yield shapely.Polygon(floor[0], floor[1:]), "ground"
    for ring in rings:
        low, high = _at(ring, ground), _at(ring, roof)
        for step in range(len(ring) - 1):
            yield shapely.Polygon([low[step], low[step + 1], high[step + 1], high[step]]), "wall"
    yield shapely.Polygon(cover[0], cover[1:]), "roof"


def _at(ring: npt.NDArray[np.float64], height: float) -> npt.NDArray[np.float64]:
    return np.column_stack([ring, np.full(len(ring), height)])
