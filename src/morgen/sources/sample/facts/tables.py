"""Tables in GeoPackage, with the column types, the names of key and geometry, and the row order asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from morgen.sources.sample.geopackage import seal_geopackage

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DATE", "INTEGER", "REAL", "TEXT", "Row", "Table", "write_tables"]

Row = Mapping[str, Any]

TEXT, INTEGER, REAL, DATE = "str", "Int32", "float64", "datetime64[ms]"
"""Column types as a data frame names them; a missing integer is null, a missing real is NaN and so null."""


@dataclass(frozen=True)
class Table:
    """One layer; without a geometry type it is a table of attributes."""

    name: str
    columns: Mapping[str, str]
    rows: Sequence[Row]
    """One mapping a row; the key ``geometry`` holds the shape in RD New. A missing column is null."""
    geometry_type: str = ""


def write_tables(path: Path, tables: Sequence[Table], *, fid: str = "fid", geometry: str = "geom") -> Path:
    """Write the tables in their order; ``fid`` and ``geometry`` are what the source calls those columns."""
    import pyogrio

    for table in tables:
        spatial = {"geometry_type": table.geometry_type, "GEOMETRY_NAME": geometry} if table.geometry_type else {}
        pyogrio.write_dataframe(
            _frame(table), path, layer=table.name, driver="GPKG", append=path.exists(), FID=fid, **spatial
        )
    return seal_geopackage(path)


def _frame(table: Table) -> "pd.DataFrame":
    import geopandas as gpd
    import pandas as pd

    kinds: Mapping[str, Any] = table.columns
    columns = {
        name: pd.Series([row.get(name) for row in table.rows], dtype="object").astype(kind)
        for name, kind in kinds.items()
    }
    if not table.geometry_type:
        return pd.DataFrame(columns)
    frame: pd.DataFrame = gpd.GeoDataFrame(
        columns, geometry=[row["geometry"] for row in table.rows], crs="EPSG:28992"
    )
    return frame
