"""Trees stand on the ground, as tall as the surface shows."""

import json

import numpy as np
import pytest
import shapely
from tests.faces.tiles.runs import with_layers

from morgen.core.errors import MissingLayerError
from morgen.faces.tiles import SceneFrame, trees_document
from morgen.testing.situations import ORIGIN, building, situation


def trees(*places, surface=None, **more):
    terrain = np.full((40, 40), 1.5)
    made = with_layers(situation(terrain, **more), trees=places, surface=surface)
    return json.loads(trees_document(made))["trees"], SceneFrame.of(made.grid)


def crown(height, row, column, radius=1):
    surface = np.full((40, 40), 1.5)
    surface[row - radius : row + radius + 1, column - radius : column + radius + 1] = 1.5 + height
    return surface


def test_a_tree_is_where_it_is_and_as_tall_as_measured():
    """Local coordinates, the ground below, and the highest surface within two metres above it."""
    ((x, y, z, height),), frame = trees((20.5, 10.5), surface=crown(12.25, row=29, column=21))

    assert frame.from_local([x, y]) == pytest.approx(np.add(ORIGIN, (20.5, 10.5)))
    assert z == 1.5
    assert height == 12.25


def test_a_crown_further_away_is_another_tree():
    """A tall tree 8 m off does not make this one tall."""
    ((_, _, _, height),), _ = trees((20.5, 10.5), surface=crown(20, row=29, column=29))

    assert height == 3


@pytest.mark.parametrize(("measured", "drawn"), [(0.5, 3), (3.5, 3.5), (24, 24), (60, 25), (-2, 3)])
def test_heights_are_those_of_trees(measured, drawn):
    """Less than 3 m was measured beside the tree, more than 25 m is a crane."""
    ((_, _, _, height),), _ = trees((20.5, 10.5), surface=crown(measured, row=29, column=20, radius=3))

    assert height == drawn


def test_without_a_measured_surface_a_tree_has_the_usual_height():
    """8 m, where the raster is empty or missing."""
    unknown, _ = trees((20.5, 10.5), surface=np.full((40, 40), np.nan))
    missing, _ = trees((20.5, 10.5))

    assert unknown[0][3] == missing[0][3] == 8


def test_trees_in_buildings_and_outside_the_terrain_are_left_out():
    """A point in a house is a mistake of the map; without ground there is nothing to stand on."""
    house = building("1", shapely.box(5, 5, 15, 15))
    found, _ = trees((10, 10), (25, 25), (500, 500), buildings=[house])

    assert len(found) == 1


def test_no_trees_is_a_fact_and_no_layer_an_error():
    """An empty layer gives an empty list."""
    assert trees()[0] == []
    with pytest.raises(MissingLayerError, match="trees"):
        trees_document(situation(np.zeros((4, 4))))


def test_the_trees_of_the_sample_are_trees(sample_situation):
    """Nearly every tree of the layer is drawn, on the ground, with a height that the surface explains."""
    found = np.array(json.loads(trees_document(sample_situation))["trees"])

    assert len(found) == pytest.approx(sample_situation.layers["trees"].count, abs=10)
    assert np.abs(found[:, :2]).max() < 170
    assert 4 < np.median(found[:, 3]) < 15
