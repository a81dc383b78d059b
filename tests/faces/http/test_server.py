"""``morgen serve``, as a user gives it: real processes, real sockets, real kills."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections import Counter
from typing import Any

import pytest
from tests.faces.http.conftest import QUICK, make_sample_twin
from tests.faces.http.running import MORGEN, ask, morgen_serve

import morgen
from morgen.core.errors import BusyError, InputError
from morgen.core.run import RunState
from morgen.faces.http.server import doorway
from morgen.services.queue import STOPPED

LONG = {"rain": 70, "duration": 48, "after": 24}


@pytest.fixture(scope="module")
def twin(tmp_path_factory, sample_files):
    folder = make_sample_twin(tmp_path_factory.mktemp("server") / "twin", sample_files)
    morgen.open(folder).situation()
    return folder


@pytest.fixture(scope="module")
def server(twin):
    with morgen_serve(twin) as served:
        wait_for(lambda: ask(f"{served.api}/scene")[1]["state"] == "ready")
        yield served


def wait_for(condition, *, seconds: float = 60.0):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return found


def start(served, inputs):
    execution = f"{served.api}/processes/pluvial-flood/execution"
    code, job = ask(execution, method="POST", body={"inputs": inputs}, Prefer="respond-async")
    assert code == 201, job
    return job["jobID"]


def status(served, job):
    code, document = ask(f"{served.api}/jobs/{job}")
    assert code == 200, document
    return document["status"]


def command(*words) -> subprocess.CompletedProcess[str]:
    return subprocess.run([MORGEN, *words], capture_output=True, text=True, check=False)


# -- the door ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_other_machines_are_not_served(tmp_path, host):
    """Without authentication only a loopback address is allowed, and the sentence says why."""
    with pytest.raises(InputError, match="no authentication"), doorway(tmp_path, host=host, port=0):
        pass


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_this_machine_is_served(tmp_path, host):
    """Each loopback address opens, on a port that is free."""
    if host == "::1" and not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    with doorway(tmp_path, host=host, port=0) as door:
        assert re.fullmatch(r"http://(127\.0\.0\.[12]|\[::1\]):\d+/", door.address)


def test_a_port_in_use_is_a_sentence_with_another(tmp_path):
    """The other port that is named is free."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BusyError, match=f"port {port} of 127.0.0.1") as refused, doorway(tmp_path, port=port):
            pass
        found = re.search(r"--port (\d+),", str(refused.value))
        assert found
        with doorway(tmp_path, port=int(found[1])):
            pass


def test_a_second_server_is_told_where_the_first_is(server, twin):
    """Exit code 75, one sentence on standard error with the address of the first."""
    second = command("serve", twin, "--no-open")
    assert second.returncode == 75
    assert second.stdout == ""
    assert second.stderr.count("\n") == 1
    assert f"served already at {server.address}" in second.stderr


def test_what_is_no_twin_is_not_served(tmp_path):
    """Exit code 3, as for every command."""
    assert command("serve", tmp_path, "--no-open").returncode == 3


def test_a_database_that_cannot_be_opened_ends_the_server(tmp_path, sample_files):
    """Exit code 74 and one sentence, though the door was open already."""
    folder = make_sample_twin(tmp_path / "twin", sample_files)
    (folder / ".morgen").mkdir(exist_ok=True)
    (folder / ".morgen" / "morgen.sqlite").write_text("this is no database, though it has the name of one")
    ended = command("serve", folder, "--no-open", "--port", "0")
    assert ended.returncode == 74, ended.stderr
    assert "no SQLite database" in ended.stderr.splitlines()[-1]


# -- answering ---------------------------------------------------------------------------------------------------


def test_the_map_or_how_to_build_it_is_at_the_root(server):
    """With a bundle it is the viewer, without one a page that says how to make it."""
    with urllib.request.urlopen(server.address) as answer:
        text = answer.read().decode()
    assert answer.headers["content-type"].startswith("text/html")
    assert 'id="app"' in text or "npm run build" in text


def test_a_run_of_the_terminal_shows_in_the_browser_and_can_be_stopped_there(server, twin):
    """The rows are the same; DELETE ends the command of the terminal."""
    long = [word for name, value in LONG.items() for word in (f"--{name}", str(value))]
    with subprocess.Popen([MORGEN, "run", twin, "pluvial-flood", *long], stderr=subprocess.PIPE) as terminal:
        jobs = f"{server.api}/jobs?status=running"
        job = wait_for(lambda: ask(jobs)[1]["jobs"])[0]["jobID"]
        assert ask(f"{server.api}/jobs/{job}", method="DELETE")[1]["status"] == "dismissed"
        assert terminal.wait() == 130


