"""Height rasters: told apart by content, and read without inventing or losing ground."""

import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import rasterio
from rasterio.transform import Affine

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Grid
from morgen.core.source import Role
from morgen.sources.heights.geotiff import read, recognise

FLOAT_MAX = 3.4028234663852886e38
DELFT = Grid.covering((84805, 447410, 85075, 447645), 0.5)


def ground(size: int = 64, seed: int = 0) -> npt.NDArray[np.float32]:
    """A polder with a 2 % slope and centimetres of noise."""
    noise = np.random.default_rng(seed).normal(0, 0.03, (size, size))
    return (np.linspace(-2, -1, size)[None, :] + noise).astype(np.float32)


def write(path: Path, values, *, cell_size=0.5, crs="EPSG:28992", west=85000.0, north=447500.0, **options) -> Path:
    bands = values if values.ndim == 3 else values[None]
    transform = options.pop("transform", Affine(cell_size, 0.0, west, 0.0, -cell_size, north))
    profile = {
        "driver": "GTiff",
        "count": bands.shape[0],
        "height": bands.shape[1],
        "width": bands.shape[2],
        "dtype": bands.dtype,
        "crs": crs,
        "transform": transform,
    }
    with rasterio.open(path, "w", **profile, **options) as dataset:
        dataset.write(bands)
    return path


def frame(size: int = 64, cell_size: float = 0.5) -> Grid:
    return Grid(xmin=85000, ymax=447500, cell_size=cell_size, rows=size, columns=size)


# --- what it is ---


@pytest.mark.parametrize("resolution", ["05m", "5m"])
@pytest.mark.parametrize(("kind", "role"), [("dtm", Role.TERRAIN), ("dsm", Role.SURFACE)])
@pytest.mark.parametrize("name", ["heights.tif", "R_37EN1.tif", "M_37EN1.tif", "dsm.tif", "dtm.tif"])
def test_real_ahn_rasters_are_told_apart_by_content_whatever_their_name(
    shared_data, tmp_path, kind, role, resolution, name
):
    source = shared_data / "nl" / "delft-oost" / "derived" / f"delft_oost_ahn3_{kind}_{resolution}.tif"
    shutil.copyfile(source, tmp_path / name)
    found = recognise(tmp_path / name)
    assert found is not None
    assert found.source.role is role
    assert found.bounds == pytest.approx((84805, 447410, 85075, 447645))
    assert found.resolution == (0.5 if resolution == "05m" else 5)


@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("cell_size", [0.5, 1.0, 5.0])
def test_a_steep_hillside_is_still_ground(tmp_path, slope, cell_size):
    hill = ground() * 0.5 + 100 + slope * cell_size * np.arange(64, dtype=np.float32)[:, None]
    found = recognise(write(tmp_path / "hill.tif", hill, cell_size=cell_size))
    assert found is not None
    assert found.source.role is Role.TERRAIN


def test_a_village_in_the_corner_of_a_large_polder_makes_it_a_surface(tmp_path):
    polder = ground(1024)
    for row in range(0, 512, 40):
        for column in range(0, 512, 40):
            polder[row : row + 16, column : column + 16] += 7
    found = recognise(write(tmp_path / "heights.tif", polder, tiled=True, compress="deflate"))
    assert found is not None
    assert found.source.role is Role.SURFACE
    assert "by its name" not in found.source.title


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("M_31HN1.tif", Role.TERRAIN),
        ("M5_37EN1.TIF", Role.TERRAIN),
        ("m37en1.tif", Role.TERRAIN),
        ("ahn_dtm_clip.tif", Role.TERRAIN),
        ("R_31HN1.tif", Role.SURFACE),
        ("R5_37EN1.TIF", Role.SURFACE),
        ("r37en1.tif", Role.SURFACE),
        ("gemeente-dsm.tif", Role.SURFACE),
        ("dsm_05m/31HN1.tif", Role.SURFACE),
    ],
)
def test_the_name_decides_only_where_the_content_leaves_doubt_and_the_title_says_so(tmp_path, name, role):
    doubtful = ground()
    doubtful[20:22, 20:22] += 5  # 16 bends in 7,936: 0.2 %
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    found = recognise(write(path, doubtful))
    assert found is not None
    assert found.source.role is role
    assert found.source.title.endswith("told by its name")


def test_other_rasters_are_not_heights(tmp_path):
    photo = np.zeros((3, 32, 32), np.uint8)
    assert recognise(write(tmp_path / "photo.tif", photo)) is None
    assert recognise(write(tmp_path / "classes.tif", photo[0])) is None
    assert recognise(write(tmp_path / "pressure.tif", ground() + 101_300)) is None
    text = tmp_path / "text.tif"
    text.write_bytes(b"no TIFF at all")
    assert recognise(text) is None


