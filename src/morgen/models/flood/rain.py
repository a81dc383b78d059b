"""Water that comes and goes: rain, roofs, the capacity of the sewer, and inflow from elsewhere."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from morgen.core.errors import ParameterError

if TYPE_CHECKING:
    import shapely

__all__ = [
    "GreenAmpt",
    "GriddedRain",
    "Hyetograph",
    "Inflow",
    "RainField",
    "Roof",
    "RoofShare",
    "RoofWater",
    "SewerLoss",
    "cells_of",
    "checked_inflow",
    "discharges",
    "rainfall",
    "roof_ratio",
]

MILLIMETRE = 1e-3
HOUR = 3600.0
ROOF_TOLERANCE = 1e-3


@dataclass(frozen=True, eq=False)
class RainField:
    """Rain that differs from place to place: each raster holds until the next, the last to the end."""

    times: Sequence[float]
    """s since the start, rising; no rain before the first."""
    rates: npt.ArrayLike
    """mm/h, shape (times, rows, columns)."""


@dataclass(frozen=True, eq=False)
class GreenAmpt:
    """Soil that takes less the wetter it is (Green & Ampt 1911, J. Agricultural Science 4); numbers or arrays."""

    conductivity: float | npt.ArrayLike
    """Hydraulic conductivity of saturated soil, mm/h."""
    suction: float | npt.ArrayLike
    """Suction at the wetting front, mm."""
    deficit: float | npt.ArrayLike
    """Part of the volume of the soil that water can still fill, 0 to 1."""


@dataclass(frozen=True, eq=False)
class SewerLoss:
    """The sewer as a sink: it takes standing water up to its capacity, never more than there is or it holds."""

    capacity: float | npt.ArrayLike
    """mm/h, one number or an array (rows, columns)."""
    storage: float | npt.ArrayLike | None = None
    """What the sewer of a cell holds, mm; None when it is never full."""
    emptying: float | npt.ArrayLike = 0.0
    """What leaves the storage to pump and treatment, mm/h."""


@dataclass(frozen=True, eq=False)
class Roof:
    """Roofs of one kind as one reservoir.

    Rain fills the initial loss, then the storage of a green roof or barrel, which empties by its outflow; of what
    leaves the roof the downpipes carry what they can to the sewer, and the excess spills.
    """

    ratio: npt.ArrayLike
    """Roof that spills onto each cell, m2 of roof per m2 of cell; shape (rows, columns)."""
    area: float
    """Roof in total, m2; equals the sum of ``ratio`` times the area of a cell."""
    capacity: float = 0.0
    """Rain that the downpipes carry to the sewer, mm/h."""
    initial_loss: float = 0.0
    """Rain that wets the roof and stays there, mm."""
    storage: float = 0.0
    """Rain that a green roof or a barrel holds before it runs off, mm."""
    outflow: float = 0.0
    """What leaves the storage while there is water in it, mm/h."""


@dataclass(frozen=True, eq=False)
class Inflow:
    """Water from elsewhere, spread evenly over the cells of a mask or a polygon."""

    mask: "npt.NDArray[np.bool_] | shapely.Geometry"
    """Where it comes in: an array of shape (rows, columns), or a shape in metres east and north of the south-west
    corner of the terrain, which stands for the cells with their centre in it."""
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

    gridded = False
    """Whether it differs over the grid."""

    def __init__(self, steps: Sequence[tuple[float, float]]) -> None:
        self.times, self.rates = _checked(steps)

    def number(self, time: float) -> int:
        """Return which rate holds from ``time`` (s) onward; -1 before the first."""
        return bisect_right(self.times, time) - 1

    def rate(self, time: float) -> float:
        """Return the rain (m/s) from ``time`` (s) onward, the mean of the grid when it differs."""
        index = self.number(time)
        return self.rates[index] * MILLIMETRE / HOUR if index >= 0 else 0.0

    def field(self, time: float) -> npt.NDArray[np.float64]:
        """Return the rain (m/s) from ``time`` (s) onward: one number, or an array (rows, columns)."""
        return np.asarray(self.rate(time))

    def pieces(self, start: float, end: float) -> list[tuple[float, float]]:
        """Return (duration in s, rate in m/s) of each stretch of constant rain from ``start`` to ``end`` (s)."""
        bounds = [start, *(time for time in self.times if start < time < end), end]
        return [(b - a, self.rate(a)) for a, b in pairwise(bounds)]

    def depth(self, start: float, end: float) -> float:
        """Return the rain (m) that falls from ``start`` to ``end`` (s)."""
        return sum(duration * rate for duration, rate in self.pieces(start, end))


class GriddedRain(Hyetograph):
    """Rain that differs over the grid; roofs get its mean over the ``active`` cells (rows, columns)."""

    gridded = True

    def __init__(self, rain: RainField, active: npt.NDArray[np.bool_]) -> None:
        self._fields = np.asarray(rain.rates, dtype=np.float32)
        if self._fields.ndim != 3 or self._fields.shape[1:] != active.shape:  # noqa: PLR2004
            raise ParameterError(
                f"rain.rates has shape {self._fields.shape}, but it must be (times, rows, columns) with rows and "
                f"columns {active.shape} as the terrain"
            )
        if len(rain.times) != len(self._fields):
            raise ParameterError(
                f"rain has {len(rain.times)} times and {len(self._fields)} rasters, but these must be as many"
            )
        if not (np.isfinite(self._fields[:, active]) & (self._fields[:, active] >= 0)).all():
            raise ParameterError("rain.rates has a value below 0 or not finite, but each must be at least 0 mm/h")
        means = self._fields[:, active].mean(axis=1, dtype=np.float64)
        super().__init__(list(zip(rain.times, means.tolist(), strict=True)))

    def field(self, time: float) -> npt.NDArray[np.float64]:
        """Return the rain (m/s) from ``time`` (s) onward, an array (rows, columns)."""
        index = self.number(time)
        if index < 0:
            return np.zeros(self._fields.shape[1:])
        field: npt.NDArray[np.float64] = np.nan_to_num(self._fields[index]) * np.float64(MILLIMETRE / HOUR)
        return field


def rainfall(rain: Sequence[tuple[float, float]] | RainField, active: npt.NDArray[np.bool_]) -> Hyetograph:
    """Return ``rain`` as the engine follows it; raises ``ParameterError``."""
    return GriddedRain(rain, active) if isinstance(rain, RainField) else Hyetograph(rain)


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
    """The state of the roofs of one kind during one calculation."""

    def __init__(self, roof: Roof) -> None:
        self.area = roof.area
        """m2."""
        self.room = roof.initial_loss * MILLIMETRE
        """m of initial loss that is still to be filled."""
        self.held = 0.0
        """m of water in the storage."""
        self._capacity, self._outflow = (rate * MILLIMETRE / HOUR for rate in (roof.capacity, roof.outflow))
        self._storage = roof.storage * MILLIMETRE

    def take(self, rain: Hyetograph, start: float, end: float) -> RoofShare:
        """Divide the rain from ``start`` to ``end`` (s), exact where it changes or the roof fills on the way."""
        stored = sewer = excess = 0.0
        for duration, rate in rain.pieces(start, end):
            fill = min(self.room, rate * duration)
            self.room -= fill
            rest = rate * duration - fill
            wetting = fill / rate if rate > 0 else 0.0
            held = self.held
            for seconds, leaving in self._leaves(wetting, 0.0), *self._pieces(duration - wetting, rest):
                carried = min(leaving, self._capacity) * seconds
                sewer, excess = sewer + carried, excess + leaving * seconds - carried
            stored += fill + self.held - held
        return RoofShare(stored, sewer, excess)

    def _pieces(self, seconds: float, depth: float) -> list[tuple[float, float]]:
        """Let ``depth`` (m) of rain come in ``seconds``; return how long (s) the roof gives how much (m/s)."""
        if seconds <= 0:
            return []
        rate = depth / seconds
        change = rate - self._outflow
        until_turn = (self._storage - self.held) / change if change > 0 else math.inf
        first = min(seconds, until_turn)
        return [self._leaves(first, rate), self._leaves(seconds - first, rate)]

    def _leaves(self, seconds: float, rate: float) -> tuple[float, float]:
        """Go on for ``seconds`` with rain of ``rate`` (m/s) while the storage does not become full on the way."""
        came = self.held + rate * seconds
        given = min(came, self._outflow * seconds)
        kept = min(came - given, self._storage)
        self.held = kept
        return seconds, (came - kept) / seconds if seconds > 0 else 0.0


def discharges(inflows: Sequence[Inflow], time: float) -> npt.NDArray[np.float64]:
    """Return the discharge (m3/s) of each inflow at ``time`` (s)."""
    return np.array([inflow.discharge(time) for inflow in inflows], dtype=np.float64)


def checked_inflow(inflow: Inflow, active: npt.NDArray[np.bool_], cell_size: float) -> Inflow:
    """Return ``inflow`` with the ``active`` cells (rows, columns) it reaches; raises ``ParameterError``."""
    mask = _inflow_cells(inflow.mask, active.shape, cell_size)
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
    return Inflow(mask & active, inflow.series)


def _inflow_cells(
    place: "npt.NDArray[np.bool_] | shapely.Geometry", shape: tuple[int, int], cell_size: float
) -> npt.NDArray[np.bool_]:
    """Return ``place`` as an array; a shape too small to hold the centre of a cell is the cell it lies in."""
    import shapely

    if not isinstance(place, shapely.Geometry):
        return np.asarray(place)
    rows, columns = shape
    inner = shapely.intersection(place, shapely.box(0, 0, columns * cell_size, rows * cell_size))
    if shapely.is_empty(inner):
        raise ParameterError(
            f"an inflow lies at {shapely.bounds(place).tolist()} m, but it must lie in the terrain, from 0 to "
            f"{columns * cell_size:g} m east and 0 to {rows * cell_size:g} m north of its south-west corner"
        )
    east = (np.arange(columns) + 0.5) * cell_size
    north = (np.arange(rows)[::-1] + 0.5) * cell_size
    mask = np.asarray(shapely.contains_xy(inner, east[None, :], north[:, None]))
    if not mask.any():
        point = shapely.point_on_surface(inner)
        row = min(max(rows - 1 - int(shapely.get_y(point) / cell_size), 0), rows - 1)
        mask[row, min(int(shapely.get_x(point) / cell_size), columns - 1)] = True
    return mask


def cells_of(
    place: "tuple[int, int] | shapely.Point", shape: tuple[int, int], cell_size: float
) -> tuple[int, int]:
    """Return row and column of a place; raises ``ParameterError`` outside the grid."""
    import shapely

    rows, columns = shape
    if isinstance(place, shapely.Point):
        row, column = rows - 1 - int(place.y // cell_size), int(place.x // cell_size)
    else:
        row, column = place
    if not (0 <= row < rows and 0 <= column < columns):
        raise ParameterError(
            f"a place is {place!s}, which is row {row}, column {column}, but the terrain has {rows} rows and"
            f" {columns} columns"
        )
    return row, column


def roof_ratio(roof: Roof, ratio: npt.NDArray[np.float64], cell_size: float) -> npt.NDArray[np.float64]:
    """Return ``ratio`` (rows, columns) such that all excess of ``roof`` arrives; raises ``ParameterError``."""
    for name in ("area", "capacity", "initial_loss", "storage", "outflow"):
        value = getattr(roof, name)
        if not (np.isfinite(value) and value >= 0):
            raise ParameterError(f"roof.{name} is {value!r}, but it must be a number of at least 0")
    drained = float(ratio.sum()) * cell_size**2
    if abs(drained - roof.area) > ROOF_TOLERANCE * max(roof.area, cell_size**2):
        raise ParameterError(
            f"roof.area is {roof.area:g} m2, but roof.ratio drains {drained:g} m2 of it to cells that hold water; "
            "these must be equal"
        )
    return ratio * (roof.area / drained) if drained > 0 else ratio
