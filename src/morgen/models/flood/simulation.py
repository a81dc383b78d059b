"""The public call of the flood engine: rain on a terrain in, water depths and a closed balance out."""

import math
import os
import time as clock
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import numpy as np
import numpy.typing as npt

from morgen.core.errors import ParameterError
from morgen.models.flood.balance import WaterBalance
from morgen.models.flood.machine import Device, check_memory, choose_device
from morgen.models.flood.rain import (
    HOUR,
    MILLIMETRE,
    GreenAmpt,
    Inflow,
    RainField,
    Roof,
    RoofWater,
    SewerLoss,
    checked_inflow,
    rainfall,
    roof_ratio,
)
from morgen.models.flood.sewers import SewerDistrict, SewerVolumes
from morgen.models.flood.walls import Wall
from morgen.models.flood.works import Work

if TYPE_CHECKING:
    from morgen.models.flood.engine.calculation import Calculation
    from morgen.models.flood.engine.domain import Domain
    from morgen.models.flood.engine.surface import Forcing

__all__ = [
    "FloodResult",
    "FloodState",
    "GreenAmpt",
    "Inflow",
    "RainField",
    "Roof",
    "SewerDistrict",
    "SewerLoss",
    "SewerVolumes",
    "Wall",
    "WaterBalance",
    "simulate",
]

FloatArray = npt.NDArray[np.float32]

Engine = Literal["inertial", "fv2"]

SMALL_GRID: Final = 50_000
"""Cells below which a second thread costs more than it gives."""

DEFAULT_RAIN: Final = ((0.0, 70.0), (3600.0, 0.0))
"""The Dutch stress test: 70 mm in one hour."""


@dataclass(frozen=True, eq=False)
class FloodState:
    """All that a calculation needs to go on at ``time``; arrays are float32 of shape (rows, columns)."""

    time: float
    """s."""
    engine: str
    depth: FloatArray
    """m."""
    lost: FloatArray
    """What rounding added to ``depth``, m."""
    flow: FloatArray
    """m2/s to the east and to the south: over the face before each cell (inertial), or of the cell (fv2); shape
    (2, rows, columns).
    """
    memory: tuple[FloatArray, ...]
    """Room for the initial loss, what soaked in, and what the sewer holds, m; of shape (0, 0) when not there."""
    roofs: npt.NDArray[np.float64]
    """m of initial loss that is still to be filled, and of water in the storage; shape (kinds of roof, 2)."""
    due: float
    """m of rain that is still to fall, from rounding."""
    sewers: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    """m3 in each sewer district."""

    def save(self, path: str | Path) -> None:
        """Write to a compressed file of NumPy (``.npz``)."""
        memory = {f"memory{number}": part for number, part in enumerate(self.memory)}
        arrays: dict[str, Any] = {name: value for name, value in vars(self).items() if name != "memory"} | memory
        np.savez_compressed(path, **arrays)

    @staticmethod
    def load(path: str | Path) -> "FloodState":
        """Read what ``save`` wrote; raises ``ParameterError`` for another file."""
        try:
            with np.load(path, allow_pickle=False) as file:
                return FloodState(
                    time=float(file["time"]),
                    engine=str(file["engine"]),
                    depth=file["depth"],
                    lost=file["lost"],
                    flow=file["flow"],
                    memory=tuple(file[f"memory{number}"] for number in range(3)),
                    roofs=file["roofs"],
                    due=float(file["due"]),
                    sewers=file["sewers"],
                )
        except (KeyError, ValueError, OSError) as error:
            raise ParameterError(f"{path} is no stored state of a flood calculation: {error}") from error


