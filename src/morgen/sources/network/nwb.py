"""The reader of the NWB (Nationaal Wegenbestand, Rijkswaterstaat): road sections between junctions."""

from pathlib import Path

from morgen.core.grid import Grid
from morgen.core.source import Role, Source
from morgen.sources.contract import Reader, Reading, Recognised
from morgen.sources.geopackage import find_tables, read_rows
from morgen.sources.network.paths import Piece, reading_of

__all__ = ["reader"]

FORMAT = "nwb"
TAKEN_FOR = "a file of the NWB"
SECTIONS = {"sections": ("wvk_id", "jte_id_beg", "jte_id_end", "bst_code", "wegbehsrt")}
COLUMNS = ("wvk_id", "jte_id_beg", "jte_id_end", "bst_code", "wegbehsrt", "frc", "stt_naam")
NONE = "#"
"""What the delivery writes for no value."""
KINDS = {"FP": "cycle path", "VP": "footpath"}
"""BST_CODE of what is no carriageway. People may walk on a cycle path where there is no footpath (RVV art. 4)."""
STATE = "R"
"""WEGBEHSRT of the state: motorways and trunk roads, where nobody walks."""
MOTORWAYS = {"0", "1"}
"""FRC of OpenLR: motorways and first-class main roads."""


def _recognise(path: Path) -> Recognised | None:
    """Recognise a GeoPackage with a layer of Wegvakken: WVK_ID, JTE_ID_BEG, JTE_ID_END, BST_CODE, WEGBEHSRT."""
    found = find_tables(path, SECTIONS, taken_for=TAKEN_FOR)
    if not found:
        return None
    source = Source(
        id=str(path),
        title="NWB road sections, GeoPackage",
        format=FORMAT,
        role=Role.WALKING_NETWORK,
        publisher="Rijkswaterstaat",
        licence="CC0-1.0",
        attribution="Nationaal Wegenbestand (NWB), Rijkswaterstaat",
    )
    return Recognised(path=path, source=source, bounds=found["sections"].bounds)


def _read(recognised: Recognised, grid: Grid) -> Reading:
    """Read the sections that meet the box of ``grid``; raises ``UnreadableSourceError`` with row and column."""
    path = recognised.path
    table = find_tables(path, SECTIONS, taken_for=TAKEN_FOR)["sections"]
    rows = read_rows(path, table, grid.bounds, taken_for=TAKEN_FOR)
    level = rows.numbers("rel_hoogte")
    columns = [rows.text(name) for name in COLUMNS]
    pieces = []
    for row, (identity, start, end, code, owner, importance, street) in enumerate(zip(*columns, strict=True)):
        main = code not in KINDS and (owner == STATE or importance in MOTORWAYS)
        piece = Piece(
            identity,
            start,
            end,
            kind="main road" if main else KINDS.get(code, "road"),
            bridge=bool(level[row] > 0),
            street="" if street == NONE else street,
            line=rows.shapes[row],
            walkable=not main,
        )
        pieces.append(piece)
    names = ("JTE_ID_BEG", "JTE_ID_END")
    return reading_of(pieces, recognised, crs=rows.crs, taken_for=TAKEN_FOR, layer=table.name, ends=names)


reader = Reader(id=FORMAT, title="NWB road sections in a GeoPackage", recognise=_recognise, read=_read)
