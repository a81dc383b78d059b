"""A small twin, and a package of models that came from elsewhere, as the tests of runs need them."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from morgen.core.area import Area
from morgen.core.grid import Grid
from morgen.core.run import Manifest
from morgen.core.situation import Layer, LayerKind, Situation
from morgen.services.layers import LayerStore
from morgen.services.layout import Layout
from morgen.services.objects import ObjectStore

GRID = Grid(xmin=155_000, ymax=463_030, cell_size=1, rows=30, columns=20)

MODELS = """
import os, signal, time
from pathlib import Path
from typing import Annotated
import numpy as np
from pydantic import Field
from morgen.core.errors import UnstableError
from morgen.core.indicator import Indicator
from morgen.core.model import Card, Interface, Result
from morgen.models.contract import model

card = Card(**dict.fromkeys(Card.model_fields, "for tests"))
interface = Interface(id="test/1", needs=("terrain",), outputs=(), indicators=())
Seconds = Annotated[float, Field(ge=0, description="how long it takes, s")]
Marker = Annotated[str, Field(description="path of a file in which each attempt writes a line")]

def declare(id):
    return model(id=id, version="1.0", interface=interface, card=card)

def indicator(value):
    return Indicator(id="mean", title="Mean", value=value, unit="m", meaning="mean terrain", does_not_show="much")

@declare("steady")
def steady(situation, factor: Annotated[float, Field(description="factor")] = 2.0, *, run):
    terrain = situation.raster("terrain")
    grid = situation.grid
    depth = np.abs(terrain.values) * np.float32(factor)
    run.progress(0.5, "halfway")
    run.warn("the terrain is made up")
    run.computed_on(run.device)
    run.write_raster("max_depth", depth, grid=grid, unit="m", title="Greatest depth")
    series = run.write_series("depth", 3, grid=grid, unit="m", title="Depth")
    for step in range(3):
        series.append(60.0 * step, depth * step)
    run.write_features("places", situation.features("land_cover"), title="Places")
    run.write_json("summary", {"factor": factor}, title="Summary")
    return Result(indicators=(indicator(float(np.nanmean(depth))),), balance={"error": 0.0})

@declare("slow")
def slow(situation, seconds: Seconds = 60.0, *, run):
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        run.progress((time.monotonic() - start) / seconds, "still going")
        time.sleep(0.02)
    return Result(indicators=())

@declare("deaf")
def deaf(situation, marker: Marker = "", *, run):
    run.progress(0.1, "from here on I hear nothing")
    Path(marker).write_text(str(os.getpid()))
    time.sleep(60)
    return Result(indicators=())

@declare("mortal")
def mortal(situation, marker: Marker = "", times: Annotated[int, Field(description="deaths")] = 1, *, run):
    with Path(marker).open("a") as file:
        file.write(f"{os.getpid()}\\n")
    if len(Path(marker).read_text().splitlines()) <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return Result(indicators=())

@declare("broken")
def broken(situation, *, run):
    print("a remark of the model")
    run.write_json("half", {}, title="Half of the work")
    return 1 / 0

@declare("unstable")
def unstable(situation, *, run):
    run.warn("it started to shake")
    raise UnstableError("depth is 99 m at x 1, y 2 after 3 s; take a smaller step")

@declare("greedy")
def greedy(situation, *, run):
    series = run.write_series("noise", 50, grid=situation.grid, unit="m", title="Noise")
    random = np.random.default_rng(0)
    for step in range(50):
        series.append(step, random.random(situation.grid.shape, dtype=np.float32) * 60)
    for copy in range(200):
        run.write_raster(f"copy-{copy}", random.random((30, 20)), grid=situation.grid, unit="m", title="Copy")
        run.write_json(f"text-{copy}", random.bytes(20_000).hex(), title="Text")
    return Result(indicators=())

@declare("not-a-number")
def not_a_number(situation, *, run):
    return Result(indicators=(indicator(float("nan")),))
"""

_IDS = ("steady", "slow", "deaf", "mortal", "broken", "unstable", "greedy", "not-a-number")


def install_models(folder: Path) -> Path:
    """Lay down a package as an installer would: code, and entry points in its metadata."""
    info = folder / "strange_models-0.1.dist-info"
    info.mkdir(parents=True)
    (folder / "strange_models.py").write_text(MODELS)
    entries = "".join(f"{name} = strange_models:{name.replace('-', '_')}\n" for name in _IDS)
    (info / "entry_points.txt").write_text(f"[morgen.models]\n{entries}")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: strange-models\nVersion: 0.1\n")
    return folder


def make_situation(folder: Path) -> Situation:
    """Store a terrain and a land cover in a twin folder and describe them."""
    layers = LayerStore(ObjectStore(Layout(folder).state))
    terrain = np.linspace(0, 3, GRID.rows * GRID.columns, dtype=np.float32).reshape(GRID.shape)
    terrain[0, 0] = np.nan
    cover = geopandas.GeoDataFrame(
        {"theme": ["wegdeel", "waterdeel"]},
        geometry=[
            shapely.box(155_000, 463_000, 155_010, 463_030),
            shapely.box(155_010, 463_000, 155_020, 463_030),
        ],
        crs="EPSG:28992",
    )
    raster = layers.write_raster_layer(terrain, GRID)
    features = layers.write_features_layer(cover)
    described = {
        "terrain": Layer(name="terrain", kind=LayerKind.RASTER, title="Terrain", unit="m NAP", sha256=raster),
        "land_cover": Layer(name="land_cover", kind=LayerKind.FEATURES, title="Land cover", sha256=features),
    }
    area = Area.from_bbox(GRID.bounds, name="Proef")
    return Situation(area=area, grid=GRID, layers=described, reader=layers.read)


def make_manifest(situation: Situation, model: str, **parameters: object) -> Manifest:
    """Say what a run is made of."""
    return Manifest(
        model=model,
        version="1.0",
        parameters=parameters,
        situation=situation.content_hash,
        inputs={name: layer.sha256 for name, layer in situation.layers.items()},
        sources={},
    )


@contextmanager
def mounted(folder: Path, *, megabytes: int) -> Iterator[Path]:
    """Mount a real disk of so many megabytes; skips the test where mounting is not allowed."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
