"""3D buildings of 3DBAG, 3dfier and the Kadaster, as they are published."""

import functools
import gc
import json
import time
from pathlib import Path

import numpy as np
import pytest
import shapely
from tests.sources.closed_solids import edge_uses, is_closed, volume

from morgen.core.grid import Grid
from morgen.core.source import Role
from morgen.sources.cityjson import reader
from morgen.sources.contract import BUILDING_MODEL_COLUMNS, Reading

NETHERLANDS = Grid.covering((0, 300_000, 300_000, 630_000), 1000)

OOST = "nl/delft-oost/cityjson/"
WIPPOLDER = "nl/delft-wippolder/"
FILES = {
    # file: (buildings, version of the reference system, level of detail, date)
    OOST + "3dbag_v210908_delft_centrum_99.v11.city.jsonl": (99, "2.2", "2021-09-18"),
    OOST + "delft_3dfier_lod1.v20.city.json": (160, "1", ""),
    OOST + "testarea_3dfier_lod1.v10.city.json": (160, "1", ""),
    "nl/delft-oost/derived/3dbag_v210908_delft_oost_clip.v11.city.jsonl": (22, "2.2", "2021-09-18"),
    WIPPOLDER + "3dbag_v210908_fd2cee53_5910.v10.city.json": (432, "2.2", "2021-09-18"),
    WIPPOLDER + "3dbag_v210908_fd2cee53_5907_subset.v11.city.json": (443, "2.2", "2021-09-20"),
    WIPPOLDER + "3dbag_b3_delft_10.v20.city.jsonl": (10, "2.2", "2024-04-20"),
    "nl/3d-basisvoorziening/3db_sub.v10.city.json": (26, "1", "2020-07-18"),
}


@functools.cache
def read(path: Path, grid: Grid = NETHERLANDS) -> Reading:
    recognised = reader.recognise(path)
    assert recognised is not None
    return reader.read(recognised, grid)


@pytest.fixture(scope="module")
def tile_5910(shared_data):
    return read(shared_data / WIPPOLDER / "3dbag_v210908_fd2cee53_5910.v10.city.json")


@pytest.mark.parametrize("name", FILES)
def test_every_published_form_gives_the_same_columns(shared_data, name):
    """CityJSON 1.0, 1.1, 2.0 and sequences, of three publishers: one row a building, ids and heights filled in."""
    buildings, lod, date = FILES[name]
    reading = read(shared_data / name)
    frame = reading.data
    assert set(frame.columns) == set(BUILDING_MODEL_COLUMNS)
    assert (reading.count, len(frame)) == (buildings, buildings)
    assert (reading.crs, reading.data_date) == ("EPSG:7415", date)
    assert frame["bag_id"].str.fullmatch(r"\d{16}").all()
    assert frame["bag_id"].is_unique
    assert frame["lod"].mode()[0] == lod
    assert frame.crs.to_epsg() == 28992
    assert frame.geometry.is_valid.all()
    assert not frame.geometry.has_z.any()
    known = frame[frame["solid"].notna()]
    assert known["solid"].geom_type.eq("MultiPolygon").all()
    assert known["solid"].has_z.all()
    for solid, kinds in zip(known["solid"], known["solid_surfaces"], strict=True):
        assert len(solid.geoms) == len(kinds)
        assert {"wall", "roof"} <= set(kinds) <= {"ground", "wall", "roof"}
    assert (known["roof_height"] > known["ground_height"]).all()


def test_a_3dbag_file_is_recognised_with_its_licence(shared_data):
    """What is recognised carries its role and licence, so that maps can credit it."""
    found = reader.recognise(shared_data / WIPPOLDER / "3dbag_v210908_fd2cee53_5910.v10.city.json")
    assert found is not None
    assert found.source.role is Role.BUILDING_MODELS
    assert found.source.licence == "CC BY 4.0"
    assert found.bounds is None


def test_other_files_are_not_recognised(shared_data):
    """A reader takes its own files only."""
    assert reader.recognise(shared_data / WIPPOLDER / "bag_pand_tudcampus.geojson") is None
    assert reader.recognise(shared_data / WIPPOLDER / "bag_pand_wippolder_kerk.gpkg") is None
    assert reader.recognise(shared_data / "nl/doesburg-bag/0221PND15092020.zip") is None


def test_heights_of_3dbag_are_absolute(tile_5910):
    """h_maaiveld and h_dak_70p are m NAP: the first pand of tile 5910 stands at -0.61 with its roof at 6.88."""
    first = tile_5910.data.iloc[0]
    assert first["bag_id"] == "0503100000004247"
    assert first["ground_height"] == pytest.approx(-0.61, abs=1e-6)
    assert first["roof_height"] == pytest.approx(6.88, abs=1e-6)
    assert (first["construction_year"], first["roof_type"], first["lod"]) == (1951, "slanted", "2.2")
    ground = tile_5910.data["ground_height"].dropna()
    assert np.percentile(ground, [5, 95]) == pytest.approx([-0.74, -0.10], abs=0.02)


def test_skipped_buildings_keep_their_footprint_only(tile_5910):
    """Three panden of tile 5910 have no points, no roof heights and no part: no roof is made up for them."""
    skipped = tile_5910.data[tile_5910.data["roof_type"] == "no points"]
    assert len(skipped) == 3
    assert (skipped["lod"] == "0").all()
    assert skipped["solid"].isna().all()
    assert skipped["roof_height"].isna().all()
    assert skipped.geometry.area.gt(0).all()
    assert "3 buildings have a footprint but no solid." in tile_5910.remarks


