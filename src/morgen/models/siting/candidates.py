"""Where a facility could come: plots of a redevelopment, large buildings, or green."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import numpy.typing as npt
import shapely

from morgen.core.errors import InputError
from morgen.models.access import green_patches

if TYPE_CHECKING:
    from morgen.core.situation import Situation

__all__ = ["MOST", "Candidates", "Choice", "candidates_of"]

Choice = Literal["auto", "plots", "buildings", "green"]
MOST: Final = 300
"""Candidates that are looked at; of more the largest are taken that lie apart."""
APART: Final = 40.0
"""m between two candidates where there are more than ``MOST``."""
SMALLEST_GREEN: Final = 500.0
"""m2"""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Places where the facility can come."""

    kind: str
    """'plot', 'building' or 'green'."""
    ids: tuple[str, ...]
    points: npt.NDArray[np.float64]
    """(n, 2) m RD New."""
    left_out: int
    """How many more there were."""


def candidates_of(situation: "Situation", choice: Choice, *, smallest: float) -> Candidates:
    """Return the candidates in the area; 'auto' takes plots where there are, or else buildings.

    ``smallest`` is the least footprint of a building, m2. Raises ``InputError`` when there are none, and
    ``MissingLayerError``.
    """
    if choice == "plots" or (choice == "auto" and situation.has("plots")):
        kind, ids, shapes = "plot", *_plots(situation)
    elif choice == "green":
        kind, ids, shapes = "green", *_green(situation)
    else:
        kind, ids, shapes = "building", *_buildings(situation, smallest)
    inside = shapely.intersects(shapes, situation.area.polygon)
    if not inside.any():
        message = (
            f"there is no {kind} in the area where the facility could come; take other candidates than {choice!r}"
            " (plots, buildings or green), or smaller buildings"
        )
        raise InputError(message)
    return _spread(kind, ids[inside], shapes[inside])


def _plots(situation: "Situation") -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    plots = situation.features("plots")
    plots = plots[plots["kind"] == "plot"]
    return plots["plot_id"].to_numpy(dtype=object), plots.geometry.to_numpy()


def _buildings(situation: "Situation", smallest: float) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    buildings = situation.features("buildings")
    buildings = buildings[buildings.geometry.area >= smallest]
    ids = buildings["bag_id"].where(buildings["bag_id"] != "", buildings["object_id"])
    return ids.to_numpy(dtype=object), buildings.geometry.to_numpy()


def _green(situation: "Situation") -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    patches = green_patches(situation.features("land_cover"), smallest=SMALLEST_GREEN)
    middle = shapely.get_coordinates(shapely.point_on_surface(patches))
    names = [f"green at {x:.0f}, {y:.0f}" for x, y in middle]
    return np.array(names, dtype=object), patches


def _spread(kind: str, ids: npt.NDArray[Any], shapes: npt.NDArray[Any]) -> Candidates:
    """Return all, or of too many the largest that lie apart, in the order of their size."""
    points = np.asarray(shapely.get_coordinates(shapely.point_on_surface(shapes)), dtype=np.float64)
    if len(ids) <= MOST:
        return Candidates(kind, tuple(map(str, ids)), points, 0)
    taken: list[int] = []
    for row in np.argsort(-shapely.area(shapes), kind="stable").tolist():
        if len(taken) == MOST:
            break
        if not taken or np.hypot(*(points[taken] - points[row]).T).min() >= APART:
            taken.append(row)
    return Candidates(kind, tuple(str(ids[row]) for row in taken), points[taken], len(ids) - len(taken))
