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
