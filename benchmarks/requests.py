"""How many requests a server answers: the status of a run, a list of runs, the landing page, a page of features.

    python benchmarks/requests.py [DIR] [--seconds 5] [--connections 8]

Without DIR a twin of the sample with one run is made. The client is a process of its own on the same machine. The
second figure is per second of processor time of the server, which other work on the machine changes less.
"""

import argparse
import asyncio
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import psutil

import morgen
from morgen.services.area_file import read_area
from morgen.sources.sample import write_sample

MORGEN = str(Path(sys.executable).with_name("morgen"))


def sample_twin(folder: Path) -> Path:
    write_sample(folder / "sources")
    twin = morgen.create(folder / "twin", read_area(folder / "sources" / "area.geojson"), cell_size=2)
    twin.add(folder / "sources")
    return twin.folder


def get(address: str) -> dict[str, object]:
    with urllib.request.urlopen(address) as answer:
        return dict(json.load(answer))


async def ask(port: int, path: str, until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\n\r\n".encode()
    answered = 0
    with closing(writer):
        while time.perf_counter() < until:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
            await reader.readexactly(int(length.split(b":")[1]))
            answered += 1
    return answered


def load(port: int, path: str, seconds: float, connections: int) -> float:
    async def all_of_them() -> int:
        until = time.perf_counter() + seconds
        return sum(await asyncio.gather(*(ask(port, path, until) for _ in range(connections))))

    return asyncio.run(all_of_them()) / seconds


def measure(twin: Path, *, seconds: float, connections: int) -> None:
    if not (runs := morgen.open(twin).runs()):
        runs = [morgen.open(twin).run("pluvial-flood", rain=40, duration=0.5)]
    command = [MORGEN, "serve", str(twin), "--port", "0", "--no-open", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        root = json.loads("".join(iter(server.stdout.readline, "}\n")) + "}")["address"]
        while get(f"{root}v1/scene")["state"] != "ready":
            time.sleep(0.05)
        port = int(root.rstrip("/").rpartition(":")[2])
        for path in (
            f"/v1/jobs/{runs[0].id}",
            "/v1/jobs?limit=10",
            "/v1",
            "/v1/collections/buildings/items?limit=10",
        ):
            get(f"{root.rstrip('/')}{path}")
            used = psutil.Process(server.pid).cpu_times().user
            with multiprocessing.get_context("spawn").Pool(1) as client:
                rate = client.apply(load, (port, path, seconds, connections))
            used = psutil.Process(server.pid).cpu_times().user - used
            print(f"{rate:7.0f} /s, {rate * seconds / used:7.0f} per processor second  {path}", flush=True)
        server.terminate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("twin", nargs="?", type=Path)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        twin = options.twin or sample_twin(Path(scratch))
        measure(twin, seconds=options.seconds, connections=options.connections)


if __name__ == "__main__":
    main()