def test_the_parts_of_a_building_are_one_solid(shared_data):
    """443 buildings have 444 parts: the one with two parts holds the surfaces of both."""
    path = shared_data / WIPPOLDER / "3dbag_v210908_fd2cee53_5907_subset.v11.city.json"
    objects = json.loads(path.read_text())["CityObjects"]
    name, parts = next(
        (name, item["children"]) for name, item in objects.items() if len(item.get("children", ())) > 1
    )
    surfaces = sum(len(shell) for part in parts for shell in objects[part]["geometry"][-1]["boundaries"])
    row = read(path).data.set_index("object_id").loc[name]
    assert len(parts) == 2
    assert len(row["solid"].geoms) == surfaces


@pytest.mark.parametrize(
    ("name", "not_closed"),
    [
        (OOST + "3dbag_v210908_delft_centrum_99.v11.city.jsonl", 7),
        (WIPPOLDER + "3dbag_v210908_fd2cee53_5910.v10.city.json", 4),
        (WIPPOLDER + "3dbag_v210908_fd2cee53_5907_subset.v11.city.json", 0),
        (WIPPOLDER + "3dbag_b3_delft_10.v20.city.jsonl", 0),
        (OOST + "testarea_3dfier_lod1.v10.city.json", 0),
        ("nl/3d-basisvoorziening/3db_sub.v10.city.json", 0),
    ],
)
def test_solids_are_closed_and_hold_a_volume(shared_data, name, not_closed):
    """Every edge bounds an even number of surfaces, but for the solids that are broken in the file itself.

    In tile 5910 the attribute val3dity_codes_lod22 counts three times 302 (not closed) and once 104.
    """
    frame = read(shared_data / name).data
    solids = list(frame["solid"].dropna())
    assert sum(not is_closed(solid) for solid in solids) == not_closed
    assert all(volume(solid) > 0 for solid in solids)


def test_a_solid_as_published_uses_every_edge_twice(tile_5910):
    """A simple house is a two-manifold: each edge lies between exactly two surfaces."""
    assert set(edge_uses(tile_5910.data["solid"].iloc[0])) == {2}


def test_surfaces_without_semantics_are_judged_by_slope(shared_data):
    """3dfier and Kadaster write no semantics: floor and roof have the size of the footprint, walls none."""
    frame = read(shared_data / OOST / "testarea_3dfier_lod1.v10.city.json").data
    for solid, kinds, footprint in zip(frame["solid"], frame["solid_surfaces"], frame.geometry, strict=True):
        for kind, expected in (("ground", footprint.area), ("roof", footprint.area), ("wall", 0.0)):
            surfaces = [part for part, one in zip(solid.geoms, kinds, strict=True) if one == kind]
            assert sum(shapely.area(surfaces)) == pytest.approx(expected, rel=0.01, abs=0.05)


def test_roofs_of_3dfier_are_measured_not_believed(shared_data):
    """measuredHeight is a NAP height in one file and a height above ground in the other: the solid decides."""
    old = read(shared_data / OOST / "testarea_3dfier_lod1.v10.city.json").data.set_index("bag_id")
    new = read(shared_data / OOST / "delft_3dfier_lod1.v20.city.json").data.set_index("bag_id")
    assert old.loc["0503100000000035", "roof_height"] == pytest.approx(13.25, abs=0.001)
    assert new.loc["0503100000000035", "roof_height"] == pytest.approx(6.0, abs=0.001)
    assert old.loc["0503100000000035", "ground_height"] == pytest.approx(-0.1, abs=0.001)


def test_the_kadaster_states_its_roof_above_the_ground(shared_data):
    """baseheight 15.82 and roofheight 3.22 are a roof at 19.04 m NAP."""
    frame = read(shared_data / "nl/3d-basisvoorziening/3db_sub.v10.city.json").data.set_index("bag_id")
    row = frame.loc["0241100000016116"]
    assert row["ground_height"] == pytest.approx(15.82, abs=0.001)
    assert row["roof_height"] == pytest.approx(19.04, abs=0.001)
    assert row["construction_year"] == 1964


def test_only_buildings_in_the_box_are_taken(shared_data):
    """The box of the grid limits the buildings, the extent stays that of the whole file."""
    box = Grid.covering((84_808, 447_412, 85_073, 447_642), 1.0)
    path = shared_data / OOST / "3dbag_v210908_delft_centrum_99.v11.city.jsonl"
    reading = read(path, box)
    assert reading.count == 22
    assert reading.data.geometry.intersects(shapely.box(*box.bounds)).all()
    assert reading.bounds == read(path).bounds
    assert reading.bounds == pytest.approx((84_394, 446_948, 85_041, 447_639), abs=1)


def test_the_extent_in_the_metadata_is_not_believed(shared_data):
    """3dfier states heights of 0 to 0 and includes roads: the buildings themselves are measured."""
    reading = read(shared_data / OOST / "testarea_3dfier_lod1.v10.city.json")
    assert reading.bounds == pytest.approx(tuple(reading.data.total_bounds), abs=0.001)


def test_a_tile_reads_within_two_seconds_and_leaves_the_collector_alone(shared_data):
    """Reading 432 buildings of 4 MB is quick because the collector rests, and it runs again afterwards."""
    path = shared_data / WIPPOLDER / "3dbag_v210908_fd2cee53_5910.v10.city.json"
    start = time.process_time()
    read.__wrapped__(path)
    assert time.process_time() - start < 2
    assert gc.isenabled()
