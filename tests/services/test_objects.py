"""Storing by content: the same bytes once, unchanged, or one sentence when the disk refuses."""

import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from tests.services.stranger import mounted

from morgen.core.errors import StorageError
from morgen.core.grid import Grid
from morgen.core.situation import Layer, LayerKind, Raster
from morgen.services.layers import LayerStore
from morgen.services.objects import ObjectStore, hash_folder
from morgen.services.outputs import OutputWriter

GRID = Grid(xmin=100_000, ymax=400_000, cell_size=0.5, rows=40, columns=60)
HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
"""sha256 of the five letters `hello`."""


@pytest.fixture
def objects(tmp_path: Path) -> ObjectStore:
    return ObjectStore(tmp_path / "twin" / ".morgen")


@pytest.fixture
def layers(objects: ObjectStore) -> LayerStore:
    return LayerStore(objects)


def make_file(path: Path, text: str = "hello") -> Path:
    path.write_text(text)
    return path


def test_a_file_lies_under_its_hash(objects, tmp_path):
    """A file moves to objects/<first two>/<sha256>, read-only."""
    sha256 = objects.put_file(make_file(tmp_path / "a.txt"))
    assert sha256 == HELLO
    assert objects.path(sha256) == objects.root / "objects" / "2c" / HELLO
    assert objects.path(sha256).read_text() == "hello"
    assert objects.path(sha256).stat().st_mode & 0o222 == 0
    assert not (tmp_path / "a.txt").exists()
    assert list((objects.root / "work").iterdir()) == []


def test_an_object_is_written_once(objects, tmp_path):
    """A second file of the same content leaves the first one where it is."""
    first = objects.path(objects.put_file(make_file(tmp_path / "a.txt"))).stat()
    second = objects.path(objects.put_file(make_file(tmp_path / "b.txt"))).stat()
    assert (first.st_ino, first.st_mtime_ns) == (second.st_ino, second.st_mtime_ns)


def test_a_folder_has_the_hash_of_sha256sum(objects, tmp_path):
    """The hash of a folder is that of the listing which sha256sum makes of it."""
    folder = tmp_path / "series.zarr"
    (folder / "c" / "0").mkdir(parents=True)
    make_file(folder / "zarr.json", "{}")
    make_file(folder / "c" / "0" / "1", "shard")
    command = "find . -type f | sed 's:^./::' | LC_ALL=C sort | xargs sha256sum | sha256sum"
    expected = subprocess.check_output(command, shell=True, cwd=folder, text=True).split()[0]
    assert hash_folder(folder) == expected
    copy = shutil.copytree(folder, tmp_path / "copy")
    assert objects.put_folder(folder) == expected
    assert objects.put_folder(copy) == expected
    assert (objects.path(expected) / "c" / "0" / "1").read_text() == "shard"


def test_verify_sees_every_change(objects, tmp_path):
    """An object that is gone, or of which one byte changed, is not verified."""
    sha256 = objects.put_file(make_file(tmp_path / "a.txt"))
    assert objects.verify(sha256)
    objects.path(sha256).chmod(0o644)
    objects.path(sha256).write_text("hallo")
    assert not objects.verify(sha256)
    assert not objects.verify("0" * 64)


def test_a_missing_object_is_a_sentence(objects):
    """Asking for what is not there says what is missing and what to do."""
    with pytest.raises(StorageError, match=r"object 000000000000 is missing .* run again"):
        objects.path("0" * 64)


