"""Where the water at a place of a run comes from: what drains to it, as shapes and volumes."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from morgen.core.errors import NotFoundError
from morgen.services.explain import Answer, cell_of
from morgen.services.result import RunResult

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import shapely

    from morgen.core.grid import Grid
    from morgen.models.flood.origin import Drainage, Origin

__all__ = ["WaterOrigin", "explain_origin"]

METHOD: Final = (
    "Surface flow paths over the terrain (steepest of eight directions, out of hollows over their lowest edge), "
    "around buildings; sewers, soil and the force of the flow play no part."
)
KEPT: Final = 8
"""Answers that are kept in memory."""
KEPT_GROUNDS: Final = 2
"""Runs whose ground is kept in memory: about 100 bytes for each cell."""


class WaterOrigin(Answer):
    """What drains to the water at a place; shapes are GeoJSON in RD New."""

    coordinates: tuple[float, float]
    """The place that was asked for, m RD."""
    crs: str = "http://www.opengis.net/def/crs/EPSG/0/28992"
    water: dict[str, Any]
    """MultiPolygon of the water that the place lies in."""
    water_area: float
    """m2."""
    water_volume: float
    """m3, when every cell of it was deepest."""
    ground: dict[str, Any]
    """MultiPolygon of the ground that drains to it, the water included."""
    ground_area: float
    """m2."""
    roof_area: float
    """m2 of roof that drains to this ground."""
    buildings: tuple[str, ...]
    """``object_id`` of the buildings whose roofs do, wholly or partly."""
    method: str = METHOD


def explain_origin(result: RunResult, x: float, y: float) -> WaterOrigin:
    """Return what drains to the water that stood at a point in RD New, by the ground and the depths of a run.

    Raises ``InputError`` outside the grid, under a building, on permanent water and outside the terrain, and
    ``NotFoundError`` for a run without largest depths.
    """
    if "max_depth" not in result.outputs:
        raise NotFoundError(
            f"run {result.id} has no output 'max_depth', so where its water comes from is not known"
        )
    grid = result.situation.grid
    row, column = cell_of(grid, x, y)
    origin, volume = _found(_Asked(result.id, row, column, result))
    buildings = result.situation.features("buildings")["object_id"]
    return WaterOrigin(
        coordinates=(x, y),
        water=_shape(origin.water, grid).__geo_interface__,
        water_area=float(origin.water.sum()) * grid.cell_area,
        water_volume=volume,
        ground=_shape(origin.ground, grid).__geo_interface__,
        ground_area=float(origin.ground.sum()) * grid.cell_area,
        roof_area=origin.roof_area,
        buildings=tuple(str(name) for name in buildings.iloc[origin.buildings]),
    )


@dataclass(frozen=True)
class _Asked:
    """A cell of a run; runs never change, so its answer can be kept."""

    run_id: str
    row: int
    column: int
    result: RunResult = field(compare=False, repr=False)


@dataclass(frozen=True)
class _Run:
    """A run, whose ground drains the same way for every place."""

    run_id: str
    result: RunResult = field(compare=False, repr=False)


@lru_cache(maxsize=KEPT_GROUNDS)
def _drainage(asked: _Run) -> "Drainage":
    from morgen.models.flood.origin import find_drainage
    from morgen.models.flood.surfaces import SurfaceTable

    table = asked.result.run.manifest.parameters.get("surfaces")
    return find_drainage(asked.result.situation, surfaces=SurfaceTable.from_json(table) if table else None)


@lru_cache(maxsize=KEPT)
def _found(asked: _Asked) -> tuple["Origin", float]:
    import numpy as np

    result = asked.result
    depth = result.output("max_depth").to_xarray().to_numpy()
    origin = _drainage(_Run(result.id, result)).origin(max_depth=depth, row=asked.row, column=asked.column)
    volume = float(np.nan_to_num(depth)[origin.water].sum(dtype=np.float64)) * result.situation.grid.cell_area
    return origin, volume


def _shape(mask: "npt.NDArray[np.bool_]", grid: "Grid") -> "shapely.MultiPolygon":
    """Return the outline of the cells of ``mask``, m RD."""
    import shapely
    from affine import Affine
    from rasterio.features import shapes

    found = shapes(mask.astype("uint8"), mask=mask, transform=Affine(*grid.transform))
    rings = [outline["coordinates"] for outline, _value in found]
    return shapely.MultiPolygon([shapely.Polygon(shell, holes) for shell, *holes in rings])
