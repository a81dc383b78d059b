"""Every error has a status and one sentence; no traceback ever leaves the server."""

import pytest
from starlette.testclient import TestClient
from tests.faces.http.conftest import ADDRESS
from tests.test_docs import page, table_rows

from morgen.core import errors
from morgen.faces.http.app import create_app
from morgen.faces.http.errors import STATUSES, status_of

SIMPLE = [name for name in errors.__all__ if name != "UnreadableSourceError"]


def test_the_table_of_statuses_covers_every_error():
    """Every error has a status that is no success, and more special rows come first."""
    for name in errors.__all__:
        kind = getattr(errors, name)
        first = next(row for row in STATUSES if issubclass(kind, row[0]))
        assert 400 <= first[1] < 600
    assert status_of(errors.NotReadyError("x")) == 503
    assert status_of(errors.BusyError("x")) == 409
    assert status_of(errors.ParameterError("x")) == 400


def test_no_status_says_unprocessable():
    """The NL API Design Rules answer invalid input with 400, never with 422."""
    assert 422 not in {status for _, status, _ in STATUSES}


@pytest.mark.parametrize(("kind", "status", "meaning"), STATUSES, ids=lambda item: getattr(item, "__name__", ""))
def test_every_status_is_described(kind, status, meaning):
    """docs/errors.md has a row for each status of the table, with its error and its meaning."""
    rows = [line for line in page("docs/errors.md").splitlines() if line.startswith(f"| {status} ")]
    assert any(f"`{kind.__name__}`" in row and meaning in row for row in rows)
    assert str(status) in table_rows(page("docs/errors.md"))


@pytest.fixture(scope="module")
def failing(sample_twin):
    """The application with a route that raises what its path names."""
    app = create_app(sample_twin)

    async def fail(name: str) -> None:
        raise getattr(errors, name, ValueError)("the value is 3, but it must be 4")

    app.add_api_route("/v1/fail/{name}", fail)
    app.router.routes.insert(0, app.router.routes.pop())
    return TestClient(app, base_url=ADDRESS)


@pytest.mark.parametrize("name", SIMPLE)
def test_an_error_becomes_a_problem_document(failing, name):
    """Type, title, status, the sentence, and the path that was asked for; nothing more."""
    answer = failing.get(f"/v1/fail/{name}")
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["status"] == answer.status_code == status_of(getattr(errors, name)("x"))
    assert problem["detail"] == "the value is 3, but it must be 4"
    assert problem["instance"] == f"/v1/fail/{name}"
    assert set(problem) == {"type", "title", "status", "detail", "instance"}
    assert ("retry-after" in answer.headers) == (answer.status_code == 503)


def test_a_fault_shows_no_traceback(failing, caplog):
    """Whoever asks reads that Morgen made a fault; what it was stands in the log of the server."""
    answer = failing.get("/v1/fail/a-fault-of-morgen")
    assert answer.status_code == 500
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.json()["detail"].startswith("Morgen made a fault")
    assert "ValueError" not in answer.text
    assert "Traceback" not in answer.text
    assert "the value is 3" in caplog.text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/v1/jobs?limit=-1", "'limit' is '-1'"),
        ("/v1/jobs?limit=ten", "'limit' is 'ten'"),
        ("/v1/jobs?limit=1.5", "'limit' is '1.5'"),
        ("/v1/jobs?offset=-3", "'offset' is '-3'"),
        ("/v1/jobs?status=tired", "'status.0' is 'tired'"),
        ("/v1/jobs?colour=red", "no query parameter 'colour'"),
        ("/v1/jobs?f=xml", "'f' is 'xml'"),
        ("/v1/processes?lang=fy", "'lang' is 'fy'"),
        ("/v1/scene/terrain?stride=0", "'stride' is '0'"),
        ("/v1/scene/terrain?stride=9999", "stride of 9999"),
        ("/v1/tiles/mars/tileset.json", "'frame' is 'mars'"),
    ],
)
def test_what_is_not_allowed_is_400_with_the_value(client, path, words):
    """The sentence has the name and the value of what is wrong; several are told at once."""
    answer = client.get(path)
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_all_that_is_wrong_is_told_at_once(client):
    """Two wrong parameters are two entries."""
    problem = client.get("/v1/jobs?limit=-1&offset=x").json()
    assert [item["name"] for item in problem["errors"]] == ["limit", "offset"]


@pytest.mark.parametrize(
    "path", ["/v1/nothing", "/v1/jobs/", "/nothing.js", "/v1/tiles/buildings/none.glb", "/v2"]
)
def test_what_is_not_there_is_404(client, path):
    """An unknown path is a problem document too, also outside the API."""
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/jobs", "GET, HEAD"),
        ("POST", "/v1", "GET, HEAD"),
        ("POST", "/v1/jobs/x", "GET, HEAD, DELETE"),
        ("GET", "/v1/processes/pluvial-flood/execution", "POST"),
        ("DELETE", "/", "GET, HEAD"),
    ],
)
def test_a_method_that_is_not_possible_is_405_with_those_that_are(client, method, path, allowed):
    """The header Allow names every method of the path."""
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
