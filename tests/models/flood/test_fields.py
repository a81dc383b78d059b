"""From layers to arrays: a cell belongs to what covers its centre, and no roof water gets lost."""

import numpy as np
import pytest
import shapely
from tests.models.flood.scenes import street_canyon

from morgen.core.errors import MissingLayerError
from morgen.core.situation import Situation, TerrainOrigin
from morgen.models.flood.facades import find_facades, roof_shares
from morgen.models.flood.fields import FloodFields, flood_fields, raised_terrain
from morgen.models.flood.surfaces import default_surfaces
from morgen.testing import building, ground, situation

TABLE = default_surfaces()
FLAT = np.zeros((10, 10))


def fields_of(scene: Situation, warnings: list[str] | None = None) -> FloodFields:
    heard: list[str] = [] if warnings is None else warnings
    return flood_fields(scene, surfaces=TABLE, warn=heard.append)


def class_at(fields: FloodFields, row: int, column: int) -> str:
    return list(TABLE.classes)[int(fields.surface[row, column])]


def test_a_cell_belongs_to_what_covers_its_centre():
    """A border through a cell gives the whole cell to the side that holds its centre."""
    fields = fields_of(
        situation(
            FLAT,
            land_cover=[
                ground("wegdeel", shapely.box(0, 0, 4.4, 10), surface="open verharding"),
                ground("waterdeel", shapely.box(4.4, 0, 10, 10), function="waterloop"),
            ],
        )
    )
    assert [class_at(fields, 5, column) for column in (3, 4, 5)] == ["open-pavement", "water", "water"]
    assert fields.manning[5, 3] == np.float32(0.018)
    assert fields.sewered[5, 3] == 1
    assert fields.water.sum() == 60
    assert not fields.ground[:, 4:].any()


def test_ground_without_land_cover_drains_nowhere_and_is_reported():
    """Half of the ground unknown is said as half."""
    warnings: list[str] = []
    fields = fields_of(situation(FLAT, land_cover=[ground("wegdeel", shapely.box(0, 0, 5, 10))]), warnings)
    assert class_at(fields, 0, 9) == "unknown"
    assert fields.infiltration[0, 9] == fields.sewered[0, 9] == 0
    assert len(warnings) == 1
    assert warnings[0].startswith("For 50.0% of the ground in the area there is no land cover")


def test_the_terrain_knows_water_that_the_land_cover_does_not():
    """Where nothing is mapped and the height was filled with a water level, there is water."""
    origin = np.zeros((10, 10))
    origin[:2] = TerrainOrigin.UNDER_WATER
    road = ground("wegdeel", shapely.box(0, 0, 10, 9))
    fields = fields_of(situation(FLAT, land_cover=[road], terrain_origin=origin))
    assert fields.water[0].all()
    assert not fields.water[1].any()


def test_a_deck_stands_in_for_ground_that_is_not_mapped():
    """Under some bridges the BGT has no ground; a deck over mapped ground changes nothing, nor does a tunnel."""
    scene = situation(
        FLAT,
        land_cover=[ground("waterdeel", shapely.box(0, 0, 5, 10), function="waterloop")],
        decks=[
            ground("wegdeel", shapely.box(0, 0, 10, 2), surface="open verharding", level=1),
            ground("wegdeel", shapely.box(0, 8, 10, 10), surface="open verharding", level=-1),
        ],
    )
    fields = fields_of(scene)
    assert [class_at(fields, 9, column) for column in (0, 9)] == ["water", "open-pavement"]
    assert class_at(fields, 0, 9) == "unknown"


def test_only_cells_of_the_area_count_and_those_around_are_a_buffer():
    """The domain is all terrain, the ground that counts lies within the polygon."""
    terrain = FLAT.copy()
    terrain[:, 0] = np.nan
    fields = fields_of(situation(terrain, area=shapely.box(0, 0, 5, 10)))
    assert fields.domain.sum() == 90
    assert fields.inside.sum() == 40


def test_an_area_without_ground_is_refused():
    """No heights, or buildings everywhere: there is nothing to compute."""
    with pytest.raises(MissingLayerError, match="no ground with a height in 'test'"):
        fields_of(situation(np.full((4, 4), np.nan)))
    with pytest.raises(MissingLayerError, match="no ground with a height in 'test'"):
        fields_of(situation(FLAT, buildings=[building("1", shapely.box(0, 0, 10, 10))]))


def test_a_roof_drains_to_all_ground_along_its_facade():
    """A building of 2 x 3 cells has 14 cells around it, which share its 6 cells of roof."""
    fields = fields_of(situation(FLAT, buildings=[building("1", shapely.box(4, 4, 6, 7))]))
    assert fields.roofed.sum() == 6
    assert (fields.roof_ratio > 0).sum() == 14
    assert fields.roof_ratio[fields.roof_ratio > 0] == pytest.approx(6 / 14)


def test_no_roof_gets_lost():
    """Over a whole street the roofs that drain to the ground are the roofs that there are."""
    fields = fields_of(street_canyon())
    assert fields.roofed.sum() == 2 * 50 * 7
    assert fields.roof_ratio.sum() == pytest.approx(700, rel=1e-6)
    assert not fields.roof_ratio[fields.roofed].any()


def test_an_enclosed_building_drains_to_the_rim_of_its_block():
    """A house in the middle of eight others shares their façades; the block gets all of its roof."""
    shapes = [shapely.box(x, y, x + 2, y + 2) for x in (2, 4, 6) for y in (2, 4, 6)]
    fields = fields_of(situation(FLAT, buildings=[building(str(i), shape) for i, shape in enumerate(shapes)]))
    rim = fields.roof_ratio > 0
    assert rim.sum() == 8 * 8 - 6 * 6
    assert fields.roof_ratio.sum() == pytest.approx(36)
    # The centre adds 4 cells over 28; a corner house spreads 4 over its own 7 cells of rim.
    assert fields.roof_ratio[8, 1] == pytest.approx(4 / 7 + 4 / 28, rel=1e-5)


def test_a_block_without_ground_around_it_drains_to_the_nearest_ground():
    """Buildings that touch nothing but the end of the data still drain somewhere."""
    labels = np.zeros((3, 5), dtype=np.int32)
    labels[1, 0] = 1
    free = np.zeros((3, 5), dtype=bool)
    free[:, 4] = True
    shares = roof_shares(labels, free, find_facades(labels, free, count=1))
    assert shares[1, 4] == 1
    assert shares.sum() == 1


def test_a_building_smaller_than_a_cell_still_has_a_facade():
    """A shed that covers no cell centre blocks nothing; its façade is the ground that it stands on."""
    fields = fields_of(situation(FLAT, buildings=[building("1", shapely.box(4.6, 4.6, 4.9, 4.9))]))
    assert not fields.roofed.any()
    assert fields.facades.cell.tolist() == [5 * 10 + 4]
    assert fields.roof_ratio.sum() == 0


def test_a_raised_building_stands_at_least_one_storey_high():
    """Its own height where that is known, 3 m where it is lower or unknown; the ground stays."""
    scene = situation(
        FLAT + 1,
        buildings=[
            building("1", shapely.box(0, 0, 2, 2)),
            building("2", shapely.box(4, 0, 6, 2)),
            building("3", shapely.box(8, 0, 10, 2)),
        ],
    )
    raised = raised_terrain(fields_of(scene), np.array([8.0, 2.5, np.nan]))
    assert raised[9, [0, 4, 8, 3]].tolist() == [9, 4, 4, 1]
