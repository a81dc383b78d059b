"""The reader of networks of footpaths, in the form that ``docs/sources.md`` describes."""

from pathlib import Path

from morgen.core.grid import Grid
from morgen.core.source import Role, Source
from morgen.sources.contract import Reader, Reading, Recognised
from morgen.sources.geopackage import find_tables, read_rows
from morgen.sources.network.paths import Piece, reading_of

__all__ = ["reader"]

FORMAT = "walking-network"
TAKEN_FOR = "a walking network"
EDGES = {"edges": ("edge_id", "from_node", "to_node", "kind")}


def _recognise(path: Path) -> Recognised | None:
    """Recognise a GeoPackage with a layer of edges: edge_id, from_node, to_node, kind."""
    found = find_tables(path, EDGES, taken_for=TAKEN_FOR)
    if not found:
        return None
    source = Source(id=str(path), title="Walking network, GeoPackage", format=FORMAT, role=Role.WALKING_NETWORK)
    return Recognised(path=path, source=source, bounds=found["edges"].bounds)


def _read(recognised: Recognised, grid: Grid) -> Reading:
    """Read the edges that meet the box of ``grid``; raises ``UnreadableSourceError`` with row and column."""
    path = recognised.path
    table = find_tables(path, EDGES, taken_for=TAKEN_FOR)["edges"]
    rows = read_rows(path, table, grid.bounds, taken_for=TAKEN_FOR)
    streets, bridges = rows.text("street"), rows.text("is_bridge")
    pieces = [
        Piece(identity, start, end, kind=kind.lower(), bridge=bridge == "1", street=street, line=line)
        for identity, start, end, kind, bridge, street, line in zip(
            rows.text("edge_id"),
            rows.text("from_node"),
            rows.text("to_node"),
            rows.text("kind"),
            bridges,
            streets,
            rows.shapes,
            strict=True,
        )
    ]
    names = ("from_node", "to_node")
    return reading_of(pieces, recognised, crs=rows.crs, taken_for=TAKEN_FOR, layer=table.name, ends=names)


reader = Reader(id=FORMAT, title="walking network in a GeoPackage", recognise=_recognise, read=_read)
