"""The BGT as CityGML: the village of Otterlo, and small files with each of the traps."""

import zipfile
from pathlib import Path

import pytest

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Grid
from morgen.core.source import Role
from morgen.sources.bgt import CITYGML, GEOPACKAGE
from morgen.sources.contract import TOPOGRAPHY_COLUMNS, Reader, Reading

COUNTRY = Grid.covering((0, 300_000, 300_000, 630_000), 1000)
VILLAGE = Grid.covering((181_000, 457_000, 181_200, 457_200), 1)

HEADER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<CityModel xmlns:gml="http://www.opengis.net/gml" xmlns:imgeo="http://www.geostandaarden.nl/imgeo/2.1"'
    ' xmlns="http://www.opengis.net/citygml/2.0">\n'
)
SQUARE = (
    "<gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>"
    "181010 457010 181020 457010 181020 457020 181010 457020 181010 457010"
    "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
)
BOW_TIE = SQUARE.replace("181020 457020 181010 457020", "181010 457020 181020 457020")


def feature(
    class_name: str,
    object_id: str,
    *,
    shape: str = SQUARE,
    registered: str = "2020-01-01T10:00:00.000",
    more: str = "",
) -> str:
    return (
        f"<cityObjectMember><imgeo:{class_name}>"
        f"<imgeo:LV-publicatiedatum>2020-02-01T10:00:00</imgeo:LV-publicatiedatum>"
        f"<imgeo:relatieveHoogteligging>0</imgeo:relatieveHoogteligging>"
        f"<imgeo:tijdstipRegistratie>{registered}</imgeo:tijdstipRegistratie>"
        f"<imgeo:lokaalID>{object_id}</imgeo:lokaalID><imgeo:bronhouder>G9999</imgeo:bronhouder>"
        f"<imgeo:bgt-status>bestaand</imgeo:bgt-status>{more}"
        f"<imgeo:geometrie2d{class_name}>{shape}</imgeo:geometrie2d{class_name}>"
        f"</imgeo:{class_name}></cityObjectMember>\n"
    )


def write(path: Path, *features: str) -> Path:
    path.write_text(HEADER + "".join(features) + "</CityModel>\n", encoding="utf-8")
    return path


def read(path: Path, grid: Grid = VILLAGE, *, reader: Reader = CITYGML) -> Reading:
    recognised = reader.recognise(path)
    assert recognised is not None
    return reader.read(recognised, grid)


@pytest.fixture(scope="module")
def otterlo(shared_data):
    return read(shared_data / "nl/otterlo-bgt/otterlo.zip", COUNTRY)


@pytest.fixture(scope="module")
def otterlo_derived(shared_data):
    path = shared_data / "nl/otterlo-bgt/derived_otterlo_bgt_actueel.gpkg"
    return read(path, COUNTRY, reader=GEOPACKAGE).data


def test_a_whole_delivery_is_recognised_by_content(shared_data):
    """A zip of PDOK is a topography source, with publisher and licence, whatever it is called."""
    found = CITYGML.recognise(shared_data / "nl/otterlo-bgt/otterlo.zip")
    assert found is not None
    assert (found.source.role, found.source.format) == (Role.TOPOGRAPHY, "bgt-citygml")
    assert found.source.publisher
    assert found.source.licence == "CC0-1.0"


def test_only_current_objects_are_read(otterlo):
    """History is up to three quarters of a layer; the current counts are those of the data description."""
    assert otterlo.data["theme"].value_counts().to_dict() == {
        "wegdeel": 1252,
        "ondersteunendwegdeel": 627,
        "pand": 1711,
        "begroeidterreindeel": 638,
        "onbegroeidterreindeel": 427,
        "waterdeel": 296,
        "ondersteunendwaterdeel": 87,
        "vegetatieobject": 2104,
        "put": 1009,
        "paal": 398,
        "scheiding": 303,
        "gebouwinstallatie": 153,
        "kunstwerkdeel": 65,
        "openbareruimtelabel": 58,
        "bord": 53,
        "weginrichtingselement": 51,
        "overigbouwwerk": 24,
        "straatmeubilair": 16,
        "kast": 12,
        "bak": 2,
        "sensor": 2,
        "overbruggingsdeel": 1,
    }
    assert otterlo.count == 9289
    assert not otterlo.data["object_id"].duplicated().any()
    assert any("4895 objects were left out as history" in remark for remark in otterlo.remarks)


