"""Cases with a known answer, for the tests and the validation pages: ground, water, and the exact depths.

Sources: Ritter (1892) and Stoker (1957) for dam breaks, Thacker (1981) for water that swings in a bowl, as
collected in SWASHES (Delestre and others 2013, Int. J. Numer. Meth. Fluids 72); Di Giammarco and others (1996,
J. Hydrology 175) for the tilted V. Lengths in m, times in s.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import shapely

from morgen.models.flood.simulation import FloodResult, Inflow, simulate
from morgen.models.flood.walls import Wall
from morgen.models.flood.works import OpenWater

__all__ = [
    "WEIRS",
    "Case",
    "Channel",
    "Plain",
    "Weir",
    "relative_error",
    "ritter",
    "run",
    "stoker",
    "swinging_water",
    "thacker_bowl",
    "tilted_v",
]

Array = npt.NDArray[Any]

GRAVITY = 9.81
SMOOTH = 1e-6
"""Roughness (s/m^(1/3)) of ground without friction."""
DRY = ((0.0, 0.0),)


@dataclass(frozen=True, eq=False)
class Case:
    """One calculation and what must come out at its end."""

    title: str
    terrain: Array
    cell_size: float
    until: float
    exact: Array
    """Depth at the end (m), shape (rows, columns)."""
    initial_depth: Array
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def x(self) -> Array:
        """Middle of the columns (m)."""
        return (np.arange(self.terrain.shape[1]) + 0.5) * self.cell_size


def run(case: Case, engine: str) -> FloodResult:
    """Compute a case without rain or friction."""
    given = {"manning": SMOOTH, "rain": DRY, "output_every": case.until, **case.options}
    return simulate(
        case.terrain,
        cell_size=case.cell_size,
        initial_depth=case.initial_depth,
        until=case.until,
        engine=engine,  # type: ignore[arg-type]
        **given,
    )


def relative_error(case: Case, flood: FloodResult) -> float:
    """Return the mean error of the depth at the end, relative to the mean depth."""
    assert flood.depth is not None
    return float(np.abs(flood.depth[-1] - case.exact).mean() / case.exact.mean())


def _channel(row: Array) -> Array:
    return np.tile(row, (3, 1))


def _dam(cells: int, left: float, right: float, exact: Callable[[Array, float], Array], title: str) -> Case:
    length, until = 400.0, 20.0
    cell_size = length / cells
    x = (np.arange(cells) + 0.5) * cell_size - length / 2
    return Case(
        title=title,
        terrain=np.zeros((3, cells)),
        cell_size=cell_size,
        until=until,
        exact=_channel(exact(x, until)),
        initial_depth=_channel(np.where(x < 0, left, right)),
    )


def ritter(cells: int, depth: float = 2.0) -> Case:
    """Return a dam that breaks over dry ground."""

    def exact(x: Array, t: float) -> Array:
        wave = np.sqrt(GRAVITY * depth)
        fan = (2 * wave - x / t) ** 2 / (9 * GRAVITY)
        return np.where(x < -wave * t, depth, np.where(x < 2 * wave * t, fan, 0.0))

    return _dam(cells, depth, 0.0, exact, "Dam break over dry ground (Ritter)")


def stoker(cells: int, high: float = 2.0, low: float = 0.5) -> Case:
    """Return a dam that breaks over water, with a shock."""

    def exact(x: Array, t: float) -> Array:
        wave = np.sqrt(GRAVITY * high)
        middle = _bisected(lambda h: _stoker_gap(h, high, low), low, high)
        speed = 2 * (wave - np.sqrt(GRAVITY * middle))
        shock = speed * middle / (middle - low)
        fan = (2 * wave - x / t) ** 2 / (9 * GRAVITY)
        tail = speed - np.sqrt(GRAVITY * middle)
        return np.select([x < -wave * t, x < tail * t, x < shock * t], [high, fan, middle], low)

    return _dam(cells, high, low, exact, "Dam break over water (Stoker)")


def _stoker_gap(middle: float, high: float, low: float) -> float:
    """Return the difference between the speeds behind the rarefaction and behind the shock (m/s)."""
    fan = 2 * (np.sqrt(GRAVITY * high) - np.sqrt(GRAVITY * middle))
    shock = (middle - low) * np.sqrt(GRAVITY / 2 * (1 / middle + 1 / low))
    return float(fan - shock)


def _bisected(function: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return (low + high) / 2


def swinging_water(cells: int, periods: float = 1.0) -> Case:
    """Return a level surface that swings in a parabola (Thacker's planar surface, along one axis)."""
    half, deepest, length = 100.0, 2.0, 400.0
    cell_size = length / cells
    x = (np.arange(cells) + 0.5) * cell_size - length / 2
    frequency = np.sqrt(2 * GRAVITY * deepest) / half
    until = periods * 2 * np.pi / frequency

    def depth(t: float) -> Array:
        return np.asarray(np.maximum(deepest * (1 - (x / half + 0.5 * np.cos(frequency * t)) ** 2), 0.0))

    return Case(
        title="Water that swings in a parabola (Thacker, planar)",
        terrain=_channel(deepest * ((x / half) ** 2 - 1)),
        cell_size=cell_size,
        until=until,
        exact=_channel(depth(until)),
        initial_depth=_channel(depth(0.0)),
    )


def thacker_bowl(cells: int, periods: float = 1.0) -> Case:
    """Return a mound of water that sinks and rises in a bowl (Thacker's curved surface)."""
    rim, mound, deepest, length = 100.0, 80.0, 2.0, 300.0
    cell_size = length / cells
    x = (np.arange(cells) + 0.5) * cell_size - length / 2
    r2 = (x[None, :] ** 2 + x[:, None] ** 2) / rim**2
    terrain = deepest * (r2 - 1)
    frequency = np.sqrt(8 * GRAVITY * deepest) / rim
    shape = (rim**2 - mound**2) / (rim**2 + mound**2)
    until = periods * 2 * np.pi / frequency

    def depth(t: float) -> Array:
        squeeze = 1 - shape * np.cos(frequency * t)
        level = np.sqrt(1 - shape**2) / squeeze - 1 - r2 * ((1 - shape**2) / squeeze**2 - 1)
        return np.asarray(np.maximum(deepest * level - terrain, 0.0))

    return Case(
        title="Mound of water in a bowl (Thacker, radial)",
        terrain=terrain,
        cell_size=cell_size,
        until=until,
        exact=depth(until),
        initial_depth=depth(0.0),
    )


def tilted_v(cell_size: float = 20.0) -> tuple[Array, Array]:
    """Return ground (m) and roughness of two planes of 800 x 1000 m (5 %) with a channel of 20 m (2 %) between."""
    side, rows = round(800 / cell_size), round(1000 / cell_size)
    along = 0.02 * cell_size * (rows - 0.5 - np.arange(rows))[:, None]
    rise = 0.05 * cell_size * (np.arange(side) + 0.5)[None, :]
    middle = np.zeros((1, max(1, round(20 / cell_size))))
    ground = np.hstack([rise[:, ::-1], middle, rise]) + along
    roughness = np.full(ground.shape, 0.015)
    roughness[:, side:-side] = 0.15
    return ground, roughness


@dataclass(frozen=True, eq=False)
class Plain:
    """Test 4 of the Environment Agency (SC120002): 20 m3/s onto a flat plain, the northern half of it.

    ``folder`` holds its inflow, its gauges and the depths of LISFLOOD-FP DG2 (Shaw and others 2021).
    """

    folder: Path

    def depths(self, engine: str, *, until: float) -> dict[float, Array]:
        """Return the depth (m) at the six gauges per hour (s) up to ``until``."""
        inlet = np.zeros((200, 200), bool)
        inlet[-2:, 0] = True
        flow = [(time, discharge / 2) for time, discharge in self._table("inflow.csv")]
        gauges = self._table("gauges.csv")
        rows, columns = ((2000 - gauges[:, 2]) / 5).astype(int), (gauges[:, 1] / 5).astype(int)
        found: dict[float, Array] = {}

        def keep(time: float, depth: Array) -> None:
            found[time] = depth[np.minimum(rows, 199), columns].copy()

        simulate(
            np.zeros((200, 200)),
            cell_size=5.0,
            manning=0.05,
            rain=DRY,
            inflows=[Inflow(inlet, flow)],
            boundary={"north": "open", "east": "open"},
            until=until,
            output_every=3600,
            engine=engine,  # type: ignore[arg-type]
            on_output=keep,
        )
        return found

    def reference(self, time: float) -> Array:
        """Return the depth (m) of the reference at the gauges near ``time`` (s)."""
        table = self._table("reference_lisflood_dg2_5m_subset.csv")
        return np.asarray(table[np.abs(table[:, 0] - time).argmin(), 1:])

    def _table(self, name: str) -> Array:
        return np.loadtxt(self.folder / name, delimiter=",", skiprows=1)


class Channel:
    """A long channel with a bed such that the steady depth is known (MacDonald and others 1997), from a table.

    1000 m, Manning 0.033, below critical flow: 2 m2/s enters, or 1 m2/s and 3.6 m of rain per hour. The level at
    the lower end is held at the exact one, in a pool behind it. ``folder`` holds the tables of SWASHES.
    """

    POOL = 40
    """Cells behind the lower end whose level is held."""

    def __init__(self, folder: Path, *, rain: bool) -> None:
        table = np.loadtxt(folder / ("mcdo_rain.csv" if rain else "mcdo_norain.csv"), delimiter=",", skiprows=1)
        self.x, self.bed, self.level = (np.asarray(column, dtype=np.float64) for column in table.T)
        self.cell_size = float(self.x[1] - self.x[0])
        self._rain = rain

    @property
    def exact(self) -> Array:
        """Steady depth, m, per cell along the channel."""
        depth: Array = self.level - self.bed
        return depth

    def depths(self, engine: str, *, until: float = 3600.0) -> Array:
        """Return the depth (m) per cell along the channel once the flow is steady."""
        bed, depth = (np.append(row, np.full(self.POOL, row[-1])) for row in (self.bed, self.exact))
        terrain = np.tile(bed, (3, 1))
        first, pool = np.zeros(terrain.shape, bool), np.zeros(terrain.shape, bool)
        first[:, 0], pool[:, -self.POOL :] = True, True
        entering = (1.0 if self._rain else 2.0) * 3 * self.cell_size
        flood = simulate(
            terrain,
            cell_size=self.cell_size,
            manning=0.033,
            rain=[(0.0, 3.6e6 * 0.001 if self._rain else 0.0)],
            inflows=[Inflow(first, [(0.0, entering), (until, entering)])],
            works=[OpenWater(pool, kept=float(self.exact[-1]))],
            initial_depth=np.tile(depth, (3, 1)),
            until=until,
            output_every=until,
            engine=engine,  # type: ignore[arg-type]
        )
        assert flood.depth is not None
        return np.asarray(flood.depth[-1][1, : len(self.bed)], dtype=np.float64)


@dataclass(frozen=True)
class Weir:
    """A wall across a flat channel over which ``discharge`` (m2/s) flows steadily."""

    discharge: float
    cell_size: float
    crest: float
    """m above the floor."""
    tail: float = 0.0
    """Level behind it, m above the floor, made by a second wall; 0 where water falls away freely."""

    PART: ClassVar[int] = 12
    """Cells before, between and behind the walls."""

    @property
    def exact(self) -> float:
        """Head over the crest, m: q = d sqrt(2 g (H - d)), d at least the critical depth 2 H / 3 (Bos 1989)."""
        low = self.tail - self.crest
        if low <= 2 * self._free / 3:
            return self._free
        return low + (self.discharge / low) ** 2 / (2 * GRAVITY)

    @property
    def _free(self) -> float:
        return float(1.5 * (self.discharge**2 / GRAVITY) ** (1 / 3))

    def flood(self, engine: str, *, until: float = 1800.0) -> FloodResult:
        """Return what happens until the flow is steady."""
        terrain = np.zeros((4, 3 * self.PART))
        first = np.zeros(terrain.shape, bool)
        first[:, 0] = True
        entering = self.discharge * terrain.shape[0] * self.cell_size
        crests = [self.crest, self.tail - self._free][: 2 if self.tail else 1]
        depth = np.zeros(terrain.shape)
        depth[:, : self.PART], depth[:, self.PART : 2 * self.PART] = max(self.crest, self.tail), self.tail
        return simulate(
            terrain,
            cell_size=self.cell_size,
            rain=[(0.0, 0.0)],
            inflows=[Inflow(first, [(0.0, entering), (until, entering)])],
            walls=[self._wall(number, crest) for number, crest in enumerate(crests, start=1)],
            boundary={"east": "open"},
            initial_depth=depth,
            until=until,
            output_every=until,
            engine=engine,  # type: ignore[arg-type]
        )

    def _wall(self, number: int, crest: float) -> Wall:
        east = number * self.PART * self.cell_size
        return Wall(shapely.LineString([(east, -1), (east, 9e3)]), crest_level=crest)

    def head(self, flood: FloodResult) -> float:
        """Return the head (m) that a run found, in the middle of the cells before the wall."""
        assert flood.depth is not None
        return float(flood.depth[-1][1, self.PART // 2]) - self.crest


WEIRS = (Weir(0.3, 2.0, 1.0), Weir(0.05, 5.0, 0.5), Weir(0.02, 1.0, 0.3), Weir(0.3, 2.0, 0.5, tail=0.9))
"""Three that fall freely and one that is drowned."""
