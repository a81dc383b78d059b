"""The BGT in SQLite and GeoPackage: two blocks of Delft in both, and small files with each of the traps."""

import shutil
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely

from morgen.core.crs import rd_to_lonlat
from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Grid
from morgen.sources.bgt import CITYGML, GEOPACKAGE, OGC_API, SQLITE
from morgen.sources.contract import TOPOGRAPHY_COLUMNS, Reader, Reading
from morgen.sources.land_cover import merge_topography

COUNTRY = Grid.covering((0, 300_000, 300_000, 630_000), 1000)
SQUARE = shapely.box(100_010, 450_010, 100_020, 450_020)
BOX = Grid.covering((100_000, 450_000, 100_100, 450_100), 1)


@pytest.fixture(scope="module")
def delft_sqlite(shared_data):
    paths = sorted((shared_data / "nl/delft-oost/bgt-sqlite").glob("*.sqlite"))
    return [read(path, COUNTRY, SQLITE) for path in paths]


@pytest.fixture(scope="module")
def delft_geopackage(shared_data):
    return read(shared_data / "nl/delft-oost/derived/delft_oost_bgt.gpkg", COUNTRY)


def write(
    path: Path,
    layer: str = "bgt_wegdeel",
    *,
    shapes: Sequence[shapely.Geometry] = (SQUARE,),
    crs: str = "EPSG:28992",
    drop: Sequence[str] = (),
    **columns: list[Any],
) -> Path:
    rows = len(shapes)
    given: dict[str, list[Any]] = {
        "lokaal_id": [f"G9999.{number}" for number in range(rows)],
        "functie": ["voetpad"] * rows,
        "fysiek_voorkomen": ["open verharding"] * rows,
        "relatieve_hoogteligging": [0] * rows,
        "bronhouder": ["G9999"] * rows,
        "tijdstip_registratie": ["2024-01-02T03:04:05Z"] * rows,
        "status": ["bestaand"] * rows,
        **columns,
    }
    kept = {name: values for name, values in given.items() if name not in drop}
    geopandas.GeoDataFrame(kept, geometry=list(shapes), crs=crs).to_file(path, layer=layer)
    return path


def read(path: Path, grid: Grid = BOX, reader: Reader = GEOPACKAGE) -> Reading:
    recognised = reader.recognise(path)
    assert recognised is not None
    return reader.read(recognised, grid)


def test_sqlite_and_geopackage_of_one_place_give_the_same_objects(delft_sqlite, delft_geopackage):
    """582 objects: same ids, same classes, and areas equal within 0.01 m2, whatever the container."""
    joined = merge_topography([reading.data for reading in delft_sqlite])
    both = joined.merge(delft_geopackage.data, on="object_id", suffixes=("", "_other"), validate="1:1")
    assert len(joined) == len(delft_geopackage.data) == len(both) == 582
    for column in set(TOPOGRAPHY_COLUMNS) - {"object_id", "geometry"}:
        assert (both[column] == both[f"{column}_other"]).all(), column
    difference = both.geometry.area - both.set_geometry("geometry_other").geometry.area
    assert difference.abs().max() < 0.01


def test_the_english_layers_of_delft_are_read_under_their_dutch_themes(delft_sqlite):
    """ogr2ogr named the layers trafficarea, plantcover, buildingpart; four of the twelve files are empty."""
    joined = merge_topography([reading.data for reading in delft_sqlite])
    assert joined["theme"].value_counts().to_dict() == {
        "wegdeel": 151,
        "pand": 160,
        "begroeidterreindeel": 126,
        "onbegroeidterreindeel": 81,
        "waterdeel": 3,
        "scheiding": 57,
        "overbruggingsdeel": 3,
        "kunstwerkdeel": 1,
    }
    assert [reading.count for reading in delft_sqlite].count(0) == 4


def test_surfaces_and_functions_have_the_words_of_the_bgt(delft_sqlite):
    """Paving, yards and green keep the terms of IMGeo; 'waardeOnbekend' becomes empty."""
    joined = merge_topography([reading.data for reading in delft_sqlite])
    by_theme = joined.groupby("theme")
    assert by_theme["surface"].get_group("begroeidterreindeel").unique().tolist() == ["groenvoorziening"]
    assert by_theme["surface"].get_group("onbegroeidterreindeel").value_counts()["erf"] == 42
    assert by_theme["function"].get_group("wegdeel").value_counts()["voetpad"] == 78
    assert by_theme["plus_surface"].get_group("wegdeel").value_counts()["betonstraatstenen"] == 58
    assert by_theme["function"].get_group("scheiding").value_counts()["kademuur"] == 13
    assert not joined.isin(["waardeOnbekend", "geenWaarde"]).any(axis=None)


