"""Why it is so here: the exact stored values of a run at one point, or at one building."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from morgen.core.errors import InputError, NotFoundError
from morgen.core.grid import Grid
from morgen.core.noun import Noun
from morgen.core.situation import Situation
from morgen.services.result import RunResult
from morgen.services.series import StoredSeries

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    import shapely

__all__ = ["Answer", "BuildingInRun", "LandCoverAt", "PointInRun", "cell_of", "explain_building", "explain_point"]

RD_NEW_URI: Final = "http://www.opengis.net/def/crs/EPSG/0/28992"
KEPT: Final = 2
"""Situations whose ground is kept in memory between questions."""
DIGITS: Final = 6
"""Stored values are single precision."""


class Answer(Noun):
    """JSON keys are in camelCase, as those of the web interface."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, validate_by_alias=True)

    def to_json(self) -> dict[str, Any]:
        """Return the document of the web interface."""
        return self.model_dump(mode="json", by_alias=True)


class LandCoverAt(Answer):
    """The object of the land cover that covers a point."""

    theme: str
    function: str
    surface: str
    object_id: str


class PointInRun(Answer):
    """What a run says of one cell."""

    coordinates: tuple[float, float]
    """The point that was asked for, m RD."""
    crs: Literal["http://www.opengis.net/def/crs/EPSG/0/28992"] = RD_NEW_URI
    terrain: float | None
    """m NAP; None outside the terrain."""
    land_cover: LandCoverAt | None
    building: str | None
    """``object_id`` of the building on the point."""
    times: tuple[float, ...]
    """s since the start."""
    depth: tuple[float | None, ...]
    """m, one per time; None under a building and outside the terrain."""
    max_depth: float | None
    """m."""
    arrival: float | None
    """min; None when the water never came."""
    duration: float | None
    """min."""
    max_velocity: float | None
    """m/s."""


class BuildingInRun(Answer):
    """What a run says of one building."""

    feature_id: str
    bag_id: str
    max_depth: float | None
    """Largest depth at the façade, m; None when no ground along it is known."""
    max_depth_at: float | None
    """min; None when it stayed dry."""
    above_low: bool
    above_high: bool
    times: tuple[float, ...]
    """s since the start; empty for runs that kept no depths in time at façades."""
    depth: tuple[float, ...]
    """Depth at the façade, m, one per time."""


def explain_point(result: RunResult, x: float, y: float) -> PointInRun:
    """Return the stored values of the cell that contains a point in RD New.

    Raises ``InputError`` outside the grid of the run, and ``NotFoundError`` for a run without depths. Rasters
    that a model does not give are None.
    """
    series = StoredSeries.open(result.output("depth"))
    row, column = cell_of(series.grid, x, y)
    ground = _ground(_Known(result.situation.content_hash, result.situation))
    values = {
        name: _pixel(result, name, row, column) for name in ("max_depth", "arrival", "duration", "max_velocity")
    }
    return PointInRun(
        coordinates=(x, y),
        terrain=ground.terrain_at(row, column),
        land_cover=ground.cover_at(x, y),
        building=ground.building_at(x, y),
        times=series.times,
        depth=tuple(_known(value) for value in series.at(row, column).tolist()),
        **values,
    )


def explain_building(result: RunResult, feature_id: str) -> BuildingInRun:
    """Return the stored values of one building; raises ``NotFoundError`` when the run does not know it."""
    import pyarrow.parquet

    columns = ["object_id", "bag_id", "max_depth", "max_depth_at", "above_low", "above_high"]
    table = pyarrow.parquet.read_table(
        result.output("buildings").path, columns=columns, filters=[("object_id", "==", feature_id)]
    )
    if not table.num_rows:
        raise NotFoundError(
            f"run {result.id} knows no building {feature_id!r} in its area; take an object_id of its output"
            " 'buildings'"
        )
    row = table.slice(0, 1).to_pylist()[0]
    max_depth = _known(row["max_depth"])
    times, depth = _facade(result, feature_id) if max_depth is not None else ((), ())
    return BuildingInRun(
        feature_id=feature_id,
        bag_id=row["bag_id"] or "",
        max_depth=max_depth,
        max_depth_at=_known(row["max_depth_at"]),
        above_low=row["above_low"],
        above_high=row["above_high"],
        times=times,
        depth=depth,
    )


