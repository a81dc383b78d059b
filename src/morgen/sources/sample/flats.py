"""Flats in green: slabs with porches, galleries, towers, and apartments around a court."""

from dataclasses import replace

import numpy as np
import shapely

from morgen.sources.sample.buildings import Building, Unit, Wing, flat_profile, gable_profile, setback_profile
from morgen.sources.sample.layout import Layout, Site, site_of
from morgen.sources.sample.palette import BAY, BEDS, CAR_LANE, DRIVE, FOOTPATH, LAWN, PLAYGROUND

__all__ = ["apartments", "car_park", "gallery_flat", "open_slabs", "towers"]

STOREY = 2.8
FLAT_ROOFS = 1962
"""From this year slabs have flat roofs."""
DWELLING = "woonfunctie"


def car_park(layout: Layout, site: Site, box: tuple[float, float, float, float], *, pits: bool = True) -> None:
    """Lay out bays on both sides of lanes along u: 5 m deep, lanes of 6 m, a tree after every six cars."""
    west, south, east, north = box
    row = south
    while row + 11 <= north + 0.1:
        double = row + 16 <= north + 0.1
        for start in (row, row + 11) if double else (row,):
            at = west
            while at + 15 <= east + 0.1:
                if pits:
                    layout.claim(BEDS, site.rectangle(at, start, at + 1.6, start + 5))
                    layout.trees.append((shapely.Point(site.at(at + 0.8, start + 2.5)), 6.5))
                layout.claim(BAY, site.rectangle(at + (1.6 if pits else 0.0), start, at + 15, start + 5))
                at += 15
        row += 16 if double else 11
    layout.claim(CAR_LANE, site.rectangle(west, south, east, north))


