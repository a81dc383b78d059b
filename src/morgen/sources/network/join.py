"""One network out of several files."""

from typing import TYPE_CHECKING

from morgen.sources.contract import PATH_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas

__all__ = ["join_paths"]


def join_paths(
    frames: "Sequence[geopandas.GeoDataFrame]", *, roads: "Sequence[geopandas.GeoDataFrame]" = ()
) -> "geopandas.GeoDataFrame":
    """Return the ``paths`` layer: footpaths of ``frames``, or else the ``roads`` of the NWB, each piece once.

    The two do not share their junctions, so together they would be two networks on top of each other; the one
    that knows where people walk goes first. Frames have ``PATH_COLUMNS`` and ``source_id``, RD New.
    """
    import geopandas
    import pandas as pd

    chosen = [frame for frame in frames if len(frame)] or [frame for frame in roads if len(frame)]
    columns = [*PATH_COLUMNS, "source_id"]
    if not chosen:
        empty = {name: pd.Series([], dtype=object) for name in columns}
        return geopandas.GeoDataFrame(empty, geometry="geometry", crs="EPSG:28992").astype(
            {"length": "float64", "walkable": "bool", "bridge": "bool"}
        )
    joined = pd.concat([frame[columns] for frame in chosen], ignore_index=True)
    once = joined.drop_duplicates(["path_id", "from_node", "to_node"])
    return geopandas.GeoDataFrame(once.reset_index(drop=True), geometry="geometry", crs="EPSG:28992")
