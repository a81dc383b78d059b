"""What every engine does: go from event to event, let the surface act, and look at the water."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.errors import ParameterError, UnstableError
from morgen.models.flood.engine._surface import TOO_FAST
from morgen.models.flood.engine.domain import Domain
from morgen.models.flood.engine.sewers import Sewers
from morgen.models.flood.engine.surface import Forcing, Surface
from morgen.models.flood.engine.works import Works

if TYPE_CHECKING:
    from morgen.models.flood.simulation import FloodState

__all__ = ["REPORT_EVERY", "RUNAWAY", "Calculation", "ProcessorCalculation", "intervals"]

RUNAWAY: Final = f"water was deeper than 10 km or faster than {TOO_FAST:g} m/s"
LONGEST_INTERVAL: Final = 2.0
"""s between two applications of rain and losses; 70 mm/h gives 0.04 mm in it."""
REPORT_EVERY: Final = 0.05
"""s of wall time between two reports of progress, as far as whole steps allow."""


class Calculation(ABC):
    """The state of one calculation; engines say how water flows."""

    name: str
    """Of the engine."""
    device: str = "cpu"
    """What it computes on."""

    def __init__(
        self, domain: Domain, forcing: Forcing, *, depth: npt.NDArray[Any], thresholds: Sequence[float]
    ) -> None:
        self.domain = domain
        self.surface = Surface(domain, forcing, thresholds=thresholds)
        self.works = Works(domain, forcing.works)
        self.sewers = Sewers(domain, forcing.drainage)
        self.pumped = 0.0
        """What works took out of the area, in metres times cells."""
        self.time = 0.0
        self.steps = 0
        bands = domain.bands
        wet = np.where(domain.active, depth, 0.0)
        self._depth = bands.store(wet)
        self._lost = bands.store(bands.grid(self._depth) - wet)

    @property
    @abstractmethod
    def poured(self) -> float:
        """What inflows brought, in metres times cells."""

    @property
    @abstractmethod
    def left(self) -> float:
        """What left over open edges, in metres times cells."""

    @abstractmethod
    def run_to(self, end: float, report: Callable[[float], None]) -> None:
        """Go to ``end`` (s); ``report(time)`` is called on the way. Raises ``UnstableError``."""

    @abstractmethod
    def _look(self) -> bool:
        """Remember extremes and choose the next steps; return whether the calculation ran away."""

    @abstractmethod
    def _flows(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return the flow to the east and to the south (m2/s) as it lies in memory; views."""

    def state(self) -> "FloodState":
        """Return all that is needed to go on."""
        from morgen.models.flood.simulation import FloodState

        grid, forcing = self.domain.bands.grid, self.surface.forcing
        fields = forcing.room, forcing.soaked, forcing.held
        return FloodState(
            time=self.time,
            engine=self.name,
            depth=grid(self._depth),
            lost=grid(self._lost),
            flow=np.stack([grid(flow) for flow in self._flows()]).astype(np.float32),
            memory=tuple(grid(field) if len(field) > 1 else np.empty((0, 0), np.float32) for field in fields),
            roofs=np.array([(roof.room, roof.held) for roof in forcing.roofs]).reshape(-1, 2),
            due=self.surface.due,
            sewers=self.sewers.stored.copy(),
        )

    def resume(self, state: "FloodState") -> None:
        """Go on from ``state``, whose depth is there already."""
        bands, forcing = self.domain.bands, self.surface.forcing
        self._lost[:] = bands.store(state.lost)
        for flow, stored in zip(self._flows(), state.flow, strict=True):
            flow[:] = bands.store(stored, dtype=flow.dtype)
        for field, stored in zip((forcing.room, forcing.soaked, forcing.held), state.memory, strict=True):
            if (len(field) > 1) != bool(stored.size):
                raise ParameterError(
                    "start is of a calculation with other initial losses, soil or sewers, but these must be alike"
                )
            if stored.size:
                field[:] = bands.store(stored)
        self.sewers.resume(state.sewers)
        if len(forcing.roofs) != len(state.roofs):
            raise ParameterError(
                f"start is of a calculation with {len(state.roofs)} kinds of roof, but this one has"
                f" {len(forcing.roofs)}"
            )
        for roof, (room, held) in zip(forcing.roofs, state.roofs.tolist(), strict=True):
            roof.room, roof.held = room, held
        self.time = state.time
        self.surface.resume(state.time, state.due)
        self._observe()

    @property
    def depth(self) -> npt.NDArray[np.float32]:
        """Water depth now (m), shape (rows, columns); a copy."""
        return self.domain.bands.grid(self._depth)

    def collect(self) -> None:  # noqa: B027 - nothing to do where all is at home
        """Bring home what is remembered of the water; the time for it is after the last step."""

    def depth_sum(self) -> float:
        """Return the sum (m) of the depths of all cells, with what rounding kept apart."""
        rows = self.domain.bands.stored_row
        return math.fsum(
            float(self._depth[row].sum(dtype=np.float64) - self._lost[row].sum(dtype=np.float64))
            for row in rows.tolist()
        )

    def _observe(self) -> None:
        if self._look():
            raise self._runaway(RUNAWAY)

    def _runaway(self, problem: str) -> UnstableError:
        return self.surface.runaway(self.depth, self.time, problem)


class ProcessorCalculation(Calculation):
    """A calculation whose water lies in the memory of the processor: the surface acts after each interval."""

    @abstractmethod
    def _flow(self, target: float, report: Callable[[float], None]) -> None:
        """Let water flow to ``target`` (s)."""

    def run_to(self, end: float, report: Callable[[float], None]) -> None:
        """Go to ``end`` (s); ``report(time)`` is called on the way. Raises ``UnstableError``."""
        for start, target in intervals(self.surface.forcing.events(), self.time, end):
            self._flow(target, report)
            self.surface.settle(self._depth, self._lost, start, target)
            self.sewers.move(self._depth, self._lost, target - start, self.surface.piped)
            self.pumped += self.works.move(self._depth, self._lost, target - start)
            if target == end or self.surface.is_due(target):
                self._observe()


def intervals(events: set[float], begin: float, end: float) -> Iterator[tuple[float, float]]:
    """Yield (start, end) of pieces from ``begin`` to ``end`` (s), none across an event or longer than allowed."""
    stops = sorted({begin, end, *(event for event in events if begin < event < end)})
    for start, stop in pairwise(stops):
        count = max(1, math.ceil((stop - start) / LONGEST_INTERVAL - 1e-9))
        times = [start + (stop - start) * number / count for number in range(count)]
        yield from pairwise([*times, stop])
