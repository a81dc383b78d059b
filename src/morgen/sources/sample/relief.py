"""The ground: a gentle slope to the canal, kerbs, banks, and the places that are low on purpose.

Heights are m NAP on the 0.5 m grid of AHN. The ground is known everywhere, also under buildings and water; the
holes of AHN are cut when the file is written. What is low on purpose: the sag in the low street (about 0.3 m), the
sunken car park behind the flat (about 0.6 m), the park (about 0.4 m) and the banks. Elsewhere water finds its way
to the canal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from morgen.sources.sample.frame import BOX, CELL, GRID
from morgen.sources.sample.scene import Scene

__all__ = ["WATER_LEVEL", "Ground", "make_ground"]

Raster = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

WATER_LEVEL = -0.25
"""Of canal and pond, m NAP: about 0.7 m below the quay."""
QUAY = 0.45
"""Footpaths beside the canal, m NAP."""
RISE = 0.0009
"""Slope towards the canal."""
TILT = 0.0005
"""Slope along the canal, from east to west."""
KERB = 0.10
"""Carriageways lie this much below the footpaths, m."""
CROWN = 0.05
"""The middle of a carriageway lies this much above its gutters, m."""
YARD = 0.10
"""Gardens lie this much above the footpaths, m."""
SAG = 0.27
"""Depth of the low street below its surroundings, m."""
SAG_LENGTH, SAG_WIDTH = 52.0, 17.0
"""From the lowest point to the end of the sag along the street, and across, m."""
PARK_DEPTH = 0.40
COURT_DEPTH = 0.60
RAMP_LENGTH = 9.0
HUMP, HUMP_LENGTH = 0.22, 9.0
"""A bridge deck lies this much above the street, m; the street climbs over this length."""
NOISE, NOISE_CELLS = 0.018, 40.0
"""Standard deviation of the undulation, m, and its extent in cells."""
GARDEN_NOISE, GARDEN_NOISE_CELLS = 0.03, 5.0


@dataclass(frozen=True, eq=False)
class Ground:
    """Heights and masks on the grid of AHN; rows from north to south."""

    height: Raster
    """Ground everywhere, m NAP."""
    pand: Mask
    water: Mask
    x: Raster
    y: Raster

    def at(self, shape: Any) -> float:
        """Median height of the ground under a polygon, m NAP to the millimetre."""
        xmin, ymin, xmax, ymax = shape.bounds
        rows = slice(max(int((GRID.ymax - ymax) / CELL), 0), max(int((GRID.ymax - ymin) / CELL), 0) + 1)
        columns = slice(max(int((xmin - GRID.xmin) / CELL), 0), int((xmax - GRID.xmin) / CELL) + 1)
        inside = shapely.contains_xy(shape, self.x[rows, columns], self.y[rows, columns])
        return round(float(np.median(self.height[rows, columns][inside])), 3)


def make_ground(scene: Scene, seed: int) -> Ground:
    """Return the relief of the scene."""
    columns = GRID.xmin + CELL * (np.arange(GRID.columns) + 0.5)
    rows = GRID.ymax - CELL * (np.arange(GRID.rows) + 0.5)
    x, y = np.meshgrid(columns, rows)
    rules = _rules(scene)
    mask = _masks(scene, rules)
    pand = _burn([(piece.shape, 1) for piece in scene.pieces if piece.claim.cover.theme == "pand"]) == 1
    rng = np.random.default_rng(seed + 1)
    height = _regional(scene, x, y) + _noise(rng, NOISE, NOISE_CELLS)
    height += _street_offset(mask) + _garden_offset(mask, rng)
    height -= _low_street(scene, x, y) + _low_park(scene) + _low_court(scene, x, y)
    height += _humps(scene, x, y)
    height = _banks(height, mask)
    return Ground(height, pand, mask("water"), x, y)


def _rules(scene: Scene) -> list[str]:
    return sorted({piece.claim.cover.relief for piece in scene.pieces})


def _burn(shapes: list[tuple[Any, int]]) -> npt.NDArray[np.uint8]:
    """Cells whose centre lies in a shape get its value; 0 elsewhere."""
    from rasterio import Affine
    from rasterio.features import rasterize

    if not shapes:
        return np.zeros(GRID.shape, np.uint8)
    burnt: npt.NDArray[np.uint8] = rasterize(
        shapes, out_shape=GRID.shape, transform=Affine(*GRID.transform), dtype="uint8"
    )
    return burnt


def _masks(scene: Scene, rules: list[str]) -> Callable[..., Mask]:
    code = {rule: number for number, rule in enumerate(rules, start=1)}
    burnt = _burn([(piece.shape, code[piece.claim.cover.relief]) for piece in scene.pieces])

    def mask(*names: str) -> Mask:
        return np.isin(burnt, [code[name] for name in names if name in code])

    return mask


def _inside(mask: Mask) -> Raster:
    """Distance from each cell in ``mask`` to its edge, m; 0 outside."""
    from scipy.ndimage import distance_transform_edt

    distance: Raster = np.asarray(distance_transform_edt(mask)) * CELL
    return distance


def _distance(x: Raster, y: Raster, shape: Any) -> Raster:
    """Distance of points to a shape, m."""
    distance: Raster = np.asarray(shapely.distance(shapely.points(x, y), shape), dtype=float)
    return distance


def _smooth_step(share: Raster) -> Raster:
    """Run from 0 to 1 without kinks as ``share`` runs from 0 to 1."""
    clipped = np.clip(share, 0.0, 1.0)
    return clipped * clipped * (3.0 - 2.0 * clipped)


def _noise(rng: np.random.Generator, deviation: float, cells: float) -> Raster:
    from scipy.ndimage import gaussian_filter

    raw = gaussian_filter(rng.standard_normal(GRID.shape), cells, mode="reflect")
    noise: Raster = raw / raw.std() * deviation
    return noise


def _regional(scene: Scene, x: Raster, y: Raster) -> Raster:
    """Return a shallow valley with the canal in the middle."""
    # Every eighth cell is exact enough for so smooth a surface, and sixty times cheaper.
    from scipy.ndimage import zoom

    coarse = _distance(x[4::8, 4::8], y[4::8, 4::8], scene.plan.canal.line)
    distance: Raster = zoom(coarse, 8, order=1, mode="nearest", grid_mode=True)
    regional: Raster = QUAY + RISE * np.maximum(distance - 10.0, 0.0) + TILT * (x - BOX[0])
    return regional


def _street_offset(mask: Callable[..., Mask]) -> Raster:
    """Carriageways lie a kerb lower, with a crown; verge and quay fall towards the water."""
    road = mask("carriageway")
    half = np.minimum(_inside(road) / 2.6, 1.0)
    offset = np.where(road, -KERB - CROWN / 2 + CROWN * (1 - (1 - half) ** 2), 0.0)
    to_water = np.clip(_outside(mask("water")) / 4.5, 0.0, 1.0)
    offset -= np.where(mask("verge", "footpath", "quay"), 0.12 * (1 - to_water), 0.0)
    return offset - np.where(mask("alley"), 0.02, 0.0)


def _outside(mask: Mask) -> Raster:
    """Distance from each cell outside ``mask`` to it, m."""
    return _inside(~mask)


def _garden_offset(mask: Callable[..., Mask], rng: np.random.Generator) -> Raster:
    """Gardens rise from the footpath towards the house and are never quite level."""
    garden = mask("garden")
    rise = YARD * _smooth_step((_inside(garden) + 0.5) / 2.5)
    return np.where(garden, rise + _noise(rng, GARDEN_NOISE, GARDEN_NOISE_CELLS) * (rise / YARD), 0.0)


def _low_street(scene: Scene, x: Raster, y: Raster) -> Raster:
    """Return the depth of a sag along the low street that takes its footpaths and front gardens with it."""
    line = scene.plan.street(scene.plan.low_street).line
    lowest = line.project(scene.plan.low_at)
    near = np.hypot(x - scene.plan.low_at.x, y - scene.plan.low_at.y) < SAG_LENGTH + SAG_WIDTH
    points = shapely.points(x[near], y[near])
    lengthwise = np.abs(shapely.line_locate_point(line, points) - lowest) / SAG_LENGTH
    across = np.maximum(_distance(x[near], y[near], line) - 6.0, 0.0) / (SAG_WIDTH - 6.0)
    depth = np.zeros_like(x)
    depth[near] = SAG * _smooth_step(1.35 * (1.0 - lengthwise)) * _smooth_step(1.0 - across)
    return depth


def _low_park(scene: Scene) -> Raster:
    """Return how much lower than the streets around it the park lies, so that it can hold their water."""
    park = _burn([(scene.park.block, 1)]) == 1
    park &= ~(_burn([(scene.park.building.footprint.buffer(4.0), 1)]) == 1)
    return PARK_DEPTH * _smooth_step(_inside(park) / 11.0)


def _low_court(scene: Scene, x: Raster, y: Raster) -> Raster:
    """Return the depth of the sunken car park: walls on three sides, a ramp on the fourth."""
    flat = scene.flat
    court = _burn([(flat.court, 1)]) == 1
    ramp = _burn([(flat.ramp, 1)]) == 1
    depth = np.where(court, COURT_DEPTH, 0.0)
    depth[ramp] = COURT_DEPTH * _smooth_step(1.0 - _distance(x[ramp], y[ramp], flat.court) / RAMP_LENGTH)
    return depth


def _humps(scene: Scene, x: Raster, y: Raster) -> Raster:
    """Streets climb to their bridge."""
    rise = np.zeros_like(x)
    for name in scene.plan.bridges:
        street = scene.plan.street(name)
        deck = street.corridor.intersection(scene.plan.canal.water)
        xmin, ymin, xmax, ymax = deck.buffer(HUMP_LENGTH + 3).bounds
        near = (x > xmin) & (x < xmax) & (y > ymin) & (y < ymax)
        beside = _distance(x[near], y[near], street.corridor)
        climb = _smooth_step(1.0 - _distance(x[near], y[near], deck) / HUMP_LENGTH)
        rise[near] = np.maximum(rise[near], HUMP * climb * _smooth_step(1.0 - beside / 1.5))
    return rise


def _banks(height: Raster, mask: Callable[..., Mask]) -> Raster:
    """Banks slope from the ground beside them to just above the water."""
    bank = mask("bank")
    share = np.clip((_outside(mask("water")) - 0.5) / 1.8, 0.0, 1.0)
    sloped = WATER_LEVEL + 0.08 + (height - WATER_LEVEL - 0.08) * share
    return np.where(bank, sloped, np.where(mask("water"), WATER_LEVEL, height))
