"""Shapes of GML 3.1 and 3.2 as two-dimensional shapely geometries, with arcs made into short straight pieces.

Elements are matched by local name, so that both GML namespaces are read.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["arc_points", "local_name", "shape_of"]

LARGEST_STEP = math.radians(4)
"""Largest angle between two points on an arc; what GDAL takes too."""
LARGEST_SAGITTA = 0.005
"""Largest distance between an arc and its chords, m; the BGT is exact to centimetres at best."""
STRAIGHT = 1e-9
"""Cross product (m2) under which three points lie on one line."""
SAME_POINT = 1e-6
"""Distance (m) under which the end of one curve is the begin of the next."""

Points = npt.NDArray[np.float64]
Element = Any


def local_name(element: Element) -> str:
    """Return the name of an lxml element without its namespace; empty for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def shape_of(element: Element) -> shapely.Geometry:
    """Return the shape that a GML geometry element describes.

    Raises ``ValueError`` for coordinates that are no numbers and for geometry types that the BGT does not use.
    """
    name = local_name(element)
    if name == "Point":
        return shapely.Point(_points(element)[0])
    if name in {"LineString", "Curve", "CompositeCurve"}:
        return shapely.LineString(_curve(element))
    if name in {"Polygon", "PolygonPatch"}:
        return _polygon(element)
    if name in {"Surface", "CompositeSurface", "MultiSurface", "MultiPolygon"}:
        return shapely.MultiPolygon([_polygon(patch) for patch in _find(element, {"Polygon", "PolygonPatch"})])
    if name in {"MultiCurve", "MultiLineString"}:
        return shapely.MultiLineString([_curve(part) for part in _find(element, {"LineString", "Curve"})])
    if name == "MultiPoint":
        return shapely.MultiPoint([_points(part)[0] for part in _find(element, {"Point"})])
    raise ValueError(f"the shape is a gml:{name}, which is not used in the BGT")


def arc_points(start: Points, middle: Points, end: Points) -> Points:
    """Return points along the circular arc from ``start`` through ``middle`` to ``end``; arrays of (x, y), m.

    The two neighbours of an arc walk it in opposite directions and must get the same points, or slivers come
    between them. So it is always computed from the same end: the one that sorts first.
    """
    if tuple(end) < tuple(start):
        return arc_points(end, middle, start)[::-1]
    centre, turns_left = _circumcentre(start, middle, end)
    if centre is None:
        return np.array([start, middle, end])
    first, last = _angle(centre, start), _angle(centre, end)
    turn = (last - first) % (2 * math.pi) if turns_left else -((first - last) % (2 * math.pi))
    along = _along_circle(centre, math.dist(centre, start), first, turn)
    along[0], along[-1] = start, end
    return along


def _circumcentre(a: Points, b: Points, c: Points) -> tuple[Points | None, bool]:
    """Return the centre of the circle through three points (None on a line), and whether they turn left."""
    (bx, by), (cx, cy) = b - a, c - a
    cross = 2.0 * float(bx * cy - by * cx)
    if abs(cross) < STRAIGHT:
        return None, False
    b2, c2 = bx * bx + by * by, cx * cx + cy * cy
    return a + np.array([cy * b2 - by * c2, bx * c2 - cx * b2]) / cross, cross > 0


def _angle(centre: Points, point: Points) -> float:
    return math.atan2(point[1] - centre[1], point[0] - centre[0])


def _along_circle(centre: Points, radius: float, first: float, turn: float) -> Points:
    step = min(LARGEST_STEP, 2 * math.acos(max(1 - LARGEST_SAGITTA / radius, 0.0)))
    angles = first + turn * np.linspace(0.0, 1.0, max(math.ceil(abs(turn) / step), 2) + 1)
    return np.asarray(centre + radius * np.column_stack([np.cos(angles), np.sin(angles)]))


def _polygon(element: Element) -> shapely.Polygon:
    shell: Points | None = None
    holes: list[Points] = []
    for side in element:
        name = local_name(side)
        if name in {"exterior", "outerBoundaryIs"}:
            shell = _ring(side)
        elif name in {"interior", "innerBoundaryIs"}:
            holes.append(_ring(side))
    if shell is None:
        raise ValueError("a polygon has no exterior")
    return shapely.Polygon(shell, holes)


def _ring(side: Element) -> Points:
    for ring in side:
        if local_name(ring) == "LinearRing":
            return _points(ring)
        if local_name(ring) == "Ring":
            return _joined([_curve(curve) for member in ring for curve in member])
    raise ValueError("the boundary of a polygon has no ring")


def _curve(element: Element) -> Points:
    name = local_name(element)
    if name == "LineString":
        return _points(element)
    if name == "CompositeCurve":
        return _joined([_curve(curve) for member in element for curve in member])
    if name == "Curve":
        return _joined([_segment(segment) for segments in element for segment in segments])
    raise ValueError(f"a curve is made of gml:{name}, which is not used in the BGT")


def _segment(element: Element) -> Points:
    name, points = local_name(element), _points(element)
    if name == "LineStringSegment":
        return points
    if name in {"Arc", "ArcString"}:
        triples = range(0, len(points) - 2, 2)
        return _joined([arc_points(points[i], points[i + 1], points[i + 2]) for i in triples])
    if name == "Circle":
        return _circle(points)
    raise ValueError(f"a curve has a gml:{name}, which is not used in the BGT")


def _circle(points: Points) -> Points:
    first, second, third = points
    centre, _ = _circumcentre(first, second, third)
    if centre is None:
        raise ValueError("the three points of a gml:Circle lie on one line")
    circle = _along_circle(centre, math.dist(centre, first), _angle(centre, first), 2 * math.pi)
    circle[0] = circle[-1] = first
    return circle


def _joined(parts: list[Points]) -> Points:
    """Return curves one after another; a curve that was written backwards is turned."""
    if not parts:
        raise ValueError("a curve has no segments")
    line = parts[0]
    for part in parts[1:]:
        begins, ends = (np.abs(part[i] - line[-1]).max() < SAME_POINT for i in (0, -1))
        following = part[::-1] if ends and not begins else part
        line = np.concatenate([line, following[1:] if begins or ends else following])
    return line


def _points(element: Element) -> Points:
    """Return the coordinates directly under an element as an array of (x, y)."""
    numbers: list[float] = []
    dimension = 2
    for child in element:
        if local_name(child) in {"posList", "pos", "coordinates"}:
            dimension = _dimension(child)
            numbers += [float(word) for word in (child.text or "").replace(",", " ").split()]
    if not numbers or len(numbers) % dimension:
        raise ValueError(f"a gml:{local_name(element)} has {len(numbers)} numbers for {dimension} dimensions")
    return np.array(numbers).reshape(-1, dimension)[:, :2]


def _dimension(coordinates: Element) -> int:
    """Return srsDimension of the coordinates or of the nearest element around them; 2 when none says it."""
    for element in (coordinates, *coordinates.iterancestors()):
        dimension = element.get("srsDimension")
        if dimension:
            return int(dimension)
    return 2


def _find(element: Element, names: set[str]) -> Iterator[Element]:
    for found in element.iter():
        if local_name(found) in names:
            yield found