def test_bag_ids_get_their_leading_zero_back(delft_sqlite):
    """503100000018603 in the file is really 0503100000018603: 16 digits, as text."""
    panden = merge_topography([reading.data for reading in delft_sqlite]).query("theme == 'pand'")
    assert panden["bag_id"].str.fullmatch(r"0503100\d{9}").all()
    assert "0503100000018603" in set(panden["bag_id"])


def test_a_missing_level_is_the_ground_and_is_told(delft_sqlite):
    """The weir of Delft has hardly any attribute; without a level it lies on the ground."""
    weir = next(reading for reading in delft_sqlite if "kunstwerkdeel" in set(reading.data["theme"]))
    assert weir.data["level"].tolist() == [0]
    assert weir.remarks == ("1 object was put on the ground, level 0: no relatieve hoogteligging is given.",)


def test_the_extent_and_date_are_those_of_the_data(delft_geopackage):
    """Extent from the header of the GeoPackage; date of the youngest publication in it."""
    assert delft_geopackage.bounds == pytest.approx((84616.468, 447422.999, 85140.839, 447750.636))
    assert delft_geopackage.data_date == "2016-06-07"
    assert delft_geopackage.crs == "EPSG:28992"


def test_a_neighbourhood_opens_quickly(shared_data):
    """Twelve files of two blocks: recognised and read within 1.5 s of one processor."""
    begin = time.process_time()
    for path in (shared_data / "nl/delft-oost/bgt-sqlite").glob("*.sqlite"):
        read(path, COUNTRY, SQLITE)
    assert time.process_time() - begin < 1.5


def test_each_reader_claims_its_own_files_only(shared_data):
    """One file, one reader: GeoPackage is SQLite too, but not the other way round."""
    folder = shared_data / "nl/delft-oost"
    for path, owner in [
        (folder / "bgt-sqlite/bgt_wegdeel.sqlite", SQLITE),
        (folder / "derived/delft_oost_bgt.gpkg", GEOPACKAGE),
        (shared_data / "nl/otterlo-bgt/otterlo.zip", CITYGML),
    ]:
        claims = [reader for reader in (CITYGML, SQLITE, GEOPACKAGE, OGC_API) if reader.recognise(path)]
        assert claims == [owner]


def test_the_bgt_is_not_every_geopackage(shared_data):
    """Layers of the BAG, of sewers and of addresses are left to others, also when they are called 'pand'."""
    for path in (shared_data / "nl").glob("*/*.gpkg"):
        if "bgt" not in path.name:
            assert GEOPACKAGE.recognise(path) is None, path


def test_the_form_of_pdok_is_read(tmp_path):
    """Snake case columns of PDOK lead to the same standard columns."""
    row = read(write(tmp_path / "a.gpkg", plus_fysiek_voorkomen=["tegels"])).data.iloc[0]
    assert row.drop("geometry").to_dict() == {
        "object_id": "G9999.0",
        "theme": "wegdeel",
        "function": "voetpad",
        "surface": "open verharding",
        "plus_function": "",
        "plus_surface": "tegels",
        "level": 0,
        "owner": "G9999",
        "status": "bestaand",
        "registered_at": "2024-01-02T03:04:05",
        "bag_id": "",
    }


def test_history_in_a_table_is_dropped(tmp_path):
    """eind_registratie in a table means the same as in GML."""
    path = write(tmp_path / "a.gpkg", shapes=[SQUARE, SQUARE], eind_registratie=["2024-02-03T00:00:00Z", None])
    reading = read(path)
    assert reading.data["object_id"].tolist() == ["G9999.1"]
    assert reading.remarks == ("1 object was left out as history: the registration has an end.",)


def test_a_flattened_list_still_gives_its_bag_id(tmp_path):
    """GML lists come out of ogr2ogr as '(1:...)'."""
    path = write(tmp_path / "a.gpkg", "bgt_pand", identificatie_bag_pnd=["(1:503100000018603)"])
    assert read(path).data["bag_id"].tolist() == ["0503100000018603"]


