"""Twins of the sample for the viewer, and the command that serves them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import morgen
from morgen.services.area_file import read_area

MORGEN = Path(sys.executable).with_name("morgen")
CELL_SIZE = 2.0


@contextmanager
def serving(twin: Path) -> Iterator[str]:
    """Serve a twin with the command that a user gives, and return its address."""
    command = [str(MORGEN), "serve", str(twin), "--no-open", "--json", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        told = "".join(iter(process.stdout.readline, "}\n"))
        try:
            yield json.loads(told + "}")["address"]
        finally:
            process.terminate()


def make_twin(folder: Path, sources: Path) -> "morgen.Twin":
    """Make a twin of the sample on cells of 2 m."""
    twin = morgen.create(folder, read_area(sources / "area.geojson", name="Voorbeelddorp"), cell_size=CELL_SIZE)
    twin.add(sources, attribution="generated with Morgen; no real place")
    return twin
