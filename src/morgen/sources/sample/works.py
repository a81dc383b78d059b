"""Small industry: halls of several times on paved ground, an office at the street, and garages in deep courts."""

import numpy as np
import shapely

from morgen.sources.sample.buildings import Building, Unit, Wing, flat_profile, gable_profile
from morgen.sources.sample.layout import Layout, site_of
from morgen.sources.sample.palette import ASPHALT_YARD, BEDS

__all__ = ["industry"]


def industry(layout: Layout, rng: np.random.Generator) -> None:
    """Fill a block with halls in two rows, each with its yard."""
    site = site_of(layout.block)
    a, b = site.long, site.wide
    for v_low, v_high in ((-b + 7, -4.0), (4.0, b - 7)):
        u = -a + 9
        while u < a - 24:
            length = float(rng.choice([20.0, 26.0, 34.0, 42.0]))
            if u + length > a - 8:
                length = a - 8 - u
            if length < 12:  # noqa: PLR2004 - no hall is so short
                break
            depth = float(rng.uniform(0.5, 0.8)) * (v_high - v_low)
            roof = _roof(depth, rng)
            for back in (0.0, 3.0, 6.0, 10.0, 15.0):  # a block is no rectangle: stand back until it fits
                at_street = v_low + back if v_low < 0 else v_high - depth - back
                if _hall(layout, site.wing(u, at_street, roof, length), rng):
                    break
            u += length + float(rng.choice([0.05, 6.0, 12.0, 18.0]))
    layout.claim(BEDS, site.rectangle(-a, -b, a, -b + 4))
    for u in np.arange(-a + 6, a - 5, 14.0):
        layout.trees.append((shapely.Point(site.at(float(u), -b + 3)), 8.0))
    layout.rest = ASPHALT_YARD


def _roof(depth: float, rng: np.random.Generator) -> tuple[tuple[float, float], ...]:
    height = float(rng.choice([5.0, 6.2, 7.5, 9.0]))
    if rng.random() < 0.4:  # noqa: PLR2004 - older halls
        return gable_profile(depth, eaves=height, ridge=height + depth * 0.14)
    return flat_profile(depth, height=height)


def _hall(layout: Layout, wing: Wing, rng: np.random.Generator) -> bool:
    area = round(0.95 * wing.width * wing.depth)
    units: tuple[Unit, ...] = (Unit("industriefunctie", area),)
    if rng.random() < 0.4:  # noqa: PLR2004
        units = (Unit("industriefunctie", round(area * 0.8)), Unit("kantoorfunctie", round(area * 0.2)))
    year = layout.year + int(rng.integers(0, 35))
    return layout.put(Building("works", (wing,), year, units, 1), room=1.5)
