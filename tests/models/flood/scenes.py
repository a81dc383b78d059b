"""Scenes that the tests of the flood model share."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely

from morgen.core.situation import Situation
from morgen.testing import building, ground, situation


def frame_of(rows: Iterable[dict[str, str]]) -> Any:
    """Return a land cover without shapes."""
    import pandas as pd

    plain = [
        ground(row["theme"], shapely.Point(), **{key: row[key] for key in row if key != "theme"}) for row in rows
    ]
    return pd.DataFrame(plain).drop(columns="geometry")


def street_canyon(**options: Any) -> Situation:
    """Return a street, 10 m wide, between two rows of houses with gardens behind; 60 x 40 m, cells of 1 m.

    South to north: garden (0-8 m), houses (8-15), street (15-25), houses (25-32), garden (32-40). The street lies
    0.3 m lower than the gardens and slopes from both ends (0.15 m) to its middle at x = 30.
    """
    y, x = np.mgrid[39.5:0:-1, 0.5:60]
    terrain = np.where((y > 15) & (y < 25), 0.15 * np.abs(x - 30) / 30, 0.45)
    houses = [
        building(
            f"{1 + row * 10 + number:016d}",
            shapely.box(5 + 10 * number, south, 15 + 10 * number, south + 7),
            height=8.0,
        )
        for row, south in enumerate((8, 25))
        for number in range(5)
    ]
    land_cover = [
        ground(
            "wegdeel",
            shapely.box(0, 15, 60, 25),
            surface="gesloten verharding",
            function="rijbaan lokale weg",
            object_id="street",
        ),
        ground("onbegroeidterreindeel", shapely.box(0, 0, 60, 15), surface="erf"),
        ground("onbegroeidterreindeel", shapely.box(0, 25, 60, 40), surface="erf"),
    ]
    given: dict[str, Any] = {"land_cover": land_cover, "buildings": houses, **options}
    return situation(terrain, **given)
