"""Scenarios over HTTP: two planners at once lose nothing."""

import pytest
from starlette.testclient import TestClient

from morgen.faces.http.app import create_app
from morgen.services.area_file import read_area
from morgen.services.twin import Twin


@pytest.fixture(scope="module")
def client(sample_files, tmp_path_factory):
    folder = tmp_path_factory.mktemp("twin") / "t"
    twin = Twin.create(folder, read_area(sample_files / "area.geojson"), cell_size=5.0)
    twin.add(sample_files)
    twin.situation()
    with TestClient(create_app(folder), base_url="http://127.0.0.1") as found:
        import time

        for _ in range(100):
            if found.post("/v1/scenarios", json={"name": "plan"}).status_code in (201, 400):
                break
            time.sleep(0.1)
        yield found, twin.config.area.polygon.representative_point()


def tree(place, offset=0.0):
    from morgen.core.crs import rd_to_lonlat

    x, y = rd_to_lonlat([place.x + offset], [place.y])
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [float(x[0]), float(y[0])]},
        "properties": {"kind": "new-facility", "floor_area": 300},
    }


def test_the_loser_of_a_race_hears_what_changed(client):
    """The second to write gets 409 with what the first one added; without If-Match it is 428."""
    http, place = client
    tag = http.get("/v1/scenarios/plan").headers["ETag"]
    items = "/v1/scenarios/plan/items"
    assert http.post(items, json=tree(place)).status_code == 428
    first = http.post(items, json=tree(place), headers={"If-Match": tag})
    second = http.post(items, json=tree(place, 3), headers={"If-Match": tag})
    assert first.status_code == 201, first.text
    assert second.status_code == 409
    assert "added new-facility-1" in second.json()["detail"]
    assert len(http.get(items).json()["features"]) == 1
    again = http.post(items, json=tree(place, 3), headers={"If-Match": first.headers["ETag"]})
    assert again.status_code == 201
    undone = http.post("/v1/scenarios/plan/undo", headers={"If-Match": again.headers["ETag"]})
    assert undone.json()["measures"] == 1
    redone = http.post("/v1/scenarios/plan/redo", headers={"If-Match": undone.headers["ETag"]})
    assert redone.json()["measures"] == 2


RD = "http://www.opengis.net/def/crs/EPSG/0/28992"


def drawn(http, place, kind, *, half=5.0, **values):
    """Add a square of a kind in RD New to the scenario 'review', and return the answer."""
    x, y = round(place.x), round(place.y)
    ring = [[x + dx * half, y + dy * half] for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    feature = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"kind": kind, **values},
    }
    tag = http.get("/v1/scenarios/review").headers["ETag"]
    headers = {"If-Match": tag, "Content-Crs": f"<{RD}>"}
    return http.post("/v1/scenarios/review/items", json=feature, headers=headers)


def test_the_review_prices_what_is_drawn_and_names_what_contradicts(client):
    """100 m2 costs 100 times its price; the same ground twice is a contradiction; one step back goes."""
    http, place = client
    assert http.post("/v1/scenarios", json={"name": "review"}).status_code == 201
    empty = http.get("/v1/scenarios/review/review").json()
    assert empty["cost"] == {"low": 0, "middle": 0, "high": 0}
    assert empty["steps"] == {"undo": False, "redo": False}
    for _ in range(2):
        answer = drawn(http, place, "larger-sewer", capacity=10)
        assert answer.status_code == 201, answer.text
    kinds = {item["id"]: item for item in http.get("/v1/measures").json()["measures"]}
    found = http.get("/v1/scenarios/review/review").json()
    assert [item["quantity"] for item in found["prices"]] == pytest.approx([100, 100])
    assert found["cost"]["middle"] == pytest.approx(200 * kinds["larger-sewer"]["cost"]["middle"])
    assert found["cost"]["low"] < found["cost"]["middle"] < found["cost"]["high"]
    assert {"larger-sewer-1", "larger-sewer-2"} in [set(item["measures"]) for item in found["findings"]]
    assert found["steps"] == {"undo": True, "redo": False}


def test_a_measure_that_is_written_in_rd_is_read_in_rd(client):
    """The corners come back as they went, and in degrees without a CRS; another CRS is refused."""
    http, place = client
    items = "/v1/scenarios/review/items"
    corner = http.get(items, params={"crs": RD}).json()["features"][0]["geometry"]["coordinates"][0][0]
    assert corner == [round(place.x) - 5.0, round(place.y) - 5.0]
    assert max(http.get(items).json()["features"][0]["geometry"]["coordinates"][0][0]) < 60
    assert http.get(items, params={"crs": "EPSG:4326"}).status_code == 400
    tag = http.get("/v1/scenarios/review").headers["ETag"]
    wrong = http.post(items, json={}, headers={"If-Match": tag, "Content-Crs": "EPSG:4326"})
    assert wrong.status_code == 400
    assert "Content-Crs" in wrong.json()["detail"]


def test_a_facility_says_of_which_kind_it_is_and_stays_a_measure(client):
    """The kind of facility is a value of its own, so that what is read can be written again."""
    http, place = client
    answer = drawn(http, place, "new-facility", facility="huisarts")
    assert answer.json()["properties"]["kind"] == "new-facility"
    assert answer.json()["properties"]["facility"] == "huisarts"


def test_every_kind_says_what_a_form_needs(client):
    """Title in both languages, a schema per value, and a price; what is done to buildings says so."""
    http, _ = client
    kinds = {item["id"]: item for item in http.get("/v1/measures").json()["measures"]}
    depth = kinds["wadi"]["parameters"]["depth"]
    assert depth["x-unit"] == "m"
    assert depth["schema"] == {
        "type": "number", "default": 0.3, "minimum": 0, "exclusiveMinimum": True, "maximum": 1.5,
    }  # fmt: skip
    assert kinds["wadi"]["title"] == {"nl": "Wadi", "en": "Wadi"}
    assert kinds["green-roof-extensive"]["onBuildings"]
    assert not kinds["wadi"]["onBuildings"]
