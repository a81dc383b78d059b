"""One place as a register gives it, and the table of them in the standard form."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas

__all__ = ["Place", "to_frame"]

UNKNOWN = float("nan")


@dataclass(frozen=True, eq=False)
class Place:
    """A facility; its fields are those of ``FACILITY_COLUMNS``."""

    facility_id: str
    kind: str
    name: str = ""
    floor_area: float = UNKNOWN
    capacity: float = UNKNOWN
    capacity_unit: str = ""
    bag_id: str = ""
    postcode: str = ""
    house_number: str = ""
    geometry: Any = None


def to_frame(places: Iterable[Place]) -> "geopandas.GeoDataFrame":
    """Return the places with ``FACILITY_COLUMNS``, in their order."""
    import geopandas as gpd
    import pandas as pd

    from morgen.sources.contract import FACILITY_COLUMNS

    rows = [vars(place) for place in places]
    columns = {
        name: pd.Series(
            [row[name] for row in rows], dtype="float64" if name in {"floor_area", "capacity"} else "str"
        )
        for name in FACILITY_COLUMNS
        if name != "geometry"
    }
    shapes = gpd.GeoSeries([row["geometry"] for row in rows], crs="EPSG:28992")
    return gpd.GeoDataFrame(columns, geometry=shapes)