def test_the_box_decides_and_shapes_stay_whole(tmp_path):
    """An object across the edge is read whole; one outside is not; touching counts."""
    across, outside = (
        shapely.box(100_090, 450_010, 100_200, 450_020),
        shapely.box(100_101, 450_000, 100_102, 450_001),
    )
    reading = read(write(tmp_path / "a.gpkg", shapes=[across, outside]))
    assert reading.data.geometry.area.tolist() == [1100]


def test_an_object_whose_box_but_not_shape_meets_the_area_is_left_out(tmp_path):
    """The shape counts, not its bounding box."""
    corner = shapely.Polygon([(100_050, 450_190), (100_190, 450_050), (100_190, 450_190)])
    assert read(write(tmp_path / "a.gpkg", shapes=[corner])).count == 0


def test_spatialite_blobs_are_read(tmp_path):
    """ogr2ogr can store geometry in SpatiaLite's own form."""
    path = tmp_path / "a.sqlite"
    frame = geopandas.GeoDataFrame({"lokaalid": ["G1"], "class": ["waterloop"]}, geometry=[SQUARE], crs=28992)
    frame.to_file(path, layer="waterdeel", driver="SQLite", SPATIALITE="YES")
    reading = read(path, reader=SQLITE)
    assert reading.data[["theme", "function"]].to_numpy().tolist() == [["waterdeel", "waterloop"]]


def test_longitudes_and_latitudes_are_brought_to_rd(tmp_path):
    """A GeoPackage in ETRS89 lands within a millimetre of where it was in RD."""
    degrees = shapely.transform(SQUARE, lambda xy: shapely.get_coordinates(shapely.points(*rd_to_lonlat(*xy.T))))
    reading = read(write(tmp_path / "a.gpkg", shapes=[degrees], crs="EPSG:4258"))
    assert reading.crs == "EPSG:4258"
    assert reading.data.geometry.iloc[0].equals_exact(SQUARE, 0.001)


def test_another_crs_is_refused(tmp_path):
    """UTM is not guessed at: the message says what to save in."""
    path = write(tmp_path / "a.gpkg", crs="EPSG:32631")
    with pytest.raises(UnreadableSourceError, match="EPSG:32631; save it in RD New"):
        read(path)


def test_a_bgt_layer_without_an_id_is_refused(tmp_path):
    """A layer bgt_wegdeel without lokaalID cannot be used; the message lists what the file has."""
    path = write(tmp_path / "a.gpkg", drop=["lokaal_id"])
    with pytest.raises(UnreadableSourceError, match=r"bgt_wegdeel has no column lokaalID.*functie"):
        GEOPACKAGE.recognise(path)


@pytest.mark.parametrize("name", ["bgt-sqlite/bgt_wegdeel.sqlite", "derived/delft_oost_bgt.gpkg"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_database_that_was_cut_off_is_an_error(shared_data, tmp_path, name, part):
    """Half a download is an error at recognising or at reading; never fewer objects in silence."""
    whole = (shared_data / "nl/delft-oost" / name).read_bytes()
    path = tmp_path / name.rpartition("/")[2]
    path.write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(UnreadableSourceError, match=r"was taken for a .* of the BGT, but"):
        read(path, COUNTRY, SQLITE if path.suffix == ".sqlite" else GEOPACKAGE)


@pytest.mark.parametrize("name", ["bgt-sqlite/bgt_wegdeel.sqlite", "derived/delft_oost_bgt.gpkg"])
@pytest.mark.parametrize("place", [0.2, 0.5, 0.8])
def test_a_database_with_damaged_pages_is_an_error(shared_data, tmp_path, name, place):
    """Garbage in the middle of a file is an error; never fewer objects in silence."""
    path = tmp_path / name.rpartition("/")[2]
    shutil.copyfile(shared_data / "nl/delft-oost" / name, path)
    content = bytearray(path.read_bytes())
    begin = int(len(content) * place) // 4096 * 4096
    content[begin : begin + 12_288] = b"\xff" * 12_288
    path.write_bytes(content)
    with pytest.raises(UnreadableSourceError):
        read(path, COUNTRY, SQLITE if path.suffix == ".sqlite" else GEOPACKAGE)


def test_other_databases_are_not_claimed(tmp_path):
    """A SQLite file without layers, and a broken one of something else, are left to other readers."""
    path = tmp_path / "a.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE wegdeel (lokaalid TEXT)")
    connection.commit()
    connection.close()
    broken = tmp_path / "b.sqlite"
    broken.write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096)
    for reader in (SQLITE, GEOPACKAGE):
        assert reader.recognise(path) is None
        assert reader.recognise(broken) is None
