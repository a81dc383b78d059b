"""An independent measure of solids for the tests: edges by their corners in whole millimetres, and volume."""

from collections import Counter

import numpy as np
import shapely


def edge_uses(solid: shapely.MultiPolygon) -> Counter[int]:
    """Return how many edges are used how often; a closed solid uses every edge an even number of times."""
    corners, ring = _corners(solid)
    millimetres = np.round(corners * 1000).astype(np.int64)
    _, number = np.unique(millimetres, axis=0, return_inverse=True)
    number = number.reshape(-1)
    same_ring = ring[1:] == ring[:-1]
    edges = np.sort(np.column_stack([number[:-1], number[1:]])[same_ring], axis=1)
    _, uses = np.unique(edges, axis=0, return_counts=True)
    return Counter(uses.tolist())


def is_closed(solid: shapely.MultiPolygon) -> bool:
    return all(uses % 2 == 0 for uses in edge_uses(solid))


def volume(solid: shapely.MultiPolygon) -> float:
    """Volume by the divergence theorem, m3; positive when the surfaces face outwards."""
    corners, ring = _corners(solid)
    same_ring = ring[1:] == ring[:-1]
    first = corners[np.searchsorted(ring, ring[:-1])]
    crossed = np.cross(corners[:-1], corners[1:])[same_ring]
    return float((crossed * first[same_ring]).sum() / 6)


def _corners(solid: shapely.MultiPolygon) -> tuple[np.ndarray, np.ndarray]:
    rings = shapely.get_rings(shapely.get_parts(solid))
    corners, ring = shapely.get_coordinates(rings, include_z=True, return_index=True)
    return corners - corners[0], ring
