"""A twin with layers and a run that were made by hand: small, exact, and with everything that is odd."""

import json
import time
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely

import morgen
from morgen.core.grid import Grid
from morgen.core.model import Result
from morgen.core.run import Manifest
from morgen.core.situation import Layer, LayerKind, Situation
from morgen.core.source import Role, Source, SourceStamp, SourceState
from morgen.services.gather import kept_file
from morgen.services.layers import LayerStore
from morgen.services.layout import Layout
from morgen.services.objects import ObjectStore
from morgen.services.outputs import OutputWriter
from morgen.services.runs import RunStore
from morgen.services.twin import Twin

WEST, SOUTH = 85_000.0, 447_000.0
TREES = 2_345
MARKUP = "<script>alert('x')</script>"
ODD_IDS = ("a/b", "a b?c#d&e", "é€", '"quoted"', "100%", "<b>bold</b>")

BUILDING_STAMP = SourceStamp(
    source=Source(
        id="bgt", title="BGT, made up", format="test", role=Role.TOPOGRAPHY, licence="CC0-1.0", attribution="BGT"
    ),
    state=SourceState.OK,
    sha256="ab" * 32,
    data_date="2026-01-31",
)


def wait_until_ready(client: Any) -> None:
    """Wait until the situation was read; a server answers before that, with 503."""
    deadline = time.monotonic() + 30
    while client.get("/v1/collections").status_code == 503 and time.monotonic() < deadline:
        time.sleep(0.02)


def trees() -> geopandas.GeoDataFrame:
    """More points than fit on two pages of 1,000, in no order of place."""
    corner = np.array([WEST, SOUTH])
    places = np.round(corner + np.random.default_rng(3).uniform(0, 1000, (TREES, 2)), 3)
    ids = [f"T{row:05}" for row in range(TREES)]
    return geopandas.GeoDataFrame(
        {"object_id": ids, "source_id": "bgt"}, geometry=shapely.points(places), crs="EPSG:28992"
    )


def land_cover() -> geopandas.GeoDataFrame:
    """Squares of 10 m in rows of 20, with ids that need escaping and markup in an attribute."""
    rows = np.arange(200)
    x, y = WEST + 10.0 * (rows % 20), SOUTH + 10.0 * (rows // 20)
    ids = [*ODD_IDS, *(f"L{row}" for row in rows[len(ODD_IDS) :])]
    return geopandas.GeoDataFrame(
        {
            "object_id": ids,
            "theme": np.array(["wegdeel", "waterdeel", "ondersteunend waterdeel", MARKUP])[rows % 4],
            "level": np.zeros(len(rows), dtype="int64"),
            "source_id": "bgt",
        },
        geometry=shapely.box(x, y, x + 10, y + 10),
        crs="EPSG:28992",
    )


def buildings() -> geopandas.GeoDataFrame:
    """Footprints with unknown years and heights, a solid beside them, and twice the same id."""
    rows = np.arange(30)
    x = WEST + 30.0 * rows
    footprints = [shapely.box(west, SOUTH, west + 8, SOUTH + 9) for west in x.tolist()]
    return geopandas.GeoDataFrame(
        {
            "object_id": [f"B{row - row % 2}" for row in rows],
            "bag_id": [f"{503100000000000 + row:016}" for row in rows],
            "construction_year": pd.array([None if row % 3 else 1900 + row for row in rows], dtype="Int64"),
            "height": np.where(rows % 5, rows / 10, np.nan).astype("float32"),
            "in_bag": rows % 2 == 0,
            "solid": [shapely.Point(1, 2, 3)] * len(rows),
            "solid_surfaces": [["roof"]] * len(rows),
            "source_id": "bgt",
        },
        geometry=footprints,
        crs="EPSG:28992",
    )


def make_twin(folder: Path) -> str:
    """Make the twin, as if it was gathered and had calculated once, and return the id of the run."""
    area = morgen.Area.from_bbox((WEST, SOUTH, WEST + 1000, SOUTH + 1000), name="Test & <co>")
    morgen.create(folder, area, cell_size=1.0)
    twin = Twin.open(folder)
    store = LayerStore(ObjectStore(Layout(folder).state))
    made = {"land_cover": land_cover(), "trees": trees(), "buildings": buildings()}
    layers = {name: _layer(name, store.write_features_layer(frame), len(frame)) for name, frame in made.items()}
    layers["decks"] = Layer(
        name="decks", kind=LayerKind.FEATURES, title="decks", problem="no linked source is used for topography"
    )
    situation = Situation(
        area=area, grid=Grid.covering(area.bounds, 1.0), layers=layers, date="2026-01-31", reader=store.read
    )
    kept = kept_file(twin.config, folder)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(situation.to_json()), encoding="utf-8")
    return _calculate(folder, situation)


def _layer(name: str, sha256: str, count: int) -> Layer:
    title = name.replace("_", " ").capitalize()
    return Layer(
        name=name, kind=LayerKind.FEATURES, title=title, sha256=sha256, count=count, stamps=(BUILDING_STAMP,)
    )


def _calculate(folder: Path, situation: Situation) -> str:
    """Write a successful run with one output of features, and one that goes on."""
    manifest = Manifest(
        model="pluvial-flood",
        version="1.0.0",
        parameters={},
        situation=situation.content_hash,
        inputs={"buildings": situation.layers["buildings"].sha256},
        sources={},
    )
    objects = ObjectStore(Layout(folder).state)
    with RunStore.open(folder) as store, objects.work_folder() as work:
        run = store.submit(manifest, situation.to_json())
        claim = store.claim("test", run_id=run.id)
        assert claim
        writer = OutputWriter(work)
        writer.write_features("buildings", flooded(), title="Buildings with water")
        writer.write_json("balance", {"rain": 1.0}, title="Balance")
        outputs = writer.store(objects)
        store.finish(run.id, claim.run.attempt, result=Result(indicators=()), outputs=outputs, warnings=())
    return run.id


def flooded() -> geopandas.GeoDataFrame:
    """The buildings as a flood model gives them back."""
    frame: Any = buildings()[["bag_id", "object_id", "geometry"]]
    return frame.assign(max_depth=np.float32(0.25), above_low=True)