def test_a_run_of_the_browser_shows_in_the_terminal_and_can_be_stopped_there(server, twin):
    """`morgen runs` lists it, `morgen stop` stops it, and the browser sees that."""
    job = start(server, LONG)
    wait_for(lambda: status(server, job) == "running")
    assert job in command("runs", twin).stdout
    assert command("stop", twin, job).returncode == 0
    assert status(server, job) == "dismissed"


def test_a_thousand_requests_at_once_lose_nothing(server, twin):
    """Each is answered, with success, too many requests, or not now; every run that was accepted is a row."""
    before = ask(f"{server.api}/jobs?limit=1")[1]["numberMatched"]
    port = int(server.address.rstrip("/").rpartition(":")[2])
    answers = asyncio.run(_thousand(port))
    statuses = Counter(code for code, _ in answers)
    assert sum(statuses.values()) == 1000
    assert set(statuses) <= {200, 201, 429, 503}, statuses
    assert statuses[200]
    started = [body["jobID"] for code, body in answers if code == 201]
    assert ask(f"{server.api}/jobs?limit=1")[1]["numberMatched"] == before + len(started)
    for job in started:
        command("stop", twin, job) if status(server, job) in ("accepted", "running") else None
    assert ask(f"{server.api}/conformance")[0] == 200


async def _thousand(port: int) -> list[tuple[int, dict[str, Any]]]:
    body = json.dumps({"inputs": QUICK})
    post = (
        f"POST /v1/processes/pluvial-flood/execution HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Prefer: respond-async\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"Connection: close\r\n\r\n{body}"
    )
    get = f"GET /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"

    async def one(number: int) -> tuple[int, dict[str, Any]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write((get if number % 50 else post).encode())
        raw = await reader.read()
        writer.close()
        head, _, content = raw.partition(b"\r\n\r\n")
        return int(head.split()[1]), json.loads(content)

    return await asyncio.gather(*(one(number) for number in range(1000)))


# -- the end -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_server_that_is_stopped_ends_in_order(tmp_path, sample_files, way):
    """Ctrl-C, SIGTERM and a closed terminal end it with code 0; its runs say that the server was stopped."""
    folder = make_sample_twin(tmp_path / "twin", sample_files)
    with morgen_serve(folder) as served:
        wait_for(lambda: ask(f"{served.api}/scene")[1]["state"] == "ready")
        computing, waiting = start(served, LONG), start(served, QUICK)
        wait_for(lambda: status(served, computing) == "running")
        served.process.send_signal(way)
        assert served.process.wait(20) == 0
        assert served.process.stderr
        assert served.process.stderr.read() == ""
    for job in (computing, waiting):
        run = morgen.open(folder).get_run(job).run
        assert (run.state, run.message) == (RunState.DISMISSED, STOPPED)
    with morgen_serve(folder) as again:
        assert status(again, computing) == "dismissed"


def test_a_server_that_is_killed_loses_its_runs_and_nothing_else(tmp_path, sample_files):
    """After kill -9 a new server starts at once; what was finished is there, the rest is failed, with a reason."""
    folder = make_sample_twin(tmp_path / "twin", sample_files)
    with morgen_serve(folder) as served:
        wait_for(lambda: ask(f"{served.api}/scene")[1]["state"] == "ready")
        done = start(served, QUICK)
        wait_for(lambda: status(served, done) == "successful")
        results = ask(f"{served.api}/jobs/{done}/results")[1]
        computing = start(served, LONG)
        wait_for(lambda: status(served, computing) == "running")
        os.kill(served.process.pid, signal.SIGKILL)
        served.process.wait()
    with morgen_serve(folder) as again:
        wait_for(lambda: ask(f"{again.api}/scene")[1]["state"] == "ready")
        wait_for(lambda: status(again, computing) == "failed")
        assert "ended before the run did" in ask(f"{again.api}/jobs/{computing}")[1]["message"]
        found = ask(f"{again.api}/jobs/{done}/results")[1]
        assert found["indicators"] == results["indicators"]
        next_one = start(again, QUICK)
        wait_for(lambda: status(again, next_one) == "successful")


def test_the_demo_ends_in_the_browser(tmp_path, sample_files):
    """`morgen demo` prints its answer and serves the sample; the address comes last."""
    make_sample_twin(tmp_path / "demo", sample_files)  # on coarser cells than the demo makes
    words = [MORGEN, "demo", "--out", tmp_path / "demo", "--port", "0"]
    environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as demo:
        try:
            assert demo.stdout
            printed = list(iter(demo.stdout.readline, "Ctrl-C stops it.\n"))
            assert "Water balance" in "".join(printed)
            jobs = ask(f"{printed[-1].split()[-1]}v1/jobs")[1]["jobs"]
            assert [job["status"] for job in jobs] == ["successful"]
            demo.send_signal(signal.SIGINT)
            assert demo.wait(20) == 0
        finally:
            demo.kill()
