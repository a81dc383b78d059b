"""GWSW: sewers in the form of the open data of Stichting RIONED, with diameters and inverts in columns after it.

The first columns are exactly those of the "default" export. What that export lacks stands in columns named as the
GWSW ontology names the properties; a reader of the default export does not see them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import shapely

from morgen.sources.sample.facts.drainage import Drainage, Outfall
from morgen.sources.sample.facts.sewers import Heights, Tree
from morgen.sources.sample.facts.tables import INTEGER, REAL, TEXT, Table, write_tables
from morgen.sources.sample.frame import MUNICIPALITY, NAME
from morgen.sources.sample.wijk import Wijk

__all__ = ["LINE_COLUMNS", "POINT_COLUMNS", "write_gwsw"]

Row = dict[str, Any]

URI = "http://data.gwsw.nl/1.4/totaal/"
SYSTEM = f"vd/{NAME.lower()} {MUNICIPALITY} fictief"
POINT_COLUMNS = {
    **dict.fromkeys(("Stelsel", "Naam", "Type", "TypeNaam"), TEXT),
    "Maaiveldhoogte": REAL,
    "Drempelniveau": REAL,
    "Drempelbreedte": REAL,
    "Pompcapaciteit": REAL,
    "Begindatum": INTEGER,
}
LINE_COLUMNS = {
    **dict.fromkeys(("Stelsel", "Naam", "Type", "TypeNaam"), TEXT),
    "BeginpuntNaam": TEXT,
    "EindpuntNaam": TEXT,
    "BobBeginpuntLeiding": REAL,
    "BobEindpuntLeiding": REAL,
    "BreedteLeiding": INTEGER,
    "HoogteLeiding": INTEGER,
    "LengteLeiding": REAL,
    "VormLeiding": TEXT,
    "MateriaalLeiding": TEXT,
    "Begindatum": INTEGER,
}
BORDER_COLUMNS = dict.fromkeys(("Naam", "Type", "TypeNaam"), TEXT)
TYPES = {
    "Gemengd riool": "GemengdRiool",
    "Vuilwaterriool": "Vuilwaterriool",
    "Hemelwaterriool": "Hemelwaterriool",
    "Zinker": "Zinker",
    "Overstortleiding": "Overstortleiding",
    "Persleiding": "Persleiding",
    "Kolkaansluitleiding": "Kolkaansluitleiding",
    "Inspectieput": "Inspectieput",
    "Rioolgemaal": "Rioolgemaal",
    "Externe overstortput": "ExterneOverstortput",
    "Uitlaatconstructie": "Uitlaatconstructie",
    "Kolk": "Kolk",
    "Rioleringsgebied": "Rioleringsgebied",
}
"""Last part of the URI by name of the type."""
CREST_WIDTH = 2.5
"""Crest of an overflow, m."""
PRESSURE_DIAMETER = 250
"""mm."""
GULLY_DIAMETER = 125
GULLY_REACH = 25.0
"""A gully farther from any pipe, m, has none."""
PLASTIC_FROM = 0.3
"""Up to this diameter, m, pipes are of PVC, wider ones of concrete."""


def write_gwsw(
    folder: Path, wijk: Wijk, drainage: Drainage, *, gullies: Sequence[shapely.Point], heights: Heights
) -> Path:
    """Write ``gwsw_voorbeelddorp.gpkg`` with the layers default_buitengrens, default_punt and default_lijn."""
    joined = _gully_pipes(gullies, drainage)
    points = [*_manholes(drainage), *_ends(drainage), *_gullies([gully for gully, _ in joined], heights)]
    lines = [*_pipes(drainage), *_end_pipes(drainage), *(pipe for _, pipe in joined)]
    border = [{"Naam": SYSTEM, **_typed("Rioleringsgebied"), "geometry": wijk.box}]
    tables = [
        Table("default_buitengrens", BORDER_COLUMNS, border, "Polygon"),
        Table("default_punt", POINT_COLUMNS, points, "Point"),
        Table("default_lijn", LINE_COLUMNS, lines, "LineString"),
    ]
    return write_tables(folder / f"gwsw_{NAME.lower()}.gpkg", tables, fid="geo_id", geometry="geometry")


def _typed(name: str) -> Row:
    return {"Type": f"{URI}{TYPES[name]}", "TypeNaam": name}


def _name(tree: str, rank: int) -> str:
    """Return the name of a manhole: VD for the municipality, G or H for its pipes, and its number."""
    return f"VD{'G' if tree == 'foul' else 'H'}{rank + 1:05d}"


def _trees(drainage: Drainage) -> tuple[tuple[str, Tree], ...]:
    return ("foul", drainage.foul), ("rain", drainage.rain)


def _manholes(drainage: Drainage) -> Iterator[Row]:
    crests = {outfall.manhole: outfall.crest for outfall in drainage.outfalls if outfall.tree == "foul"}
    for name, tree in _trees(drainage):
        for rank, manhole in enumerate(tree.manholes):
            overflows = name == "foul" and rank in crests
            yield {
                "Stelsel": SYSTEM,
                "Naam": _name(name, rank),
                **_typed("Externe overstortput" if overflows else "Inspectieput"),
                "Maaiveldhoogte": manhole.ground,
                "Drempelniveau": crests[rank] if overflows else None,
                "Drempelbreedte": CREST_WIDTH if overflows else None,
                "Begindatum": manhole.section.street.year,
                "geometry": shapely.Point(manhole.point),
            }


def _ends(drainage: Drainage) -> Iterator[Row]:
    for number, station in enumerate(drainage.stations, start=1):
        yield {
            "Stelsel": SYSTEM,
            "Naam": f"VDRG{number:02d}",
            **_typed("Rioolgemaal"),
            "Maaiveldhoogte": drainage.foul.manholes[station.manhole].ground,
            "Pompcapaciteit": station.capacity,
            "geometry": shapely.Point(station.point),
        }
    for outfall in drainage.outfalls:
        yield {
            "Stelsel": SYSTEM,
            "Naam": _outlet_name(outfall),
            **_typed("Uitlaatconstructie"),
            "geometry": shapely.Point(outfall.line.coords[-1]),
        }


def _outlet_name(outfall: Outfall) -> str:
    return f"{_name(outfall.tree, outfall.manhole)}-U"


def _pipes(drainage: Drainage) -> Iterator[Row]:
    for name, tree in _trees(drainage):
        for pipe in tree.pipes:
            upper, lower = tree.manholes[pipe.upper], tree.manholes[pipe.lower]
            kind = "Hemelwaterriool" if name == "rain" else "Gemengd riool" if pipe.is_mixed else "Vuilwaterriool"
            line = shapely.LineString([upper.point, lower.point])
            yield {
                "Stelsel": SYSTEM,
                "Naam": f"{_name(name, pipe.upper)}-a",
                **_typed("Zinker" if pipe.crosses_water else kind),
                "BeginpuntNaam": _name(name, pipe.upper),
                "EindpuntNaam": _name(name, pipe.lower),
                "BobBeginpuntLeiding": pipe.upper_invert,
                "BobEindpuntLeiding": pipe.lower_invert,
                **_round_pipe(line, round(pipe.diameter * 1000)),
                "MateriaalLeiding": "PVC" if pipe.diameter <= PLASTIC_FROM else "Beton",
                "Begindatum": upper.section.street.year,
            }


def _round_pipe(line: shapely.LineString, diameter: int) -> Row:
    """Return shape and length of a round pipe; ``diameter`` in mm."""
    return {
        "BreedteLeiding": diameter,
        "HoogteLeiding": diameter,
        "LengteLeiding": round(line.length, 2),
        "VormLeiding": "Rond",
        "geometry": line,
    }


def _end_pipes(drainage: Drainage) -> Iterator[Row]:
    lowest = {name: {pipe.upper: pipe for pipe in tree.pipes} for name, tree in _trees(drainage)}
    into = {name: {pipe.lower: pipe for pipe in tree.pipes} for name, tree in _trees(drainage)}
    for outfall in drainage.outfalls:
        beside = lowest[outfall.tree].get(outfall.manhole) or into[outfall.tree][outfall.manhole]
        kind = "Hemelwaterriool" if outfall.tree == "rain" else "Overstortleiding"
        invert = outfall.crest if outfall.crest is not None else beside.lower_invert
        yield {
            "Stelsel": SYSTEM,
            "Naam": f"{_outlet_name(outfall)}-a",
            **_typed(kind),
            "BeginpuntNaam": _name(outfall.tree, outfall.manhole),
            "EindpuntNaam": _outlet_name(outfall),
            "BobBeginpuntLeiding": invert,
            "BobEindpuntLeiding": invert,
            **_round_pipe(outfall.line, max(500, round(beside.diameter * 1000))),
            "MateriaalLeiding": "Beton",
        }
    for number, station in enumerate(drainage.stations, start=1):
        root = _name("foul", station.manhole)
        to_station = shapely.LineString([drainage.foul.manholes[station.manhole].point, station.point])
        invert = into["foul"][station.manhole].lower_invert
        common: Row = {"Stelsel": SYSTEM, "MateriaalLeiding": "PVC"}
        yield common | {
            "Naam": f"{root}-a",
            **_typed("Gemengd riool"),
            "BeginpuntNaam": root,
            "EindpuntNaam": f"VDRG{number:02d}",
            "BobBeginpuntLeiding": invert,
            "BobEindpuntLeiding": invert,
            **_round_pipe(to_station, round(into["foul"][station.manhole].diameter * 1000)),
        }
        yield common | {
            "Naam": f"VDRG{number:02d}-a",
            **_typed("Persleiding"),
            "BeginpuntNaam": f"VDRG{number:02d}",
            **_round_pipe(station.main, PRESSURE_DIAMETER),
        }


def _gullies(gullies: Sequence[shapely.Point], heights: Heights) -> Iterator[Row]:
    ground = heights(shapely.get_coordinates(gullies))
    for number, (gully, height) in enumerate(zip(gullies, ground, strict=True), start=1):
        yield {
            "Stelsel": SYSTEM,
            "Naam": f"VDK{number:05d}",
            **_typed("Kolk"),
            "Maaiveldhoogte": round(float(height), 2),
            "geometry": gully,
        }


def _gully_pipes(gullies: Sequence[shapely.Point], drainage: Drainage) -> list[tuple[shapely.Point, Row]]:
    """Join every gully to the nearest pipe for rain, a rain pipe or a mixed one; one far from any is left out.

    Gullies of a road on a dike run to its slope, not to a sewer.
    """
    pipes = [
        (name, pipe, shapely.LineString([tree.manholes[pipe.upper].point, tree.manholes[pipe.lower].point]))
        for name, tree in reversed(_trees(drainage))
        for pipe in tree.pipes
        if name == "rain" or pipe.is_mixed
    ]
    if not pipes or not len(gullies):
        return []
    tree = shapely.STRtree([line for *_, line in pipes])
    _, nearest = tree.query_nearest(gullies, all_matches=False)
    found: list[tuple[shapely.Point, Row]] = []
    for gully, rank in zip(gullies, nearest.tolist(), strict=True):
        name, pipe, line = pipes[rank]
        if line.distance(gully) > GULLY_REACH:
            continue
        number = f"VDK{len(found) + 1:05d}"
        row = {
            "Stelsel": SYSTEM,
            "Naam": f"{number}-a",
            **_typed("Kolkaansluitleiding"),
            "BeginpuntNaam": number,
            "EindpuntNaam": f"{_name(name, pipe.upper)}-a",
            **_round_pipe(shapely.set_precision(shapely.shortest_line(gully, line), 0.01), GULLY_DIAMETER),
            "MateriaalLeiding": "PVC",
        }
        found.append((gully, row))
    return found
