"""One sheet of the wijk in RD New: the drawing, gently bent by the seed, mirrored and put in its place.

Sheets that lie side by side are each other's mirror image, so roads and water meet at their common edge; what the
seed bends stays straight there.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import shapely
import shapely.ops

from morgen.sources.sample import drawing
from morgen.sources.sample.drawing import SHEET, Drawn, Hint
from morgen.sources.sample.lines import Points, parallel, smooth, strip
from morgen.sources.sample.names import street_name
from morgen.sources.sample.street import Street

__all__ = ["DistrictFace", "Ditch", "Sheet", "make_sheet"]

BEND = 7.0
"""The seed moves a point by about this much at most, m."""
STEP = 12.0
"""Lines are drawn with a point at least so often, m, so that bending shows."""
STILL, CALM = 14.0, 80.0
"""So near to the edges of a sheet, m, nothing is bent; so much further the bending has its full strength."""
REACH = 14.0
"""The end of a street that comes this near to another street, m, meets it."""
ROUND = 21.0
"""Radius of the ground of a roundabout, m."""


@dataclass(frozen=True)
class Ditch:
    """A ditch by its axis."""

    name: str
    line: shapely.LineString
    width: float

    @property
    def water(self) -> shapely.Polygon:
        """The water surface, streets not yet cut out."""
        return self.line.buffer(self.width / 2, cap_style="round", quad_segs=4)


@dataclass(frozen=True)
class DistrictFace:
    """The ground of a buurt, and what it is for."""

    name: str
    shape: shapely.Geometry
    use: str
    year: int


@dataclass(frozen=True)
class Sheet:
    """The drawing in RD New."""

    column: int
    row: int
    frame: shapely.Polygon
    """The square of the sheet."""
    canal: shapely.LineString
    canal_width: float
    dike: Street
    streets: tuple[Street, ...]
    """All of them, the dike road included."""
    ditches: tuple[Ditch, ...]
    roundabouts: tuple[shapely.Point, ...]
    hints: tuple[tuple[shapely.Point, Hint], ...]
    districts: tuple[DistrictFace, ...]

    @property
    def number(self) -> int:
        """Own number of the sheet, the same at every scale."""
        return self.column * 5 + self.row

    @property
    def water(self) -> shapely.Polygon:
        """The canal from edge to edge."""
        return strip(self.canal, -self.canal_width / 2, self.canal_width / 2)

    def street(self, name: str) -> Street:
        """Return the street that the drawing calls so."""
        return next(street for street in self.streets if street.name == street_name(name, self.number))


Placing = Callable[[Points], Points]


def make_sheet(seed: int, column: int = 0, row: int = 0, *, corner: tuple[float, float]) -> Sheet:
    """Return sheet (``column``, ``row``) of the wijk whose south-west corner is ``corner``, m RD."""
    rng = np.random.default_rng([seed, column, row])
    bend = _bending(rng)
    mirror = (column % 2 == 1, row % 2 == 1)
    origin = (corner[0] + column * SHEET, corner[1] + row * SHEET)

    def line(path: drawing.Path) -> shapely.LineString:
        drawn = smooth(np.array(path, dtype=float))
        return shapely.LineString(bend(shapely.get_coordinates(shapely.segmentize(drawn, STEP))))

    def place(points: Points) -> Points:
        placed = points.copy()
        for axis in (0, 1):
            if mirror[axis]:
                placed[:, axis] = SHEET - placed[:, axis]
        moved: Points = placed + np.array(origin)
        return moved

    canal = line(drawing.CANAL)
    flipped = mirror[0] != mirror[1]
    number = column * 5 + row
    axes = joined([_axis(drawn, canal, line) for drawn in drawing.STREETS])
    streets = tuple(
        _street(drawn, axis, place, number, flipped=flipped)
        for drawn, axis in zip(drawing.STREETS, axes, strict=True)
    )
    named = {drawn.name: street.line for drawn, street in zip(drawing.STREETS, streets, strict=True)}
    at = {hint: shapely.Point(place(bend(np.array([hint.at], dtype=float)))[0]) for hint in drawing.BLOCKS}
    return Sheet(
        column=column,
        row=row,
        frame=shapely.box(*origin, origin[0] + SHEET, origin[1] + SHEET),
        canal=shapely.LineString(place(shapely.get_coordinates(canal))),
        canal_width=drawing.CANAL_WIDTH,
        dike=next(street for street in streets if street.kind == "dike"),
        streets=streets,
        ditches=tuple(
            Ditch(street_name(name, number), shapely.LineString(place(shapely.get_coordinates(line(path)))), width)
            for name, path, width in drawing.DITCHES
        ),
        roundabouts=tuple(
            shapely.get_parts(named[one].intersection(other_line))[0]
            for one, other in drawing.ROUNDABOUTS
            for other_line in (named[other],)
        ),
        hints=tuple((point, hint) for hint, point in at.items()),
        districts=_districts(streets, place, bend, canal, number),
    )


def _bending(rng: np.random.Generator) -> Placing:
    """Return a smooth displacement that vanishes at the edges of the sheet."""
    waves = [
        (rng.uniform(0.6, 1.6, 2) * 2 * np.pi / SHEET, rng.uniform(0, 2 * np.pi), rng.normal(0, BEND / 2.5, 2))
        for _ in range(5)
    ]

    def bend(points: Points) -> Points:
        inside = np.clip((np.minimum(points, SHEET - points).min(axis=1) - STILL) / CALM, 0.0, 1.0)
        strength = inside * inside * (3 - 2 * inside)
        moved = points.copy()
        for frequency, phase, shift in waves:
            moved += (strength * np.sin(points @ frequency + phase))[:, None] * shift
        return moved

    return bend


def _axis(
    drawn: Drawn, canal: shapely.LineString, line: Callable[[drawing.Path], shapely.LineString]
) -> shapely.LineString:
    if not drawn.beside:
        return line(drawn.path)
    axis = parallel(canal, drawn.distance)
    points = shapely.get_coordinates(axis)
    low, high = drawn.between
    return shapely.LineString(points[(points[:, 0] > low) & (points[:, 0] < high)])


def joined(axes: list[shapely.LineString]) -> list[shapely.LineString]:
    """Let the ends of every street that nearly reach another one meet it; other ends are dead ends."""
    return [_joined(axis, [other for other in axes if other is not axis]) for axis in axes]


def _joined(axis: shapely.LineString, others: list[shapely.LineString]) -> shapely.LineString:
    points = shapely.get_coordinates(axis)
    for end in (0, -1):
        first, second = points[end], points[1 if end == 0 else -2]
        beyond = first + (first - second) / np.hypot(*(first - second)) * REACH
        long = np.vstack([beyond, points]) if end == 0 else np.vstack([points, beyond])
        line = shapely.LineString(long if end == 0 else long[::-1])
        meetings = shapely.get_coordinates(shapely.intersection(line, shapely.union_all(others)))
        at = np.array([line.project(shapely.Point(meeting)) for meeting in meetings])
        near = at[at < 2 * REACH]
        if not near.size:
            continue
        chosen = float(near[np.argmin(np.abs(near - REACH))])
        points = shapely.get_coordinates(shapely.ops.substring(line, chosen, line.length))
        points = points if end == 0 else points[::-1]
    return shapely.LineString(points)


def _street(drawn: Drawn, axis: shapely.LineString, place: Placing, number: int, *, flipped: bool) -> Street:
    left, right = (drawn.right, drawn.left) if flipped else (drawn.left, drawn.right)
    return Street(
        name=street_name(drawn.name, number),
        kind=drawn.kind,
        line=shapely.LineString(place(shapely.get_coordinates(axis))),
        carriageway=drawn.carriageway,
        left=left,
        right=right,
        material=drawn.material,
        year=drawn.year,
        crosses=drawn.crosses,
    )


def _districts(
    streets: tuple[Street, ...], place: Placing, bend: Placing, canal: shapely.LineString, number: int
) -> tuple[DistrictFace, ...]:
    """Cut the sheet along its main lines."""
    corners = place(np.array([(0, 0), (SHEET, 0), (SHEET, SHEET), (0, SHEET)], dtype=float))
    frame = shapely.Polygon(corners)
    main = [street.line for street in streets if street.kind in {"through road", "distributor", "lane", "dike"}]
    lines = [*main, shapely.LineString(place(shapely.get_coordinates(canal))), frame.exterior]
    cut = shapely.get_parts(shapely.polygonize([shapely.union_all(lines, grid_size=0.001)]))
    faces = [face for face in cut if frame.buffer(0.01).covers(face)]
    found = []
    left = list(range(len(faces)))
    for district in drawing.DISTRICTS:
        points = place(bend(np.array(district.at, dtype=float)))
        mine = [index for index in left if shapely.contains_xy(faces[index], points[:, 0], points[:, 1]).any()]
        left = [index for index in left if index not in mine]
        shape = shapely.union_all([faces[index] for index in mine])
        found.append(DistrictFace(street_name(district.name, number), shape, district.use, district.year))
    return tuple(_with_rest(found, [faces[index] for index in left]))


def _with_rest(found: list[DistrictFace], rest: list[shapely.Polygon]) -> list[DistrictFace]:
    """Give faces without a name to the district with which they share the longest border."""
    for face in rest:
        borders = [shapely.length(shapely.intersection(district.shape, face)) for district in found]
        nearest = int(np.argmax(borders))
        shape = shapely.union_all([found[nearest].shape, face])
        found[nearest] = replace(found[nearest], shape=shape)
    return found
