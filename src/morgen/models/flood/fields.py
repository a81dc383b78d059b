"""From a situation to arrays on its grid: what lies where, and what the ground there does with water."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from morgen.core.errors import MissingLayerError
from morgen.core.grid import Grid
from morgen.core.situation import Situation, TerrainOrigin
from morgen.models.flood.additions import RoofKind, added_rate, roof_kinds
from morgen.models.flood.facades import Facades, find_facades, roof_shares
from morgen.models.flood.surfaces import BUILDING, UNKNOWN, WATER, SurfaceTable

if TYPE_CHECKING:
    import geopandas

__all__ = ["FloodFields", "RoofField", "burn", "flood_fields", "raised_terrain"]

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float32]

LOWEST_BUILDING = 3.0
"""Height to which a building is raised at least, m: one storey, also for a building of unknown height."""

UNKNOWN_SHARE_TO_REPORT = 0.001
"""Share of the area without land cover from which the user hears of it."""


@dataclass(frozen=True, eq=False)
class RoofField:
    """Roofs of one kind on the grid."""

    kind: RoofKind
    ratio: FloatArray
    """Roof that drains to a cell, in cell areas; shape (rows, columns)."""
    cells: int
    """Cells under these roofs."""


@dataclass(frozen=True, eq=False)
class FloodFields:
    """Everything that the model knows of the ground; all arrays have shape (rows, columns), row 0 in the north."""

    grid: Grid
    terrain: FloatArray
    """m NAP; NaN outside the data."""
    domain: BoolArray
    """Cells with terrain."""
    inside: BoolArray
    """Cells of the domain in the area of the question; the others are a buffer that no indicator counts."""
    surface: npt.NDArray[np.uint8]
    """Code of the surface class."""
    manning: FloatArray
    """Roughness of Manning, s/m^(1/3)."""
    infiltration: FloatArray
    """Infiltration capacity of the surface, mm/h."""
    added_infiltration: FloatArray
    """What measures add to it, mm/h."""
    added_storage: FloatArray
    """Storage under the surface that measures add, mm; what they add to infiltration there empties it."""
    added_sewer: FloatArray
    """What the sewer takes more by measures, mm/h."""
    initial_loss: FloatArray
    """mm."""
    sewered: FloatArray
    """Share that drains to the sewer, 0 to 1."""
    water: BoolArray
    """Permanent water; the terrain there is its usual level."""
    buildings: npt.NDArray[np.int32]
    """Row number + 1 of the building that covers the cell centre, 0 elsewhere."""
    facades: Facades
    """Ground and water cells along every building."""
    roofs: tuple["RoofField", ...]
    """Roofs by kind; plain ones first."""
    roof_initial_loss: float
    """mm."""
    roof_sewered: float
    """Share of the roofs that is connected to the sewer, 0 to 1."""

    @property
    def roof_ratio(self) -> FloatArray:
        """Roof of any kind that drains to a cell, in cell areas."""
        return sum((roof.ratio for roof in self.roofs), np.zeros(self.grid.shape, np.float32))

    @property
    def roofed(self) -> BoolArray:
        """Cells under a building."""
        return self.buildings > 0

    @property
    def ground(self) -> BoolArray:
        """Cells that can be flooded and count: in the area, not under a building, no permanent water."""
        ground: BoolArray = self.inside & ~self.roofed & ~self.water
        return ground


def flood_fields(situation: Situation, *, surfaces: SurfaceTable, warn: Callable[[str], None]) -> FloodFields:
    """Rasterise the layers of ``situation`` onto its grid; a cell belongs to what covers its centre.

    Needs the layers terrain, land_cover and buildings; ``warn`` gets a sentence for every word that the surface
    table does not know and for ground without land cover. Raises ``MissingLayerError`` when there is no ground.
    """
    grid = situation.grid
    terrain = situation.raster("terrain").values.astype(np.float32)
    domain = np.isfinite(terrain)
    buildings = situation.features("buildings")
    labels = np.where(domain, burn(buildings.geometry, grid), 0).astype(np.int32)
    free = domain & (labels == 0)
    inside = domain & (burn([situation.area.polygon], grid) > 0)
    if not (free & inside).any():
        raise MissingLayerError(
            f"there is no ground with a height in {situation.area.name!r}: the terrain is empty there or covered"
            " by buildings everywhere; link height data that covers the area with `morgen add`"
        )
    surface = _surface_codes(situation, surfaces, warn)
    surface[labels > 0] = surfaces.code_of(BUILDING)
    _warn_unknown(surface[free & inside] == surfaces.code_of(UNKNOWN), warn)
    facades = find_facades(labels, free, count=len(buildings), small=_small_buildings(buildings, labels, grid))
    return FloodFields(
        grid=grid,
        terrain=terrain,
        domain=domain,
        inside=inside,
        surface=surface,
        manning=surfaces.values("manning")[surface],
        infiltration=surfaces.values("infiltration")[surface],
        initial_loss=surfaces.values("initial_loss")[surface],
        sewered=surfaces.values("sewered")[surface],
        water=domain & (surface == surfaces.code_of(WATER)),
        buildings=labels,
        facades=facades,
        added_infiltration=added_rate(situation, "infiltration_extra"),
        added_storage=added_rate(situation, "storage_extra"),
        added_sewer=added_rate(situation, "sewer_extra"),
        roofs=tuple(_roof_field(kind, labels, free, facades) for kind in roof_kinds(situation)),
        roof_initial_loss=surfaces.classes[BUILDING].initial_loss.value,
        roof_sewered=surfaces.classes[BUILDING].sewered.value,
    )


def _roof_field(kind: RoofKind, labels: npt.NDArray[np.int32], free: BoolArray, facades: Facades) -> "RoofField":
    return RoofField(
        kind=kind,
        ratio=roof_shares(labels, free, facades, only=kind.buildings),
        cells=int(np.concatenate([[False], kind.buildings])[labels].sum()),
    )


def burn(geometries: Any, grid: Grid, *, all_touched: bool = False) -> npt.NDArray[np.int32]:
    """Return per cell the row number + 1 of the polygon that covers its centre (or touches it), 0 elsewhere.

    Where polygons overlap the last one counts. Missing and empty geometries cover nothing.
    """
    from affine import Affine
    from rasterio.features import rasterize

    shapes = [
        (geometry, row)
        for row, geometry in enumerate(geometries, start=1)
        if geometry is not None and not geometry.is_empty
    ]
    if not shapes:
        return np.zeros(grid.shape, dtype=np.int32)
    burnt: npt.NDArray[np.int32] = rasterize(
        shapes, out_shape=grid.shape, transform=Affine(*grid.transform), all_touched=all_touched, dtype="int32"
    )
    return burnt


def raised_terrain(fields: FloodFields, heights: npt.NDArray[np.float64]) -> FloatArray:
    """Return the terrain with every building standing on it, at least one storey (3 m) high.

    ``heights`` is the height of each building above the ground, m; NaN counts as unknown.
    """
    storeys = np.fmax(heights, LOWEST_BUILDING)
    rise = np.concatenate([[0.0], storeys])[fields.buildings]
    raised: FloatArray = (fields.terrain + rise).astype(np.float32)
    return raised


def _surface_codes(
    situation: Situation, surfaces: SurfaceTable, warn: Callable[[str], None]
) -> npt.NDArray[np.uint8]:
    unknown = surfaces.code_of(UNKNOWN)
    codes = _classified(situation.features("land_cover"), situation.grid, surfaces, warn)
    if situation.has("decks"):
        # The BGT maps no ground under some bridges and viaducts: there the deck is the best that is known.
        decks = situation.features("decks")
        decks = decks[decks["level"] > 0]
        codes = np.where(codes == unknown, _classified(decks, situation.grid, surfaces, warn), codes)
    if situation.has("terrain_origin"):
        origin = situation.raster("terrain_origin").values
        codes[(origin == TerrainOrigin.UNDER_WATER) & (codes == unknown)] = surfaces.code_of(WATER)
    return codes


def _classified(
    layer: "geopandas.GeoDataFrame", grid: Grid, surfaces: SurfaceTable, warn: Callable[[str], None]
) -> npt.NDArray[np.uint8]:
    per_object, sentences = surfaces.classify(layer)
    for sentence in sentences:
        warn(sentence)
    outside = np.array([surfaces.code_of(UNKNOWN)], dtype=np.uint8)
    codes: npt.NDArray[np.uint8] = np.concatenate([outside, per_object])[burn(layer.geometry, grid)]
    return codes


def _small_buildings(
    buildings: "geopandas.GeoDataFrame", labels: npt.NDArray[np.int32], grid: Grid
) -> npt.NDArray[np.int32] | None:
    seen = np.zeros(len(buildings) + 1, dtype=bool)
    seen[np.unique(labels)] = True
    if seen[1:].all():
        return None
    geometries = [None if done else shape for done, shape in zip(seen[1:], buildings.geometry, strict=True)]
    return burn(geometries, grid, all_touched=True)


def _warn_unknown(unknown: BoolArray, warn: Callable[[str], None]) -> None:
    share = float(unknown.mean())
    if share >= UNKNOWN_SHARE_TO_REPORT:
        warn(
            f"For {share:.1%} of the ground in the area there is no land cover; it is taken as ground that neither"
            " infiltrates nor drains to the sewer."
        )
