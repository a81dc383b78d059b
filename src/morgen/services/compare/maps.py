"""Maps of differences: other less base on the cells of both, without what lies under the noise floor."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.errors import InputError, NotFoundError
from morgen.core.grid import Grid
from morgen.core.situation import Raster
from morgen.services.compare.comparison import MapSummary, NoiseFloor
from morgen.services.compare.noise import noise_floor
from morgen.services.result import RunResult

__all__ = ["MAPPED", "difference_raster", "grids_differ", "map_file", "map_summaries", "write_difference_maps"]

FloatArray = npt.NDArray[np.float32]

MAPPED: Final = {
    "max_depth": "Difference in largest water depth",
    "duration": "Difference in duration of flooding",
    "arrival": "Difference in arrival of the water",
}
"""Outputs that are mapped, with the titles of their maps."""
FLOODED: Final = 0.05
"""Depth from which the models of pluvial-flood/1 count time, m."""


def grids_differ(base: RunResult, other: RunResult) -> str:
    """Return why two runs cannot be subtracted cell by cell, in one sentence; empty when they can."""
    one, two = base.situation.grid, other.situation.grid
    if one == two:
        return ""
    return (
        f"runs {base.id} and {other.id} lie on other grids ({one.cell_size:g} m and {two.cell_size:g} m cells),"
        " so no cell can be subtracted; compute both on one grid"
    )


def difference_raster(base: RunResult, other: RunResult, name: str, *, noise: NoiseFloor | None = None) -> Raster:
    """Return other less base for one of ``MAPPED``, shape (rows, columns), in the unit of the output.

    Differences up to the noise floor are 0; no value where one of the runs has none (buildings, outside the
    terrain; for arrival also where the water did not come in one of them). Times of places whose largest depth is
    within the floor of 0.05 m are 0 too: whether they count as flooded at all is rounding.
    Raises ``InputError`` for other grids and ``NotFoundError`` for an output that is not there.
    """
    found, _raw = _difference(base, other, name, noise or noise_floor((base, other)))
    return found


def map_summaries(
    base: RunResult, other: RunResult, *, noise: NoiseFloor, measures: Sequence[Any] = ()
) -> tuple[MapSummary, ...]:
    """Return the maps of all outputs that both runs have, in figures, within the area.

    ``measures`` are the shapes of the measures of the other run, m RD.
    """
    grid = base.situation.grid
    inside, drawn = _burnt([base.situation.area.polygon], grid), _burnt(measures, grid)
    return tuple(
        _summary(base, other, name, noise=noise, inside=inside, drawn=drawn)
        for name in MAPPED
        if name in base.outputs and name in other.outputs
    )


def _burnt(shapes: Sequence[Any], grid: Grid) -> npt.NDArray[np.bool_]:
    """Return which cells have their centre in one of the shapes."""
    from rasterio.features import geometry_mask
    from rasterio.transform import Affine

    if not shapes:
        return np.zeros(grid.shape, dtype=np.bool_)
    mask: npt.NDArray[np.bool_] = geometry_mask(shapes, grid.shape, Affine(*grid.transform), invert=True)
    return mask


def map_file(other: str, name: str) -> str:
    """Return the name of the file of a map: the run that is compared, and the output."""
    return f"{other}-{name}.tif"


def write_difference_maps(base: RunResult, other: RunResult, folder: Path) -> dict[str, Path]:
    """Write the maps as COG and return their paths by name; raises ``StorageError`` and ``InputError``."""
    noise = noise_floor((base, other))
    names = [name for name in MAPPED if name in base.outputs and name in other.outputs]
    return {name: write_difference_map(base, other, name, folder, noise=noise) for name in names}


def write_difference_map(
    base: RunResult, other: RunResult, name: str, folder: Path, *, noise: NoiseFloor | None = None
) -> Path:
    """Write one map as COG and return its path; raises as ``difference_raster``, and ``StorageError``."""
    from morgen.services._geotiff import write_cog

    path = folder / map_file(other.id, name)
    unit = other.output(name).description.unit
    write_cog(path, difference_raster(base, other, name, noise=noise), unit=unit, title=MAPPED[name])
    return path


def _difference(base: RunResult, other: RunResult, name: str, noise: NoiseFloor) -> tuple[Raster, FloatArray]:
    """Return the map, and the differences as they are."""
    if name not in MAPPED:
        raise NotFoundError(f"there is no map of differences {name!r}; there is {', '.join(MAPPED)}")
    if problem := grids_differ(base, other):
        raise InputError(problem)
    one, two = (_values(run, name) for run in (base, other))
    raw = (two - one).astype(np.float32)
    hidden = np.abs(raw) <= np.float32(_floor(name, noise))
    if name != "max_depth":
        depths = [_values(run, "max_depth") for run in (base, other)]
        hidden |= np.any([np.abs(depth - FLOODED) <= noise.depth for depth in depths], axis=0)
    return Raster(grid=base.situation.grid, values=np.where(hidden, np.float32(0.0), raw)), raw


def _values(run: RunResult, name: str) -> FloatArray:
    values: FloatArray = run.output(name).to_xarray().to_numpy()
    return values


def _floor(name: str, noise: NoiseFloor) -> float:
    return noise.depth if name == "max_depth" else noise.duration


def _summary(
    base: RunResult,
    other: RunResult,
    name: str,
    *,
    noise: NoiseFloor,
    inside: npt.NDArray[np.bool_],
    drawn: npt.NDArray[np.bool_],
) -> MapSummary:
    raster, raw = _difference(base, other, name, noise)
    shown, cell = raster.values[inside], raster.grid.cell_area

    def area(cells: Any) -> float:
        return float(np.count_nonzero(cells)) * cell

    return MapSummary(
        name=name,
        unit=other.output(name).description.unit,
        floor=_floor(name, noise),
        lower_area=area(shown < 0),
        higher_area=area(shown > 0),
        higher_in_measures=area((shown > 0) & drawn[inside]),
        hidden_area=area((shown == 0) & (np.nan_to_num(raw[inside]) != 0)),
        largest_fall=_largest(-shown),
        largest_rise=_largest(shown),
    )


def _largest(values: FloatArray) -> float:
    return round(float(np.nan_to_num(values).max(initial=0.0)), 6)