@dataclass(frozen=True, eq=False)
class FloodResult:
    """What the water did: float32 arrays of shape (rows, columns), NaN outside the terrain, 0 where blocked."""

    times: npt.NDArray[np.float64]
    """Output times, s; the first is 0."""
    depth: FloatArray | None
    """m, shape (times, rows, columns); None when the outputs went to ``on_output``."""
    max_depth: FloatArray
    """m."""
    arrival: FloatArray
    """Time (s) at which the depth first reached 0.05 m; NaN where it never did."""
    durations: FloatArray
    """Time (s) that the depth was at least each of ``duration_thresholds``; shape (thresholds, rows, columns)."""
    duration_thresholds: tuple[float, ...]
    """m."""
    max_velocity: FloatArray
    """m/s, mean over the depth, where water stands at least 0.05 m deep."""
    max_flow: FloatArray
    """m2/s: depth times velocity, at its largest, where water stands at least 0.05 m deep."""
    balance: WaterBalance
    sewers: tuple[SewerVolumes, ...]
    """What became of the water of each of the ``sewers``."""
    state: "FloodState | None"
    """From which a later call goes on; None unless ``keep_state``."""
    steps: int
    cell_updates: int
    """Steps times cells that can hold water; blocked cells and cells outside the terrain do not count."""
    wall_seconds: float
    device: str
    """"cpu" or "cuda": what computed it."""

    @property
    def duration(self) -> FloatArray:
        """Time (s) during which the depth reached the first threshold; shape (rows, columns)."""
        first: FloatArray = self.durations[0]
        return first


