"""The whole scene: plan, buildings, claims and trees put together, and numbered."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from morgen.sources.sample.buildings import Building
from morgen.sources.sample.cover import Claim, Cover, Tree
from morgen.sources.sample.frame import BOX, pand_number
from morgen.sources.sample.partition import Piece, partition
from morgen.sources.sample.places import LAWN, YARD, Flat, Park, flat, park
from morgen.sources.sample.plan import Plan, make_plan
from morgen.sources.sample.planting import gullies, plant
from morgen.sources.sample.street_cover import bridge_claims, street_claims
from morgen.sources.sample.terraces import ALLEY, Terraces, build_terraces

__all__ = ["Scene", "build_scene"]

PAND = Cover("pand", relief="garden")
ALLEY_COVER = Cover("wegdeel", "voetpad", "open verharding", "tegels", relief="alley")
CORNER_GREEN = Cover("begroeidterreindeel", surface="groenvoorziening", plus="heesters", relief="verge")
NARROW = 1.3
"""Leftover ground narrower than twice this, m, is a passage; wider is a shrub bed."""


@dataclass(frozen=True)
class Scene:
    """Everything that the files tell, before the relief is known."""

    plan: Plan
    buildings: tuple[Building, ...]
    planned: Building
    """Stands in the BAG only."""
    pieces: tuple[Piece, ...]
    """Level 0: the partition of the box."""
    decks: tuple[Claim, ...]
    """Level 1."""
    trees: tuple[Tree, ...]
    gullies: tuple[shapely.Point, ...]
    park: Park
    flat: Flat


def build_scene(seed: int) -> Scene:
    """Return the neighbourhood of this seed."""
    rng = np.random.default_rng(seed)
    plan = make_plan()
    terraces = build_terraces(plan, rng)
    green, slab = park(plan, rng), flat(plan)
    buildings = _numbered([*terraces.buildings, green.building, slab.building])
    claims = [Claim(PAND, building.footprint, building.number) for building in buildings]
    claims += street_claims(plan)
    claims += [*green.claims, *slab.claims]
    claims += _block_claims(plan, terraces)
    frame = shapely.box(*BOX)
    claims.append(Claim(CORNER_GREEN, frame))
    pieces = tuple(partition(claims, frame))
    decks = tuple(bridge_claims(plan))
    trees = tuple(plant(plan, pieces, decks, green, slab, rng))
    planned = replace(slab.planned, number=pand_number(len(buildings) + 1))
    return Scene(plan, buildings, planned, pieces, decks, trees, tuple(gullies(plan, pieces)), green, slab)


def _numbered(buildings: list[Building]) -> tuple[Building, ...]:
    """Give every building its BAG number, every house its address, and leave one without points."""
    shed = next(rank for rank, building in enumerate(buildings) if building.kind == "shed")
    numbered = []
    for rank, building in enumerate(buildings):
        address = building.house_number or (str(rank + 1) if building.kind == "house" else "")
        numbered.append(
            replace(building, number=pand_number(rank + 1), house_number=address, modelled=rank != shed)
        )
    return tuple(numbered)


def _block_claims(plan: Plan, terraces: Terraces) -> list[Claim]:
    """Back paths, gardens and what is left of the blocks with terraces."""
    blocks = shapely.union_all(plan.blocks())
    paths = [
        Claim(ALLEY_COVER, path.buffer(ALLEY / 2, cap_style="flat").intersection(blocks))
        for path in terraces.paths
    ]
    gardens = shapely.union_all(terraces.gardens, grid_size=0.001).buffer(0.01, join_style="mitre")
    left = blocks.difference(gardens)
    wide = left.buffer(-NARROW, join_style="mitre").buffer(NARROW, join_style="mitre")
    claims = [Claim(ALLEY_COVER, path.shape.difference(gardens.buffer(-1.0))) for path in paths]
    claims += [Claim(YARD, garden) for garden in shapely.get_parts(gardens)]
    claims += [Claim(ALLEY_COVER, gap) for gap in shapely.get_parts(left.difference(wide))]
    return claims + [Claim(_leftover_cover(bed, blocks), bed) for bed in shapely.get_parts(wide)]


def _leftover_cover(bed: shapely.Polygon, blocks: Any) -> Cover:
    """Beside the street grow shrubs, a wedge between two rows is somebody's side garden, a field is a lawn."""
    if bed.area > 400:  # noqa: PLR2004
        return LAWN
    beside_street = bed.boundary.intersection(blocks.boundary.buffer(0.05)).length
    return CORNER_GREEN if beside_street > 8 else YARD  # noqa: PLR2004 - m
