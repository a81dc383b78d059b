"""What measures add to a situation, as the flood model takes it: more infiltration, storage, pipes and pumps.

``docs/layers.md`` tells which layers these are. A situation without measures has none of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.grid import Grid
from morgen.core.situation import Situation
from morgen.models.flood.walls import Wall
from morgen.models.flood.works import Culvert, Pump

if TYPE_CHECKING:
    import shapely

__all__ = ["INLET", "RoofKind", "added_rate", "added_walls", "added_works", "roof_kinds"]

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]

INLET: Final = 1800.0
"""mm/h that enters storage under the ground while it has room: a gully of 10 l/s for each 20 m2.

Indicative: new permeable paving takes more, silted joints take less.
"""


@dataclass(frozen=True)
class RoofKind:
    """Roofs that treat rain alike."""

    buildings: BoolArray
    """Which buildings have it."""
    storage: float
    """mm."""
    outflow: float
    """mm/h; what leaves the storage while there is water in it."""
    to_sewer: float | None
    """Share that drains to the sewer, 0 to 1; None for that of the surface table."""


def added_rate(situation: Situation, name: str) -> FloatArray:
    """Return one of the added rasters (rows, columns), 0 where nothing was added."""
    if not situation.has(name):
        return np.zeros(situation.grid.shape, np.float32)
    added: FloatArray = np.nan_to_num(situation.raster(name).values).astype(np.float32)
    return added


def roof_kinds(situation: Situation) -> list[RoofKind]:
    """Return the kinds of roof; every building has one, and plain roofs come first."""
    buildings = situation.features("buildings")
    told = np.full((len(buildings), 3), np.nan)
    for column, name in enumerate(("roof_storage", "roof_outflow", "roof_to_sewer")):
        if name in buildings:
            told[:, column] = buildings[name].to_numpy(dtype=float, na_value=np.nan)
    told[:, :2] = np.nan_to_num(told[:, :2])
    told[:, 2] = np.nan_to_num(told[:, 2], nan=-1.0)
    kinds, which = np.unique(told, axis=0, return_inverse=True)
    return [
        RoofKind(
            buildings=which.reshape(-1) == number,
            storage=float(storage),
            outflow=float(outflow),
            to_sewer=float(to_sewer) if to_sewer >= 0 else None,
        )
        for number, (storage, outflow, to_sewer) in enumerate(kinds)
    ]


def added_works(situation: Situation, terrain: FloatArray) -> tuple[Culvert | Pump, ...]:
    """Return culverts and pumps, with their places in metres from the south-west corner of the grid."""
    return (*_culverts(situation), *_pumps(situation, terrain))


def added_walls(situation: Situation) -> tuple[Wall, ...]:
    """Return walls and kerbs, with their lines in metres from the south-west corner of the grid."""
    from shapely.affinity import translate

    west, south, _, _ = situation.grid.bounds
    return tuple(
        Wall(translate(row.geometry, -west, -south), height=row.height)
        if np.isnan(row.crest_level)
        else Wall(translate(row.geometry, -west, -south), crest_level=row.crest_level)
        for row in _rows(situation, "walls")
    )


def _culverts(situation: Situation) -> Iterator[Culvert]:
    for row in _rows(situation, "culverts"):
        start, end = (_place(row.geometry.interpolate(share, normalized=True), situation.grid) for share in (0, 1))
        yield Culvert(
            start=start,
            end=end,
            width=row.width,
            height=row.height,
            length=row.geometry.length,
            bottom=max(row.level_up, row.level_down),
            manning=row.roughness,
        )


def _pumps(situation: Situation, terrain: FloatArray) -> Iterator[Pump]:
    import shapely

    grid = situation.grid
    for row in _rows(situation, "pumps"):
        x, y = row.geometry.x, row.geometry.y
        ground = float(terrain[int((grid.ymax - y) // grid.cell_size), int((x - grid.xmin) // grid.cell_size)])
        yield Pump(
            place=_place(row.geometry, grid),
            capacity=row.capacity,
            on=max(row.on_level - ground, 0.0),
            to=_place(shapely.from_wkt(row.to), grid) if isinstance(row.to, str) else None,
        )


def _rows(situation: Situation, name: str) -> Iterator[Any]:
    if situation.has(name):
        yield from situation.features(name).itertuples(index=False)


def _place(point: Any, grid: Grid) -> "shapely.Point":
    import shapely

    west, south, _, _ = grid.bounds
    return shapely.Point(point.x - west, point.y - south)
