"""Situations and runs made for tests: real layers and real stored outputs, without a model."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import geopandas
import numpy as np

from morgen.core.run import Manifest, Output, Run, RunState
from morgen.core.situation import Layer, LayerKind, Raster
from morgen.services.outputs import OutputWriter
from morgen.services.result import RunResult
from morgen.testing.situations import ORIGIN

SUFFIX = {"raster": ".tif", "series": ".zarr", "features": ".parquet", "json": ".json"}


def with_layers(situation, *, surface=None, trees=None):
    """Add a surface raster (m NAP) and trees, at (x, y) metres from the south-west corner, to a situation."""
    contents = {}
    if surface is not None:
        contents["surface"] = Raster(situation.grid, np.asarray(surface, dtype=np.float32))
    if trees is not None:
        points = geopandas.points_from_xy(*(np.reshape(trees, (-1, 2)) + ORIGIN).T)
        contents["trees"] = geopandas.GeoDataFrame({"object_id": range(len(points))}, geometry=points, crs=28992)
    kinds = {"surface": LayerKind.RASTER, "trees": LayerKind.FEATURES}
    added = {name: Layer(name=name, kind=kinds[name], title=name, sha256=name) for name in contents}
    before = situation.reader
    return replace(
        situation,
        layers={**situation.layers, **added},
        reader=lambda layer, grid: contents[layer.name] if layer.name in contents else before(layer, grid),
    )


def stored_run(folder, situation, *, depths=None, times=None, rasters=(), features=(), documents=()):
    """Store outputs as a model does, and return them as an ended run.

    ``depths`` has shape (times, rows, columns), m; the others map a name to what is written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    writer, grid = OutputWriter(folder), situation.grid
    kinds = {}
    if depths is not None:
        moments = [300.0 * step for step in range(len(depths))] if times is None else times
        series: Any = writer.write_series("depth", len(depths), grid=grid, unit="m", title="Water depth")
        for moment, values in zip(moments, depths, strict=True):
            series.append(moment, np.asarray(values, dtype=np.float32))
        series.close()
        kinds["depth"] = "series"
    for name, values in dict(rasters).items():
        writer.write_raster(name, np.asarray(values, dtype=np.float32), grid=grid, unit="m", title=name)
        kinds[name] = "raster"
    for name, frame in dict(features).items():
        writer.write_features(name, frame, title=name)
        kinds[name] = "features"
    for name, document in dict(documents).items():
        writer.write_json(name, document, title=name)
        kinds[name] = "json"
    outputs = tuple(
        Output(name=name, kind=kind, title=name, filename=name + SUFFIX[kind], sha256="0" * 64, size=1)
        for name, kind in kinds.items()
    )
    return RunResult(_row(situation, outputs), folder, lambda: situation)


def _row(situation, outputs):
    manifest = Manifest(
        model="test", version="1", parameters={}, situation=situation.content_hash, inputs={}, sources={}
    )
    return Run(
        id="20260101-000000-test",
        manifest=manifest,
        state=RunState.SUCCESSFUL,
        progress=1.0,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        outputs=outputs,
    )
