"""Panden in an LVBAG extract: whole zips, a zip of zips, bare XML, and what is broken."""

import io
import zipfile
from pathlib import Path

import pytest
import shapely

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Grid
from morgen.core.source import Role
from morgen.sources.bag import extract_reader
from morgen.sources.contract import BUILDING_REGISTER_COLUMNS, Reading

NETHERLANDS = Grid.covering((0, 300_000, 300_000, 630_000), 1000)
DOESBURG = "nl/doesburg-bag/0221PND15092020.zip"
COUNTRY = "nl/doesburg-bag/BAGNLDL-15092020-small.zip"

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<e:bagStand xmlns:e="http://www.kadaster.nl/schemas/lvbag/extract-deelbestand-lvc/v20200601"
 xmlns:Objecten="www.kadaster.nl/schemas/lvbag/imbag/objecten/v20200601"
 xmlns:Historie="www.kadaster.nl/schemas/lvbag/imbag/historie/v20200601"
 xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:sl="http://www.kadaster.nl/schemas/standlevering-generiek/1.0">
<sl:standBestand><sl:objectTypen><sl:objectType>PND</sl:objectType></sl:objectTypen>
"""
TAIL = "</sl:standBestand></e:bagStand>"


def pand(
    number: int, *, status: str = "Pand in gebruik", year: int = 1950, occurrence: int = 1, extra: str = ""
) -> str:
    x = 205_000 + 20 * number
    ring = f"{x} 446000 0.0 {x + 10} 446000 0.0 {x + 10} 446010 0.0 {x} 446010 0.0 {x} 446000 0.0"
    return f"""<sl:stand><e:bagObject><Objecten:Pand>
