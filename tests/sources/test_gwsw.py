"""Sewers of GWSW: the default export of a real town, and one with sizes and heights."""

import shutil
import sqlite3
from contextlib import closing
from typing import Any

import pytest
import shapely

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Grid
from morgen.core.source import Role
from morgen.services.compose import LAYERS, compose_layers
from morgen.services.layers import LayerStore
from morgen.services.objects import ObjectStore
from morgen.services.reading import Taken, _take_one
from morgen.sources.contract import SEWER_COLUMNS
from morgen.sources.gwsw import join_sewers, reader, sewer_nodes, sewer_pipes


def _recognised(path) -> Any:
    found = reader.recognise(path)
    assert found is not None
    return found


def _read(path, bounds):
    return reader.read(_recognised(path), Grid.covering(bounds, 1.0))


@pytest.fixture(scope="module")
def sample(facts_folder):
    """Return the sewers of the sample, all of them."""
    path = facts_folder / "gwsw_voorbeelddorp.gpkg"
    return _read(path, _recognised(path).bounds)


def test_the_default_export_of_a_town_is_read(shared_data):
    """Of Bodegraven: what lies in the box, each with its kind; that there are no sizes is said."""
    path = shared_data / "nl" / "bodegraven-gwsw" / "getGeoPackage_1134.gpkg"
    found = _recognised(path)
    assert (found.source.role, found.bounds) == (Role.SEWERS, (105375.48, 447951.48, 118791.2, 460781.25))
    reading = _read(path, (110000, 453000, 111000, 454000))
    assert list(reading.data.columns) == list(SEWER_COLUMNS)
    assert set(sewer_pipes(reading.data)["kind"]) >= {"Gemengd riool", "Drukleiding"}
    assert sewer_nodes(reading.data).geometry.within(shapely.box(110000, 453000, 111000, 454000)).all()
    assert reading.remarks == (
        "80 of 80 pipes have no size, so it is not known what they hold: the default export of GWSW has none",
    )
    assert reading.data["width"].isna().all()


def test_sizes_and_heights_come_in_metres(sample):
    """Millimetres of diameters and m3/h of pumps become m and m3/s; bobs and crests are m NAP."""
    pipes, nodes = sewer_pipes(sample.data), sewer_nodes(sample.data)
    mixed = pipes[pipes["kind"] == "Gemengd riool"]
    assert mixed["width"].between(0.2, 1.5).all()
    assert (mixed["invert_begin"] >= mixed["invert_end"]).all()
    assert set(mixed["begins_at"]) <= set(nodes["object_id"])
    overflows = nodes[nodes["kind"] == "Externe overstortput"]
    assert len(overflows)
    assert overflows["crest_width"].eq(2.5).all()
    assert (overflows["crest_level"] < overflows["ground_level"]).all()
    stations = nodes[nodes["kind"] == "Rioolgemaal"]
    assert stations["pump_capacity"].between(0.001, 0.2).all()
    assert not any("no size" in remark for remark in sample.remarks)


def test_objects_in_two_files_count_once(sample):
    """The same file linked twice gives the same layers as once."""
    once = sample.data.assign(source_id="a")
    both = join_sewers([once, once.assign(source_id="b")])
    assert len(both) == len(once)
    assert set(both["source_id"]) == {"a"}
    assert list(join_sewers([]).columns) == [*SEWER_COLUMNS, "source_id"]


def test_other_geopackages_are_left_to_others(tmp_path):
    """A GeoPackage without these layers, and a text, are not recognised."""
    with closing(sqlite3.connect(tmp_path / "other.gpkg")) as database:
        database.execute("CREATE TABLE gpkg_contents (table_name TEXT)")
        database.commit()
    (tmp_path / "text.gpkg").write_text("no")
    assert reader.recognise(tmp_path / "other.gpkg") is None
    assert reader.recognise(tmp_path / "text.gpkg") is None


def test_a_file_that_is_cut_off_is_refused(facts_folder, tmp_path):
    """One sentence says that it is broken; never an empty layer."""
    whole = (facts_folder / "gwsw_voorbeelddorp.gpkg").read_bytes()
    cut = tmp_path / "cut.gpkg"
    cut.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(UnreadableSourceError, match="sewers of GWSW"):
        _read(cut, (0, 0, 3e5, 6e5))


def test_another_reference_system_is_refused(facts_folder, tmp_path):
    """Longitude and latitude would put pipes nowhere."""
    copy = tmp_path / "wgs84.gpkg"
    shutil.copy(facts_folder / "gwsw_voorbeelddorp.gpkg", copy)
    with closing(sqlite3.connect(copy)) as database:
        for table in ("gpkg_geometry_columns", "gpkg_contents"):
            database.execute(f"UPDATE {table} SET srs_id = 4326")
        database.commit()
    with pytest.raises(UnreadableSourceError, match="only EPSG:28992"):
        _read(copy, (0, 0, 3e5, 6e5))


def test_a_twin_has_layers_of_sewers_only_with_a_source_of_them(facts_folder, tmp_path):
    """Both layers carry the stamp of the file; without it they are not listed, and none counts as missing."""
    recognised = _recognised(facts_folder / "gwsw_voorbeelddorp.gpkg")
    xmin, ymin, _, _ = recognised.bounds
    grid = Grid.covering((xmin + 300, ymin + 300, xmin + 500, ymin + 500), 2.0)
    store = LayerStore(ObjectStore(tmp_path / "state"))
    taken: Taken = _take_one(recognised, reader, grid)
    layers = compose_layers([taken], (), grid=grid, store=store, progress=lambda *_: None)
    assert layers["sewers"].count > 0
    assert layers["sewer_nodes"].count > 0
    assert layers["sewers"].stamps[0].source.format == "gwsw-geopackage"
    without = compose_layers([], (), grid=grid, store=store, progress=lambda *_: None)
    assert set(LAYERS) - set(without) == {"sewers", "sewer_nodes"}
