"""The programs that people use read our features over HTTP: GDAL (and with it QGIS), pyogrio, OWSLib."""

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pyogrio
import pytest
import shapely
from owslib.ogcapi.features import Features
from tests.faces.http import features_twin
from tests.programs import unavailable

RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
SERVER = """
import sys, uvicorn
from morgen.faces.http.app import create_app
uvicorn.run(create_app(sys.argv[1]), port=int(sys.argv[2]), log_level="warning")
"""
WAIT = 60.0


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The twin's folder and the id of its run."""
    folder = tmp_path_factory.mktemp("twin")
    return folder, features_twin.make_twin(folder)


@pytest.fixture(scope="module")
def address(run):
    """The address of a server of that twin, in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(run[0]), str(port)])
    try:
        _wait_for(f"http://127.0.0.1:{port}/v1/collections", process)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(WAIT)


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    pytest.fail(f"the server did not answer at {url}")


@pytest.fixture(scope="module")
def ogrinfo() -> str:
    """The program of GDAL; where it is missing the test is skipped, but in CI that is a failure."""
    found = shutil.which("ogrinfo")
    if found is None:
        unavailable("ogrinfo was not found; install it (Debian: gdal-bin)")
    return found


def told_by(*words: str) -> str:
    answer = subprocess.run(words, capture_output=True, text=True, check=False, timeout=WAIT)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "ERROR" not in answer.stderr, answer.stderr
    return answer.stdout


def test_gdal_lists_the_collections(ogrinfo, address, run):
    """The OAPIF driver finds every collection with its kind of geometry."""
    listed = told_by(ogrinfo, "-so", f"OAPIF:{address}")
    for name in ("land-cover", "trees", "buildings", f"{run[1]}.buildings"):
        assert f": {name} (title:" in listed


def test_gdal_counts_and_reads_every_page(ogrinfo, address):
    """GDAL knows the number of features beforehand, and gets them all by following next."""
    told = told_by(ogrinfo, "-al", "-oo", "PAGE_SIZE=500", f"OAPIF:{address}", "trees")
    assert f"Feature Count: {features_twin.TREES}" in told
    ids = [line.partition(" = ")[2] for line in told.splitlines() if line.startswith("  object_id (String)")]
    assert ids == list(features_twin.trees()["object_id"])


def test_pyogrio_reads_what_is_stored(address):
    """All pages, to the millimetre: a client that knows part 2 takes RD New, as the layer is stored."""
    frame = pyogrio.read_dataframe(f"OAPIF:{address}", layer="trees")
    stored = features_twin.trees()
    assert list(frame["object_id"]) == list(stored["object_id"])
    assert frame.crs.to_epsg() == 28992
    assert np.array_equal(shapely.get_coordinates(frame.geometry), shapely.get_coordinates(stored.geometry))


def test_pyogrio_reads_results_with_their_types(address, run):
    """Numbers, truth values and text of a run arrive as such."""
    frame = pyogrio.read_dataframe(f"OAPIF:{address}", layer=f"{run[1]}.buildings")
    assert len(frame) == 30
    assert set(frame["max_depth"]) == {0.25}
    assert frame["above_low"].dtype == bool
    assert frame["bag_id"][0] == "0503100000000000"


def test_pyogrio_asks_for_a_box(address):
    """The box goes to the server, and comes back as the features that touch it."""
    west, south = features_twin.WEST, features_twin.SOUTH
    box = (west + 12, south + 12, west + 28, south + 18)
    frame = pyogrio.read_dataframe(f"OAPIF:{address}", layer="land-cover", bbox=box)
    assert list(frame["object_id"]) == ["L21", "L22"]


def test_owslib_reads_everything_it_knows(address):
    """Landing page, conformance, collections, queryables, items and one item."""
    service = Features(address)
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in service.conformance()["conformsTo"]
    assert "trees" in service.feature_collections()
    assert service.collection("trees")["storageCrs"] == RD
    assert "source_id" in service.collection_queryables("trees")["properties"]
    page = service.collection_items("trees", limit=10, offset=5)
    assert (page["numberMatched"], page["numberReturned"]) == (features_twin.TREES, 10)
    assert service.collection_item("trees", "T00005") == document_at(address, "trees/items/T00005")


def document_at(address: str, path: str) -> object:
    with urllib.request.urlopen(f"{address}/collections/{path}") as answer:
        return json.load(answer)


def test_what_qgis_needs_is_there(address):
    """Links service-desc and conformance, next with a number of features, and the CRS lists."""
    with urllib.request.urlopen(address) as answer:
        links = {link["rel"]: link["href"] for link in json.load(answer)["links"]}
    for rel in ("service-desc", "conformance", "data"):
        with urllib.request.urlopen(links[rel]) as answer:
            assert answer.status == 200
    page = document_at(address, f"trees/items?limit=1000&crs={quote(RD)}")
    assert isinstance(page, dict)
    assert page["numberMatched"] == features_twin.TREES
    assert [link["type"] for link in page["links"] if link["rel"] == "next"] == ["application/geo+json"]


def test_an_id_with_a_percent_sign_is_found(address):
    """What was escaped is taken apart once, not twice."""
    feature = document_at(address, f"land-cover/items/{quote('100%', safe='')}")
    assert isinstance(feature, dict)
    assert feature["id"] == "100%"


def test_a_served_layer_is_kept_for_the_next_server(address, run):
    """What was made ready for the first client lies in the folder of the twin."""
    with urllib.request.urlopen(f"{address}/collections/trees/items"):
        pass
    assert list((Path(run[0]) / ".morgen" / "served").glob("*-crs84-1/features.json"))
