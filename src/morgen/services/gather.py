"""Gathering: from linked sources to a Situation, kept by what the sources looked like.

A second gather of unchanged sources reads the stored description and nothing else: whether a source changed is
told by its path, size and time of change; what it contained is told by the sha256 in its stamp.
"""

import json
from importlib.metadata import version
from pathlib import Path

from morgen.core.grid import Bounds, Grid
from morgen.core.noun import content_hash
from morgen.core.situation import Situation
from morgen.core.source import Role
from morgen.services.compose import compose_layers
from morgen.services.config import TwinConfig
from morgen.services.disk import replace_text
from morgen.services.layers import LayerStore
from morgen.services.layout import Layout
from morgen.services.progress import Progress, part_of
from morgen.services.reading import Sighting, look_at, take
from morgen.sources.contract import Recognised

__all__ = ["frame", "gather", "kept_file", "kept_situation"]

READING = 0.6
"""Share of the progress of a gathering that reading gets."""
HEIGHT_ROLES = (Role.TERRAIN, Role.SURFACE, Role.HEIGHT_POINTS)


def kept_situation(config: TwinConfig, folder: Path, store: LayerStore) -> Situation | None:
    """Return the situation that was gathered before, when no source and no setting changed since; else None."""
    path = kept_file(config, folder)
    if not path.exists():
        return None
    document = json.loads(path.read_text(encoding="utf-8"))
    return Situation.from_json(document, reader=store.read)


def gather(config: TwinConfig, folder: Path, store: LayerStore, *, progress: Progress) -> Situation:
    """Read the linked sources and return the situation of the twin in ``folder``.

    A source that fails leaves a failed stamp on the layers that it would have given; the others stay usable.
    """
    # Named before anything is read: a source that changes meanwhile is read again the next time.
    kept = kept_file(config, folder)
    progress(0.0, "recognising sources")
    sighting = look_at(config, folder)
    grid = frame(config, sighting)
    taken = take(sighting.recognised, grid, progress=part_of(progress, 0.0, READING))
    layers = compose_layers(
        taken,
        sighting.failures,
        grid=grid,
        store=store,
        progress=part_of(progress, READING, 1.0),
    )
    dates = [item.stamp.data_date for item in taken if item.stamp.data_date]
    situation = Situation(
        area=config.area, grid=grid, layers=layers, date=max(dates, default=""), reader=store.read
    )
    replace_text(kept, json.dumps(situation.to_json(), indent=1))
    progress(1.0, "gathered")
    return situation


def frame(config: TwinConfig, sighting: Sighting) -> Grid:
    """Return the grid: the area with a buffer around it, as far as there is terrain.

    Water that falls just outside the area can run into it; so the buffer is part of the calculation, and
    indicators count inside the area only.
    """
    xmin, ymin, xmax, ymax = config.area.bounds
    buffer = config.buffer
    box = (xmin - buffer, ymin - buffer, xmax + buffer, ymax + buffer)
    extents = [item.bounds for item in sighting.recognised if _gives_heights(item) and item.bounds]
    known = _intersection(box, _union(extents)) if extents else None
    return Grid.covering(known or config.area.bounds, config.cell_size)


def _gives_heights(item: Recognised) -> bool:
    return item.source.role in HEIGHT_ROLES


def _union(boxes: list[Bounds]) -> Bounds:
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _intersection(one: Bounds, other: Bounds) -> Bounds | None:
    box = max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
    return box if box[0] < box[2] and box[1] < box[3] else None


def kept_file(config: TwinConfig, folder: Path) -> Path:
    """Return where the situation of these settings and sources, as they look now, is kept or will be kept."""
    return Layout(folder).situations / f"{_key(config, folder)}.json"


def _key(config: TwinConfig, folder: Path) -> str:
    files = sorted(_signature(path) for linked in config.source_paths(folder) for path in _files(linked))
    return content_hash(
        {
            "morgen": version("morgen"),
            "area": config.area.to_json(),
            "cell_size": config.cell_size,
            "buffer": config.buffer,
            "sources": [source.to_json() for source in config.sources],
            "files": files,
        }
    )


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return [item for item in path.rglob("*") if item.is_file()]
    return [path]


def _signature(path: Path) -> list[object]:
    try:
        found = path.stat()
    except OSError:
        return [str(path), -1, -1]
    return [str(path), found.st_size, found.st_mtime_ns]
