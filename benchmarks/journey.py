"""How long a user waits: help, gathering, the demo, and a run on real data, each in a fresh process.

Run it on a quiet machine: ``python benchmarks/journey.py``. It prints each figure beside its bar. Real data are
the two blocks of Delft in the folder with real data (``MORGEN_SHARED_DATA``, or ``shared/data`` beside it);
without them those lines are left out. ``--compile`` starts the demo without compiled code, as after installation.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
MORGEN = str(Path(sys.executable).with_name("morgen"))
SHARED = Path(os.environ.get("MORGEN_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
GATHER = """
import sys, time, morgen
twin = morgen.open(sys.argv[1])
start = time.perf_counter()
twin.situation()
print(time.perf_counter() - start)
"""


def seconds(*command: str, cache: Path | None = None) -> float:
    """Return the wall time of a command in a fresh process, s."""
    environment = {**os.environ, **({"NUMBA_CACHE_DIR": str(cache)} if cache else {})}
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - start


def gather_seconds(twin: Path) -> float:
    """Return how long a fresh process takes to gather, its imports not counted, s."""
    printed = subprocess.run(
        [sys.executable, "-c", GATHER, str(twin)], check=True, capture_output=True, text=True
    ).stdout
    return float(printed)


def report(what: str, value: float, unit: str, bar: float) -> None:
    """Print a figure beside the most that it may be."""
    print(f"{what:<58}{value:10.2f} {unit:<4} bar {bar:g} {unit}{'' if value <= bar else '   MISSED'}")


def delft(folder: Path) -> None:
    """Gather and compute the two blocks of Delft on cells of 0.5 m."""
    twin = folder / "delft"
    seconds(MORGEN, "init", str(twin), "--polygon", str(REPOSITORY / "examples" / "delft-oost.geojson"))
    seconds(MORGEN, "add", str(twin), str(SHARED / "nl" / "delft-oost"))
    report("gather Delft-oost, cold", gather_seconds(twin), "s", 10)
    report("gather Delft-oost, warm", gather_seconds(twin), "s", 1)
    start = time.perf_counter()
    command = [MORGEN, "run", str(twin), "pluvial-flood", "--rain", "70", "--duration", "1", "--json"]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    wall = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    report("peak memory of any process of the Delft-oost run", peak, "MB", 1024)
    print(f"{'Delft-oost, 0.5 m, 1 h of rain and 1 h after, maps included':<58}{wall:10.2f} s")
    print(f"{'its balance error':<58}{answer['balance']['error']:10.1e}")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--compile", action="store_true", help="compile for the demo, as after installation")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} processors, load {load:.1f}, Python {sys.version.split()[0]}")
    helps = statistics.median(seconds(MORGEN, "--help") for _ in range(7))
    report("morgen --help, median of 7", helps, "s", 0.3)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cache = folder / "cache" if options.compile else None
        wall = seconds(MORGEN, "demo", "--out", str(folder / "demo"), "--no-serve", cache=cache)
        report(f"demo{', compilation included' if cache else ''}", wall, "s", 60)
        if (SHARED / "nl" / "delft-oost").is_dir():
            delft(folder)


if __name__ == "__main__":
    main()
