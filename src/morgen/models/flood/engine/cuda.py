"""The inertial engine on a graphics card: the state stays there, and launches take many steps each.

The processor knows beforehand when forcings change, so it writes a plan of all intervals to the next output; how
many steps each takes the card decides. Between launches only four numbers travel back.
"""

# mypy: disable-error-code="no-untyped-call"
# (the kernels have no types of their own: numba infers them)

import time as clock
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from numba import cuda

from morgen.models.flood.engine._cuda import GOING, SUMS, THREADS, TOO_SHORT, advance, resident_blocks
from morgen.models.flood.engine._physics import SHORTEST_STEP
from morgen.models.flood.engine.calculation import REPORT_EVERY, RUNAWAY, Calculation, intervals
from morgen.models.flood.engine.domain import Domain
from morgen.models.flood.engine.surface import Forcing
from morgen.models.flood.rain import discharges
from morgen.models.flood.works import OpenWater

__all__ = ["CardStepper"]

FIRST_STEPS: Final = 16
"""Of the first launch, from which the number of the next follows."""

Array = npt.NDArray[Any]
Interval = tuple[float, float]


class CardStepper(Calculation):
    """A calculation with the local inertial equations on a graphics card; needs rows in one band."""

    name = "inertial"
    device = "cuda"

    def __init__(self, domain: Domain, forcing: Forcing, *, depth: Array, thresholds: Sequence[float]) -> None:
        super().__init__(domain, forcing, depth=depth, thresholds=thresholds)
        self._thresholds = np.asarray(thresholds, np.float32)
        self._flow = domain.bands.empty(), domain.bands.empty()
        self._sums = dict.fromkeys(SUMS, 0.0)
        self._speed = 0.0
        self._observe()
        self._peak = float(self._depth.max())
        self._card: _Card | None = None
        self._step_cost = 0.0

    @property
    def poured(self) -> float:
        """What inflows brought, in metres times cells."""
        return self._sums["poured"]

    @property
    def left(self) -> float:
        """What left over open edges, in metres times cells."""
        return self._sums["left"]

    def run_to(self, end: float, report: Callable[[float], None]) -> None:
        """Go to ``end`` (s); ``report(time)`` is called on the way. Raises ``UnstableError``."""
        card = self._card = self._card or self._carry()
        rain = self.surface.forcing.rain
        pieces = intervals(self.surface.forcing.events(), self.time, end)
        for _number, group in groupby(pieces, key=lambda piece: rain.number(piece[0]) if rain.gridded else 0):
            stretch = list(group)
            if rain.gridded:
                card.take_rain(self.domain.bands.store(rain.field(stretch[0][0])))
            self._follow(card, stretch, end, report)
        card.depth.copy_to_host(self._depth)

    def collect(self) -> None:
        """Bring home what the card remembers."""
        if self._card is None:
            return
        self._sums = self._card.bring_home(self._arrays())
        ledger = self.surface.ledger
        ledger.rain, ledger.wetted = self._sums["rain"], self._sums["wetted"]
        ledger.infiltrated, ledger.sewer = self._sums["infiltrated"], self._sums["sewer"]
        self.pumped = self._sums["pumped"]

    def _follow(
        self, card: "_Card", stretch: Sequence[Interval], end: float, report: Callable[[float], None]
    ) -> None:
        """Let the card take the intervals of a stretch without a change of rain fields."""
        table = np.array([self._row(start, target, end) for start, target in stretch])
        spills = [self.surface.spills(*interval) for interval in stretch]
        card.take_plan(table, self._pours(stretch), np.array(spills).reshape(len(stretch), -1))
        number = 0
        while number < len(stretch):
            started = clock.perf_counter()
            number, _done, taken, how = card.advance(self._most())
            self._step_cost = (clock.perf_counter() - started) / max(taken, 1)
            self.steps += taken
            self.time = stretch[number - 1][1] if number else stretch[0][0]
            if how != GOING:
                self.collect()
                short = f"its time step fell below {SHORTEST_STEP} s"
                raise self._runaway(short if how == TOO_SHORT else RUNAWAY)
            report(self.time)

    def _most(self) -> int:
        """Return the steps of a launch that takes about the time between two reports."""
        return max(FIRST_STEPS, int(REPORT_EVERY / self._step_cost)) if self._step_cost else FIRST_STEPS

    def _row(self, start: float, target: float, end: float) -> tuple[float, ...]:
        """Return an interval as the table of a plan has it."""
        surface = self.surface
        scale = target - start if surface.forcing.rain.gridded else float(surface.falls(start, target))
        unseen = -1.0
        if target == end or surface.is_due(target):
            unseen, surface.seen_at = target - surface.seen_at, target
        return start, target, scale, unseen

    def _pours(self, stretch: Sequence[Interval]) -> Array:
        """Return per interval and inflow its discharge at the start (m3/s) and how that changes (m3/s2)."""
        inflows = self.surface.forcing.inflows
        pours = np.zeros((len(stretch), len(inflows), 2))
        for number, (start, target) in enumerate(stretch):
            pours[number, :, 0] = discharges(inflows, start)
            rise = discharges(inflows, np.nextafter(target, -np.inf)) - pours[number, :, 0]
            pours[number, :, 1] = rise / (target - start)
        return pours

    def _carry(self) -> "_Card":
        card = _Card(self.domain, self.surface.forcing, self._arrays(), self._thresholds)
        card.seen.copy_to_device(np.array([0.0, self._peak, self._speed], np.float32))
        return card

    def _arrays(self) -> dict[str, tuple[Array, ...]]:
        """Return all that changes."""
        forcing, surface = self.surface.forcing, self.surface
        return {
            "state": (self._depth, self._lost, *self._flow),
            "memory": (forcing.room, forcing.soaked, forcing.held),
            "watched": (surface.watch, surface.durations),
        }

    def _flows(self) -> tuple[Array, Array]:
        return self._flow

    def _look(self) -> bool:
        """Look on the processor, where the water is before the first step."""
        seen = self.surface.observe(self._depth, *self._flow, self.time)
        self._peak, self._speed = seen.moving_depth, seen.speed
        return seen.ran_away