def simulate(
    terrain: npt.ArrayLike,
    *,
    cell_size: float,
    manning: float | npt.ArrayLike = 0.03,
    rain: Sequence[tuple[float, float]] | RainField = DEFAULT_RAIN,
    infiltration: float | npt.ArrayLike | GreenAmpt | None = None,
    initial_loss: float | npt.ArrayLike | None = None,
    losses: SewerLoss | None = None,
    sewers: Sequence[SewerDistrict] = (),
    roof: Roof | Sequence[Roof] = (),
    inflows: Sequence[Inflow] = (),
    works: Sequence[Work] = (),
    walls: Sequence[Wall] = (),
    blocked: npt.ArrayLike | None = None,
    initial_depth: float | npt.ArrayLike | None = None,
    start: FloodState | None = None,
    keep_state: bool = False,
    boundary: str | Mapping[str, str] = "closed",
    until: float = 7200.0,
    output_every: float = 600.0,
    engine: Engine = "inertial",
    device: Device = "cpu",
    duration_thresholds: Sequence[float] = (0.05, 0.15),
    threads: int | None = None,
    on_output: Callable[[float, FloatArray], None] | None = None,
    on_progress: Callable[[float, float], None] | None = None,
) -> FloodResult:
    """Compute how rain and inflow run over a terrain.

    Arrays have the shape of ``terrain``, (rows, columns), row 0 in the north.

    - ``terrain``: m; NaN is outside, no water goes there. ``cell_size``: m, square cells.
    - ``manning``: roughness, s/m^(1/3).
    - ``rain``: (s, mm/h) steps; each rate holds until the next, the last to the end. Or a ``RainField``.
    - ``infiltration``: constant capacity, mm/h, or ``GreenAmpt``; takes no more than the cell holds, with rain.
    - ``initial_loss``: mm; interception and depression storage, filled by the first rain, not by run-on.
    - ``losses``: the sewer, which takes what stands on a cell up to its capacity and to what it holds, after
      infiltration.
    - ``sewers``: districts that fill, are pumped, overflow and give water back (``SewerDistrict``); in their cells
      only the capacity of ``losses`` counts, as what the gullies take at most.
    - ``roof``: rain that falls on roofs, of one kind or more; ``blocked``: the cells of buildings, without water
      or rain of their own.
    - ``inflows``: discharges into groups of cells or shapes. ``initial_depth``: m.
    - ``works``: culverts, pumps, and open water that keeps its level (``Culvert``, ``Pump``, ``OpenWater``).
    - ``walls``: walls and thresholds thinner than a cell (``Wall``); over their crest water flows as over a weir.
    - ``start``: go on from the ``state`` of an earlier result, at its time, not from ``initial_depth``; with
      the same input the answer is that of one call. Extremes, durations and the balance are those of this call.
    - ``keep_state``: give the result a ``state`` to go on from, which takes five arrays or more.
    - ``boundary``: "closed", "open", or a mapping of "north", "south", "west", "east" and "nodata" (the edge of
      cells outside) to these; edges not named are closed. Over an open edge water leaves at normal depth for the
      slope of its surface plus 1 in 1000, at most at critical flow; none ever enters.
    - ``until`` and ``output_every``: s. ``duration_thresholds``: m.
    - ``engine``: "inertial" for rain on ground and streets, "fv2" (second-order finite volumes, about ten times
      slower) where water is fast: steep streets, dam breaks, velocities.
    - ``device``: "cpu"; "cuda" for a graphics card, on which the engine is "inertial", works are open water, and
      there are no walls or sewer districts; "auto" for the card when there is one that can do this calculation.
      ``FloodResult.device`` says which it was.
    - ``threads``: at most this many, all by default; one for grids below 50,000 cells, and for as long as one is
      faster than all, as on a busy machine. The answer does not depend on it.
    - ``on_output(time, depth)`` receives each output instead of ``FloodResult.depth``.
    - ``on_progress(fraction, time)`` is called many times per second of wall time; what it raises ends the work.

    Rain, roofs, infiltration and sewer are applied at least every two simulated seconds, extremes noted every six.

    Raises ``ParameterError`` before the first step, ``UnstableError`` when the calculation runs away, and
    ``BalanceError`` when water was lost or made. Scheme and sources: ``engine/_flow.py``.
    """
    from morgen.models.flood.engine.bands import Bands
    from morgen.models.flood.engine.domain import checked_terrain, make_domain

    started = clock.perf_counter()
    _check_choice("engine", engine, get_args(Engine))
    times = _output_times(until, output_every)
    if start is not None:
        times = np.array([start.time, *times[times > start.time]])
    thresholds = _checked_thresholds(duration_thresholds)
    ground = checked_terrain(terrain)
    check_memory(ground, outputs=0 if on_output else len(times), thresholds=len(thresholds), engine=engine)
    moving = (*works, *walls, *sewers)
    device = choose_device(device, engine=engine, works=moving, cells=ground.size, thresholds=len(thresholds))
    with _threads(threads, cells=ground.size) as count:
        banded = engine == "inertial" and device == "cpu"
        domain = make_domain(
            ground,
            cell_size=cell_size,
            manning=manning,
            blocked=blocked,
            boundary=boundary,
            bands=Bands.of((ground.shape[0], ground.shape[1]), most=count if banded else 1),
            walls=walls,
        )
        forcing = _forcing(
            domain,
            rain=rain,
            infiltration=infiltration,
            initial_loss=initial_loss,
            losses=losses,
            sewers=sewers,
            roof=roof,
            inflows=inflows,
            works=works,
        )
        standing = _field(domain, "initial_depth", initial_depth)
        if start is not None:
            standing = _resumed(start, domain, engine=engine, until=until)
        stepper = _calculation(engine, domain, forcing, device=device, depth=standing, thresholds=thresholds)
        if start is not None:
            stepper.resume(start)
        depth = _run(stepper, times, on_output=on_output, on_progress=on_progress)
        stepper.collect()
    balance = _balance(stepper, initial=standing)
    balance.check()
    return _result(stepper, times, depth, thresholds, balance, started, keep_state=keep_state)


