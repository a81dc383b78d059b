"""The BGT as PDOK's OGC API Features gives it: small pages in exactly that form."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import shapely
import shapely.geometry

from morgen.core.crs import rd_to_lonlat
from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Grid
from morgen.sources.bgt import OGC_API
from morgen.sources.contract import TOPOGRAPHY_COLUMNS, Reading

BOX = Grid.covering((84_900, 447_500, 85_000, 447_600), 1)
SQUARE = shapely.box(84_910, 447_510, 84_920, 447_520)
SERVICE = "https://api.pdok.nl/lv/bgt/ogc/v1/collections"


def degrees(shape: shapely.Geometry) -> Any:
    return shapely.transform(shape, lambda xy: shapely.get_coordinates(shapely.points(*rd_to_lonlat(*xy.T))))


def feature(
    shape: Any = SQUARE, *, id: str = "83acbb08-48d6-5f5f-aa45-d45d8a52a95d", **properties: Any
) -> dict[str, Any]:
    given = {
        "lokaal_id": "G0503.1",
        "bronhouder": "G0503",
        "status": "bestaand",
        "relatieve_hoogteligging": 0,
        "functie": "voetpad",
        "fysiek_voorkomen": "open verharding",
        "functie_leeg": None,
        "plus_functie": None,
        "plus_functie_leeg": "waardeOnbekend",
        "plus_fysiek_voorkomen": "tegels",
        "tijdstip_registratie": "2023-05-06T07:08:09Z",
        "eind_registratie": None,
        "in_onderzoek": False,
        "lv_publicatiedatum": "2023-05-07T00:00:00Z",
        **properties,
    }
    geometry = shapely.geometry.mapping(shape) if shape is not None else None
    return {"type": "Feature", "id": id, "properties": given, "geometry": geometry}


def write(
    path: Path, *features: Any, collection: str = "wegdeel", links: Sequence[Any] = (), **members: Any
) -> Path:
    to_self = [{"rel": "self", "href": f"{SERVICE}/{collection}/items?f=json"}] if collection else []
    page = {"type": "FeatureCollection", "links": [*to_self, *links], "features": list(features), **members}
    path.write_text(json.dumps(page), encoding="utf-8")
    return path


def read(path: Path) -> Reading:
    recognised = OGC_API.recognise(path)
    assert recognised is not None
    return OGC_API.read(recognised, BOX)


def test_a_page_in_rd_is_read(tmp_path):
    """Without a CRS in the file, coordinates in the range of RD New are taken as such, and that is told."""
    reading = read(write(tmp_path / "page.json", feature()))
    assert reading.crs == "EPSG:28992 (assumed)"
    assert list(reading.data.columns) == list(TOPOGRAPHY_COLUMNS)
    assert reading.data.iloc[0].drop("geometry").to_dict() == {
        "object_id": "G0503.1",
        "theme": "wegdeel",
        "function": "voetpad",
        "surface": "open verharding",
        "plus_function": "",
        "plus_surface": "tegels",
        "level": 0,
        "owner": "G0503",
        "status": "bestaand",
        "registered_at": "2023-05-06T07:08:09",
        "bag_id": "",
    }
    assert reading.data_date == "2023-05-07"


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::28992", "EPSG:28992"])
def test_the_crs_member_is_believed(tmp_path, name):
    """GeoJSON of 2008 names its CRS."""
    crs = {"type": "name", "properties": {"name": name}}
    assert read(write(tmp_path / "page.json", feature(), crs=crs)).crs == "EPSG:28992"


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}},
        {"coordRefSys": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"},
    ],
)
def test_longitudes_and_latitudes_are_brought_to_rd(tmp_path, members):
    """CRS84 is the default of the API: read as ETRS89, exact to the millimetre."""
    reading = read(write(tmp_path / "page.json", feature(degrees(SQUARE)), **members))
    assert reading.data.geometry.iloc[0].equals_exact(SQUARE, 0.001)
    assert "CRS84" in reading.crs


def test_swapped_axes_are_put_right(tmp_path):
    """EPSG:4258 has latitude first; in the Netherlands the larger number is the latitude."""
    swapped = shapely.transform(degrees(SQUARE), lambda xy: xy[:, ::-1])
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4258"}}
    reading = read(write(tmp_path / "page.json", feature(swapped), crs=crs))
    assert reading.data.geometry.iloc[0].equals_exact(SQUARE, 0.001)


@pytest.mark.parametrize(
    ("filename", "options", "theme"),
    [
        ("page.json", {"collection": "kunstwerkdeel_vlak"}, "kunstwerkdeel"),
        ("page.json", {"collection": "", "name": "bgt_waterdeel"}, "waterdeel"),
        ("bgt_begroeidterreindeel.geojson", {"collection": ""}, "begroeidterreindeel"),
    ],
)
def test_the_file_tells_its_collection(tmp_path, filename, options, theme):
    """By the link to itself, by its name member, or else by the name of the file."""
    assert read(write(tmp_path / filename, feature(), **options)).data["theme"].tolist() == [theme]


def test_features_of_several_collections_may_share_a_file(tmp_path):
    """What a feature says of itself goes before what its file says."""
    path = write(
        tmp_path / "all.json",
        feature(lokaal_id="A", featuretype="waterdeel", type="waterloop"),
        feature(lokaal_id="B", id="bgt_pand.17", identificatie_bag_pnd="0503100000018603"),
        feature(lokaal_id="C"),
    )
    found = read(path).data.set_index("object_id")
    assert found["theme"].to_dict() == {"A": "waterdeel", "B": "pand", "C": "wegdeel"}
    assert found.loc["B", "bag_id"] == "0503100000018603"


def test_a_file_that_does_not_tell_what_it_holds_is_refused(tmp_path):
    """An unknown object type is never guessed; the message says how to tell it."""
    path = write(tmp_path / "export.json", feature(), collection="")
    with pytest.raises(UnreadableSourceError, match=r"such as bgt_wegdeel\.json"):
        read(path)


def test_history_of_the_service_is_dropped(tmp_path):
    """Without a 'datetime' in its address the service gives ended registrations too."""
    ended = feature(lokaal_id="A", eind_registratie="2023-06-01T00:00:00Z")
    reading = read(write(tmp_path / "page.json", ended, feature(lokaal_id="B")))
    assert reading.data["object_id"].tolist() == ["B"]


def test_one_page_of_many_says_so(tmp_path):
    """A link to a next page means that objects are missing."""
    following = {"rel": "next", "href": f"{SERVICE}/wegdeel/items?cursor=Dv4%7C"}
    assert "pages after it" in read(write(tmp_path / "page.json", feature(), links=[following])).remarks[0]


def test_an_empty_page_is_valid_and_empty(tmp_path):
    """No objects in the box of the request is an answer, not an error."""
    reading = read(write(tmp_path / "page.json"))
    assert reading.count == 0
    assert list(reading.data.columns) == list(TOPOGRAPHY_COLUMNS)


def test_a_feature_without_a_shape_is_left_out_and_told(tmp_path):
    """GeoJSON allows a geometry of null."""
    reading = read(write(tmp_path / "page.json", feature(None)))
    assert reading.count == 0
    assert "shape" in reading.remarks[0]


def test_broken_json_is_an_error_with_its_place(tmp_path):
    """A page that was cut off names the line and the column."""
    path = write(tmp_path / "page.json", feature(), feature())
    path.write_text(path.read_text()[:-200])
    with pytest.raises(
        UnreadableSourceError, match=r"page\.json was taken for a GeoJSON page.*line 1, column \d+"
    ):
        read(path)


def test_a_wrong_geometry_is_an_error_with_its_feature(tmp_path):
    """The first feature whose geometry is no GeoJSON is named."""
    wrong = feature()
    wrong["geometry"] = {"type": "Cube", "coordinates": [1]}
    with pytest.raises(UnreadableSourceError, match="feature 2"):
        read(write(tmp_path / "page.json", feature(), wrong))


@pytest.mark.parametrize(
    ("crs", "shape", "problem"),
    [
        ("EPSG:32631", SQUARE, "save it in RD New"),
        ("EPSG:28992", shapely.box(500_000, 5_000_000, 500_010, 5_000_010), "outside the Netherlands"),
    ],
)
def test_a_place_elsewhere_is_refused(tmp_path, crs, shape, problem):
    """Another CRS, or coordinates that do not fit the CRS, are errors."""
    member = {"type": "name", "properties": {"name": crs}}
    with pytest.raises(UnreadableSourceError, match=problem):
        read(write(tmp_path / "page.json", feature(shape), crs=member))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[1]",
        b'{"type": "CityJSON"}',
        b'{"type": "FeatureCollection", "features": [{"properties": {"identificatie": "0503100000018603"}}]}',
        b'{"type": "FeatureCollection", "features": [{"properties": {"lokaal_id": "1"}}]}',
    ],
)
def test_other_json_is_not_claimed(tmp_path, content):
    """GeoJSON of the BAG or of the BRT is not the BGT, though the BRT has a lokaal_id too."""
    path = tmp_path / "bgt_wegdeel.json"
    path.write_bytes(content)
    assert OGC_API.recognise(path) is None
