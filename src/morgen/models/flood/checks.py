"""How sure the answer is: the second engine, other cells, rounding, and what is not known of ground and sewer.

Every check is one more simulation of the same storm. What they find is the output ``checks`` of a run, and the
band of its indicators.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import numpy.typing as npt

from morgen.core.indicator import Indicator
from morgen.models.flood.interface import FLOOD_DEPTH
from morgen.models.flood.windows import coarser_districts, coarser_walls, cropped_districts, cropped_walls
from morgen.models.flood.works import OpenWater

if TYPE_CHECKING:
    from morgen.models.flood.simulation import FloodResult

__all__ = [
    "PUDDLE",
    "RANGES",
    "Storm",
    "banded",
    "changes",
    "coarser",
    "engine_agreement",
    "ensemble",
    "finer",
    "jittered",
    "noise",
    "worst_place",
]

Array = npt.NDArray[Any]
BoolArray = npt.NDArray[np.bool_]

ENGINE_BUDGET: Final = 4e7
"""Cell-updates that the second engine may take: some seconds."""
LEAST_WINDOW: Final = 24
MOST_WINDOW: Final = 128
"""Sides (cells) of the part on which engines are compared."""
SHARE: Final = 0.05
"""Of all cells that this part is at most."""
FAST: Final = 3.0
"""m/s: waves and water together, for a guess at the steps of the second engine."""
PUDDLE: Final = 0.10
"""m: depth from which places are compared, and from which members of an ensemble are counted."""

RANGES: Final[Mapping[str, tuple[float, float, str]]] = {
    "manning": (0.7, 1.5, "Chow (1959), Open-channel hydraulics, table 5-6: least and most beside normal values"),
    "infiltration": (
        0.5,
        2.0,
        "Rawls, Brakensiek & Miller (1983), J. Hydraulic Engineering 109: spread in a class",
    ),
    "sewer": (0.75, 1.25, "RIONED: sewers of 20 to 30 mm/h are usual"),
}
"""Factors on the ground of a run: least, most, and where they come from."""

JITTER: Final = 1e-6
"""m: what single precision makes of a height of 10 m."""


@dataclass(frozen=True, eq=False)
class Storm:
    """The arguments of one call of ``simulate``, without where its outputs go."""

    terrain: Array
    """m, shape (rows, columns)."""
    ground: Mapping[str, Any]
    event: Mapping[str, Any]

    def run(self, **options: Any) -> "FloodResult":
        """Simulate; ``options`` come on top."""
        from morgen.models.flood.simulation import simulate

        return simulate(self.terrain, **{**self.ground, **self.event, **options})

    def scaled(self, factors: Mapping[str, float]) -> "Storm":
        """Return the storm on ground with other roughness, infiltration and sewers, by the names of ``RANGES``."""
        losses = self.ground["losses"]
        ground = {
            **self.ground,
            "manning": self.ground["manning"] * np.float32(factors.get("manning", 1.0)),
            "infiltration": self.ground["infiltration"] * np.float32(factors.get("infiltration", 1.0)),
            "losses": replace(losses, capacity=losses.capacity * np.float32(factors.get("sewer", 1.0))),
        }
        return replace(self, ground=ground)


def worst_place(max_depth: Array, ground: BoolArray) -> tuple[int, int]:
    """Return row and column of the cell of ``ground`` amid the most water: the largest depth, summed around it."""
    from scipy.ndimage import uniform_filter

    water = np.where(ground, np.nan_to_num(max_depth), 0.0)
    around = uniform_filter(np.minimum(water, 1.0), size=LEAST_WINDOW // 2, mode="constant")
    row, column = np.unravel_index(int(np.where(ground, around, -1.0).argmax()), around.shape)
    return int(row), int(column)


def engine_agreement(
    storm: Storm, place: tuple[int, int], *, on_progress: Callable[[float, float], None] | None = None
) -> dict[str, Any]:
    """Compute both engines on a small part around ``place`` (row, column), and how well their deepest water meets.

    The part has open edges and no water from elsewhere, for both engines alike, so that its depths are not those
    of the run. Returned are the part (rows and columns), ``until`` (s), ``wet_overlap`` (of places that either
    engine makes at least 0.10 m deep, the share that both do; None when there are none), and in m over cells that
    either makes at least 0.05 m deep: ``rmse``, ``bias`` (second engine less first) and ``largest``.
    """
    rows, columns, until = _window(storm, place)
    part = _cropped(storm, rows, columns)
    options = {
        "until": until,
        "output_every": until,
        "boundary": "open",
        "on_output": lambda _time, _depth: None,
        "on_progress": on_progress,
    }
    first, second = (part.run(engine=engine, **options).max_depth for engine in ("inertial", "fv2"))
    wet = (first >= FLOOD_DEPTH) | (second >= FLOOD_DEPTH)
    deep = (first >= PUDDLE) | (second >= PUDDLE)
    both = (first >= PUDDLE) & (second >= PUDDLE)
    gap = (second - first)[wet].astype(np.float64)
    return {
        "engines": ["inertial", "fv2"],
        "rows": [rows.start, rows.stop],
        "columns": [columns.start, columns.stop],
        "until": until,
        "wet_overlap": float(both.sum() / deep.sum()) if deep.any() else None,
        "rmse": float(np.sqrt((gap**2).mean())) if wet.any() else 0.0,
        "bias": float(gap.mean()) if wet.any() else 0.0,
        "largest": float(np.abs(gap).max(initial=0.0)),
    }


def _window(storm: Storm, place: tuple[int, int]) -> tuple[slice, slice, float]:
    """Return the rows and columns of the part, and how long (s) to compute it, within the budget."""
    shape, cell_size = storm.terrain.shape, storm.ground["cell_size"]
    rainy = max((time for time, _rate in storm.event["rain"]), default=0.0)
    until = min(storm.event["until"], rainy + 600.0)
    steps = until * FAST / (0.45 * cell_size)
    cells = min(ENGINE_BUDGET / steps, SHARE * storm.terrain.size)
    side = int(np.clip(np.sqrt(cells), LEAST_WINDOW, MOST_WINDOW))
    starts = (min(max(at - side // 2, 0), max(size - side, 0)) for at, size in zip(place, shape, strict=True))
    rows, columns = (slice(at, min(at + side, size)) for at, size in zip(starts, shape, strict=True))
    return rows, columns, until


def _cropped(storm: Storm, rows: slice, columns: slice) -> Storm:
    def cut(value: Any) -> Any:
        return value[rows, columns] if isinstance(value, np.ndarray) else value

    ground = {name: cut(value) for name, value in storm.ground.items()}
    ground["losses"] = _on_cells(ground["losses"], cut)
    holds = np.isfinite(cut(storm.terrain)) & ~ground.get("blocked", np.False_)
    ground["roof"] = tuple(
        _cropped_roof(roof, np.where(holds, cut(roof.ratio), 0.0), ground["cell_size"] ** 2)
        for roof in ground.get("roof", ())
    )
    ground["works"] = tuple(
        _cropped_water(work, cut(work.mask)) for work in ground.get("works", ()) if isinstance(work, OpenWater)
    )
    shape, size = storm.terrain.shape, ground["cell_size"]
    ground["walls"] = cropped_walls(ground.get("walls", ()), rows, columns, shape=shape, cell_size=size)
    drains = holds & (np.broadcast_to(ground["losses"].capacity, holds.shape) > 0)
    ground["sewers"] = cropped_districts(ground.get("sewers", ()), rows, columns, drains)
    return replace(storm, terrain=cut(storm.terrain), ground=ground)


def _on_cells(losses: Any, change: Callable[[Any], Any]) -> Any:
    changed = {name: change(getattr(losses, name)) for name in ("capacity", "storage", "emptying")}
    return replace(losses, **changed)


def _cropped_roof(roof: Any, ratio: Array, cell_area: float) -> Any:
    return replace(roof, ratio=ratio, area=float(ratio.sum()) * cell_area)


def _cropped_water(water: OpenWater, part: BoolArray) -> OpenWater:
    """Return the open water of a part, with its share of the capacity."""
    share = float(part.sum()) / max(float(water.mask.sum()), 1.0)
    return replace(water, mask=part, capacity=water.capacity * share if share > 0 else 0.0)


def coarser(storm: Storm) -> Storm:
    """Return the storm on cells twice as large; an odd last row or column falls off.

    A cell has the mean of its four; it is blocked when two or more of them are.
    """

    def mean(value: Any) -> Any:
        return _block_mean(value) if isinstance(value, np.ndarray) else value

    ground = {name: mean(value) for name, value in storm.ground.items() if name != "blocked"}
    ground["works"] = tuple(
        replace(work, mask=_block_mean(work.mask.astype(np.float64)) >= 0.5)  # noqa: PLR2004
        if isinstance(work, OpenWater)
        else work
        for work in storm.ground.get("works", ())
    )
    ground["cell_size"] = 2 * storm.ground["cell_size"]
    ground["losses"] = _on_cells(storm.ground["losses"], mean)
    terrain = _block_mean(storm.terrain)
    blocked = storm.ground.get("blocked")
    if blocked is not None:
        open_ground = np.where(blocked, np.nan, storm.terrain)
        ground["blocked"] = _block_mean(blocked.astype(np.float64)) >= 0.5  # noqa: PLR2004
        terrain = np.where(ground["blocked"], terrain, _block_mean(open_ground))
        ground["roof"] = tuple(
            _same_roof(roof, ground["blocked"], ground["cell_size"], terrain) for roof in storm.ground["roof"]
        )
    old = {"shape": storm.terrain.shape, "cell_size": storm.ground["cell_size"]}
    holds = np.isfinite(terrain) & ~ground.get("blocked", np.False_)
    drains = holds & (np.broadcast_to(ground["losses"].capacity, holds.shape) > 0)
    ground["walls"] = coarser_walls(ground.get("walls", ()), **old)
    ground["sewers"] = coarser_districts(ground.get("sewers", ()), drains, **old)
    return replace(storm, terrain=terrain, ground=ground)


def finer(values: Array, shape: tuple[int, int]) -> Array:
    """Return ``values`` of cells twice as large on cells of ``shape`` (rows, columns); NaN on what fell off."""
    larger = np.full(shape, np.nan, dtype=values.dtype)
    spread = values.repeat(2, axis=0).repeat(2, axis=1)
    larger[: spread.shape[0], : spread.shape[1]] = spread
    return larger


def _block_mean(values: Array) -> Array:
    rows, columns = values.shape[0] // 2, values.shape[1] // 2
    blocks = values[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2)
    known = np.isfinite(blocks)
    count = known.sum(axis=(1, 3))
    total = np.where(known, blocks, 0.0).sum(axis=(1, 3), dtype=np.float64)
    means: Array = np.divide(total, count, out=np.full((rows, columns), np.nan), where=count > 0)
    return means


def _same_roof(roof: Any, blocked: BoolArray, cell_size: float, terrain: Array) -> Any:
    ratio = np.where(np.isfinite(terrain) & ~blocked, _block_mean(roof.ratio), 0.0)
    spills = float(ratio.sum()) * cell_size**2
    return replace(
        roof, ratio=ratio * (roof.area / spills) if spills > 0 else ratio, area=roof.area * (spills > 0)
    )


def changes(base: Sequence[Indicator], other: Sequence[Indicator]) -> dict[str, dict[str, float]]:
    """Return per indicator its value of the run and of ``other``."""
    values = {indicator.id: indicator.value for indicator in other}
    return {item.id: {"run": item.value, "other": values[item.id]} for item in base}


def jittered(storm: Storm) -> Storm:
    """Return the storm on heights that differ by what rounding to single precision can make of them."""
    jitter = np.random.default_rng(1).uniform(-JITTER, JITTER, storm.terrain.shape)
    return replace(storm, terrain=storm.terrain.astype(np.float64) + jitter)


def noise(one: Array, other: Array, ground: BoolArray) -> dict[str, float]:
    """Return how far the deepest water (m) of two runs, or another raster, lies apart on ``ground``, as quantiles.

    Of equal runs on rounded ground: what lies below is no effect of a measure.
    """
    gap = np.abs(np.nan_to_num(one) - np.nan_to_num(other))[ground]
    return {
        "p50": float(np.quantile(gap, 0.5)),
        "p99": float(np.quantile(gap, 0.99)),
        "p999": float(np.quantile(gap, 0.999)),
        "largest": float(gap.max(initial=0.0)),
    }


def ensemble(members: int, *, seed: int) -> list[dict[str, float]]:
    """Return factors for each member: a Latin hypercube over the logarithms of ``RANGES``."""
    from scipy.stats import qmc

    drawn = qmc.LatinHypercube(len(RANGES), rng=np.random.default_rng(seed)).random(members)
    spread = {
        name: low * (high / low) ** drawn[:, number]
        for number, (name, (low, high, _source)) in enumerate(RANGES.items())
    }
    return [{name: float(values[member]) for name, values in spread.items()} for member in range(members)]


def banded(base: Sequence[Indicator], members: Sequence[Sequence[Indicator]]) -> tuple[Indicator, ...]:
    """Return ``base`` with the smallest and largest value of run and members as band; as it is without members."""
    if not members:
        return tuple(base)
    found = [{item.id: item for item in member} for member in (base, *members)]
    return tuple(
        item.model_copy(
            update={
                "low": min(_edge(one[item.id], "low") for one in found),
                "high": max(_edge(one[item.id], "high") for one in found),
            }
        )
        for item in base
    )


def _edge(indicator: Indicator, side: Literal["low", "high"]) -> float:
    """Return an end of the band of an indicator; its value when it has none of its own."""
    edge: float | None = getattr(indicator, side)
    return indicator.value if edge is None else edge