def _forcing(
    domain: "Domain",
    *,
    rain: Sequence[tuple[float, float]] | RainField,
    infiltration: float | npt.ArrayLike | GreenAmpt | None,
    initial_loss: float | npt.ArrayLike | None,
    losses: SewerLoss | None,
    sewers: Sequence[SewerDistrict],
    roof: Roof | Sequence[Roof],
    inflows: Sequence[Inflow],
    works: Sequence[Work],
) -> "Forcing":
    from morgen.models.flood.engine.sewers import make_drainage
    from morgen.models.flood.engine.surface import Forcing

    def stored(name: str, value: Any, scale: float, *, changes: bool = False) -> FloatArray:
        """Store a field; one that changes gets a row per row, unless it is not there."""
        values = scale * _field(domain, name, value)
        return domain.bands.store_field(
            np.broadcast_to(values, domain.shape) if changes and value is not None else values
        )

    per_second = MILLIMETRE / HOUR
    soil = infiltration if isinstance(infiltration, GreenAmpt) else None
    conductivity = ("infiltration.conductivity", soil.conductivity) if soil else ("infiltration", infiltration)
    suction = MILLIMETRE * _green_ampt_suction(domain, soil)
    sewer = losses or SewerLoss(capacity=0.0)
    roofs = (roof,) if isinstance(roof, Roof) else tuple(roof)
    ratios = [roof_ratio(one, _field(domain, "roof.ratio", one.ratio), domain.cell_size) for one in roofs]
    capacity = per_second * _field(domain, "losses.capacity", sewer.capacity)
    drainage, beside = make_drainage(domain, sewers, capacity, ratios)
    return Forcing(
        rain=rainfall(rain, domain.active),
        roofs=[RoofWater(one) for one in roofs],
        roof_ratios=[domain.bands.store_field(ratio) for ratio in ratios],
        inflows=tuple(checked_inflow(inflow, domain.active, domain.cell_size) for inflow in inflows),
        works=tuple(works),
        room=stored("initial_loss", initial_loss, MILLIMETRE, changes=True),
        infiltration=stored(*conductivity, per_second),
        suction=domain.bands.store_field(suction),
        soaked=stored("infiltration", 0.0 if soil else None, 1.0, changes=True),
        sewer=domain.bands.store_field(beside),
        store=stored("losses.storage", sewer.storage, MILLIMETRE),
        held=stored("losses.storage", None if sewer.storage is None else 0.0, 1.0, changes=True),
        emptying=stored("losses.emptying", sewer.emptying, per_second),
        drainage=drainage,
    )


def _green_ampt_suction(domain: "Domain", soil: GreenAmpt | None) -> npt.NDArray[Any]:
    """Return suction times deficit (mm); raises ``ParameterError``."""
    if soil is None:
        return np.asarray(0.0)
    deficit = _field(domain, "infiltration.deficit", soil.deficit)
    if (deficit > 1).any():
        raise ParameterError(f"infiltration.deficit is {deficit.max():g}, but it must be from 0 to 1")
    return np.asarray(_field(domain, "infiltration.suction", soil.suction) * deficit)


def _field(domain: "Domain", name: str, value: float | npt.ArrayLike | None) -> npt.NDArray[np.float64]:
    from morgen.models.flood.engine.domain import field as checked_field

    return checked_field(name, value, domain.shape, where=domain.active)


def _calculation(
    engine: Engine, domain: "Domain", forcing: "Forcing", *, device: Device, **settings: Any
) -> "Calculation":
    if device == "cuda":
        from morgen.models.flood.engine.cuda import CardStepper

        return CardStepper(domain, forcing, **settings)
    if engine == "fv2":
        from morgen.models.flood.engine.volumes import FiniteVolumes

        return FiniteVolumes(domain, forcing, **settings)
    from morgen.models.flood.engine.stepping import Stepper

    return Stepper(domain, forcing, **settings)


def _run(
    stepper: "Calculation",
    times: npt.NDArray[np.float64],
    *,
    on_output: Callable[[float, FloatArray], None] | None,
    on_progress: Callable[[float, float], None] | None,
) -> FloatArray | None:
    """Step through the output times; return the depths unless ``on_output`` took them."""
    until = float(times[-1])
    kept = None if on_output else np.empty((len(times), *stepper.domain.shape), np.float32)
    for number, time in enumerate(times.tolist()):
        if time > stepper.time:
            stepper.run_to(time, lambda now: on_progress(now / until, now) if on_progress else None)
        depth = _shown(stepper.domain, stepper.depth)
        if on_output:
            on_output(time, depth)
        elif kept is not None:
            kept[number] = depth
    return kept


def _resumed(state: FloodState, domain: "Domain", *, engine: str, until: float) -> npt.NDArray[np.float64]:
    """Return the depth (m) of a state, exactly; raises ``ParameterError`` when it is not of this calculation."""
    if state.depth.shape != domain.shape or state.engine != engine or not state.time < until:
        raise ParameterError(
            f"start is a state of {state.engine} on {state.depth.shape} at {state.time:g} s, but it must be of"
            f" {engine} on {domain.shape} before {until:g} s"
        )
    return state.depth.astype(np.float64) - state.lost