<Objecten:identificatie domein="NL.IMBAG.Pand">{221100000000000 + number:016d}</Objecten:identificatie>
<Objecten:geometrie><gml:Polygon srsName="urn:ogc:def:crs:EPSG::28992" srsDimension="3"><gml:exterior>
<gml:LinearRing><gml:posList count="5">{ring}</gml:posList></gml:LinearRing>
</gml:exterior></gml:Polygon></Objecten:geometrie>
<Objecten:oorspronkelijkBouwjaar>{year}</Objecten:oorspronkelijkBouwjaar><Objecten:status>{status}</Objecten:status>
<Objecten:voorkomen><Historie:Voorkomen>
<Historie:voorkomenidentificatie>{occurrence}</Historie:voorkomenidentificatie>{extra}
</Historie:Voorkomen></Objecten:voorkomen></Objecten:Pand></e:bagObject></sl:stand>
"""


def write(folder: Path, *panden: str) -> Path:
    path = folder / "0221PND01012024-000001.xml"
    path.write_text(HEAD + "".join(panden) + TAIL)
    return path


def read(path: Path, grid: Grid = NETHERLANDS) -> Reading:
    recognised = extract_reader.recognise(path)
    assert recognised is not None
    assert recognised.source.role is Role.BUILDING_REGISTER
    return extract_reader.read(recognised, grid)


@pytest.fixture(scope="module")
def doesburg(shared_data):
    return read(shared_data / DOESBURG)


def test_a_municipality_has_its_standing_panden_only(doesburg):
    """13,098 occurrences hold 7,797 current panden, of which 570 do not stand: 7,227 remain, one row each."""
    assert doesburg.count == len(doesburg.data) == 13_098 - 5_301 - 570
    assert doesburg.data["bag_id"].is_unique
    assert doesburg.data["bag_id"].str.fullmatch(r"\d{16}").all()
    assert set(doesburg.data.columns) == set(BUILDING_REGISTER_COLUMNS)
    assert "5301 occurrences of the past were left out." in doesburg.remarks
    assert doesburg.data["status"].value_counts().to_dict() == {
        "Pand in gebruik": 7204,
        "Verbouwing pand": 14,
        "Sloopvergunning verleend": 6,
        "Pand in gebruik (niet ingemeten)": 3,
    }


def test_footprints_are_flat_and_valid(doesburg):
    """The posList has three dimensions with height 0.0, which says nothing."""
    assert not doesburg.data.geometry.has_z.any()
    assert doesburg.data.geometry.is_valid.all()
    assert doesburg.data.crs.to_epsg() == 28992
    assert doesburg.bounds == pytest.approx((205_078, 445_632, 209_126, 450_114), abs=1)
    assert doesburg.data_date == "2020-09-15"


def test_mediaeval_years_stay_and_impossible_years_go(doesburg):
    """1286 is possible in a Hanseatic town and stays, with a remark; 9999 stands for unknown."""
    years = doesburg.data["construction_year"]
    assert (years.min(), years.max()) == (1286, 2020)
    assert str(years.dtype) == "Int64"
    assert "25 construction years before 1500 (oldest 1286) were kept." in doesburg.remarks


def test_the_country_comes_as_a_zip_of_zips(shared_data):
    """Of the nation-wide delivery only the panden are opened; withdrawn objects and __MACOSX are left aside."""
    reading = read(shared_data / COUNTRY)
    assert sorted(reading.data["bag_id"]) == ["0221100000311191", "0221100000312938"]
    assert any("9999Inactief15092020.zip" in remark and "left aside" in remark for remark in reading.remarks)


def test_only_panden_in_the_box_are_taken(shared_data):
    """The box limits the panden while they stream by; the extent stays that of the whole file."""
    box = Grid.covering((206_000, 447_000, 206_500, 447_500), 1.0)
    reading = read(shared_data / DOESBURG, box)
    assert 0 < reading.count < 7_227
    assert reading.data.geometry.intersects(shapely.box(*box.bounds)).all()
    assert reading.bounds == pytest.approx((205_078, 445_632, 209_126, 450_114), abs=1)


@pytest.mark.parametrize(
    ("status", "stands"),
    [
        ("Bouwvergunning verleend", False),
        ("Niet gerealiseerd pand", False),
        ("Pand gesloopt", False),
        ("Pand ten onrechte opgevoerd", False),
        ("Bouw gestart", True),
        ("Pand in gebruik (niet ingemeten)", True),
        ("Pand in gebruik", True),
        ("Verbouwing pand", True),
        ("Sloopvergunning verleend", True),
        ("Pand buiten gebruik", True),
        ("", True),
    ],
)
def test_which_statuses_stand_on_the_ground(tmp_path, status, stands):
    """What is permitted, refused, demolished or a mistake is no building; what is begun or doomed still is."""
    reading = read(write(tmp_path, pand(1), pand(2, status=status)))
    assert reading.count == 1 + stands
    if status and not stands:
        assert f"1 panden that are not standing were left out ({status} 1)." in reading.remarks


@pytest.mark.parametrize("mark", ["eindGeldigheid", "eindRegistratie", "tijdstipInactief", "tijdstipNietBAG"])
def test_an_occurrence_that_ended_is_history(tmp_path, mark):
    """Validity, registration or the object itself can end; each makes the occurrence one of the past."""
    ended = f"<Historie:{mark}>2015-05-24</Historie:{mark}>"
    reading = read(write(tmp_path, pand(1, extra=ended, year=1900), pand(1, occurrence=2, year=1950)))
    assert list(reading.data["construction_year"]) == [1950]


def test_the_newest_of_several_current_occurrences_wins(tmp_path):
    """A repeated pand is counted and kept once."""
    reading = read(write(tmp_path, pand(1, occurrence=3, year=1990), pand(1, occurrence=2, year=1950), pand(2)))
    assert sorted(reading.data["construction_year"]) == [1950, 1990]
    assert "1 rows repeat a pand; its newest occurrence was kept." in reading.remarks


@pytest.mark.parametrize(
    ("year", "known"), [(9999, False), (1005, False), (1006, True), (1286, True), (2030, True)]
)
def test_years_that_stand_for_unknown(tmp_path, year, known):
    """9999 and 1005 are how registers write 'unknown'."""
    reading = read(write(tmp_path, pand(1, year=year)))
    assert reading.data["construction_year"].notna().all() == known
    assert any(str(year) in remark for remark in reading.remarks) == (not known or year < 1500)


def test_xml_that_breaks_off_names_file_and_line(tmp_path):
    """Half a file is an error with its place, not half a municipality."""
    path = write(tmp_path, pand(1), pand(2))
    path.write_text(path.read_text()[:-400])
    with pytest.raises(
        UnreadableSourceError, match=r"LVBAG extract, but its XML breaks off.*000001.xml, line \d+"
    ):
        read(path)


def test_a_pos_list_that_is_no_number_names_the_file(tmp_path):
    """A broken coordinate is an error."""
    path = write(tmp_path, pand(1))
    path.write_text(path.read_text().replace("446010 0.0", "446010 zero"))
    with pytest.raises(UnreadableSourceError, match="a pand cannot be read: could not convert"):
        read(path)


def packed(*names: str, content: bytes = b"<x/>") -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return memory.getvalue()


def test_a_zip_that_breaks_off_is_an_error_already_when_recognised(shared_data, tmp_path):
    """An incomplete download still starts with the name of its first file, so it is certainly an extract."""
    path = tmp_path / "download.zip"
    path.write_bytes((shared_data / DOESBURG).read_bytes()[:50_000])
    with pytest.raises(UnreadableSourceError, match="zip is broken or incomplete"):
        extract_reader.recognise(path)


def test_an_inner_zip_that_is_broken_is_named(tmp_path):
    """In a zip of zips the message says which one."""
    path = tmp_path / "BAGNLDL.zip"
    path.write_bytes(packed("9999PND15092020.zip", content=packed("0221PND15092020-000001.xml")[:40]))
    with pytest.raises(UnreadableSourceError, match="zip is broken or incomplete"):
        read(path)


@pytest.mark.parametrize(
    "names", [["9999VBO15092020.zip"], ["bgt_pand.gml"], ["__MACOSX/0221PND15092020-000001.xml"]]
)
def test_other_zips_are_left_to_other_readers(tmp_path, names):
    """Addresses, the BGT and remains of a Mac are not panden."""
    path = tmp_path / "other.zip"
    path.write_bytes(packed(*names))
    assert extract_reader.recognise(path) is None
    path.write_bytes(packed(*names)[:30])
    assert extract_reader.recognise(path) is None


def test_macosx_files_beside_the_panden_are_skipped(tmp_path):
    """A zip that went through a Mac has ghosts of its files."""
    path = tmp_path / "0221PND01012024.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("0221PND01012024-000001.xml", HEAD + pand(1) + TAIL)
        archive.writestr("__MACOSX/0221PND01012024-000001.xml", b"\x00\x05\x16\x07")
    assert read(path).count == 1


def test_a_box_without_panden_gives_an_empty_frame_with_all_columns(tmp_path):
    """Nothing there is an answer, and has the form of one."""
    reading = read(write(tmp_path, pand(1)), Grid.covering((0, 300_000, 10, 300_010), 1))
    assert reading.count == 0
    assert set(reading.data.columns) == set(BUILDING_REGISTER_COLUMNS)
    assert reading.data.crs.to_epsg() == 28992
