"""What stands between the network and the routes."""

import asyncio
import gzip

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from tests.faces.http.conftest import ADDRESS

from morgen.faces.http.guards import API_VERSION, Guards, guarded

EVIL = "http://evil.example"


def guarded_app(**limits) -> Starlette:
    """An application of one route that reads its body, behind the guards."""

    async def echo(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    app = Starlette(routes=[Route("/", echo, methods=["GET", "POST", "DELETE"])])
    for kind, options in guarded(Guards(**limits)):
        app.add_middleware(kind, **options)
    return app


@pytest.fixture
def guarded_client():
    return TestClient(guarded_app(port=8765, largest_body=1000), base_url=ADDRESS)


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/jobs/none", "/v1/scene", "/v1/nothing", "/pages/pages.css"])
def test_every_answer_has_the_version_and_the_security_headers(client, path):
    """Also errors and files: the rules of the API Design Rules, and no page of ours in a frame of another."""
    headers = client.get(path).headers
    assert headers["api-version"] == API_VERSION
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["strict-transport-security"].startswith("max-age=")
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["object-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]


def test_documents_are_not_kept_by_anybody(client):
    """A document of the API is asked for anew each time."""
    assert client.get("/v1/jobs").headers["cache-control"] == "no-store"


def test_only_the_description_may_be_read_by_other_sites(client):
    """The OpenAPI document has the CORS header that the API Design Rules want; nothing else has."""
    assert client.get("/v1/openapi.json", headers={"Origin": EVIL}).headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in client.get("/v1/jobs", headers={"Origin": EVIL}).headers


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "[::1]:8765", "LOCALHOST:8765"])
def test_the_own_names_are_answered(guarded_client, host):
    """All names of the loopback, with the port."""
    assert guarded_client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example:8765", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.evil.example:8765", "[::1]", "", ":8765"]
)
def test_other_names_are_not(guarded_client, host):
    """A page that points its own name at this machine (DNS rebinding) gets nothing."""
    answer = guarded_client.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "https://127.0.0.1:8765"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_other_sites_change_nothing(guarded_client, headers):
    """POST and DELETE are for our own pages, and for programs, which send no Origin."""
    for method in ("POST", "DELETE"):
        assert guarded_client.request(method, "/", headers=headers).status_code == 403
    assert guarded_client.get("/", headers=headers).status_code == 200


def test_own_pages_and_programs_may_change_things(guarded_client):
    """An Origin that is our own, or none at all."""
    own = {"Origin": ADDRESS, "Sec-Fetch-Site": "same-origin"}
    assert guarded_client.post("/", headers=own).status_code == 200
    assert guarded_client.post("/").status_code == 200


def in_pieces(total: int):
    for _ in range(total // 100):
        yield b"x" * 100


def test_a_body_that_is_too_large_is_413(guarded_client):
    """With a Content-Length and without one (chunked); a body of just the limit is taken."""
    assert guarded_client.post("/", content=b"x" * 1000).text == "1000"
    for content in (b"x" * 1001, in_pieces(5000)):
        answer = guarded_client.post("/", content=content)
        assert answer.status_code == 413
        assert "1000 bytes" in answer.json()["detail"]
    for length in ("-5", "many", "1e3"):
        assert guarded_client.post("/", content=b"x", headers={"Content-Length": length}).status_code == 413


def test_a_body_of_50_mb_is_413(client):
    """Whatever is sent, a megabyte is the most that is kept."""
    answer = client.post("/v1/processes/pluvial-flood/execution", content=b"x" * 50_000_000)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_client_that_changes_too_much_is_429():
    """Each minute has so many changes; reading is not counted."""
    guarded_client = TestClient(guarded_app(writes_per_minute=5), base_url=ADDRESS)
    statuses = [guarded_client.post("/").status_code for _ in range(8)]
    assert statuses[:5] == [200] * 5
    assert statuses[-1] == 429
    answer = guarded_client.post("/")
    assert int(answer.headers["retry-after"]) > 0
    assert [guarded_client.get("/").status_code for _ in range(20)] == [200] * 20


def test_beyond_the_crowd_it_is_503_at_once():
    """As many requests as the limit are answered at one time; others are told to come back."""
    statuses = asyncio.run(_crowd(limit=3, clients=10))
    assert sorted(statuses) == [200] * 3 + [503] * 7


async def _crowd(*, limit: int, clients: int) -> list[int]:
    gate = asyncio.Event()

    async def wait(_request: Request) -> PlainTextResponse:
        await gate.wait()
        return PlainTextResponse("")

    app = Starlette(routes=[Route("/", wait)])
    for kind, options in guarded(Guards(most_requests=limit)):
        app.add_middleware(kind, **options)
    asking = [asyncio.create_task(_ask(app)) for _ in range(clients)]
    await asyncio.sleep(0.05)
    gate.set()
    return await asyncio.gather(*asking)


async def _ask(app: Starlette) -> int:
    statuses: list[int] = []
    headers = [(b"host", b"localhost")]
    scope = {
        "type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers,
        "scheme": "http", "client": ("127.0.0.1", 1),
    }  # fmt: skip

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    return statuses[0]


def test_head_is_get_without_the_body(client):
    """The same status and headers, nothing more."""
    for path in ("/v1", "/v1/jobs", "/v1/processes/none", "/v1/scene/terrain"):
        got, headed = client.get(path), client.head(path)
        assert headed.status_code == got.status_code
        assert headed.content == b""
        assert headed.headers["content-type"] == got.headers["content-type"]
        assert headed.headers["content-length"] == got.headers["content-length"]


@pytest.mark.parametrize(
    "path",
    ["/../pyproject.toml", "/assets/../../app.py", "/assets/%2e%2e/%2e%2e/app.py", "/..%2fapp.py", "//etc/passwd"],
)
def test_no_path_leads_out_of_the_viewers_folder(client, path):
    """Only files that are listed are opened."""
    answer = client.get(f"{ADDRESS}{path}")
    assert answer.status_code == 404
    assert b"import" not in answer.content


def test_what_is_large_is_packed_for_who_wants_that(client):
    """gzip when the client takes it, as is when not; both carry their own tag."""
    plain = client.get("/v1/openapi.json", headers={"Accept-Encoding": "identity"})
    with client.stream("GET", "/v1/openapi.json", headers={"Accept-Encoding": "gzip"}) as packed:
        raw = b"".join(packed.iter_raw())
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 4
    assert packed.headers["etag"] != plain.headers["etag"]
