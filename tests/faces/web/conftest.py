"""A served sample with one finished run, and the browser and Node that look at it."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import shapely
from tests.faces.web.twins import make_twin, serving
from tests.programs import node_with, unavailable

from morgen.core.situation import Situation
from morgen.faces.http.viewer import STATIC

REPOSITORY = Path(__file__).resolve().parents[3]
WEB = REPOSITORY / "web"
SCENARIOS = WEB / "tests" / "browser" / "run.mjs"
ROOM = 14
"""What lies around a free place, m."""
LONGEST = 280
"""Seconds that one scenario may take; pages with 3D in software are slow."""


@dataclass(frozen=True)
class Visited:
    """What a walk through the viewer found."""

    held: tuple[str, ...]
    failed: tuple[str, ...]


@dataclass(frozen=True)
class ServedSample:
    """A twin that ``morgen serve`` shows."""

    address: str
    run: str
    building: dict[str, str]
    """Item id and BAG id of the building with the deepest water."""
    free: tuple[float, float, float]
    """A place with nothing on it within 14 m: x, y in RD New and m NAP."""


@pytest.fixture(scope="session")
def node() -> str:
    """Return the path of Node, with the tools of the viewer installed."""
    return node_with("playwright-core")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of Chromium, or what CHROMIUM says."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if found is None:
        unavailable("chromium was not found; install it, or set CHROMIUM to where it is")
    return found


@pytest.fixture(scope="session")
def visit(node: str, chromium: str) -> Callable[..., Visited]:
    """Return a function that walks through a scenario of ``web/tests/browser`` at an address."""
    if not (STATIC / "index.html").is_file():
        unavailable("the viewer is not built; run `sh setup.sh dev`")

    def walk(scenario: str, address: str, **facts: Any) -> Visited:
        done = subprocess.run(
            [node, str(SCENARIOS), scenario, address, json.dumps(facts)],
            env={**os.environ, "CHROMIUM": chromium},
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        return Visited(tuple(found["held"]), tuple(found["failed"]))

    return walk


def _free_place(situation: Situation) -> tuple[float, float, float]:
    covers = situation.features("land_cover")
    taken = [situation.features("buildings").geometry, covers[covers["theme"] == "waterdeel"].geometry]
    middle = situation.area.polygon.centroid
    xmin, ymin, xmax, ymax = situation.area.polygon.buffer(-ROOM).bounds
    grid = [shapely.Point(x, y) for x in range(int(xmin), int(xmax), 5) for y in range(int(ymin), int(ymax), 5)]
    free = next(
        place
        for place in sorted(grid, key=middle.distance)
        if not any(shapes.intersects(place.buffer(ROOM)).any() for shapes in taken)
    )
    cells = situation.grid
    row, column = int((cells.ymax - free.y) / cells.cell_size), int((free.x - cells.xmin) / cells.cell_size)
    return free.x, free.y, float(situation.raster("terrain").values[row, column])


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, sample_files: Path) -> Iterator[ServedSample]:
    """Return the served sample with one finished run of 70 mm in one hour."""
    folder = tmp_path_factory.mktemp("viewer") / "twin"
    twin = make_twin(folder, sample_files)
    result = twin.run("pluvial-flood", rain=70, duration=1)
    free = _free_place(twin.situation())
    buildings = result.buildings.to_geopandas()
    deepest = buildings.loc[buildings["max_depth"].idxmax()]
    building = {"id": str(deepest["object_id"]), "bagId": str(deepest["bag_id"])}
    with serving(folder) as address:
        yield ServedSample(address=address, run=result.id, building=building, free=free)
