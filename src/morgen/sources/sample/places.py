"""The two blocks without terraces: a park with a pond, and a flat on a lawn with a sunken car park."""

from dataclasses import dataclass

import numpy as np
import shapely
import shapely.affinity

from morgen.sources.sample.buildings import Building, Wing, flat_profile
from morgen.sources.sample.cover import Claim, Cover
from morgen.sources.sample.lines import along, smooth
from morgen.sources.sample.plan import Plan
from morgen.sources.sample.street_cover import BANK, FOOTPATH

__all__ = ["Flat", "Park", "flat", "park"]

POND = Cover("waterdeel", "watervlakte", plus="meer, plas, ven, vijver", relief="water")
PARK_PATH = Cover("wegdeel", "voetpad", "half verhard", "grind", relief="park")
GRASS = Cover("begroeidterreindeel", surface="groenvoorziening", plus="gras- en kruidachtigen", relief="park")
SHRUBS = Cover("begroeidterreindeel", surface="groenvoorziening", plus="heesters", relief="park")
PLAYGROUND = Cover("onbegroeidterreindeel", surface="zand", relief="park")
LAWN = Cover("begroeidterreindeel", surface="groenvoorziening", plus="gras- en kruidachtigen", relief="garden")
COURT = Cover("wegdeel", "parkeervlak", "open verharding", "betonstraatstenen", relief="court")
RAMP = Cover("wegdeel", "inrit", "open verharding", "betonstraatstenen", relief="court")
YARD = Cover("onbegroeidterreindeel", surface="erf", relief="garden")
BANK_WIDTH = 1.6


@dataclass(frozen=True)
class Park:
    """The park: claims in order, the pond, and the building in it."""

    block: shapely.Polygon
    pond: shapely.Polygon
    claims: tuple[Claim, ...]
    building: Building


@dataclass(frozen=True)
class Flat:
    """The flat: claims in order, its building, and the sunken court."""

    block: shapely.Polygon
    court: shapely.Polygon
    ramp: shapely.Polygon
    claims: tuple[Claim, ...]
    building: Building
    planned: Building
    """A permit only: it is in the BAG, but nothing stands yet."""


def _block_at(plan: Plan, point: shapely.Point) -> shapely.Polygon:
    return next(block for block in plan.blocks() if block.contains(point))


def _blob(
    centre: shapely.Point, size: tuple[float, float], heading: float, rng: np.random.Generator
) -> shapely.Polygon:
    """Return a round shape with a few gentle waves, as a landscape architect would draw a pond."""
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    waves = np.zeros_like(angle)
    for turns in (2, 3, 4):
        waves += rng.uniform(0.04, 0.11) * np.cos(turns * angle + rng.uniform(0, 2 * np.pi))
    shape = np.column_stack([np.cos(angle) * size[0], np.sin(angle) * size[1]]) * (1 + waves)[:, None]
    placed = shapely.affinity.rotate(shapely.Polygon(shape), heading, origin=(0, 0))
    return shapely.affinity.translate(placed, centre.x, centre.y)


def park(plan: Plan, rng: np.random.Generator) -> Park:
    """Lay out the park: a pond with banks, a path around it with legs to the streets, shrubs and a playground."""
    block = _block_at(plan, plan.park_at)
    x, y = plan.park_at.x, plan.park_at.y
    pond = _blob(shapely.Point(x + 2, y + 3), (21.0, 11.5), 14.0, rng)
    ring = pond.buffer(BANK_WIDTH + 4.5, quad_segs=12)
    legs = shapely.union_all(
        [
            smooth(np.array([(x + a, y + b), (x + c, y + d), (x + e, y + f)])).buffer(1.0, cap_style="flat")
            for a, b, c, d, e, f in (
                (-24, -3, -38, -4, -66, -2),
                (-5, -13, -12, -22, -14, -45),
                (20, 14, 26, 22, 27, 50),
                (24, -5, 38, -12, 64, -14),
            )
        ]
    )
    paths = shapely.union_all([ring.difference(ring.buffer(-2.0)), legs.difference(ring)])
    shrubs = [_blob(shapely.Point(x + a, y + b), (7.0, 3.0), h, rng) for a, b, h in SHRUB_BEDS]
    play = shapely.affinity.rotate(shapely.box(x + 25, y - 34, x + 39, y - 24), 6)
    building = _community_house(plan)
    yard = building.footprint.buffer(3.0, join_style="mitre").intersection(block)
    claims = [Claim(POND, pond), Claim(BANK, pond.buffer(BANK_WIDTH)), Claim(PARK_PATH, paths.intersection(block))]
    claims += [Claim(PLAYGROUND, play), Claim(YARD, yard)]
    claims += [Claim(SHRUBS, bed.intersection(block)) for bed in shrubs]
    claims.append(Claim(GRASS, block))
    return Park(block, pond, tuple(claims), building)


