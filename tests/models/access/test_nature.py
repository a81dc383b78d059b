"""Trees in view, canopy and green, on ground that is drawn by hand."""

import geopandas
import numpy as np
import pytest
import shapely

from morgen.models.access import build_network
from morgen.models.access.nature import canopy_share, green_entrances, green_patches, trees_in_view

HOME = np.array([[0.0, 0.0]])


def cover(*rows: tuple[str, str, shapely.Geometry]) -> geopandas.GeoDataFrame:
    themes, surfaces, shapes = zip(*rows, strict=True)
    return geopandas.GeoDataFrame({"theme": themes, "surface": surfaces}, geometry=list(shapes), crs="EPSG:28992")


GROUND = ("onbegroeidterreindeel", "erf", shapely.box(-200, -200, 200, 200))


def test_a_tree_behind_a_neighbour_is_not_in_view() -> None:
    """Within the distance a tree counts unless another building stands between; the own one does not."""
    trees = np.array([[10.0, 0.0], [0.0, 20.0], [-20.0, 0.0], [0.0, 26.0]])
    own, neighbour = shapely.box(-4, -4, 4, 4), shapely.box(-14, -4, -10, 4)
    assert list(trees_in_view(HOME, trees, np.array([own, neighbour]), view=25.0)) == [2]
    assert list(trees_in_view(HOME, trees, np.array([]), view=25.0)) == [3]
    assert list(trees_in_view(HOME, trees[:0], np.array([own]), view=25.0)) == [0]


def test_a_path_does_not_cut_a_park_and_a_verge_is_no_park() -> None:
    """Green joins across a footpath; strips under 10 m, farm land and small lawns do not count."""
    half, other = shapely.box(0, 0, 100, 60), shapely.box(0, 62, 100, 122)
    green = cover(
        ("begroeidterreindeel", "groenvoorziening", half),
        ("begroeidterreindeel", "loofbos", other),
        ("begroeidterreindeel", "groenvoorziening", shapely.box(0, 300, 2000, 308)),
        ("begroeidterreindeel", "bouwland", shapely.box(0, 400, 200, 600)),
        ("begroeidterreindeel", "groenvoorziening", shapely.box(500, 0, 550, 50)),
    )
    patches = green_patches(green, smallest=10_000)
    assert len(patches) == 1
    assert patches[0].area == pytest.approx(12_200, rel=0.01)
    assert not len(green_patches(cover(GROUND), smallest=1))


def test_green_is_entered_where_a_path_comes_near() -> None:
    """Points of the network within 15 m of a patch are entrances; others are not."""
    network = build_network([(0, -10), (100, -10), (100, -200)], [0, 1], [1, 2], [100, 190])
    points = green_entrances(network, np.array([shapely.box(0, 0, 100, 100)]))
    assert points[:, 1].min() >= -15
    assert {(0.0, -10.0), (50.0, -10.0)} <= {tuple(point) for point in points.tolist()}
    assert green_entrances(network, np.array([])).shape == (0, 2)


def test_canopy_is_woods_and_crowns_once() -> None:
    """A crown counts by its surface, two trees in one place count once, and woods are canopy as a whole."""
    crown = np.pi * 10**2 / (np.pi * 50**2)
    place = np.array([[0.0, 0.0]])
    once = canopy_share(place, np.array([[0.0, 0.0]]), cover(GROUND), crown=20.0, around=50.0)
    twice = canopy_share(place, np.array([[0.0, 0.0], [0.0, 0.0]]), cover(GROUND), crown=20.0, around=50.0)
    assert once[0] == pytest.approx(crown, rel=0.05)
    assert twice[0] == once[0]
    wood = ("begroeidterreindeel", "loofbos", shapely.box(0, -200, 200, 200))
    bare = ("onbegroeidterreindeel", "erf", shapely.box(-200, -200, 0, 200))
    half = canopy_share(place, np.zeros((0, 2)), cover(wood, bare), crown=6.0, around=50.0)
    assert half[0] == pytest.approx(0.5, abs=0.03)


def test_canopy_counts_known_ground_only() -> None:
    """At the edge of the map what lies beyond is not taken for bare ground."""
    wood = cover(("begroeidterreindeel", "loofbos", shapely.box(0, -200, 200, 200)))
    assert canopy_share(np.array([[0.0, 0.0]]), np.zeros((0, 2)), wood, crown=6.0, around=50.0)[0] == 1
