"""A small wijk in memory: a street with plots on both sides, an old hall on one of them."""

from typing import Any

import geopandas
import numpy as np
import shapely

from morgen.core.situation import Situation
from morgen.testing import building, situation

FRONT, DEPTH = 50.0, 40.0
STREET = 100.0
HALL = shapely.box(60, 112, 85, 132)
EVERYTHING = "woonfunctie,onderwijsfunctie,bijeenkomstfunctie,gezondheidszorgfunctie,winkelfunctie,sportfunctie"


def plot(name: str, west: float, south: float, **changed: Any) -> dict[str, Any]:
    """Return a plot of 50 by 40 m."""
    rules = {
        "plot_id": name,
        "site": "Kade",
        "kind": "plot",
        "allowed_uses": EVERYTHING,
        "max_height": 20.0,
        "max_storeys": 5,
        "max_coverage": 0.5,
        "min_green": 0.2,
        "max_floor_area": 5000.0,
        "dwellings": 30,
        "noise": np.nan,
        "source_id": "test",
        "geometry": shapely.box(west, south, west + FRONT, south + DEPTH),
    }
    return {**rules, **changed}


NORTH = tuple(plot(f"N{number}", 5 + FRONT * number, STREET + 5) for number in range(4))
SOUTH = tuple(plot(f"S{number}", 5 + FRONT * number, STREET - 5 - DEPTH) for number in range(4))


def street() -> geopandas.GeoDataFrame:
    """Return one street from west to east."""
    row = {
        "path_id": "1",
        "from_node": "a",
        "to_node": "b",
        "length": 210.0,
        "kind": "footpath",
        "walkable": True,
        "bridge": False,
        "street": "Kade",
        "geometry": shapely.LineString([(0, STREET), (210, STREET)]),
    }
    return geopandas.GeoDataFrame([row], geometry="geometry")


def wijk(*plots: dict[str, Any], depth: Any = None, **layers: Any) -> Situation:
    """Return the wijk with these plots, or all eight; ``depth`` is the water of a storm, (210, 210) m."""
    rows = plots or (*NORTH, *SOUTH)
    others: dict[str, Any] = {
        "plots": geopandas.GeoDataFrame(list(rows), geometry="geometry"),
        "paths": street(),
        **layers,
    }
    if depth is not None:
        others["flood_depth"] = depth
    hall = building("0503100000000001", HALL, use="industriefunctie", height=7.5)
    return situation(np.zeros((210, 210)), buildings=[hall], others=others)