SHRUB_BEDS = ((-32, 8, 20), (-34, -14, 80), (-2, 24, 18), (12, -24, 5), (38, 4, 60), (36, 22, 20), (-30, -30, 8))
"""(east, north, heading) of the shrub beds, from the middle of the park, m and degrees."""


def _community_house(plan: Plan) -> Building:
    """Place a low neighbourhood house on the street side of the park, in two wings."""
    street = plan.street("Dorpsweg")
    at, heading = along(street.line, street.line.project(plan.park_at) - 27)
    inward = np.array([-heading[1], heading[0]])
    corner = at + inward * (street.reach(1) + 4.0)
    direction = (float(heading[0]), float(heading[1]))
    hall = Wing((float(corner[0]), float(corner[1])), direction, 14.0, flat_profile(13.0, height=6.2))
    beside = corner + heading * 14.0
    rooms = Wing((float(beside[0]), float(beside[1])), direction, 9.0, flat_profile(10.0, height=3.6))
    return Building("community", (hall, rooms), 1996, "bijeenkomstfunctie,sportfunctie", 1, (265,), "2")


def flat(plan: Plan) -> Flat:
    """Lay out the flat: six storeys along a lawn, storerooms against it, and a sunken car park behind."""
    block = _block_at(plan, plan.flat_at)
    street = plan.street("Dorpsweg")
    at, heading = along(street.line, street.line.project(plan.flat_at))
    towards = np.array([heading[1], -heading[0]])  # away from the street, into the block

    def place(right: float, deep: float) -> tuple[float, float]:
        point = at + heading * right + towards * (street.reach(-1) + deep)
        return float(point[0]), float(point[1])

    def plot(west: float, near: float, east: float, far: float) -> shapely.Polygon:
        corners = ((west, near), (east, near), (east, far), (west, far))
        return shapely.Polygon([place(*corner) for corner in corners])

    backwards = (-float(heading[0]), -float(heading[1]))
    slab = Wing(place(24, 9), backwards, 56.0, flat_profile(12.0, height=17.8))
    stores = Wing(place(24, 21), backwards, 20.0, flat_profile(3.6, height=3.0))
    areas = tuple(68 if index % 4 else 84 for index in range(42))
    building = Building("flat", (slab, stores), 1969, "woonfunctie", 6, areas, "1-83")
    court, ramp = plot(-31, 27, 3, 40), plot(3, 30, 12, 36)
    access = plot(12, 30, 18, 75).union(plot(3, 30, 18, 36))
    front, entrance = plot(-36, 5.5, 28, 7.5), plot(-9, 0, -6, 9)
    around = plot(-32, 21, 5, 27).union(plot(5, 21, 28, 30))
    claims = (
        Claim(COURT, court),
        Claim(RAMP, ramp),
        Claim(RAMP, access.intersection(block)),
        Claim(FOOTPATH, shapely.union_all([front, entrance]).intersection(block)),
        Claim(FOOTPATH, around.intersection(block)),
        Claim(LAWN, block),
    )
    corner = Wing(place(-20, 62), (float(heading[0]), float(heading[1])), 12.0, flat_profile(9.0, height=6.0))
    planned = Building("planned", (corner,), 2026, "woonfunctie", 2, (92,), status="Bouwvergunning verleend")
    return Flat(block, court, ramp, claims, building, planned)
