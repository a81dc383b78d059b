"""What a model writes is standard, exact to the millimetre, and never silently wrong."""

import hashlib
import json

import geopandas
import numpy as np
import pyproj
import pytest
import rasterio
import shapely
import xarray as xr

from morgen.core.errors import UnstableError
from morgen.core.grid import Grid
from morgen.services.objects import ObjectStore, hash_folder
from morgen.services.outputs import OutputWriter

GRID = Grid(xmin=100_000, ymax=400_000, cell_size=0.5, rows=30, columns=40)


@pytest.fixture
def writer(tmp_path):
    (tmp_path / "work").mkdir()
    return OutputWriter(tmp_path / "work")


def depths(grid: Grid = GRID) -> np.ndarray:
    values = np.random.default_rng(3).random(grid.shape, dtype=np.float32) * 2
    values[:2] = np.nan
    return values


def test_a_series_is_what_xarray_reads(writer):
    """Depths come back to the millimetre, missing cells as NaN, with time, y, x and the coordinate system."""
    series = writer.write_series("depth", 20, grid=GRID, unit="m", title="Water depth")
    frames = [depths() * step / 20 for step in range(20)]
    for step, frame in enumerate(frames):
        series.append(300.0 * step, frame)
    series.close()
    with xr.open_zarr(writer.folder / "depth.zarr") as found:
        assert found["depth"].dims == ("time", "y", "x")
        np.testing.assert_allclose(found["depth"].to_numpy(), np.stack(frames), atol=0.00051)
        assert found["depth"].attrs["units"] == "m"
        assert found["depth"].encoding["dtype"] == np.uint16
        assert found["time"].to_numpy().tolist() == [300.0 * step for step in range(20)]
        assert found["x"].to_numpy()[[0, -1]].tolist() == [100_000.25, 100_019.75]
        assert found["y"].to_numpy()[[0, -1]].tolist() == [399_999.75, 399_985.25]
        crs = pyproj.CRS.from_wkt(found["spatial_ref"].attrs["crs_wkt"])
        assert crs.to_epsg() == 28992
    with xr.open_zarr(writer.folder / "depth.zarr", consolidated=False) as found:
        assert found.sizes == {"time": 20, "y": 30, "x": 40}


def test_large_series_are_sharded(writer):
    """A grid larger than a shard becomes few files, each holding several times and many chunks."""
    grid = Grid(xmin=0, ymax=400_000, cell_size=1, rows=2300, columns=700)
    series = writer.write_series("depth", 3, grid=grid, unit="m", title="Water depth")
    frame = np.zeros(grid.shape, dtype=np.float32)
    frame[2299, 699] = 1.234
    for step in range(3):
        series.append(step, frame)
    series.close()
    shards = [path for path in (writer.folder / "depth.zarr" / "depth" / "c").rglob("*") if path.is_file()]
    assert len(shards) == 2  # 2300 rows are two shards of 2000; 700 columns and 3 times fit in one
    with xr.open_zarr(writer.folder / "depth.zarr") as found:
        assert float(found["depth"][2, 2299, 699]) == pytest.approx(1.234)
        assert float(found["depth"].sum()) == pytest.approx(3 * 1.234)


def test_a_series_is_deterministic(tmp_path):
    """Writing the same series twice gives the same bytes in every file."""
    hashes = []
    for name in ("a", "b"):
        writer = OutputWriter(tmp_path / name)
        (tmp_path / name).mkdir()
        series = writer.write_series("depth", 9, grid=GRID, unit="m", title="Water depth")
        for step in range(9):
            series.append(step, depths())
        (output,) = writer.store(ObjectStore(tmp_path / name / "store"))
        hashes.append(output.sha256)
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize("value", [65.5346, 1e9, np.inf, -0.1])
def test_a_depth_that_cannot_be_is_refused(writer, value):
    """A depth that cannot be stored stops the run, and the sentence names value, place and time."""
    series = writer.write_series("depth", 1, grid=GRID, unit="m", title="Water depth")
    frame = depths()
    frame[10, 20] = value
    with pytest.raises(UnstableError, match=r"at x 100010\.2, y 399994\.8 after 60 s, and only 0 to 65\.534"):
        series.append(60, frame)