# --- where it is ---


@pytest.mark.parametrize(
    ("crs", "told"), [("EPSG:28992", "EPSG:28992"), ("EPSG:7415", "EPSG:7415"), (None, "EPSG:28992 (assumed)")]
)
def test_rd_new_is_taken_also_with_nap_and_assumed_when_coordinates_fit(tmp_path, crs, told):
    found = recognise(write(tmp_path / "heights.tif", ground(), crs=crs))
    assert found is not None
    assert read(found, frame()).crs == told


def test_another_crs_is_named_together_with_what_is_allowed(tmp_path):
    path = write(tmp_path / "heights.tif", ground(), crs="EPSG:25831", west=600_000, north=5_750_000)
    with pytest.raises(UnreadableSourceError, match=r"EPSG:25831.*EPSG:28992.*reproject"):
        recognise(path)


@pytest.mark.parametrize("crs", [None, "EPSG:28992"])
def test_coordinates_outside_the_netherlands_are_refused(tmp_path, crs):
    path = write(tmp_path / "heights.tif", ground(), crs=crs, west=600_000, north=5_750_000)
    with pytest.raises(UnreadableSourceError, match=r"outside"):
        recognise(path)


def test_a_raster_without_place_or_turned_is_refused(tmp_path):
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        placeless = write(tmp_path / "placeless.tif", ground(), crs=None, transform=Affine.identity())
    with pytest.raises(UnreadableSourceError, match=r"no place on the map"):
        recognise(placeless)
    turned = Affine(0.5, 0.1, 85000, 0.1, -0.5, 447500)
    with pytest.raises(UnreadableSourceError, match=r"rows do not run"):
        recognise(write(tmp_path / "turned.tif", ground(), transform=turned))


# --- what is missing ---


@pytest.mark.parametrize("tag", [None, FLOAT_MAX, -FLOAT_MAX, -9999.0, float("nan"), 0.0])
@pytest.mark.parametrize(
    "marks", [[FLOAT_MAX], [-FLOAT_MAX], [-9999.0], [np.nan], [FLOAT_MAX, -9999.0, np.nan, 1.7e38]]
)
def test_every_mark_of_a_missing_cell_is_understood_whatever_the_tag_says(tmp_path, tag, marks):
    values = ground()
    values[10, 10 : 10 + len(marks)] = marks
    found = recognise(write(tmp_path / "heights.tif", values, nodata=tag))
    assert found is not None
    reading = read(found, frame())
    assert reading.count == values.size - len(marks)
    assert np.isnan(reading.data.values[10, 10 : 10 + len(marks)]).all()


def test_zero_is_a_height_unless_the_tag_says_otherwise(tmp_path):
    values = ground()
    values[5, 5] = 0.0
    for tag, missing in ((None, False), (0.0, True)):
        found = recognise(write(tmp_path / f"{missing}.tif", values, nodata=tag))
        assert found is not None
        assert np.isnan(read(found, frame()).data.values[5, 5]) == missing


def test_a_raster_of_only_missing_cells_is_refused(tmp_path):
    path = write(tmp_path / "sea.tif", np.full((64, 64), FLOAT_MAX, np.float32))
    with pytest.raises(UnreadableSourceError, match=r"holds no height at all"):
        recognise(path)


@pytest.mark.parametrize("compress", ["deflate", "zstd", "lzw"])
@pytest.mark.parametrize("share", [0.0005, 0.5, 0.97])
def test_a_cut_off_tiff_tells_where_it_breaks_off(tmp_path, compress, share):
    whole = write(
        tmp_path / "whole.tif", ground(512), tiled=True, blockxsize=256, blockysize=256, compress=compress
    )
    cut = tmp_path / "cut.tif"
    cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
    with pytest.raises(UnreadableSourceError, match=r"cut\.tif was taken for a height raster.*\(.+\)"):
        recognise(cut)


def test_a_tile_that_is_damaged_in_the_middle_is_found_when_it_is_read(tmp_path):
    path = write(
        tmp_path / "heights.tif", ground(512), tiled=True, blockxsize=256, blockysize=256, compress="zstd"
    )
    found = recognise(path)
    assert found is not None
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 2000] = bytes(2000)
    path.write_bytes(data)
    with pytest.raises(UnreadableSourceError, match=r"rows 0 to 512, columns 0 to 512"):
        read(found, frame(512))


