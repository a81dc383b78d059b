"""The ground: a polder plane that falls to the canal, kerbs, banks, a dike, and places that are low on purpose.

Heights are m NAP on the 0.5 m grid of AHN. The ground is known everywhere, also under buildings and water; the
holes of AHN are cut when the file is written. What is low on purpose: sags in two streets (about 0.3 m), sunken
car parks behind flats (0.6 m), the park (0.2 m), lawns of schools and courts, and banks. What is high: the dike
(2.5 m), the church on its mound (1.3 m), and bridges. Elsewhere water finds its way to canal and ditches.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from morgen.core.grid import Grid
from morgen.sources.sample.frame import CELL, CORNER
from morgen.sources.sample.scene import Scene
from morgen.sources.sample.street import Street
from morgen.sources.sample.waters import OUTER_LEVEL, WATER_LEVEL

__all__ = ["Ground", "make_ground"]

Raster = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

QUAY = 0.45
"""Footpaths beside the canal, m NAP."""
RISE, TILT = 0.00025, 0.0001
"""Slopes of the polder: away from the canal, and along the sheet."""
KERB, CROWN = 0.10, 0.05
"""Carriageways lie a kerb below the footpaths, and their middle a crown above their gutters, m."""
SHARED = 0.03
"""A home zone lies this much below its gardens: it has no kerbs, m."""
QUAY_WIDTH = 5.4
"""Ground between carriageway and water on a quay, m."""
YARD = 0.10
"""Gardens lie this much above the footpaths, m."""
FLOOR_FALL, FLOOR_REACH = 0.008, 18.0
"""Slope of a paved yard towards its edges, over at most so many m."""
SAGS = (("Lage Weide", 0.50, 0.27), ("Wilgenstraat", 0.42, 0.26))
"""Streets that sag: name on the drawing, where along it (share of its length), and how deep, m."""
SAG_LENGTH, SAG_WIDTH = 52.0, 17.0
"""From the lowest point to the end of the sag along the street, and across, m."""
RAMP_LENGTH = 9.0
HUMP, HUMP_LENGTH = 0.25, 9.0
"""A bridge deck lies this much above the street, m; the street climbs over this length."""
DIKE, DIKE_CREST, DIKE_SLOPE = 2.5, 3.45, 8.0
"""Height of the dike, half the width of its crest and the length of its slope, m."""
DIKE_RAMP = 42.0
"""A road climbs the dike over this length, m."""
MOUND_SLOPE = 9.0
NOISE, NOISE_CELLS = 0.018, 40.0
"""Standard deviation of the undulation, m, and its extent in cells."""
GARDEN_NOISE, GARDEN_NOISE_CELLS = 0.03, 5.0
CALM = 30.0
"""Undulation vanishes this near to the edge of a sheet, m, so that sheets meet."""


@dataclass(frozen=True, eq=False)
class Ground:
    """Heights and masks on the grid of AHN; rows from north to south."""

    grid: Grid
    height: Raster
    """Ground everywhere, m NAP."""
    pand: Mask
    water: Mask
    x: Raster
    y: Raster

    def window(self, shape: Any) -> tuple[slice, slice]:
        """Return the rows and columns of the cells around a shape."""
        xmin, ymin, xmax, ymax = shape.bounds
        rows = slice(max(int((self.grid.ymax - ymax) / CELL), 0), max(int((self.grid.ymax - ymin) / CELL) + 1, 0))
        columns = slice(
            max(int((xmin - self.grid.xmin) / CELL), 0), max(int((xmax - self.grid.xmin) / CELL) + 1, 0)
        )
        return rows, columns

    def at(self, shape: Any) -> float:
        """Median height of the ground under a polygon, m NAP to the millimetre."""
        window = self.window(shape)
        inside = shapely.contains_xy(shape, self.x[window], self.y[window])
        return round(float(np.median(self.height[window][inside])), 3)


def make_ground(scene: Scene, seed: int) -> Ground:
    """Return the relief of the scene."""
    planned = scene.planned
    grid = Grid.covering(planned.bounds, CELL)
    columns = grid.xmin + CELL * (np.arange(grid.columns) + 0.5)
    rows = grid.ymax - CELL * (np.arange(grid.rows) + 0.5)
    x, y = np.meshgrid(columns, rows)
    relief = _Relief(scene, grid, x, y, np.random.default_rng([seed, planned.sheet.column, planned.sheet.row, 3]))
    return Ground(grid, relief.height(), relief.pand, relief.mask("water"), x, y)


@dataclass(eq=False)
class _Relief:
    """The relief of one scene while it is being made."""

    scene: Scene
    grid: Grid
    x: Raster
    y: Raster
    rng: np.random.Generator

    def __post_init__(self) -> None:
        pieces = self.scene.pieces
        names = sorted({piece.claim.cover.relief for piece in pieces})
        self._code = {name: number for number, name in enumerate(names, start=1)}
        self._burnt = self._burn([(piece.shape, self._code[piece.claim.cover.relief]) for piece in pieces])
        self.pand = self._burn([(piece.shape, 1) for piece in pieces if piece.claim.cover.theme == "pand"]) == 1
        self._to_water = _inside(~self.mask("water"))

    def height(self) -> Raster:
        """Return the ground."""
        height = self._regional() + self._noise(NOISE, NOISE_CELLS)
        height += self._street_offset() + self._garden_offset()
        height -= self._basins()
        for name, share, depth in SAGS:
            height -= self._sag(name, share, depth)
        height -= self._sunken()
        height += self._mounds() + np.maximum(self._humps(), self._dike())
        return self._banks(height)

    def mask(self, *names: str) -> Mask:
        """Cells that one of these rules of the relief shapes."""
        return np.isin(self._burnt, [self._code[name] for name in names if name in self._code])

    def _burn(self, shapes: list[tuple[Any, int]]) -> npt.NDArray[np.uint8]:
        """Cells whose centre lies in a shape get its value; 0 elsewhere."""
        from rasterio import Affine
        from rasterio.features import rasterize

        drawn = [(shape, value) for shape, value in shapes if not shape.is_empty]
        if not drawn:
            return np.zeros(self.grid.shape, np.uint8)
        burnt: npt.NDArray[np.uint8] = rasterize(
            drawn, out_shape=self.grid.shape, transform=Affine(*self.grid.transform), dtype="uint8"
        )
        return burnt

    def _regional(self) -> Raster:
        """Return a shallow valley with the canal in it, that also falls along the sheet."""
        # Every eighth cell is exact enough for so smooth a surface, and sixty times cheaper.
        from scipy.ndimage import zoom

        sheet = self.scene.planned.sheet
        x, y = self.x[4::8, 4::8], self.y[4::8, 4::8]
        along = (x - CORNER[0]) % 2000.0
        falling = TILT * np.minimum(along, 2000.0 - along)  # a mirrored sheet falls back
        coarse = QUAY + RISE * np.maximum(_distance(x, y, sheet.canal) - 10.0, 0.0) + falling
        regional: Raster = zoom(coarse, 8, order=1, mode="nearest", grid_mode=True)
        return regional

    def _noise(self, deviation: float, cells: float) -> Raster:
        from scipy.ndimage import gaussian_filter

        raw = gaussian_filter(self.rng.standard_normal(self.grid.shape, dtype=np.float32), cells, mode="reflect")
        local = np.minimum((self.x - CORNER[0]) % 1000.0, 1000.0 - (self.x - CORNER[0]) % 1000.0)
        local = np.minimum(local, (self.y - CORNER[1]) % 1000.0)
        local = np.minimum(local, 1000.0 - (self.y - CORNER[1]) % 1000.0)
        noise: Raster = raw / raw.std() * deviation * np.clip(local / CALM, 0.0, 1.0)
        return noise

    def _street_offset(self) -> Raster:
        """Carriageways lie a kerb lower, with a crown; verge and quay fall towards the water."""
        road = self.mask("carriageway")
        half = np.minimum(_inside(road) / 2.6, 1.0)
        offset = np.where(road, -KERB - CROWN / 2 + CROWN * (1 - (1 - half) ** 2), 0.0)
        offset -= np.where(self.mask("shared", "court"), SHARED, 0.0)
        # Beside water there is no kerb: what runs along the quay falls over its edge.
        beside = self.mask("verge", "footpath", "quay") & (self._to_water < QUAY_WIDTH)
        offset -= np.where(beside, KERB + 0.02 + 0.06 * (1 - self._to_water / QUAY_WIDTH), 0.0)
        return offset - np.where(self.mask("alley"), 0.02, 0.0)

    def _garden_offset(self) -> Raster:
        """Gardens and yards rise from the footpath; gardens are never quite level, yards shed their water."""
        garden, floor = self.mask("garden"), self.mask("floor")
        rise = YARD * _smooth_step((_inside(garden | floor) + 0.5) / 2.5)
        uneven = self._noise(GARDEN_NOISE, GARDEN_NOISE_CELLS) * (rise / YARD)
        fall = FLOOR_FALL * np.minimum(_inside(floor), FLOOR_REACH)
        return np.where(garden, rise + uneven, np.where(floor, rise + fall, 0.0))

    def _basins(self) -> Raster:
        """Return how much lower than the streets around them parks and lawns lie, so that they can hold water."""
        depth = np.zeros_like(self.x)
        for block in self.scene.planned.blocks:
            if not block.layout.basins:
                continue
            built = [plot.buffer(3.0) for plot, _ in block.layout.plots]
            built += [building.footprint.buffer(4.0) for building in block.layout.buildings]
            taken = shapely.union_all(built)
            for ground, deep in block.layout.basins:
                reach = 11.0 if ground.area > 4000 else 4.0  # noqa: PLR2004 - m2: a small lawn has short slopes
                basin = shapely.difference(ground, taken)
                rows, columns = self._rows(basin)
                inside = _inside(np.pad(self._burn([(basin, 1)])[rows, columns] == 1, 1))[1:-1, 1:-1]
                depth[rows, columns] = np.maximum(depth[rows, columns], deep * _smooth_step(inside / reach))
        return depth

    def _rows(self, shape: Any) -> tuple[slice, slice]:
        """Return the rows and columns of the box around a shape."""
        xmin, ymin, xmax, ymax = shape.bounds
        rows = slice(max(int((self.grid.ymax - ymax) / CELL), 0), max(int((self.grid.ymax - ymin) / CELL) + 1, 0))
        return rows, slice(
            max(int((xmin - self.grid.xmin) / CELL), 0), max(int((xmax - self.grid.xmin) / CELL) + 1, 0)
        )

    def _sag(self, name: str, share: float, depth: float) -> Raster:
        """Return the depth of a sag along a street that takes its footpaths and front gardens with it."""
        line = self.scene.planned.sheet.street(name).line
        lowest = line.length * share
        middle = line.interpolate(lowest)
        near = np.hypot(self.x - middle.x, self.y - middle.y) < SAG_LENGTH + SAG_WIDTH
        found = np.zeros_like(self.x)
        if near.any():
            points = shapely.points(self.x[near], self.y[near])
            lengthwise = np.abs(shapely.line_locate_point(line, points) - lowest) / SAG_LENGTH
            across = np.maximum(shapely.distance(points, line) - 6.0, 0.0) / (SAG_WIDTH - 6.0)
            found[near] = depth * _smooth_step(1.35 * (1.0 - lengthwise)) * _smooth_step(1.0 - across)
        return found

    def _sunken(self) -> Raster:
        """Return the depth of sunken car parks: walls on three sides, a ramp on the fourth."""
        depth = np.zeros_like(self.x)
        for block in self.scene.planned.blocks:
            for floor, ramp, deep in block.layout.sunken:
                depth[self._burn([(floor, 1)]) == 1] = deep
                on_ramp = self._burn([(ramp, 1)]) == 1
                way = _distance(self.x[on_ramp], self.y[on_ramp], floor) / RAMP_LENGTH
                depth[on_ramp] = deep * _smooth_step(1.0 - way)
        return depth

    def _mounds(self) -> Raster:
        rise = np.zeros_like(self.x)
        for block in self.scene.planned.blocks:
            for top, high in block.layout.mounds:
                near = self._near(top, MOUND_SLOPE + 1)
                way = _distance(self.x[near], self.y[near], top) / MOUND_SLOPE
                rise[near] = np.maximum(rise[near], high * _smooth_step(1.0 - way))
        return rise

    def _near(self, shape: Any, reach: float) -> Mask:
        xmin, ymin, xmax, ymax = shape.bounds
        inside: Mask = (self.x > xmin - reach) & (self.x < xmax + reach)
        inside &= (self.y > ymin - reach) & (self.y < ymax + reach)
        return inside

    def _humps(self) -> Raster:
        """Streets climb to their bridge."""
        rise = np.zeros_like(self.x)
        sheet = self.scene.planned.sheet
        for street in sheet.streets:
            if street.crosses:
                deck = street.corridor.intersection(sheet.water)
                self._climb(rise, street, deck, HUMP, HUMP_LENGTH, beside=1.5)
        return rise

    def _dike(self) -> Raster:
        """Return the dike and the ramps by which roads climb it."""
        sheet = self.scene.planned.sheet
        rise = np.zeros_like(self.x)
        axis = sheet.dike.line
        near = self._near(axis, DIKE_CREST + DIKE_SLOPE)
        if near.any():
            way = _distance(self.x[near], self.y[near], axis) - DIKE_CREST
            rise[near] = DIKE * np.clip(1.0 - way / DIKE_SLOPE, 0.0, 1.0)
        crest = axis.buffer(DIKE_CREST, cap_style="flat")
        for street in sheet.streets:
            if street is not sheet.dike and street.line.distance(axis) < 1.0:
                self._climb(rise, street, street.corridor.intersection(crest), DIKE, DIKE_RAMP, beside=6.0)
        return rise

    def _climb(self, rise: Raster, street: Street, top: Any, high: float, length: float, *, beside: float) -> None:
        """Let a street climb to ``top`` over ``length`` m; ``beside`` it the ground follows over so many m."""
        near = self._near(top, length + 3)
        if not near.any() or top.is_empty:
            return
        x, y = self.x[near], self.y[near]
        off = _smooth_step(1.0 - _distance(x, y, street.corridor) / beside)
        climb = high * _smooth_step(1.0 - _distance(x, y, top) / length)
        rise[near] = np.maximum(rise[near], climb * off)

    def _banks(self, height: Raster) -> Raster:
        """Banks slope from the ground beside them to just above the water."""
        level = np.full_like(height, WATER_LEVEL)
        sheet = self.scene.planned.sheet
        outer = next(ditch for ditch in sheet.ditches if "Uiterdijkse" in ditch.name)
        level[self._near(outer.line, 8.0)] = OUTER_LEVEL
        share = np.clip((self._to_water - 0.5) / 1.8, 0.0, 1.0)
        sloped = level + 0.08 + (height - level - 0.08) * share
        return np.where(self.mask("bank"), sloped, np.where(self.mask("water"), level, height))


def _inside(mask: Mask) -> Raster:
    """Distance from each cell in ``mask`` to its edge, m; 0 outside."""
    from scipy.ndimage import distance_transform_edt

    if mask.all():
        return np.full(mask.shape, 1000.0)
    distance: Raster = np.asarray(distance_transform_edt(mask)) * CELL
    return distance


def _distance(x: Raster, y: Raster, shape: Any) -> Raster:
    """Distance of points to a shape, m."""
    shapely.prepare(shape)
    distance: Raster = np.asarray(shapely.distance(shapely.points(x, y), shape), dtype=float)
    return distance


def _smooth_step(share: Raster) -> Raster:
    """Run from 0 to 1 without kinks as ``share`` runs from 0 to 1."""
    clipped = np.clip(share, 0.0, 1.0)
    return clipped * clipped * (3.0 - 2.0 * clipped)
