"""Time stepping of the inertial engine: from event to event, with a report at least every tenth of a second."""

# mypy: disable-error-code="no-untyped-call"
# (the kernels have no types of their own: numba infers them)

import math
import time as clock
from collections.abc import Callable, Sequence
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt

from morgen.models.flood.engine._flow import BUFFERS, LEVELS, MOST_FUSED, advance, share_rows
from morgen.models.flood.engine._physics import COURANT, SHORTEST_STEP, WALL, longest_step
from morgen.models.flood.engine.calculation import REPORT_EVERY, ProcessorCalculation
from morgen.models.flood.engine.domain import Domain
from morgen.models.flood.engine.surface import Forcing
from morgen.models.flood.rain import Inflow, discharges

__all__ = ["Stepper"]


TRY_OTHER_EVERY: Final = 100
"""Calls after which the dearer number of threads is tried again."""


class Pace:
    """Chooses the number of threads by what a step costs with one and with all; the answer does not depend on it.

    On a machine that others use too, a second thread that has to wait for its turn holds up the first: steps then
    take several times as long as with one thread.
    """

    def __init__(self, threads: int) -> None:
        self._costs = dict.fromkeys(sorted({1, threads}, reverse=True), 0.0)
        self._calls = 0

    @property
    def step_cost(self) -> float:
        """Wall seconds per step; a guess before the first."""
        return min(self._costs.values()) or 1e-3

    def choose(self) -> int:
        """Return the cheapest number of threads, or now and then the dearest, to see how it does now."""
        self._calls += 1
        pick = max if self._calls % TRY_OTHER_EVERY == 0 else min
        return pick(self._costs, key=lambda count: self._costs[count])

    def note(self, threads: int, cost: float) -> None:
        """Remember what a step cost (wall seconds), half of it new, half of it old."""
        before = self._costs[threads]
        self._costs[threads] = (before + cost) / 2 if before else cost


class Stepper(ProcessorCalculation):
    """A calculation with the local inertial equations."""

    name = "inertial"

    def __init__(
        self, domain: Domain, forcing: Forcing, *, depth: npt.NDArray[Any], thresholds: Sequence[float]
    ) -> None:
        super().__init__(domain, forcing, depth=depth, thresholds=thresholds)
        bands = domain.bands
        self._layout = bands.own, bands.copies
        self._state = self._depth, self._lost, bands.empty(), bands.empty()
        self._springs = _springs(domain, forcing.inflows)
        self._inflows = forcing.inflows
        self._edges, self._leaks = _edges(domain)
        self._sums = np.zeros((bands.count, 2))
        rows = np.zeros((bands.count * MOST_FUSED, BUFFERS, bands.stored_shape[1]), np.float32)
        rows[:, LEVELS:] = WALL
        self._work = rows.reshape(-1, rows.shape[-1]), self._sums
        self._pace = Pace(bands.count)
        self._speed = 0.0
        self._observe()
        self._peak = float(self._depth.max())

    @property
    def poured(self) -> float:
        """What inflows brought, in metres times cells."""
        return float(self._sums[:, 0].sum())

    @property
    def left(self) -> float:
        """What left over open edges, in metres times cells."""
        return float(self._sums[:, 1].sum())

    def _flow(self, target: float, report: Callable[[float], None]) -> None:
        start = self.time
        pour = discharges(self._inflows, start)
        slope = (discharges(self._inflows, np.nextafter(target, -np.inf)) - pour) / (target - start)
        longest = longest_step(self._peak, self._speed, self.domain.cell_size)
        if longest < SHORTEST_STEP:
            raise self._runaway(f"its time step fell below {SHORTEST_STEP} s")
        count = math.ceil((target - start) / longest)
        done = 0
        while done < count:
            most = min(count - done, max(MOST_FUSED, int(REPORT_EVERY / self._pace.step_cost)))
            self._advance(target - start, count, most, pour + slope * ((target - start) * done / count), slope)
            done += most
            self.time = target if done == count else start + (target - start) * done / count
            self.steps += most
            report(self.time)

    def _advance(
        self,
        interval: float,
        count: int,
        most: int,
        pour: npt.NDArray[np.float64],
        slope: npt.NDArray[np.float64],
    ) -> None:
        threads = self._pace.choose()
        numba.set_num_threads(threads)
        started = clock.perf_counter()
        advance(
            self._layout,
            self._state,
            (self.domain.bed, self.domain.friction, self.domain.crests),
            np.float32(self.domain.cell_size),
            interval,
            count,
            most,
            COURANT,
            self._springs,
            pour,
            slope,
            self._edges,
            self._leaks,
            self._work,
        )
        self._pace.note(threads, (clock.perf_counter() - started) / most)

    def _flows(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        return self._state[2], self._state[3]

    def _look(self) -> bool:
        depth, lost, qx, qy = self._state
        share_rows(self.domain.bands.copies, depth, lost, qx, qy)
        seen = self.surface.observe(depth, qx, qy, self.time)
        self._peak, self._speed = seen.moving_depth, seen.speed
        return seen.ran_away


def _springs(domain: Domain, inflows: Sequence[Inflow]) -> tuple[npt.NDArray[Any], ...]:
    """Return the cells that receive inflow by row in memory: starts, columns, inflow, m/s in it per m3/s."""
    cells = [np.argwhere(np.asarray(inflow.mask)) for inflow in inflows]
    every = np.concatenate([np.empty((0, 2), np.int64), *cells])
    number = np.repeat(np.arange(len(cells)), [len(found) for found in cells]).astype(np.int64)
    per_cell = np.concatenate(
        [np.empty(0), *(np.full(len(found), 1.0 / (len(found) * domain.cell_size**2)) for found in cells)]
    )
    starts, order = domain.bands.by_row(every[:, 0])
    return starts, every[order, 1] + 1, number[order], per_cell[order]


def _edges(domain: Domain) -> tuple[tuple[npt.NDArray[Any], ...], npt.NDArray[np.float32]]:
    """Return the open faces by row in memory, and room for what leaks over each."""
    starts, order = domain.bands.by_row(domain.edges[:, 0])
    columns, down, right = domain.edges[order, 1] + 1, domain.edges[order, 2], domain.edges[order, 3]
    return (starts, columns, down, right, domain.conveyance[order]), np.zeros(len(order), np.float32)
