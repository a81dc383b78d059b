"""Features as GeoParquet 1.1 with equal bytes for equal features. Imported inside functions only."""

import json
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pyproj
import shapely

from morgen.core.errors import StorageError
from morgen.services.disk import write_bytes

__all__ = ["read_features", "write_features"]

SOLID = "solid"
"""The column with shapes in three dimensions, which are heights above NAP."""

_FLAT, _SOLID_CRS = "EPSG:28992", "EPSG:7415"


def write_features(path: Path, frame: geopandas.GeoDataFrame) -> None:
    """Write a GeoDataFrame in RD New; shapes become WKB with their CRS, the index is left out.

    Versions of the writing libraries are kept out of the metadata that we control, so that the hash tells
    something about the features only. Raises ``StorageError`` when the disk refuses, ``ValueError`` when the
    frame has another CRS than EPSG:28992.
    """
    if frame.crs is None or frame.crs.to_epsg() != 28992:  # noqa: PLR2004 - the CRS of everything inside
        raise ValueError(f"features are stored in EPSG:28992, not in {frame.crs}")
    primary = frame.geometry.name
    table = pd.DataFrame(frame).reset_index(drop=True)
    described = {}
    for name in _shape_columns(frame):
        shapes = np.array(table[name], dtype=object)  # a copy: pandas may give a view that cannot be written
        shapes[pd.isna(shapes)] = None
        described[name] = _describe(shapes, crs=_SOLID_CRS if name == SOLID else _FLAT)
        table[name] = pd.Series(shapely.to_wkb(shapes, flavor="iso", byte_order=1), dtype=object)
    geo = {"version": "1.1.0", "primary_column": primary, "columns": described}
    arrow = _to_arrow(table, binary=tuple(described)).replace_schema_metadata({"geo": _json(geo)} | _pandas(table))
    buffer = pa.BufferOutputStream()
    pyarrow.parquet.write_table(arrow, buffer, compression="zstd", row_group_size=65_536)
    write_bytes(path, buffer.getvalue())


def read_features(path: Path) -> geopandas.GeoDataFrame:
    """Read it back: lists as lists, ``solid`` as plain objects; raises ``StorageError`` when it is broken."""
    try:
        table = pyarrow.parquet.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise StorageError(f"the stored features {path} are broken ({error}); gather the twin again") from error
    geo = json.loads(table.schema.metadata[b"geo"])
    frame = table.to_pandas()
    for field in table.schema:
        if pa.types.is_list(field.type):
            frame[field.name] = pd.Series(table[field.name].to_pylist(), dtype=object)
    for name in geo["columns"]:
        shapes = shapely.from_wkb(np.asarray(frame[name], dtype=object))
        frame[name] = pd.Series(shapes, dtype=object)
    return geopandas.GeoDataFrame(frame, geometry=geo["primary_column"], crs=_FLAT)


def _shape_columns(frame: geopandas.GeoDataFrame) -> list[str]:
    return [name for name in frame.columns if name == SOLID or _holds_shapes(frame[name])]


def _holds_shapes(column: "pd.Series[Any]") -> bool:
    if column.dtype == "geometry":
        return True
    present = column.dropna() if column.dtype == object else column.iloc[:0]
    return len(present) > 0 and isinstance(present.iloc[0], shapely.Geometry)


def _describe(shapes: npt.NDArray[Any], *, crs: str) -> dict[str, Any]:
    present = shapes[~shapely.is_missing(shapes)]
    kinds = {shape.geom_type + (" Z" if shape.has_z else "") for shape in present}
    described = {"encoding": "WKB", "geometry_types": sorted(kinds), "crs": pyproj.CRS(crs).to_json_dict()}
    bounds = shapely.bounds(present[~shapely.is_empty(present)])
    if len(bounds):
        described["bbox"] = [*bounds[:, :2].min(axis=0).tolist(), *bounds[:, 2:].max(axis=0).tolist()]
    return described


def _to_arrow(table: pd.DataFrame, *, binary: tuple[str, ...]) -> pa.Table:
    columns = {}
    for name in table.columns:
        kind = pa.binary() if name in binary else None
        columns[name] = pa.array(table[name], type=kind, from_pandas=True)
    return pa.table(columns)


def _pandas(table: pd.DataFrame) -> dict[str, bytes]:
    # Without this other readers get a nullable integer back as a float.
    written = pa.Schema.from_pandas(table, preserve_index=False).metadata[b"pandas"]
    kept = {key: value for key, value in json.loads(written).items() if key not in {"creator", "pandas_version"}}
    return {"pandas": _json(kept)}


def _json(document: Any) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
