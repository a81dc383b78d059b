"""Storms that move over the terrain."""

import math
from typing import Final

import numpy as np

from morgen.core.errors import ParameterError
from morgen.models.flood.rain import HOUR, RainField

__all__ = ["moving_storm"]

MOST_BYTES: Final = 2_000_000_000
"""Of all rasters together."""


def moving_storm(
    shape: tuple[int, int],
    *,
    cell_size: float,
    peak: float,
    radius: float,
    speed: float,
    direction: float,
    duration: float = HOUR,
    every: float = 120.0,
    centre: tuple[float, float] | None = None,
) -> RainField:
    """Return the rain of a round cell that moves over a terrain of ``shape`` (rows, columns).

    The intensity at a distance r (m) of its middle is peak * exp(-(r / radius)^2 / 2), in mm/h: the Gaussian cell
    of Rodriguez-Iturbe & Eagleson (1987), Water Resources Research 23, 181-190. It moves with ``speed`` (m/s)
    towards ``direction`` (degrees clockwise from north) in a straight line, and passes ``centre`` (metres east and
    north of the south-west corner; the middle of the terrain when left out) after half of ``duration`` (s). Each
    raster stands for ``every`` seconds and is that of their middle; after ``duration`` it is dry.

    A single cell of one shape is a design, not weather: it neither grows nor decays.
    Raises ``ParameterError``.
    """
    for name, value in (("peak", peak), ("radius", radius), ("duration", duration), ("every", every)):
        if not (math.isfinite(value) and value > 0):
            raise ParameterError(f"{name} of a moving storm is {value!r}, but it must be a number above 0")
    if not (math.isfinite(speed) and speed >= 0 and math.isfinite(direction)):
        raise ParameterError(
            f"a moving storm has speed {speed!r} m/s and direction {direction!r} degrees, but the speed must be at"
            " least 0 and both finite"
        )
    count = math.ceil(duration / every - 1e-9)
    rows, columns = shape
    needed = 4 * (count + 1) * rows * columns
    if needed > MOST_BYTES:
        raise ParameterError(
            f"a moving storm of {count} rasters of {rows} x {columns} cells needs {needed / 1e9:.1f} GB, but it"
            f" should be at most {MOST_BYTES / 1e9:g} GB; give a larger 'every'"
        )
    east, north = centre or (columns * cell_size / 2, rows * cell_size / 2)
    heading = math.radians(direction)
    x = (np.arange(columns) + 0.5) * cell_size
    y = (np.arange(rows)[::-1] + 0.5) * cell_size
    times = [number * every for number in range(count)]
    rates = np.zeros((count + 1, rows, columns), dtype=np.float32)
    for number, time in enumerate(times):
        finish = min(time + every, duration)
        travelled = speed * ((time + finish) / 2 - duration / 2)
        across = np.exp(-(((x - east - travelled * math.sin(heading)) / radius) ** 2) / 2)
        along = np.exp(-(((y - north - travelled * math.cos(heading)) / radius) ** 2) / 2)
        rates[number] = peak * along[:, None] * across[None, :]
    return RainField(times=[*times, duration], rates=rates)
