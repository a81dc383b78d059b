"""The reader of lists of places that a municipality keeps itself, with their capacity (``docs/sources.md``)."""

from pathlib import Path

import numpy as np
import shapely

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Grid
from morgen.core.source import Role, Source
from morgen.sources.contract import Reader, Reading, Recognised
from morgen.sources.facilities.kinds import kind_of
from morgen.sources.facilities.place import Place, to_frame
from morgen.sources.geopackage import find_tables, read_rows
from morgen.sources.identifiers import bag_id

__all__ = ["reader"]

FORMAT = "places"
TAKEN_FOR = "a list of places"
WANTED = {"places": ("id", "kind", "name", "capacity", "floor_area")}


def _recognise(path: Path) -> Recognised | None:
    """Recognise a GeoPackage with a layer that has the columns id, kind, name, capacity and floor_area."""
    found = find_tables(path, WANTED, taken_for=TAKEN_FOR)
    if not found:
        return None
    source = Source(id=str(path), title="List of places, GeoPackage", format=FORMAT, role=Role.FACILITIES)
    return Recognised(path=path, source=source, bounds=found["places"].bounds)


def _read(recognised: Recognised, grid: Grid) -> Reading:
    """Read the places in the box of ``grid``; raises ``UnreadableSourceError`` with row and column."""
    path = recognised.path
    table = find_tables(path, WANTED, taken_for=TAKEN_FOR)["places"]
    rows = read_rows(path, table, grid.bounds, taken_for=TAKEN_FOR)
    capacity, floor = rows.numbers("capacity"), rows.numbers("floor_area")
    for name, values in (("capacity", capacity), ("floor_area", floor)):
        if (values < 0).any():
            row = int(np.flatnonzero(values < 0)[0])
            problem = f"its {name} is {values[row]:g}, but it must be 0 or more, or empty when it is not known"
            where = f"layer {table.name}, row {row + 1} of the area, {rows.cell('id', row)}"
            raise UnreadableSourceError(path, taken_for=TAKEN_FOR, problem=problem, where=where)
    places = [
        Place(
            rows.cell("id", row),
            kind_of(rows.cell("kind", row)),
            name=rows.cell("name", row),
            floor_area=float(floor[row]) if floor[row] > 0 else np.nan,
            capacity=float(capacity[row]),
            capacity_unit=rows.cell("unit", row),
            bag_id=bag_id(rows.cell("bag_id", row)),
            geometry=shapely.centroid(shape),
        )
        for row, shape in enumerate(rows.shapes)
        if shape is not None and not shape.is_empty and rows.cell("kind", row)
    ]
    lost = len(rows) - len(places)
    remarks = (f"{lost} places have no kind or no point; they were left out.",) if lost else ()
    return Reading(to_frame(places), len(places), rows.crs, recognised.bounds, remarks=remarks)


reader = Reader(id=FORMAT, title="list of places in a GeoPackage", recognise=_recognise, read=_read)