def test_the_deepest_depth_that_can_be_stored(writer):
    """65.534 m is still stored as it is."""
    series = writer.write_series("depth", 1, grid=GRID, unit="m", title="Water depth")
    series.append(0, np.full(GRID.shape, 65.534, dtype=np.float32))
    series.close()
    with xr.open_zarr(writer.folder / "depth.zarr") as found:
        assert float(found["depth"].min()) == pytest.approx(65.534)


def test_a_series_keeps_what_was_announced(writer, tmp_path):
    """Fewer times, more times, times out of order and another shape are mistakes of the model, and said so."""
    series = writer.write_series("depth", 2, grid=GRID, unit="m", title="Water depth")
    series.append(60, depths())
    with pytest.raises(ValueError, match=r"does not come after 60"):
        series.append(60, depths())
    with pytest.raises(ValueError, match=r"have shape"):
        series.append(120, depths()[1:])
    with pytest.raises(ValueError, match="1 times came, 2 were announced"):
        writer.store(ObjectStore(tmp_path / "store"))
    series.append(120, depths())
    with pytest.raises(ValueError, match="more than the 2 times"):
        series.append(180, depths())


def test_a_raster_is_a_valid_cog(writer):
    """A raster is a Cloud Optimized GeoTIFF with overviews, nodata NaN, unit and title."""
    grid = Grid(xmin=0, ymax=400_000, cell_size=0.5, rows=1100, columns=1030)
    values = depths(grid)
    writer.write_raster("max_depth", values, grid=grid, unit="m", title="Greatest depth")
    with rasterio.open(writer.folder / "max_depth.tif") as dataset:
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert dataset.overviews(1) == [2, 4]
        assert np.isnan(dataset.nodata)
        assert (dataset.units, dataset.descriptions) == (("m",), ("Greatest depth",))
        assert dataset.bounds == grid.bounds
        np.testing.assert_array_equal(dataset.read(1), values)


def test_a_mask_is_stored_as_bytes(writer):
    """Yes and no become 1 and 0."""
    writer.write_raster("flooded", depths() > 1, grid=GRID, unit="1", title="Flooded")
    with rasterio.open(writer.folder / "flooded.tif") as dataset:
        np.testing.assert_array_equal(dataset.read(1), (depths() > 1).astype(np.uint8), strict=True)


def test_outputs_are_described_by_hash_and_size(writer, tmp_path):
    """Every output is described with its kind, readable name, size and the hash of what is stored."""
    places = geopandas.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(1, 2)], crs="EPSG:28992")
    writer.write_features("places", places, title="Places")
    writer.write_json("summary", {"é": [1, None]}, title="Summary")
    writer.write_series("depth", 1, grid=GRID, unit="m", title="Depth").append(0, depths())
    objects = ObjectStore(tmp_path / "store")
    features, document, series = writer.store(objects)
    assert [item.filename for item in (features, document, series)] == [
        "places.parquet",
        "summary.json",
        "depth.zarr",
    ]
    assert [item.kind for item in (features, document, series)] == ["features", "json", "series"]
    data = objects.path(document.sha256).read_bytes()
    assert json.loads(data) == {"é": [1, None]}
    assert (document.size, document.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert hash_folder(objects.path(series.sha256)) == series.sha256
    assert series.unit == "m"


@pytest.mark.parametrize("name", ["", "Depth", "../depth", "a b", "manifest", "result"])
def test_a_name_must_be_a_plain_new_name(writer, name):
    """A name is lower case, cannot leave the folder, and is not one that Morgen uses itself."""
    with pytest.raises(ValueError, match="is no name for an output"):
        writer.write_json(name, {}, title="Wrong")


def test_a_name_is_used_once(writer):
    """A second output of the same name would hide the first."""
    writer.write_json("summary", {}, title="Summary")
    with pytest.raises(ValueError, match="written twice"):
        writer.write_json("summary", {}, title="Summary")


def test_json_has_no_nan(writer):
    """A number that is none is refused, not written as something that no JSON reader accepts."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        writer.write_json("summary", {"a": float("nan")}, title="Summary")
