"""The ground of one sheet: claims cut into a partition, decks over it, and trees, gullies and lamps on it."""

from dataclasses import dataclass
from typing import Any

import shapely

from morgen.sources.sample.cover import Claim, Tree
from morgen.sources.sample.palette import BANK, BEDS, DITCH, PAND
from morgen.sources.sample.partition import Piece, partition
from morgen.sources.sample.plan import PlannedSheet
from morgen.sources.sample.planting import gullies, lamp_posts, plant
from morgen.sources.sample.street_cover import bridge_claims, ring_claims, street_claims
from morgen.sources.sample.waters import ditch_water

__all__ = ["Scene", "build_scene"]

BANK_WIDTH = 1.8
"""Of a ditch, m."""


@dataclass(frozen=True)
class Scene:
    """Everything that the BGT tells of one sheet, before the relief is known."""

    planned: PlannedSheet
    pieces: tuple[Piece, ...]
    """Level 0: the partition of the part of the box on this sheet."""
    decks: tuple[Claim, ...]
    """Level 1."""
    trees: tuple[Tree, ...]
    gullies: tuple[shapely.Point, ...]
    lamps: tuple[shapely.Point, ...]


def build_scene(planned: PlannedSheet, seed: int) -> Scene:
    """Return the ground of a planned sheet."""
    window = shapely.box(*planned.bounds)
    pieces = tuple(partition(_claims(planned, window), window))
    decks = tuple(bridge_claims(planned.sheet, window))
    return Scene(
        planned=planned,
        pieces=pieces,
        decks=decks,
        trees=tuple(plant(planned, pieces, decks, seed)),
        gullies=tuple(gullies(planned.sheet, pieces, window)),
        lamps=tuple(lamp_posts(planned.sheet, pieces, decks, window)),
    )


def _claims(planned: PlannedSheet, window: shapely.Polygon) -> list[Claim]:
    """Return all claims on the ground of a sheet, the strongest first, the last over everything."""
    sheet = planned.sheet
    claims = [Claim(PAND, building.footprint, building.number) for building in planned.standing]
    claims += street_claims(sheet, window)
    blocks = shapely.union_all([filled.layout.block for filled in planned.blocks])
    for ditch in sheet.ditches:
        water: Any = ditch_water(sheet, ditch)
        claims += [Claim(DITCH, part) for part in shapely.get_parts(water)]
        claims += [Claim(BANK, part) for part in shapely.get_parts(water.buffer(BANK_WIDTH).intersection(blocks))]
    claims += ring_claims(sheet, window)
    claims += [claim for filled in planned.blocks for claim in filled.claims]
    return [claim for claim in claims if claim.shape.intersects(window)] + [Claim(BEDS, window)]
