"""Bridges lie where the surface is measured, and never in the ground."""

import numpy as np
import pytest
import shapely
from tests.faces.tiles import gltf
from tests.faces.tiles.runs import with_layers

from morgen.core.errors import MissingLayerError
from morgen.faces.tiles import SceneFrame, decks_glb
from morgen.testing.situations import ORIGIN, ground, situation

SPAN = shapely.box(8, 10, 12, 20)


def bridge(geometry=SPAN, theme="wegdeel", **columns):
    return ground(theme, geometry, **{"level": 1, "object_id": "b", "function": "fietspad", **columns})


def canal(*decks, surface=None, bank=1.0):
    """A canal of 10 m wide at -0.4 m, between banks."""
    terrain = np.full((30, 30), bank)
    terrain[11:19] = -0.4
    made = situation(terrain, decks=decks)
    return made if surface is None else with_layers(made, surface=surface)


def slab(made):
    glb = gltf.check(decks_glb(made))
    corners = np.concatenate([glb.z_up(primitive)[0] for primitive in glb.primitives])
    return glb, corners


def test_a_slab_has_its_top_at_the_median_of_the_surface():
    """Half the cells at 2 m, a tree of 9 m on some: the top is at 2 m, the bottom 0.4 m lower."""
    surface = np.full((30, 30), 2.0)
    surface[12:14] = 9.0
    glb, corners = slab(canal(bridge(), surface=surface))

    assert corners[:, 2].max() == pytest.approx(2.0)
    assert corners[:, 2].min() == pytest.approx(1.6)
    assert glb.column("id") == ["b"]
    assert glb.column("top").tolist() == [2.0]
    frame = SceneFrame.of(canal().grid)
    outline = shapely.MultiPoint(frame.from_local(corners)[:, :2] - ORIGIN).convex_hull
    assert outline.symmetric_difference(SPAN).area < 0.01


def test_a_deck_is_never_under_the_terrain_at_its_rim():
    """A surface that was measured on the water does not sink a bridge between its banks."""
    _, corners = slab(canal(bridge(), surface=np.full((30, 30), -0.4), bank=1.25))

    assert corners[:, 2].max() == pytest.approx(1.25)


def test_without_a_surface_the_rim_decides():
    """A deck of which nothing is measured lies on its banks."""
    _, corners = slab(canal(bridge(), bank=0.75))
    _, beyond = slab(canal(bridge(), surface=np.full((30, 30), np.nan), bank=0.75))

    assert corners[:, 2].max() == beyond[:, 2].max() == pytest.approx(0.75)


def test_a_structure_is_seen_beside_the_road_that_it_carries():
    """The BGT draws deck and road on one place: the road is on top, so nothing flickers."""
    carrier = bridge(SPAN.buffer(1, join_style="mitre"), theme="overbruggingsdeel", object_id="carrier")
    glb, _ = slab(canal(bridge(), carrier))

    top_area = 0.0
    for primitive in glb.primitives:
        corners, triangles = glb.z_up(primitive)
        up = glb.z_up_normals(primitive)[triangles[:, 0], 2] > 0.9
        a, b, c = (corners[triangles[up, part]] for part in range(3))
        top_area += np.cross(b - a, c - a)[:, 2].sum() / 2
    assert len(glb.primitives) == 2
    assert top_area == pytest.approx(6 * 12, abs=0.01)


def test_tunnels_are_no_decks():
    """What lies below the ground is not drawn above it; without decks there is no file."""
    assert decks_glb(canal(bridge(level=-1))) is None
    assert decks_glb(canal()) is None
    with pytest.raises(MissingLayerError, match="decks"):
        decks_glb(situation(np.zeros((4, 4))))


def test_real_decks_lie_on_their_banks(real_situation):
    """In the sample and in Delft every deck is between the water and the eaves."""
    glb, corners = slab(real_situation)

    tops = glb.column("top")
    assert ((tops > 0) & (tops < 3)).all()
    assert np.hypot(*corners[:, :2].T).max() < 500
