"""Planar surfaces in space to triangles that face outwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import mapbox_earcut
import numpy as np
import numpy.typing as npt
import shapely

from morgen.faces.tiles.mesh import NORMAL_STEPS, Mesh

__all__ = ["FARTHEST", "triangulate"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SMALLEST_SURFACE = 1e-6
"""Surfaces under this area are left out, m2: a square millimetre."""
SMALLEST_TRIANGLE = 1e-9
"""Triangles under this area are left out, m2: corners in one line."""
SMALLEST_VOLUME = 1e-6
"""m3; less than that is rounding, of surfaces in one plane."""
FARTHEST = 1e7
"""Coordinates beyond this are no place, m."""
UPRIGHT = 0.1
"""Vertical part of a unit normal up to which a surface counts as a wall (steeper than 84 degrees)."""
TRIANGLE, QUAD = 3, 4


@dataclass(frozen=True, eq=False)
class _Rings:
    """Usable rings without their closing corner; the rings of one surface follow one another, outer first."""

    points: Floats
    """(corners, 3)."""
    starts: Ints
    lengths: Ints
    surfaces: Ints
    """Per ring, the number of its surface."""

    @property
    def outer(self) -> Bools:
        return np.concatenate(([True], self.surfaces[1:] != self.surfaces[:-1]))

    @property
    def surface_of_corner(self) -> Ints:
        return np.repeat(self.surfaces, self.lengths)


def triangulate(
    polygons: Sequence[shapely.Geometry | None] | npt.NDArray[Any],
    owners: npt.ArrayLike,
    kinds: Sequence[str] | None = None,
) -> Mesh:
    """Triangulate planar polygons with holes (earcut), flat shaded and facing outwards.

    ``polygons`` are Polygons Z, m; ``owners`` gives for each the row of the feature that it bounds, equal rows
    side by side; ``kinds`` says 'ground', 'wall', 'roof' or ''. Whoever's surfaces enclose a negative volume is
    turned inside out; a roof that looks down and a floor that looks up are turned too. What is no surface
    (empty, without height, not finite, without area) is left out, so the mesh may be empty.
    """
    shapes = np.asarray(polygons, dtype=object)
    named = np.asarray(kinds if kinds is not None else [""] * len(shapes), dtype=object)
    rings = _rings(shapes)
    if rings is None:
        return _empty()
    vectors = _area_vectors(rings)
    outer = rings.outer
    surface, towards = rings.surfaces[outer], vectors[outer]
    sizes = np.linalg.norm(towards, axis=1)
    solid = sizes > SMALLEST_SURFACE
    known = np.zeros(len(shapes), dtype=np.bool_)
    known[surface[solid]] = True
    normals = np.zeros((len(shapes), 3))
    normals[surface[solid]] = towards[solid] / sizes[solid, None]
    owner = np.asarray(owners, dtype=np.int64)
    corners = _flat_corners(rings, normals, known)
    triangles = _clean(corners, rings, normals)
    outward = _outward(rings, vectors, normals, owner, named)
    turned = outward[rings.surface_of_corner[triangles[:, 0]]] < 0
    triangles[turned] = triangles[turned][:, ::-1]
    of_corner = rings.surface_of_corner
    return Mesh(
        positions=rings.points,
        normals=np.rint((normals * outward[:, None])[of_corner] * NORMAL_STEPS).astype(np.int8),
        features=owner[of_corner],
        triangles=triangles,
    ).compact()


def _empty() -> Mesh:
    return Mesh(
        positions=np.zeros((0, 3)),
        normals=np.zeros((0, 3), dtype=np.int8),
        features=np.zeros(0, dtype=np.int64),
        triangles=np.zeros((0, 3), dtype=np.int64),
    )


def _rings(shapes: npt.NDArray[Any]) -> _Rings | None:
    """Flatten polygons to rings; one with a bad outer ring is left out, and so are bad holes."""
    numbers = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON)
    lines, of_polygon = shapely.get_rings(shapes[numbers], return_index=True)
    points, of_ring = shapely.get_coordinates(lines, include_z=True, return_index=True)
    if not len(points):
        return None
    surfaces = numbers[of_polygon].astype(np.int64)
    closes = np.concatenate((of_ring[1:] != of_ring[:-1], [True]))
    # The next corner is equal, so this one adds nothing; the closing corner always goes.
    repeats = np.concatenate(((points[1:] == points[:-1]).all(axis=1), [True])) | closes
    possible = (np.abs(points) < FARTHEST).all(axis=1)  # false for NaN
    broken = np.zeros(len(lines), dtype=np.bool_)
    broken[of_ring[~possible]] = True
    lengths = np.bincount(of_ring[~repeats], minlength=len(lines))
    usable = ~broken & (lengths >= TRIANGLE)
    outer = np.concatenate(([True], surfaces[1:] != surfaces[:-1]))
    hopeless = np.zeros(len(shapes), dtype=np.bool_)
    hopeless[surfaces[outer & ~usable]] = True
    usable &= ~hopeless[surfaces]
    if not usable.any():
        return None
    kept = usable[of_ring] & ~repeats
    lengths = lengths[usable].astype(np.int64)
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    return _Rings(points=points[kept], starts=starts, lengths=lengths, surfaces=surfaces[usable])


def _next(rings: _Rings) -> Ints:
    """Return for each corner the next one of its ring."""
    following = np.arange(1, len(rings.points) + 1)
    following[rings.starts + rings.lengths - 1] = rings.starts
    return following


def _area_vectors(rings: _Rings) -> Floats:
    """Return the area vector of each ring, m2 (Newell's method: half the sum of the cross products)."""
    base = rings.points - np.repeat(rings.points[rings.starts], rings.lengths, axis=0)
    crossed = np.cross(base, base[_next(rings)])
    return np.asarray(np.add.reduceat(crossed, rings.starts, axis=0) / 2)


def _flat_corners(rings: _Rings, normals: Floats, known: Bools) -> Ints:
    """Return the triangles (n, 3) of all surfaces with a direction, rows of corners, in any winding."""
    flat = _projected(rings, normals)
    holes = np.bincount(rings.surfaces, minlength=len(known))[rings.surfaces] > 1
    usable = known[rings.surfaces]
    simple = usable & ~holes
    three = rings.starts[simple & (rings.lengths == TRIANGLE)]
    four = rings.starts[simple & (rings.lengths == QUAD)]
    bulging = _convex(flat, four)
    easy = [three[:, None] + [0, 1, 2], four[bulging, None] + [0, 1, 2], four[bulging, None] + [0, 2, 3]]
    done = np.zeros(len(rings.points), dtype=np.bool_)
    done[three] = done[four[bulging]] = True
    first = np.flatnonzero(rings.outer & usable & ~done[rings.starts])
    following = np.flatnonzero(np.concatenate((rings.outer, [True])))
    last = following[np.searchsorted(following, first, side="right")]
    hard = [_earcut(flat, rings, one, end) for one, end in zip(first.tolist(), last.tolist(), strict=True)]
    return np.concatenate([*easy, *hard]).astype(np.int64)


def _projected(rings: _Rings, normals: Floats) -> Floats:
    """Return the corners (n, 2) in the plane of their surface, m from the first corner of the ring's surface."""
    least = np.abs(normals).argmin(axis=1)
    across = np.cross(normals, np.eye(3)[least])
    across /= np.maximum(np.linalg.norm(across, axis=1), np.finfo(float).tiny)[:, None]
    along = np.cross(normals, across)
    of_corner = rings.surface_of_corner
    outer = rings.outer
    base = np.zeros_like(normals)
    base[rings.surfaces[outer]] = rings.points[rings.starts[outer]]
    arms = rings.points - base[of_corner]
    return np.column_stack([(arms * axis[of_corner]).sum(axis=1) for axis in (across, along)])


def _convex(flat: Floats, four: Ints) -> Bools:
    """Tell which four-cornered rings, by their first corner, turn the same way at every corner."""
    sides = np.roll(corners := flat[four[:, None] + np.arange(QUAD)], -1, axis=1) - corners
    after = np.roll(sides, -1, axis=1)
    turns = sides[..., 0] * after[..., 1] - sides[..., 1] * after[..., 0]
    return cast("Bools", (turns > 0).all(axis=1) | (turns < 0).all(axis=1))


def _earcut(flat: Floats, rings: _Rings, first: int, last: int) -> Ints:
    start = int(rings.starts[first])
    ends = np.cumsum(rings.lengths[first:last]).astype(np.uint32)
    found = mapbox_earcut.triangulate_float64(flat[start : start + int(ends[-1])], ends)
    return found.reshape(-1, 3).astype(np.int64) + start


def _clean(triangles: Ints, rings: _Rings, normals: Floats) -> Ints:
    """Return the triangles that have an area, wound around the normal of their surface."""
    a, b, c = (rings.points[triangles[:, corner]] for corner in range(3))
    doubled = np.cross(b - a, c - a)
    kept = np.linalg.norm(doubled, axis=1) > 2 * SMALLEST_TRIANGLE
    triangles, doubled = triangles[kept], doubled[kept]
    backwards = (doubled * normals[rings.surface_of_corner[triangles[:, 0]]]).sum(axis=1) < 0
    triangles[backwards] = triangles[backwards][:, ::-1]
    return triangles


def _outward(
    rings: _Rings, vectors: Floats, normals: Floats, owner: Ints, kinds: npt.NDArray[np.object_]
) -> Floats:
    """Return per surface 1 where its normal points outwards and -1 where it has to be turned.

    The volume follows from the divergence theorem, seen from the floor, so that a missing floor does not matter.
    """
    outer = rings.outer
    surface = rings.surfaces[outer]
    holes = np.zeros(len(normals))
    np.add.at(holes, rings.surfaces[~outer], np.linalg.norm(vectors[~outer], axis=1))
    sizes = np.maximum(np.linalg.norm(vectors[outer], axis=1) - holes[surface], 0)
    middles = np.add.reduceat(rings.points, rings.starts, axis=0)[outer] / rings.lengths[outer, None]
    mine = owner[surface]
    count = int(mine.max()) + 1
    parts = np.maximum(np.bincount(mine, minlength=count), 1)
    centre = np.column_stack([np.bincount(mine, middles[:, axis], count) / parts for axis in (0, 1)])
    lowest = np.full(count, np.inf)
    np.minimum.at(lowest, mine, middles[:, 2])
    arms = middles - np.column_stack([centre[mine], lowest[mine]])
    volumes = np.bincount(mine, (arms * normals[surface]).sum(axis=1) * sizes, count)
    sign = np.ones(len(normals))
    sign[surface[volumes[mine] < -SMALLEST_VOLUME]] = -1.0
    rise = sign * normals[:, 2]
    sign[((kinds == "roof") & (rise < -UPRIGHT)) | ((kinds == "ground") & (rise > UPRIGHT))] *= -1.0
    return sign