def _facade(result: RunResult, feature_id: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return times (s) and depths (m); a building that is not in the output stayed dry."""
    if "facade_depth" not in result.outputs:
        return (), ()
    document = result.output("facade_depth").to_json()
    times = tuple(float(time) for time in document["times"])
    millimetres: Sequence[float] = document["buildings"].get(feature_id, [0] * len(times))
    return times, tuple(value / 1000 for value in millimetres)


def cell_of(grid: Grid, x: float, y: float) -> tuple[int, int]:
    """Return row and column of the cell that holds a point in RD New; raises ``InputError`` outside the grid."""
    xmin, ymin, xmax, ymax = grid.bounds
    if not (xmin <= x < xmax and ymin < y <= ymax):  # false for NaN
        raise InputError(
            f"the point x {x:g}, y {y:g} lies outside the grid of the run; it has x {xmin:g} to {xmax:g}"
            f" and y {ymin:g} to {ymax:g} in RD New"
        )
    return int((grid.ymax - y) // grid.cell_size), int((x - xmin) // grid.cell_size)


def _pixel(result: RunResult, name: str, row: int, column: int) -> float | None:
    import rasterio
    from rasterio.windows import Window

    if name not in result.outputs:
        return None
    with rasterio.open(result.output(name).path) as file:
        return _known(float(file.read(1, window=Window(column, row, 1, 1))[0, 0]))


def _known(value: float | None) -> float | None:
    return None if value is None or value != value else round(value, DIGITS)  # noqa: PLR0124 - NaN


# -- the ground ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Known:
    """A situation by its content, so that its ground is read once."""

    content_hash: str
    situation: Situation = field(compare=False, repr=False)


@dataclass(frozen=True, eq=False)
class _Ground:
    """The layers of a situation that a point is looked up in."""

    terrain: "npt.NDArray[np.float32] | None"
    cover: tuple[LandCoverAt, ...]
    cover_shapes: "shapely.STRtree"
    buildings: tuple[str, ...]
    building_shapes: "shapely.STRtree"

    def terrain_at(self, row: int, column: int) -> float | None:
        return None if self.terrain is None else _known(float(self.terrain[row, column]))

    def cover_at(self, x: float, y: float) -> LandCoverAt | None:
        found = _first(self.cover_shapes, x, y)
        return None if found is None else self.cover[found]

    def building_at(self, x: float, y: float) -> str | None:
        found = _first(self.building_shapes, x, y)
        return None if found is None else self.buildings[found]


@lru_cache(maxsize=KEPT)
def _ground(known: _Known) -> _Ground:
    import shapely

    situation = known.situation
    cover = situation.features("land_cover") if situation.has("land_cover") else None
    buildings = situation.features("buildings") if situation.has("buildings") else None
    names = ("theme", "function", "surface", "object_id")
    rows = [] if cover is None else zip(*(cover[name].fillna("") for name in names), strict=True)
    return _Ground(
        terrain=situation.raster("terrain").values if situation.has("terrain") else None,
        cover=tuple(LandCoverAt(**dict(zip(names, row, strict=True))) for row in rows),
        cover_shapes=shapely.STRtree([] if cover is None else cover.geometry.to_numpy()),
        buildings=() if buildings is None else tuple(map(str, buildings["object_id"])),
        building_shapes=shapely.STRtree([] if buildings is None else buildings.geometry.to_numpy()),
    )


def _first(tree: "shapely.STRtree", x: float, y: float) -> int | None:
    import shapely

    found = tree.query(shapely.Point(x, y), predicate="intersects")
    return int(found.min()) if len(found) else None
