"""Places that the wijk shares: schools, care, shops, sport, the church on its mound, and the park."""

from typing import Any

import numpy as np
import shapely
import shapely.affinity

from morgen.sources.sample.buildings import Building, Unit, flat_profile, gable_profile
from morgen.sources.sample.flats import STOREY, car_park
from morgen.sources.sample.layout import Layout, Site, site_of
from morgen.sources.sample.lines import Points, smooth
from morgen.sources.sample.palette import (
    BANK,
    BEDS,
    DRIVE,
    FIELD,
    FOOTPATH,
    GRASS,
    HARD_COURT,
    LAWN,
    PARK_PATH,
    PLAYGROUND,
    POND,
    SCHOOL_YARD,
    SHRUBS,
    SQUARE,
    WOOD,
)

__all__ = ["care", "church", "park", "school", "shops", "sports"]


def school(
    layout: Layout, rng: np.random.Generator, *, name: str, secondary: bool = False, towards: Points | None = None
) -> None:
    """Build a school of two wings around a yard, with a lawn, a shed for bicycles and a place for cars."""
    site = site_of(layout.block, towards=towards)
    half = min(site.long - 7, 50.0)
    top = min(site.wide - 6, 36.0)
    storeys = 2
    main = site.wing(-half, top - 13, flat_profile(13.0, height=storeys * 3.6), min(2 * half * 0.62, 58.0))
    side = site.wing(
        -half,
        max(top - 13 - 26, -site.wide + 6),
        flat_profile(12.0, height=4.0),
        min(26.0, top + site.wide - 19),
        turned=True,
    )
    gym = site.wing(-half + min(2 * half * 0.62, 58.0), top - 14, flat_profile(13.0, height=6.4), 22.0)
    area = round(0.85 * (main.width * 13 * storeys + side.width * 12))
    units = (
        Unit("onderwijsfunctie", area),
        Unit("sportfunctie", round(0.9 * 22 * 13)),
        Unit("bijeenkomstfunctie", 240),
    )
    kind = "school"
    building = Building(kind, (main, side, gym), layout.year, units, storeys, name=name)
    if not layout.put(building, room=0.5):
        building = Building(kind, (main, side), layout.year, (units[0], units[2]), storeys, name=name)
        layout.put(building, room=0.5)
    yard = site.rectangle(-half + 12, max(top - 46, -site.wide + 4), half * 0.55, top - 13)
    layout.claim(PLAYGROUND, site.rectangle(-half + 16, top - 25, -half + 25, top - 17))
    layout.put(
        Building(
            "shed",
            (site.wing(half * 0.55 - 3, top - 36, flat_profile(2.6, height=2.4), 14.0, turned=True),),
            layout.year,
        ),
        room=0.2,
    )
    layout.claim(SCHOOL_YARD, yard)
    layout.claim(FOOTPATH, site.path((-half + 20, top), (-half + 20, site.wide + 3), width=3.0))
    car_park(layout, site, (half * 0.55 + 3, -site.wide + 4, half * 0.55 + 18, -site.wide + 15), pits=False)
    layout.claim(DRIVE, site.path((half * 0.55 + 6, -site.wide + 5), (half * 0.55 + 6, -site.wide - 3), width=4.0))
    layout.basins.append(
        (site.rectangle(half * 0.6, -site.wide + 18, half + 4, top - 16).intersection(layout.block), 0.25)
    )
    for _ in range(14):
        at = site.at(
            float(rng.uniform(-site.long + 5, site.long - 5)), float(rng.uniform(-site.wide + 4, top - 18))
        )
        layout.trees.append((shapely.Point(at), 9.0))
    layout.claim(BEDS, site.rectangle(-half - 3, top - 13, -half, top))
    layout.rest = LAWN
    layout.open_places.append(("playground", f"Schoolplein {name}", yard.intersection(layout.block), 0))
    del secondary


