"""Heights of buildings that no model knows, read from the surface raster."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from morgen.core.situation import Raster
from morgen.sources.buildings.extrusion import extrude_missing

if TYPE_CHECKING:
    import geopandas

__all__ = ["add_heights_from_surface"]

ROOF_SHARE = 0.7
"""Share of the cells of the roof below ``roof_height``: the measure of 3DBAG's h_dak_70p."""

GROUND_SHARE = 0.05
"""Share of the cells around a building below its ground height: low, so that stairs and shrubs do not count."""

EAVES = 0.3
"""Strip along the wall that is left out, m: its cells are partly ground, and footprints are decimetres off."""

AROUND = 4.0
"""Width of the strip around a building in which its ground is sought, m."""

LOWEST_BUILDING = 1.0
"""A surface less than this above the ground shows no building: it was built after the survey, or is gone; m."""

Floats = npt.NDArray[np.float64]


def add_heights_from_surface(
    buildings: "geopandas.GeoDataFrame", terrain: Raster, surface: Raster
) -> "geopandas.GeoDataFrame":
    """Fill in the heights of buildings whose roof height is NaN, and give those a solid of LoD 1.

    The roof is the 70th percentile of ``surface`` inside the footprint without its outer 0.3 m (or inside all of
    it when that is too small for the cells); the ground is the 5th percentile of ``terrain`` within 4 m around,
    other footprints left out. Both rasters in m NAP on grids in RD New. Where the surface is less than 1 m above
    the ground, or has no cells, heights stay NaN.
    """
    unknown = buildings["roof_height"].isna().to_numpy()
    if not unknown.any():
        return buildings
    footprints = buildings.geometry.to_numpy()
    roof = np.where(unknown, _roofs(footprints, surface, unknown), buildings["roof_height"])
    stated = buildings["ground_height"].to_numpy(dtype=np.float64)
    ground = np.where(np.isnan(stated), _grounds(footprints, terrain), stated)
    found = unknown & (roof - ground >= LOWEST_BUILDING)
    filled = buildings.assign(
        ground_height=np.where(found, ground, stated),
        roof_height=np.where(found | ~unknown, roof, np.nan),
        height_source=buildings["height_source"].where(~found, "surface-raster"),
    )
    filled["height"] = filled["roof_height"] - filled["ground_height"]
    return extrude_missing(filled)


def _roofs(footprints: npt.NDArray[np.object_], surface: Raster, wanted: npt.NDArray[np.bool_]) -> Floats:
    shrunk = np.asarray(shapely.buffer(footprints, -EAVES))
    roof = _share_per_building(_labels(shrunk, surface, wanted), surface, len(footprints), ROOF_SHARE)
    small = wanted & np.isnan(roof)
    if small.any():
        whole = _labels(footprints, surface, small)
        roof = np.where(small, _share_per_building(whole, surface, len(footprints), ROOF_SHARE), roof)
    return roof


def _grounds(footprints: npt.NDArray[np.object_], terrain: Raster) -> Floats:
    """Give each cell of the strip to the nearest building, so that each has its own ground."""
    from scipy.ndimage import distance_transform_edt

    inside = _labels(footprints, terrain)
    if not inside.any():
        return np.full(len(footprints), np.nan)
    distance, nearest = distance_transform_edt(inside == 0, sampling=terrain.grid.cell_size, return_indices=True)
    near = (distance > 0) & (distance <= max(AROUND, terrain.grid.cell_size))
    around = np.where(near, inside[tuple(nearest)], 0)
    ground = _share_per_building(around, terrain, len(footprints), GROUND_SHARE)
    # A building in the middle of a block has no ground of its own: the filled terrain under it serves.
    return np.where(np.isnan(ground), _share_per_building(inside, terrain, len(footprints), GROUND_SHARE), ground)


def _labels(
    footprints: npt.NDArray[np.object_], raster: Raster, wanted: npt.NDArray[np.bool_] | None = None
) -> npt.NDArray[np.int32]:
    """Return per cell the number of the building (from 1) in which its centre lies; 0 for none."""
    from affine import Affine
    from rasterio.features import rasterize

    rows = np.arange(len(footprints)) if wanted is None else np.flatnonzero(wanted)
    shapes = [(footprints[row], row + 1) for row in rows.tolist() if not shapely.is_empty(footprints[row])]
    if not shapes:
        return np.zeros(raster.grid.shape, dtype=np.int32)
    burnt = rasterize(shapes, out_shape=raster.grid.shape, transform=Affine(*raster.grid.transform), dtype="int32")
    return np.asarray(burnt, dtype=np.int32)


def _share_per_building(labels: npt.NDArray[np.int32], raster: Raster, count: int, share: float) -> Floats:
    """Return per building the value below which ``share`` of its cells lie; NaN where it has no cells."""
    used = (labels > 0) & np.isfinite(raster.values)
    owners, values = labels[used], raster.values[used].astype(np.float64)
    order = np.lexsort((values, owners))
    owners, values = owners[order], values[order]
    numbers = np.arange(1, count + 1)
    first, behind = np.searchsorted(owners, numbers, "left"), np.searchsorted(owners, numbers, "right")
    result = np.full(count, np.nan)
    filled = behind > first
    chosen = first + np.rint(share * (behind - first - 1)).astype(np.intp)
    result[filled] = values[chosen[filled]]
    return result
