"""Water that comes and goes: rain, roofs, the capacity of the sewer, and inflow from elsewhere."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from morgen.core.errors import ParameterError

__all__ = [
    "Hyetograph",
    "Inflow",
    "Roof",
    "RoofShare",
    "RoofWater",
    "SewerLoss",
    "checked_inflow",
    "discharges",
    "roof_ratio",
]

MILLIMETRE = 1e-3
HOUR = 3600.0
ROOF_TOLERANCE = 1e-3


@dataclass(frozen=True, eq=False)
class SewerLoss:
    """The sewer as a sink: it takes standing water up to its capacity, never more than there is."""

    capacity: float | npt.ArrayLike
    """mm/h, one number or an array (rows, columns)."""


@dataclass(frozen=True, eq=False)
class Roof:
    """All roofs as one reservoir: rain fills the initial loss, then the sewer's share goes, the excess spills."""

    ratio: npt.ArrayLike
    """Roof that spills onto each cell, m2 of roof per m2 of cell; shape (rows, columns)."""
    area: float
    """Roof in total, m2; equals the sum of ``ratio`` times the area of a cell."""
    capacity: float = 0.0
    """Rain that the downpipes carry to the sewer, mm/h."""
    initial_loss: float = 0.0
    """Rain that wets the roof and stays there, mm."""


@dataclass(frozen=True, eq=False)
class Inflow:
    """Water from elsewhere, spread evenly over the cells of a mask."""

    mask: npt.NDArray[np.bool_]
    """Where it comes in; shape (rows, columns)."""
    series: Sequence[tuple[float, float]]
    """(s, m3/s), linear in between, nothing before the first and after the last."""

    def discharge(self, time: float) -> float:
        """Return the discharge (m3/s) at ``time`` (s)."""
        times, values = zip(*self.series, strict=True)
        return float(np.interp(time, times, values, left=0.0, right=0.0))


class Hyetograph:
    """Rain as steps: each rate holds until the next, the last to the end.

    ``steps`` are (s since the start, mm/h). Raises ``ParameterError`` for times that do not rise and for rates
    that are negative or not finite.
    """

    def __init__(self, steps: Sequence[tuple[float, float]]) -> None:
        self.times, self.rates = _checked(steps)

    def pieces(self, start: float, end: float) -> list[tuple[float, float]]:
        """Return (duration in s, rate in m/s) of each stretch of constant rain from ``start`` to ``end`` (s)."""
        bounds = [start, *(time for time in self.times if start < time < end), end]
        return [(b - a, self.rate(a)) for a, b in pairwise(bounds)]

    def rate(self, time: float) -> float:
        """Return the rain (m/s) from ``time`` (s) onward."""
        index = bisect_right(self.times, time) - 1
        return self.rates[index] * MILLIMETRE / HOUR if index >= 0 else 0.0

    def depth(self, start: float, end: float) -> float:
        """Return the rain (m) that falls from ``start`` to ``end`` (s)."""
        return sum(duration * rate for duration, rate in self.pieces(start, end))


def _checked(steps: Sequence[tuple[float, float]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    table = np.asarray(steps, dtype=float)
    if table.ndim != 2 or table.shape[1] != 2 or not len(table):  # noqa: PLR2004
        raise ParameterError(f"rain is {steps!r}, but it must be a list of pairs (seconds, mm/h)")
    times, rates = table.T
    if not np.isfinite(table).all() or (rates < 0).any() or times[0] < 0:
        raise ParameterError(f"rain is {steps!r}, but times and rates must be finite numbers of at least 0")
    if (np.diff(times) <= 0).any():
        raise ParameterError(
            f"the times of rain are {times.tolist()} s, but each must be later than the one before"
        )
    return tuple(times.tolist()), tuple(rates.tolist())


@dataclass(frozen=True)
class RoofShare:
    """What became of the rain on roofs in one interval, in metres over the roofs."""

    stored: float = 0.0
    sewer: float = 0.0
    excess: float = 0.0


class RoofWater:
    """The state of the roofs during one calculation."""

    def __init__(self, roof: Roof | None) -> None:
        self.area = roof.area if roof else 0.0
        self._capacity = roof.capacity * MILLIMETRE / HOUR if roof else 0.0
        self._room = roof.initial_loss * MILLIMETRE if roof else 0.0

    def take(self, rain: Hyetograph, start: float, end: float) -> RoofShare:
        """Divide the rain from ``start`` to ``end`` (s), exact where it changes or the roof fills on the way."""
        stored = sewer = excess = 0.0
        for duration, rate in rain.pieces(start, end):
            fill = min(self._room, rate * duration)
            self._room -= fill
            rest = rate * duration - fill
            carried = min(rest, self._capacity * (rest / rate)) if rate > 0 else 0.0
            stored, sewer, excess = stored + fill, sewer + carried, excess + rest - carried
        return RoofShare(stored, sewer, excess)


def discharges(inflows: Sequence[Inflow], time: float) -> npt.NDArray[np.float64]:
    """Return the discharge (m3/s) of each inflow at ``time`` (s)."""
    return np.array([inflow.discharge(time) for inflow in inflows], dtype=np.float64)


def checked_inflow(inflow: Inflow, active: npt.NDArray[np.bool_]) -> Inflow:
    """Return ``inflow`` if it is usable on the ``active`` cells (rows, columns); else raise ``ParameterError``."""
    mask = np.asarray(inflow.mask)
    if mask.shape != active.shape or mask.dtype != np.bool_ or not (mask & active).any():
        raise ParameterError(
            f"the mask of an inflow is {mask.dtype} of shape {mask.shape}, but it must be bool of {active.shape} "
            "with at least one cell inside the terrain that is not blocked"
        )
    table = np.asarray(inflow.series, dtype=float)
    if table.ndim != 2 or table.shape[1] != 2 or not np.isfinite(table).all():  # noqa: PLR2004
        raise ParameterError(f"the series of an inflow is {inflow.series!r}, but it must be pairs (seconds, m3/s)")
    if (np.diff(table[:, 0]) <= 0).any() or (table[:, 1] < 0).any():
        raise ParameterError(
            f"the series of an inflow is {inflow.series!r}, but its times must rise and its m3/s be at least 0"
        )
    return inflow


def roof_ratio(roof: Roof | None, ratio: npt.NDArray[np.float64], cell_size: float) -> npt.NDArray[np.float64]:
    """Return ``ratio`` (rows, columns) such that all excess of ``roof`` arrives; raises ``ParameterError``."""
    if roof is None:
        return ratio
    for name, value in (("area", roof.area), ("capacity", roof.capacity), ("initial_loss", roof.initial_loss)):
        if not (np.isfinite(value) and value >= 0):
            raise ParameterError(f"roof.{name} is {value!r}, but it must be a number of at least 0")
    drained = float(ratio.sum()) * cell_size**2
    if abs(drained - roof.area) > ROOF_TOLERANCE * max(roof.area, cell_size**2):
        raise ParameterError(
            f"roof.area is {roof.area:g} m2, but roof.ratio drains {drained:g} m2 of it to cells that hold water; "
            "these must be equal"
        )
    return ratio * (roof.area / drained) if drained > 0 else ratio
