"""OGC API Features over HTTP: the right features in the right form, and a sentence for what cannot be."""

import gzip
import json
import re
from urllib.parse import quote

import numpy as np
import pyarrow.parquet
import pytest
import shapely
from starlette.testclient import TestClient
from tests.faces.http import features_twin
from tests.faces.http.ogc_schemas import validate

from morgen.core.crs import rd_to_lonlat
from morgen.faces.http.app import create_app

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
WEST, SOUTH = features_twin.WEST, features_twin.SOUTH
FEATURES = "features-1.0.1/core/openapi/schemas"
PART_2 = "features-part2-1.0.1/extensions/crs/openapi/schemas"


@pytest.fixture(scope="module")
def twin(tmp_path_factory):
    folder = tmp_path_factory.mktemp("twin")
    return folder, features_twin.make_twin(folder)


@pytest.fixture(scope="module")
def run(twin):
    return twin[1]


@pytest.fixture(scope="module")
def client(twin):
    with TestClient(create_app(twin[0]), base_url="http://127.0.0.1:8765") as client:
        features_twin.wait_until_ready(client)
        yield client


def rels(document):
    return {link["rel"]: link["href"] for link in document["links"] if link["type"] != "text/html"}


def items(client, collection, **parameters):
    answer = client.get(f"/v1/collections/{collection}/items", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


# -- which collections there are ---------------------------------------------------------------------------------


def test_layers_and_results_are_collections(client, run):
    """The feature layers that could be made are listed, and every feature output of a successful run."""
    listed = client.get("/v1/collections").json()["collections"]
    assert [item["id"] for item in listed] == ["land-cover", "trees", "buildings", f"{run}.buildings"]
    for item in listed:
        assert client.get(f"/v1/collections/{item['id']}").json() == item


def test_a_collection_tells_where_when_and_from_what(client, run):
    """Extent, CRSs, licence and sources stand in the description, links lead to what they promise."""
    document = client.get("/v1/collections/buildings").json()
    west, south, east, north = document["extent"]["spatial"]["bbox"][0]
    x, y = rd_to_lonlat([WEST, WEST + 878], [SOUTH, SOUTH + 9])
    assert west <= x[0] < x[1] <= east
    assert south <= y[0] < y[1] <= north
    assert document["extent"]["temporal"]["interval"] == [["2026-01-31T00:00:00Z", "2026-01-31T23:59:59Z"]]
    assert document["crs"] == [CRS84, RD]
    assert document["storageCrs"] == RD
    assert document["numberOfFeatures"] == 30
    assert [source["sha256"] for source in document["sources"]] == ["ab" * 32]
    by_rel = {link["rel"]: link["href"] for link in document["links"]}
    assert by_rel["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    for rel in ("self", "alternate", "items", "describedby", "enclosure"):
        assert client.get(by_rel[rel]).status_code == 200
    result = client.get(f"/v1/collections/{run}.buildings").json()
    assert result["description"].startswith("Buildings in the area with the largest depth at the façade")


def test_a_layer_that_could_not_be_made_says_why(client):
    """It is not listed, and asking for it gives the reason."""
    answer = client.get("/v1/collections/decks/items")
    assert answer.status_code == 404
    assert "no linked source is used for topography" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("nowhere", "there is no collection 'nowhere'; this twin has land-cover, trees, buildings"),
        ("nowhere/items", "there is no collection 'nowhere'"),
        ("20200101-000000-0000.buildings", "this twin has no run '20200101-000000-0000'"),
        ("{run}.roads", "there is no collection '{run}.roads'; this run has {run}.buildings"),
        ("{run}.balance", "there is no collection '{run}.balance'"),
        ("trees/items/nobody", "the collection 'trees' has no feature 'nobody'"),
        ("%3Cb%3E/items", "there is no collection '<b>'"),
    ],
)
def test_what_is_not_there_is_not_found(client, run, path, sentence):
    """404 with a sentence that says what there is."""
    answer = client.get(f"/v1/collections/{path.format(run=run)}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert sentence.format(run=run) in answer.json()["detail"]


def test_the_whole_layer_can_be_fetched(client, tmp_path):
    """As the GeoParquet file that it is stored as."""
    answer = client.get("/v1/collections/trees/features.parquet")
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    (tmp_path / "trees.parquet").write_bytes(answer.content)
    assert pyarrow.parquet.read_table(tmp_path / "trees.parquet").num_rows == features_twin.TREES


def test_queryables_name_the_properties_to_filter_on(client):
    """With their types; geometries and dates are not among them."""
    document = client.get("/v1/collections/buildings/queryables").json()
    assert {name: item["type"] for name, item in document["properties"].items()} == {
        "object_id": "string",
        "bag_id": "string",
        "construction_year": "integer",
        "height": "number",
        "in_bag": "boolean",
        "source_id": "string",
    }


# -- pages -------------------------------------------------------------------------------------------------------


def test_pages_lead_through_everything_once_and_back(client):
    """The link next leads to the last feature, prev leads back; all other parameters stay."""
    address = f"/v1/collections/trees/items?limit=1000&crs={quote(RD, safe='')}&source_id=bgt"
    found, visited = [], []
    while address:
        page = client.get(address).json()
        assert page["numberMatched"] == features_twin.TREES
        assert page["numberReturned"] == len(page["features"])
        found += [feature["id"] for feature in page["features"]]
        visited.append(page)
        address = rels(page).get("next")
        assert not address or ("source_id=bgt" in address and "limit=1000" in address)
    assert found == list(features_twin.trees()["object_id"])
    back = client.get(rels(visited[2])["prev"]).json()
    assert back["features"] == visited[1]["features"]
    assert "prev" not in rels(visited[0])


def test_limit_has_a_default_and_a_cap(client):
    """Without limit a page has 100 features; more than 10,000 is answered with 10,000, not refused."""
    assert items(client, "trees")["numberReturned"] == 100
    assert items(client, "trees", limit=123456789)["numberReturned"] == features_twin.TREES


def test_a_result_is_a_collection_like_any_other(client, run):
    """Features of a run have the columns that the model gave."""
    (feature,) = items(client, f"{run}.buildings", limit=1)["features"]
    assert feature["properties"] == {
        "bag_id": "0503100000000000",
        "object_id": "B0",
        "max_depth": 0.25,
        "above_low": True,
    }


def test_properties_are_json(client):
    """Unknown numbers are null, single precision is not stretched, solids are left out."""
    page = items(client, "buildings", limit=2)
    first, second = (feature["properties"] for feature in page["features"])
    assert first == {
        "object_id": "B0",
        "bag_id": "0503100000000000",
        "construction_year": 1900,
        "height": None,
        "in_bag": True,
        "source_id": "bgt",
    }
    assert second["height"] == 0.1
    assert second["construction_year"] is None


def test_ids_that_repeat_are_told_apart(client):
    """The second feature with an id gets ~2 behind it, and each can be had."""
    assert [feature["id"] for feature in items(client, "buildings", limit=4)["features"]] == [
        "B0",
        "B0~2",
        "B2",
        "B2~2",
    ]
    assert client.get("/v1/collections/buildings/items/B0~2").json()["properties"]["bag_id"] == "0503100000000001"


@pytest.mark.parametrize("name", features_twin.ODD_IDS)
def test_an_id_may_have_any_character(client, name):
    """An id is escaped in links, and found by its escaped form."""
    address = f"/v1/collections/land-cover/items/{quote(name, safe='')}"
    feature = client.get(address).json()
    assert feature["id"] == name
    assert client.get(rels(feature)["self"]).json()["id"] == name


# -- boxes and other choices -------------------------------------------------------------------------------------


def test_a_box_in_metres_or_degrees(client):
    """Features that touch the box count; the same box in both CRSs gives the same features."""
    metres = items(
        client, "land-cover", bbox=f"{WEST + 10},{SOUTH + 10},{WEST + 10},{SOUTH + 10}", **{"bbox-crs": RD}
    )
    assert [feature["id"] for feature in metres["features"]] == [
        "a/b",
        "a b?c#d&e",
        "L20",
        "L21",
    ]
    (west, east), (south, north) = rd_to_lonlat([WEST + 13, WEST + 17], [SOUTH + 13, SOUTH + 17])
    degrees = items(client, "land-cover", bbox=f"{west},{south},{east},{north}")
    assert [feature["id"] for feature in degrees["features"]] == ["L21"]
    with_heights = items(client, "land-cover", bbox=f"{west},{south},-5,{east},{north},5")
    assert with_heights["features"] == degrees["features"]


def test_coordinates_come_in_the_crs_that_was_asked(client):
    """Degrees with 8 decimals unless RD New is asked for, and the header says which."""
    degrees = client.get("/v1/collections/trees/items?limit=1")
    metres = client.get("/v1/collections/trees/items", params={"limit": 1, "crs": RD})
    assert degrees.headers["content-crs"] == f"<{CRS84}>"
    assert metres.headers["content-crs"] == f"<{RD}>"
    point = features_twin.trees().geometry[0]
    assert metres.json()["features"][0]["geometry"]["coordinates"] == [point.x, point.y]
    expected = [round(float(values), 8) for values in rd_to_lonlat(point.x, point.y)]
    assert degrees.json()["features"][0]["geometry"]["coordinates"] == expected
    one = client.get("/v1/collections/trees/items/T00000", params={"crs": RD})
    assert one.headers["content-crs"] == f"<{RD}>"
    assert one.json()["geometry"]["coordinates"] == [point.x, point.y]


def test_boxes_agree_with_the_shapes(client):
    """Random boxes give the features that shapely says, through the whole of the API."""
    shapes = features_twin.land_cover().geometry.to_numpy()
    random = np.random.default_rng(11)
    for _ in range(25):
        corners = random.uniform((WEST - 20, SOUTH - 20), (WEST + 220, SOUTH + 120), (2, 2))
        box = (*corners.min(axis=0), *corners.max(axis=0))
        asked = {"limit": 1000, "bbox": ",".join(map(repr, map(float, box))), "bbox-crs": RD, "crs": RD}
        page = items(client, "land-cover", **asked)
        expected = np.flatnonzero(shapely.intersects(shapely.box(*box), shapes))
        found = [shapely.geometry.shape(feature["geometry"]) for feature in page["features"]]
        assert len(found) == page["numberMatched"] == len(expected)
        assert all(shapely.equals(found, shapes[expected]))


def test_properties_choose(client):
    """A parameter with the name of a property keeps the features with that value, also an odd one."""
    assert items(client, "land-cover", theme="waterdeel")["numberMatched"] == 50
    assert items(client, "land-cover", theme=features_twin.MARKUP)["numberMatched"] == 50
    assert items(client, "land-cover", theme="waterdeel", level=1)["numberMatched"] == 0
    assert items(client, "buildings", in_bag="false", construction_year=1903)["numberMatched"] == 1


@pytest.mark.parametrize(
    ("datetime", "matched"),
    [
        ("2026-01-31", 30),
        ("2026-01-31T12:00:00Z", 30),
        ("2026-02-01T00:30:00+01:00", 30),
        ("2026-01-01/2026-02-01", 30),
        ("2026-01-31/..", 30),
        ("../2026-01-31T00:00:00Z", 30),
        ("/2026-01-30", 0),
        ("2026-02-01T00:00:00Z/..", 0),
        ("2025-06-01", 0),
    ],
)
def test_datetime_chooses_by_the_date_of_the_layer(client, datetime, matched):
    """A layer is of one day; another time has none of its features."""
    page = items(client, "buildings", datetime=datetime)
    assert page["numberMatched"] == matched
    assert len(page["features"]) == min(matched, 100)


# -- what cannot be ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"limit": "-1"}, "limit is '-1', but it must be a whole number from 1"),
        ({"limit": "0"}, "limit is '0'"),
        ({"limit": "ten"}, "limit is 'ten'"),
        ({"limit": "1.5"}, "limit is '1.5'"),
        ({"limit": ""}, "limit is ''"),
        ({"offset": "-1"}, "offset is '-1', but it must be a whole number from 0"),
        ({"bbox": "a,b"}, "bbox is 'a,b', but it must be four numbers"),
        ({"bbox": "1,2,3"}, "bbox is '1,2,3'"),
        ({"bbox": "1,2,3,nan"}, "bbox is '1,2,3,nan'"),
        ({"bbox": "4,53,5,52"}, "its south edge lies north of its north edge"),
        ({"bbox": "4,52,5,99"}, "latitudes -90 to 90"),
        ({"bbox": "85000,447000,85100,447100"}, f"for metres in RD New add bbox-crs={RD}"),
        ({"bbox": "4,52,5,53", "bbox-crs": RD}, "for degrees leave bbox-crs out"),
        ({"bbox": "85100,447000,85000,447100", "bbox-crs": RD}, "its west edge lies east of its east edge"),
        (
            {"bbox": "4,52,5,53", "bbox-crs": "EPSG:28992"},
            f"bbox-crs is 'EPSG:28992', but it must be {CRS84} or {RD}",
        ),
        ({"crs": "EPSG:4326"}, f"crs is 'EPSG:4326', but it must be {CRS84} or {RD}"),
        ({"datetime": "yesterday"}, "datetime is 'yesterday', but it must be a moment"),
        ({"datetime": "2026-02-30"}, "datetime is '2026-02-30'"),
        ({"datetime": "2026-02-01/2026-01-01"}, "a period starts with its earliest moment"),
        ({"datetime": "2026/2027/2028"}, "datetime is '2026/2027/2028'"),
        ({"colour": "red"}, "there is no query parameter 'colour' here; there is limit, offset, bbox"),
        ({"construction_year": "old"}, "construction_year is 'old', but it must be a whole number"),
        ({"solid_surfaces": "roof"}, "there is no query parameter 'solid_surfaces'"),
        ({"f": "xml"}, "'xml'"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(client, parameters, sentence):
    """400 with a problem document that names the value and what is allowed; never an empty page."""
    answer = client.get("/v1/collections/buildings/items", params=parameters)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert sentence in answer.json()["detail"]


def test_every_mistake_is_told_at_once(client):
    """Who has three mistakes reads three sentences."""
    answer = client.get("/v1/collections/trees/items?limit=no&bbox=a&crs=b&limit=2")
    assert {item["name"] for item in answer.json()["errors"]} == {"limit", "bbox", "crs"}


def test_one_feature_takes_few_parameters(client):
    """What would do nothing is refused."""
    answer = client.get("/v1/collections/trees/items/T00001?bbox=4,52,5,53")
    assert answer.status_code == 400
    assert "there is no query parameter 'bbox'" in answer.json()["detail"]


# -- as HTTP and as the standard ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["trees/items?limit=5", "trees/items/T00003"])
def test_what_a_client_has_is_not_sent_again(client, path):
    """A tag names the content; with it the answer is 304, and HEAD is GET without the body."""
    first = client.get(f"/v1/collections/{path}")
    again = client.get(f"/v1/collections/{path}", headers={"If-None-Match": first.headers["etag"]})
    head = client.head(f"/v1/collections/{path}")
    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "content-type", "content-length", "content-crs"):
        assert head.headers[name] == first.headers[name]
    other = client.get(f"/v1/collections/{path}", params={"crs": RD})
    assert other.headers["etag"] != first.headers["etag"]


def test_large_pages_are_packed_for_who_takes_that(client):
    """gzip when Accept-Encoding has it, the same document otherwise."""
    address = "/v1/collections/trees/items?limit=2000"
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json()["features"] == plain.json()["features"]
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 3


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/v1/collections", f"{FEATURES}/collections.yaml"),
        ("/v1/collections", f"{PART_2}/collections.yaml"),
        ("/v1/collections/buildings", f"{FEATURES}/collection.yaml"),
        ("/v1/collections/buildings", f"{PART_2}/collection.yaml"),
        ("/v1/collections/{run}.buildings", f"{FEATURES}/collection.yaml"),
        ("/v1/collections/land-cover/items", f"{FEATURES}/featureCollectionGeoJSON.yaml"),
        ("/v1/collections/trees/items?offset=99999", f"{FEATURES}/featureCollectionGeoJSON.yaml"),
        ("/v1/collections/buildings/items?crs=" + quote(RD), f"{FEATURES}/featureCollectionGeoJSON.yaml"),
        ("/v1/collections/buildings/items/B0", f"{FEATURES}/featureGeoJSON.yaml"),
    ],
)
def test_documents_follow_the_schemas_of_ogc(client, run, shared_data, path, schema):
    """Collections, a collection, a page and a feature are valid."""
    document = client.get(path.format(run=run)).json()
    validate(document, shared_data.parent / "standards", schema)


