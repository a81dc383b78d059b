"""How fast 3,000 buildings become 3D Tiles, beside what the machine allows at the same moment.

Run ``python benchmarks/tiles.py [--buildings 3000] [--repeats 5]``. The buildings of the sample neighbourhood are
repeated side by side over a square. It prints the median and the best time of whole calls of ``building_tiles``,
the size of the tiles (and under gzip), and three limits: reading the same buildings from their GeoParquet file,
triangulating their surfaces one by one with earcut and nothing else, and copying as many bytes.
"""

import argparse
import gzip
import math
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import mapbox_earcut
import numpy as np
import shapely

from morgen.core.grid import Grid
from morgen.core.situation import Situation
from morgen.faces.tiles import BuildingTiles, TilesetFrame, building_tiles, tileset
from morgen.services.area_file import read_area
from morgen.services.twin import Twin
from morgen.sources.sample import write_sample

SPACING = 300.0
"""m between copies; the sample is a square of this size."""
COPY_BYTES = 200_000_000


def sample(folder: Path) -> Situation:
    """Gather the sample neighbourhood."""
    write_sample(folder / "sources")
    twin = Twin.create(folder / "twin", read_area(folder / "sources" / "area.geojson"), cell_size=2.0)
    twin.add(folder / "sources")
    return twin.situation()


def repeated(base: Situation, count: int) -> Situation:
    """Return ``base`` with its buildings repeated over a square until there are ``count``."""
    import pandas as pd

    buildings = base.features("buildings")
    edge = math.ceil(math.sqrt(count / len(buildings)))
    copies = [
        _moved(buildings, (SPACING * column, SPACING * row), f"{column}-{row}")
        for row in range(edge)
        for column in range(edge)
    ]
    town: Any = pd.concat(copies, ignore_index=True).iloc[:count]
    west, south, *_ = base.grid.bounds
    grid = Grid.covering((west, south, west + edge * SPACING, south + edge * SPACING), 2.0)
    layers = {"buildings": base.layers["buildings"]}
    return replace(base, grid=grid, layers=layers, reader=lambda _layer, _grid: town)


def _moved(buildings: Any, shift: tuple[float, float], name: str) -> Any:
    step = np.array([*shift, 0.0])
    return buildings.assign(
        object_id=buildings["object_id"] + f"-{name}",
        geometry=buildings.geometry.translate(*shift),
        solid=list(shapely.transform(buildings["solid"].to_numpy(), lambda points: points + step, include_z=True)),
    )


def timed(work: Callable[[], Any], repeats: int) -> tuple[float, float]:
    """Return the median and the best wall time, s."""
    found = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return statistics.median(found), min(found)


def report(what: str, times: tuple[float, float], *, tiling: float) -> None:
    """Print a limit, and how many times as long tiling takes."""
    median, best = times
    print(f"{what:<58}{median:8.3f} s, best {best:.3f} s; tiling takes {tiling / median:.1f} times as long")


def earcut_only(situation: Situation) -> Callable[[], None]:
    """Return the work of triangulating every surface, flattened beforehand to the plane that it faces most."""
    polygons = shapely.get_parts(situation.features("buildings")["solid"].to_numpy())
    rings = []
    for polygon in polygons:
        points = shapely.get_coordinates(polygon, include_z=True)[:-1]
        middle = points - points.mean(axis=0)
        facing = int(np.abs(np.cross(middle, np.roll(middle, -1, axis=0)).sum(axis=0)).argmax())
        rings.append(np.ascontiguousarray(np.delete(middle, facing, axis=1)))
    lengths = [np.array([len(ring)], dtype=np.uint32) for ring in rings]

    def work() -> None:
        for ring, length in zip(rings, lengths, strict=True):
            mapbox_earcut.triangulate_float64(ring, length)

    return work


def reading(situation: Situation, folder: Path) -> Callable[[], Any]:
    """Return the work of reading the same buildings from a file."""
    from morgen.services._geoparquet import read_features, write_features

    path = folder / "buildings.parquet"
    write_features(path, situation.features("buildings"))
    return lambda: read_features(path)


def describe(tiles: BuildingTiles) -> None:
    """Print how large the tiles are."""
    sizes = [len(tile.glb) for tile in tiles.tiles]
    squeezed = sum(len(gzip.compress(tile.glb, 6)) for tile in tiles.tiles)
    tables = sum(len(tileset(tiles, frame)) for frame in TilesetFrame)
    print(
        f"{len(sizes)} tiles, {sum(sizes) / 1e6:.2f} MB, {squeezed / 1e6:.2f} MB under gzip, largest"
        f" {max(sizes) / 1e6:.2f} MB; both tilesets {tables / 1e3:.1f} kB"
    )


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description="Measure how fast buildings become 3D Tiles.")
    parser.add_argument("--buildings", type=int, default=3000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        town = repeated(sample(folder), options.buildings)
        tiles = building_tiles(town)
        surfaces = shapely.get_num_geometries(town.features("buildings")["solid"].to_numpy()).sum()
        median, best = timed(lambda: building_tiles(town), options.repeats)
        print(
            f"{options.buildings} buildings, {surfaces} surfaces: median {median:.3f} s, best {best:.3f} s,"
            f" {options.buildings / median:.0f} buildings/s, bar 5 s{'' if median <= 5 else '   MISSED'}"  # noqa: PLR2004
        )
        describe(tiles)
        placing = timed(lambda: [tileset(tiles, frame) for frame in TilesetFrame], options.repeats)
        report("both tilesets, with a fit to the ellipsoid per tile", placing, tiling=median)
        report(
            "reading the buildings from GeoParquet", timed(reading(town, folder), options.repeats), tiling=median
        )
        report(
            "earcut of every surface and nothing else", timed(earcut_only(town), options.repeats), tiling=median
        )
        source = bytearray(COPY_BYTES)
        copied, _ = timed(lambda: bytes(source), options.repeats)
        total = sum(len(tile.glb) for tile in tiles.tiles)
        speed = f"{COPY_BYTES / copied / 1e9:8.1f} GB/s; tiling writes {total / median / 1e6:.1f} MB/s"
        print(f"{'copying in memory':<58}{speed}")


if __name__ == "__main__":
    main()