def _balance(stepper: "Calculation", *, initial: npt.NDArray[Any]) -> WaterBalance:
    ledger, domain = stepper.surface.ledger, stepper.domain
    districts = stepper.sewers.volumes()
    taken = sum(district.taken for district in districts)
    cell = domain.cell_size**2
    start = float(np.where(domain.active, initial, 0.0).sum(dtype=np.float64))
    return WaterBalance(
        rain=ledger.rain * cell + ledger.roof_rain,
        inflow=stepper.poured * cell,
        initial=start * cell,
        stored=(stepper.depth_sum() - start) * cell,
        initial_loss=ledger.wetted * cell + ledger.roof_stored,
        infiltrated=ledger.infiltrated * cell,
        sewer=ledger.sewer * cell + ledger.roof_sewer + taken - stepper.sewers.back,
        outflow=stepper.left * cell,
        pumped=stepper.pumped * cell,
        sewer_stored=sum(district.stored for district in districts),
        sewer_pumped=sum(district.pumped for district in districts),
        sewer_overflow=sum(district.overflow for district in districts),
        sewer_returned=sum(district.returned for district in districts),
    )


def _result(
    stepper: "Calculation",
    times: npt.NDArray[np.float64],
    depth: FloatArray | None,
    thresholds: tuple[float, ...],
    balance: WaterBalance,
    started: float,
    *,
    keep_state: bool,
) -> FloodResult:
    domain, surface = stepper.domain, stepper.surface
    max_depth, arrival, max_velocity, max_flow = (
        _shown(domain, domain.bands.grid(array)) for array in surface.watch
    )
    arrival[arrival > times[-1]] = np.nan
    return FloodResult(
        times=times,
        depth=depth,
        max_depth=max_depth,
        arrival=arrival,
        durations=_shown(domain, domain.bands.grid(surface.durations)),
        duration_thresholds=thresholds,
        max_velocity=max_velocity,
        max_flow=max_flow,
        balance=balance,
        sewers=stepper.sewers.volumes(),
        state=stepper.state() if keep_state else None,
        steps=stepper.steps,
        cell_updates=stepper.steps * domain.cells,
        wall_seconds=clock.perf_counter() - started,
        device=stepper.device,
    )


def _shown(domain: "Domain", values: FloatArray) -> FloatArray:
    """Return ``values``, which it changes, with NaN outside."""
    values[..., domain.outside] = np.nan
    return values


def _check_choice(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ParameterError(f"{name} is {value!r}, but it must be one of {', '.join(allowed)}")


def _output_times(until: float, every: float) -> npt.NDArray[np.float64]:
    for name, value in (("until", until), ("output_every", every)):
        if not (math.isfinite(value) and value > 0):
            raise ParameterError(f"{name} is {value!r} s, but it must be a number above 0")
    count = math.ceil(until / every - 1e-9)
    return np.array([*(number * every for number in range(count)), until], dtype=np.float64)


def _checked_thresholds(thresholds: Sequence[float]) -> tuple[float, ...]:
    if not len(thresholds) or not all(math.isfinite(value) and value > 0 for value in thresholds):
        raise ParameterError(f"duration_thresholds is {thresholds!r}, but it must be depths in m above 0")
    return tuple(float(value) for value in thresholds)


@contextmanager
def _threads(wanted: int | None, *, cells: int) -> Iterator[int]:
    """Give numba the threads for one calculation and put back what it had."""
    # GNU OpenMP reads this when it is loaded. By default a thread that waits for another spins for milliseconds,
    # which on a busy machine keeps that other from running: steps took five times as long.
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
    import numba

    most = int(numba.config.NUMBA_NUM_THREADS)
    if wanted is not None and not 1 <= wanted <= most:
        raise ParameterError(
            f"threads is {wanted!r}, but it must be from 1 to {most}, the processors of this machine"
        )
    before = numba.get_num_threads()
    count = 1 if cells < SMALL_GRID else (wanted or before)
    numba.set_num_threads(count)
    try:
        yield count
    finally:
        numba.set_num_threads(before)
