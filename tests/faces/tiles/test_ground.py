"""The ground is a picture in quiet colours that a planner can read, and water is a mask beside it."""

import io

import numpy as np
import pytest
import shapely
from PIL import Image

from morgen.core.errors import MissingLayerError
from morgen.core.grid import Grid
from morgen.faces.report.style import GROUND_CLASSES, ground_class
from morgen.faces.tiles import ground_legend, ground_picture, water_mask
from morgen.faces.tiles.ground import picture_size
from morgen.sources.land_cover import PARTITION_THEMES
from morgen.testing.situations import ground, situation

STREET = ground("wegdeel", shapely.box(0, 0, 20, 5), function="rijbaan lokale weg", surface="gesloten verharding")
PATH = ground("wegdeel", shapely.box(0, 5, 20, 7), function="voetpad", surface="open verharding")
CANAL = ground("waterdeel", shapely.box(0, 10, 20, 15), function="waterloop")
DITCH = ground("waterdeel", shapely.box(0, 15, 20, 20), function="greppel, droge sloot")
ROWS = (STREET, PATH, CANAL, DITCH)


def block(*rows, **more):
    return situation(np.zeros((20, 20)), land_cover=rows, **more)


def picture(data, mode="RGB"):
    with Image.open(io.BytesIO(data)) as opened:
        return np.asarray(opened.convert(mode)).astype(int)


def rgb(kind):
    colour = GROUND_CLASSES[kind].colour
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def test_the_picture_lies_exactly_on_the_grid():
    """North is up; a metre is four pixels; each object has the colour of its kind, edge to edge."""
    seen = picture(ground_picture(block(*ROWS)))

    assert seen.shape == (80, 80, 3)
    for kind, south, north in (
        ("road-asphalt", 0, 5),
        ("footpath", 5, 7),
        ("unknown", 7, 10),
        ("water", 10, 15),
        ("trench", 15, 20),
    ):
        assert (seen[80 - 4 * north : 80 - 4 * south] == rgb(kind)).all()


def test_edges_are_smooth():
    """A pixel that two objects share has a colour between theirs."""
    slanted = ground("waterdeel", shapely.Polygon([(0, 0), (20, 0), (20, 20)]))
    seen = picture(ground_picture(block(slanted)))

    pure = (seen == rgb("water")).all(axis=2) | (seen == rgb("unknown")).all(axis=2)
    assert 0 < (~pure).sum() < 200


def test_water_is_a_mask_of_the_same_size():
    """255 on permanent water, 0 elsewhere; a dry ditch is no permanent water."""
    mask = picture(water_mask(block(*ROWS)), "L")

    assert mask.shape == (80, 80)
    assert (mask[20:40] == 255).all()
    assert mask.sum() == 255 * 20 * 80


@pytest.mark.parametrize(
    ("rows", "columns", "size", "expected"),
    [
        (300, 300, 1.0, (1200, 1200)),
        (10, 20, 0.5, (40, 20)),
        (2000, 1000, 1.0, (2048, 4096)),
        (1, 1, 5.0, (20, 20)),
    ],
)
def test_a_large_picture_stays_within_what_a_graphics_card_holds(rows, columns, size, expected):
    """A quarter of a metre per pixel, and at most 4096 pixels on a side."""
    assert picture_size(Grid(xmin=0, ymax=rows * size, cell_size=size, rows=rows, columns=columns)) == expected


def test_the_real_pictures_are_small(real_situation):
    """A palette of at most 256 colours, at most 300 kB, and water where the layer has it."""
    data = ground_picture(real_situation)
    with Image.open(io.BytesIO(data)) as opened:
        assert opened.mode == "P"
        assert opened.size == picture_size(real_situation.grid)
    assert len(data) < 300_000
    cover = real_situation.features("land_cover")
    water = cover.geometry[(cover["theme"] == "waterdeel")].union_all()
    expected = water.intersection(shapely.box(*real_situation.grid.bounds)).area
    mask = picture(water_mask(real_situation), "L")
    assert mask.sum() / 255 / 16 == pytest.approx(expected, rel=0.01)


