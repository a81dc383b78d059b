"""Edits of a situation that measures are made of; each returns a new situation and leaves the given one alone.

Rasters are edited by the share of each cell that a geometry covers, so that a volume does not depend on how the
grid happens to lie.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from morgen.core.grid import Grid
from morgen.core.noun import content_hash
from morgen.core.situation import Layer, LayerKind, Raster, Situation

if TYPE_CHECKING:
    import geopandas

__all__ = [
    "add_features",
    "add_within",
    "building_rows",
    "coverage",
    "lower",
    "pave",
    "set_level",
    "with_building_column",
    "with_features",
    "with_raster",
]

Floats = npt.NDArray[np.float64]

SLIVER = 1e-6
"""Pieces of land cover under this area vanish, m2: they come from rounding."""


def coverage(geometry: Any, grid: Grid) -> Floats:
    """Return the share of each cell that a polygon covers, 0 to 1; shape (rows, columns)."""
    covered = np.zeros(grid.shape)
    xmin, ymin, xmax, ymax = geometry.bounds
    size = grid.cell_size
    first_column, last_column = (int(np.floor((x - grid.xmin) / size)) for x in (xmin, xmax))
    first_row, last_row = (int(np.floor((grid.ymax - y) / size)) for y in (ymax, ymin))
    rows = np.arange(max(first_row, 0), min(last_row, grid.rows - 1) + 1)
    columns = np.arange(max(first_column, 0), min(last_column, grid.columns - 1) + 1)
    if not len(rows) or not len(columns):
        return covered
    west, north = np.meshgrid(grid.xmin + columns * size, grid.ymax - rows * size)
    cells = shapely.box(west, north - size, west + size, north)
    shapely.prepare(geometry)
    shares = shapely.contains_properly(geometry, cells).astype(float)
    edge = (shares == 0) & shapely.intersects(geometry, cells)
    shares[edge] = shapely.area(shapely.intersection(cells[edge], geometry)) / grid.cell_area
    covered[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = shares
    return covered


def with_raster(situation: Situation, name: str, values: npt.NDArray[Any], *, unit: str, title: str) -> Situation:
    """Return the situation with a raster layer replaced or added; values have shape (rows, columns)."""
    known = situation.layers.get(name)
    layer = Layer(
        name=name,
        kind=LayerKind.RASTER,
        title=known.title if known else title,
        unit=known.unit if known else unit,
        sha256=content_hash(values.dtype.str.encode() + values.tobytes()),
        count=int(np.isfinite(values).sum()),
        stamps=known.stamps if known else (),
    )
    return _with(situation, layer, Raster(grid=situation.grid, values=values))


def with_features(situation: Situation, name: str, frame: "geopandas.GeoDataFrame", *, title: str) -> Situation:
    """Return the situation with a feature layer replaced or added."""
    known = situation.layers.get(name)
    frame = frame.reset_index(drop=True)
    layer = Layer(
        name=name,
        kind=LayerKind.FEATURES,
        title=known.title if known else title,
        sha256=_frame_hash(frame),
        count=len(frame),
        stamps=known.stamps if known else (),
    )
    return _with(situation, layer, frame)


def lower(situation: Situation, geometry: Any, depth: float) -> Situation:
    """Lower the terrain by ``depth`` m (raise it when negative) over a polygon."""
    terrain = situation.raster("terrain").values
    changed = terrain - depth * coverage(geometry, situation.grid)
    return with_raster(situation, "terrain", changed.astype(terrain.dtype), unit="m NAP", title="Terrain")


def set_level(situation: Situation, geometry: Any, level: float) -> Situation:
    """Bring the terrain to ``level`` m NAP over a polygon."""
    terrain = situation.raster("terrain").values
    share = coverage(geometry, situation.grid)
    changed = np.where(share > 0, terrain + share * (level - terrain), terrain)
    return with_raster(situation, "terrain", changed.astype(terrain.dtype), unit="m NAP", title="Terrain")


def add_within(situation: Situation, name: str, geometry: Any, amount: float, *, unit: str) -> Situation:
    """Add ``amount`` to an extra raster over a polygon; the raster starts at 0 when it is not there yet."""
    have = situation.raster(name).values if situation.has(name) else np.zeros(situation.grid.shape, np.float32)
    changed = (have + amount * coverage(geometry, situation.grid)).astype(np.float32)
    return with_raster(situation, name, changed, unit=unit, title=name.replace("_", " ").capitalize())


def pave(situation: Situation, geometry: Any, *, kind: str, words: Mapping[str, str]) -> Situation:
    """Put one new surface over a polygon and cut it out of what lay there, so that the ground stays a partition.

    ``words`` fill the columns of ``land_cover`` (theme, function, surface); ``kind`` goes into ``measure``.
    """
    import geopandas
    import pandas as pd

    frame = situation.features("land_cover")
    if "measure" not in frame:
        frame = frame.assign(measure="")
    shapes = frame.geometry.to_numpy()
    touched = shapely.intersects(shapes, geometry)
    cut = shapes.copy()
    cut[touched] = [_surfaces(shapely.difference(shape, geometry)) for shape in shapes[touched]]
    rest = frame.set_geometry(geopandas.GeoSeries(cut, index=frame.index, crs=frame.crs))
    rest = rest[shapely.area(cut) > SLIVER]
    row: dict[str, Any] = dict.fromkeys(frame.columns.drop("geometry"), "")
    digest = content_hash(geometry.wkb)[:12]
    row |= {"object_id": f"{kind}-{digest}", "level": 0, "status": "plan", "measure": kind, "source_id": "measure"}
    row |= {**words, "geometry": geometry}
    added = geopandas.GeoDataFrame([row], columns=list(frame.columns), geometry="geometry", crs=frame.crs)
    joined = pd.concat([rest, added.astype({"level": frame["level"].dtype})], ignore_index=True)
    return with_features(
        situation, "land_cover", geopandas.GeoDataFrame(joined, crs=frame.crs), title="Land cover"
    )


def add_features(situation: Situation, name: str, row: Mapping[str, Any]) -> Situation:
    """Add one feature to a layer, which is made when it is not there yet; ``row`` includes ``geometry``."""
    import geopandas
    import pandas as pd

    added = geopandas.GeoDataFrame([dict(row)], geometry="geometry", crs="EPSG:28992")
    if situation.has(name):
        have = situation.features(name)
        missing = {column: _blank(have[column]) for column in have.columns if column not in added}
        added = added.assign(**missing)
        for column in added.columns.difference(have.columns):
            have[column] = None
        rows = [*have.to_dict("records"), *added.to_dict("records")]
        kinds = {column: kind for column, kind in have.dtypes.items() if column != "geometry"}
        table = pd.DataFrame(rows, columns=list(have.columns)).astype(kinds)
        added = geopandas.GeoDataFrame(table, geometry="geometry", crs=have.crs)
    return with_features(situation, name, added, title=name.capitalize())


def building_rows(situation: Situation, geometry: Any) -> npt.NDArray[np.bool_]:
    """Return which buildings a measure is about: those at its point, or for half in its polygon."""
    shapes = situation.features("buildings").geometry.to_numpy()
    if geometry.geom_type == "Point":
        chosen: npt.NDArray[np.bool_] = shapely.intersects(shapes, geometry)
        return chosen
    half = shapely.area(shapely.intersection(shapes, geometry)) >= 0.5 * shapely.area(shapes)
    return np.asarray(half & shapely.intersects(shapes, geometry))


def with_building_column(
    situation: Situation, rows: npt.NDArray[np.bool_], name: str, values: Any, *, empty: Any = np.nan
) -> Situation:
    """Set a column of the chosen buildings; a column that is not there yet starts with ``empty``."""
    frame = situation.features("buildings")
    if name not in frame:
        frame[name] = empty
    frame.loc[rows, name] = values
    return with_features(situation, "buildings", frame, title="Buildings")


def _with(situation: Situation, layer: Layer, content: Any) -> Situation:
    before = situation.reader

    def read(asked: Layer, grid: Grid) -> Any:
        if asked.name == layer.name and asked.sha256 == layer.sha256:
            # A copy, so that nobody changes the situation by writing into what was read.
            return (
                Raster(grid=grid, values=np.array(content.values))
                if layer.kind is LayerKind.RASTER
                else content.copy()
            )
        assert before is not None
        return before(asked, grid)

    return replace(situation, layers={**situation.layers, layer.name: layer}, reader=read)


def _frame_hash(frame: "geopandas.GeoDataFrame") -> str:
    import pandas as pd

    shaped = [name for name in ("geometry", "solid") if name in frame]
    table = pd.DataFrame(frame.drop(columns=shaped))
    shapes = b"".join(_wkb(shape) for name in shaped for shape in frame[name])
    return content_hash(table.to_json(orient="split", double_precision=15).encode() + shapes)


def _wkb(shape: Any) -> bytes:
    return bytes(shape.wkb) if hasattr(shape, "wkb") else b"-"


def _surfaces(shape: Any) -> Any:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > SLIVER]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _blank(column: Any) -> list[Any]:
    """Return the empty value of a column, as a column of one row."""
    if column.dtype.kind == "f":
        return [np.nan]
    if column.dtype.kind == "b":
        return [False]
    return [0] if column.dtype.kind in "iu" and not hasattr(column.dtype, "na_value") else [None]