class _Card:
    """What lies in the memory of the card."""

    def __init__(
        self, domain: Domain, forcing: Forcing, arrays: dict[str, tuple[Array, ...]], thresholds: Array
    ) -> None:
        width = domain.bands.stored_shape[1]
        rain = domain.bands.empty() if forcing.rain.gridded else np.ones((1, width), np.float32)
        fields = (
            rain,
            _stacked(forcing.roof_ratios, width),
            forcing.infiltration,
            forcing.suction,
            forcing.sewer,
            forcing.store,
            forcing.emptying,
        )
        first, last, _, _ = domain.bands.own[0].tolist()
        self._size = first, last, domain.shape[1]
        self._each = tuple(int(field.shape[-2] > 1) for field in (*fields, *arrays["memory"], domain.friction))
        self._cell_size = domain.cell_size
        self._changing = {name: _moved(parts) for name, parts in arrays.items()}
        self._ground = _moved((domain.bed, domain.friction))
        self._fields = _moved(fields)
        self._spare = _moved([domain.bands.empty() for _ in range(3)])
        self._thresholds = cuda.to_device(thresholds)
        self._lists = _lists(domain, forcing, first)
        self._course = cuda.to_device(np.zeros(4, np.int64))
        self.seen = cuda.to_device(np.zeros(3, np.float32))
        self._sums: Any = cuda.to_device(np.zeros((THREADS, len(SUMS))))
        self._plan = _moved((np.zeros((1, 4)), np.zeros((1, 1, 2)), np.zeros((1, 1))))
        self._blocks = resident_blocks(self._arguments(0))
        self._sums = cuda.to_device(np.zeros((self._blocks * THREADS, len(SUMS))))

    @property
    def depth(self) -> Any:
        """Where the depth lies."""
        return self._changing["state"][0]

    def take_rain(self, rain: Array) -> None:
        """Let ``rain`` (m/s) fall from now on."""
        self._fields[0].copy_to_device(rain)

    def take_plan(self, table: Array, pours: Array, spills: Array) -> None:
        """Follow a plan from its start."""
        self._plan = _moved((table, pours, spills))
        self._course.copy_to_device(np.zeros(4, np.int64))

    def advance(self, most: int) -> tuple[int, ...]:
        """Take at most ``most`` steps; return interval, steps done in it, steps taken, and how it ended."""
        advance[self._blocks, THREADS](*self._arguments(most))
        return tuple(self._course.copy_to_host().tolist())

    def bring_home(self, arrays: dict[str, tuple[Array, ...]]) -> dict[str, float]:
        """Copy all that changes to ``arrays``; return the sums."""
        for name, parts in arrays.items():
            for there, here in zip(self._changing[name], parts, strict=True):
                there.copy_to_host(here)
        return dict(zip(SUMS, self._sums.copy_to_host().sum(axis=0).tolist(), strict=True))

    def _arguments(self, most: int) -> tuple[Any, ...]:
        watched = *self._changing["watched"], self._thresholds
        state, memory = self._changing["state"], self._changing["memory"]
        return (
            most,
            self._cell_size,
            self._size,
            self._each,
            self._course,
            self._plan,
            state,
            self._spare,
            self._ground,
            self._fields,
            memory,
            self._lists,
            watched,
            self._sums,
            self.seen,
        )


