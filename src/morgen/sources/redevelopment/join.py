"""One layer of plots out of several plans."""

from typing import TYPE_CHECKING

from morgen.sources.contract import PLOT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas

__all__ = ["empty_plots", "join_plots"]

NUMBERS = ("max_height", "max_coverage", "min_green", "max_floor_area", "noise")


def empty_plots() -> "geopandas.GeoDataFrame":
    """Return a frame with ``PLOT_COLUMNS`` and no row."""
    import geopandas

    frame = geopandas.GeoDataFrame(
        {name: [] for name in PLOT_COLUMNS if name != "geometry"}, geometry=[], crs="EPSG:28992"
    )
    kinds = dict.fromkeys(NUMBERS, "float64") | {"max_storeys": "int64", "dwellings": "int64"}
    return frame.astype({name: kinds.get(name, "object") for name in PLOT_COLUMNS if name != "geometry"})


def join_plots(frames: "Sequence[geopandas.GeoDataFrame]") -> "geopandas.GeoDataFrame":
    """Return the ``plots`` layer: the plots of all plans, in their order, with ``source_id``.

    Frames have ``PLOT_COLUMNS`` and ``source_id``, RD New.
    """
    import geopandas
    import pandas as pd

    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return empty_plots().assign(source_id="")
    joined = pd.concat([frame[[*PLOT_COLUMNS, "source_id"]] for frame in filled], ignore_index=True)
    return geopandas.GeoDataFrame(joined, geometry="geometry", crs="EPSG:28992")
