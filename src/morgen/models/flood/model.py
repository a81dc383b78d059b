"""The model ``pluvial-flood``: rain on a situation, and what the water does there."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.errors import ParameterError
from morgen.core.model import Result, RunContext
from morgen.core.situation import Situation
from morgen.models.contract import load_card, load_presets, model
from morgen.models.flood.additions import INLET, added_works
from morgen.models.flood.checks import Storm
from morgen.models.flood.damage import damage_text, default_damage
from morgen.models.flood.districts import find_districts
from morgen.models.flood.effects import Thresholds
from morgen.models.flood.fields import FloodFields, flood_fields, raised_terrain
from morgen.models.flood.interface import FLOOD_DEPTH, PLUVIAL_FLOOD
from morgen.models.flood.parameters import (
    Buildings,
    Damage,
    DryTime,
    Duration,
    Edges,
    EngineCheck,
    Ensemble,
    FacadeHigh,
    FacadeLow,
    InfiltrationFactor,
    NoiseCheck,
    OpenWaterLevel,
    OutputInterval,
    Pattern,
    PumpCapacity,
    Rain,
    ResolutionCheck,
    RoadHigh,
    RoadLow,
    RoofDrainage,
    SewerCapacity,
    SewerDistricts,
    Surfaces,
    Threads,
)
from morgen.models.flood.report import FloodReport, Wanted
from morgen.models.flood.sewers import SewerDistrict
from morgen.models.flood.surfaces import default_surfaces, surfaces_text

if TYPE_CHECKING:
    from morgen.models.flood.rain import SewerLoss
    from morgen.models.flood.simulation import FloodResult
    from morgen.models.flood.works import Culvert, OpenWater, Pump

__all__ = ["BALANCE", "pluvial_flood"]

FloatArray = npt.NDArray[np.float32]

BALANCE: Final = ("rain", "stored", "infiltrated", "sewer", "outflow", "pumped", "error")
"""Terms of the balance: volumes in m3, and the relative error."""

SECONDS_PER_HOUR: Final = 3600.0
SECONDS_PER_DAY: Final = 86_400.0
MILLIMETRE: Final = 1e-3
SECONDS_PER_MINUTE: Final = 60.0


@model(
    id="pluvial-flood",
    version="1.4.0",
    interface=PLUVIAL_FLOOD,
    card=load_card("morgen.models.flood"),
    tables={"surfaces": surfaces_text(), "damage": damage_text()},
    presets=load_presets("morgen.models.flood"),
)
def pluvial_flood(
    situation: Situation,
    rain: Rain = 70.0,
    duration: Duration = 1.0,
    *,
    pattern: Pattern = (),
    after: DryTime = 1.0,
    sewer_capacity: SewerCapacity = 20.0,
    sewer_districts: SewerDistricts = True,
    infiltration_factor: InfiltrationFactor = 1.0,
    roof_drainage: RoofDrainage = "sewer",
    buildings: Buildings = "closed",
    edges: Edges = "open",
    open_water: OpenWaterLevel = "pumped",
    pump_capacity: PumpCapacity = 14.0,
    surfaces: Surfaces = None,
    facade_low: FacadeLow = 0.10,
    facade_high: FacadeHigh = 0.15,
    road_low: RoadLow = 0.15,
    road_high: RoadHigh = 0.30,
    damage: Damage = None,
    output_interval: OutputInterval = 5.0,
    engine_check: EngineCheck = True,
    resolution_check: ResolutionCheck = False,
    noise_check: NoiseCheck = False,
    ensemble: Ensemble = 0,
    threads: Threads = 0,
    run: RunContext,
) -> Result:
    """Compute flooding by rain in ``situation`` and its effects on buildings, roads and ground.

    Rasters are on ``situation.grid``. Volumes of the balance are in m3, over the whole terrain: ``rain``,
    ``stored`` (standing at the end, plus initial losses), ``infiltrated``, ``sewer``, ``outflow`` (over the edges)
    and ``pumped`` (out of open water); ``error`` is relative to the rain. Raises ``MissingLayerError``,
    ``ParameterError`` (a high threshold that is not above the low one), ``DismissedError``, ``UnstableError`` and
    ``BalanceError``.
    """
    thresholds = _thresholds(
        facade_low=facade_low, facade_high=facade_high, road_low=road_low, road_high=road_high
    )
    situation.require(*PLUVIAL_FLOOD.needs)
    run.progress(0.0, "reading the situation")
    fields = flood_fields(situation, surfaces=surfaces or default_surfaces(), warn=run.warn)
    scene = _Scene(
        fields=fields,
        sewer_capacity=sewer_capacity,
        infiltration_factor=infiltration_factor,
        roof_capacity=sewer_capacity if roof_drainage == "sewer" else 0.0,
        heights=_heights(situation) if buildings == "raised" else None,
        drained={"pumped": pump_capacity, "held": math.inf, "closed": 0.0}[open_water],
        works=added_works(situation, fields.terrain),
        sewers=_districts(situation, fields, run) if sewer_districts else (),
    )
    until = (duration + after) * SECONDS_PER_HOUR
    wanted = Wanted(engines=engine_check, resolution=resolution_check, noise=noise_check, ensemble=ensemble)
    report = FloodReport(
        situation=situation,
        fields=fields,
        thresholds=thresholds,
        damage=damage or default_damage(),
        run=run,
        simulations=1 + wanted.simulations,
    )
    storm = scene.storm(
        rain=_hyetograph(rain, duration, pattern),
        boundary=edges,
        until=until,
        output_every=min(output_interval * SECONDS_PER_MINUTE, until),
        duration_thresholds=(FLOOD_DEPTH,),
        threads=threads or None,
    )
    report.open_series(until=until, output_every=storm.event["output_every"])
    flood = storm.run(on_output=report.on_output, on_progress=report.on_progress)
    return report.conclude(flood, storm=storm, wanted=wanted, balance=_balance(flood))


@dataclass(frozen=True, eq=False)
class _Scene:
    """What the engine needs to know of the ground."""

    fields: FloodFields
    sewer_capacity: float
    infiltration_factor: float
    roof_capacity: float
    """mm/h of the roofs that goes to the sewer; 0 when roofs drain to the ground."""
    heights: npt.NDArray[np.float64] | None
    """Height of each building, m, when buildings are raised; None when they are closed."""
    drained: float
    """mm per day over the terrain that leaves open water above its usual level."""
    works: "tuple[Culvert | Pump, ...]" = ()
    sewers: tuple[SewerDistrict, ...] = ()

    def storm(self, **event: Any) -> Storm:
        """Return the arguments of ``simulate`` for ``event`` on this ground."""
        from morgen.models.flood.simulation import Roof

        fields = self.fields
        described = {
            "cell_size": fields.grid.cell_size,
            "manning": fields.manning,
            "infiltration": self._infiltration(),
            "initial_loss": fields.initial_loss + (self.heights is not None) * _green_roofs(fields),
            "losses": self._losses(),
            "works": (*self.works, *self._open_water()),
            "sewers": tuple(self._drained_districts()),
        }
        if self.heights is not None:
            return Storm(raised_terrain(fields, self.heights), described, event)
        roofs = tuple(
            Roof(
                ratio=roof.ratio,
                area=roof.cells * fields.grid.cell_area,
                capacity=self.roof_capacity
                * (fields.roof_sewered if roof.kind.to_sewer is None else roof.kind.to_sewer),
                initial_loss=fields.roof_initial_loss,
                storage=roof.kind.storage,
                outflow=roof.kind.outflow,
            )
            for roof in fields.roofs
        )
        return Storm(fields.terrain, {**described, "blocked": fields.roofed, "roof": roofs}, event)

    def _infiltration(self) -> FloatArray:
        fields = self.fields
        direct = np.where(fields.added_storage > 0, 0.0, fields.added_infiltration)
        return (fields.infiltration * self.infiltration_factor + direct).astype(np.float32)

    def _losses(self) -> "SewerLoss":
        """Return sewers, and storage under the ground, which empties into the soil and through the sewer."""
        from morgen.models.flood.simulation import SewerLoss

        fields = self.fields
        sewers = np.where(fields.roofed, self.roof_capacity, self.sewer_capacity) * fields.sewered
        sewers = (sewers + fields.added_sewer).astype(np.float32)
        if not fields.added_storage.any():
            return SewerLoss(capacity=sewers)
        stored = fields.added_storage > 0
        return SewerLoss(
            capacity=(sewers + np.where(stored, INLET, 0.0)).astype(np.float32),
            # A sewer that is never full empties as fast as it takes; a millimetre is more than an interval gives.
            storage=np.maximum(fields.added_storage, 1.0),
            emptying=(sewers + np.where(stored, fields.added_infiltration, 0.0)).astype(np.float32),
        )

    def _drained_districts(self) -> Iterator[SewerDistrict]:
        """Yield the districts with a cell that holds water and drains to the sewer."""
        holds = self.fields.domain if self.heights is not None else self.fields.domain & ~self.fields.roofed
        drains = holds & (np.asarray(self._losses().capacity) > 0)
        for district in self.sewers:
            if (district.mask & drains).any():
                gullies = None if district.gullies is None else district.gullies & holds
                yield replace(district, gullies=gullies if gullies is not None and gullies.any() else None)

    def _open_water(self) -> "tuple[OpenWater, ...]":
        from morgen.models.flood.works import OpenWater

        fields = self.fields
        if not (self.drained > 0 and fields.water.any()):
            return ()
        surface = float(fields.domain.sum()) * fields.grid.cell_area
        return (OpenWater(fields.water, capacity=self.drained * MILLIMETRE * surface / SECONDS_PER_DAY),)


def _districts(situation: Situation, fields: FloodFields, run: RunContext) -> tuple[SewerDistrict, ...]:
    local = fields.added_storage > 0
    return find_districts(situation, water=fields.water, local=local, warn=run.warn)


def _green_roofs(fields: FloodFields) -> FloatArray:
    """Return what green roofs and barrels hold (mm) on the cells of their buildings."""
    held = np.zeros(fields.facades.count + 1, np.float32)
    for roof in fields.roofs:
        held[1:][roof.kind.buildings] = roof.kind.storage
    on_cells: FloatArray = held[fields.buildings]
    return on_cells


def _balance(flood: "FloodResult") -> dict[str, float]:
    """Return the balance that every flood model gives; the engine refuses one that does not close."""
    found = flood.balance.summary()
    return {name: float(found[name]) for name in BALANCE}


def _hyetograph(rain: float, duration: float, pattern: tuple[float, ...]) -> list[tuple[float, float]]:
    """Return ``rain`` (mm) over ``duration`` (h) as steps (s, mm/h), in the shares of ``pattern``."""
    shares = pattern or (1.0,)
    total = sum(shares)
    if not total > 0:
        raise ParameterError(
            f"parameter 'pattern' of pluvial-flood is {len(shares)} times 0, but some part should have rain"
        )
    part = duration / len(shares)
    starts = [number * part * SECONDS_PER_HOUR for number in range(len(shares))]
    rates = [rain * share / total / part for share in shares]
    return [*zip(starts, rates, strict=True), (duration * SECONDS_PER_HOUR, 0.0)]


def _heights(situation: Situation) -> npt.NDArray[np.float64]:
    buildings = situation.features("buildings")
    heights: npt.NDArray[np.float64] = buildings["height"].to_numpy(dtype=np.float64, na_value=np.nan)
    return heights


def _thresholds(*, facade_low: float, facade_high: float, road_low: float, road_high: float) -> Thresholds:
    for name, low, high in (("facade", facade_low, facade_high), ("road", road_low, road_high)):
        if low >= high:
            raise ParameterError(
                f"parameter '{name}_high' of pluvial-flood is {high:g} m, but it should be more than '{name}_low',"
                f" which is {low:g} m"
            )
    return Thresholds(facade_low=facade_low, facade_high=facade_high, road_low=road_low, road_high=road_high)
