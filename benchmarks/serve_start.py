"""How long ``morgen serve`` takes: from the command to the first answer, to a situation that is ready, to the end.

    python benchmarks/serve_start.py [DIR] [--times 5]

Without DIR a twin of the sample is made. The libraries are in the memory of the disk after the first time.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import morgen
from morgen.services.area_file import read_area
from morgen.sources.sample import write_sample

MORGEN = str(Path(sys.executable).with_name("morgen"))


def sample_twin(folder: Path) -> Path:
    write_sample(folder / "sources")
    area = read_area(folder / "sources" / "area.geojson")
    morgen.create(folder / "twin", area, cell_size=2).add(folder / "sources")
    return folder / "twin"


def seconds(twin: Path) -> tuple[float, float, float]:
    """Return the time to the first answer, to a ready scene, and from SIGTERM to the end (s)."""
    command = [MORGEN, "serve", str(twin), "--port", "0", "--no-open", "--json"]
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        address = "".join(iter(server.stdout.readline, "}\n")) + "}"
        root = json.loads(address)["address"] + "v1"
        get(root)
        answered = time.perf_counter() - start
        while get(f"{root}/scene")["state"] != "ready":
            time.sleep(0.05)
        ready = time.perf_counter() - start
        start = time.perf_counter()
        server.terminate()
        server.wait()
    return answered, ready, time.perf_counter() - start


def get(address: str) -> dict[str, object]:
    with urllib.request.urlopen(address) as answer:
        return dict(json.load(answer))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("twin", nargs="?", type=Path)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        twin = options.twin or sample_twin(Path(scratch))
        for _ in range(options.times):
            answered, ready, ended = seconds(twin)
            print(f"first answer {answered:.2f} s, scene ready {ready:.2f} s, ended after {ended:.2f} s")


if __name__ == "__main__":
    main()
