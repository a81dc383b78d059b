"""How long the balance of the sample wijk takes, against the limit of one second.

``python benchmarks/balance.py [--km2 1] [--twin DIR]`` makes the sample and its twin (or takes one) and gathers it
once. Of five turns it prints the first, the slowest of the others with its share of the limit, and the processor
time, which other work on the machine changes less:

- ``programme``: 3,500 dwellings of seven types in ten phases under both sets, with the courses of the age groups;
- ``twin``: the same on the wijk, with all its layers read anew, as a command does; the first loads libraries too;
- ``again``: the same on the wijk, of which a server remembers what it saw around;
- ``request``: ``POST /v1/balance`` with it, to the application in this process.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from morgen.core.situation import Situation
from morgen.models.balance import Dwellings, DwellingType, Programme, look_around
from morgen.models.norms import load_norms, shipped
from morgen.services.balance import balance_programme, balance_situation
from morgen.services.twin import Twin

LIMIT = 1.0
"""Seconds."""
TURNS = 5
SETS = [load_norms(name) for name in shipped()]


def plan() -> Programme:
    rows = tuple(
        Dwellings(type=kind, number=50, year=2028 + phase) for kind in DwellingType for phase in range(10)
    )
    return Programme(site_area=1_000_000, paved_area=300_000, dwellings=rows)


def time_turns(name: str, work: Callable[[], object]) -> None:
    """Print the first turn, and the slowest of the others against the limit."""
    took, busy = [], []
    for _ in range(TURNS):
        start, worked = time.perf_counter(), time.process_time()
        work()
        took.append(time.perf_counter() - start)
        busy.append(time.process_time() - worked)
    slowest = max(took[1:])
    print(
        f"{name:10} first {took[0]:.3f} s; then at most {slowest:.3f} s, {slowest / LIMIT:.0%} of {LIMIT:g} s;"
        f" processor {busy[0]:.3f} s, then {max(busy[1:]):.3f} s"
    )


def sample_twin(folder: Path, km2: float) -> Twin:
    """Make a twin of the sample."""
    from morgen.services.area_file import read_area
    from morgen.sources.sample import write_sample

    write_sample(folder / "sources", km2=km2)
    twin = Twin.create(folder / "twin", read_area(folder / "sources" / "area.geojson"), cell_size=5.0)
    twin.add(folder / "sources")
    return twin


def anew(situation: Situation, programme: Programme) -> object:
    return balance_programme(programme, norms=SETS, around=look_around(situation))


def time_request(twin: Twin, programme: Programme) -> None:
    from starlette.testclient import TestClient

    from morgen.faces.http.app import create_app
    from morgen.faces.http.camel import camel

    body = json.dumps({"norms": list(shipped()), "programme": camel(programme.to_json())})
    with TestClient(create_app(twin.folder), base_url="http://127.0.0.1:8765") as client:
        while client.get("/v1/scene").json()["state"] != "ready":
            time.sleep(0.1)

        def ask() -> None:
            answer = client.post("/v1/balance", content=body, headers={"Content-Type": "application/json"})
            assert answer.is_success, answer.text

        time_turns("request", ask)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--km2", type=float, default=1.0)
    parser.add_argument("--twin", type=Path)
    asked = parser.parse_args()
    programme = plan()
    with tempfile.TemporaryDirectory() as folder:
        twin = Twin.open(asked.twin) if asked.twin else sample_twin(Path(folder), asked.km2)
        situation = twin.situation()
        print(f"{twin.config.name}: {twin.config.area.surface / 10_000:.0f} ha")
        time_turns("programme", lambda: balance_programme(programme, norms=SETS, year=2045))
        time_turns("twin", lambda: anew(situation, programme))
        time_turns("again", lambda: balance_situation(situation, programme, norms=SETS))
        time_request(twin, programme)


if __name__ == "__main__":
    main()
