"""The water of a run as a layer: what one model found, another may use."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from morgen.core.errors import InputError
from morgen.core.run import RunState
from morgen.core.situation import Layer, LayerKind, Situation
from morgen.core.source import Source, SourceStamp, SourceState
from morgen.services.layers import LayerStore
from morgen.services.result import RunResult

__all__ = ["FLOOD_LAYER", "with_water"]

FLOOD_LAYER = "flood_depth"
OUTPUT = "max_depth"


def with_water(situation: Situation, result: RunResult, layers: LayerStore) -> Situation:
    """Return the situation with the layer ``flood_depth``: the largest depth of a run, m; NaN under buildings.

    Raises ``InputError`` when the run has not ended well, gives no ``max_depth``, or is on another grid.
    """
    if result.state is not RunState.SUCCESSFUL:
        raise InputError(f"run {result.id} is {result.state}, so its water is not known; name one that succeeded")
    if OUTPUT not in result.outputs:
        raise InputError(
            f"run {result.id} of {result.run.manifest.model} gives no {OUTPUT!r}; name a run of a flood model"
        )
    if result.situation.grid != situation.grid:
        there, here = result.situation.grid, situation.grid
        raise InputError(
            f"run {result.id} has {there.rows} x {there.columns} cells of {there.cell_size:g} m, but the twin"
            f" now has {here.rows} x {here.columns} of {here.cell_size:g} m; run the flood model again"
        )
    values = np.asarray(result.output(OUTPUT).to_xarray().values, dtype=np.float32)
    made = next(item for item in result.run.outputs if item.name == OUTPUT)
    source = Source(id=f"run {result.id}", title=f"Largest depth of run {result.id}", format="run", role=None)
    stamp = SourceStamp(
        source=source,
        state=SourceState.OK,
        fetched_at=datetime.now(UTC),
        sha256=made.sha256,
        count=int(np.isfinite(values).sum()),
        crs="EPSG:28992",
        bounds=situation.grid.bounds,
    )
    layer = Layer(
        name=FLOOD_LAYER,
        kind=LayerKind.RASTER,
        title="Largest water depth of a storm",
        unit="m",
        sha256=layers.write_raster_layer(values, situation.grid),
        count=stamp.count,
        stamps=(stamp,),
    )
    return replace(situation, layers={**situation.layers, FLOOD_LAYER: layer})
