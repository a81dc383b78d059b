"""What the machine must have for a calculation: memory, and the device that is asked for."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.errors import ParameterError

__all__ = ["check_device", "check_memory", "needed_bytes"]

GIGABYTE: Final = 1e9
STATE: Final = {"inertial": 9, "fv2": 65}
"""Arrays of float32 that an engine keeps beside the durations: state, ground, and what is remembered."""
RESULTS: Final = 4
"""Arrays of float32 of the result beside the depths and the durations."""


def needed_bytes(cells: int, *, outputs: int, thresholds: int, engine: str) -> int:
    """Return about how much memory a calculation takes beside its input (bytes)."""
    arrays = STATE[engine] + RESULTS + 2 * thresholds + outputs
    return cells * (arrays * np.dtype(np.float32).itemsize + 2)


def check_memory(terrain: npt.NDArray[Any], *, outputs: int, thresholds: int, engine: str) -> None:
    """Raise ``ParameterError`` when a calculation on ``terrain`` needs more memory than the machine has free."""
    needed = needed_bytes(terrain.size, outputs=outputs, thresholds=thresholds, engine=engine)
    free = _free_bytes()
    if free is not None and needed > free:
        rows, columns = terrain.shape
        raise ParameterError(
            f"the terrain has {rows} x {columns} cells and the result {outputs} rasters of depth, which takes "
            f"{needed / GIGABYTE:.1f} GB, but it must fit in the {free / GIGABYTE:.1f} GB of memory that is free: "
            "take larger cells, fewer outputs, or on_output"
        )


def check_device(device: str) -> None:
    """Raise ``ParameterError`` for a device that this version cannot compute on; "auto" takes what there is."""
    if device not in ("cpu", "cuda", "auto"):
        raise ParameterError(f"device is {device!r}, but it must be one of cpu, cuda, auto")
    if device == "cuda":
        raise ParameterError(
            "device is 'cuda', but it must be 'cpu' or 'auto': this version has no engine for CUDA"
        )


def _free_bytes() -> int | None:
    """Return the memory that is free for a new calculation (bytes); None where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    for line in lines:
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None
