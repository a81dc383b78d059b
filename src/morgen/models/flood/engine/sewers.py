"""Sewer districts during a calculation: after each interval they take water, lose it and give it back."""

# mypy: disable-error-code="no-untyped-call"
# (the kernels have no types of their own: numba infers them)

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.errors import ParameterError
from morgen.models.flood.engine._sewers import ask, take
from morgen.models.flood.engine.domain import Domain
from morgen.models.flood.rain import cells_of
from morgen.models.flood.sewers import SewerDistrict, SewerVolumes

__all__ = ["Drainage", "Sewers", "make_drainage"]

CLOSE: Final = 1 + 1e-6
"""More than rounding to single precision adds to what gullies take."""

Stored = npt.NDArray[np.float32]
Volumes = npt.NDArray[np.float64]
Places = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


@dataclass(frozen=True, eq=False)
class Drainage:
    """The districts of a calculation, ready for it; fields are as they lie in memory."""

    number: npt.NDArray[np.int16]
    """District of each cell, from 1; 0 for none."""
    inlets: Stored
    """What the gullies of a cell take, m/s; one row when it is the same everywhere."""
    asked: Volumes
    """What all gullies of each district take at most, m3/s."""
    roof_shares: Volumes
    """Part of each kind of roof that drains to each district, 0 to 1; shape (kinds, districts)."""
    storage: Volumes
    """m3."""
    pump: Volumes
    """m3/s."""
    overflow: Volumes
    """m3/s."""
    outlets: tuple[Places | None, ...]
    """Cell where what overflows comes out; None for out of the area."""
    gullies: tuple[Places, ...]
    """Cells through which water comes back."""


def make_drainage(
    domain: Domain,
    districts: Sequence[SewerDistrict],
    capacity: npt.NDArray[Any],
    ratios: Sequence[npt.NDArray[np.float64]],
) -> tuple[Drainage | None, npt.NDArray[Any]]:
    """Return the districts ready for use, and the ``capacity`` (m/s) of cells outside all of them.

    ``capacity`` is one number or (rows, columns), as are ``ratios`` (of each kind of roof, what spills onto each
    cell). Raises ``ParameterError`` for districts that cannot be.
    """
    if not districts:
        return None, capacity
    number = _numbers(districts, domain)
    drains = np.broadcast_to(capacity, domain.shape) > 0
    area = domain.cell_size**2
    belongs = [(number == place) & domain.active for place in range(1, len(districts) + 1)]
    drainage = Drainage(
        number=domain.bands.store(number, dtype=np.int16),
        inlets=domain.bands.store_field(capacity),
        asked=np.array([np.broadcast_to(capacity, domain.shape)[cells].sum() * area for cells in belongs]),
        roof_shares=np.array([_shares(ratio, belongs) for ratio in ratios]).reshape(-1, len(districts)),
        storage=np.array([_checked("storage", district.storage, "m3") for district in districts]),
        pump=np.array([_checked("pump", district.pump, "m3/s") for district in districts]),
        overflow=np.array([_checked("overflow", district.overflow, "m3/s") for district in districts]),
        outlets=tuple(_outlet(district, domain) for district in districts),
        gullies=tuple(
            _gullies(district, cells & drains, domain) for district, cells in zip(districts, belongs, strict=True)
        ),
    )
    outside = np.where(number > 0, 0.0, capacity)
    return drainage, outside if outside.any() else np.asarray(0.0)


class Sewers:
    """The stores of all districts of a calculation; without districts nothing happens."""

    def __init__(self, domain: Domain, drainage: Drainage | None) -> None:
        self._domain = domain
        self._area = domain.cell_size**2
        self._drainage = drainage
        count = len(drainage.storage) if drainage else 0
        self._sums = np.zeros((domain.bands.stored_shape[0] if drainage else 0, count))
        self._start = np.zeros(count)
        self.stored = np.zeros(count)
        """m3 in each district."""
        self._went = np.zeros((5, count))  # taken, roofs, pumped, overflow, returned
        self.back = 0.0
        """What came back onto the grid through gullies and overflows, m3."""

    def resume(self, stored: Volumes) -> None:
        """Go on with ``stored`` m3 in each district; raises ``ParameterError`` when there are others."""
        if stored.shape != self.stored.shape:
            raise ParameterError(
                f"start has {stored.size} sewer districts, but the calculation has {self.stored.size}"
            )
        self.stored[:] = self._start[:] = stored

    def volumes(self) -> tuple[SewerVolumes, ...]:
        """Return what became of the water of each district."""
        taken, roofs, pumped, overflow, returned = self._went.tolist()
        kept = (self.stored - self._start).tolist()
        return tuple(
            SewerVolumes(*values) for values in zip(taken, roofs, kept, pumped, overflow, returned, strict=True)
        )

    def move(self, depth: Stored, lost: Stored, seconds: float, roofs: Volumes) -> None:
        """Let the districts act for ``seconds``, in which each kind of roof brings ``roofs`` m3 to sewers."""
        drainage = self._drainage
        if drainage is None:
            return
        brought = roofs @ drainage.roof_shares
        ways_out = (drainage.pump + drainage.overflow) * seconds
        room = drainage.storage - self.stored - brought + ways_out
        taken = self._take(drainage, depth, lost, seconds, np.maximum(room, 0.0))
        returned = self._give_all(depth, lost, drainage.gullies, np.maximum(-room, 0.0))
        held = self.stored + brought + taken - returned
        pumped = np.minimum(held, drainage.pump * seconds)
        overflow = np.clip(held - pumped - drainage.storage, 0.0, drainage.overflow * seconds)
        inside = self._give_all(depth, lost, drainage.outlets, overflow)
        self.back += float(returned.sum() + inside.sum())
        self.stored = held - pumped - overflow
        self._went += taken, brought, pumped, overflow, returned

    def _take(self, drainage: Drainage, depth: Stored, lost: Stored, seconds: float, room: Volumes) -> Volumes:
        """Take through gullies what there is ``room`` (m3) for, of each cell the same share; return it (m3)."""
        own, fields = self._domain.bands.own, (drainage.number, drainage.inlets)
        share = np.ones_like(room)
        tight = room < drainage.asked * (seconds * CLOSE)
        if tight.any():
            ask(own, depth, lost, *fields, seconds, self._sums)
            asked = self._summed()
            np.divide(room, asked, out=share, where=tight & (asked > room))
        if not share.any():
            return share
        take(own, depth, lost, *fields, seconds, share, self._sums)
        return self._summed()

    def _summed(self) -> Volumes:
        """Return the sums over all rows, in the order of the grid, m3."""
        summed: Volumes = self._sums[self._domain.bands.stored_row].sum(axis=0) * self._area
        return summed

    def _give_all(self, depth: Stored, lost: Stored, places: Sequence[Places | None], volumes: Volumes) -> Volumes:
        """Put the volume (m3) of each district on its ``places``, if any; return what was really put there."""
        return np.array(
            [
                self._give(depth, lost, cells, volume) if cells is not None and volume > 0 else 0.0
                for cells, volume in zip(places, volumes.tolist(), strict=True)
            ]
        )

    def _give(self, depth: Stored, lost: Stored, places: Places, volume: float) -> float:
        """Put ``volume`` (m3) on ``places``, where water stands lowest; return what was really put there.

        A full sewer has one pressure level: water comes out where the ground and the water on it lie lowest, until
        it stands equally high in all the gullies that it comes out of.
        """
        bed = self._domain.bed[places].astype(np.float64)
        water = np.subtract(depth[places], lost[places], dtype=np.float64)
        rise = np.maximum(_level(bed + water, volume / self._area) - (bed + water), 0.0)
        depth[places] = water + rise
        lost[places] = depth[places] - (water + rise)
        return float(rise.sum()) * self._area


