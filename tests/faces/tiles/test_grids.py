"""Terrain and depth travel as whole numbers in a container, and come back within what the container promises."""

import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from tests.faces.tiles.runs import stored_run

from morgen.core.errors import InputError, MissingLayerError, NotFoundError
from morgen.core.grid import Grid
from morgen.faces.tiles import depth_grid, grid_stride, read_grid, terrain_grid
from morgen.testing.situations import situation

RELIEF = np.random.default_rng(4).normal(1.0, 2.0, (30, 40))
HEIGHTS = arrays.arrays(
    np.float32, (7, 5), elements=st.one_of(st.floats(-10, 330, width=32), st.just(float("nan")))
)


def by_hand(data):
    """The header and the payload, read as docs/formats.md says."""
    assert data[:4] == b"MGRD"
    (length,) = struct.unpack("<I", data[4:8])
    assert (8 + length) % 8 == 0
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def depths(times=6, rows=12, columns=9, deepest=1.3):
    values = np.random.default_rng(8).random((times, rows, columns)) ** 3 * deepest
    values[:, :2, :2] = np.nan
    values[0] *= 0
    return values


@pytest.fixture
def run(tmp_path):
    return stored_run(tmp_path / "run", situation(np.zeros((12, 9))), depths=depths())


def test_terrain_is_laid_out_as_promised():
    """Magic, header, padding and payload can be read without our reader."""
    header, payload = by_hand(terrain_grid(situation(RELIEF, cell_size=0.5)))

    expected = {"version": 1, "kind": "terrain", "rows": 30, "columns": 40, "cellSize": 0.5, "stride": 1}
    assert expected.items() <= header.items()
    assert (header["west"], header["north"]) == (85_000, 447_015)
    assert (header["dtype"], header["nodata"], header["unit"]) == ("uint16", 65_535, "m NAP")
    values = header["offset"] + header["scale"] * np.frombuffer(payload, "<u2").reshape(30, 40)
    np.testing.assert_allclose(values, RELIEF, atol=0.00051)


@given(HEIGHTS)
def test_terrain_comes_back_to_half_a_step(heights):
    """Whatever the relief, from the Zuidplaspolder to the Vaalserberg and far beyond, holes included."""
    container = read_grid(terrain_grid(situation(heights)))

    assert container.header["scale"] <= max(0.001, 341 / 65_534)
    half = container.header["scale"] / 2 + 1e-9
    np.testing.assert_allclose(container.values, heights, atol=half, rtol=0)


def test_a_stride_takes_cells_as_they_are():
    """Every third cell, not a mean; the samples lie on the centres of the cells that they are."""
    made = situation(RELIEF, cell_size=2.0)
    container = read_grid(terrain_grid(made, stride=3))
    header = container.header

    assert (header["rows"], header["columns"], header["cellSize"], header["stride"]) == (10, 14, 6.0, 3)
    np.testing.assert_allclose(container.values, RELIEF[::3, ::3], atol=0.00051)
    x = header["west"] + (np.arange(14) + 0.5) * header["cellSize"]
    y = header["north"] - (np.arange(10) + 0.5) * header["cellSize"]
    assert np.array_equal(x, made.grid.xmin + (np.arange(0, 40, 3) + 0.5) * 2)
    assert np.array_equal(y, made.grid.ymax - (np.arange(0, 30, 3) + 0.5) * 2)


