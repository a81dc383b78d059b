"""What the streets are made of: carriageways with rounded corners, bays, footpaths, cycle paths, verges, banks."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from morgen.sources.sample.cover import Claim, Cover
from morgen.sources.sample.lines import along, parallel, strip
from morgen.sources.sample.palette import (
    CYCLE_PATH,
    DIKE_SLOPE,
    FOOTPATH,
    ISLAND,
    PARKING,
    PIT,
    VERGE,
    WALL,
    WATER,
)
from morgen.sources.sample.sheet import Sheet
from morgen.sources.sample.street import Street

__all__ = ["bridge_claims", "ring_claims", "street_claims"]

CORNER_RADIUS = 4.0
"""Kerbs are rounded at junctions with this radius, m."""
JUNCTION_CLEAR = 6.0
"""No parking this close to another street, m."""
BAYS = 17.0
"""Length of a row of parking bays between two tree pits, m (three cars)."""
PIT_LENGTH = 1.8
RINGS = ((7.0, ISLAND), (13.2, None), (15.0, VERGE), (17.4, CYCLE_PATH), (20.0, FOOTPATH))
"""A roundabout: outer radius of each ring, m, and its cover; None is its carriageway."""
ABUTMENT = 0.4
"""A deck lies on its abutments by this much, m."""

Bay = tuple[Street, float, float, float]
"""A row of parking bays: street, distance of its middle from the axis, start and end along it, m."""


def carriageway_cover(street: Street) -> Cover:
    """Return the cover of the carriageway of ``street``; a path for walkers has none but itself."""
    surface = "gesloten verharding" if street.material == "asfalt" else "open verharding"
    if street.kind == "path":
        function = "fietspad" if street.material == "asfalt" else "voetpad"
        return Cover("wegdeel", function, surface, street.material, relief="footpath")
    function = {"home zone": "woonerf", "through road": "rijbaan regionale weg"}.get(
        street.kind, "rijbaan lokale weg"
    )
    relief = "shared" if street.kind == "home zone" else "carriageway"
    return Cover("wegdeel", function, surface, street.material, relief=relief)


def street_claims(sheet: Sheet, window: shapely.Polygon) -> list[Claim]:
    """Return the claims of canal and streets that lie in ``window``, the strongest first."""
    near = [street for street in sheet.streets if street.corridor.intersects(window)]
    driven = [street for street in near if not street.walk_only]
    bays = list(_bays(near, sheet))
    claims = [Claim(WATER, sheet.water), *_lanes(near, "wall", WALL)]
    claims += _roundabouts(sheet)
    claims += [Claim(carriageway_cover(street), piece) for street in driven for piece in _pieces(street, driven)]
    claims += [Claim(carriageway_cover(driven[0]), corner) for corner in _corners(driven, sheet)]
    claims += [Claim(PIT, pit) for pit in _pits(bays)]
    claims += [Claim(PARKING, bay) for bay in _parking(bays)]
    claims += [Claim(carriageway_cover(street), street.surface) for street in near if street.walk_only]
    claims += _lanes(near, "cycle path", CYCLE_PATH)
    claims += _lanes(near, "footpath", FOOTPATH)
    # Where parking gives way to a junction the footpath widens.
    claims += _lanes(near, "parking", FOOTPATH)
    claims += _lanes(near, "verge", VERGE)
    claims += _lanes(near, "slope", DIKE_SLOPE)
    return [claim for claim in claims if claim.shape.intersects(window)]


def _roundabouts(sheet: Sheet) -> list[Claim]:
    """Return island, carriageway, verge, cycle path and footpath of every roundabout.

    The island and the carriageway come before the roads; the rings around them after, so that roads cut them.
    """
    claims = []
    for point in sheet.roundabouts:
        road = Cover("wegdeel", "rijbaan lokale weg", "gesloten verharding", "asfalt", relief="carriageway")
        inner = 0.0
        for radius, cover in RINGS[:2]:
            ring: Any = point.buffer(radius, quad_segs=16)
            if inner:
                ring = ring.difference(point.buffer(inner, quad_segs=16))
            claims.append(Claim(cover or road, ring))
            inner = radius
    return claims


def ring_claims(sheet: Sheet, window: shapely.Polygon) -> list[Claim]:
    """Return the outer rings of the roundabouts; roads have the better right."""
    claims = []
    for point in sheet.roundabouts:
        inner = RINGS[1][0]
        for radius, cover in RINGS[2:]:
            ring = point.buffer(radius, quad_segs=16).difference(point.buffer(inner, quad_segs=16))
            claims.append(Claim(cover or FOOTPATH, ring))
            inner = radius
    return [claim for claim in claims if claim.shape.intersects(window)]


def _pieces(street: Street, driven: list[Street]) -> list[Any]:
    """Cut a carriageway at its junctions: one BGT object from junction to junction."""
    whole = street.surface
    others = [other.surface for other in driven if other is not street]
    crossings = shapely.union_all([other for other in others if other.intersects(whole)])
    apart = whole.difference(crossings)
    return [*shapely.get_parts(apart), *shapely.get_parts(whole.intersection(crossings))]


def _corners(streets: list[Street], sheet: Sheet) -> list[Any]:
    """Return the triangles between two carriageways that a rounded kerb adds."""
    rounds = [point.buffer(RINGS[1][0], quad_segs=16) for point in sheet.roundabouts]
    union = shapely.union_all([*(street.surface for street in streets), *rounds])
    rounded = union.buffer(CORNER_RADIUS, quad_segs=6).buffer(-CORNER_RADIUS, quad_segs=6)
    pieces = shapely.get_parts(rounded.difference(union))
    return [piece for piece in pieces if 0.5 < piece.area < 45]  # noqa: PLR2004 - the rest is numerical dust


def _lanes(streets: list[Street], kind: str, cover: Cover) -> list[Claim]:
    return [
        Claim(cover, strip(street.line, near, far))
        for street in streets
        for lane, near, far in street.lanes()
        if lane == kind
    ]


def _clear(street: Street, streets: list[Street], sheet: Sheet) -> Any:
    whole = street.corridor.buffer(JUNCTION_CLEAR)
    others = [other.corridor for other in streets if other is not street and other.corridor.intersects(whole)]
    rounds = [point.buffer(RINGS[-1][0]) for point in sheet.roundabouts]
    taken = shapely.union_all([*others, *rounds]).buffer(JUNCTION_CLEAR)
    return taken.union(sheet.water.buffer(14.0)) if street.crosses else taken


def _bays(streets: list[Street], sheet: Sheet) -> Iterator[Bay]:
    """Yield every row of parking bays."""
    for street in streets:
        lanes = [(near, far) for kind, near, far in street.lanes() if kind == "parking"]
        clear = _clear(street, streets, sheet) if lanes else None
        for near, far in lanes:
            middle = parallel(street.line, (near + far) / 2)
            for piece in shapely.get_parts(middle.difference(clear)):
                first, last = (middle.project(shapely.Point(piece.coords[end])) for end in (0, -1))
                count = max(int((last - first) // (BAYS + PIT_LENGTH)), 1)
                pitch = (last - first) / count
                for index in range(count):
                    start = first + index * pitch
                    yield street, (near + far) / 2, start, start + pitch


def _stretch(street: Street, distance: float, start: float, end: float, width: float) -> shapely.Polygon:
    line = parallel(street.line, distance)
    places = [start, *np.arange(start + 4, end - 1, 4.0), end]
    points = [along(line, place)[0] for place in places]
    return strip(shapely.LineString(points), -width / 2, width / 2)


def _parking(bays: list[Bay]) -> list[shapely.Polygon]:
    return [
        _stretch(street, middle, start, end, 2.0)
        for street, middle, start, end in bays
        if end - start > 5  # noqa: PLR2004 - one car
    ]


def _pits(bays: list[Bay]) -> list[shapely.Polygon]:
    return [
        _stretch(street, middle, start, start + PIT_LENGTH, 2.0)
        for street, middle, start, end in bays
        if end - start > 10  # noqa: PLR2004 - no tree for a single bay
    ]


def bridge_claims(sheet: Sheet, window: shapely.Polygon) -> list[Claim]:
    """Return the decks over the canal (level 1): deck, carriageway and paths, from abutment to abutment."""
    span = sheet.water.buffer(ABUTMENT + 0.5, cap_style="flat")
    claims = []
    for street in sheet.streets:
        if not street.crosses:
            continue
        claims.append(Claim(Cover("overbruggingsdeel", "dek"), street.corridor.intersection(span)))
        claims.append(Claim(carriageway_cover(street), street.surface.intersection(span)))
        for kind, near, far in street.lanes():
            cover = CYCLE_PATH if kind == "cycle path" else VERGE_ON_DECK if kind == "verge" else FOOTPATH
            claims.append(Claim(cover, strip(street.line, near, far).intersection(span)))
    return [claim for claim in claims if window.covers(claim.shape)]


VERGE_ON_DECK = Cover(
    "ondersteunendwegdeel", "verkeerseiland", "open verharding", "betonstraatstenen", relief="verge"
)
