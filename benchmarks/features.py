"""How fast features are served, beside pygeoapi on the same file, at the same moment.

Run ``python benchmarks/features.py [--pygeoapi-python PATH] [--features 200000] [--seconds 5]``. It makes a layer
of made-up buildings, serves it with one process of each program, and asks the two in turn for pages with wrk; it
prints requests per second, the median time of an answer, and how many times faster Morgen is. ``PATH`` is
the Python of an environment with pygeoapi 0.21, geopandas, s3fs, uvicorn and starlette; without it only Morgen is
measured. Nothing is installed, and everything stays on this machine.
"""

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import geopandas
import numpy as np
import shapely

import morgen
from morgen.core.grid import Grid
from morgen.core.situation import Layer, LayerKind, Situation
from morgen.services.gather import kept_file
from morgen.services.layers import LayerStore
from morgen.services.layout import Layout
from morgen.services.objects import ObjectStore
from morgen.services.twin import Twin

WEST, SOUTH, SIDE = 80_000.0, 440_000.0, 20_000.0
"""Corner and side of the square with buildings, m RD."""
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
BOX = "4.4,52.0,4.42,52.02"
"""Some 1,500 of 200,000 buildings."""
START_PATIENCE = 120.0
"""Seconds."""
FEWEST = 5
"""Answers that a figure needs."""


@dataclass(frozen=True)
class Question:
    """One page, asked again and again."""

    name: str
    query: str
    connections: int


QUESTIONS = (
    Question("limit=10", "limit=10", 8),
    Question("limit=1000 + bbox", f"limit=1000&bbox={BOX}", 8),
    Question("limit=10000", "limit=10000", 1),
    Question("limit=10, RD New", f"limit=10&crs={quote(RD)}", 8),
    Question("limit=1000 + bbox, RD New", f"limit=1000&bbox={BOX}&crs={quote(RD)}", 8),
    Question("limit=10000, RD New", f"limit=10000&crs={quote(RD)}", 1),
)


@dataclass(frozen=True)
class Speed:
    """What wrk measured."""

    per_second: float
    milliseconds: float
    """Median."""
    size: int
    """Bytes of one answer."""


def made_up_buildings(count: int) -> geopandas.GeoDataFrame:
    """Return buildings with five corners and the columns of bounds that pygeoapi filters boxes with."""
    random = np.random.default_rng(1)
    middles = random.uniform((WEST, SOUTH), (WEST + SIDE, SOUTH + SIDE), (count, 2))
    angles, sizes = random.uniform(0, np.pi, count), random.uniform(5, 15, (count, 1, 2))
    corners = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (0.0, 0.8), (-0.5, 0.5)])[None] * sizes
    turn = np.stack([np.cos(angles), -np.sin(angles), np.sin(angles), np.cos(angles)], axis=1).reshape(-1, 2, 2)
    shapes = shapely.polygons(np.einsum("nij,nkj->nki", turn, corners) + middles[:, None])
    bounds = dict(zip(("xmin", "ymin", "xmax", "ymax"), shapely.bounds(shapes).T, strict=True))
    return geopandas.GeoDataFrame(
        {
            "object_id": [f"G{row:07}" for row in range(count)],
            "status": "Pand in gebruik",
            "height": random.uniform(3, 20, count).round(2),
            "construction_year": random.integers(1900, 2026, count),
            **bounds,
        },
        geometry=shapes,
        crs="EPSG:28992",
    )


def make_twin(folder: Path, count: int) -> Path:
    """Make a twin whose situation has those buildings, and return the file of the layer."""
    area = morgen.Area.from_bbox((WEST, SOUTH, WEST + 1000, SOUTH + 1000), name="benchmark")
    morgen.create(folder, area, cell_size=1.0)
    objects = ObjectStore(Layout(folder).state)
    sha256 = LayerStore(objects).write_features_layer(made_up_buildings(count))
    layer = Layer(name="buildings", kind=LayerKind.FEATURES, title="Buildings", sha256=sha256, count=count)
    situation = Situation(area=area, grid=Grid.covering(area.bounds, 1.0), layers={"buildings": layer})
    kept = kept_file(Twin.open(folder).config, folder)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(situation.to_json()), encoding="utf-8")
    return objects.path(sha256)


MORGEN = """
import sys, uvicorn
from morgen.faces.http.app import create_app
uvicorn.run(create_app(sys.argv[1]), port=int(sys.argv[2]), log_level="warning", access_log=False)
"""
PYGEOAPI = """
import sys, uvicorn
from pygeoapi.starlette_app import APP
uvicorn.run(APP, port=int(sys.argv[1]), log_level="warning", access_log=False)
"""


@contextmanager
def serving(command: list[str], url: str, environment: Mapping[str, str]) -> Iterator[None]:
    """Run a server until the block ends, which begins when the server answers."""
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        deadline = time.monotonic() + START_PATIENCE
        while not answers(url):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the server does not answer at {url}")
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait()