def care(layout: Layout, rng: np.random.Generator) -> None:
    """Build a health centre, a community centre with a hall, and a day nursery, around a small green."""
    site = site_of(layout.block)
    a, b = site.long, site.wide
    health = Building(
        "health centre",
        (
            site.wing(-a + 14, b - 24, flat_profile(14.0, height=7.0), 34.0),
            site.wing(-a + 14, b - 42, flat_profile(12.0, height=3.8), 18.0, turned=True),
        ),
        layout.year,
        (Unit("gezondheidszorgfunctie", 620), Unit("gezondheidszorgfunctie", 140), Unit("winkelfunctie", 130)),
        2,
        name="Gezondheidscentrum De Linde",
    )
    centre = Building(
        "community centre",
        (
            site.wing(a - 40, b - 26, flat_profile(16.0, height=6.6), 24.0),
            site.wing(a - 52, b - 24, flat_profile(12.0, height=3.8), 12.0),
        ),
        layout.year + 3,
        (Unit("bijeenkomstfunctie,sportfunctie", 520), Unit("bijeenkomstfunctie", 180)),
        1,
        name="Buurthuis De Schuur",
    )
    nursery = Building(
        "childcare",
        (site.wing(-6, -b + 10, gable_profile(11.0, eaves=3.2, ridge=5.8), 26.0),),
        layout.year + 12,
        (Unit("bijeenkomstfunctie", 260),),
        1,
        name="Kinderdagverblijf Pluis",
    )
    for building in (health, centre, nursery):
        layout.put(building, room=1.0)
    layout.claim(PLAYGROUND, site.rectangle(-6, -b + 22, 20, -b + 30))
    layout.claim(
        SQUARE,
        site.rectangle(-a + 32, b - 32, a - 54, b - 24).union(site.rectangle(a - 66, b - 24, a - 52, b + 2)),
    )
    car_park(layout, site, (a - 46, -b + 8, a - 14, -b + 24))
    layout.claim(DRIVE, site.path((a - 30, -b + 8), (a - 30, -b - 3), width=5.0))
    layout.claim(FOOTPATH, site.path((-a - 2, 2), (a + 2, 2)))
    layout.claim(FOOTPATH, site.path((7, 2), (7, -b + 21)))
    for _ in range(18):
        layout.trees.append(
            (shapely.Point(site.at(float(rng.uniform(-a + 5, a - 5)), float(rng.uniform(-b + 5, b - 4)))), 9.0)
        )
    layout.rest = LAWN


def shops(layout: Layout, rng: np.random.Generator) -> None:
    """Build a shopping square: a supermarket, apartments over shops, a paved square with trees, and a car park."""
    site = site_of(layout.block)
    a, b = min(site.long - 3, 60.0), min(site.wide - 3, 42.0)
    over = 3
    units = [Unit("winkelfunctie", 110 + 15 * (rank % 4)) for rank in range(9)]
    units += [
        Unit("woonfunctie", 78 + 6 * (rank % 3), storey) for storey in range(1, over + 1) for rank in range(10)
    ]
    long = 2 * a - 26
    front = site.wing(-a + 4, b - 15, flat_profile(12.0, height=3.8 + over * STOREY + 0.5), long)
    layout.put(
        Building("shop", (front,), layout.year, tuple(units), over + 1, name="Winkels aan de markt"), room=0.5
    )
    market = site.wing(-a + 4, -b + 6, flat_profile(2 * b - 34, height=5.8), 40.0)
    layout.put(
        Building(
            "supermarket",
            (market,),
            layout.year + 8,
            (Unit("winkelfunctie", round(40 * (2 * b - 34) * 0.92)),),
            1,
            name="Supermarkt De Korf",
        ),
        room=0.5,
    )
    kiosk = site.wing(-a + 58, b - 30, gable_profile(5.0, eaves=2.8, ridge=4.2), 7.0)
    layout.put(Building("shop", (kiosk,), 1999, (Unit("winkelfunctie", 30),), 1), room=0.5)
    car_park(layout, site, (-a + 62, -b + 6, a - 2, b - 36))
    layout.claim(DRIVE, site.path((-a + 72, -b + 8), (-a + 72, -site.wide - 4), width=6.0))
    for u in np.arange(-a + 50, a - 6, 9.0):
        layout.trees.append((shapely.Point(site.at(float(u), b - 24)), 8.0))
    layout.claim(BEDS, site.rectangle(a - 18, b - 14, a - 4, b - 4))
    layout.trees += [(shapely.Point(site.at(a - 11 + float(rng.uniform(-3, 3)), b - 9)), 9.0)]
    layout.rest = SQUARE