# --- on the grid ---


def test_an_equal_and_aligned_grid_gets_the_cells_as_they_are(tmp_path):
    values = ground()
    values[3, 4] = np.nan
    found = recognise(write(tmp_path / "heights.tif", values, compress="zstd"))
    assert found is not None
    np.testing.assert_array_equal(read(found, frame()).data.values, values)
    part = Grid(xmin=85010, ymax=447495, cell_size=0.5, rows=8, columns=100)
    expected = np.full((8, 100), np.nan, np.float32)
    expected[:, :44] = values[10:18, 20:]
    reading = read(found, part)
    np.testing.assert_array_equal(reading.data.values, expected)
    assert reading.data.values.dtype == np.float32
    assert reading.count == 8 * 44


def test_reading_the_half_metre_raster_at_5_m_gives_the_5_m_raster(shared_data):
    """The 5 m rasters of Delft-Oost were made as the mean of cells with at least a tenth of heights."""
    folder = shared_data / "nl" / "delft-oost" / "derived"
    grid = Grid.covering((84805, 447410, 85075, 447645), 5)
    for kind in ("dtm", "dsm"):
        fine, coarse = (recognise(folder / f"delft_oost_ahn3_{kind}_{size}.tif") for size in ("05m", "5m"))
        assert fine is not None
        assert coarse is not None
        np.testing.assert_allclose(read(fine, grid).data.values, read(coarse, grid).data.values, atol=1e-5)


@pytest.mark.parametrize(("cell_size", "shift"), [(0.25, 0.0), (0.1, 0.0), (0.5, 0.2)])
def test_a_finer_or_shifted_grid_neither_shrinks_nor_grows_holes(tmp_path, cell_size, shift):
    values = np.add.outer(np.zeros(32), np.arange(32)).astype(np.float32) * 0.1
    values[8:16, 8:16] = FLOAT_MAX
    found = recognise(write(tmp_path / "heights.tif", values, west=85000 + shift, nodata=FLOAT_MAX))
    assert found is not None
    grid = Grid.covering((85000, 447484, 85016, 447500), cell_size)
    result = read(found, grid).data.values
    x = grid.xmin + (np.arange(grid.columns) + 0.5) * cell_size - 85000 - shift
    y = (np.arange(grid.rows) + 0.5) * cell_size
    under = np.add.outer((y >= 4) & (y < 8), np.zeros(x.size)) * np.add.outer(np.zeros(y.size), (x >= 4) & (x < 8))
    expected_hole = (under > 0) | (x < 0)[None, :]
    np.testing.assert_array_equal(np.isnan(result), expected_hole)
    plane = np.clip((x / 0.5 - 0.5) * 0.1, 0, 3.1)
    far = ~expected_hole & ((np.abs(x - 6) > 2.5) & (x > 0.25) & (x < 15.75))[None, :]
    np.testing.assert_allclose(result[far], np.broadcast_to(plane, result.shape)[far], atol=1e-5)


def test_no_resampling_leaves_the_range_of_the_heights(tmp_path):
    values = ground()
    values[::7] = -9999
    found = recognise(write(tmp_path / "heights.tif", values))
    assert found is not None
    valid = values[values > -9999]
    for cell_size in (0.1, 0.3, 0.7, 2.0, 7.0):
        grid = Grid.covering((84995, 447470, 85035, 447505), cell_size)
        result = read(found, grid).data.values
        assert np.nanmin(result) >= valid.min() - 1e-5
        assert np.nanmax(result) <= valid.max() + 1e-5


def test_a_grid_beside_the_raster_gets_nothing(tmp_path):
    found = recognise(write(tmp_path / "heights.tif", ground()))
    assert found is not None
    reading = read(found, Grid(xmin=90000, ymax=447500, cell_size=0.5, rows=4, columns=4))
    assert reading.count == 0
    assert np.isnan(reading.data.values).all()


def test_a_grid_that_is_read_in_blocks_is_the_same(shared_data, monkeypatch):
    path = shared_data / "nl" / "delft-oost" / "derived" / "delft_oost_ahn3_dtm_05m.tif"
    found = recognise(path)
    assert found is not None
    for cell_size in (0.25, 0.5, 2.0):
        grid = Grid.covering((84800, 447400, 84950, 447600), cell_size)
        monkeypatch.setattr("morgen.sources.heights.resample.BLOCK", 4_000_000)
        whole = read(found, grid).data.values
        monkeypatch.setattr("morgen.sources.heights.resample.BLOCK", 20_000)
        np.testing.assert_array_equal(read(found, grid).data.values, whole)
