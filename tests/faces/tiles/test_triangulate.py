"""Surfaces become triangles that cover them exactly once and look outwards, whatever comes in."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import rotate

from morgen.faces.tiles.triangulate import triangulate
from morgen.sources.buildings.extrusion import extrude

SQUARE = shapely.box(0, 0, 10, 8)
COURT = shapely.Polygon(SQUARE.exterior, [shapely.box(3, 3, 6, 5).exterior])
BENT = shapely.Polygon([(0, 0), (10, 0), (10, 8), (6, 8), (6, 3), (0, 3)])


def solid_mesh(footprint, ground=1.0, roof=5.0):
    boundary, kinds = extrude(footprint, ground, roof)
    return triangulate(np.array(boundary.geoms, dtype=object), [0] * len(kinds), kinds)


def volume(mesh):
    """Enclosed volume by the divergence theorem; negative when inside out."""
    a, b, c = (mesh.positions[mesh.triangles[:, corner]] for corner in range(3))
    return np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6


def area(mesh):
    a, b, c = (mesh.positions[mesh.triangles[:, corner]] for corner in range(3))
    return np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2


def facing(mesh):
    """How well the winding of each triangle agrees with the normals of its corners: 1 is quite."""
    a, b, c = (mesh.positions[mesh.triangles[:, corner]] for corner in range(3))
    wound = np.cross(b - a, c - a)
    wound /= np.linalg.norm(wound, axis=1)[:, None]
    return np.einsum("ij,ikj->ik", wound, mesh.normals[mesh.triangles] / 127)


@pytest.mark.parametrize(
    "footprint", [SQUARE, COURT, BENT, rotate(COURT, 31), shapely.MultiPolygon([COURT, BENT])]
)
def test_a_solid_keeps_its_volume_and_surface(footprint):
    """The triangles of a block enclose footprint times height, and are as large as its surfaces together."""
    mesh = solid_mesh(footprint)

    assert volume(mesh) == pytest.approx(footprint.area * 4)
    assert area(mesh) == pytest.approx(2 * footprint.area + footprint.length * 4)
    assert facing(mesh).min() > 0.999


def test_a_solid_that_is_inside_out_is_turned():
    """Every surface of a block wound the wrong way: the triangles look outwards all the same."""
    boundary, _ = extrude(COURT, 0, 6)
    turned = [shapely.reverse(polygon) for polygon in boundary.geoms]
    mesh = triangulate(turned, [0] * len(turned))

    assert volume(mesh) == pytest.approx(COURT.area * 6)
    assert facing(mesh).min() > 0.999


def test_a_solid_without_a_floor_looks_outwards_too():
    """Models are often delivered without floors."""
    boundary, kinds = extrude(BENT, 0, 6)
    kept = [polygon for polygon, kind in zip(boundary.geoms, kinds, strict=True) if kind != "ground"]
    mesh = triangulate([shapely.reverse(polygon) for polygon in kept], [0] * len(kept))

    roof = mesh.normals[np.isclose(mesh.positions[:, 2], 6) & (np.abs(mesh.normals[:, 2]) > 100)]
    assert (roof[:, 2] == 127).all()


def test_a_roof_never_looks_down():
    """One surface that is wound against the others is turned by what it is."""
    boundary, kinds = extrude(SQUARE, 0, 6)
    polygons = [
        shapely.reverse(one) if kind == "roof" else one for one, kind in zip(boundary.geoms, kinds, strict=True)
    ]

    assert volume(triangulate(polygons, [0] * len(kinds), kinds)) == pytest.approx(SQUARE.area * 6)


def test_a_slanted_surface_with_a_hole_is_covered_once():
    """A roof of 45 degrees with a skylight has the area of its plan times the square root of two."""
    slanted = shapely.transform(
        shapely.force_3d(COURT), lambda points: np.column_stack([points[:, :2], points[:, 1]]), include_z=True
    )
    mesh = triangulate([slanted], [7], ["roof"])

    assert area(mesh) == pytest.approx(COURT.area * 2**0.5)
    assert set(mesh.features) == {7}
    assert np.abs(mesh.normals / 127 - [0, -(0.5**0.5), 0.5**0.5]).max() < 0.005


def test_features_keep_their_own_triangles():
    """Two blocks side by side stay two features."""
    first, kinds = extrude(SQUARE, 0, 3)
    second, more = extrude(BENT, 0, 9)
    mesh = triangulate([*first.geoms, *second.geoms], [0] * len(kinds) + [1] * len(more), [*kinds, *more])

    for feature, expected in ((0, SQUARE.area * 3), (1, BENT.area * 9)):
        chosen = mesh.of_features(np.array([feature]))
        assert volume(chosen) == pytest.approx(expected)
        assert set(chosen.features) == {0}


def test_welding_joins_equal_corners_only():
    """A block split in triangles has 4 corners per flat side again, and the same volume."""
    boundary, _ = extrude(SQUARE, 0, 6)
    pieces = [
        shapely.Polygon([ring[0], ring[k], ring[k + 1]])
        for ring in (shapely.get_coordinates(polygon, include_z=True)[:-1] for polygon in boundary.geoms)
        for k in (1, 2)
    ]
    mesh = triangulate(pieces, [0] * len(pieces)).welded()

    assert len(mesh.positions) == 6 * 4
    assert volume(mesh) == pytest.approx(SQUARE.area * 6)


@pytest.mark.parametrize(
    "nothing",
    [
        None,
        shapely.Polygon(),
        shapely.Point(1, 2, 3),
        shapely.box(0, 0, 1, 1),
        shapely.Polygon([(0, 0, 0), (1, 1, 1), (2, 2, 2)]),
        shapely.Polygon([(0, 0, 0), (1, 0, float("nan")), (1, 1, 0)]),
        shapely.Polygon([(0, 0, 0), (1, 0, float("inf")), (1, 1, 0)]),
        shapely.Polygon([(1, 1, 1)] * 4),
    ],
)
def test_what_is_no_surface_is_left_out(nothing):
    """Nothing, points, surfaces without height, lines and broken numbers give no triangles and no crash."""
    assert len(triangulate([nothing], [0]).triangles) == 0
    beside = triangulate([nothing, shapely.Polygon([(0, 0, 0), (1, 0, 0), (1, 1, 0)])], [0, 1])
    assert len(beside.triangles) == 1


COORDINATE = st.one_of(
    st.integers(-3, 3).map(float),
    st.floats(-1e3, 1e3),
    st.sampled_from([float("nan"), float("inf"), -float("inf"), 1e300, 1e-300, 0.0]),
)
PLACE = st.floats(-9, 9)
RING = st.tuples(
    st.tuples(PLACE, PLACE, PLACE),  # shapely cannot close a ring whose first corner is no number
    st.lists(st.tuples(COORDINATE, COORDINATE, COORDINATE), min_size=2, max_size=8),
).map(lambda parts: [parts[0], *parts[1], parts[0]])


@given(st.lists(st.tuples(RING, st.lists(RING, max_size=2)), min_size=1, max_size=5))
def test_ugly_input_never_crashes(shapes):
    """Crossing, folded, doubled, twisted and broken rings: whatever remains can be drawn."""
    with np.errstate(invalid="ignore"):
        polygons = [shapely.Polygon(shell, holes) for shell, holes in shapes]
    mesh = triangulate(polygons, range(len(polygons)), ["roof"] * len(polygons)).welded()

    assert np.isfinite(mesh.positions).all()
    assert mesh.triangles.max(initial=-1) < len(mesh.positions)
    assert np.abs(np.linalg.norm(mesh.normals / 127, axis=1) - 1).max(initial=0) < 0.01
    assert not (mesh.triangles[:, 0] == mesh.triangles[:, 1]).any()


@given(st.lists(st.tuples(st.floats(0.5, 9), st.floats(0.5, 9)), min_size=1, max_size=4), st.floats(-180, 180))
def test_any_row_of_houses_keeps_its_volume(sizes, angle):
    """Blocks of any size in any direction enclose the volume that they have."""
    polygons: list[shapely.Polygon] = []
    owners: list[int] = []
    kinds: list[str] = []
    expected = 0.0
    for number, (width, height) in enumerate(sizes):
        footprint = rotate(shapely.box(20 * number, 0, 20 * number + width, 7), angle, origin=(0, 0))
        boundary, named = extrude(footprint, -1, height)
        polygons.extend(boundary.geoms)
        owners.extend([number] * len(named))
        kinds.extend(named)
        expected += footprint.area * (height + 1)

    assert volume(triangulate(polygons, owners, kinds)) == pytest.approx(expected)