def sports(layout: Layout, rng: np.random.Generator, *, at: shapely.Point) -> None:
    """Lay out two football pitches and tennis courts, with a sports hall, a clubhouse and cars."""
    site = Site(np.array([at.x, at.y]), site_of(layout.block).along, 94.0, 74.0)
    a, b = site.long, site.wide
    hall = Building(
        "sports hall",
        (
            site.wing(-a + 12, b - 46, flat_profile(30.0, height=9.4), 44.0),
            site.wing(-a + 12, b - 54, flat_profile(8.0, height=3.6), 44.0),
        ),
        layout.year,
        (Unit("sportfunctie", 1480), Unit("bijeenkomstfunctie", 160)),
        1,
        name="Sporthal De Dijk",
    )
    layout.put(hall)
    club = Building(
        "clubhouse",
        (site.wing(-8, b - 40, gable_profile(10.0, eaves=3.2, ridge=5.6), 26.0),),
        layout.year + 5,
        (Unit("sportfunctie,bijeenkomstfunctie", 230),),
        1,
        name="Voetbalvereniging De Zwaluw",
    )
    layout.put(club)
    for u, v, kind in ((-a + 3, -b + 8, "a"), (3.0, -b + 8, "b")):
        field = site.rectangle(u, v, u + 88.0, v + 58)
        layout.claim(FIELD, field)
        layout.open_places.append(
            ("sports field", f"Voetbalveld {kind.upper()}", field.intersection(layout.block), 22)
        )
    for rank in range(3):
        layout.claim(HARD_COURT, site.rectangle(24 + rank * 19, b - 46, 41 + rank * 19, b - 10))
    layout.open_places.append(
        ("sports field", "Tennisbanen", site.rectangle(24, b - 46, 79, b - 10).intersection(layout.block), 12)
    )
    car_park(layout, site, (-a + 12, b - 74, -a + 57, b - 58))
    layout.claim(DRIVE, site.path((-a - 4, b - 66), (-a + 14, b - 66), width=6.0))
    layout.claim(FOOTPATH, site.path((-a + 57, b - 56), (a - 6, b - 56), width=3.0))
    for u in np.arange(-a + 5, a - 3, 9.5):
        layout.trees.append((shapely.Point(site.at(float(u), -b + 7 + float(rng.uniform(-1, 1)))), 13.0))
        layout.trees.append((shapely.Point(site.at(float(u), b - 5 + float(rng.uniform(-1, 1)))), 12.0))
    layout.rest = GRASS


def church(layout: Layout, rng: np.random.Generator, *, at: shapely.Point) -> None:
    """Raise a church on a mound, in a green with old trees, behind a small square; reserve the ground."""
    site = Site(np.array([at.x, at.y]), np.array([0.966, 0.259]), 30.0, 24.0)
    nave = site.wing(-14, -6.5, gable_profile(13.0, eaves=7.5, ridge=15.5), 30.0)
    tower = site.wing(-21, -3.5, ((0.0, 24.0), (3.5, 38.0), (7.0, 24.0)), 7.0, hips=(3.5, 3.5))
    choir = site.wing(16, -4.5, gable_profile(9.0, eaves=6.0, ridge=11.5), 8.0, hips=(0.0, 4.0))
    building = Building(
        "church", (tower, nave, choir), 1504, (Unit("bijeenkomstfunctie", 430),), 1, name="Dorpskerk"
    )
    layout.put(building)
    mound = at.buffer(26.0, quad_segs=10)
    path = at.buffer(24.0, quad_segs=10).difference(at.buffer(21.8, quad_segs=10))
    layout.claim(SQUARE, site.rectangle(-46, -13, -24, 13))
    layout.claim(FOOTPATH, path.union(site.path((-24, 0), (-20, 0), width=3.0)))
    layout.claim(GRASS, mound)
    layout.mounds.append((at.buffer(17.0), 1.3))
    layout.reserved.append(mound.union(site.rectangle(-46, -13, -24, 13)))
    for angle in np.arange(0.0, 2 * np.pi, np.pi / 7):
        layout.trees.append((shapely.Point(at.x + 19.4 * np.cos(angle), at.y + 19.4 * np.sin(angle)), 14.0))
    layout.trees += [(shapely.Point(site.at(u, v)), 8.0) for u in (-42, -35, -28) for v in (-10.5, 10.5)]
    del rng