def test_a_page_says_when_it_was_made(client):
    """timeStamp is a moment in UTC, and the media type is that of GeoJSON."""
    answer = client.get("/v1/collections/trees/items")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", answer.json()["timeStamp"])
    assert answer.headers["content-type"] == "application/geo+json"


# -- as a page for people ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "",
        "/land-cover",
        "/land-cover/items",
        "/land-cover/items?offset=9999",
        "/land-cover/items/L50",
        "/{run}.buildings",
        "/buildings/items/B0",
    ],
)
def test_there_is_a_page_of_everything(client, run, path, language):
    """HTML when a browser asks, in Dutch or English."""
    answer = client.get(
        f"/v1/collections{path.format(run=run)}", headers={"Accept": "text/html", "Accept-Language": language}
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert f'<html lang="{language}">' in answer.text


def test_markup_in_the_data_is_shown_as_text(client):
    """An attribute, a title or an id cannot become part of the page."""
    for path in ("items?limit=10", "items/L51", f"items/{quote('<b>bold</b>', safe='')}"):
        text = client.get(f"/v1/collections/land-cover/{path}", headers={"Accept": "text/html"}).text
        assert "<script" not in text
        assert "<b>bold" not in text
    assert "&lt;script&gt;" in client.get("/v1/collections/land-cover/items/L51?f=html").text


def test_pages_for_people_lead_on(client):
    """The table has links to the next page and to each feature, and what they lead to is there."""
    text = client.get("/v1/collections/land-cover/items?f=html&limit=50&theme=wegdeel&offset=10").text
    for rel in ("next", "prev"):
        assert not re.search(f'rel="{rel}" href="([^"]+)"', text) or rel == "prev"
    (back,) = re.findall(r'rel="prev" href="([^"]+)"', text)
    assert client.get(back.replace("&amp;", "&")).status_code == 200
    table = client.get("/v1/collections/land-cover/items?f=html").text
    addresses = re.findall(r'<th scope="row"><a href="([^"]+)"', table)
    assert len(addresses) == 100
    for address in addresses[:8]:
        assert client.get(address.replace("&amp;", "&")).status_code == 200


def test_a_table_for_people_is_not_endless(client):
    """A browser gets at most 1,000 rows, and a link to the next ones."""
    text = client.get("/v1/collections/trees/items?f=html&limit=10000").text
    assert text.count('<th scope="row">') == 1000
    assert "offset=1000" in re.findall(r'rel="next" href="([^"]+)"', text)[0]


def test_a_feature_page_names_its_sources(client):
    """Whom to name, the licence, the date and the hash stand below the facts."""
    text = client.get("/v1/collections/buildings/items/B0?f=html&lang=en").text
    for said in ("BGT, made up", "CC0-1.0", "2026-01-31", "abababababababab", "this feature"):
        assert said in text


def test_packed_bytes_are_the_plain_bytes(client):
    """gzip is only a wrapping."""
    address = "/v1/collections/trees/items?limit=2000"
    with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert len(json.loads(gzip.decompress(raw))["features"]) == 2000