def raster_layer(sha256: str) -> Layer:
    return Layer(name="terrain", kind=LayerKind.RASTER, title="Terrain", unit="m NAP", sha256=sha256)


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.uint8, np.int32])
def test_raster_layers_survive(layers, kind):
    """Values come back as they were, missing cells as NaN; equal values give an equal hash."""
    values = np.arange(GRID.rows * GRID.columns).reshape(GRID.shape).astype(kind)
    if np.issubdtype(kind, np.floating):
        values[3, 4] = np.nan
    sha256 = layers.write_raster_layer(values, GRID)
    read = layers.read(raster_layer(sha256), GRID)
    np.testing.assert_array_equal(read.values, values, strict=True)
    assert layers.write_raster_layer(values.copy(), GRID) == sha256
    with rasterio.open(layers.objects.path(sha256)) as dataset:
        assert dataset.crs.to_epsg() == 28992
        assert dataset.bounds == (100_000, 399_980, 100_030, 400_000)


def test_a_raster_on_another_grid_is_refused(layers):
    """A stored raster that does not lie on the grid of the situation is not handed out."""
    sha256 = layers.write_raster_layer(np.zeros(GRID.shape, dtype=np.float32), GRID)
    other = Grid(xmin=100_010, ymax=400_000, cell_size=0.5, rows=40, columns=60)
    with pytest.raises(StorageError, match="another grid"):
        layers.read(raster_layer(sha256), other)


def buildings() -> geopandas.GeoDataFrame:
    wall = shapely.Polygon([(0, 0, 1.5), (1, 0, 1.5), (1, 0, 4)])
    return geopandas.GeoDataFrame(
        {
            "bag_id": ["0503100000000001", "", "0503100000000003"],
            "construction_year": pd.array([1932, None, 2020], dtype="Int64"),
            "height": [7.25, float("nan"), 3.0],
            "in_bag": [True, False, True],
            "solid": pd.Series([shapely.MultiPolygon([wall]), None, None], dtype=object),
            "solid_surfaces": pd.Series([["wall"], [], []], dtype=object),
        },
        geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), None],
        crs="EPSG:28992",
    )


def features_layer(sha256: str) -> Layer:
    return Layer(name="buildings", kind=LayerKind.FEATURES, title="Buildings", sha256=sha256)


def test_feature_layers_survive(layers):
    """Text, nullable years, missing numbers, lists and shapes in two and three dimensions come back."""
    frame = buildings()
    sha256 = layers.write_features_layer(frame)
    read = layers.read(features_layer(sha256), GRID)
    assert read.crs.to_epsg() == 28992
    assert list(read.columns) == list(frame.columns)
    assert read["bag_id"].tolist() == frame["bag_id"].tolist()
    assert read["construction_year"].dtype == "Int64"
    assert read["construction_year"].isna().tolist() == [False, True, False]
    assert read["height"].isna().tolist() == [False, True, False]
    assert read["in_bag"].dtype == bool
    assert read["solid_surfaces"].tolist() == [["wall"], [], []]
    assert read["solid"].iloc[0].equals(frame["solid"].iloc[0])
    assert shapely.get_coordinates(read["solid"].iloc[0], include_z=True)[:, 2].max() == 4
    assert read["solid"].iloc[1] is None
    assert read.geometry.iloc[0].equals(frame.geometry.iloc[0])
    assert read.geometry.iloc[2] is None


def test_equal_features_have_an_equal_hash(layers):
    """The index does not count; the content does, and the kind of the solid column does not."""
    sha256 = layers.write_features_layer(buildings())
    assert layers.write_features_layer(buildings().set_index(pd.Index([7, 8, 9]))) == sha256
    typed = buildings().set_geometry("solid", crs="EPSG:28992").set_geometry("geometry", crs="EPSG:28992")
    assert layers.write_features_layer(typed) == sha256
    assert layers.write_features_layer(buildings().iloc[:2]) != sha256


def test_features_are_geoparquet_to_others(layers):
    """Another reader finds both shape columns with their CRS, and years as integers."""
    path = layers.objects.path(layers.write_features_layer(buildings()))
    read = geopandas.read_parquet(path)
    assert read.crs.to_epsg() == 28992
    assert read["solid"].crs.to_epsg() == 7415
    assert read["construction_year"].dtype == "Int64"


