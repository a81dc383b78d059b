"""How the time of a storm grows with cells, threads and hours, beside peers that are installed, as a picture.

``python -m benchmarks.flood_scaling [--out docs/images] [--itzi PYTHON]`` writes ``flood-scaling.png`` and prints
what is in it. The ground is the centre of Newcastle at 2 m, repeated and cut to size (made-up ground without it);
rain is 70 mm/h for as long as is simulated. ``--itzi`` is the Python of an environment with itzi-core.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from benchmarks.flood_engine import town

from morgen.models.flood.simulation import simulate

SIDES = (64, 128, 256, 512, 1024, 2048)
"""Cells along a side."""
SECONDS = (150.0, 300.0, 600.0, 1200.0, 2400.0)
PEER_SIDES = (64, 128, 256)
SHORT = 120.0
"""s that every size is simulated."""


def ground(side: int) -> npt.NDArray[Any]:
    """Return ground of ``side`` by ``side`` cells."""
    part = town()
    times = [-(-side // size) for size in part.shape]
    return np.tile(part, times)[:side, :side]


def seconds(terrain: npt.NDArray[Any], *, until: float, threads: int, repeats: int = 3) -> tuple[float, float]:
    """Return the median wall time (s) of a storm, and its million cell-updates per second."""
    floods = [
        simulate(terrain, cell_size=2.0, rain=[(0, 70.0)], until=until, output_every=until, threads=threads)
        for _ in range(repeats)
    ]
    wall = statistics.median(flood.wall_seconds for flood in floods)
    return wall, floods[0].cell_updates / wall / 1e6


def peer_seconds(python: str, terrain: npt.NDArray[Any], until: float, threads: int) -> float:
    """Return the wall time (s) that itzi-core takes."""
    script = Path(__file__).with_name("itzi_newcastle.py")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ground.npy"
        np.save(path, terrain)
        command = [python, str(script), str(path), str(threads), str(until)]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])


def measure(itzi: str | None) -> dict[str, list[tuple[float, float]]]:
    """Return per line of the picture its points (x, y), and print them."""
    seconds(ground(64), until=5.0, threads=1, repeats=1)  # compiles
    lines: dict[str, list[tuple[float, float]]] = {}
    for threads in sorted({1, min(2, os.cpu_count() or 1)}):
        name = f"Morgen, {threads} thread" + ("s" if threads > 1 else "")
        for side in SIDES:
            wall, speed = seconds(ground(side), until=SHORT, threads=threads)
            lines.setdefault(name, []).append((side * side, wall))
            print(
                f"{name}: {side * side:>9,} cells, {SHORT:.0f} s: {wall:.3f} s, {speed:.0f} million updates/s",
                flush=True,
            )
    if itzi:
        for side in PEER_SIDES:
            wall = peer_seconds(itzi, ground(side), SHORT, 2)
            lines.setdefault("itzi-core, 2 threads", []).append((side * side, wall))
            print(f"itzi-core: {side * side:>9,} cells: {wall:.3f} s", flush=True)
    for until in SECONDS:
        wall, _speed = seconds(ground(256), until=until, threads=2)
        lines.setdefault("rain", []).append((until / 60, wall))
        print(f"{until / 60:.1f} min of rain on 65,536 cells: {wall:.3f} s", flush=True)
    return lines


def draw(lines: dict[str, list[tuple[float, float]]], path: Path) -> None:
    """Draw both panels."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.4), layout="constrained")
    by_cells, by_time = figure.subplots(1, 2)
    for name, points in lines.items():
        x, y = zip(*points, strict=True)
        axes = by_time if name == "rain" else by_cells
        axes.plot(x, y, "o-", label=None if name == "rain" else name, markersize=4)
    for axes, label in ((by_cells, "cells"), (by_time, "minutes of rain, on 65,536 cells")):
        axes.set(xscale="log", yscale="log", xlabel=label)
        axes.grid(alpha=0.3)
    by_cells.set_ylabel(f"wall time of {SHORT:.0f} s of rain (s)")
    by_time.set_ylabel("wall time (s)")
    by_cells.legend(fontsize=8)
    figure.savefig(path, dpi=100)


def main() -> None:
    """Measure and draw."""
    parser = argparse.ArgumentParser(description="Measure how the flood engine scales.")
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--itzi", help="Python of an environment with itzi-core")
    options = parser.parse_args()
    draw(measure(options.itzi), options.out / "flood-scaling.png")


if __name__ == "__main__":
    main()
