"""The partition of the ground: once, at level 0, and how complete it is."""

from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pytest
import shapely

from morgen.core.grid import Grid
from morgen.sources.bgt import GEOPACKAGE, SQLITE
from morgen.sources.contract import TOPOGRAPHY_COLUMNS, Reader
from morgen.sources.land_cover import (
    PARTITION_THEMES,
    THEME_TITLES,
    decks,
    merge_topography,
    partition,
    partition_quality,
    trees,
)

COUNTRY = Grid.covering((0, 300_000, 300_000, 630_000), 1000)
DELFT = shapely.box(84_600, 447_400, 85_150, 447_760)
LIDAR_BOX = shapely.box(84_808.3, 447_412.8, 85_072.3, 447_641.3)
OTTERLO = shapely.box(180_000, 456_000, 182_000, 458_000)
AREA = shapely.box(0, 0, 100, 100)


def read(reader: Reader, path: Path) -> Any:
    recognised = reader.recognise(path)
    assert recognised is not None
    return reader.read(recognised, COUNTRY).data


def objects(*rows: tuple[str, str, shapely.Geometry, dict[str, Any]]) -> Any:
    """Return a topography frame of rows (object_id, theme, shape, and what differs from the usual)."""
    usual = {**dict.fromkeys(TOPOGRAPHY_COLUMNS, ""), "level": 0, "status": "bestaand"}
    table = [
        {**usual, "object_id": i, "theme": theme, "geometry": shape, **more} for i, theme, shape, more in rows
    ]
    return geopandas.GeoDataFrame(table, geometry="geometry", crs="EPSG:28992")


@pytest.fixture(scope="module")
def delft(shared_data):
    paths = sorted((shared_data / "nl/delft-oost/bgt-sqlite").glob("*.sqlite"))
    return merge_topography([read(SQLITE, path).assign(source_id=path.name) for path in paths])


@pytest.fixture(scope="module")
def otterlo(shared_data):
    path = shared_data / "nl/otterlo-bgt/derived_otterlo_bgt_actueel.gpkg"
    return read(GEOPACKAGE, path)


def test_two_deliveries_of_one_place_count_once(delft, shared_data):
    """SQLite and GeoPackage of the same BGT in one folder give 582 objects, not 1,164."""
    path = shared_data / "nl/delft-oost/derived/delft_oost_bgt.gpkg"
    twice = merge_topography([delft, read(GEOPACKAGE, path)])
    assert len(twice) == 582
    assert twice["source_id"].str.endswith(".sqlite").all()


def test_the_latest_registration_of_an_object_counts():
    """Of an older and a newer delivery the newer rows win, whichever comes first; objects without id all stay."""
    old = objects(("A", "wegdeel", AREA, {"registered_at": "2016-01-01T00:00:00"}), ("", "paal", AREA, {}))
    new = objects(("A", "waterdeel", AREA, {"registered_at": "2020-01-01"}), ("", "paal", AREA, {}))
    for frames in ([old, new], [new, old]):
        merged = merge_topography(frames)
        assert sorted(merged["theme"]) == ["paal", "paal", "waterdeel"]
        assert isinstance(merged.index, pd.RangeIndex)


def test_nothing_merges_to_an_empty_frame():
    """Without objects there is an empty frame with all columns, from which empty layers can be made."""
    empty = merge_topography([])
    assert [*TOPOGRAPHY_COLUMNS, "source_id"] == list(empty.columns)
    assert empty.crs.to_epsg() == 28992
    for layer in (partition, decks, trees):
        assert len(layer(empty, AREA)) == 0


def test_decks_over_water_are_not_in_the_partition(delft):
    """8 road parts, 3 bridge parts and 4 walls lie at level 1: counted in the ground they would count double."""
    ground, above = partition(delft, DELFT), decks(delft, DELFT)
    assert (len(ground), len(above)) == (567, 15)
    assert set(ground["level"]) == {0}
    assert above["theme"].value_counts().to_dict() == {"wegdeel": 8, "scheiding": 4, "overbruggingsdeel": 3}
    assert ground.columns.tolist() == above.columns.tolist() == [*TOPOGRAPHY_COLUMNS, "source_id"]


