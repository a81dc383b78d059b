"""Time stepping: from event to event, with a report at least every tenth of a second."""

# mypy: disable-error-code="no-untyped-call"
# (the kernels have no types of their own: numba infers them)

import math
import time as clock
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from morgen.core.errors import UnstableError
from morgen.models.flood.engine._flow import SHORTEST_STEP, advance
from morgen.models.flood.engine._surface import NEVER, TOO_FAST, settle
from morgen.models.flood.engine.domain import Domain, padded
from morgen.models.flood.rain import Hyetograph, Inflow, RoofWater, discharges

__all__ = ["Forcing", "Stepper"]

COURANT: Final = 0.6
"""Wave speed times step over cell size.

In two dimensions the chequerboard, the shortest wave that a grid can hold, grows above sqrt((1 - 2 mix) / 2),
which is 0.63 for the largest mixing of a face with its neighbours. At 0.7 deep courtyards boil, and their noise
dictates the time step until the calculation runs away.
"""
LONGEST_INTERVAL: Final = 2.0
"""s between two applications of rain and losses; 70 mm/h gives 0.04 mm in it."""
TRY_OTHER_EVERY: Final = 100
"""Calls after which the dearer number of threads is tried again."""
REPORT_EVERY: Final = 0.05
"""s of wall time between two reports of progress, as far as whole steps allow."""


@dataclass(frozen=True, eq=False)
class Forcing:
    """What happens to the water of each cell; arrays are padded float32."""

    rain: Hyetograph
    roofs: RoofWater
    inflows: Sequence[Inflow]
    rain_share: npt.NDArray[np.float32]
    roof_ratio: npt.NDArray[np.float32]
    infiltration: npt.NDArray[np.float32]
    """m/s."""
    sewer: npt.NDArray[np.float32]
    """m/s."""

    def events(self) -> set[float]:
        """Return the times (s) at which a forcing changes its course."""
        return {*self.rain.times, *(time for inflow in self.inflows for time, _ in inflow.series)}


@dataclass
class Ledger:
    """Volumes so far; those of the ground in metres times cells, those of the roofs in metres over the roofs."""

    rain: float = 0.0
    roof_rain: float = 0.0
    infiltrated: float = 0.0
    sewer: float = 0.0
    roof_sewer: float = 0.0
    roof_stored: float = 0.0
    poured: float = 0.0
    drained: float = 0.0


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