def _level(levels: npt.NDArray[np.float64], amount: float) -> float:
    """Return the level to which ``amount`` (m times cells) fills cells that stand at ``levels``."""
    level = float(levels.min()) + amount
    low = levels[levels < level]
    while True:  # Newton on a convex function, from above: every step but the last leaves out a cell
        surplus = float((level - low).sum()) - amount
        lower = level - surplus / low.size
        rest = low[low < lower]
        if rest.size == low.size or not rest.size:
            return lower
        level, low = lower, rest


def _shares(ratio: npt.NDArray[np.float64], belongs: Sequence[npt.NDArray[np.bool_]]) -> list[float]:
    """Return which part of the roofs that spill by ``ratio`` does so in the cells of each district."""
    total = float(ratio.sum())
    return [float(ratio[cells].sum()) / total if total > 0 else 0.0 for cells in belongs]


def _numbers(districts: Sequence[SewerDistrict], domain: Domain) -> npt.NDArray[np.int16]:
    numbers = np.zeros(domain.shape, np.int16)
    for place, district in enumerate(districts, start=1):
        mask = _mask("mask", district.mask, domain.shape)
        if (numbers[mask] > 0).any():
            row, column = np.argwhere(mask & (numbers > 0))[0]
            raise ParameterError(
                f"the cell at row {row}, column {column} is in two sewer districts, but it must be in one at most"
            )
        numbers[mask] = place
    return numbers


def _mask(name: str, mask: npt.ArrayLike, shape: tuple[int, int]) -> npt.NDArray[np.bool_]:
    cells = np.asarray(mask)
    if cells.shape != shape or cells.dtype != np.bool_:
        raise ParameterError(
            f"the {name} of a sewer district is {cells.dtype} of shape {cells.shape}, but it must be bool of"
            f" {shape}"
        )
    return cells


def _checked(name: str, value: float, unit: str) -> float:
    if not (math.isfinite(value) and value >= 0):
        raise ParameterError(
            f"the {name} of a sewer district is {value!r} {unit}, but it must be a number of at least 0"
        )
    return float(value)


def _outlet(district: SewerDistrict, domain: Domain) -> Places | None:
    if district.overflow_to is None:
        return None
    if isinstance(district.overflow_to, np.ndarray):
        rows, columns = np.nonzero(_mask("overflow_to", district.overflow_to, domain.shape) & domain.active)
        if not rows.size:
            raise ParameterError("a sewer district overflows onto no cell on which water can stand")
        return domain.bands.stored_row[rows], columns + 1
    row, column = cells_of(district.overflow_to, domain.shape, domain.cell_size)
    if not domain.active[row, column]:
        raise ParameterError(
            f"a sewer district overflows at row {row}, column {column}, but no water can stand there: it is"
            " blocked or outside the terrain"
        )
    return domain.bands.stored_row[[row]], np.array([column + 1])


def _gullies(district: SewerDistrict, drained: npt.NDArray[np.bool_], domain: Domain) -> Places:
    """Return where the gullies of a district lie in memory; those of ``drained`` cells unless it names others."""
    if district.gullies is not None:
        drained = _mask("gullies", district.gullies, domain.shape) & domain.active
    rows, columns = np.nonzero(drained)
    if not rows.size:
        raise ParameterError(
            "a sewer district has no gully on open ground, but it must have at least one, or a cell with a"
            " capacity (losses) that drains into it"
        )
    return domain.bands.stored_row[rows], columns + 1
