"""How long the sample wijk takes to write, and how much memory: each size in a fresh process.

Run it on a quiet machine: ``python benchmarks/sample.py``. It prints 1 km2 beside its bars (60 s and 1.5 GB on two
processors); ``--km2 5 10`` adds larger ones, which are written sheet by sheet.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS, MEGABYTES = 60.0, 1536.0
"""The most that 1 km2 may take."""
WRITE = """
import resource, sys
from pathlib import Path
from morgen.sources.sample import write_sample
write_sample(Path(sys.argv[1]), km2=float(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def write(km2: float) -> tuple[float, float, float, float]:
    """Return wall seconds, processor seconds, peak memory (MB) and the size of what was written (MB)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "sample"
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        start = time.perf_counter()
        command = [sys.executable, "-c", WRITE, str(folder), str(km2)]
        peak = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        wall = time.perf_counter() - start
        busy = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return wall, busy, peak, size / 1e6


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--km2", type=float, nargs="*", default=[], help="more sizes, km2")
    options = parser.parse_args()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    for km2 in (1.0, *options.km2):
        wall, busy, peak, size = write(km2)
        missed = km2 == 1.0 and (wall > SECONDS or peak > MEGABYTES)
        figures = f"{wall:8.1f} s wall {busy:8.1f} s busy {peak:8.0f} MB peak {size:8.1f} MB written"
        print(f"{km2:6g} km2 {figures}{'   MISSED' if missed else ''}")


if __name__ == "__main__":
    main()
