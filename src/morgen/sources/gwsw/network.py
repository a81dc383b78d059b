"""The layers of sewers: pipes and nodes of one or more sources, each object once."""

from typing import TYPE_CHECKING, Any

from morgen.sources.contract import SEWER_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas

__all__ = ["NODE_COLUMNS", "PIPE_COLUMNS", "join_sewers", "sewer_nodes", "sewer_pipes"]

NODE_COLUMNS = ("ground_level", "crest_level", "crest_width", "pump_capacity")
PIPE_COLUMNS = ("begins_at", "ends_at", "shape", "invert_begin", "invert_end", "width", "height", "length")


def join_sewers(frames: "Sequence[geopandas.GeoDataFrame]") -> "geopandas.GeoDataFrame":
    """Return all objects of ``frames``; of those with the same name, kind and shape the first counts."""
    import geopandas
    import pandas as pd

    if not frames:
        empty: dict[str, Any] = {name: [] for name in (*SEWER_COLUMNS, "source_id")}
        return geopandas.GeoDataFrame(empty, geometry="geometry", crs="EPSG:28992")
    joined = geopandas.GeoDataFrame(pd.concat(frames, ignore_index=True), crs="EPSG:28992")
    same = joined.assign(wkb=joined.geometry.to_wkb()).duplicated(["object_id", "system", "kind", "wkb"])
    return joined[~same].reset_index(drop=True)


def sewer_pipes(sewers: "geopandas.GeoDataFrame") -> "geopandas.GeoDataFrame":
    """Return the pipes, without the columns of nodes."""
    pipes = sewers[sewers.geom_type != "Point"]
    return pipes.drop(columns=list(NODE_COLUMNS)).reset_index(drop=True)


def sewer_nodes(sewers: "geopandas.GeoDataFrame") -> "geopandas.GeoDataFrame":
    """Return manholes, pumps, overflows, outlets and gullies, without the columns of pipes."""
    nodes = sewers[sewers.geom_type == "Point"]
    return nodes.drop(columns=list(PIPE_COLUMNS)).reset_index(drop=True)
