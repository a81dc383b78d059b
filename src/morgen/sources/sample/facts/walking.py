"""Where people can go on foot: a network with bridges, alleys and dead ends, as a documented GeoPackage.

No national register holds it, so the columns are our own, in English, and described in ``docs/sample.md``.
"""

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from morgen.sources.sample.facts.alleys import ALLEY
from morgen.sources.sample.facts.network import Network
from morgen.sources.sample.facts.tables import INTEGER, REAL, TEXT, Table, write_tables
from morgen.sources.sample.frame import MUNICIPALITY
from morgen.sources.sample.wijk import Street, Wijk

__all__ = ["EDGE_COLUMNS", "NODE_COLUMNS", "write_walking"]

EDGE_COLUMNS = {
    "edge_id": TEXT,
    "from_node": TEXT,
    "to_node": TEXT,
    "kind": TEXT,
    "street": TEXT,
    "length": REAL,
    "width": REAL,
    "surface": TEXT,
    "is_bridge": INTEGER,
    "is_dead_end": INTEGER,
    "source": TEXT,
}
NODE_COLUMNS = {"node_id": TEXT, "kind": TEXT, "edges": INTEGER, "source": TEXT}
SOURCE = "Morgen, gegenereerd en fictief"
NARROWEST = 1.2
"""m."""


def write_walking(folder: Path, wijk: Wijk, network: Network) -> Path:
    """Write ``voetgangersnetwerk.gpkg`` with the layers ``edges`` and ``nodes``."""
    water = shapely.union_all([waterway.shape for waterway in wijk.waterways])
    shapely.prepare(water)
    west, south, east, north = wijk.bounds
    border = shapely.box(west + 1, south + 1, east - 1, north - 1)
    at_border = ~shapely.contains_xy(border, network.points)
    ends = (network.degree == 1) & ~at_border
    edges = [_edge(rank, network, water, ends) for rank in range(len(network.sections))]
    kinds = np.where(network.degree > 1, "junction", np.where(at_border, "border", "dead end"))
    nodes = [
        {
            "node_id": _node(rank),
            "kind": str(kinds[rank]),
            "edges": int(network.degree[rank]),
            "source": SOURCE,
            "geometry": shapely.Point(point),
        }
        for rank, point in enumerate(network.points)
    ]
    tables = [Table("edges", EDGE_COLUMNS, edges, "LineString"), Table("nodes", NODE_COLUMNS, nodes, "Point")]
    return write_tables(folder / "voetgangersnetwerk.gpkg", tables)


def _edge(rank: int, network: Network, water: Any, ends: Any) -> dict[str, Any]:
    section = network.sections[rank]
    over_water = bool(water.intersects(section.line))
    return {
        "edge_id": f"{MUNICIPALITY}-E{rank + 1:06d}",
        "from_node": _node(section.start),
        "to_node": _node(section.end),
        "kind": _kind(section.street),
        "street": section.street.name,
        "length": round(section.line.length, 2),
        "width": _width(section.street),
        "surface": section.street.material,
        "is_bridge": int(over_water),
        "is_dead_end": int(bool(ends[section.start] or ends[section.end])),
        "source": SOURCE,
        "geometry": section.line,
    }


def _node(rank: int) -> str:
    return f"{MUNICIPALITY}-N{rank + 1:06d}"


def _kind(street: Street) -> str:
    """Return 'path' without cars, 'alley', 'footpath' beside cars, or 'shared' where there is no footpath."""
    if street.walk_only or street.kind == ALLEY:
        return "alley" if street.kind == ALLEY else "path"
    return "footpath" if any(lane.kind == "footpath" for lane in (*street.left, *street.right)) else "shared"


def _width(street: Street) -> float:
    """Return the widest footpath, or the whole carriageway where people walk on it, m."""
    paths = [lane.width for lane in (*street.left, *street.right) if lane.kind == "footpath"]
    return max(NARROWEST, max(paths, default=street.carriageway))
