"""The model ``siting``: where a facility comes best on the layers of a situation."""

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import shapely
from pydantic import Field

from morgen.core.disclosure import THRESHOLD
from morgen.core.errors import InputError
from morgen.core.model import Result, RunContext
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.models.access import Groups, Network, Placed, group_neighbours, nearest
from morgen.models.contract import load_card, model
from morgen.models.siting.candidates import Candidates, Choice, candidates_of
from morgen.models.siting.interface import SITING
from morgen.models.siting.locate import locate
from morgen.models.siting.problem import Objective
from morgen.models.siting.report import Question, Sited, write_report

__all__ = ["siting"]

Floats = npt.NDArray[np.float64]

Facility = Annotated[
    str,
    Field(pattern=r"^[a-z0-9-]+$", description="Kind of facility, as in the norms: primary-school, library ..."),
]
Places = Annotated[int, Field(ge=1, le=100, description="How many new ones come; set_cover finds that itself.")]
Goal = Annotated[
    Objective,
    Field(
        description="What is best: least mean distance (median), least farthest distance (center), most people in"
        " the radius (cover), or fewest places with all in the radius (set_cover)."
    ),
]
Radius = Annotated[float, Unit("m"), Field(gt=0, le=10_000, description="Distance that counts as within reach.")]
Where = Annotated[
    Choice,
    Field(description="Where it can come: plots of a redevelopment, large buildings, green; auto: plots first."),
]
SmallestBuilding = Annotated[
    float, Unit("m2"), Field(ge=0, le=100_000, description="Least footprint of a building that can hold it.")
]
Capacity = Annotated[
    float,
    Unit("count"),
    Field(ge=0, le=1e6, description="Residents that a new place can serve; 0 for any number."),
]
Snap = Annotated[
    float, Unit("m"), Field(gt=0, le=500, description="How far a home or place may be from the nearest path.")
]
TimeLimit = Annotated[
    float, Unit("s"), Field(gt=0, le=3_600, description="Then the best so far comes, with its bound.")
]


@model(id="siting", version="1.0.0", interface=SITING, card=load_card("morgen.models.siting"))
def siting(
    situation: Situation,
    facility: Facility = "primary-school",
    k: Places = 1,
    *,
    objective: Goal = "median",
    radius: Radius = 800.0,
    candidates: Where = "auto",
    smallest_building: SmallestBuilding = 200.0,
    capacity: Capacity = 0.0,
    snap: Snap = 50.0,
    time_limit: TimeLimit = 30.0,
    run: RunContext,
) -> Result:
    """Find where ``k`` new facilities come best for the residents in the area of ``situation``.

    Raises ``MissingLayerError``, ``InputError`` (no candidate, no home at a path, too few people),
    ``ParameterError`` (more places than candidates, demand that no choice can serve), ``RunError`` (no answer in
    time) and ``DismissedError``.
    """
    situation.require(*SITING.needs)
    run.progress(0.0, "reading the situation")
    homes = _homes(situation)
    groups = group_neighbours(homes, threshold=THRESHOLD)
    chosen = candidates_of(situation, candidates, smallest=smallest_building)
    present = _present(situation, facility)
    run.progress(0.2, "measuring distances")
    walks = _walk(situation, homes, groups, (present, chosen), snap=snap, run=run)
    run.progress(0.6, "finding the best places")
    have = walks.existing
    bounded = objective in ("cover", "set_cover")
    answer = locate(
        walks.distance,
        weight=groups.people,
        k=None if objective == "set_cover" else have + k,
        objective=objective,
        radius=radius if bounded else None,
        capacity=_room(capacity, have, len(walks.ids) - have, groups) if capacity else None,
        existing=tuple(range(have)),
        time_limit=time_limit,
    )
    run.progress(0.9, "telling what it brings")
    sited = Sited(
        groups=groups,
        distance=walks.distance,
        answer=answer,
        ids=walks.ids,
        kind=chosen.kind,
        points=walks.points,
        existing=have,
        left_out=chosen.left_out,
        lost=walks.lost,
        homes_without_way=_without_way(homes, groups, walks.distance),
    )
    question = Question(facility=facility, k=k, objective=objective, radius=radius, capacity=capacity)
    indicators = write_report(question, sited, run=run)
    run.progress(1.0, "done")
    return Result(indicators=indicators)


