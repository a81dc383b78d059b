"""The map pictures: what is drawn has the colours of its legend."""

from pathlib import Path

import numpy as np
import shapely
from PIL import Image

from morgen.core.situation import Situation
from morgen.faces.report import style
from morgen.faces.report.maps import draw_depth, draw_probability
from morgen.models.flood.classes import depth_classes
from morgen.testing import ground, situation


def scene() -> Situation:
    return situation(np.zeros((40, 40)), land_cover=[ground("begroeidterreindeel", shapely.box(0, 0, 40, 40))])


def pixels(path: Path, colour: str) -> int:
    """Return how many pixels of a picture have about this colour; water lets a little of the ground through."""
    found = np.asarray(Image.open(path).convert("RGB")).astype(int)
    wanted = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
    return int((np.abs(found - wanted).max(axis=-1) <= 14).sum())


def test_half_the_ground_at_12_cm_has_the_colour_of_its_class(tmp_path):
    """The class from 10 cm; the others are in the legend only."""
    depth = np.zeros((40, 40), dtype=np.float32)
    depth[:20] = 0.12
    path = draw_depth(scene(), depth, tmp_path / "depth.png", title="t", note="n")
    shallow, mine, deeper = (pixels(path, item.colour) for item in depth_classes().drawn[:3])
    assert mine > 50 * max(shallow, deeper) > 0


def test_ground_that_no_member_wets_is_left_as_it_is(tmp_path):
    """All members have a colour of their own; none leaves the ground bare."""
    share = np.zeros((40, 40), dtype=np.float32)
    some, every = share.copy(), share.copy()
    some[:20], every[:20] = 0.5, 1.0
    for values, colour in ((some, style.SHARE_COLOURS[2]), (every, style.SHARE_COLOURS[-1])):
        bare = draw_probability(scene(), share, tmp_path / "bare.png", title="t", note="n")
        path = draw_probability(scene(), values, tmp_path / "share.png", title="t", note="n")
        assert pixels(path, colour) > 50 * pixels(bare, colour) > 0
