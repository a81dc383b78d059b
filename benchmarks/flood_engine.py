"""The bars of the flood engine in one run: speed, peers, bandwidth, saved updates, balance and memory.

``python -m benchmarks.flood_engine [--repeats 7] [--itzi PYTHON] [--large] [--device cuda]`` prints one line per
bar, with its floor and target. ``--itzi`` is the Python of an environment with itzi-core 0.8.0, which needs
Python 3.12; without it the recorded 26.8 million cell-updates per second count. ``--large`` also measures the
memory of 16 million cells. ``--device cuda`` measures a graphics card beside the processor, and nothing else; it
says so when there is no card.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from benchmarks.flood_step import NEWCASTLE, _made_up, _read, triad

from morgen.models.flood.engine import _physics
from morgen.models.flood.simulation import FloodResult, SewerLoss, simulate

RECORDED_ITZI = 26.8
BYTES_PER_UPDATE = 40
THREADS = min(2, os.cpu_count() or 1)


def line(what: str, value: str, floor: str, target: str) -> None:
    """Print one bar."""
    print(f"{what:<66}{value:>24}   floor {floor}, target {target}", flush=True)


def speeds(calculate: Callable[[], FloodResult], repeats: int) -> list[float]:
    """Return the million cell-updates per second of each of several runs."""
    floods = (calculate() for _ in range(repeats))
    return [flood.cell_updates / flood.wall_seconds / 1e6 for flood in floods]


def spread(values: list[float]) -> str:
    """Return the median and the best."""
    return f"{statistics.median(values):.0f} (best {max(values):.0f})"


def town() -> npt.NDArray[Any]:
    """Return the centre of Newcastle at 2 m, or made-up ground of that size."""
    return _read(NEWCASTLE) if NEWCASTLE.exists() else _made_up(195, 342, relief=30.0)


def storm(ground: npt.NDArray[Any], until: float, **options: Any) -> FloodResult:
    """Compute 70 mm in one hour."""
    return simulate(ground, cell_size=2.0, until=until, output_every=until, threads=THREADS, **options)


def small(ground: npt.NDArray[Any], repeats: int, itzi: str | None) -> None:
    """Print the speed on the small grid, alone and beside itzi in turn."""
    storm(ground, 10)
    found = speeds(lambda: storm(ground, 600), repeats)
    line(f"{ground.size:,} cells, 600 s, million cell-updates/s", spread(found), "300", "600")
    if itzi is None:
        ratio = statistics.median(found) / RECORDED_ITZI
        line(f"against the recorded {RECORDED_ITZI} of itzi-core 0.8.0", f"{ratio:.1f} x", "10 x", "20 x")
        return
    pairs = [(storm(ground, 600).wall_seconds, _itzi_seconds(itzi, ground)) for _ in range(3)]
    ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    line(f"itzi-core 0.8.0 in turn, {theirs:.2f} s against {ours:.2f} s", f"{theirs / ours:.1f} x", "10 x", "20 x")


def _itzi_seconds(python: str, ground: npt.NDArray[Any]) -> float:
    script = Path(__file__).with_name("itzi_newcastle.py")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ground.npy"
        np.save(path, ground)
        command = [python, str(script), str(path), str(THREADS)]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])


def large(ground: npt.NDArray[Any], repeats: int) -> None:
    """Print the speed on a grid that does not fit in the cache, and the share of what memory allows."""
    tiled = np.tile(ground, (6, 6))
    found = speeds(lambda: storm(tiled, 120), max(2, repeats // 3))
    bandwidth, _best = triad(THREADS, 5)
    roof = bandwidth * 1e3 / BYTES_PER_UPDATE
    share = 100 * statistics.median(found) / roof
    line(f"{tiled.size:,} cells, 120 s, million cell-updates/s", spread(found), "350", f"{0.6 * roof:.0f}")
    line(
        f"the same, of the {roof:.0f} that {bandwidth:.0f} GB/s (STREAM triad) allow",
        f"{share:.0f} %",
        "-",
        "60 %",
    )


def long(ground: npt.NDArray[Any]) -> None:
    """Print the balance of two hours, and what water in filled courtyards does not cost in the second of them."""

    def flood(until: float) -> FloodResult:
        losses = SewerLoss(capacity=12.0)
        return simulate(
            ground,
            cell_size=2.0,
            losses=losses,
            infiltration=5.0,
            until=until,
            output_every=until,
            threads=THREADS,
        )

    first, both = flood(3600), flood(7200)
    line("volume error, 7,200 s with rain, sewer and infiltration", f"{both.balance.error:+.1e}", "1e-6", "1e-9")
    taken = both.steps - first.steps
    assert first.depth is not None
    deepest = float(np.nanmax(first.depth[-1]))
    needed = 3600 * np.sqrt(9.81 * deepest) / (_physics.COURANT * 2.0)
    what = f"updates saved after {deepest:.1f} m fills courtyards ({taken} steps in 3,600 s)"
    line(what, f"{needed / taken:.1f} x", "2 x", "4 x")


def memory() -> None:
    """Print the memory of a process that computes 16 million cells for a minute."""
    command = [sys.executable, "-m", "benchmarks.flood_engine", "--only-memory"]
    peak = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])
    line("memory of 16 million cells, terrain included", f"{peak:.2f} GB", "1.5 GB", "0.8 GB")


def _peak_memory() -> None:
    ground = np.empty((4000, 4000), np.float32)
    ground[:] = 0.1 * np.sin(np.arange(4000, dtype=np.float32) / 50)
    simulate(
        ground,
        cell_size=0.5,
        until=2,
        output_every=2,
        duration_thresholds=(0.05,),
        threads=THREADS,
        on_output=lambda _time, _depth: None,
    )
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9)


def card(ground: npt.NDArray[Any], repeats: int) -> None:
    """Print the speed of a graphics card beside that of the processor; compilation does not count."""
    from numba import cuda

    if not cuda.is_available():
        print("there is no graphics card with CUDA here: nothing was measured on one")
        return
    rows, columns = (-(-4000 // size) for size in ground.shape)
    tiled = np.tile(ground, (rows, columns))[:4000, :4000]
    for terrain, until, floor, target in ((ground, 600.0, "-", "-"), (tiled, 60.0, "20 x", "50 x")):
        storm(terrain, 10, device="cuda")
        here, there = (
            statistics.median(speeds(partial(storm, terrain, until, device=device), repeats))
            for device in ("cpu", "cuda")
        )
        line(f"{terrain.size:,} cells, {until:.0f} s, a card", f"{there:.0f} M updates/s", "-", "-")
        line(f"against {THREADS} threads, {here:.0f} M updates/s", f"{there / here:.1f} x", floor, target)


def main() -> None:
    """Print the bars."""
    parser = argparse.ArgumentParser(description="Measure the bars of the flood engine.")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--itzi", help="Python of an environment with itzi-core")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--only-memory", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    options = parser.parse_args()
    if options.only_memory:
        _peak_memory()
        return
    print(f"{THREADS} threads, load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d')}")
    ground = town()
    if options.device == "cuda":
        card(ground, min(options.repeats, 3))
        return
    small(ground, options.repeats, options.itzi)
    large(ground, options.repeats)
    long(ground)
    if options.large:
        memory()


if __name__ == "__main__":
    main()
