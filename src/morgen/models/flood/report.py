"""What a flood run gives: follows the simulation, and writes its outputs and indicators."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.indicator import Indicator
from morgen.core.model import Result, RunContext, SeriesWriter
from morgen.core.situation import Situation
from morgen.models.flood.checks import (
    PUDDLE,
    RANGES,
    Storm,
    banded,
    changes,
    coarser,
    engine_agreement,
    ensemble,
    finer,
    jittered,
    noise,
    worst_place,
)
from morgen.models.flood.damage import DamageTable
from morgen.models.flood.effects import (
    FloodWatch,
    Roads,
    Thresholds,
    facade_depths,
    find_roads,
    overtopped_water,
    roads_with_water,
)
from morgen.models.flood.exposure import Exposure, find_exposure
from morgen.models.flood.fields import FloodFields
from morgen.models.flood.indicators import (
    building_indicators,
    damage_indicator,
    ground_indicators,
    place_indicators,
    road_indicators,
    street_volume_indicator,
    strong_flow_indicator,
)

if TYPE_CHECKING:
    import geopandas

    from morgen.models.flood.simulation import FloodResult

__all__ = ["FloodReport", "Wanted"]

FloatArray = npt.NDArray[np.float32]

SIMULATION_SHARE: Final = 0.9
"""Share of the progress that the simulation takes; the rest is for effects and writing."""

SECONDS_PER_MINUTE: Final = 60.0

ENSEMBLE_SEED: Final = 1
"""The members of an ensemble are the same in every run, so that runs can be compared."""


@dataclass(eq=False)
class FloodReport:
    """Receives the depths of a run, writes them, and draws the conclusions at the end."""

    situation: Situation
    fields: FloodFields
    thresholds: Thresholds
    damage: DamageTable
    run: RunContext
    simulations: int = 1
    """Of the storm on the whole ground: the run itself, and checks."""
    roads: Roads = field(init=False)
    watch: FloodWatch = field(init=False)
    series: SeriesWriter = field(init=False)

    def open_series(self, *, until: float, output_every: float) -> None:
        """Prepare for outputs every ``output_every`` seconds up to ``until``, the start and the end included."""
        fields = self.fields
        self.roads = find_roads(self.situation.features("land_cover"), fields)
        self.watch = self._new_watch()
        times = 1 + math.ceil(until / output_every - 1e-9)
        self.series = self.run.write_series("depth", times, grid=fields.grid, unit="m", title="Water depth")

    def _new_watch(self) -> FloodWatch:
        fields = self.fields
        dry_land = fields.domain & ~fields.water & ~fields.roofed
        return FloodWatch(
            facades=fields.facades.within(dry_land), roads=self.roads.cells, cell_area=fields.grid.cell_area
        )

    def on_output(self, time: float, depth: FloatArray) -> None:
        """Write the depths (rows, columns), m, at ``time`` seconds."""
        shown = self._shown(depth)
        self.watch.observe(time, shown)
        self.series.append(time, shown)

    def on_progress(self, fraction: float, time: float) -> None:
        """Pass on the progress of the simulation, at ``time`` seconds; raises ``DismissedError``."""
        share = SIMULATION_SHARE / self.simulations
        self.run.progress(share * fraction, f"{time / SECONDS_PER_MINUTE:.0f} min since the rain began")

    def _compares_engines(self, _fraction: float, _time: float) -> None:
        self.run.progress(SIMULATION_SHARE / self.simulations, "a second engine on a small part")

    def conclude(
        self, flood: "FloodResult", *, storm: Storm, wanted: "Wanted", balance: dict[str, float]
    ) -> Result:
        """Check the answer as far as ``wanted``, write all outputs but the series and return the indicators."""
        effects = self._effects(flood, self.watch)
        trials = _Trials(self, done=1)
        checks = self._checks(storm, wanted, effects, trials)
        members = self._ensemble(storm, wanted, trials)
        self.run.progress(SIMULATION_SHARE, "effects on buildings, roads and ground")
        self._warn_blind(effects.buildings)
        self._warn_overtopping(effects.max_depth)
        self._write_rasters(flood, effects)
        self._write_probability(members)
        self.run.write_features("buildings", effects.buildings, title="Buildings with water at the façade")
        self.run.write_features("places", effects.places, title="Vulnerable places")
        self.run.write_json(
            "facade_depth",
            facade_depths(self.situation.features("buildings"), in_area=self._exposure.in_area, watch=self.watch),
            title="Depth at the façade in time",
        )
        self.run.write_features("roads", effects.roads, title="Roads with water")
        self.run.write_json("checks", {**checks, **members.document}, title="How sure the answer is")
        return self._finished(banded(effects.indicators, members.indicators), balance)

    def _effects(
        self,
        flood: "FloodResult",
        watch: FloodWatch,
        *,
        on_cells: Callable[[FloatArray], FloatArray] = lambda values: values,
    ) -> "_Effects":
        """Return what a flood does; ``on_cells`` puts its rasters on the cells of the report."""
        max_depth, duration, max_flow = (
            self._shown(on_cells(values)) for values in (flood.max_depth, flood.duration, flood.max_flow)
        )
        duration /= np.float32(SECONDS_PER_MINUTE)
        buildings, places = self._exposure.meet(watch, max_depth=max_depth, thresholds=self.thresholds)
        grid, ground = self.fields.grid, self.fields.ground
        roads = roads_with_water(self.roads, grid=grid, max_depth=max_depth, thresholds=self.thresholds)
        return _Effects(
            max_depth=max_depth,
            duration=duration,
            max_flow=max_flow,
            buildings=buildings,
            places=places,
            roads=roads,
            indicators=[
                *building_indicators(buildings, thresholds=self.thresholds),
                damage_indicator(buildings, self.damage),
                *place_indicators(places, thresholds=self.thresholds),
                *road_indicators(roads, thresholds=self.thresholds),
                *ground_indicators(max_depth, duration, ground=ground, cell_area=grid.cell_area),
                street_volume_indicator(watch.street_volume),
                strong_flow_indicator(max_flow, ground=ground, cell_area=grid.cell_area),
            ],
        )

    @cached_property
    def _exposure(self) -> Exposure:
        return find_exposure(self.situation, self.fields, table=self.damage, facades=self.watch.facades)

    def _checks(self, storm: Storm, wanted: "Wanted", effects: "_Effects", trials: "_Trials") -> dict[str, Any]:
        """Return what the checks say of the run."""
        checks: dict[str, Any] = {}
        ground = self.fields.ground
        if wanted.engines:
            place = worst_place(effects.max_depth, ground)
            checks["engines"] = engine_agreement(storm, place, on_progress=self._compares_engines)
        if wanted.resolution:
            other = trials.run(coarser(storm), coarse=True)
            size = storm.ground["cell_size"]
            compared = changes(effects.indicators, other.indicators)
            checks["resolution"] = {"cell_sizes": [size, 2 * size], "indicators": compared}
        if wanted.noise:
            other = trials.run(jittered(storm))
            checks["noise"] = {
                **noise(effects.max_depth, other.max_depth, ground),
                "duration": noise(effects.duration, other.duration, ground),
                "indicators": changes(effects.indicators, other.indicators),
            }
        return checks

    def _ensemble(self, storm: Storm, wanted: "Wanted", trials: "_Trials") -> "_Ensemble":
        """Run the storm on other ground as often as ``wanted``; one member after the other stays in memory."""
        drawn = ensemble(wanted.ensemble, seed=ENSEMBLE_SEED) if wanted.ensemble else []
        members = _Ensemble(drawn=drawn, wet=np.zeros(self.fields.grid.shape, dtype=np.uint8))
        for factors in drawn:
            effects = trials.run(storm.scaled(factors))
            members.indicators.append(effects.indicators)
            members.wet += effects.max_depth >= np.float32(PUDDLE)
        return members

    def _write_probability(self, members: "_Ensemble") -> None:
        if members.drawn:
            share = self._shown(members.wet / np.float32(len(members.drawn)))
            title = f"Share of the ensemble with at least {PUDDLE:g} m of water"
            self.run.write_raster("probability", share, grid=self.fields.grid, unit="1", title=title)

    def _finished(self, found: tuple[Indicator, ...], balance: dict[str, float]) -> Result:
        self.run.write_json("indicators", [indicator.to_json() for indicator in found], title="Indicators")
        self.run.write_json("balance", balance, title="Water balance")
        self.run.progress(1.0, "ready")
        return Result(indicators=found, balance=balance)

    def _warn_blind(self, frame: "geopandas.GeoDataFrame") -> None:
        blind = int(frame["max_depth"].isna().sum())
        if blind:
            self.run.warn(
                f"{blind} of {len(frame)} buildings in the area have no ground along their façade (water, other"
                " buildings or no terrain); they do not count as buildings with water."
            )

    def _warn_overtopping(self, max_depth: FloatArray) -> None:
        rise, bank = overtopped_water(self.fields, max_depth)
        if bank > 0:
            self.run.warn(
                f"Permanent water rose by up to {rise:.2f} m and overtopped its bank over {bank:.0f} m; what"
                " the water system takes is a guess (parameter open_water), so look there with care."
            )

    def _write_rasters(self, flood: "FloodResult", effects: "_Effects") -> None:
        arrival = self._shown(flood.arrival) / np.float32(SECONDS_PER_MINUTE)
        rasters: dict[str, tuple[FloatArray, str, str]] = {
            "max_depth": (effects.max_depth, "m", "Largest water depth"),
            "arrival": (arrival, "min", "Arrival of the water"),
            "duration": (effects.duration, "min", "Duration of flooding"),
            "max_velocity": (self._shown(flood.max_velocity), "m/s", "Largest velocity"),
            "max_flow": (effects.max_flow, "m2/s", "Largest depth times velocity"),
        }
        for name, (values, unit, title) in rasters.items():
            self.run.write_raster(name, values, grid=self.fields.grid, unit=unit, title=title)

    def _shown(self, values: npt.NDArray[Any]) -> FloatArray:
        """Return the values where water can be: no value outside the terrain and under buildings."""
        return np.where(self.fields.domain & ~self.fields.roofed, values, np.nan).astype(np.float32)


@dataclass(frozen=True, eq=False)
class _Effects:
    """What a flood does, on the cells of the report; rasters have no value where no water can be."""

    max_depth: FloatArray
    """m."""
    duration: FloatArray
    """min."""
    max_flow: FloatArray
    """m2/s."""
    buildings: "geopandas.GeoDataFrame"
    places: "geopandas.GeoDataFrame"
    roads: "geopandas.GeoDataFrame"
    indicators: list[Indicator]


@dataclass(eq=False)
class _Ensemble:
    """What the members of an ensemble gave."""

    drawn: list[dict[str, float]]
    """Their factors."""
    wet: npt.NDArray[np.uint8]
    """Members in which a cell (rows, columns) was ever ``PUDDLE`` deep."""
    indicators: list[list[Indicator]] = field(default_factory=list)

    @property
    def document(self) -> dict[str, Any]:
        """What the output ``checks`` says of it; empty without members."""
        if not self.drawn:
            return {}
        sources = {name: source for name, (_low, _high, source) in RANGES.items()}
        band = "least and most of run and members"
        return {"ensemble": {"members": self.drawn, "sources": sources, "band": band}}


@dataclass(frozen=True)
class Wanted:
    """Which checks a run makes."""

    engines: bool = True
    resolution: bool = False
    noise: bool = False
    ensemble: int = 0
    """Members."""

    @property
    def simulations(self) -> int:
        """Simulations of the whole ground beside that of the run."""
        return int(self.resolution) + int(self.noise) + self.ensemble


@dataclass(eq=False)
class _Trials:
    """Runs the storm again, with something changed."""

    report: FloodReport
    done: int

    def run(self, storm: Storm, *, coarse: bool = False) -> _Effects:
        """Return the effects of ``storm``, whose cells may be twice as large as those of the report."""
        report, shape = self.report, self.report.fields.grid.shape
        watch = report._new_watch()  # noqa: SLF001 (the same module)

        def on_cells(values: FloatArray) -> FloatArray:
            return finer(values, shape) if coarse else values

        def on_output(time: float, depth: FloatArray) -> None:
            watch.observe(time, report._shown(on_cells(depth)))  # noqa: SLF001

        flood = storm.run(on_output=on_output, on_progress=self._progress)
        self.done += 1
        return report._effects(flood, watch, on_cells=on_cells)  # noqa: SLF001

    def _progress(self, fraction: float, _time: float) -> None:
        share = SIMULATION_SHARE / self.report.simulations
        message = f"check {self.done} of {self.report.simulations - 1}"
        self.report.run.progress(share * (self.done + fraction), message)
