"""From claims that overlap to a partition that does not: every piece of ground belongs to exactly one claim.

All outlines are cut at each other on a grid of one millimetre; the faces between the cuts share their corners, so
they can neither overlap nor leave a gap, and neither can the unions of faces that go to the claims.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from morgen.sources.sample.cover import Claim

__all__ = ["GRID_SIZE", "Piece", "partition"]

GRID_SIZE = 0.001
"""Precision of BGT coordinates, m."""
SLIVER = 0.6
"""A piece below this area, m2, joins the neighbour with which it shares the longest border."""

PASSES = 4
DUST = 0.005
"""What is smaller, m2, is rounding, and may go to a footprint as well."""
THIN = 0.01
"""m."""
EXACT = ("pand",)
"""Footprints are what they are: they take no slivers."""


@dataclass(frozen=True)
class Piece:
    """One piece of the partition."""

    claim: Claim
    shape: shapely.Polygon


def partition(claims: list[Claim], frame: shapely.Polygon) -> list[Piece]:
    """Divide ``frame`` among ``claims``; the first claim on a place wins and the last must cover everything."""
    shapes = shapely.set_precision([claim.shape for claim in claims], GRID_SIZE)
    shapes = shapely.intersection(shapes, frame, grid_size=GRID_SIZE)
    faces = _faces(shapes, frame)
    owner = _owners(faces, shapes)
    pieces = []
    for index in np.unique(owner):
        union = shapely.coverage_union_all(faces[owner == index])
        pieces += [Piece(claims[int(index)], shape) for shape in shapely.get_parts(union)]
    return _without_slivers(pieces)


def _faces(shapes: np.ndarray, frame: shapely.Polygon) -> np.ndarray:
    outlines = [*shapely.boundary(shapes), frame.boundary]
    network = shapely.union_all(outlines, grid_size=GRID_SIZE)
    return shapely.get_parts(shapely.polygonize([network]))


def _owners(faces: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """Index of the first shape that contains the inside of each face."""
    # A face may have a spike along the outline of another shape: look for its inside where it is not so thin.
    cores = shapely.buffer(faces, -THIN, join_style="mitre")
    inside = shapely.point_on_surface(np.where(shapely.is_empty(cores), faces, cores))
    face, shape = shapely.STRtree(shapes).query(inside, predicate="intersects")
    owner = np.full(len(faces), len(shapes) - 1)
    np.minimum.at(owner, face, shape)
    return owner


def _without_slivers(pieces: list[Piece]) -> list[Piece]:
    """Give the pieces that are too small to be an object to the neighbour with the longest common border."""
    for _ in range(PASSES):
        merged = _merged_once(pieces)
        if len(merged) == len(pieces):
            break
        pieces = merged
    return pieces


def _merged_once(pieces: list[Piece]) -> list[Piece]:
    shapes = np.array([piece.shape for piece in pieces], dtype=object)
    tree = shapely.STRtree(shapes)
    for index in np.argsort(shapely.area(shapes), kind="stable"):
        if shapes[index].area >= SLIVER:
            break
        near = tree.query(shapes[index], predicate="intersects")
        near = near[(near != index) & ~shapely.is_empty(shapes[near])]
        if not near.size:
            continue
        shared = shapely.length(shapely.intersection(shapely.boundary(shapes[near]), shapes[index].boundary))
        if shapes[index].area > DUST:
            shared[[pieces[other].claim.cover.theme in EXACT for other in near]] = 0
        winner = near[int(np.argmax(shared))]
        if shared[np.argmax(shared)] > 0:
            shapes[winner] = shapely.coverage_union(shapes[winner], shapes[index])
            shapes[index] = shapely.Polygon()
    return [Piece(piece.claim, shape) for piece, shape in zip(pieces, shapes, strict=True) if not shape.is_empty]
