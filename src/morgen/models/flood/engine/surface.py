"""The surface in time: rain, roofs, soil and sewer act on the water, and what it does is remembered."""

# mypy: disable-error-code="no-untyped-call"
# (the kernels have no types of their own: numba infers them)

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from morgen.core.errors import UnstableError
from morgen.models.flood.engine._surface import NEVER, observe, rain_on, settle
from morgen.models.flood.engine.domain import Domain
from morgen.models.flood.engine.sewers import Drainage
from morgen.models.flood.rain import Hyetograph, Inflow, RoofWater
from morgen.models.flood.works import Work

__all__ = ["Forcing", "Ledger", "Seen", "Surface"]

Field = npt.NDArray[np.float32]

LONGEST_UNSEEN: Final = 6.0
"""s between two looks at the water for its extremes and for the depth that sets the time step."""


@dataclass(frozen=True, eq=False)
class Forcing:
    """What happens to the water of each cell; fields are as they lie in memory, one row when equal everywhere."""

    rain: Hyetograph
    roofs: Sequence[RoofWater]
    """Of each kind."""
    roof_ratios: Sequence[Field]
    """Roof of each kind that spills onto a cell, in cell areas."""
    inflows: Sequence[Inflow]
    room: Field
    """Initial loss that is still to be filled, m; one row when there is none."""
    infiltration: Field
    """m/s: of soil of constant capacity, or of saturated soil (Green-Ampt)."""
    suction: Field
    """Suction times deficit, m."""
    soaked: Field
    """What infiltrated so far, m; one row when the capacity is constant."""
    sewer: Field
    """m/s."""
    store: Field
    """What the sewer holds, m."""
    held: Field
    """What is in it, m; one row when it is never full."""
    emptying: Field
    """m/s."""
    works: Sequence[Work] = ()
    drainage: Drainage | None = None
    """Sewer districts; ``sewer`` is that of cells outside them."""

    @property
    def takes_nothing(self) -> bool:
        """Whether all rain stays where it falls: no roof, initial loss, infiltration or sewer anywhere."""
        fields = self.room, self.infiltration, self.sewer
        bare = all(field.shape[0] == 1 and not field.any() for field in fields)
        return bare and not any(roof.area for roof in self.roofs)

    def events(self) -> set[float]:
        """Return the times (s) at which a forcing changes its course."""
        return {*self.rain.times, *(time for inflow in self.inflows for time, _ in inflow.series)}


@dataclass
class Ledger:
    """Volumes so far; those of the ground in metres times cells, those of the roofs in m3."""

    rain: float = 0.0
    """With what roofs spilled."""
    roof_rain: float = 0.0
    """That stayed on the roofs or went to the sewer."""
    infiltrated: float = 0.0
    sewer: float = 0.0
    roof_sewer: float = 0.0
    roof_stored: float = 0.0
    wetted: float = 0.0


@dataclass(frozen=True)
class Seen:
    """What one look at the water says."""

    ran_away: bool
    moving_depth: float
    """Depth of the deepest face with moving water, m."""
    speed: float
    """Largest speed of water of at least 0.05 m, m/s."""


