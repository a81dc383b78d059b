"""A situation that is read once, for work that asks for its layers again and again."""

from dataclasses import replace
from typing import Any

import numpy as np

from morgen.core.grid import Grid
from morgen.core.situation import Layer, Raster, Situation

__all__ = ["in_memory"]


def in_memory(situation: Situation) -> Situation:
    """Return the situation with a reader that keeps what it read, and gives copies of it."""
    kept: dict[tuple[str, str], Any] = {}
    before = situation.reader

    def read(layer: Layer, grid: Grid) -> Any:
        key = layer.name, layer.sha256
        if key not in kept:
            assert before is not None
            kept[key] = before(layer, grid)
        found = kept[key]
        return (
            Raster(grid=found.grid, values=np.array(found.values)) if isinstance(found, Raster) else found.copy()
        )

    return replace(situation, reader=read)