def _moved(arrays: Iterable[Array]) -> tuple[Any, ...]:
    return tuple(cuda.to_device(np.ascontiguousarray(array)) for array in arrays)


def _stacked(fields: Sequence[Array], width: int) -> Array:
    """Return fields of one row or of all rows as one array; shape (fields, rows, columns)."""
    if not fields:
        return np.zeros((0, 1, width), np.float32)
    return np.stack(np.broadcast_arrays(*fields))


def _lists(domain: Domain, forcing: Forcing, first: int) -> tuple[Any, ...]:
    """Return springs, edges, what leaks over each, and open water, cell by cell."""
    masks = [np.argwhere(np.asarray(inflow.mask)) for inflow in forcing.inflows]
    counts = [len(found) for found in masks]
    spread = [np.full(count, 1.0 / (count * domain.cell_size**2)) for count in counts]
    springs = _by_cell(
        _joined(masks, 2), first, np.repeat(np.arange(len(masks)), counts), np.concatenate([np.empty(0), *spread])
    )
    edges = _by_cell(domain.edges[:, :2], first, domain.edges[:, 2:], domain.conveyance)
    leaks = np.zeros(max(len(domain.edges), 1), np.float32)
    waters = [work for work in forcing.works if isinstance(work, OpenWater)]
    places = [np.argwhere(np.asarray(water.mask) & domain.active) for water in waters]
    bounds = np.cumsum([0, *(len(found) for found in places)])
    levels = [
        (start, stop, water.kept, water.capacity)
        for water, start, stop in zip(waters, bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
    ]
    return (
        _moved(springs),
        _moved(edges),
        cuda.to_device(leaks),
        cuda.to_device(_joined(places, 2) + np.array([first, 1])),
        cuda.to_device(np.array(levels, dtype=np.float64).reshape(-1, 4)),
        cuda.to_device(np.zeros(max(len(levels), 1))),
    )


def _joined(parts: Sequence[Array], columns: int) -> Array:
    return np.concatenate([np.empty((0, columns), np.int64), *parts])


def _by_cell(cells: Array, first: int, *values: Array) -> tuple[Array, ...]:
    """Return the cells in memory, each once, where the entries of each begin, and ``values`` in that order."""
    order = np.lexsort((cells[:, 1], cells[:, 0]))
    once, begins = np.unique(cells[order], axis=0, return_index=True)
    starts = np.append(begins, len(cells)).astype(np.int64)
    return once.astype(np.int64).reshape(-1, 2) + np.array([first, 1]), starts, *(value[order] for value in values)
