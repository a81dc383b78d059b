"""A first plan by greedy choice, from which the solver starts: it opens what most residents still need."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from morgen.models.fit.candidates import room_for
from morgen.models.fit.formulation import Covering, Formulation
from morgen.models.fit.program import Program
from morgen.models.fit.solver import Effort, optimise

__all__ = ["first_plan"]

FloatArray = npt.NDArray[np.float64]
ENOUGH: Final = 0.98
"""Part of its largest size that a facility gets in the first plan: other things need room too."""


@dataclass(eq=False)
class _Choice:
    """What the greedy choice has opened, and which plots that takes."""

    made: Formulation
    opened: set[int] = field(default_factory=set)
    """Columns."""
    owner: dict[str, int] = field(default_factory=dict)
    """Plot to the site that takes it."""
    busy: set[int] = field(default_factory=set)

    def free(self, site: int) -> bool:
        """Return whether nothing stands on a site, and no other site has taken its ground.

        One site may hold more, but whether that fits is left to the solver.
        """
        return site not in self.busy and all(
            part not in self.owner for part in self.made.problem.sites[site].parts
        )

    def open(self, site: int, column: int) -> None:
        """Open something on a site, and take its plots."""
        self.opened.add(column)
        self.busy.add(site)
        for part in self.made.problem.sites[site].parts:
            self.owner[part] = site


def first_plan(made: Formulation, program: Program, effort: Effort) -> FloatArray | None:
    """Return all columns of a first plan, or None when the greedy choice does not fit together."""
    choice = _Choice(made)
    coverings = {covering.group: covering for covering in made.coverings}
    kinds = sorted(range(len(made.problem.kinds)), key=lambda kind: -made.problem.kinds[kind].smallest)
    for kind in kinds:
        _open_kind(choice, kind, coverings.get(made.problem.kinds[kind].id))
    if "green" in coverings and made.parks:
        _open_covering(choice, coverings["green"], {column: site for site, column in made.parks.items()})
    fixed = {column: 0.0 for column, integer in enumerate(program.integer) if integer}
    fixed |= dict.fromkeys(choice.opened, 1.0)
    fixed |= dict.fromkeys(_taken(choice), 1.0)
    settled = optimise(program.bounded(fixed, lower=fixed), effort, relaxed=True)
    return settled.values if settled.feasible else None


def _open_kind(choice: _Choice, kind: int, covering: Covering | None) -> None:
    made, problem = choice.made, choice.made.problem
    columns = {column: site for (site, of), column in made.opened.items() if of == kind}
    if covering is not None:
        _open_covering(choice, covering, columns)
    facility = problem.kinds[kind]
    crowd = sum(d.residents for d in problem.dwellings) / len(problem.dwellings)
    need = facility.backlog + problem.asked * (facility.per_dwelling + crowd * facility.per_resident)
    rooms = {column: room_for(facility, problem.sites[site]) for column, site in columns.items()}
    have = sum(rooms[column] for column in columns if column in choice.opened) * ENOUGH
    for column in sorted(columns, key=lambda column: (-rooms[column], column)):
        if have >= need:
            return
        if column not in choice.opened and choice.free(columns[column]):
            choice.open(columns[column], column)
            have += rooms[column] * ENOUGH


def _open_covering(choice: _Choice, covering: Covering, columns: dict[int, int]) -> None:
    """Open the site that most residents without one can walk to, until the share is reached or nothing helps."""
    weight = np.array([most for most, _ in covering.groups])
    reaches = np.zeros((len(covering.columns), len(covering.groups)), bool)
    for group, (_, reached_from) in enumerate(covering.groups):
        reaches[list(reached_from), group] = True
    allowed = (1 - covering.share) * covering.everyone
    left = weight.copy()
    while left.sum() > allowed and len(covering.columns):
        gain = reaches @ left
        for position in np.argsort(-gain, kind="stable"):
            column = covering.columns[position]
            if gain[position] <= 0:
                return
            if choice.free(columns[column]):
                break
        else:
            return
        choice.open(columns[column], column)
        left[reaches[position]] = 0.0


def _taken(choice: _Choice) -> list[int]:
    """Return the columns of sites that are used: those chosen, then the smallest unions on what is left."""
    made, sites = choice.made, choice.made.problem.sites
    for site in sorted(made.taken, key=lambda site: (len(sites[site].parts), sites[site].cost, site)):
        if all(part not in choice.owner for part in sites[site].parts):
            choice.owner |= dict.fromkeys(sites[site].parts, site)
    used = set(choice.owner.values())
    return [column for site, column in made.taken.items() if site in used]
