"""Point clouds: LAS and LAZ of AHN, clipped, and broken ones."""

from datetime import date
from pathlib import Path

import laspy
import numpy as np
import pytest
from pyproj import CRS

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Grid
from morgen.core.source import Role
from morgen.sources.heights.points import read, recognise

BOX = Grid(xmin=85000, ymax=447500, cell_size=0.5, rows=20, columns=20)


def write(
    path: Path, *, version="1.2", point_format=1, crs=None, count=1000, offset=(85000.0, 447490.0), seed=0
) -> Path:
    rng = np.random.default_rng(seed)
    header = laspy.LasHeader(version=version, point_format=point_format)
    header.offsets = [*offset, 0]
    header.scales = [0.001] * 3
    header.creation_date = date(2014, 3, 4)
    if crs:
        header.add_crs(CRS.from_user_input(crs))
    cloud = laspy.LasData(header)
    cloud.x, cloud.y = offset[0] + rng.uniform(0, 10, count), offset[1] + rng.uniform(0, 10, count)
    cloud.z = rng.uniform(-1, 1, count)
    cloud.classification = rng.choice([1, 2, 6, 9, 26], count).astype(np.uint8)
    cloud.write(path)
    return path


def test_the_real_tiles_give_all_their_points_and_the_date_that_they_carry(shared_data):
    folder = shared_data / "nl" / "delft-oost" / "ahn3-laz"
    grid = Grid.covering((84805, 447410, 85075, 447645), 0.5)
    counts = dict.fromkeys((1, 2, 6, 9, 26), 0)
    for name, points in (("ahn3_cropped_1.laz", 640_510), ("ahn3_cropped_2.laz", 208_432)):
        found = recognise(folder / name)
        assert found is not None
        assert found.source.role is Role.HEIGHT_POINTS
        reading = read(found, grid)
        assert reading.count == points
        assert reading.crs == "EPSG:7415 (assumed)"
        assert reading.data_date == "2014-03-04"
        for code in counts:
            counts[code] += int((reading.data.classification == code).sum())
    assert counts == {1: 282_445, 2: 283_118, 6: 280_065, 9: 835, 26: 2_479}


@pytest.mark.parametrize(("version", "point_format"), [("1.2", 1), ("1.2", 3), ("1.3", 1), ("1.4", 6), ("1.4", 8)])
@pytest.mark.parametrize("suffix", ["las", "laz"])
def test_las_1_2_to_1_4_are_read_as_they_were_written(tmp_path, version, point_format, suffix):
    path = write(tmp_path / f"points.{suffix}", version=version, point_format=point_format)
    found = recognise(path)
    assert found is not None
    assert found.source.title == f"Height points, {suffix.upper()} {version}"
    data = read(found, BOX).data
    original = laspy.read(path)
    np.testing.assert_array_equal(data.z, original.z)
    np.testing.assert_array_equal(data.classification, original.classification)


def test_points_are_clipped_to_the_box_and_neighbouring_boxes_share_none(tmp_path):
    found = recognise(write(tmp_path / "points.laz"))
    assert found is not None
    halves = [
        read(found, Grid(xmin=xmin, ymax=447500, cell_size=0.5, rows=20, columns=10)).data
        for xmin in (85000, 85005)
    ]
    assert [half.x.min() >= xmin for half, xmin in zip(halves, (85000, 85005), strict=True)] == [True, True]
    assert halves[0].x.max() < 85005
    assert sum(half.x.size for half in halves) == 1000
    assert read(found, Grid(xmin=90000, ymax=447500, cell_size=0.5, rows=2, columns=2)).count == 0


def test_points_that_the_surveyor_withheld_are_left_out(tmp_path):
    path = write(tmp_path / "points.laz", count=100)
    cloud = laspy.read(path)
    cloud.withheld = np.arange(100) < 7
    cloud.write(path)
    found = recognise(path)
    assert found is not None
    assert read(found, BOX).count == 93


def test_reading_in_chunks_is_the_same(tmp_path, monkeypatch):
    found = recognise(write(tmp_path / "points.laz"))
    assert found is not None
    whole = read(found, BOX).data
    monkeypatch.setattr("morgen.sources.heights.points.CHUNK", 77)
    np.testing.assert_array_equal(read(found, BOX).data.z, whole.z)


@pytest.mark.parametrize(
    ("crs", "told"), [("EPSG:28992", "EPSG:28992"), ("EPSG:7415", "EPSG:7415"), (None, "EPSG:7415 (assumed)")]
)
def test_rd_new_is_taken_also_with_nap_and_assumed_when_coordinates_fit(tmp_path, crs, told):
    found = recognise(write(tmp_path / "points.las", version="1.4", point_format=6, crs=crs))
    assert found is not None
    assert read(found, BOX).crs == told


def test_other_places_and_other_systems_are_refused(tmp_path):
    elsewhere = write(tmp_path / "elsewhere.laz", offset=(600_000.0, 5_750_000.0))
    with pytest.raises(UnreadableSourceError, match=r"no CRS.*outside RD New.*reproject"):
        recognise(elsewhere)
    utm = write(tmp_path / "utm.las", version="1.4", point_format=6, crs="EPSG:25831", offset=(6e5, 5.75e6))
    with pytest.raises(UnreadableSourceError, match=r"EPSG:25831.*EPSG:7415"):
        recognise(utm)


def test_a_file_that_is_no_point_cloud_is_left_to_other_readers(tmp_path):
    path = tmp_path / "points.laz"
    path.write_bytes(b"PK\x03\x04")
    assert recognise(path) is None


@pytest.mark.parametrize("share", [0.00002, 0.0005, 0.3, 0.9, 0.9999])
def test_a_cut_off_real_tile_is_found_when_it_is_recognised(shared_data, tmp_path, share):
    whole = (shared_data / "nl" / "delft-oost" / "ahn3-laz" / "ahn3_cropped_2.laz").read_bytes()
    cut = tmp_path / "cut.laz"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(UnreadableSourceError, match=r"cut\.laz was taken for a height point cloud.*\(.+\)"):
        recognise(cut)


@pytest.mark.parametrize(
    ("suffix", "left"), [*((suffix, left) for suffix in ("las", "laz") for left in (120, 250, 600)), ("las", -1)]
)
def test_a_cut_off_small_file_is_found(tmp_path, suffix, left):
    whole = write(tmp_path / f"points.{suffix}").read_bytes()
    cut = tmp_path / f"cut.{suffix}"
    cut.write_bytes(whole[:left])
    with pytest.raises(UnreadableSourceError, match=r"cut"):
        recognise(cut)


def test_a_file_that_breaks_after_it_was_recognised_tells_where(shared_data, tmp_path):
    source = shared_data / "nl" / "delft-oost" / "ahn3-laz" / "ahn3_cropped_2.laz"
    path = tmp_path / "points.laz"
    path.write_bytes(source.read_bytes())
    found = recognise(path)
    assert found is not None
    path.write_bytes(source.read_bytes()[:500_000])
    with pytest.raises(UnreadableSourceError, match=r"points\.laz was taken for"):
        read(found, Grid.covering((84805, 447410, 85075, 447645), 0.5))


def test_a_tile_without_points_is_refused(tmp_path):
    with pytest.raises(UnreadableSourceError, match=r"holds no points"):
        recognise(write(tmp_path / "points.las", count=0))
