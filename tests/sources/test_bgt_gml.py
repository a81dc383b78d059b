"""Shapes of GML, arcs included."""

import math
from typing import Any

import numpy as np
import pytest
import shapely
from lxml import etree

from morgen.sources.bgt.gml import arc_points, shape_of

GML = 'xmlns="http://www.opengis.net/gml"'


def shape(text: str) -> Any:
    return shape_of(etree.fromstring(text))


def test_arc_stays_within_five_millimetres_of_the_circle():
    """Chords lie at most 5 mm inside the arc, so half a disc of radius 100 m loses at most 2/3 x 5 mm x 314 m."""
    points = arc_points(np.array([-100.0, 0.0]), np.array([0.0, 100.0]), np.array([100.0, 0.0]))
    middles = (points[1:] + points[:-1]) / 2
    assert 100 - np.hypot(*middles.T).min() <= 0.005
    assert shapely.Polygon(points).area == pytest.approx(math.pi * 100**2 / 2, abs=1.05)


def test_arc_passes_through_the_side_of_its_middle_point():
    """Which of the two arcs between two points is meant, the middle point tells; also for three quarters."""
    start, end = np.array([1.0, 0.0]), np.array([0.0, -1.0])
    long_way = arc_points(start, np.array([-math.sqrt(0.5), math.sqrt(0.5)]), end)
    short_way = arc_points(start, np.array([math.sqrt(0.5), -math.sqrt(0.5)]), end)
    assert shapely.LineString(long_way).length == pytest.approx(1.5 * math.pi, rel=1e-2)
    assert shapely.LineString(short_way).length == pytest.approx(0.5 * math.pi, rel=1e-2)


def test_neighbours_get_the_same_points_of_their_common_arc():
    """An arc walked backwards gives exactly the same points, or slivers would lie between neighbours."""
    a, b, c = np.array([181_000.1, 457_000.7]), np.array([181_003.9, 457_002.2]), np.array([181_008.3, 457_001.4])
    assert np.array_equal(arc_points(a, b, c), arc_points(c, b, a)[::-1])


def test_arc_with_three_points_on_a_line_is_that_line():
    """Three points on a line have no circle."""
    points = arc_points(np.array([0.0, 0.0]), np.array([1.0, 1.0]), np.array([2.0, 2.0]))
    assert points.tolist() == [[0, 0], [1, 1], [2, 2]]


def test_ring_of_arcs_and_lines_is_a_polygon():
    """gml:Ring joins line segments and arcs: a stadium of 2 by 1 has area 2 + pi / 4."""
    stadium = shape(
        f"""<Polygon {GML}><exterior><Ring><curveMember><Curve><segments>
        <LineStringSegment><posList>0 0 2 0</posList></LineStringSegment>
        <Arc><posList>2 0 2.5 0.5 2 1</posList></Arc>
        <LineStringSegment><posList>2 1 0 1</posList></LineStringSegment>
        <Arc><posList>0 1 -0.5 0.5 0 0</posList></Arc>
        </segments></Curve></curveMember></Ring></exterior></Polygon>"""
    )
    assert stadium.is_valid
    assert stadium.area == pytest.approx(2 + math.pi / 4, abs=0.01)


def test_circle_is_round():
    """A gml:Circle goes all the way round through its three points, also when they lie close together."""
    circle = shape(
        f"""<Polygon {GML}><exterior><Ring><curveMember><Curve><segments>
        <Circle><posList>10 0 9.8 1.99 9.2 3.919</posList></Circle>
        </segments></Curve></curveMember></Ring></exterior></Polygon>"""
    )
    assert circle.area == pytest.approx(math.pi * 100, rel=0.01)


def test_interior_rings_are_holes():
    """A polygon has a hole where its interior is."""
    ring = "<LinearRing><posList>{}</posList></LinearRing>"
    outer, inner = ring.format("0 0 4 0 4 4 0 4 0 0"), ring.format("1 1 2 1 2 2 1 2 1 1")
    assert shape(f"<Polygon {GML}><exterior>{outer}</exterior><interior>{inner}</interior></Polygon>").area == 15


def test_heights_are_left_out():
    """srsDimension 3, also when it stands on the geometry around, gives two-dimensional shapes."""
    line = shape(f'<LineString {GML} srsDimension="3"><posList>1 2 9 3 4 9</posList></LineString>')
    assert line.wkt == "LINESTRING (1 2, 3 4)"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<Point><pos>1 x</pos></Point>", "could not convert"),
        ("<Point><pos>1</pos></Point>", "1 numbers"),
        ("<Point/>", "0 numbers"),
        ("<Solid/>", "gml:Solid"),
        ("<Polygon/>", "no exterior"),
        ("<Polygon><exterior/></Polygon>", "no ring"),
    ],
)
def test_nonsense_is_refused(text, problem):
    """A shape that cannot be understood is an error, never an empty shape."""
    with pytest.raises(ValueError, match=problem):
        shape(text)
