"""The old lane: plots of every width, houses near the street or set back, and ridges along or across it."""

from collections.abc import Sequence

import numpy as np
import shapely

from morgen.sources.sample.buildings import Building, Unit, flat_profile, gable_profile
from morgen.sources.sample.layout import Layout
from morgen.sources.sample.rows import Frontage, Row, free_stretches, frontages_of, row_on
from morgen.sources.sample.street import Street

__all__ = ["fill_lane"]

WIDTHS = (7.5, 8.5, 9.5, 11.0, 12.5, 15.0)
"""Of plots, m."""
SHALLOWEST = 10.0
"""No house along the lane is less deep than this with its yard, m."""
GAPS = 0.22
"""Share of the plots where nobody built: an orchard, a path to the fields."""
HALF = 0.5
UPSTAIRS = 4.0
"""Eaves above this, m, have a whole storey below them."""
SHOPS = 0.12
"""Share of the houses with a shop or workshop on the ground floor."""


def fill_lane(layout: Layout, streets: Sequence[Street], rng: np.random.Generator) -> None:
    """Build along the lanes at the edge of a block."""
    for frontage in frontages_of(layout.block, streets, 0.6):
        if frontage.street.kind != "lane":
            continue
        facade = frontage.facade
        for start, end in free_stretches(layout, frontage, facade, SHALLOWEST, min(WIDTHS)):
            _fill(layout, frontage, facade, start, end, rng)


def _fill(
    layout: Layout,
    frontage: Frontage,
    facade: shapely.LineString,
    start: float,
    end: float,
    rng: np.random.Generator,
) -> None:
    at = start
    while end - at > min(WIDTHS):
        width = float(rng.choice(WIDTHS))
        if at + width > end - 4:
            width = end - at
        if width < 20 and rng.random() > GAPS:  # noqa: PLR2004 - wider is a field
            row = row_on(facade, at, width, frontage, layout.block)
            layout_plot(layout, row, frontage, rng)
        at += width


def layout_plot(layout: Layout, row: Row, frontage: Frontage, rng: np.random.Generator) -> None:
    """Build one house, now and then with a barn behind it."""
    width = row.length
    lot = min(row.lengths)
    attached = rng.random() < 0.35  # noqa: PLR2004 - wall to wall, as in a village centre
    gap = 0.0 if attached and width < 10 else float(rng.uniform(0.8, 1.6))  # noqa: PLR2004 - m
    back = float(rng.choice([0.0, 0.3, 0.8, 1.5, 3.0]))
    span = width - 2 * gap
    turned = span < 9.5 and rng.random() < 0.55  # noqa: PLR2004 - a gable wider than this is a barn
    deep = float(np.clip(rng.uniform(8.5, 13.0), 7.0, lot - back - 4.0))
    eaves = float(rng.choice([2.9, 3.2, 5.2, 5.6]))
    if turned:
        pitch = gable_profile(span, eaves=eaves, ridge=eaves + min(span * 0.5, 4.2))
        wing = row.turned_wing(gap, span, back, deep, pitch)
    else:
        deep = min(deep, 9.5)
        hips = (2.2, 2.2) if span > 9 and rng.random() < 0.4 else (0.0, 0.0)  # noqa: PLR2004
        pitch = gable_profile(deep, eaves=eaves, ridge=eaves + min(deep * 0.45, 4.0))
        wing = row.wing(gap, span, back, pitch, hips)
    floors = 2.3 if eaves > UPSTAIRS else 1.6
    area = round(0.82 * span * deep * floors)
    units: tuple[Unit, ...] = (Unit("woonfunctie", area),)
    if rng.random() < SHOPS:
        units = (Unit("winkelfunctie", round(area * 0.45)), Unit("woonfunctie", round(area * 0.5), 1))
    year = int(rng.choice([1840, 1868, 1884, 1899, 1908, 1921, 1934, 1956, 1987, 2008]))
    position = float(frontage.street.line.project(shapely.Point(row.corner(width / 2, 0.0))))
    house = Building(
        "detached house",
        (wing,),
        year,
        units,
        2 if eaves > UPSTAIRS else 1,
        frontage.street.name,
        frontage.side,
        position,
    )
    if layout.put(house, plot=row.lot(0.0, width), room=0.3) and lot - back - deep > 9:  # noqa: PLR2004 - m
        _barn(layout, row, lot, year, rng)


def _barn(layout: Layout, row: Row, lot: float, year: int, rng: np.random.Generator) -> None:
    span, deep = float(rng.uniform(3.0, min(5.5, row.length - 1))), float(rng.uniform(4.0, 6.5))
    near = float(rng.uniform(0.3, max(row.length - span - 0.3, 0.31)))
    flat = rng.random() < HALF
    profile = flat_profile(deep, height=2.7) if flat else gable_profile(deep, eaves=2.3, ridge=3.9)
    layout.put(Building("shed", (row.wing(near, span, lot - deep - 0.4, profile),), max(year, 1920)), room=0.1)