@pytest.mark.parametrize(("rows", "columns", "expected"), [(1, 1, 1), (512, 300, 1), (513, 20, 2), (20, 2000, 4)])
def test_a_viewer_gets_at_most_512_rows_and_columns(rows, columns, expected):
    """The stride follows from the longest side."""
    grid = Grid(xmin=0, ymax=rows, cell_size=1, rows=rows, columns=columns)

    assert grid_stride(grid) == expected
    assert -(-max(rows, columns) // expected) <= 512


@pytest.mark.parametrize("stride", [0, -1, 41])
def test_a_stride_that_leaves_nothing_is_refused(stride):
    """The sentence says what may be given."""
    with pytest.raises(InputError, match=rf"a stride of {stride} is not allowed.*1, every cell, to 40"):
        terrain_grid(situation(RELIEF), stride=stride)


def test_depth_is_laid_out_as_promised(run):
    """Frames follow one another; 255 is no value, 0 is dry and 254 is the greatest depth."""
    header, payload = by_hand(depth_grid(run))
    stored = np.frombuffer(payload, np.uint8).reshape(6, 12, 9)

    assert (header["kind"], header["run"], header["dtype"], header["encoding"]) == (
        "depth",
        run.id,
        "uint8",
        "sqrt",
    )
    assert (header["rows"], header["columns"], header["nodata"], header["unit"]) == (12, 9, 255, "m")
    assert header["times"] == [0, 300, 600, 900, 1200, 1500]
    assert header["maximum"] == pytest.approx(np.nanmax(depths()), abs=0.00051)
    assert (stored[:, :2, :2] == 255).all()
    assert (stored[0, 2:] == 0).all()
    assert stored[stored < 255].max() == 254


def test_depth_comes_back_to_half_a_step_everywhere(run):
    """No stored depth is nearer to another number that could have been written."""
    container = read_grid(depth_grid(run))
    stored = run.depth.to_xarray().to_numpy()

    levels = container.header["maximum"] * (np.arange(255) / 254) ** 2
    error = np.abs(container.values - stored)
    nearest = np.abs(stored[..., None] - levels).min(axis=-1)
    assert np.array_equal(np.isnan(container.values), np.isnan(stored))
    np.testing.assert_allclose(error, nearest, atol=1e-9)
    step = np.diff(levels, append=levels[-1])[np.where(container.stored == 255, 0, container.stored)]
    assert (
        error[~np.isnan(error)] <= np.maximum(step, levels[-1] - levels[-2])[~np.isnan(error)] / 2 + 1e-9
    ).all()


def test_shallow_water_is_told_apart_finely(tmp_path):
    """With 4 m as the greatest depth, depths of 20 cm are still right within half a centimetre."""
    values = np.concatenate([np.linspace(0, 0.2, 20), [4.0]]).reshape(1, 3, 7)
    run = stored_run(tmp_path, situation(np.zeros((3, 7))), depths=values)

    error = np.abs(read_grid(depth_grid(run)).values - values)
    assert error[values <= 0.2].max() < 0.005


def test_terrain_and_depth_lie_on_each_other(tmp_path):
    """Both have the same rows, columns, stride and corner."""
    made = situation(np.zeros((40, 60)), cell_size=0.5)
    run = stored_run(tmp_path, made, depths=np.zeros((2, 40, 60)))
    for stride in (None, 1, 7):
        terrain, depth = (
            read_grid(data).header for data in (terrain_grid(made, stride=stride), depth_grid(run, stride=stride))
        )
        shared = ("rows", "columns", "cellSize", "west", "north", "stride")
        assert [terrain[key] for key in shared] == [depth[key] for key in shared]


def test_a_long_series_is_read_in_pieces(tmp_path):
    """More times than a chunk holds come in order, and each time once."""
    values = np.arange(21)[:, None, None] * np.full((21, 4, 5), 0.01)
    run = stored_run(tmp_path, situation(np.zeros((4, 5))), depths=values)

    container = read_grid(depth_grid(run, stride=2))
    assert container.stored.shape == (21, 2, 3)
    np.testing.assert_allclose(container.values, values[:, ::2, ::2], atol=0.001)


def test_a_dry_run_is_a_container_too(tmp_path):
    """No water anywhere is a depth of nothing, not an error."""
    run = stored_run(tmp_path, situation(np.zeros((3, 3))), depths=np.zeros((2, 3, 3)))
    container = read_grid(depth_grid(run))

    assert container.header["maximum"] > 0
    assert (container.values == 0).all()


def test_what_is_not_there_says_so(tmp_path):
    """A run without depths and a situation without terrain are named."""
    run = stored_run(tmp_path, situation(np.zeros((3, 3))), documents={"balance": {}})

    with pytest.raises(NotFoundError, match="no output 'depth'; it has balance"):
        depth_grid(run)
    with pytest.raises(MissingLayerError, match="terrain"):
        terrain_grid(situation(np.zeros((3, 3))).__class__.from_json({**situation([[0]]).to_json(), "layers": []}))


@pytest.mark.parametrize("cut", [0, 3, 7, 20, 150])
def test_a_container_that_is_cut_off_is_refused(cut):
    """Reading half a download is an error with a sentence, not half a terrain."""
    with pytest.raises(InputError, match="container"):
        read_grid(terrain_grid(situation(RELIEF))[:cut])