def park(layout: Layout, rng: np.random.Generator, *, name: str) -> None:
    """Lay out a park: a pond with an island, a path around it, groves, beds, and a playground."""
    site = site_of(layout.block)
    a, b = site.long, site.wide
    scale = min(a / 70, b / 60, 1.6)
    x, y = site.at(4 * scale, 2 * scale)
    pond: Any = _blob(
        shapely.Point(x, y),
        (36.0 * scale, 17.0 * scale),
        float(np.degrees(np.arctan2(site.along[1], site.along[0]))) + 12,
        rng,
    )
    pond = pond.intersection(layout.block.buffer(-12))
    layout.ponds.append((f"Vijver {name}", pond))
    layout.claim(POND, pond)
    layout.claim(BANK, pond.buffer(2.0))
    ring = pond.buffer(7.0, quad_segs=12)
    legs = [
        smooth(np.array([site.at(u * scale, v * scale) for u, v in leg])).buffer(1.1, cap_style="flat")
        for leg in LEGS
    ]
    paths = shapely.union_all([ring.difference(ring.buffer(-2.2)), shapely.union_all(legs).difference(ring)])
    layout.claim(PARK_PATH, paths)
    play = shapely.affinity.rotate(
        shapely.box(x + 40 * scale, y - 34 * scale, x + 40 * scale + 18, y - 34 * scale + 13), 6
    )
    layout.claim(PLAYGROUND, play)
    layout.open_places.append(("playground", f"Speelplek {name}", play.intersection(layout.block), 0))
    for u, v, heading in BEDS_AT:
        layout.claim(SHRUBS, _blob(shapely.Point(site.at(u * scale, v * scale)), (8.0, 3.5), heading, rng))
    for u, v in ((-50, 38), (52, 36), (-54, -36)):
        layout.claim(
            WOOD, _blob(shapely.Point(site.at(u * scale, v * scale)), (13.0 * scale, 8.0 * scale), 30, rng)
        )
    layout.basins.append((layout.block, 0.2))
    for _ in range(int(0.014 * layout.block.area / 1.6)):
        layout.trees.append(
            (
                shapely.Point(site.at(float(rng.uniform(-a, a)), float(rng.uniform(-b, b)))),
                float(rng.choice([8.0, 11.0, 14.0])),
            )
        )
    layout.open_places.append(("park", name, layout.block, 0))
    layout.rest = GRASS


LEGS = (
    ((-40, -8), (-62, -12), (-90, -4), (-130, -6)),
    ((-10, -22), (-24, -40), (-20, -62), (-26, -100)),
    ((34, 24), (46, 42), (44, 60), (48, 100)),
    ((44, -10), (64, -22), (90, -20), (130, -26)),
    ((-20, 24), (-40, 44), (-60, 62), (-80, 100)),
)
"""Paths from the pond to the streets (u, v)."""
BEDS_AT = ((-46, 12, 20), (-52, -22, 80), (-4, 40, 18), (18, -38, 5), (56, 6, 60), (52, 20, 20), (-44, -46, 8))


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