class Surface:
    """What the ground did so far: the ledger, the fields that remember, and the depth of moving water."""

    def __init__(self, domain: Domain, forcing: Forcing, *, thresholds: Sequence[float]) -> None:
        self.forcing = forcing
        self.ledger = Ledger()
        self._domain = domain
        bands = domain.bands
        self.watch = np.zeros((4, *bands.stored_shape), np.float32)
        self.watch[1] = NEVER
        self.durations = np.zeros((len(thresholds), *bands.stored_shape), np.float32)
        self._thresholds = np.asarray(thresholds, np.float32)
        self._work = np.zeros((bands.count, 4)), np.zeros((3 * bands.count, bands.stored_shape[1]), np.float32)
        self._seen = np.zeros((bands.count, 3))
        self.seen_at = 0.0
        """When (s) the water was looked at last."""
        self._rain_number = -2
        self.due = 0.0
        """m of rain that rounding left for the next interval."""
        self._rain = np.empty((0, 0), np.float32)
        self._cells = domain.cells
        self._only_rain = not forcing.rain.gridded and forcing.takes_nothing
        self.piped = np.zeros(len(forcing.roofs))
        """What each kind of roof brought to the sewer in the last interval, m3."""
        self._spills = np.zeros((1, bands.stored_shape[1]), np.float32)

    def settle(self, depth: Field, lost: Field, start: float, end: float) -> None:
        """Apply what falls and drains from ``start`` to ``end`` (s) to ``depth`` and what it ``lost``."""
        forcing, ledger = self.forcing, self.ledger
        ratio, spilled = self._roofs(start, end)
        rain, scale = self._falling(start, end)
        if self._only_rain:
            fallen = rain[0, 1]
            if fallen > 0:
                rain_on(self._domain.bands.own, depth, lost, self._domain.bed, fallen)
                ledger.rain += float(fallen) * self._cells
            return
        settle(
            self._domain.bands.own,
            (depth, lost, forcing.room, forcing.soaked, forcing.held),
            (
                self._domain.bed,
                rain,
                ratio,
                forcing.infiltration,
                forcing.suction,
                forcing.sewer,
                forcing.store,
                forcing.emptying,
            ),
            np.float32(end - start),
            np.float32(scale),
            np.float32(spilled),
            self._work,
        )
        came, wetted, infiltrated, sewer = self._work[0].sum(axis=0).tolist()
        ledger.rain += came
        ledger.wetted += wetted
        ledger.infiltrated += infiltrated
        ledger.sewer += sewer

    def spills(self, start: float, end: float) -> list[float]:
        """Let rain fall on the roofs from ``start`` to ``end`` (s); return what each kind spills (m)."""
        ledger, found = self.ledger, []
        for number, roof in enumerate(self.forcing.roofs):
            share = roof.take(self.forcing.rain, start, end)
            ledger.roof_rain += (share.stored + share.sewer) * roof.area
            self.piped[number] = share.sewer * roof.area
            ledger.roof_sewer += self.piped[number]
            ledger.roof_stored += share.stored * roof.area
            found.append(share.excess)
        return found

    def _roofs(self, start: float, end: float) -> tuple[Field, float]:
        """Divide the rain on roofs; return a field and the factor (m) that makes it what they spill."""
        spills, ratios = self.spills(start, end), self.forcing.roof_ratios
        if len(spills) == 1:
            return ratios[0], spills[0]
        if not any(spill > 0 for spill in spills):
            return self._spills[:1], 0.0
        total = sum(np.float32(spill) * ratio for spill, ratio in zip(spills, ratios, strict=True))
        return np.asarray(total, np.float32), 1.0

    def resume(self, time: float, due: float) -> None:
        """Go on at ``time`` (s), with ``due`` m of rain still to fall; nothing was seen before."""
        self.seen_at = time
        self.due = due

    def is_due(self, time: float) -> bool:
        """Return whether it is time to look at the water again."""
        return time - self.seen_at > LONGEST_UNSEEN - 1e-9

    def observe(self, depth: Field, qx: Field, qy: Field, time: float, *, staggered: bool = True) -> Seen:
        """Remember extremes at ``time`` (s); flows are those of faces (``staggered``) or of cells."""
        observe(
            self._domain.bands.own,
            depth,
            qx,
            qy,
            int(staggered),
            self._domain.bed,
            np.float32(time - self.seen_at),
            np.float32(time),
            self.watch,
            self.durations,
            self._thresholds,
            self._seen,
        )
        self.seen_at = time
        beyond, deepest, fastest = self._seen.max(axis=0).tolist()
        return Seen(ran_away=beyond > 0, moving_depth=deepest, speed=fastest)

    def _falling(self, start: float, end: float) -> tuple[Field, float]:
        """Return a field as it lies in memory and the factor that makes it rain (m) from ``start`` to ``end``."""
        bands, rain = self._domain.bands, self.forcing.rain
        number = rain.number(start)
        if rain.gridded and number != self._rain_number:
            self._rain = bands.store_field(rain.field(start))
        self._rain_number = number
        if rain.gridded:
            return self._rain, end - start
        return bands.store_field(np.asarray(self.falls(start, end))), 1.0

    def falls(self, start: float, end: float) -> np.float32:
        """Return the equal rain (m) from ``start`` to ``end`` (s); what float32 rounds off falls in the next."""
        self.due += self.forcing.rain.depth(start, end)
        falls = np.float32(max(self.due, 0.0))
        self.due -= float(falls)
        return falls

    def runaway(self, depth: Field, time: float, problem: str) -> UnstableError:
        """Return the error that names the worst place."""
        speed = self._domain.bands.grid(self.watch[2])
        suspect = np.where(np.isfinite(depth) & np.isfinite(speed), np.maximum(speed, depth / 1e3), np.inf)
        row, column = np.unravel_index(int(suspect.argmax()), suspect.shape)
        return UnstableError(
            f"the calculation ran away at row {row}, column {column} after {time:.1f} s: {problem}; "
            "look at the terrain and the roughness there"
        )