def test_a_reading_tells_its_crs_date_and_columns(otterlo):
    """Panden carry no CRS in the file; all is RD New. The date is the youngest in the data."""
    assert otterlo.crs == "EPSG:28992"
    assert otterlo.data.crs.to_epsg() == 28992
    assert otterlo.data_date == "2020-07-28"
    assert list(otterlo.data.columns) == list(TOPOGRAPHY_COLUMNS)
    assert otterlo.bounds[3] == pytest.approx(459_534, abs=1)


def test_a_pand_has_its_polygon_and_not_its_house_number(otterlo):
    """The label point of 1,242 panden comes first for a general reader; the ground surface is the shape."""
    panden = otterlo.data[otterlo.data["theme"] == "pand"]
    assert set(panden.geom_type) == {"MultiPolygon"}
    assert panden["bag_id"].str.fullmatch(r"\d{16}").sum() == len(panden)


def test_layers_of_mixed_geometry_are_whole(otterlo):
    """Trees are points and hedges lines in one layer; fences are lines, walls sometimes surfaces."""
    kinds = otterlo.data.groupby("theme")["geometry"].agg(lambda shapes: set(shapes.geom_type))
    assert kinds["vegetatieobject"] == {"Point", "LineString"}
    assert kinds["scheiding"] == {"LineString", "Polygon"}
    assert kinds["kunstwerkdeel"] == {"LineString", "Polygon"}


def test_what_is_outside_the_bgt_is_told_by_its_plus_part(otterlo):
    """Function 'niet-bgt' means: look in the plus type. So trees, hedges and kolken have their own name."""
    functions = otterlo.data.groupby("theme")["function"].value_counts()
    assert functions["vegetatieobject"].to_dict() == {"boom": 2088, "haag": 16}
    assert functions["put", "kolk"] > 700
    assert "niet-bgt" not in set(otterlo.data["function"])
    assert not otterlo.data.isin(["waardeOnbekend", "geenWaarde"]).any(axis=None)


def test_plans_keep_their_status(otterlo):
    """A planned pand has no BGT status, only one in the plus part."""
    assert otterlo.data["status"].value_counts().to_dict() == {"bestaand": 9259, "plan": 30}


def test_citygml_and_geopackage_tell_the_same(otterlo, otterlo_derived):
    """Another reader of the same delivery (GDAL, arcs cut every 4 degrees) gives equal objects and areas."""
    both = otterlo.data.merge(otterlo_derived, on="object_id", suffixes=("", "_other"), validate="1:1")
    assert len(both) == 9289
    for column in set(TOPOGRAPHY_COLUMNS) - {"object_id", "geometry"}:
        assert (both[column] == both[f"{column}_other"]).all(), column
    areas, others = both.geometry.area, both.set_geometry("geometry_other").geometry.area
    assert areas.sum() == pytest.approx(others.sum(), rel=1e-6)


def test_only_what_touches_the_box_is_read(shared_data, otterlo, tmp_path):
    """Roads run 2 km out of the village; the box of the area decides, not the extent of the file."""
    with zipfile.ZipFile(shared_data / "nl/otterlo-bgt/otterlo.zip") as archive:
        archive.extract("bgt_wegdeel.gml", tmp_path)
    xmin, ymin, xmax, ymax = box = (181_000, 456_800, 181_400, 457_200)
    few = read(tmp_path / "bgt_wegdeel.gml", Grid.covering(box, 1))
    roads = otterlo.data[otterlo.data["theme"] == "wegdeel"]
    assert set(few.data["object_id"]) == set(roads.cx[xmin:xmax, ymin:ymax]["object_id"])
    assert 50 < few.count < 200
    assert few.bounds is not None
    assert few.bounds[3] == pytest.approx(459_534, abs=1)