class Stepper:
    """The state of one calculation."""

    def __init__(
        self,
        domain: Domain,
        forcing: Forcing,
        *,
        depth: npt.NDArray[np.float64],
        room: npt.NDArray[np.float64],
        thresholds: Sequence[float],
        threads: int,
    ) -> None:
        self.domain = domain
        self.forcing = forcing
        self.time = 0.0
        self.steps = 0
        self.ledger = Ledger()
        shape = domain.bed.shape
        self._state = [padded(depth), *(np.zeros(shape, np.float32) for _ in range(5))]
        self._lost = padded(domain.inner(self._state[0]) - depth)
        self._room = padded(room)
        self.watch = tuple(np.zeros(shape, np.float32) for _ in range(3))
        self.watch[1][:] = NEVER
        self.durations = np.zeros((len(thresholds), *shape), np.float32)
        self._thresholds = np.asarray(thresholds, np.float32)
        bands = min(threads, domain.shape[0])
        self._work = np.zeros((bands, 7, shape[1]), np.float32), np.zeros(bands, np.int32)
        self._settle_work = np.zeros((bands, 3)), np.zeros((bands, shape[1]))
        self._springs, self._spring_of, self._per_cell = _spring_cells(domain, forcing.inflows)
        self._peak = float(depth.max())
        self._pace = Pace(bands)
        self._settle(0.0, 0.0)

    @property
    def depth(self) -> npt.NDArray[np.float32]:
        """Water depth now (m), not padded; a view."""
        view: npt.NDArray[np.float32] = self.domain.inner(self._state[0])
        return view

    def depth_sum(self) -> float:
        """Return the sum (m) of the depths of all cells, with what rounding kept apart."""
        exact = self._state[0].astype(np.float64) - self._lost
        return math.fsum(exact.sum(axis=1).tolist())

    def room_sum(self) -> float:
        """Return the initial loss (m, sum over cells) that is still to be filled."""
        return float(self._room.sum(dtype=np.float64))

    def run_to(self, end: float, report: Callable[[float], None]) -> None:
        """Go to ``end`` (s); ``report(time)`` is called on the way. Raises ``UnstableError``."""
        stops = sorted({event for event in self.forcing.events() if self.time < event < end} | {end})
        for stop in stops:
            begin = self.time
            count = max(1, math.ceil((stop - begin) / LONGEST_INTERVAL - 1e-9))
            for number in range(1, count + 1):
                target = stop if number == count else begin + (stop - begin) * number / count
                start = self.time
                self._flow_to(target, report)
                self._settle(start, target)

    def _flow_to(self, target: float, report: Callable[[float], None]) -> None:
        pour = discharges(self.forcing.inflows, self.time)
        slope = (discharges(self.forcing.inflows, np.nextafter(target, -np.inf)) - pour) / (target - self.time)
        begin = self.time
        while self.time < target:
            now = pour + slope * (self.time - begin)
            self._advance(target, now[self._spring_of] * self._per_cell, slope[self._spring_of] * self._per_cell)
            report(self.time)

    def _advance(self, target: float, pour: npt.NDArray[np.float64], slope: npt.NDArray[np.float64]) -> None:
        threads = self._pace.choose()
        numba.set_num_threads(threads)
        started = clock.perf_counter()
        at, steps, self._peak, poured, drained = advance(
            tuple(self._state),
            self._lost,
            self.domain.bed,
            self.domain.friction,
            np.float32(self.domain.cell_size),
            self.time,
            target,
            max(1, int(REPORT_EVERY / self._pace.step_cost)),
            COURANT,
            self._peak,
            self._springs,
            pour,
            slope,
            self.domain.edges,
            self.domain.conveyance,
            self._work,
        )
        if steps % 2:
            h, h_next, qx, qx_next, qy, qy_next = self._state
            self._state = [h_next, h, qx_next, qx, qy_next, qy]
        if not steps:
            raise self._runaway(f"its time step fell below {SHORTEST_STEP} s")
        self._pace.note(threads, (clock.perf_counter() - started) / steps)
        self.time, self.steps = float(at), self.steps + int(steps)
        self.ledger.poured += poured
        self.ledger.drained += drained

    def _settle(self, start: float, end: float) -> None:
        rain = self.forcing.rain.depth(start, end)
        roofs = self.forcing.roofs.take(self.forcing.rain, start, end)
        infiltrated, sewer, ran_away = settle(
            (self._state[0], self._state[2], self._state[4]),
            self._lost,
            self._room,
            (self.forcing.rain_share, self.forcing.roof_ratio, self.forcing.infiltration, self.forcing.sewer),
            rain,
            roofs.excess,
            end - start,
            end,
            self.watch,
            self.durations,
            self._thresholds,
            self._settle_work,
        )
        ledger = self.ledger
        ledger.rain += rain
        ledger.roof_rain += roofs.stored + roofs.sewer + roofs.excess
        ledger.roof_sewer += roofs.sewer
        ledger.roof_stored += roofs.stored
        ledger.infiltrated += infiltrated
        ledger.sewer += sewer
        if ran_away:
            raise self._runaway(f"water was deeper than 10 km or faster than {TOO_FAST:g} m/s")

    def _runaway(self, problem: str) -> UnstableError:
        speed = self.domain.inner(self.watch[2])
        depth = self.depth
        suspect = np.where(np.isfinite(depth) & np.isfinite(speed), np.maximum(speed, depth / 1e3), np.inf)
        row, column = np.unravel_index(int(suspect.argmax()), suspect.shape)
        return UnstableError(
            f"the calculation ran away at row {row}, column {column} after {self.time:.1f} s: {problem}; "
            "look at the terrain and the roughness there"
        )


def _spring_cells(
    domain: Domain, inflows: Sequence[Inflow]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the cells that receive inflow (padded), the inflow of each, and m/s in it per m3/s."""
    cells = [np.argwhere(np.asarray(inflow.mask) & domain.active) + 1 for inflow in inflows]
    number = np.repeat(np.arange(len(cells)), [len(found) for found in cells])
    share = [np.full(len(found), 1.0 / (len(found) * domain.cell_size**2)) for found in cells]
    empty = np.empty((0, 2), np.int64)
    return np.concatenate([empty, *cells]), number.astype(np.int64), np.concatenate([np.empty(0), *share])
