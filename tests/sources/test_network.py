"""Walking networks and the NWB are read into one form: lines between junctions."""

import shutil
import sqlite3

import geopandas
import pyogrio
import pytest
import shapely

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Grid
from morgen.core.source import Role
from morgen.sources.contract import PATH_COLUMNS
from morgen.sources.network import join_paths, nwb_reader, walking_reader

BOX = Grid.covering((150_000, 450_000, 151_000, 451_000), 10.0)
WALKING, NWB = "voetgangersnetwerk.gpkg", "nwb_wegen.gpkg"


def read(reader, path, grid=BOX):
    recognised = reader.recognise(path)
    assert recognised is not None
    assert recognised.source.role is Role.WALKING_NETWORK
    return reader.read(recognised, grid)


def edges(*rows):
    """Return edges in the form of the sample; each is its nodes and its line."""
    values = [
        {"edge_id": f"E{number}", "from_node": start, "to_node": end, "kind": "Path"}
        for number, (start, end, _) in enumerate(rows, start=1)
    ]
    lines = [line for _, _, line in rows]
    return geopandas.GeoDataFrame(values, geometry=lines, crs="EPSG:28992")


def write(path, frame, layer="edges"):
    pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG")
    return path


LINE = shapely.LineString([(150_100, 450_100), (150_100, 450_160)])


def test_the_walking_network_of_the_sample_ends_in_its_nodes(sample_files):
    """Every line begins and ends where the layer of nodes has the node that it names."""
    reading = read(walking_reader, sample_files / WALKING)
    nodes = pyogrio.read_dataframe(sample_files / WALKING, layer="nodes").set_index("node_id").geometry
    found = reading.data
    assert list(found.columns) == list(PATH_COLUMNS)
    assert reading.count == len(found) == 68
    for column, end in (("from_node", 0), ("to_node", -1)):
        points = shapely.get_point(found.geometry.to_numpy(), end)
        assert shapely.distance(points, nodes[found[column]].to_numpy()).max() < 0.01
    assert found["length"].to_numpy() == pytest.approx(found.geometry.length.to_numpy())
    assert set(found["kind"]) == {"footpath", "alley"}
    assert found["bridge"].sum() >= 2
    assert found["walkable"].all()


def test_the_roads_of_the_sample_are_read_with_their_streets(sample_files):
    """Sections have one part, the junctions of the NWB and a name; '#' is no name."""
    found = read(nwb_reader, sample_files / NWB).data
    assert (found.geometry.geom_type == "LineString").all()
    assert "Dorpsstraat" in set(found["street"])
    assert "#" not in set(found["street"])
    assert found["from_node"].str.startswith("9999").all()


def test_nobody_walks_on_a_motorway(sample_files, tmp_path):
    """Roads of the state and motorways are no way on foot, but the cycle path of the state is."""
    sections = pyogrio.read_dataframe(sample_files / NWB, layer="Wegvakken").head(4)
    sections["WEGBEHSRT"] = ["R", "R", "G", "G"]
    sections["BST_CODE"] = ["RB", "FP", "RB", "VP"]
    sections["FRC"] = ["3", "3", "0", "6"]
    found = read(nwb_reader, write(tmp_path / "nwb.gpkg", sections, "Wegvakken")).data
    assert list(found["kind"]) == ["main road", "cycle path", "main road", "footpath"]
    assert list(found["walkable"]) == [False, True, False, True]


def test_only_what_meets_the_box_is_read(sample_files):
    """Lines are taken whole where they touch the box, and not at all elsewhere."""
    box = Grid.covering((150_255, 450_370, 150_300, 450_420), 5.0)
    near = read(walking_reader, sample_files / WALKING, box).data
    assert 0 < len(near) < 68
    assert shapely.intersects(near.geometry.to_numpy(), shapely.box(*box.bounds)).all()


def test_a_piece_without_a_junction_is_named(tmp_path):
    """One sentence has the file, the layer, the row and the column."""
    path = write(tmp_path / "net.gpkg", edges(("a", "b", LINE), ("b", None, LINE)))
    with pytest.raises(UnreadableSourceError, match=r"net\.gpkg .*to_node is empty.*layer edges, row 2.*E2"):
        read(walking_reader, path)


def test_pieces_that_cannot_be_walked_are_counted(tmp_path):
    """Without a line, or with loose parts, a piece is left out and a remark says how many."""
    loose = shapely.MultiLineString([LINE, shapely.transform(LINE, lambda xy: xy + 500)])
    path = write(tmp_path / "net.gpkg", edges(("a", "b", shapely.MultiLineString([LINE])), ("b", "c", loose)))
    reading = read(walking_reader, path)
    assert list(reading.data["path_id"]) == ["E1"]
    assert reading.remarks == ("1 pieces have a line of several loose parts; they were left out.",)


def test_another_reference_system_is_refused(tmp_path):
    """Degrees are not taken for metres."""
    path = write(tmp_path / "net.gpkg", edges(("a", "b", LINE)).to_crs("EPSG:4326"))
    with pytest.raises(UnreadableSourceError, match=r"EPSG:4326; only EPSG:28992"):
        read(walking_reader, path)


def test_a_network_that_breaks_off_is_named(sample_files, tmp_path):
    """A half file of which the schema can still be seen is broken, not unknown."""
    path = tmp_path / "net.gpkg"
    shutil.copy(sample_files / WALKING, path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 9 // 10])
    with pytest.raises(UnreadableSourceError, match="taken for a walking network, but"):
        read(walking_reader, path)


@pytest.mark.parametrize("reader", [walking_reader, nwb_reader], ids=lambda reader: reader.id)
def test_other_files_are_left_to_other_readers(reader, sample_files, tmp_path):
    """A file of another kind, and another database, is not recognised and does no harm."""
    assert reader.recognise(sample_files / "bgt_voorbeelddorp.gpkg") is None
    assert reader.recognise(sample_files / "vestigingenbo.csv") is None
    with sqlite3.connect(tmp_path / "other.sqlite") as database:
        database.execute("CREATE TABLE edges (edge_id, from_node, to_node, kind)")
    database.close()
    assert reader.recognise(tmp_path / "other.sqlite") is None


def test_footpaths_go_before_roads(sample_files):
    """Networks with other junctions do not lie on top of each other; a piece in two files counts once."""
    feet = read(walking_reader, sample_files / WALKING).data.assign(source_id="feet")
    roads = read(nwb_reader, sample_files / NWB).data.assign(source_id="roads")
    assert set(join_paths([feet, feet], roads=[roads])["source_id"]) == {"feet"}
    assert len(join_paths([feet, feet], roads=[roads])) == len(feet)
    assert set(join_paths([feet[:0]], roads=[roads])["source_id"]) == {"roads"}
    assert list(join_paths([]).columns) == [*PATH_COLUMNS, "source_id"]
