"""A checker that shares nothing with the solver but the problem: it recomputes a plan from the ground up.

It measures distances for every address by itself, from each address to the nearest open facility.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from morgen.core.errors import RunError
from morgen.core.noun import Noun
from morgen.models.fit.plan import Plan, PlannedSite
from morgen.models.fit.problem import DwellingType, FacilityKind, Problem, Site

__all__ = ["Checked", "Share", "check", "shown"]

FloatArray = npt.NDArray[np.float64]
TOLERANCE: Final = 1e-3
"""m2, m3, places or residents; relative to numbers over one."""


class Share(Noun):
    """Residents within reach of one thing."""

    norm: str
    asked: float
    """Share that the norm asks for, 0 to 1."""
    found: float
    """Share of all residents, new ones included, measured per address."""
    in_storm: float
    """The same share, over streets that are not flooded only."""


class Checked(Noun):
    """What the checker found."""

    violations: tuple[str, ...]
    """One sentence each; empty when the plan is what it says it is."""
    shares: tuple[Share, ...]

    @property
    def passed(self) -> bool:
        """Whether the plan may be shown."""
        return not self.violations


def check(problem: Problem, plan: Plan) -> Checked:
    """Recompute floor, footprint, ground, hazards, needs, and reach per address."""
    sites = {site.id: site for site in problem.sites}
    found = [*_unknown(plan, sites)]
    if found:
        return Checked(violations=tuple(found), shares=())
    for planned in plan.sites:
        found += _site(problem, sites[planned.site], planned)
    found += _overlaps(plan, sites)
    shares, missing = _reach(problem, plan, sites)
    found += _conceded(plan, {**_shortages(problem, plan, sites), **missing})
    return Checked(violations=tuple(found), shares=tuple(shares))


def shown(problem: Problem, plan: Plan) -> Plan:
    """Return the plan when it passes; raises ``RunError`` when it does not, for then nobody should see it."""
    checked = check(problem, plan)
    if checked.violations:
        raise RunError(f"the plan failed its check and is not shown: {checked.violations[0]}")
    return plan


def _unknown(plan: Plan, sites: dict[str, Site]) -> Iterator[str]:
    for planned in plan.sites:
        if planned.site not in sites:
            yield f"site {planned.site!r} is in the plan, but not in the problem"


def _over(value: float, limit: float) -> bool:
    return value > limit + TOLERANCE * max(1.0, abs(limit))


def _site(problem: Problem, site: Site, planned: PlannedSite) -> Iterator[str]:
    kinds: dict[str, FacilityKind] = {kind.id: kind for kind in problem.kinds}
    types: dict[str, DwellingType] = {kind.id: kind for kind in problem.dwellings}
    homes = sum(types[name].floor * number for name, number in planned.dwellings.items())
    facilities = sum(facility.floor for facility in planned.facilities)
    floor = homes + facilities + planned.places_garage * problem.ground.place_floor
    outdoor = sum(
        facility.floor * kinds[facility.kind].outdoor
        for facility in planned.facilities
        if not kinds[facility.kind].outdoor_shared
    )
    paved = planned.footprint + outdoor + planned.places_outside * problem.ground.place_ground
    limits = (
        ("floor", floor, site.floor),
        ("floor over its storeys", floor, planned.footprint * site.storeys),
        ("footprint", planned.footprint, site.area * site.coverage),
        ("ground", (0 if planned.park else planned.green) + paved, 0 if planned.park else site.area),
        ("paved ground", paved, site.area * (1 - site.min_green)),
    )
    for what, value, limit in limits:
        if _over(value, limit):
            yield f"{what} of site {site.id!r} is {value:.1f} m2, but {limit:.1f} m2 is possible"
    if _used(planned) and _over(site.kept, planned.footprint):
        yield f"what stays on site {site.id!r} covers {site.kept:.1f} m2, not {planned.footprint:.1f} m2"
    if planned.dwellings:
        yield from _homes(problem, site)
    for facility in planned.facilities:
        yield from _facility(kinds[facility.kind], site, planned, facility.floor)


def _homes(problem: Problem, site: Site) -> Iterator[str]:
    if "woonfunctie" not in site.uses:
        yield f"site {site.id!r} has dwellings, but its uses are {', '.join(site.uses)}"
    if site.depth > problem.dwelling_depth_limit:
        yield f"site {site.id!r} has dwellings under {site.depth:g} m of water"
    if site.noise > problem.dwelling_noise_limit:
        yield f"site {site.id!r} has dwellings in {site.noise:g} dB"


def _facility(kind: FacilityKind, site: Site, planned: PlannedSite, floor: float) -> Iterator[str]:
    if kind.use not in site.uses:
        yield f"site {site.id!r} has a {kind.id}, but its uses are {', '.join(site.uses)}"
    if _over(floor, kind.largest) or _over(kind.smallest, floor):
        yield f"{kind.id} on site {site.id!r} is {floor:.1f} m2, not {kind.smallest:g} to {kind.largest:g} m2"
    if _over(floor, planned.footprint * min(kind.storeys, site.storeys)):
        yield f"{kind.id} on site {site.id!r} does not fit in its {kind.storeys} storeys"
    if kind.depth_limit is not None and site.depth > kind.depth_limit:
        yield f"{kind.id} on site {site.id!r} stands under {site.depth:g} m of water, over {kind.depth_limit:g} m"
    if kind.noise_limit is not None and site.noise > kind.noise_limit:
        yield f"{kind.id} on site {site.id!r} stands in {site.noise:g} dB, over {kind.noise_limit:g} dB"
    if not kind.stackable and planned.dwellings:
        yield f"{kind.id} on site {site.id!r} has dwellings above it"


def _used(planned: PlannedSite) -> bool:
    numbers = (planned.footprint, planned.green, planned.places_outside, planned.places_garage)
    return bool(planned.dwellings or planned.facilities or planned.park or max(numbers) > TOLERANCE)


def _overlaps(plan: Plan, sites: dict[str, Site]) -> Iterator[str]:
    uses = Counter(part for planned in plan.sites if _used(planned) for part in sites[planned.site].parts)
    for part, number in uses.items():
        if number > 1:
            yield f"plot {part!r} is used by {number} sites at once"


def _shortages(problem: Problem, plan: Plan, sites: dict[str, Site]) -> dict[str, float]:
    """Return how far every norm that is a sum is missed."""
    types = {kind.id: kind for kind in problem.dwellings}
    kinds = {kind.id: kind for kind in problem.kinds}
    number = {name: sum(p.dwellings.get(name, 0) for p in plan.sites) for name in types}
    floor = {name: sum(f.floor for p in plan.sites for f in p.facilities if f.kind == name) for name in kinds}
    homes = sum(number.values())
    people = sum(types[name].residents * count for name, count in number.items())
    rules = problem.ground
    green = sum(sites[p.site].area if p.park else p.green for p in plan.sites)
    roofs = sum(p.footprint for p in plan.sites)
    yards = sum(
        floor[n] * k.outdoor * (1 - rules.unpaved_outdoor) for n, k in kinds.items() if not k.outdoor_shared
    )
    outside = sum(p.places_outside for p in plan.sites)
    paved = roofs + yards + outside * rules.place_ground
    held = green * rules.green_storage + roofs * rules.roof_storage + problem.spare_storage
    cars = sum(types[n].parking * c for n, c in number.items()) + sum(
        kinds[n].parking * f for n, f in floor.items()
    )
    places = outside + sum(p.places_garage for p in plan.sites) + problem.spare_parking
    needs = {n: k.backlog + k.per_dwelling * homes + k.per_resident * people - floor[n] for n, k in kinds.items()}
    return {
        **needs,
        "green": rules.green_per_dwelling * homes - green - problem.spare_green
        if rules.green_per_dwelling or problem.spare_green < 0
        else 0.0,
        "water": paved * rules.storage - held if rules.storage else 0.0,
        "parking": cars - places,
        **{f"mix-{n}": k.share * homes - number[n] for n, k in types.items()},
        "dwellings": problem.asked - homes,
    }


def _conceded(plan: Plan, shortages: dict[str, float]) -> Iterator[str]:
    for norm, shortage in shortages.items():
        said = plan.conceded(norm)
        if _over(shortage, said):
            yield f"norm {norm!r} is missed by {shortage:.3f}, but the plan says {said:.3f}"


def _reach(problem: Problem, plan: Plan, sites: dict[str, Site]) -> tuple[list[Share], dict[str, float]]:
    types = {kind.id: kind.residents for kind in problem.dwellings}
    new = [
        (sites[p.site], sum(types[name] * number for name, number in p.dwellings.items()))
        for p in plan.sites
        if p.dwellings
    ]
    points = np.array([*problem.addresses.points.tolist(), *((site.x, site.y) for site, _ in new)]).reshape(-1, 2)
    people = np.array([*problem.addresses.residents.tolist(), *(number for _, number in new)])
    shares, missing = [], {}
    for norm, limit, asked, doors, dry in _norms(problem, plan, sites):
        near = {storm: _nearest(problem, points, doors, limit, storm=storm) <= limit for storm in (False, True)}
        total = float(people.sum())
        share = {storm: float(people[near[storm]].sum()) / total if total else 1.0 for storm in near}
        shares.append(Share(norm=norm, asked=asked, found=share[dry], in_storm=share[True]))
        missing[norm] = (asked - share[dry]) * total
    return shares, missing


def _norms(
    problem: Problem, plan: Plan, sites: dict[str, Site]
) -> Iterator[tuple[str, float, float, FloatArray, bool]]:
    """Yield id, distance, share, doors (n, 2) and whether the way must be dry, for each norm of distance."""
    for kind in problem.kinds:
        if kind.reach is not None:
            doors = [(e.x, e.y) for e in problem.existing if e.kind == kind.id]
            holders = [p.site for p in plan.sites if any(f.kind == kind.id for f in p.facilities)]
            doors += [(sites[name].x, sites[name].y) for name in holders]
            yield f"{kind.id}-reach", kind.reach, kind.share, np.array(doors).reshape(-1, 2), kind.dry_route
    rules = problem.ground
    if rules.patch_reach is not None:
        doors = [(p.x, p.y) for p in problem.patches if p.area >= rules.patch_area]
        large = [sites[p.site] for p in plan.sites if p.park and sites[p.site].area >= rules.patch_area]
        doors += [(site.x, site.y) for site in large]
        yield "green-reach", rules.patch_reach, rules.patch_share, np.array(doors).reshape(-1, 2), False


def _nearest(problem: Problem, points: FloatArray, doors: FloatArray, limit: float, *, storm: bool) -> FloatArray:
    """Return the distance from each point to its nearest door, m: one walk from a node tied to all doors."""
    streets = problem.streets
    count = len(streets.nodes)
    usable = streets.depth <= streets.passable if storm else np.ones(len(streets.length), bool)
    tree = cKDTree(streets.nodes)
    if not len(doors) or not len(points):
        return np.full(len(points), np.inf)
    to_door, door = (np.asarray(found) for found in tree.query(doors))
    to_point, point = (np.asarray(found) for found in tree.query(points))
    tied = to_door <= problem.snap
    first, second = streets.edges[usable].T
    rows = np.concatenate([first, np.full(tied.sum(), count)])
    columns = np.concatenate([second, door[tied]])
    length = np.concatenate([np.maximum(streets.length[usable], 1e-3), np.maximum(to_door[tied], 1e-9)])
    graph = _shortest(rows, columns, length, count + 1)
    walked = dijkstra(graph, directed=False, indices=np.array([count]), limit=limit)[0]
    return np.where(to_point <= problem.snap, walked[point] + to_point, np.inf)


def _shortest(
    rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], length: FloatArray, count: int
) -> csr_array:
    """Return the network in which two edges between the same nodes are the shorter one, not their sum."""
    low, high = np.minimum(rows, columns), np.maximum(rows, columns)
    order = np.lexsort((length, high, low))
    low, high, length = low[order], high[order], length[order]
    fresh = np.ones(len(low), bool)
    fresh[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return csr_array((length[fresh], (low[fresh], high[fresh])), shape=(count, count))
