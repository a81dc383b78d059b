"""What stands in the way of the water: buildings with doors and floors, and vulnerable places."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from morgen.core.situation import Situation
from morgen.models.flood.damage import DamageTable, damages
from morgen.models.flood.doors import NO_DOOR, door_cells
from morgen.models.flood.effects import FloodWatch, Thresholds, buildings_with_water
from morgen.models.flood.facades import Facades
from morgen.models.flood.fields import FloodFields, burn
from morgen.models.flood.places import NO_BUILDING, find_places
from morgen.models.flood.rescue import Rescue, find_rescue

if TYPE_CHECKING:
    import geopandas

__all__ = ["Exposure", "find_exposure"]

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Exposure:
    """The buildings and vulnerable places of a situation, as water meets them."""

    buildings: "geopandas.GeoDataFrame"
    """All buildings, also those outside the area."""
    in_area: npt.NDArray[np.bool_]
    """Which of them count."""
    facades: Facades
    """Their façades, limited to dry land."""
    doors: npt.NDArray[np.int64]
    """Flat index of the cell of the likely door of each; ``NO_DOOR`` when there is no guess."""
    places: "geopandas.GeoDataFrame"
    """Vulnerable places in the area, as ``find_places`` gives them."""
    place_cells: npt.NDArray[np.int64]
    """Flat index of the cell of each place in the open; of no meaning for places in a building."""
    rescue: Rescue
    table: DamageTable
    fields: FloodFields

    def meet(
        self, watch: FloodWatch, *, max_depth: FloatArray, thresholds: Thresholds
    ) -> "tuple[geopandas.GeoDataFrame, geopandas.GeoDataFrame]":
        """Return the buildings and the vulnerable places of the area with the water there.

        ``max_depth`` (rows, columns) is in m. Columns of the buildings, beside those of
        ``effects.buildings_with_water``: use, door_depth (m; NaN without a guess of the door), depth_inside (m),
        damage_low, damage, damage_high (euro). Places, the deepest first: place_id, kind, use, max_depth,
        door_depth, depth_inside (m; NaN when not known), flooded (at least ``facade_low`` at the façade), cut_off
        (no vehicle reaches it where water is deeper than ``road_high``) and geometry (a point).
        """
        met = self._met(max_depth)
        buildings = buildings_with_water(
            self.buildings, in_area=self.in_area, watch=watch, max_depth=max_depth, thresholds=thresholds
        )
        for name, values in met.items():
            buildings[name] = values[self.in_area]
        met["max_depth"] = self.facades.largest(max_depth)
        return buildings, self._places_with_water(met, max_depth, thresholds)

    def _places_with_water(
        self, met: dict[str, npt.NDArray[Any]], max_depth: FloatArray, thresholds: Thresholds
    ) -> "geopandas.GeoDataFrame":
        frame = self.places.drop(columns="building")
        frame.geometry = self.places.geometry.representative_point()
        rows = self.places["building"].to_numpy()
        in_open = rows == NO_BUILDING
        for name in ("max_depth", "door_depth", "depth_inside"):
            frame[name] = np.append(met[name], np.float32(np.nan))[rows]  # -1, in the open, is the NaN
        frame.loc[in_open, "max_depth"] = max_depth.ravel()[self.place_cells[in_open]]
        frame["flooded"] = frame["max_depth"] >= np.float32(thresholds.facade_low)
        frame["cut_off"] = self.rescue.cut_off(max_depth, limit=thresholds.road_high)
        order = np.argsort(-frame["max_depth"].fillna(-1.0).to_numpy(), kind="stable")
        return frame.iloc[order].reset_index(drop=True)

    def _met(self, max_depth: FloatArray) -> dict[str, npt.NDArray[Any]]:
        at_door = np.where(self.doors == NO_DOOR, np.nan, max_depth.ravel()[self.doors]).astype(np.float32)
        costs = damages(self.buildings, self.table, self.facades, max_depth=max_depth, terrain=self.fields.terrain)
        return {"use": self.buildings["use"].to_numpy(), "door_depth": at_door, **costs}


def find_exposure(situation: Situation, fields: FloodFields, *, table: DamageTable, facades: Facades) -> Exposure:
    """Look up what the water can meet; ``facades`` are those of dry land."""
    buildings = situation.features("buildings")
    points = buildings.geometry.representative_point()
    in_area = points.within(situation.area.polygon).to_numpy(dtype=bool)
    places = find_places(situation, in_area)
    cover = situation.features("land_cover")
    paths = fields.domain & (burn(cover.geometry[cover["theme"] == "wegdeel"], fields.grid) > 0)
    return Exposure(
        buildings=buildings,
        in_area=in_area,
        facades=facades,
        doors=door_cells(facades, terrain=fields.terrain, paths=paths, cell_size=fields.grid.cell_size),
        places=places,
        place_cells=_cells(places, fields),
        rescue=find_rescue(situation, fields, list(places.geometry)),
        table=table,
        fields=fields,
    )


def _cells(places: "geopandas.GeoDataFrame", fields: FloodFields) -> npt.NDArray[np.int64]:
    grid, points = fields.grid, places.geometry.representative_point()
    rows = np.clip((grid.ymax - points.y.to_numpy()) // grid.cell_size, 0, grid.rows - 1)
    columns = np.clip((points.x.to_numpy() - grid.xmin) // grid.cell_size, 0, grid.columns - 1)
    cells: npt.NDArray[np.int64] = (rows * grid.columns + columns).astype(np.int64)
    return cells