def test_an_empty_shell_is_valid_and_empty(tmp_path):
    """An object type that a town does not have is a file of 388 bytes without objects: empty, no error."""
    reading = read(write(tmp_path / "bgt_spoor.gml"))
    assert reading.count == 0
    assert list(reading.data.columns) == list(TOPOGRAPHY_COLUMNS)
    assert reading.bounds is None


def test_single_files_and_odd_names_are_read(tmp_path):
    """The content decides: any name will do, with or without a zip around it."""
    gml = write(tmp_path / "download (3).xml", feature("Waterdeel", "W1", more="<class>waterloop</class>"))
    packed = tmp_path / "no-suffix"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(gml, "deep/inside/x.GML")
        archive.writestr("readme.txt", "hello")
    for path in (gml, packed):
        reading = read(path)
        assert reading.data["theme"].tolist() == ["waterdeel"]
        assert reading.data["function"].tolist() == ["waterloop"]
        assert reading.data.geometry.area.tolist() == [100]


def test_gmllight_is_read_too(tmp_path):
    """PDOK's gmllight has a feature collection, dotted names and one geometrie2d for all."""
    path = tmp_path / "bgt_ondersteunendwegdeel.gml"
    path.write_text(
        '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"'
        ' xmlns:s="http://www.geostandaarden.nl/imgeo/2.1/simple/gml31"><gml:featureMember>'
        "<s:OndersteunendWegdeel><s:identificatie.namespace>NL.IMGeo</s:identificatie.namespace>"
        "<s:identificatie.lokaalID>G1</s:identificatie.lokaalID><s:bgt-functie>berm</s:bgt-functie>"
        "<s:bgt-fysiekVoorkomen>groenvoorziening</s:bgt-fysiekVoorkomen>"
        f"<s:geometrie2d>{SQUARE}</s:geometrie2d></s:OndersteunendWegdeel>"
        "</gml:featureMember></gml:FeatureCollection>",
        encoding="utf-8",
    )
    row = read(path).data.iloc[0]
    assert row[["object_id", "theme", "function", "surface", "level"]].tolist() == [
        *("G1", "ondersteunendwegdeel", "berm", "groenvoorziening"),
        0,
    ]


def test_ended_objects_are_dropped_by_registration_and_by_termination(tmp_path):
    """Both an end of registration and an end of the object itself make an object history."""
    path = write(
        tmp_path / "a.gml",
        feature("Waterdeel", "W1", more="<imgeo:eindRegistratie>2021-01-01</imgeo:eindRegistratie>"),
        feature("Waterdeel", "W2", more="<terminationDate>2021-01-01</terminationDate>"),
        feature("Waterdeel", "W3"),
    )
    assert read(path).data["object_id"].tolist() == ["W3"]


def test_of_the_same_object_the_latest_registration_counts(tmp_path):
    """A lokaalID that is still double after dropping history keeps its youngest row, with a remark."""
    path = write(
        tmp_path / "a.gml",
        feature("Waterdeel", "W1", registered="2020-05-01T10:00:00", more="<class>watervlakte</class>"),
        feature("Waterdeel", "W1", registered="2019-05-01T10:00:00", more="<class>waterloop</class>"),
    )
    reading = read(path)
    assert reading.data["function"].tolist() == ["watervlakte"]
    assert reading.remarks == ("1 object was left out because a later registration of the same object is there.",)


def test_a_shape_that_crosses_itself_is_repaired_and_told(tmp_path):
    """Repair keeps surfaces: a bow tie of two triangles of 25 m2."""
    reading = read(write(tmp_path / "a.gml", feature("Waterdeel", "W1", shape=BOW_TIE)))
    assert reading.data.geometry.is_valid.all()
    assert reading.data.geometry.area.tolist() == [50]
    assert reading.remarks == ("1 object was repaired: the shape crossed itself.",)


def test_an_object_without_a_shape_is_left_out_and_told(tmp_path):
    """An empty geometry property gives no row, but a remark."""
    reading = read(write(tmp_path / "a.gml", feature("Waterdeel", "W1", shape="")))
    assert reading.count == 0
    assert reading.remarks == ("1 object was left out for want of a shape.",)