def answers(url: str) -> bool:
    """Whether something is there."""
    try:
        with urllib.request.urlopen(url) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004
    except (urllib.error.URLError, ConnectionError):
        return False


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def pygeoapi_files(folder: Path, layer: Path, port: int, python: str) -> dict[str, str]:
    """Write the settings of pygeoapi and let it make its OpenAPI file; return the environment that names them."""
    geoparquet = folder / "buildings.parquet"
    geoparquet.symlink_to(layer)
    provider = {
        "type": "feature",
        "name": "Parquet",
        "data": {"source": str(geoparquet)},
        "id_field": "object_id",
        "x_field": ["xmin", "xmax"],
        "y_field": ["ymin", "ymax"],
        "storage_crs": RD,
        "crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84", RD],
    }
    resource = {
        "type": "collection",
        "title": "Buildings",
        "description": "Buildings",
        "keywords": ["buildings"],
        "links": [],
        "extents": {"spatial": {"bbox": [3, 50, 8, 54], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
        "providers": [provider],
    }
    words = {"title": "b", "description": "b", "keywords": ["b"], "terms_of_service": "b", "url": "http://b"}
    settings = {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": f"http://127.0.0.1:{port}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "language": "en-US",
            "limits": {"default_items": 10, "max_items": 10_000},
            "map": {"url": "http://b", "attribution": "b"},
        },
        "logging": {"level": "CRITICAL"},
        "metadata": {
            "identification": words,
            "license": {"name": "b", "url": "http://b"},
            "provider": {"name": "b", "url": "http://b"},
            "contact": {"name": "b", "email": "b@example.org"},
        },
        "resources": {"buildings": resource},
    }
    config, openapi = folder / "pygeoapi.yml", folder / "openapi.yml"
    config.write_text(json.dumps(settings), encoding="utf-8")  # JSON is YAML
    environment = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
    make = [
        str(Path(python).parent / "pygeoapi"),
        "openapi",
        "generate",
        str(config),
        "--output-file",
        str(openapi),
    ]
    subprocess.run(make, check=True, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    return environment


def measure(url: str, question: Question, seconds: int) -> Speed:
    """Ask one page for some seconds, after once to warm up; a very slow one only a few times, one by one."""
    address = f"{url}/items?f=json&{question.query}"
    fetch(address)
    took, size = fetch(address)
    if took * question.connections > seconds / FEWEST:
        median = statistics.median(fetch(address)[0] for _ in range(FEWEST))
        return Speed(1 / median, median * 1000, size)
    command = [
        "wrk",
        "--latency",
        "-t1",
        f"-c{question.connections}",
        f"-d{seconds}s",
        "--timeout",
        "30s",
        address,
    ]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in told:
        raise SystemExit(f"{address} fails:\n{told}")
    per_second = float(re.findall(r"Requests/sec:\s+([\d.]+)", told)[0])
    value, unit = re.findall(r"50%\s+([\d.]+)(us|ms|s)", told)[0]
    return Speed(per_second, float(value) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit], size)


def fetch(address: str) -> tuple[float, int]:
    """Fetch a page once; return how long that took (s), and its size in bytes."""
    started = time.perf_counter()
    with urllib.request.urlopen(address) as answer:
        size = len(answer.read())
    return time.perf_counter() - started, size


@contextmanager
def morgen_serving(folder: Path) -> Iterator[str]:
    """Serve the twin with Morgen, give the address, and print how long the first page took."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/v1/collections/buildings"
    with serving([sys.executable, "-c", MORGEN, str(folder), str(port)], url, {}):
        took, _ = fetch(f"{url}/items")
        print(f"first page, with the layer made ready: {took:.1f} s")
        yield url


@contextmanager
def pygeoapi_serving(folder: Path, layer: Path, python: str) -> Iterator[str]:
    """Serve the same file with pygeoapi and give the address."""
    port = free_port()
    environment = pygeoapi_files(folder, layer, port, python)
    with serving([python, "-c", PYGEOAPI, str(port)], f"http://127.0.0.1:{port}/conformance", environment):
        yield f"http://127.0.0.1:{port}/collections/buildings"


def report(name: str, question: Question, speed: Speed) -> None:
    """Print a figure."""
    print(
        f"{question.name:26} {name:9} {question.connections} connection(s): {speed.per_second:8.1f} requests/s,"
        f" median {speed.milliseconds:8.1f} ms, {speed.size / 1000:6.0f} kB; load {os.getloadavg()[0]:.1f}"
    )


def compare(urls: Mapping[str, str], seconds: int) -> None:
    """Ask every question of every program, the programs in turn, and print how many times faster the first is."""
    for question in QUESTIONS:
        speeds = {name: measure(url, question, seconds) for name, url in urls.items()}
        for name, speed in speeds.items():
            report(name, question, speed)
        first, *others = speeds.values()
        for other in others:
            print(f"{question.name:26} {first.per_second / other.per_second:.0f} times as fast")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description="Measure how fast features are served.")
    parser.add_argument("--pygeoapi-python", default="", help="Python of an environment with pygeoapi 0.21")
    parser.add_argument("--features", type=int, default=200_000)
    parser.add_argument("--seconds", type=int, default=5, help="how long each page is asked for")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("this benchmark needs wrk (Debian: wrk)")
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as servers:
        twin = Path(scratch) / "twin"
        layer = make_twin(twin, options.features)
        urls = {"Morgen": servers.enter_context(morgen_serving(twin))}
        if options.pygeoapi_python:
            other = pygeoapi_serving(Path(scratch), layer, options.pygeoapi_python)
            urls["pygeoapi"] = servers.enter_context(other)
        compare(urls, options.seconds)


if __name__ == "__main__":
    main()
