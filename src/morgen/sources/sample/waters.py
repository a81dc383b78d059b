"""Open water with its level, and the culverts that join it under streets."""

from collections.abc import Sequence

import shapely

from morgen.sources.sample.fill import FilledBlock
from morgen.sources.sample.sheet import Ditch, Sheet
from morgen.sources.sample.wijk import Culvert, Waterway

__all__ = ["OUTER_LEVEL", "WATER_LEVEL", "culverts_of", "ditch_water", "waterways_of"]

WATER_LEVEL = -0.25
"""Of canal, ditches and ponds, m NAP: about 0.7 m below the quay."""
OUTER_LEVEL = 0.1
"""Of the ditch on the river side of the dike, m NAP."""
DEPTH = {"canal": 2.1, "ditch": 0.9, "pond": 1.2}
"""m."""
CULVERT_DIAMETER = 0.8
CULVERT_COVER = 0.6
"""Depth of the inside bottom of a culvert below the water level, m."""
LEAST = 4.0
"""Water smaller than this, m2, is a mistake of the pencil."""


def waterways_of(sheet: Sheet, blocks: Sequence[FilledBlock], box: shapely.Polygon) -> tuple[Waterway, ...]:
    """Return canal, ditches and ponds within ``box``."""
    found = [_waterway("Dorpsvaart", "canal", sheet.canal, sheet.water, box, sheet)]
    found += [
        _waterway(ditch.name, "ditch", ditch.line, ditch_water(sheet, ditch), box, sheet)
        for ditch in sheet.ditches
    ]
    for block in blocks:
        for name, pond in block.layout.ponds:
            west, south, east, north = pond.bounds
            axis = shapely.LineString([(west, (south + north) / 2), (east, (south + north) / 2)])
            found.append(_waterway(name, "pond", axis.intersection(pond), pond, box, sheet))
    return tuple(waterway for waterway in found if waterway is not None)


def ditch_water(sheet: Sheet, ditch: Ditch) -> shapely.Geometry:
    """Return the open water of a ditch: streets and canal cut out."""
    taken = shapely.union_all([sheet.water, *(street.corridor for street in sheet.streets)])
    water = shapely.difference(ditch.water, taken)
    return shapely.union_all([part for part in shapely.get_parts(water) if part.area > LEAST])


def level_of(name: str, sheet: Sheet) -> float:
    """Return the usual level of a water, m NAP."""
    del sheet
    return OUTER_LEVEL if "Uiterdijkse" in name else WATER_LEVEL


def _waterway(
    name: str, kind: str, line: shapely.LineString, shape: shapely.Geometry, box: shapely.Polygon, sheet: Sheet
) -> Waterway | None:
    inside = shapely.intersection(shape, box)
    axis = shapely.intersection(line, box)
    if inside.area < LEAST or axis.is_empty:
        return None
    longest = max(shapely.get_parts(shapely.line_merge(axis)), key=lambda part: part.length)
    level = level_of(name, sheet)
    return Waterway(name, kind, longest, inside, level, round(level - DEPTH[kind], 2))


def culverts_of(sheet: Sheet, box: shapely.Polygon) -> tuple[Culvert, ...]:
    """Return a culvert wherever a street lies between two pieces of a ditch, or between a ditch and the canal."""
    found = []
    corridors = shapely.union_all([street.corridor for street in sheet.streets])
    dry = shapely.difference(corridors, sheet.water)
    for ditch in sheet.ditches:
        level = level_of(ditch.name, sheet)
        under = shapely.intersection(ditch.line, shapely.intersection(dry, box))
        for part in shapely.get_parts(shapely.line_merge(under)):
            if part.length < 2:  # noqa: PLR2004 - m; it only touches the street
                continue
            ends = [shapely.Point(part.coords[end]) for end in (0, -1)]
            names = tuple("Dorpsvaart" if end.distance(sheet.water) < 1.0 else ditch.name for end in ends)
            found.append(Culvert(part, CULVERT_DIAMETER, round(level - CULVERT_COVER, 2), (names[0], names[1])))
    return tuple(found)
