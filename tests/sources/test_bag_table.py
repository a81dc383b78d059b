"""Panden in GeoPackage (columns of the WFS) and GeoJSON (columns of the extract)."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Grid
from morgen.sources.bag import table_reader
from morgen.sources.cityjson import reader as cityjson_reader
from morgen.sources.contract import BUILDING_REGISTER_COLUMNS, Reading

NETHERLANDS = Grid.covering((0, 300_000, 300_000, 630_000), 1000)
FOLDER = "nl/delft-wippolder/"
GEOJSON = FOLDER + "bag_pand_tudcampus.geojson"
GEOPACKAGE = FOLDER + "bag_pand_wippolder_kerk.gpkg"
RD = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}


def read(path: Path, grid: Grid = NETHERLANDS) -> Reading:
    recognised = table_reader.recognise(path)
    assert recognised is not None
    return table_reader.read(recognised, grid)


def feature(number: int = 1, **properties: Any) -> dict[str, Any]:
    x, y = 85_000 + 20 * number, 447_000
    ring = [[x, y], [x + 10, y], [x + 10, y + 10], [x, y + 10], [x, y]]
    stated = {"identificatie": 503100000000000 + number, "bouwjaar": 1950, "status": "Pand in gebruik"}
    return {
        "type": "Feature",
        "properties": stated | properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def write(folder: Path, *features: Any, crs: Any = RD) -> Path:
    path = folder / "panden.geojson"
    document = {"type": "FeatureCollection", "features": list(features)} | ({"crs": crs} if crs else {})
    path.write_text(json.dumps(document))
    return path


def test_geojson_with_the_columns_of_the_extract(shared_data):
    """1,529 rows hold 1,526 panden: one of them stands in the file four times."""
    reading = read(shared_data / GEOJSON)
    frame = reading.data
    assert reading.count == len(frame) == 1_526
    assert set(frame.columns) == set(BUILDING_REGISTER_COLUMNS)
    assert frame["bag_id"].is_unique
    assert frame["bag_id"].str.fullmatch(r"\d{16}").all()
    assert (frame["construction_year"].min(), frame["construction_year"].max()) == (1660, 2021)
    assert "3 rows repeat a pand; its newest occurrence was kept." in reading.remarks
    assert reading.crs == "EPSG:28992"
    assert reading.bounds == pytest.approx((84_756, 445_388, 86_105, 447_071), abs=1)


def test_geopackage_with_the_columns_of_the_wfs(shared_data):
    """Ids that lost their zero get it back; a row without a usable id cannot join to anything and is left out."""
    reading = read(shared_data / GEOPACKAGE)
    frame = reading.data.set_index("bag_id")
    assert reading.count == 59
    assert "1 panden without a usable id were left out." in reading.remarks
    assert frame.index.str.fullmatch(r"0503\d{12}").all()
    assert frame.loc["0503100000000296", "use"] == "gezondheidszorgfunctie,woonfunctie"
    assert frame.loc["0503100000000296", "construction_year"] == 1920
    assert frame.geometry.is_valid.all()


def test_the_sources_of_wippolder_share_their_ids(shared_data):
    """421 of the 432 buildings of 3DBAG tile 5910 are in the BAG, 168 of the 443 of 5907, and 4 of the church."""

    def models(name: str) -> set[str]:
        found = cityjson_reader.recognise(shared_data / FOLDER / name)
        assert found is not None
        return set(cityjson_reader.read(found, NETHERLANDS).data["bag_id"])

    register = set(read(shared_data / GEOJSON).data["bag_id"])
    assert len(register & models("3dbag_v210908_fd2cee53_5910.v10.city.json")) == 421
    assert len(register & models("3dbag_v210908_fd2cee53_5907_subset.v11.city.json")) == 168
    assert len(register & set(read(shared_data / GEOPACKAGE).data["bag_id"])) == 4


@pytest.mark.parametrize("name", [GEOJSON, GEOPACKAGE])
def test_only_panden_in_the_box_are_taken(shared_data, name):
    """The box of the grid limits the panden."""
    box = Grid.covering((85_300, 447_050, 85_400, 447_100), 1.0)
    reading = read(shared_data / name, box)
    assert 0 < reading.count < 59
    assert reading.data.geometry.intersects(shapely.box(*box.bounds)).all()


def test_other_tables_are_left_to_other_readers(shared_data, tmp_path):
    """Panden of the BGT have no year, and addresses with the year of their pand are no panden."""
    assert table_reader.recognise(shared_data / "nl/delft-oost/derived/delft_oost_bgt.gpkg") is None
    assert table_reader.recognise(shared_data / "nl/delft-oost/bgt-sqlite/bgt_pand.sqlite") is None
    assert table_reader.recognise(shared_data / "nl/amsterdam-bag-adressen/bag_adressen_amsterdam.gpkg") is None
    assert table_reader.recognise(write(tmp_path, feature(pandidentificatie="0503100000000001"))) is None
    assert table_reader.recognise(write(tmp_path)) is None


def test_history_status_and_null_follow_the_rules_of_the_register(tmp_path):
    """The rules are those of the extract: no past, nothing that does not stand; an unknown status stays."""
    path = write(
        tmp_path,
        feature(1, eindregistratie="2015-05-24T17:00:37"),
        feature(2, status="Pand gesloopt"),
        feature(3, status=None, bouwjaar=9999),
        feature(4, tijdstipinactief=None),
    )
    reading = read(path)
    assert list(reading.data["bag_id"]) == ["0503100000000003", "0503100000000004"]
    assert "1 panden have no status; they were kept." in reading.remarks
    assert "1 panden have no usable construction year (9999)." in reading.remarks


def test_a_footprint_that_crosses_itself_is_repaired(tmp_path):
    """A bow tie becomes two triangles, and the user hears it."""
    crossed = feature()
    crossed["geometry"]["coordinates"] = [
        [[85_000, 447_000], [85_010, 447_010], [85_010, 447_000], [85_000, 447_010], [85_000, 447_000]]
    ]
    reading = read(write(tmp_path, crossed))
    assert reading.data.geometry.is_valid.all()
    assert reading.data.geometry.area.iloc[0] == pytest.approx(50)
    assert "1 footprints crossed themselves and were repaired." in reading.remarks


def test_geojson_without_crs_is_judged_by_its_coordinates(tmp_path):
    """In RD New it is taken as such and said to be assumed; in degrees it is refused with what to do."""
    assert read(write(tmp_path, feature(), crs=None)).crs == "EPSG:28992 (assumed)"
    degrees = feature()
    degrees["geometry"]["coordinates"] = [[[4.37, 52.0], [4.38, 52.0], [4.38, 52.01], [4.37, 52.0]]]
    with pytest.raises(UnreadableSourceError, match=r"\(4.37, 52\) are not in RD New.*feature 1"):
        read(write(tmp_path, degrees, crs=None))


def test_another_reference_system_is_refused(tmp_path):
    """Only RD New is read; the message names what was found."""
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    with pytest.raises(UnreadableSourceError, match="EPSG::3857; only EPSG:28992"):
        read(write(tmp_path, feature(), crs=crs))


def test_geojson_that_breaks_off_names_line_and_column(tmp_path):
    """Half a file is an error with its place."""
    path = write(tmp_path, feature(1), feature(2))
    path.write_text(path.read_text()[:-60])
    with pytest.raises(UnreadableSourceError, match=r"JSON breaks off or is malformed: .*line 1, column \d+"):
        read(path)


def test_a_feature_that_cannot_be_read_is_named(tmp_path):
    """The number of the feature is the place to look."""
    broken = feature(2) | {"geometry": {"type": "Polygon", "coordinates": [[["a", "b"]]]}}
    with pytest.raises(UnreadableSourceError, match=r"a feature cannot be read.*feature 2"):
        read(write(tmp_path, feature(1), broken))


def test_a_geopackage_that_is_damaged_is_an_error(shared_data, tmp_path):
    """A GeoPackage of panden whose pages are destroyed does not become an empty register."""
    content = bytearray((shared_data / GEOPACKAGE).read_bytes())
    path = tmp_path / "damaged.gpkg"
    path.write_bytes(content)
    recognised = table_reader.recognise(path)
    assert recognised is not None
    path.write_bytes(content[:4096])
    with pytest.raises(UnreadableSourceError, match="a table of BAG panden"):
        table_reader.read(recognised, NETHERLANDS)
