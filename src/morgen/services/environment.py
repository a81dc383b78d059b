"""What a run was computed with: versions and machine, for whoever wants to reproduce it."""

import os
import platform
from importlib.metadata import version

__all__ = ["describe_environment"]

_LIBRARIES = ("morgen", "numpy", "numba")


def describe_environment() -> dict[str, str]:
    """Return versions of Python, Morgen, numpy, numba and GDAL, the platform, and the number of processors."""
    import rasterio

    return {
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
        "gdal": str(rasterio.__gdal_version__),
        "platform": platform.platform(),
        "processors": str(_usable_processors()),
    }


def _usable_processors() -> int:
    if hasattr(os, "sched_getaffinity"):  # fewer than the machine has, in a container or under taskset
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
