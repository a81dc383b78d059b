"""A plan of redevelopment becomes plots, and a broken one is refused with the feature and the column."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Grid
from morgen.sources.contract import PLOT_COLUMNS
from morgen.sources.redevelopment import join_plots, reader

GRID = Grid.covering((84000.0, 447000.0, 84200.0, 447200.0), 1.0)
RD = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}


def plot(number: int = 1, *, shape: Any = None, **changed: Any) -> dict[str, Any]:
    west = 84000.0 + 50 * (number - 1)
    geometry = shape if shape is not None else shapely.box(west, 447000, west + 50, 447040)
    rules = {
        "plot_id": f"K-{number}",
        "kind": "plot",
        "allowed_uses": ["woonfunctie", "winkelfunctie"],
        "max_height": 12.0,
        "max_storeys": 4,
        "max_coverage": 0.5,
        "min_green": 0.25,
        "max_floor_area": 4000,
        "dwellings": 30,
    }
    return {"type": "Feature", "properties": {**rules, **changed}, "geometry": shapely.geometry.mapping(geometry)}


def written(folder: Path, *features: Any, crs: Any = RD) -> Path:
    path = folder / "plan.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    return path


def read(path: Path) -> Any:
    found = reader.recognise(path)
    assert found is not None
    return reader.read(found, GRID)


def test_plots_come_in_the_standard_form(tmp_path):
    """Every column is there, uses are text as those of buildings, and noise that nobody measured is unknown."""
    frame = read(written(tmp_path, plot(1), plot(2, noise=58.5))).data
    assert list(frame.columns) == list(PLOT_COLUMNS)
    assert frame["allowed_uses"].tolist() == ["woonfunctie,winkelfunctie"] * 2
    assert np.isnan(frame["noise"][0])
    assert frame["noise"][1] == 58.5
    assert frame.geometry.area.tolist() == [2000.0, 2000.0]


def test_a_plan_in_degrees_lands_on_the_same_ground(tmp_path):
    """GeoJSON of a web map is in longitude and latitude."""
    to_degrees = Transformer.from_crs(28992, 4326, always_xy=True)
    shape = shapely.box(84000, 447000, 84050, 447040)
    turned = shapely.transform(shape, lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])))
    frame = read(written(tmp_path, plot(shape=turned), crs=None)).data
    # pyproj without grids knows RD New to about half a metre.
    assert frame.geometry[0].symmetric_difference(shape).area < 100


def test_only_plots_that_meet_the_grid_are_taken_and_a_joined_layer_may_be_empty(tmp_path):
    """A plan elsewhere gives an empty layer with all columns."""
    away = plot(shape=shapely.box(90000, 447000, 90050, 447040))
    reading = read(written(tmp_path, away))
    assert reading.count == 0
    joined = join_plots([reading.data.assign(source_id="plan")])
    assert list(joined.columns) == [*PLOT_COLUMNS, "source_id"]


def test_another_geojson_is_no_plan(tmp_path):
    """Recognition looks at the properties."""
    path = tmp_path / "trees.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [{"properties": {"plot_id": "1"}}]}')
    assert reader.recognise(path) is None


@pytest.mark.parametrize(
    ("feature", "sentence"),
    [
        (plot(2, allowed_uses=[]), r"feature 2 \(K-2\), column allowed_uses: it is empty"),
        (plot(2, allowed_uses=7), "column allowed_uses: it is 7"),
        (plot(2, max_height=-1), r"feature 2 \(K-2\), column max_height: it is -1"),
        (plot(2, max_coverage="half"), "column max_coverage: it is 'half'"),
        (plot(2, max_coverage=0.9), "0.9 built and 0.25 green are more than the whole plot"),
        (plot(2, dwellings=None), "column dwellings: it is None"),
        (plot(2, plot_id="K-1"), "features 1 and 2, column plot_id: both are 'K-1'"),
        (plot(2, plot_id=""), "feature 2, column plot_id"),
        (plot(2, kind="roof"), "column kind: it is 'roof', but it must be plot, street, green"),
        (plot(2, shape=shapely.Point(84060, 447010)), "column geometry: it is a Point"),
        (plot(2, shape=shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 8)])), "column geometry: it cannot be used"),
        (plot(2, shape=shapely.box(84040, 447000, 84090, 447040)), r"K-1 and K-2 overlap by 400\.0 m2"),
    ],
    ids=lambda item: item[:20] if isinstance(item, str) else "",
)
def test_a_plot_that_is_not_allowed_is_refused_with_its_place(tmp_path, feature, sentence):
    """One wrong plot refuses the plan: nobody should plan on half of it."""
    with pytest.raises(UnreadableSourceError, match=sentence):
        read(written(tmp_path, plot(1), feature))


def test_broken_json_is_refused_with_line_and_column(tmp_path):
    """A file that was cut off."""
    path = written(tmp_path, plot(1))
    path.write_text(path.read_text()[:-5])
    with pytest.raises(UnreadableSourceError, match="line 1, column"):
        read(path)