def test_the_legend_names_what_is_seen():
    """Colour and a Dutch and English title of each kind in the picture, each once."""
    legend = ground_legend(block(*ROWS, STREET))

    assert [entry["id"] for entry in legend] == ["road-asphalt", "footpath", "water", "trench"]
    assert legend[0] == {
        "id": "road-asphalt",
        "theme": "wegdeel",
        "colour": GROUND_CLASSES["road-asphalt"].colour,
        "title": {"nl": "Rijbaan, asfalt of beton", "en": "Road, asphalt or concrete"},
    }


def test_no_two_kinds_look_the_same():
    """Colours in a legend differ, and none shouts."""
    colours = np.array([rgb(kind) for kind in GROUND_CLASSES])

    apart = np.abs(colours[:, None] - colours[None]).sum(axis=2) + 1000 * np.eye(len(colours), dtype=int)
    assert apart.min() >= 12
    assert np.ptp(colours, axis=1).max() <= 75
    assert colours.min() >= 100


@pytest.mark.parametrize("theme", sorted(PARTITION_THEMES))
def test_every_theme_of_the_ground_has_a_kind(theme):
    """Only what the BGT itself calls unclassified is unknown."""
    assert (ground_class(theme).id == "unknown") == (theme == "ongeclassificeerdobject")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("road-asphalt", {"theme": "wegdeel", "function": "rijbaan lokale weg", "surface": "gesloten verharding"}),
        ("road-brick", {"theme": "wegdeel", "function": "rijbaan lokale weg", "surface": "open verharding"}),
        ("cycle-path", {"theme": "wegdeel", "function": "fietspad", "surface": "gesloten verharding"}),
        ("footpath", {"theme": "wegdeel", "function": "voetpad op trap", "surface": "open verharding"}),
        ("parking", {"theme": "wegdeel", "function": "parkeervlak", "surface": "open verharding"}),
        ("unpaved-path", {"theme": "wegdeel", "function": "voetpad", "surface": "half verhard"}),
        ("green", {"theme": "begroeidterreindeel", "surface": "groenvoorziening"}),
        ("shrubs", {"theme": "begroeidterreindeel", "surface": "groenvoorziening", "plus_surface": "heesters"}),
        ("field", {"theme": "begroeidterreindeel", "function": "grasland agrarisch"}),
        ("yard", {"theme": "onbegroeidterreindeel", "surface": "erf"}),
        ("paved", {"theme": "onbegroeidterreindeel", "surface": "open verharding"}),
        ("verge", {"theme": "ondersteunendwegdeel", "function": "berm", "surface": "groenvoorziening"}),
        ("civil", {"theme": "overbruggingsdeel", "function": "dek"}),
    ],
)
def test_the_words_of_the_bgt_decide_the_kind(kind, words):
    """Asphalt, clinkers, footpaths, cycle paths, parking, green and gardens are told apart."""
    assert ground_class(**words).id == kind


def test_under_a_bridge_without_ground_the_deck_shows():
    """The BGT maps no ground under some bridges; where it does, the ground counts."""
    deck = ground("wegdeel", shapely.box(0, 0, 20, 20), function="fietspad", level=1)
    tunnel = ground("tunneldeel", shapely.box(0, 0, 20, 20), level=-1)
    seen = picture(ground_picture(block(CANAL, decks=[deck, tunnel])))

    assert (seen[20:40] == rgb("water")).all()
    assert (seen[:20] == rgb("cycle-path")).all()


def test_without_land_cover_there_is_no_picture():
    """That is an error with a sentence; a legend of nothing is empty."""
    bare = situation(np.zeros((4, 4)), land_cover=None)

    with pytest.raises(MissingLayerError, match="land_cover"):
        ground_picture(bare)
    assert ground_legend(bare) == []
    assert picture(ground_picture(block())).tolist() == [[rgb("unknown")] * 80] * 80
