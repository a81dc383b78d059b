"""Which sites are considered for each kind of facility, and which are not, and why."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from morgen.models.fit.problem import DWELLING_USE, FacilityKind, Problem, Site

__all__ = ["Candidates", "facility_candidates", "may_house", "may_stand", "patch_candidates", "room_for"]

FEWEST: Final = 30
"""Sites considered for each kind, at least: too few makes a lack of space that is not there."""
SPARE: Final = 3
"""Sites considered for each unit that is needed."""
PATCHES: Final = 200
"""Sites considered as public green to go to."""


@dataclass(frozen=True)
class Candidates:
    """Sites for one kind, as rows of the problem."""

    sites: tuple[int, ...]
    left_out: int
    """How many more could have been; 0 when the cap did not bind."""


def may_house(problem: Problem, site: Site) -> bool:
    """Return whether dwellings may come on a site."""
    return (
        DWELLING_USE in site.uses
        and site.depth <= problem.dwelling_depth_limit
        and site.noise <= problem.dwelling_noise_limit
    )


def may_stand(kind: FacilityKind, site: Site) -> bool:
    """Return whether a facility may stand on a site: its use, the water and the noise."""
    dry = kind.depth_limit is None or site.depth <= kind.depth_limit
    quiet = kind.noise_limit is None or site.noise <= kind.noise_limit
    return kind.use in site.uses and dry and quiet


def room_for(kind: FacilityKind, site: Site) -> float:
    """Return the largest floor of a facility that a site holds, m2, with its own outdoor ground."""
    storeys = min(kind.storeys, site.storeys)
    if not storeys:
        return 0.0
    outdoor = 0.0 if kind.outdoor_shared else kind.outdoor
    unbuilt = site.area * (1 - site.min_green)
    on_ground = unbuilt / (1 / storeys + outdoor)
    return min(kind.largest, site.floor, storeys * site.coverage * site.area, on_ground)


def facility_candidates(problem: Problem, kind: FacilityKind) -> Candidates:
    """Return at most max(30, 3 x units needed) sites, spread over the wijk, the roomy ones first."""
    rooms = {
        row: room_for(kind, site)
        for row, site in enumerate(problem.sites)
        if may_stand(kind, site) and room_for(kind, site) >= kind.smallest
    }
    cap = max(FEWEST, math.ceil(SPARE * _largest_need(problem, kind) / kind.smallest))
    return _spread(problem, rooms, cap)


def patch_candidates(problem: Problem) -> Candidates:
    """Return the sites that are large enough to be public green to go to."""
    areas = {
        row: site.area
        for row, site in enumerate(problem.sites)
        if site.area >= problem.ground.patch_area and not site.kept
    }
    return _spread(problem, areas, PATCHES)


def _largest_need(problem: Problem, kind: FacilityKind) -> float:
    crowd = max(dwelling.residents for dwelling in problem.dwellings)
    return max(0.0, kind.backlog + problem.asked * (kind.per_dwelling + kind.per_resident * crowd))


def _spread(problem: Problem, rooms: dict[int, float], cap: int) -> Candidates:
    """Take the site farthest from those taken, weighted by its room, until ``cap``; ties go to the first row."""
    rows = sorted(rooms)
    if len(rows) <= cap:
        return Candidates(sites=tuple(rows), left_out=0)
    points = np.array([(problem.sites[row].x, problem.sites[row].y) for row in rows])
    weight = np.sqrt([rooms[row] for row in rows])
    taken = [int(weight.argmax())]
    distance = np.hypot(*(points - points[taken[0]]).T)
    while len(taken) < cap:
        far = int((distance * weight).argmax())
        taken.append(far)
        distance = np.minimum(distance, np.hypot(*(points - points[far]).T))
        distance[taken] = -1.0
    return Candidates(sites=tuple(sorted(rows[position] for position in taken)), left_out=len(rows) - cap)
