"""What the streets are made of: carriageways with rounded corners, parking bays, footpaths, verges and banks."""

from collections.abc import Iterator

import numpy as np
import shapely

from morgen.sources.sample.cover import Claim, Cover
from morgen.sources.sample.lines import along, parallel, strip
from morgen.sources.sample.plan import Plan, Street

__all__ = ["BANK", "PIT", "WATER", "bridge_claims", "street_claims"]

WATER = Cover("waterdeel", "waterloop", relief="water")
BANK = Cover("ondersteunendwaterdeel", "oever, slootkant", relief="bank")
WALL = Cover("scheiding", "kademuur", relief="quay")
PARKING = Cover("wegdeel", "parkeervlak", "open verharding", "betonstraatstenen", relief="carriageway")
FOOTPATH = Cover("wegdeel", "voetpad", "open verharding", "tegels", relief="footpath")
TOWPATH = Cover("wegdeel", "voetpad", "half verhard", "schelpen", relief="footpath")
VERGE = Cover("ondersteunendwegdeel", "berm", "groenvoorziening", "gras- en kruidachtigen", relief="verge")
PIT = Cover("begroeidterreindeel", surface="groenvoorziening", plus="bodembedekkers", relief="verge")

CORNER_RADIUS = 4.0
"""Kerbs are rounded at junctions with this radius, m."""
JUNCTION_CLEAR = 6.0
"""No parking this close to another street, m."""
BAYS = 17.0
"""Length of a row of parking bays between two tree pits, m (three cars)."""
PIT_LENGTH = 1.8

Bay = tuple[Street, float, float, float]
"""A row of parking bays: street, distance of its middle from the axis, start and end along it, m."""


def carriageway_cover(street: Street) -> Cover:
    """Return the cover of the carriageway of ``street``; a path for walkers has no carriageway."""
    if street.walk_only:
        return TOWPATH
    surface = "gesloten verharding" if street.material == "asfalt" else "open verharding"
    return Cover("wegdeel", "rijbaan lokale weg", surface, street.material, relief="carriageway")


def street_claims(plan: Plan) -> list[Claim]:
    """Return the claims of canal and streets, the strongest first."""
    driven = [street for street in plan.streets if not street.walk_only]
    bays = list(_bays(plan))
    claims = [Claim(WATER, plan.canal.water)]
    claims += _lanes(plan, "wall", WALL)
    claims += _lanes(plan, "bank", BANK)
    claims += [Claim(carriageway_cover(street), piece) for street in driven for piece in _pieces(street, plan)]
    claims += [Claim(carriageway_cover(driven[0]), corner) for corner in _corners(driven)]
    claims += [Claim(PIT, pit) for pit in _pits(bays)]
    claims += [Claim(PARKING, bay) for bay in _parking(bays)]
    claims += [
        Claim(carriageway_cover(street), _carriageway(street)) for street in plan.streets if street.walk_only
    ]
    claims += _lanes(plan, "footpath", FOOTPATH)
    # Where parking gives way to a junction the footpath widens.
    claims += _lanes(plan, "parking", FOOTPATH)
    claims += _lanes(plan, "verge", VERGE)
    return claims


def _carriageway(street: Street) -> shapely.Polygon:
    return strip(street.line, -street.carriageway / 2, street.carriageway / 2)


def _pieces(street: Street, plan: Plan) -> list[shapely.Polygon]:
    """Cut a carriageway at its junctions: one BGT object from junction to junction."""
    whole = _carriageway(street)
    crossings = shapely.union_all(
        [_carriageway(other) for other in plan.streets if other is not street and not other.walk_only]
    )
    apart = whole.difference(crossings)
    return [*shapely.get_parts(apart), *shapely.get_parts(whole.intersection(crossings))]


def _corners(streets: list[Street]) -> list[shapely.Polygon]:
    """Return the triangles between two carriageways that a rounded kerb adds."""
    union = shapely.union_all([_carriageway(street) for street in streets])
    rounded = union.buffer(CORNER_RADIUS, quad_segs=6).buffer(-CORNER_RADIUS, quad_segs=6)
    pieces = shapely.get_parts(rounded.difference(union))
    return [piece for piece in pieces if 0.5 < piece.area < 30]  # noqa: PLR2004 - the rest is numerical dust


def _lanes(plan: Plan, kind: str, cover: Cover) -> list[Claim]:
    return [
        Claim(cover, strip(street.line, near, far))
        for street in plan.streets
        for lane, near, far in street.lanes()
        if lane == kind
    ]


def _clear(street: Street, plan: Plan) -> shapely.Geometry:
    others = [other.corridor.buffer(JUNCTION_CLEAR) for other in plan.streets if other is not street]
    return shapely.union_all([*others, plan.canal.water.buffer(14.0)] if street.name in plan.bridges else others)


def _bays(plan: Plan) -> Iterator[Bay]:
    """Yield every row of parking bays."""
    for street in plan.streets:
        for kind, near, far in street.lanes():
            if kind != "parking":
                continue
            middle = parallel(street.line, (near + far) / 2)
            for piece in shapely.get_parts(middle.difference(_clear(street, plan))):
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


def bridge_claims(plan: Plan) -> list[Claim]:
    """Return the decks over the canal (level 1): carriageway and footpaths from bank to bank."""
    span = shapely.union_all(
        [plan.canal.water, *(claim.shape for kind in ("wall", "bank") for claim in _lanes(plan, kind, BANK))]
    )
    claims = []
    for name in plan.bridges:
        street = plan.street(name)
        half = street.carriageway / 2
        claims.append(Claim(carriageway_cover(street), _carriageway(street).intersection(span)))
        claims += [
            Claim(FOOTPATH, strip(street.line, side * half, side * street.reach(side)).intersection(span))
            for side in (1, -1)
        ]
        deck = street.corridor.intersection(span)
        claims.append(Claim(Cover("overbruggingsdeel", "dek"), deck))
    return claims
