"""How fast the flood engine steps, with all physics on, beside the memory bandwidth of the same moment.

Run ``python benchmarks/flood_step.py [--threads 1,2] [--repeats 5]``. It prints, per grid and number of threads,
the median and the best of the cell-updates per second of whole calls of ``simulate`` (checks, rain, infiltration,
sewer, roofs, outputs and balance included; cells that cannot hold water do not count), the same per second of
processor time, the load of the machine, and the triad a = b + s c of STREAM (McCalpin 1995) on arrays that do not
fit in the cache.

Grids: the centre of Newcastle at 2 m and a part of Delft at 0.5 m, where the folder with real data lies beside the
project; otherwise made-up ground of the same size.
"""

import argparse
import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from morgen.models.flood.simulation import FloodResult, Roof, SewerLoss, simulate

DATA = Path(os.environ.get("MORGEN_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
NEWCASTLE = DATA / "flood" / "newcastle_centre" / "dem_2m.tif"
DELFT = DATA / "nl" / "delft-oost" / "derived" / "delft_oost_ahn3_dtm_05m.tif"
TRIAD_LENGTH = 20_000_000


@dataclass(frozen=True, eq=False)
class Case:
    """One grid and how long it is simulated."""

    name: str
    terrain: npt.NDArray[Any]
    cell_size: float
    until: float

    def run(self, threads: int) -> FloodResult:
        """Simulate a storm of 70 mm/h with everything on; one part in fifty of the ground is roofed."""
        rows, columns = self.terrain.shape
        blocked = np.zeros((rows, columns), bool)
        blocked[20:-20:20, 20:-20:20] = True
        blocked[20:-20:20, 21:-19:20] = True
        beside = np.roll(blocked, 1, axis=0)
        return simulate(
            self.terrain,
            cell_size=self.cell_size,
            infiltration=5.0,
            initial_loss=0.5,
            losses=SewerLoss(capacity=20.0),
            roof=Roof(ratio=beside * 1.0, area=float(blocked.sum()) * self.cell_size**2, capacity=20.0),
            blocked=blocked,
            boundary="open",
            until=self.until,
            output_every=self.until,
            threads=threads,
        )


def cases() -> Iterator[Case]:
    """Yield the grids."""
    if NEWCASTLE.exists():
        yield Case("Newcastle 2 m", _read(NEWCASTLE), 2.0, 900.0)
    else:
        yield Case("made-up 2 m", _made_up(195, 342, relief=30.0), 2.0, 900.0)
    if DELFT.exists():
        yield Case("Delft-oost 0.5 m", _read(DELFT), 0.5, 300.0)
    else:
        yield Case("made-up 0.5 m", _made_up(470, 540, relief=2.0), 0.5, 300.0)


def _read(path: Path) -> npt.NDArray[np.float32]:
    import rasterio
    from rasterio.fill import fillnodata

    with rasterio.open(path) as file:
        values = file.read(1, masked=True)
    filled = fillnodata(values.filled(0), mask=~np.ma.getmaskarray(values), max_search_distance=200)
    return np.asarray(filled, dtype=np.float32)


def _made_up(rows: int, columns: int, *, relief: float) -> npt.NDArray[np.float64]:
    y, x = np.mgrid[:rows, :columns]
    waves = np.sin(x / 17) * np.cos(y / 23) + 0.3 * np.sin(x / 5 + y / 7)
    return np.asarray(relief * (x / columns + 0.2 * waves))


@numba.njit(parallel=True, fastmath=True)  # type: ignore[untyped-decorator]
def _triad(a: Any, b: Any, c: Any, s: float) -> None:
    for i in numba.prange(a.size):
        a[i] = b[i] + s * c[i]


def triad(threads: int, repeats: int) -> tuple[float, float]:
    """Return the median and best bandwidth (GB/s) of a = b + s c in double precision."""
    numba.set_num_threads(threads)
    a, b, c = (np.ones(TRIAD_LENGTH) for _ in range(3))
    _triad(a, b, c, 3.0)
    found = []
    for _ in range(repeats):
        started = time.perf_counter()
        _triad(a, b, c, 3.0)
        found.append(3 * a.nbytes / (time.perf_counter() - started) / 1e9)
    return statistics.median(found), max(found)


def _report(case: Case, threads: int, repeats: int) -> None:
    speeds, frugality = [], []
    for _ in range(repeats):
        before = time.process_time()
        result = case.run(threads)
        frugality.append(result.cell_updates / (time.process_time() - before) / 1e6)
        speeds.append(result.cell_updates / result.wall_seconds / 1e6)
    rows, columns = case.terrain.shape
    print(
        f"{case.name:16} {rows}x{columns} {threads} thread(s): million cell-updates/s median "
        f"{statistics.median(speeds):.1f}, best {max(speeds):.1f}; per processor second median "
        f"{statistics.median(frugality):.1f}, best {max(frugality):.1f}; {result.steps} steps for "
        f"{case.until:.0f} s, balance {result.balance.error:+.1e}; load {os.getloadavg()[0]:.1f}"
    )


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description="Measure the speed of the flood engine.")
    parser.add_argument("--threads", default="1,2", help="numbers of threads, separated by commas")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    counts = [int(count) for count in options.threads.split(",")]
    for case in cases():
        case.run(counts[0])  # compiles
        for threads in counts:
            _report(case, threads, options.repeats)
    for threads in counts:
        median, best = triad(threads, options.repeats)
        print(f"STREAM triad {threads} thread(s): median {median:.1f}, best {best:.1f} GB/s")


if __name__ == "__main__":
    main()
