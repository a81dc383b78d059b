"""What a flood run gives: follows the simulation, and writes its outputs and indicators."""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.indicator import Indicator
from morgen.core.model import Result, RunContext, SeriesWriter
from morgen.core.situation import Situation
from morgen.models.flood.effects import (
    FloodWatch,
    Roads,
    Thresholds,
    buildings_with_water,
    facade_depths,
    find_roads,
    overtopped_water,
    roads_with_water,
)
from morgen.models.flood.fields import FloodFields
from morgen.models.flood.indicators import (
    building_indicators,
    ground_indicators,
    road_indicators,
    street_volume_indicator,
)

if TYPE_CHECKING:
    import geopandas

    from morgen.models.flood.simulation import FloodResult

__all__ = ["FloodReport"]

FloatArray = npt.NDArray[np.float32]

SIMULATION_SHARE: Final = 0.9
"""Share of the progress that the simulation takes; the rest is for effects and writing."""

SECONDS_PER_MINUTE: Final = 60.0


@dataclass(eq=False)
class FloodReport:
    """Receives the depths of a run, writes them, and draws the conclusions at the end."""

    situation: Situation
    fields: FloodFields
    thresholds: Thresholds
    run: RunContext
    roads: Roads = field(init=False)
    watch: FloodWatch = field(init=False)
    series: SeriesWriter = field(init=False)

    def open_series(self, *, until: float, output_every: float) -> None:
        """Prepare for outputs every ``output_every`` seconds up to ``until``, the start and the end included."""
        fields = self.fields
        self.roads = find_roads(self.situation.features("land_cover"), fields)
        dry_land = fields.domain & ~fields.water & ~fields.roofed
        self.watch = FloodWatch(
            facades=fields.facades.within(dry_land), roads=self.roads.cells, cell_area=fields.grid.cell_area
        )
        times = 1 + math.ceil(until / output_every - 1e-9)
        self.series = self.run.write_series("depth", times, grid=fields.grid, unit="m", title="Water depth")

    def on_output(self, time: float, depth: FloatArray) -> None:
        """Write the depths (rows, columns), m, at ``time`` seconds."""
        shown = self._shown(depth)
        self.watch.observe(time, shown)
        self.series.append(time, shown)

    def on_progress(self, fraction: float, time: float) -> None:
        """Pass on the progress of the simulation, at ``time`` seconds; raises ``DismissedError``."""
        self.run.progress(SIMULATION_SHARE * fraction, f"{time / SECONDS_PER_MINUTE:.0f} min since the rain began")

    def conclude(self, flood: "FloodResult", *, balance: dict[str, float]) -> Result:
        """Write all outputs but the series and return the indicators."""
        self.run.progress(SIMULATION_SHARE, "effects on buildings, roads and ground")
        max_depth = self._shown(flood.max_depth)
        duration = self._shown(flood.duration) / np.float32(SECONDS_PER_MINUTE)
        all_buildings = self.situation.features("buildings")
        in_area = _in_area(all_buildings, self.situation)
        buildings = self._buildings(all_buildings, in_area, max_depth)
        roads = roads_with_water(
            self.roads, grid=self.fields.grid, max_depth=max_depth, thresholds=self.thresholds
        )
        found = [
            *building_indicators(buildings, thresholds=self.thresholds),
            *road_indicators(roads, thresholds=self.thresholds),
            *ground_indicators(
                max_depth, duration, ground=self.fields.ground, cell_area=self.fields.grid.cell_area
            ),
            street_volume_indicator(self.watch.street_volume),
        ]
        self._warn_overtopping(max_depth)
        self._write_rasters(flood, max_depth=max_depth, duration=duration)
        self.run.write_features("buildings", buildings, title="Buildings with water at the façade")
        self.run.write_json(
            "facade_depth",
            facade_depths(all_buildings, in_area=in_area, watch=self.watch),
            title="Depth at the façade in time",
        )
        self.run.write_features("roads", roads, title="Roads with water")
        return self._finished(tuple(found), balance)

    def _finished(self, found: tuple[Indicator, ...], balance: dict[str, float]) -> Result:
        self.run.write_json("indicators", [indicator.to_json() for indicator in found], title="Indicators")
        self.run.write_json("balance", balance, title="Water balance")
        self.run.progress(1.0, "ready")
        return Result(indicators=found, balance=balance)

    def _buildings(
        self, buildings: "geopandas.GeoDataFrame", in_area: npt.NDArray[np.bool_], max_depth: FloatArray
    ) -> "geopandas.GeoDataFrame":
        frame = buildings_with_water(
            buildings, in_area=in_area, watch=self.watch, max_depth=max_depth, thresholds=self.thresholds
        )
        blind = int(frame["max_depth"].isna().sum())
        if blind:
            self.run.warn(
                f"{blind} of {len(frame)} buildings in the area have no ground along their façade (water, other"
                " buildings or no terrain); they do not count as buildings with water."
            )
        return frame

    def _warn_overtopping(self, max_depth: FloatArray) -> None:
        rise, bank = overtopped_water(self.fields, max_depth)
        if bank > 0:
            self.run.warn(
                f"Permanent water rose by up to {rise:.2f} m and overtopped its bank over {bank:.0f} m; the model"
                " neither drains nor pumps it, so look there with care."
            )

    def _write_rasters(self, flood: "FloodResult", *, max_depth: FloatArray, duration: FloatArray) -> None:
        arrival = self._shown(flood.arrival) / np.float32(SECONDS_PER_MINUTE)
        rasters: dict[str, tuple[FloatArray, str, str]] = {
            "max_depth": (max_depth, "m", "Largest water depth"),
            "arrival": (arrival, "min", "Arrival of the water"),
            "duration": (duration, "min", "Duration of flooding"),
            "max_velocity": (self._shown(flood.max_velocity), "m/s", "Largest velocity"),
        }
        for name, (values, unit, title) in rasters.items():
            self.run.write_raster(name, values, grid=self.fields.grid, unit=unit, title=title)

    def _shown(self, values: npt.NDArray[Any]) -> FloatArray:
        """Return the values where water can be: no value outside the terrain and under buildings."""
        return np.where(self.fields.domain & ~self.fields.roofed, values, np.nan).astype(np.float32)


def _in_area(buildings: "geopandas.GeoDataFrame", situation: Situation) -> npt.NDArray[np.bool_]:
    inside = buildings.geometry.representative_point().within(situation.area.polygon)
    found: npt.NDArray[np.bool_] = inside.to_numpy(dtype=bool)
    return found
