"""Schools, childcare and places are read from their registers, placed by address, and counted once."""

import csv
import shutil

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Grid
from morgen.core.source import Role
from morgen.sources.bag import address_reader, no_addresses
from morgen.sources.bag.addresses import door, plain_postcode
from morgen.sources.contract import ADDRESS_COLUMNS, FACILITY_COLUMNS
from morgen.sources.facilities import childcare_reader, join_facilities, place_reader, school_reader
from morgen.sources.facilities.kinds import kind_of
from morgen.sources.sample.facts.write_duo import write_duo
from morgen.sources.sample.facts.write_lrk import write_lrk

BOX = Grid.covering((150_000, 450_000, 151_000, 451_000), 10.0)
BAG, PLACES, LRK = "bag_voorbeelddorp.gpkg", "voorzieningen.gpkg", "export_opendata_lrk.csv"
PRIMARY, SECONDARY = "vestigingenbo.csv", "vestigingenvo.csv"


def read(reader, path, grid=BOX):
    recognised = reader.recognise(path)
    assert recognised is not None
    return reader.read(recognised, grid)


def frame(reader, path, source="test"):
    return read(reader, path).data.assign(source_id=source)


@pytest.fixture(scope="module")
def addresses(sample_files):
    return read(address_reader, sample_files / BAG).data


def test_addresses_of_the_sample_have_a_dwelling_or_another_use(addresses):
    """Every verblijfsobject that is there has 16 digits, a pand, a postcode, a door and a floor."""
    assert list(addresses.columns) == list(ADDRESS_COLUMNS)
    assert (addresses["bag_id"].str.len() == 16).all()
    assert (addresses["building_id"].str.len() == 16).all()
    assert addresses["postcode"].str.fullmatch(r"\d{4}[A-Z]{2}").all()
    assert addresses["floor_area"].gt(0).all()
    assert {"woonfunctie", "onderwijsfunctie"} <= set(addresses["use"])


def test_what_is_not_built_yet_is_no_address(sample_files, addresses):
    """The one with the status 'gevormd' is left out and counted; the file also serves as building register."""
    all_rows = pyogrio.read_dataframe(sample_files / BAG, layer="verblijfsobject")
    planned = all_rows[all_rows["status"] == "Verblijfsobject gevormd"]
    reading = read(address_reader, sample_files / BAG)
    assert len(reading.data) == len(all_rows) - len(planned)
    assert f"{len(planned)} verblijfsobjecten have the status 'Verblijfsobject gevormd'" in reading.remarks[0]
    assert not set(planned["identificatie"]) & set(addresses["bag_id"])


def test_history_doubles_and_unknown_floors_of_addresses(sample_files, tmp_path):
    """An ended occurrence and a second row with one number are left out; 999999 m2 is not known."""
    rows = pyogrio.read_dataframe(sample_files / BAG, layer="verblijfsobject").head(4)
    rows["eindregistratie"] = ["2020-01-01", None, None, None]
    rows.loc[2, "identificatie"] = rows.loc[1, "identificatie"]
    rows["oppervlakte"] = 999_999
    pyogrio.write_dataframe(rows, tmp_path / "vbo.gpkg", layer="verblijfsobject")
    reading = read(address_reader, tmp_path / "vbo.gpkg")
    assert reading.count == 2
    assert reading.data["floor_area"].isna().all()
    assert len(reading.remarks) == 2


@pytest.mark.parametrize(
    ("parts", "plain"),
    [((16,), "16"), (("16 a-2",), "16A2"), ((16, "a", "2"), "16A2"), (("16-A",), "16A"), ((None, "a"), "")],
)
def test_a_house_number_is_the_same_in_every_spelling(parts, plain):
    """Numbers, letters and additions are joined; without a number there is none."""
    assert door(*parts) == plain


def test_a_postcode_is_the_same_in_every_spelling():
    """Blanks and small letters do not matter; what is no postcode is none."""
    assert plain_postcode("2582 vb") == plain_postcode("2582VB") == "2582VB"
    assert plain_postcode("Postbus 12") == plain_postcode(None) == ""


def test_the_schools_of_both_generations_are_the_same(wijk, tmp_path):
    """Names of columns, delimiter and encoding differ; what is read does not."""
    (tmp_path / "new").mkdir()
    (tmp_path / "old").mkdir()
    for new, old in zip(
        write_duo(tmp_path / "new", wijk), write_duo(tmp_path / "old", wijk, old=True), strict=True
    ):
        one, other = read(school_reader, new).data, read(school_reader, old).data
        assert one.drop(columns="geometry").equals(other.drop(columns="geometry"))
        assert list(one.columns) == list(FACILITY_COLUMNS)
        assert one.geometry.isna().all()
        assert set(one["kind"]) == {"primary-school" if new.name == PRIMARY else "secondary-school"}


def test_special_schools_are_told_by_the_name_of_their_file(sample_files, tmp_path):
    """Their columns are those of primary schools."""
    shutil.copy(sample_files / PRIMARY, tmp_path / "vestigingenso.csv")
    assert set(read(school_reader, tmp_path / "vestigingenso.csv").data["kind"]) == {"special-school"}


