"""Time stepping of the finite-volume engine."""

# mypy: disable-error-code="no-untyped-call"
# (the kernels have no types of their own: numba infers them)

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt

from morgen.models.flood.engine._finite_volume import DRY, fastest, step
from morgen.models.flood.engine._physics import GRAVITY, SHALLOW, SHORTEST_STEP
from morgen.models.flood.engine.calculation import ProcessorCalculation
from morgen.models.flood.engine.domain import Domain
from morgen.models.flood.engine.surface import Forcing
from morgen.models.flood.rain import discharges

__all__ = ["FiniteVolumes"]

COURANT: Final = 0.45
"""Speed of waves times step over cell size; above 0.5 linear reconstruction may make a depth negative."""


class FiniteVolumes(ProcessorCalculation):
    """A calculation with the shallow-water equations, in double precision; needs rows in one band."""

    name = "fv2"

    def __init__(
        self, domain: Domain, forcing: Forcing, *, depth: npt.NDArray[Any], thresholds: Sequence[float]
    ) -> None:
        super().__init__(domain, forcing, depth=depth, thresholds=thresholds)
        shape = domain.bands.stored_shape
        self._u = np.zeros((3, *shape))
        self._spare = np.zeros((3, *shape))
        self._work = np.zeros((2, *shape)), np.zeros((8, *shape)), np.zeros((8, *shape)), np.ones(shape)
        self._ground = domain.exact_bed(), domain.friction.astype(np.float64), domain.crests.astype(np.float64)
        first, last, _, _ = domain.bands.own[0].tolist()
        self._rows = first, last
        self._leaks, self._doors = _doors(domain, first)
        self._cells = [np.argwhere(np.asarray(inflow.mask)) + np.array([first, 1]) for inflow in forcing.inflows]
        self._peaks = np.zeros(numba.get_num_threads())
        self._poured = self._left = 0.0
        self._observe()

    @property
    def poured(self) -> float:
        """What inflows brought, in metres times cells."""
        return self._poured

    @property
    def left(self) -> float:
        """What left over open edges, in metres times cells."""
        return self._left

    def _flow(self, target: float, report: Callable[[float], None]) -> None:
        self._take_depth()
        while self.time < target:
            dt = self._next_step(target - self.time)
            self._pour(dt)
            self._left += float(
                step(
                    self._u,
                    self._spare,
                    self._work,
                    self._ground,
                    self._leaks,
                    self._doors,
                    self._rows,
                    len(self._peaks),
                    dt,
                    self.domain.cell_size,
                )
            )
            self.steps += 1
            self.time = target if dt >= target - self.time else self.time + dt
            report(self.time)
        self._give_depth()

    def _next_step(self, rest: float) -> float:
        """Return the next step (s), an equal part of what is left of the interval; raises ``UnstableError``."""
        speed = max(float(fastest(self._u, self._rows, self._peaks)), (GRAVITY * SHALLOW) ** 0.5)
        longest = COURANT * self.domain.cell_size / speed
        if not longest >= SHORTEST_STEP:
            self._give_depth()
            raise self._runaway(f"its time step fell below {SHORTEST_STEP} s")
        return float(rest / math.ceil(rest / longest))

    def _pour(self, dt: float) -> None:
        inflows = self.surface.forcing.inflows
        for cells, discharge in zip(self._cells, discharges(inflows, self.time + 0.5 * dt), strict=True):
            metres = discharge * dt / (len(cells) * self.domain.cell_size**2)
            self._u[0, cells[:, 0], cells[:, 1]] += metres
            self._poured += metres * len(cells)

    def _take_depth(self) -> None:
        """Take the depth as the surface left it; what it took had its share of the flow, thin water stands."""
        before = self._u[0].copy()
        np.subtract(self._depth, self._lost, out=self._u[0], dtype=np.float64)
        kept = np.divide(self._u[0], before, out=np.ones_like(before), where=before > np.maximum(self._u[0], 0.0))
        self._u[1:] *= np.where(self._u[0] > DRY, kept, 0.0)

    def _give_depth(self) -> None:
        np.copyto(self._depth, self._u[0], casting="same_kind")
        np.subtract(self._depth, self._u[0], out=self._lost, casting="same_kind")

    def _flows(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        return self._u[1], self._u[2]

    def _look(self) -> bool:
        flows = self._u[1:].astype(np.float32)
        return self.surface.observe(self._depth, flows[0], flows[1], self.time, staggered=False).ran_away


def _doors(
    domain: Domain, first: int
) -> tuple[tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]], npt.NDArray[np.int64]]:
    """Return which faces leak (before each cell, along rows and along columns), and a list of these.

    The list has row, column, the part of the fluxes, and 1 when water leaves towards higher rows or columns.
    """
    along_x, along_y = (np.zeros(domain.bands.stored_shape, bool) for _ in range(2))
    doors = []
    for row, column, down, right in domain.edges.tolist():
        i, j = row + first, column + 1
        outward_down, outward_right = -down, -right
        i, j = i + max(outward_down, 0), j + max(outward_right, 0)
        (along_x if right else along_y)[i, j] = True
        doors.append((i, j, 0 if right else 4, outward_down + outward_right))
    return (along_x, along_y), np.array(doors, dtype=np.int64).reshape(-1, 4)
