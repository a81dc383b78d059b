"""Gullies along the kerbs, where the plan of the surfaces does not give them."""

from collections.abc import Sequence

import numpy as np
import shapely

from morgen.sources.sample.lines import parallel
from morgen.sources.sample.wijk import Street

__all__ = ["gullies_of"]

SPACING = 18.0
"""Between gullies in one gutter, m."""
FROM_KERB = 0.2
FROM_END = 6.0
"""m; a junction has no gully in its middle."""


def gullies_of(streets: Sequence[Street]) -> list[shapely.Point]:
    """Return the gullies in both gutters of every street for cars."""
    found = []
    for street in streets:
        if street.walk_only or street.line.length < 2 * FROM_END:
            continue
        for side in (1, -1):
            gutter = parallel(street.line, side * (street.carriageway / 2 - FROM_KERB))
            along = np.arange(FROM_END, gutter.length - FROM_END, SPACING)
            points = shapely.get_coordinates(shapely.line_interpolate_point(gutter, along))
            found += [shapely.Point(round(x, 2), round(y, 2)) for x, y in points.tolist()]
    return found
