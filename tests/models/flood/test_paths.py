"""Ways of water: what comes to a cell is all that lies above it, and nothing twice."""

import numpy as np
import shapely

from morgen.models.flood.paths import FlowPaths
from morgen.testing.situations import building, ground, situation

HOUSE = shapely.box(4, 4, 8, 8)


def slope():
    """Return ground that falls to the east over 20 x 12 m, with a house on it."""
    terrain = np.tile(np.linspace(2.0, 0.0, 20), (12, 1))
    road = ground("wegdeel", shapely.box(0, 0, 20, 12).difference(HOUSE), surface="gesloten verharding")
    return situation(
        terrain, land_cover=[road, ground("pand", HOUSE)], buildings=[building("0503100000000001", HOUSE)]
    )


def test_all_ground_and_roofs_come_out_at_the_low_side():
    """Area of ground and roofs at the ends adds up to all there is; it grows on the way."""
    paths = FlowPaths.of(slope())
    area = paths.area()
    *_, last = paths.way(6, 1)
    assert last[1] == 19 or last[0] in (0, 11)
    along = [area[cell] for cell in paths.way(6, 1)]
    assert along == sorted(along)
    ends = paths._to.reshape(area.shape) == -1
    assert area[ends].sum() == 20 * 12


def test_what_water_meets_lies_on_its_way():
    """A pond in the east is met by the ground west of it in its row, and by nothing east of it."""
    paths = FlowPaths.of(slope())
    pond = np.zeros((12, 20))
    pond[2, 12], pond[2, 14] = 3.0, 1.0
    met = paths.meets(pond)
    assert met[2, 12] == met[2, 3] == 3.0
    assert met[2, 13] == 1.0
    assert not met[2, 15:].any()
    assert paths.comes(pond)[2, 15] == 4.0