def _slab(
    site: Site,
    corner: tuple[float, float],
    length: float,
    *,
    storeys: int,
    year: int,
    turned: bool,
    depth: float = 10.4,
    roof: float = 0.0,
    kind: str = "flat",
    first: Unit | None = None,
    per_storey: int = 0,
    area: int = 72,
) -> Building:
    height = storeys * STOREY + 0.6
    profile = (
        gable_profile(depth, eaves=height, ridge=height + roof) if roof else flat_profile(depth, height=height)
    )
    wing = site.wing(*corner, profile, length, turned=turned)
    count = per_storey or max(int(length // 7.2), 1)
    units = [
        Unit(DWELLING, area + (12 if rank % 4 == 0 else 0), storey)
        for storey in range(storeys)
        for rank in range(count)
    ]
    if first is not None:
        units = [first, *units[count:]]
    return Building(kind, (wing,), year, tuple(units), storeys)


def open_slabs(layout: Layout, rng: np.random.Generator) -> None:
    """Set four-storey slabs across the block in open green, each with its path, stores and bays."""
    site = site_of(layout.block)
    length = min(2 * site.wide - 26.0, 64.0)
    pitch = 33.0
    count = max(int((2 * site.long - 18.0) // pitch), 1)
    first = -(count - 1) * pitch / 2
    for rank in range(count):
        u = first + rank * pitch
        shift = float(rng.choice([-5.0, 0.0, 5.0]))
        south = -length / 2 + shift
        storeys = 4 if rank % 3 else 3
        slab = _slab(
            site,
            (u - 5.2, south),
            length,
            storeys=storeys,
            year=layout.year,
            turned=True,
            roof=1.9 if layout.year < FLAT_ROOFS else 0.0,
        )
        if not layout.put(slab, room=4.0):
            continue
        stores = Building(
            "shed", (site.wing(u + 13, south + 6, flat_profile(4.0, height=2.6), 18.0, turned=True),), layout.year
        )
        layout.put(stores, room=2.0)
        layout.claim(FOOTPATH, site.path((u + 8.5, -site.wide - 2), (u + 8.5, site.wide + 2), width=1.8))
        for door in np.arange(south + 7, south + length - 3, 14.4):
            layout.claim(FOOTPATH, site.path((u + 5.2, door), (u + 8.5, door), width=1.6))
        layout.claim(BEDS, site.rectangle(u - 6.6, south, u - 5.2, south + length))
        if rank % 2 == 0:
            car_park(layout, site, (u + 19.5 - 8, -site.wide + 2, u + 19.5 + 8, -site.wide + 13), pits=False)
        for v in (-0.3, 0.05, 0.4):
            layout.trees.append((shapely.Point(site.at(u - 11 + float(rng.uniform(-2, 2)), v * length)), 11.0))
    layout.claim(PLAYGROUND, site.rectangle(first + 17, length / 2 - 14, first + 27, length / 2 - 4))
    layout.rest = LAWN


def gallery_flat(layout: Layout, rng: np.random.Generator) -> None:
    """Set one long slab of ten storeys along the block, with a sunken car park behind it."""
    site = site_of(layout.block)
    storeys = 9 if rng.random() < 0.5 else 8  # noqa: PLR2004
    length = min(2 * site.long - 20.0, 76.0)
    turned_v = 4.0 if site.wide > 36 else 0.0  # noqa: PLR2004 - m
    slab = _slab(
        site,
        (-length / 2, turned_v),
        length,
        storeys=storeys,
        year=layout.year,
        turned=False,
        depth=11.6,
        per_storey=max(int(length // 8.0), 1),
        area=78,
    )
    lift = site.wing(-4.0, turned_v + 11.6, flat_profile(6.0, height=storeys * STOREY + 3.4), 8.0)
    slab = replace(slab, wings=(*slab.wings, lift))
    if not layout.put(slab, room=2.5):
        return
    south = max(-site.wide + 8, turned_v - 34)
    floor = site.rectangle(-length / 2 + 4, south, length / 2 - 18, south + 16)
    ramp = site.rectangle(length / 2 - 18, south + 5, length / 2 - 8, south + 11)
    car_park(layout, site, (-length / 2 + 4, south, length / 2 - 18, south + 16), pits=False)
    layout.claim(DRIVE, ramp)
    layout.claim(DRIVE, site.path((length / 2 - 8, south + 8), (site.long + 3, south + 8), width=5.0))
    layout.sunken.append((floor.intersection(layout.block), ramp.intersection(layout.block), 0.6))
    layout.claim(FOOTPATH, site.path((-site.long - 2, turned_v - 4), (site.long + 2, turned_v - 4)))
    layout.claim(FOOTPATH, site.path((0, turned_v + 17), (0, site.wide + 3), width=3.0))
    layout.claim(FOOTPATH, site.path((-length / 2 + 6, turned_v - 3), (-length / 2 + 6, south + 14)))
    stores = Building(
        "shed", (site.wing(-length / 2, turned_v - 12, flat_profile(5.0, height=2.8), 26.0),), layout.year
    )
    layout.put(stores)
    for u in np.arange(-length / 2, length / 2, 13.0):
        layout.trees.append((shapely.Point(site.at(float(u), turned_v + 17 + float(rng.uniform(-2, 4)))), 12.0))
        layout.trees.append((shapely.Point(site.at(float(u), south - 4 + float(rng.uniform(-2, 1)))), 10.0))
    layout.rest = LAWN


def towers(layout: Layout, rng: np.random.Generator) -> None:
    """Set one or two towers on a low base in green, with bays between them."""
    site = site_of(layout.block)
    count = 2 if layout.year < 2000 else 1  # noqa: PLR2004 - later ones stand alone
    for rank in range(count):
        u = 0.0 if count == 1 else (-1 if rank == 0 else 1) * (site.long - 24)
        v = 0.0 if count == 1 else (6.0 if rank else -4.0)
        storeys = int(rng.integers(12, 16))
        height = storeys * STOREY + 1.2
        core = site.wing(u - 11, v - 10, setback_profile(20.0, height=height, top=3.2, inset=4.0), 22.0)
        base = site.wing(u - 11, v - 16, flat_profile(6.0, height=4.0), 22.0)
        first = Unit("kantoorfunctie" if rank else "gezondheidszorgfunctie", 210)
        units = (
            first,
            *(Unit(DWELLING, 74 + 8 * (door % 3), storey) for storey in range(1, storeys) for door in range(4)),
        )
        if not layout.put(Building("tower", (base, core), layout.year + rank, units, storeys), room=3.0):
            continue
        layout.claim(FOOTPATH, site.rectangle(u - 13, v - 19, u + 13, v - 16))
        layout.claim(FOOTPATH, site.path((u, v - 19), (u, -site.wide - 3), width=3.0))
    if count > 1:
        west, east = -site.long + 40, site.long - 40
        car_park(layout, site, (west, -13, east, 3))
        layout.claim(DRIVE, site.path((0, -13), (0, -site.wide - 3), width=5.0))
    else:
        car_park(layout, site, (-site.long + 6, 14, site.long - 6, 25))
        layout.claim(DRIVE, site.path((site.long - 9, 20), (site.long + 3, 20), width=5.0))
    for u in np.arange(-site.long + 6, site.long - 4, 11.0):
        for v in (-site.wide + 6, site.wide - 6):
            layout.trees.append((shapely.Point(site.at(float(u), v + float(rng.uniform(-2, 2)))), 11.0))
    layout.rest = LAWN


def apartments(layout: Layout, rng: np.random.Generator) -> None:
    """Build new apartments with a set-back top storey around a green court, open to the south."""
    site = site_of(layout.block)
    depth, storeys = 12.0, 5
    height = storeys * 3.0 + 0.5
    half = min(site.long - 8, 50.0)
    north = min(site.wide - 8, 34.0)
    roof = setback_profile(depth, height=height, top=3.1, inset=2.4)
    parts: list[tuple[float, float, float, bool]] = [
        (-half + depth, north - depth, 2 * half - 2 * depth, False),
        (-half, -north + 6, 2 * north - 6, True),
        (half - depth, -north + 6, 2 * north - 6, True),
    ]
    for rank, (u, v, length, turned) in enumerate(parts):
        wing: Wing = site.wing(u, v, roof, length, turned=turned)
        count = max(int(length // 8.5), 1)
        units = [
            Unit(DWELLING, 68 + 14 * (door % 3), storey) for storey in range(storeys + 1) for door in range(count)
        ]
        layout.put(Building("flat", (wing,), layout.year + rank, tuple(units), storeys + 1), room=2.0)
    court = site.rectangle(-half + depth + 3, -north + 6, half - depth - 3, north - depth - 3)
    layout.claim(
        FOOTPATH, site.rectangle(-half + depth, -north + 6, half - depth, north - depth).difference(court)
    )
    layout.claim(FOOTPATH, site.path((0, -site.wide - 3), (0, north - depth - 2), width=2.4))
    layout.basins.append((court.intersection(layout.block), 0.3))
    layout.claim(LAWN, court)
    car_park(layout, site, (half + 4, -north + 6, half + 4 + 30, -north + 22))
    for _ in range(16):
        at = site.at(float(rng.uniform(-half + 16, half - 16)), float(rng.uniform(-north + 8, north - depth - 6)))
        layout.trees.append((shapely.Point(at), 8.0))
    layout.rest = LAWN