def test_no_features_survive(layers):
    """An empty layer keeps its columns."""
    read = layers.read(features_layer(layers.write_features_layer(buildings().iloc[:0])), GRID)
    assert (len(read), list(read.columns)) == (0, list(buildings().columns))


def test_features_of_another_crs_are_refused(layers):
    """Features are never stored under a coordinate system that is not theirs."""
    with pytest.raises(ValueError, match="EPSG:4326"):
        layers.write_features_layer(buildings().drop(columns="solid").to_crs(4326))


def noise(side: int) -> np.ndarray:
    return np.random.default_rng(1).random((side, side), dtype=np.float32)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with mounted(tmp_path / "small", megabytes=2) as folder:
        yield folder


def write_raster(layers: LayerStore, grid: Grid) -> None:
    layers.write_raster_layer(noise(grid.rows), grid)


def write_features(layers: LayerStore, grid: Grid) -> None:
    points = shapely.points(np.random.default_rng(1).random((150_000, 2)))
    layers.write_features_layer(geopandas.GeoDataFrame(geometry=points, crs="EPSG:28992"))


def write_outputs(layers: LayerStore, grid: Grid) -> None:
    with layers.objects.work_folder() as folder:
        OutputWriter(folder).write_raster("depth", noise(grid.rows), grid=grid, unit="m", title="Depth")


def write_series(layers: LayerStore, grid: Grid) -> None:
    with layers.objects.work_folder() as folder:
        series = OutputWriter(folder).write_series("depth", 8, grid=grid, unit="m", title="Depth")
        for time in range(8):
            series.append(time, noise(grid.rows) * 60)


WRITERS = (write_raster, write_features, write_outputs, write_series)
LARGE = Grid(xmin=0, ymax=400_000, cell_size=1, rows=1000, columns=1000)


@pytest.mark.parametrize("write", WRITERS)
def test_a_full_disk_is_a_sentence(small_disk, write):
    """When the disk is full the user reads where and what to do, and nothing half-written stays."""
    layers = LayerStore(ObjectStore(small_disk / ".morgen"))
    with pytest.raises(StorageError, match=r"the disk is full at .*small.*: free some space"):
        write(layers, LARGE)
    assert [path for path in small_disk.rglob("*") if path.is_file()] == []
    small = Grid(xmin=0, ymax=400_000, cell_size=1, rows=10, columns=10)
    assert layers.objects.verify(layers.write_raster_layer(noise(10), small))


@pytest.mark.parametrize("write", WRITERS)
def test_a_file_that_may_not_grow_is_a_sentence(tmp_path, write):
    """The same holds when the system limits the size of files."""
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    layers = LayerStore(ObjectStore(tmp_path / ".morgen"))
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limit[1]))
        with pytest.raises(StorageError, match="the disk is full at"):
            write(layers, LARGE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    """Where a file stands in the way the user reads which folder refused."""
    make_file(tmp_path / ".morgen")
    with pytest.raises(StorageError, match=r"the disk refused to write in .*\.morgen"):
        LayerStore(ObjectStore(tmp_path / ".morgen")).write_raster_layer(np.zeros(GRID.shape), GRID)


def test_importing_the_store_is_cheap():
    """The store can be imported without the heavy libraries that it uses inside."""
    script = (
        "import sys; import morgen.services.layers, morgen.services.outputs, morgen.services.runs,"
        " morgen.services.worker, morgen.services.lock;"
        "heavy = {'geopandas', 'pandas', 'rasterio', 'zarr', 'xarray', 'sqlalchemy', 'alembic', 'numba'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "[]"


def test_a_layer_read_back_is_a_raster(layers):
    """A raster layer comes back with the grid of the situation."""
    sha256 = layers.write_raster_layer(np.ones(GRID.shape), GRID)
    read = layers.read(raster_layer(sha256), GRID)
    assert isinstance(read, Raster)
    assert read.grid == GRID