def test_delft_is_a_true_partition(delft):
    """Roads, ground, green, water and panden of Delft-oost: 43,522 m2, no overlap, 544 m2 of gaps.

    Gaps are holes, and slits up to 6 m wide, that closing fills. Most are walls and a weir: with those as surfaces
    of their own the ground is 43,897 m2 and 220 m2 stay open, under bridge heads at the edge of the crop.
    """
    ground = partition(delft, DELFT)
    without_walls = ground[~ground["theme"].isin(["scheiding", "kunstwerkdeel"])]
    quality = partition_quality(without_walls, DELFT)
    assert quality.covered_area == pytest.approx(43_522, abs=1)
    assert quality.overlap_area == 0
    assert quality.gap_area == pytest.approx(544, abs=1)
    whole = partition_quality(ground, DELFT)
    assert whole.covered_area == pytest.approx(43_897, abs=1)
    assert (whole.overlap_area, whole.worst_overlaps) == (0, ())
    assert whole.gap_area == pytest.approx(220, abs=1)


def test_the_share_of_an_area_that_is_covered_is_told(delft):
    """The BGT crop covers 56 % of the box of the height points."""
    quality = partition_quality(partition(delft, LIDAR_BOX), LIDAR_BOX)
    assert quality.area == pytest.approx(264 * 228.5)
    assert quality.covered_share == pytest.approx(0.562, abs=0.001)
    assert quality.covered_area + quality.uncovered_area == pytest.approx(quality.area)


def test_a_whole_village_has_no_gap_and_no_overlap(otterlo):
    """The four square kilometres of Otterlo are covered once, arcs and all; plans are no ground."""
    ground = partition(otterlo, OTTERLO)
    quality = partition_quality(ground, OTTERLO)
    assert quality.covered_share == pytest.approx(1, abs=1e-6)
    assert quality.overlap_area == 0
    assert quality.gap_area == pytest.approx(0, abs=0.01)
    assert set(ground["status"]) == {"bestaand"}
    assert ground["theme"].value_counts()["pand"] == 1711 - 30


def test_trees_are_points_with_an_id(otterlo):
    """2,088 trees of Otterlo; hedges are lines of the same object type and no trees."""
    found = trees(otterlo, OTTERLO)
    assert len(found) == 2088
    assert set(found.geom_type) == {"Point"}
    assert found.columns.tolist() == ["object_id", "source_id", "geometry"]


def test_only_standing_surfaces_of_the_ground_take_part():
    """Plans, history, lines, points and areas of administration are no ground."""
    square = shapely.box(10, 10, 20, 20)
    found = partition(
        objects(
            ("yes", "pand", square, {}),
            ("plan", "pand", square, {"status": "plan"}),
            ("history", "pand", square, {"status": "historie"}),
            ("line", "scheiding", square.boundary, {}),
            ("name", "buurt", square, {}),
            ("roof", "gebouwinstallatie", square, {}),
            ("far", "pand", shapely.box(200, 200, 210, 210), {}),
            ("tunnel", "tunneldeel", square, {"level": -1}),
        ),
        AREA,
    )
    assert found["object_id"].tolist() == ["yes"]


def test_overlaps_are_measured_and_named():
    """Two squares of 10 by 10 that share a strip of 2 by 10."""
    found = partition_quality(
        objects(
            ("A", "wegdeel", shapely.box(0, 0, 10, 10), {}),
            ("B", "pand", shapely.box(8, 0, 18, 10), {}),
            ("C", "pand", shapely.box(18, 0, 20, 10), {}),
        ),
        AREA,
    )
    assert found.overlap_area == pytest.approx(20)
    assert found.covered_area == pytest.approx(200)
    assert [(overlap.first_id, overlap.second_id) for overlap in found.worst_overlaps] == [("A", "B")]
    assert found.worst_overlaps[0].area == pytest.approx(20)


def test_a_hole_is_a_gap_and_the_world_around_is_not():
    """Gaps lie between the objects of a delivery; what lies outside it is uncovered only."""
    ring = shapely.box(0, 0, 50, 50).difference(shapely.box(10, 10, 30, 30))
    found = partition_quality(objects(("A", "wegdeel", ring, {})), AREA)
    assert found.gap_area == pytest.approx(400)
    assert found.uncovered_area == pytest.approx(10_000 - 2_100)


def test_an_area_without_objects_is_all_uncovered():
    """No land cover: nothing covered, no gap, no overlap."""
    found = partition_quality(merge_topography([]), AREA)
    assert (found.covered_area, found.uncovered_area, found.gap_area, found.overlap_area) == (0, 10_000, 0, 0)


def test_reports_can_name_what_lies_in_the_partition():
    """Every object type of the partition has a title in both languages."""
    assert set(THEME_TITLES) >= PARTITION_THEMES
    assert THEME_TITLES["onbegroeidterreindeel"].dutch == "onbegroeid terreindeel"