def test_childcare_counts_registered_places_only(wijk, tmp_path):
    """Childminders have no address; an apostrophe in front of a town is no quote."""
    reading = read(childcare_reader, write_lrk(tmp_path, wijk, quirks=True))
    assert set(reading.data["kind"]) <= {"childcare", "out-of-school-care"}
    assert reading.data["capacity"].gt(0).all()
    assert (reading.data["bag_id"].str.len() == 16).all()
    assert reading.remarks == ("1 rows are childminders; they were left out.",)


def change(path, column, value, delimiter):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter))
    rows[1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def test_bad_rows_are_named(sample_files, tmp_path):
    """A number that is none, a short row and a negative capacity give one sentence with row and column."""
    for name in (LRK, PRIMARY):
        shutil.copy(sample_files / name, tmp_path / name)
    change(tmp_path / LRK, "aantal_kindplaatsen", "veel", ";")
    with pytest.raises(UnreadableSourceError, match=r"aantal_kindplaatsen holds 'veel'.*row 2"):
        read(childcare_reader, tmp_path / LRK)
    with (tmp_path / PRIMARY).open("a", encoding="utf-8") as file:
        file.write("Fictief,99999\r\n")
    with pytest.raises(UnreadableSourceError, match=r"a row has 2 cells and the header 30 .*row \d"):
        read(school_reader, tmp_path / PRIMARY)
    places = pyogrio.read_dataframe(sample_files / PLACES)
    places["capacity"] = -1
    pyogrio.write_dataframe(places, tmp_path / "places.gpkg", layer="places")
    with pytest.raises(UnreadableSourceError, match=r"its capacity is -1.*row 1 of the area, 9999-V0001"):
        read(place_reader, tmp_path / "places.gpkg")


def test_places_have_the_words_of_the_norms(sample_files):
    """Blanks become hyphens, Dutch words become those of the norms, others stay; unknown is not zero."""
    found = read(place_reader, sample_files / PLACES).data
    assert {"primary-school", "sports-hall", "play-area", "shop"} <= set(found["kind"])
    assert np.isnan(found.loc[found["kind"] == "shop", "capacity"]).all()
    assert kind_of("Basisschool") == kind_of("primary_school") == "primary-school"
    assert kind_of("skatebaan") == "skatebaan"


def test_a_school_in_three_registers_is_one_school(sample_files, addresses):
    """DUO is placed by postcode and number, the list of places gives its capacity, and it counts once."""
    own = frame(place_reader, sample_files / PLACES, "own")
    duo, lrk = (
        frame(school_reader, sample_files / PRIMARY, "duo"),
        frame(childcare_reader, sample_files / LRK, "lrk"),
    )
    joined = join_facilities([own, duo, lrk], addresses, box=BOX.bounds)
    found = joined.facilities
    assert len(found) == len(own)
    assert found.geometry.notna().all()
    alone = join_facilities([duo], addresses, box=BOX.bounds).facilities
    school = own[own["kind"] == "primary-school"].iloc[0]
    assert alone["bag_id"].tolist() == [school["bag_id"]]
    assert alone.geometry.iloc[0].distance(school.geometry) < 0.1
    assert alone["floor_area"].tolist() == [school["floor_area"]]
    assert np.isnan(alone["capacity"].iloc[0])


def test_what_cannot_be_placed_is_named(sample_files, addresses):
    """A school at an address that is in no register is in the remark of its source, and nowhere else."""
    duo = frame(school_reader, sample_files / PRIMARY, "duo")
    joined = join_facilities([duo], addresses, box=BOX.bounds)
    assert list(joined.remarks) == ["duo"]
    assert "1 places with a postcode of here" in joined.remarks["duo"]
    assert "De Dependance" in joined.remarks["duo"]
    without = join_facilities([duo], no_addresses(), box=BOX.bounds)
    assert not len(without.facilities)
    assert "no linked source has addresses" in without.remarks["duo"]


def test_two_practices_behind_one_door_are_two():
    """Rows of one list are never joined, not at one address and not in the open air."""
    rows = geopandas.GeoDataFrame(
        {
            "facility_id": ["1", "2", "3", "4"],
            "kind": ["general-practice"] * 2 + ["play-area"] * 2,
            "name": "",
            "floor_area": np.nan,
            "capacity": [1.0, np.nan, np.nan, np.nan],
            "capacity_unit": "",
            "bag_id": ["0001010000000001"] * 2 + [""] * 2,
            "postcode": "",
            "house_number": "",
            "source_id": "own",
        },
        geometry=[shapely.Point(150_500, 450_500)] * 4,
        crs="EPSG:28992",
    )
    assert len(join_facilities([rows], None, box=BOX.bounds).facilities) == 4
    assert not len(join_facilities([], None, box=BOX.bounds).facilities)


@pytest.mark.parametrize(
    ("reader", "name", "role"),
    [
        (address_reader, BAG, Role.ADDRESSES),
        (place_reader, PLACES, Role.FACILITIES),
        (school_reader, SECONDARY, Role.FACILITIES),
        (childcare_reader, LRK, Role.FACILITIES),
    ],
    ids=lambda item: getattr(item, "id", ""),
)
def test_each_reader_knows_its_own_files_only(reader, name, role, sample_files):
    """Of the whole sample each reader takes its own form."""
    taken = {path.name for path in sample_files.iterdir() if path.is_file() and reader.recognise(path)}
    expected = {PRIMARY, SECONDARY} if reader is school_reader else {name}
    assert taken == expected
    assert reader.recognise(sample_files / name).source.role is role
