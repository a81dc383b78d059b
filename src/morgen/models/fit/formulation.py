"""The covering formulation: a problem as a mixed-integer program in which every norm is elastic, at a price."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from morgen.models.fit.candidates import (
    Candidates,
    facility_candidates,
    may_house,
    patch_candidates,
    room_for,
)
from morgen.models.fit.problem import Problem
from morgen.models.fit.program import Program
from morgen.models.fit.reach import Cells, Walks, gather_cells, reach_groups

__all__ = ["Covering", "Formulation", "NormRow", "formulate"]

Terms = list[tuple[int, float]]
TINY_COST: Final = 1e-3
"""Keeps floor and footprint from being larger than they need be, in thousands of euros for each m2."""


@dataclass(frozen=True)
class NormRow:
    """One elastic norm: its slack column, its group and its price."""

    id: str
    group: str
    slack: int
    price: float
    unit: str
    row: int


@dataclass(frozen=True)
class Covering:
    """Who can walk where, for one norm of distance."""

    group: str
    share: float
    everyone: float
    """All residents that there can be."""
    columns: tuple[int, ...]
    groups: tuple[tuple[float, tuple[int, ...]], ...]
    """Most residents of each group, and the positions in ``columns`` of what they can walk to."""


@dataclass(eq=False)
class Formulation:
    """A program, and which column means what."""

    problem: Problem
    program: Program = field(default_factory=Program)
    homes: dict[tuple[int, int], int] = field(default_factory=dict)
    """(site, dwelling type) to the column of dwellings."""
    opened: dict[tuple[int, int], int] = field(default_factory=dict)
    """(site, kind) to the column that is 1 where a facility stands."""
    floors: dict[tuple[int, int], int] = field(default_factory=dict)
    """(site, kind) to the column of its floor, m2."""
    parks: dict[int, int] = field(default_factory=dict)
    """Site to the column that is 1 where all of it is green."""
    taken: dict[int, int] = field(default_factory=dict)
    """Site to the column that is 1 where it is used; sites that no other can take away have none."""
    footprint: list[int] = field(default_factory=list)
    green: list[int] = field(default_factory=list)
    outside: list[int] = field(default_factory=list)
    """Car places outside, for each site."""
    garage: list[int] = field(default_factory=list)
    norms: list[NormRow] = field(default_factory=list)
    missed: list[tuple[int, float]] = field(default_factory=list)
    """Columns of residents out of reach of something, and the price of one."""
    coverings: list[Covering] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def target(self) -> NormRow:
        """The row that asks for the dwellings."""
        return next(norm for norm in self.norms if norm.group == "dwellings")

    def dwellings(self) -> Terms:
        """Return the terms that add up to the new dwellings."""
        return [(column, 1.0) for column in self.homes.values()]

    def residents(self, factor: float = 1.0, sites: Sequence[int] | None = None) -> Terms:
        """Return the terms that add up to the new residents, of these sites or of all."""
        kinds = self.problem.dwellings
        chosen = range(len(self.problem.sites)) if sites is None else sites
        pairs = ((site, kind) for site in chosen for kind in range(len(kinds)))
        return [(self.homes[pair], factor * kinds[pair[1]].residents) for pair in pairs if pair in self.homes]

    def elastic(self, terms: Terms, *, id: str, group: str, price: float, unit: str, least: float) -> None:
        """Add a norm: terms + slack >= least."""
        slack = self.program.column(cost=price)
        row = self.program.row([*terms, (slack, 1.0)], least=least)
        self.norms.append(NormRow(id=id, group=group, slack=slack, price=price, unit=unit, row=row))


def formulate(problem: Problem) -> Formulation:
    """Write the problem down; raises ``InputError`` when the network does not touch the sites.

    Distances to facilities with ``dry_route`` are over streets that are not flooded. A square of addresses counts
    as within reach only when its farthest address is, so what is promised is a lower bound for addresses.
    """
    made = Formulation(problem)
    found = [facility_candidates(problem, kind) for kind in problem.kinds]
    green = patch_candidates(problem)
    _columns(made, found, green)
    _availability(made)
    for site in range(len(problem.sites)):
        _site_rows(made, site)
    _need_rows(made)
    _ground_rows(made)
    _reach_rows(made, found, green)
    _target_rows(made)
    return made


def _columns(made: Formulation, found: list[Candidates], green: Candidates) -> None:
    problem, program = made.problem, made.program
    for site, place in enumerate(problem.sites):
        if may_house(problem, place):
            for kind, dwelling in enumerate(problem.dwellings):
                made.homes[site, kind] = program.column(upper=place.floor / dwelling.floor)
        made.footprint.append(program.column(cost=TINY_COST, upper=place.area * place.coverage))
        made.green.append(program.column(upper=place.area))
        made.outside.append(program.column())
        made.garage.append(program.column(cost=problem.ground.garage_cost))
    for number, (kind_of, candidates) in enumerate(zip(problem.kinds, found, strict=True)):
        for site in candidates.sites:
            made.opened[site, number] = program.switch(cost=1.0)
            made.floors[site, number] = program.column(cost=TINY_COST)
        if candidates.left_out:
            made.notes.append(
                f"{kind_of.id}: {len(candidates.sites)} sites were considered and {candidates.left_out} were not"
            )
    if problem.ground.patch_reach is not None:
        made.parks = {site: program.switch(cost=0.1) for site in green.sites}


def _availability(made: Formulation) -> None:
    """Give a column to every site that shares ground with another, or that costs something to make ready."""
    sites = made.problem.sites
    holders: dict[str, list[int]] = {}
    for row, place in enumerate(sites):
        for part in place.parts:
            holders.setdefault(part, []).append(row)
    shared = {row for rows in holders.values() if len(rows) > 1 for row in rows}
    made.taken = {
        row: made.program.switch(cost=place.cost)
        for row, place in enumerate(sites)
        if row in shared or place.cost > 0 or place.kept > 0
    }
    for rows in {tuple(rows) for rows in holders.values() if len(rows) > 1}:
        made.program.row([(made.taken[row], 1.0) for row in rows], most=1.0)
    for site, park in made.parks.items():
        if site in made.taken:
            made.program.row([(park, 1.0), (made.taken[site], -1.0)], most=0.0)


def _site_rows(made: Formulation, site: int) -> None:
    problem, program, place = made.problem, made.program, made.problem.sites[site]
    here = [kind for kind in range(len(problem.kinds)) if (site, kind) in made.floors]
    homes = [
        (made.homes[site, kind], dwelling.floor)
        for kind, dwelling in enumerate(problem.dwellings)
        if (site, kind) in made.homes
    ]
    floors = [(made.floors[site, kind], 1.0) for kind in here]
    built = [*homes, *floors, (made.garage[site], problem.ground.place_floor)]
    _within(made, site, built, min(place.floor, place.storeys * place.coverage * place.area))
    foot = made.footprint[site]
    if place.kept:
        program.row([(foot, 1.0), (made.taken[site], -place.kept)], least=0.0)
    program.row([*built, (foot, -float(place.storeys))], most=0.0)
    if here:
        spread = [(made.floors[site, kind], 1 / max(1, _storeys(made, site, kind))) for kind in here]
        program.row([*spread, (foot, -1.0)], most=0.0)
    outdoor = [
        (made.floors[site, kind], problem.kinds[kind].outdoor)
        for kind in here
        if problem.kinds[kind].outdoor and not problem.kinds[kind].outdoor_shared
    ]
    green, outside = made.green[site], (made.outside[site], problem.ground.place_ground)
    _within(made, site, [(foot, 1.0), (green, 1.0), outside, *outdoor], place.area)
    _within(made, site, [(foot, 1.0), outside, *outdoor], place.area * (1 - place.min_green))
    for kind in here:
        _unit_rows(made, site, kind)
    alone = [made.opened[site, kind] for kind in here if not problem.kinds[kind].stackable]
    if alone and homes:
        program.row([*homes, *((column, place.floor) for column in alone)], most=place.floor)
    if len(alone) > 1:
        program.row([(column, 1.0) for column in alone], most=1.0)


def _storeys(made: Formulation, site: int, kind: int) -> int:
    return min(made.problem.kinds[kind].storeys, made.problem.sites[site].storeys)


def _within(made: Formulation, site: int, terms: Terms, room: float) -> None:
    """Keep terms within the room of a site, none where another site takes its ground or it becomes a park."""
    full = list(terms)
    if site in made.parks:
        full.append((made.parks[site], room))
    if site in made.taken:
        made.program.row([*full, (made.taken[site], -room)], most=0.0)
    else:
        made.program.row(full, most=room)


def _unit_rows(made: Formulation, site: int, kind: int) -> None:
    facility = made.problem.kinds[kind]
    largest = room_for(facility, made.problem.sites[site])
    floor, opened = made.floors[site, kind], made.opened[site, kind]
    made.program.row([(floor, 1.0), (opened, -facility.smallest)], least=0.0)
    made.program.row([(floor, 1.0), (opened, -largest)], most=0.0)


def _need_rows(made: Formulation) -> None:
    for number, kind in enumerate(made.problem.kinds):
        supply = [(column, 1.0) for (_, of), column in made.floors.items() if of == number]
        asked = [(column, -kind.per_dwelling) for column, _ in made.dwellings()] if kind.per_dwelling else []
        crowd = made.residents(-kind.per_resident) if kind.per_resident else []
        made.elastic(
            [*supply, *asked, *crowd], id=kind.id, group=kind.id, price=kind.price, unit="m2", least=kind.backlog
        )


def _ground_rows(made: Formulation) -> None:
    problem, rules = made.problem, made.problem.ground
    park = [(column, problem.sites[site].area) for site, column in made.parks.items()]
    green = [*((column, 1.0) for column in made.green), *park]
    if rules.green_per_dwelling or problem.spare_green < 0:
        asked = [(column, -rules.green_per_dwelling) for column, _ in made.dwellings()]
        terms, least = [*green, *asked], -problem.spare_green
        made.elastic(terms, id="green", group="green", price=rules.green_price, unit="m2", least=least)
    if rules.storage:
        held = [(column, value * rules.green_storage) for column, value in green]
        roofs = [(column, rules.roof_storage - rules.storage) for column in made.footprint]
        paved = [(column, -rules.place_ground * rules.storage) for column in made.outside]
        terms, least = [*held, *roofs, *paved, *_paved_outdoor(made)], -problem.spare_storage
        made.elastic(terms, id="water", group="water", price=rules.storage_price, unit="m3", least=least)
    places = [(column, 1.0) for column in (*made.outside, *made.garage)]
    cars = [(column, -problem.dwellings[kind].parking) for (_, kind), column in made.homes.items()]
    visits = [(column, -problem.kinds[kind].parking) for (_, kind), column in made.floors.items()]
    made.elastic(
        [*places, *cars, *visits],
        id="parking",
        group="parking",
        price=rules.parking_price,
        unit="places",
        least=-problem.spare_parking,
    )


def _paved_outdoor(made: Formulation) -> Terms:
    rules = made.problem.ground
    factor = -rules.storage * (1 - rules.unpaved_outdoor)
    return [
        (column, factor * made.problem.kinds[kind].outdoor)
        for (_, kind), column in made.floors.items()
        if not made.problem.kinds[kind].outdoor_shared
    ]


def _reach_rows(made: Formulation, found: list[Candidates], green: Candidates) -> None:
    problem = made.problem
    walks = {dry: Walks(problem.streets, dry_only=dry, snap=problem.snap) for dry in (False, True)}
    cells = gather_cells(problem, walks[False])
    if len(cells.apart):
        made.notes.append(
            f"{len(cells.apart)} addresses or sites are not on the walking network; none reach a thing"
        )
    for number, kind in enumerate(problem.kinds):
        if kind.reach is not None:
            present = [(place.x, place.y) for place in problem.existing if place.kind == kind.id]
            columns = [made.opened[site, number] for site in found[number].sites]
            _cover(
                made, cells, walks[kind.dry_route], found[number], present, columns,
                Cover(kind.id, kind.reach, kind.share, kind.reach_price),
            )  # fmt: skip
    rules = problem.ground
    if rules.patch_reach is not None:
        patches = [(place.x, place.y) for place in problem.patches if place.area >= rules.patch_area]
        cover = Cover("green", rules.patch_reach, rules.patch_share, rules.patch_price)
        _cover(made, cells, walks[False], green, patches, [made.parks[site] for site in green.sites], cover)


@dataclass(frozen=True)
class Cover:
    """A norm of distance."""

    group: str
    reach: float
    share: float
    price: float

    @property
    def facility(self) -> str:
        """The id of the norm."""
        return f"{self.group}-reach"


def _cover(
    made: Formulation,
    cells: Cells,
    walks: Walks,
    candidates: Candidates,
    present: list[tuple[float, float]],
    columns: list[int],
    cover: Cover,
) -> None:
    """Add: residents out of reach <= (1 - share) x residents + slack.

    Residents of a group out of reach are at least its residents minus the most it can hold for each open site.
    """
    problem, program = made.problem, made.program
    places = np.array([(problem.sites[row].x, problem.sites[row].y) for row in candidates.sites]).reshape(-1, 2)
    groups = reach_groups(
        cells, walks, candidates=places, present=np.array(present).reshape(-1, 2), limit=cover.reach
    )
    missed: Terms = []
    walkable: list[tuple[float, tuple[int, ...]]] = []
    for group in groups:
        crowd = made.residents(sites=group.sites)
        most = group.residents + sum(_fullest(made, site) for site in group.sites)
        if most <= 0 or (not group.residents and not crowd):
            continue
        out = program.column()
        near = [(columns[candidate], most) for candidate in group.reached_from]
        program.row([(out, 1.0), *near, *((column, -value) for column, value in crowd)], least=group.residents)
        missed.append((out, -1.0))
        made.missed.append((out, cover.price))
        walkable.append((most, group.reached_from))
    full = sum(_fullest(made, site) for site in range(len(problem.sites)))
    made.coverings.append(
        Covering(
            group=cover.group,
            share=cover.share,
            everyone=full + float(cells.living.residents.sum()),
            columns=tuple(columns),
            groups=tuple(walkable),
        )
    )
    everyone = made.residents(1 - cover.share)
    least = -(1 - cover.share) * float(cells.living.residents.sum())
    made.elastic(
        [*missed, *everyone],
        id=cover.facility,
        group=cover.group,
        price=cover.price,
        unit="residents",
        least=least,
    )


def _fullest(made: Formulation, site: int) -> float:
    """Return the most residents that a site can hold."""
    place = made.problem.sites[site]
    room = min(place.floor, place.storeys * place.coverage * place.area)
    return max(
        (
            room / dwelling.floor * dwelling.residents
            for kind, dwelling in enumerate(made.problem.dwellings)
            if (site, kind) in made.homes
        ),
        default=0.0,
    )


def _target_rows(made: Formulation) -> None:
    problem = made.problem
    everything = made.dwellings()
    for number, dwelling in enumerate(problem.dwellings):
        if dwelling.share:
            own = [(column, 1.0) for (_, kind), column in made.homes.items() if kind == number]
            rest = [(column, -dwelling.share) for column, _ in everything]
            identity = f"mix-{dwelling.id}"
            made.elastic(
                [*own, *rest], id=identity, group="mix", price=problem.mix_price, unit="dwellings", least=0.0
            )
    made.program.row(everything, most=problem.asked)
    made.elastic(
        everything,
        id="dwellings",
        group="dwellings",
        price=problem.dwelling_price,
        unit="dwellings",
        least=problem.asked,
    )
