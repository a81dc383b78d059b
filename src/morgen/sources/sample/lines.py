"""Lines that streets and water follow: smoothing, parallels, and strips between two parallels.

Distances across a line are positive to its left, seen in its direction.
"""

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["Points", "along", "parallel", "smooth", "strip"]

Points = npt.NDArray[np.float64]


def smooth(points: Points, passes: int = 3) -> shapely.LineString:
    """Round the corners of a polyline (Chaikin 1974), keeping both ends."""
    for _ in range(passes):
        cut = np.empty((2 * len(points), 2))
        cut[0], cut[-1] = points[0], points[-1]
        cut[1:-1:2] = 0.75 * points[:-1] + 0.25 * points[1:]
        cut[2::2] = 0.25 * points[:-1] + 0.75 * points[1:]
        points = cut
    return shapely.LineString(points)


def _offset(line: shapely.LineString, distance: float) -> Points:
    points = shapely.get_coordinates(line)
    steps = np.diff(points, axis=0)
    steps = np.vstack([steps[:1], steps, steps[-1:]])
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    keep = lengths > 0
    steps[keep] /= lengths[keep, None]
    before, after = steps[:-1], steps[1:]
    normals = np.column_stack([-(before[:, 1] + after[:, 1]), before[:, 0] + after[:, 0]])
    # A mitre: the sum of two unit normals has length 2 cos(half the bend), the offset needs 1 / cos.
    offset: Points = points + distance * 2 * normals / np.sum(normals**2, axis=1, keepdims=True)
    return offset


def parallel(line: shapely.LineString, distance: float) -> shapely.LineString:
    """Return the line at ``distance`` m to the left (right when negative)."""
    return shapely.LineString(_offset(line, distance))


def strip(line: shapely.LineString, near: float, far: float) -> shapely.Polygon:
    """Return the strip between two distances across ``line``."""
    return shapely.Polygon(np.vstack([_offset(line, near), _offset(line, far)[::-1]]))


def along(line: shapely.LineString, position: float) -> tuple[Points, Points]:
    """Return the point at ``position`` m along ``line`` and the unit vector of its direction there."""
    low = max(position - 0.5, 0.0)
    high = min(position + 0.5, line.length)
    here, before, after = shapely.get_coordinates(shapely.line_interpolate_point(line, [position, low, high]))
    step = after - before
    return here, step / np.hypot(*step)