def test_survey_points_are_skipped_and_told(tmp_path):
    """Plaatsbepalingspunten describe edges of objects; they are no objects themselves."""
    reading = read(write(tmp_path / "a.gml", feature("Plaatsbepalingspunt", "P1")))
    assert reading.count == 0
    assert "Plaatsbepalingspunt" in reading.remarks[0]


def test_the_envelope_of_the_header_gives_the_extent(tmp_path):
    """Where a file tells its extent at the top, recognising it costs no full read."""
    path = tmp_path / "a.gml"
    path.write_text(
        HEADER + "<gml:boundedBy><gml:Envelope><gml:lowerCorner>181000 457000</gml:lowerCorner>"
        "<gml:upperCorner>181100 457100</gml:upperCorner></gml:Envelope></gml:boundedBy></CityModel>",
        encoding="utf-8",
    )
    recognised = CITYGML.recognise(path)
    assert recognised is not None
    assert recognised.bounds == (181_000, 457_000, 181_100, 457_100)


def test_broken_xml_is_an_error_with_its_line(tmp_path):
    """A file that was cut off names the file, what it was taken for, and the line."""
    path = write(tmp_path / "a.gml", feature("Waterdeel", "W1"), feature("Waterdeel", "W2"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("W2")], encoding="utf-8")
    with pytest.raises(UnreadableSourceError, match=r"a\.gml was taken for a BGT delivery in CityGML.*line 4"):
        read(path)


def test_a_wrong_coordinate_is_an_error_with_its_line(tmp_path):
    """Coordinates that are no numbers stop the reading."""
    path = write(tmp_path / "a.gml", feature("Waterdeel", "W1", shape=SQUARE.replace("181020", "1810,2O")))
    with pytest.raises(UnreadableSourceError, match=r"1810|2O.*line 3"):
        read(path)


def test_a_level_that_is_no_number_is_an_error(tmp_path):
    """A relatieve hoogteligging must be a whole number."""
    path = write(tmp_path / "a.gml", feature("Waterdeel", "W1"))
    path.write_text(path.read_text().replace("ligging>0<", "ligging>hoog<"))
    with pytest.raises(UnreadableSourceError, match="hoog"):
        read(path)


def test_a_zip_that_was_cut_off_is_recognised_as_broken(shared_data, tmp_path):
    """The directory of a zip is at its end: half a download is an error, not an unknown file."""
    whole = (shared_data / "nl/otterlo-bgt/otterlo.zip").read_bytes()
    path = tmp_path / "otterlo.zip"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableSourceError, match="cut off"):
        CITYGML.recognise(path)


def test_a_damaged_member_of_a_zip_is_named(tmp_path):
    """Flipped bytes in the middle are found by the checksum, and the member is named."""
    path = tmp_path / "a.zip"
    many = write(tmp_path / "a.gml", *(feature("Waterdeel", f"W{number}") for number in range(300)))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.write(many, "bgt_waterdeel.gml")
    content = bytearray(path.read_bytes())
    content[-9000] ^= 1
    path.write_bytes(content)
    with pytest.raises(UnreadableSourceError, match=r"bgt_waterdeel\.gml"):
        read(path)


@pytest.mark.parametrize("content", [b"", b"<a/>", b"PK\x03\x04 but no zip", b"II*\x00", b"{}"])
def test_other_files_are_not_claimed(tmp_path, content):
    """What is not the BGT is left to other readers."""
    path = tmp_path / "bgt_wegdeel.gml"
    path.write_bytes(content)
    assert CITYGML.recognise(path) is None


def test_a_zip_of_other_things_is_not_claimed(tmp_path):
    """A zip with other GML is not a BGT delivery."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("top10nl.gml", "<FeatureCollection/>")
    assert CITYGML.recognise(path) is None


def test_nothing_is_written_beside_the_data(tmp_path):
    """General GML readers leave .gfs files beside what they read; this one does not."""
    path = write(tmp_path / "a.gml", feature("Waterdeel", "W1"))
    read(path)
    assert list(tmp_path.iterdir()) == [path]