@dataclass(frozen=True, eq=False)
class _Present:
    """Facilities of the kind that are there."""

    ids: tuple[str, ...]
    points: Floats


@dataclass(frozen=True, eq=False)
class _Walks:
    distance: Floats
    """(n_group, n_site) m; those that are there first, then candidates; inf where there is no way."""
    ids: tuple[str, ...]
    points: Floats
    existing: int
    lost: tuple[str, ...]
    """Ids of places that are too far from any path."""


def _homes(situation: Situation) -> Any:
    residents = situation.features("residents")
    inside = shapely.intersects(residents.geometry.to_numpy(), situation.area.polygon)
    return residents[inside & (residents["residents"] > 0).to_numpy()].reset_index(drop=True)


def _present(situation: Situation, facility: str) -> _Present:
    if not situation.has("facilities"):
        return _Present((), np.zeros((0, 2)))
    facilities = situation.features("facilities")
    same = facilities[facilities["kind"] == facility]
    words = [same[column].fillna("") if column in same else [""] * len(same) for column in ("name", "facility_id")]
    names = [name or identity or facility for name, identity in zip(*words, strict=True)]
    points = shapely.get_coordinates(shapely.point_on_surface(same.geometry.to_numpy())).reshape(-1, 2)
    return _Present(tuple(map(str, names)), np.asarray(points, dtype=np.float64))


def _walk(
    situation: Situation,
    homes: Any,
    groups: Groups,
    places: tuple[_Present, Candidates],
    *,
    snap: float,
    run: RunContext,
) -> _Walks:
    """Measure from every place at a path to every group: half of its people have no farther to go."""
    present, chosen = places
    doors = shapely.get_coordinates(homes.geometry.to_numpy())
    network = Network.of(situation.features("paths"))
    points = np.concatenate([present.points, chosen.points])
    placed = network.place(np.concatenate([doors, points]), limit=snap)
    home, place = placed.node[: len(homes)], placed.node[len(homes) :]
    known = len(present.ids)
    if (home < 0).all() or (place[known:] < 0).all():
        what = f"none of the {len(homes)} homes" if (home < 0).all() else f"no {chosen.kind}"
        message = f"the layer 'paths' touches {what} within {snap:g} m; link a walking network of the same place"
        raise InputError(message)
    columns = []
    joined = np.flatnonzero(place >= 0)
    for rank, node in enumerate(place[joined].tolist()):
        if rank % 20 == 0:
            run.progress(0.2 + 0.4 * rank / len(joined), "measuring distances")
        columns.append(groups.middle(_from(placed, node, home)))
    names = (*present.ids, *chosen.ids)
    return _Walks(
        distance=np.column_stack(columns),
        ids=tuple(names[row] for row in joined),
        points=points[joined],
        existing=int((joined < known).sum()),
        lost=tuple(names[row] for row in np.flatnonzero(place < 0)),
    )


def _from(placed: Placed, node: int, home: npt.NDArray[np.int64]) -> Floats:
    metres = np.full(len(home), np.inf)
    metres[home >= 0] = nearest(placed, [node])[home[home >= 0]]
    return metres


def _room(capacity: float, existing: int, candidates: int, groups: Groups) -> Floats:
    """Return the people that each place can serve; how many those that are there can take is not known."""
    everyone = float(groups.people.sum())
    return np.concatenate([np.full(existing, everyone), np.full(candidates, capacity)])


def _without_way(homes: Any, groups: Groups, distance: Floats) -> tuple[str, ...]:
    lost = np.asarray(~np.isfinite(distance).any(axis=1))
    return tuple(homes["home_id"].to_numpy(dtype=object)[lost[groups.of_home]].tolist())
