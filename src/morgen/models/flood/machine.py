"""What the machine must have for a calculation: memory, and the device that is asked for."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
import numpy.typing as npt

from morgen.core.errors import ParameterError
from morgen.models.flood.sewers import SewerDistrict
from morgen.models.flood.walls import Wall
from morgen.models.flood.works import OpenWater, Work

__all__ = ["Device", "check_memory", "choose_device", "needed_bytes"]

Device = Literal["cpu", "cuda", "auto"]

GIGABYTE: Final = 1e9
STATE: Final = {"inertial": 9, "fv2": 65}
"""Arrays of float32 that an engine keeps beside the durations: state, ground, and what is remembered."""
RESULTS: Final = 4
"""Arrays of float32 of the result beside the depths and the durations."""
CARD_ARRAYS: Final = 28
"""Arrays of float32 on a graphics card beside the durations, when every field differs from cell to cell and
there are a few kinds of roof."""
NO_CARD: Final = "there is no graphics card with CUDA, or numba-cuda is not installed (pip install 'morgen[gpu]')"


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


def choose_device(
    device: str, *, engine: str, works: Sequence[Work | Wall | SewerDistrict], cells: int, thresholds: int
) -> Literal["cpu", "cuda"]:
    """Return what to compute on: for "auto" the graphics card where there is one that can, else the processor.

    Raises ``ParameterError`` for "cuda" when the card cannot, and for a device that is not known.
    """
    if device not in get_args(Device):
        raise ParameterError(f"device is {device!r}, but it must be one of {', '.join(get_args(Device))}")
    if device == "cpu":
        return "cpu"
    hindrance = _hindrance(engine, works) or _missing_card(cells, thresholds)
    if hindrance and device == "cuda":
        raise ParameterError(f"device is 'cuda', but it must be 'cpu' or 'auto' here: {hindrance}")
    return "cpu" if hindrance else "cuda"


def _hindrance(engine: str, works: Sequence[Work | Wall | SewerDistrict]) -> str:
    """Return what the engine for cards cannot do; empty when it can do all."""
    if engine != "inertial":
        return f"engine {engine!r} does not compute on a graphics card"
    other = next((work for work in works if not isinstance(work, OpenWater)), None)
    name = "sewer district" if isinstance(other, SewerDistrict) else type(other).__name__.lower()
    return f"a {name} does not work on a graphics card" if other else ""


def _missing_card(cells: int, thresholds: int) -> str:
    """Return why there is no card for so many cells; empty when there is one."""
    try:
        from numba import cuda
    except ImportError:
        return NO_CARD
    if not cuda.is_available():
        return NO_CARD
    needed = cells * (CARD_ARRAYS + thresholds) * np.dtype(np.float32).itemsize
    free = cuda.current_context().get_memory_info().free
    if needed > free:
        return (
            f"{cells:,} cells take {needed / GIGABYTE:.1f} GB of the card, which has {free / GIGABYTE:.1f} GB free"
        )
    return ""


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
