"""Works during a calculation: after each interval they move water between cells, or out."""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.errors import ParameterError
from morgen.models.flood.engine.domain import Domain
from morgen.models.flood.rain import cells_of
from morgen.models.flood.works import Culvert, OpenWater, Place, Pump, Work

__all__ = ["Works"]

END_LOSSES: Final = 1.5
"""Of the velocity head, at the entrance (0.5) and the exit (1) of a culvert."""
GRAVITY: Final = 9.81
"""m/s2."""
HALF: Final = 0.5
"""Of what would level both sides, that a culvert moves at most in one interval, so that levels do not swing."""

SILL: Final = 0.1
"""m: how much higher than the end of a culvert ground may lie to be part of its mouth."""

Cell = tuple[int, int]
Stored = npt.NDArray[np.float32]
Mouth = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


class Works:
    """All works of a calculation; raises ``ParameterError`` when one lies outside the ground or cannot be."""

    def __init__(self, domain: Domain, works: Sequence[Work]) -> None:
        self._domain = domain
        self._area = domain.cell_size**2
        self._rows = domain.bands.stored_row
        makers: dict[type, Callable[[Any], Callable[[Stored, Stored, float], float]]] = {
            Culvert: self._culvert,
            Pump: self._pump,
            OpenWater: self._open_water,
        }
        self._moves = [makers[type(work)](work) for work in works]

    def move(self, depth: Stored, lost: Stored, seconds: float) -> float:
        """Move water for ``seconds``; return what left the area, in metres times cells."""
        return sum(move(depth, lost, seconds) for move in self._moves) / self._area

    # Each of these returns a move: (depth, lost, seconds) -> m3 that left the area.

    def _culvert(self, culvert: Culvert) -> Callable[[Stored, Stored, float], float]:
        for name in ("width", "height", "length", "manning"):
            _check(f"{name} of a culvert", getattr(culvert, name))
        ends = self._apart(self._mouth(culvert.start), self._mouth(culvert.end))
        beds = [self._domain.bed[end].astype(np.float64) + self._domain.lowest for end in ends]

        def move(depth: Stored, lost: Stored, seconds: float) -> float:
            waters = [_water(depth, lost, end) for end in ends]
            levels = [float((bed + water).mean()) for bed, water in zip(beds, waters, strict=True)]
            high = 0 if levels[0] >= levels[1] else 1
            flow = culvert_flow(culvert, high=levels[high], low=levels[1 - high])
            stands = float(waters[high].sum()) * self._area
            fall = levels[high] - max(levels[1 - high], float(beds[high].min()))
            even = 0.5 * fall * min(len(waters[0]), len(waters[1])) * self._area
            volume = min(flow * seconds, HALF * even, stands)
            if volume > 0:
                waters[high] *= 1 - volume / stands
                waters[1 - high] += volume / self._area / len(waters[1 - high])
                for end, water in zip(ends, waters, strict=True):
                    _store(depth, lost, end, water)
            return 0.0

        return move

    def _mouth(self, place: Place) -> Mouth:
        """Return the cells from which a culvert draws: that of its end, and those around it that lie as low."""
        row, column = self._checked(place)
        domain = self._domain
        cells = [
            (int(self._rows[row + down]), column + right + 1)
            for down in (-1, 0, 1)
            for right in (-1, 0, 1)
            if 0 <= row + down < domain.shape[0] and 0 <= column + right < domain.shape[1]
        ]
        low = float(domain.bed[self._rows[row], column + 1]) + SILL
        rows, columns = np.array([cell for cell in cells if domain.bed[cell] <= low], dtype=np.int64).T
        return rows, columns

    def _apart(self, one: Mouth, other: Mouth) -> tuple[Mouth, Mouth]:
        """Return both mouths without the cells that they share; raises ``ParameterError`` when none are left."""
        cells = [set(zip(*(part.tolist() for part in mouth), strict=True)) for mouth in (one, other)]
        own = [sorted(cells[0] - cells[1]), sorted(cells[1] - cells[0])]
        if not all(own):
            raise ParameterError("both ends of a culvert lie in the same water, but they must be some cells apart")
        first, second = (np.array(found, dtype=np.int64).T for found in own)
        return (first[0], first[1]), (second[0], second[1])

    def _pump(self, pump: Pump) -> Callable[[Stored, Stored, float], float]:
        _check("capacity of a pump", pump.capacity)
        cell = self._cell(pump.place)
        target = None if pump.to is None else self._cell(pump.to)

        def move(depth: Stored, lost: Stored, seconds: float) -> float:
            water = float(_water(depth, lost, cell))
            volume = min(pump.capacity * seconds, max(water - pump.on, 0.0) * self._area)
            self._add(depth, lost, cell, -volume)
            if target is None:
                return volume
            self._add(depth, lost, target, volume)
            return 0.0

        return move

    def _open_water(self, water: OpenWater) -> Callable[[Stored, Stored, float], float]:
        mask, shape = np.asarray(water.mask), self._domain.shape
        if (mask.shape, mask.dtype.name) != (shape, "bool"):
            raise ParameterError(
                f"the mask of open water is {mask.dtype} of shape {mask.shape}, but it must be bool of {shape}"
            )
        if not (water.capacity >= 0 and water.kept >= 0):
            raise ParameterError(
                f"open water has capacity {water.capacity!r} m3/s and keeps {water.kept!r} m, but both must be at"
                " least 0"
            )
        rows, columns = np.nonzero(mask & self._domain.active)
        places = self._rows[rows], columns + 1

        def move(depth: Stored, lost: Stored, seconds: float) -> float:
            stands = _water(depth, lost, places)
            surplus = np.maximum(stands - water.kept, 0.0)
            volume = float(surplus.sum()) * self._area
            if volume <= 0:
                return 0.0
            share = min(1.0, water.capacity * seconds / volume)
            _store(depth, lost, places, stands - share * surplus)
            return share * volume

        return move

    def _cell(self, place: Place) -> Cell:
        """Return where the cell of a place lies in memory."""
        row, column = self._checked(place)
        return int(self._rows[row]), column + 1

    def _checked(self, place: Place) -> Cell:
        """Return row and column of a place; raises ``ParameterError`` where no water can stand."""
        row, column = cells_of(place, self._domain.shape, self._domain.cell_size)
        if not self._domain.active[row, column]:
            raise ParameterError(
                f"a culvert or pump lies at row {row}, column {column}, but no water can stand there: it is"
                " blocked or outside the terrain"
            )
        return row, column

    def _add(self, depth: Stored, lost: Stored, cell: Cell, volume: float) -> None:
        _store(depth, lost, cell, _water(depth, lost, cell) + volume / self._area)


def _water(depth: Stored, lost: Stored, places: Any) -> Any:
    """Return the water (m) at places in memory, exactly."""
    return np.subtract(depth[places], lost[places], dtype=np.float64)


def _store(depth: Stored, lost: Stored, places: Any, water: Any) -> None:
    """Make ``water`` (m) that at places in memory, and keep apart what rounding adds."""
    depth[places] = water
    lost[places] = depth[places] - water


def culvert_flow(culvert: Culvert, *, high: float, low: float) -> float:
    """Return the discharge (m3/s) from the level ``high`` to ``low`` (m)."""
    floor = culvert.bottom
    wet = min(high - floor, culvert.height)
    head = high - max(low, floor)
    if wet <= 0 or head <= 0:
        return 0.0
    area = culvert.width * wet
    roof = culvert.width if wet >= culvert.height else 0.0
    radius = area / (culvert.width + 2 * wet + roof)
    friction = 2 * GRAVITY * culvert.manning**2 * culvert.length / radius ** (4 / 3)
    return area * math.sqrt(2 * GRAVITY * head / (END_LOSSES + friction))


def _check(name: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise ParameterError(f"the {name} is {value!r}, but it must be a number above 0")
