"""What lies around each dwelling: the density of addresses, and the way to the nearest places of each kind."""

import math

import numpy as np
import numpy.typing as npt

from morgen.sources.sample.facts.buurt_figures import Surroundings, Way
from morgen.sources.sample.facts.cbs_columns import DISTANCES
from morgen.sources.sample.facts.settlement import Settlement
from morgen.sources.sample.wijk import Wijk

__all__ = ["look_around"]

Values = npt.NDArray[np.float64]

DETOUR = 1.3
"""Way over the road for each metre as the crow flies."""
DENSITY_RADIUS = 1000.0
"""m, the definition of CBS."""
PLACES = {
    "health centre": ("huisarts",),
    "pharmacy": ("apotheek",),
    "supermarket": ("supermarkt", "winkel"),
    "shop": ("winkel",),
    "childcare": ("kinderdagverblijf",),
    "out-of-school care": ("buitenschoolse opvang",),
    "primary school": ("basisschool",),
    "secondary school": ("voortgezet onderwijs",),
    "library": ("bibliotheek",),
}
"""What CBS calls the facilities of the wijk; the kinds that the wijk lacks stay without a figure."""


def look_around(wijk: Wijk, settlement: Settlement) -> Surroundings:
    """Return the surroundings of every dwelling; places and addresses outside the box are not there.

    So the density of a small box is too low by the part of the circle that lies outside it; it is computed over
    the part inside.
    """
    from scipy.spatial import KDTree

    points = settlement.points
    addresses = KDTree(np.array([(each.point.x, each.point.y) for each in wijk.residences]))
    count = addresses.query_ball_point(points, DENSITY_RADIUS, return_length=True)
    places: dict[str, list[tuple[float, float]]] = {}
    for facility in wijk.facilities:
        for kind in PLACES.get(facility.kind, ()):
            places.setdefault(kind, []).append((facility.point.x, facility.point.y))
    ways = {kind: _way(KDTree(np.array(places[kind])), points, DISTANCES[kind][2]) for kind in sorted(places)}
    return Surroundings(np.asarray(count) / (_inside(wijk, points) / 1e6), ways)


def _way(tree: "KDTree", points: Values, radii: tuple[int, ...]) -> Way:  # type: ignore[name-defined] # noqa: F821
    nearest, _ = tree.query(points)
    within = {
        radius: np.asarray(
            tree.query_ball_point(points, radius * 1000 / DETOUR, return_length=True), dtype=np.float64
        )
        for radius in radii
    }
    return Way(nearest * DETOUR / 1000, within)


def _inside(wijk: Wijk, points: Values) -> Values:
    """Return how much of the circle around each point lies in the box, m2, by the share of a coarse lattice."""
    west, south, east, north = wijk.bounds
    steps = np.linspace(-1, 1, 21)
    x, y = (axis.ravel() for axis in np.meshgrid(steps, steps))
    disc = np.column_stack([x, y])[x**2 + y**2 <= 1] * DENSITY_RADIUS
    inside = np.zeros(len(points))
    for step in disc:  # a loop over the lattice, not over the dwellings, keeps the memory small
        px, py = (points + step).T
        inside += (px >= west) & (px <= east) & (py >= south) & (py <= north)
    return inside / len(disc) * math.pi * DENSITY_RADIUS**2
