"""Running servers for tests: in this process, and as the command that a user gives."""

import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import uvicorn

from morgen.faces.http.app import create_app
from morgen.faces.http.guards import Guards

MORGEN = Path(sys.executable).with_name("morgen")


@contextmanager
def served_in_thread(twin: Path) -> Iterator[str]:
    """Serve a twin on a free port, and give its address."""
    config = uvicorn.Config(create_app(twin, guards=Guards(writes_per_minute=10_000)), port=0, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        address = f"http://127.0.0.1:{port}/"
        while ask(f"{address}v1/scene")[1]["state"] == "gathering":
            time.sleep(0.05)
        yield address
    finally:
        server.should_exit = True
        thread.join()


@dataclass(frozen=True)
class Served:
    """A ``morgen serve`` that runs."""

    process: "subprocess.Popen[str]"
    address: str

    @property
    def api(self) -> str:
        """Where the API begins."""
        return f"{self.address}v1"


@contextmanager
def morgen_serve(twin: Path, *options: str) -> Iterator[Served]:
    """Give the command, wait until it answers, and end it at last."""
    command = [str(MORGEN), "serve", str(twin), "--no-open", "--json", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        told = "".join(iter(process.stdout.readline, "}\n"))
        try:
            yield Served(process, json.loads(told + "}")["address"])
        finally:
            process.terminate()


def ask(address: str, *, method: str = "GET", body: Any = None, **headers: str) -> tuple[int, Any]:
    """Ask for a JSON document; give the status and the document."""
    data = None if body is None else json.dumps(body).encode()
    if data:
        headers = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(address, data=data, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)
