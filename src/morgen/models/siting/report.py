"""What the model ``siting`` tells: places, distances and who has no way, by groups that are large enough."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from morgen.core.indicator import Direction, Indicator
from morgen.models.access import Groups, Shares
from morgen.models.siting.answer import Answer

if TYPE_CHECKING:
    import geopandas

    from morgen.core.model import RunContext

__all__ = ["Question", "Sited", "write_report"]

Floats = npt.NDArray[np.float64]
ROUNDED: Final = 10.0
"""m; distances of groups are told to this."""
NAMED: Final = 5
WITHOUT: Final = "without way"
OVER_NETWORK: Final = "over the walking network, from door to door"


@dataclass(frozen=True)
class Question:
    """What was asked."""

    facility: str
    k: int
    objective: str
    radius: float
    capacity: float


@dataclass(frozen=True, eq=False)
class Sited:
    """What was found; places that are there come first, then candidates."""

    groups: Groups
    distance: Floats
    """(n_group, n_site) m."""
    answer: Answer
    ids: tuple[str, ...]
    kind: str
    """Of the candidates."""
    points: Floats
    existing: int
    left_out: int
    lost: tuple[str, ...]
    """Places that no path touches."""
    homes_without_way: tuple[str, ...]

    @property
    def now(self) -> Floats:
        """(n_group,) m to the nearest place that is there; inf where there is none."""
        return np.asarray(self.distance[:, : self.existing].min(axis=1, initial=np.inf))

    @property
    def then(self) -> Floats:
        """(n_group,) m to the nearest open place."""
        return np.asarray(self.distance[:, list(self.answer.open)].min(axis=1))


def write_report(question: Question, sited: Sited, *, run: "RunContext") -> tuple[Indicator, ...]:
    """Write the outputs of ``siting/1`` and return its indicators; warn of what is not served."""
    served = [sited.answer.assignment == site for site in range(len(sited.ids))]
    members = {f"site {site}": flags for site, flags in enumerate(served)}
    members |= {"now": sited.now <= question.radius, "then": sited.then <= question.radius}
    members[WITHOUT] = ~np.isfinite(sited.distance).any(axis=1)
    shares = Shares.of(sited.groups, members)
    _warn(question, sited, shares, run)
    run.write_features("sites", _frame(sited, shares), title=f"Where a {question.facility} is and can come")
    run.write_json("siting", _document(question, sited, shares), title=f"Where a {question.facility} comes best")
    return _indicators(question, sited, shares)


def _warn(question: Question, sited: Sited, shares: Shares, run: "RunContext") -> None:
    if sited.homes_without_way:
        ids = ", ".join(sited.homes_without_way[:NAMED]) + (" ..." if len(sited.homes_without_way) > NAMED else "")
        run.warn(
            f"About {shares.count(WITHOUT)} residents at {len(sited.homes_without_way)} homes have no way to any"
            f" place, so they count in nothing: {ids}."
        )
    unserved = (sited.answer.assignment < 0) & np.isfinite(sited.distance).any(axis=1)
    if unserved.any():
        run.warn(f"No place within {question.radius:g} m can serve everybody: see share-in-radius.")
    if not sited.existing:
        run.warn(
            f"No {question.facility} is known within walking distance: either there is none, or no source tells."
        )
    if sited.lost:
        names = ", ".join(sited.lost[:NAMED]) + (" ..." if len(sited.lost) > NAMED else "")
        run.warn(f"{len(sited.lost)} places are too far from any path, so nobody walks there: {names}.")
    if sited.left_out:
        run.warn(f"{sited.left_out} smaller candidates were left out, so that the others lie apart.")
    if not sited.answer.optimal:
        run.warn(
            "The time was up before this choice was proven to be the best; the gap says how far it can be off."
        )


def _frame(sited: Sited, shares: Shares) -> "geopandas.GeoDataFrame":
    import geopandas as gpd

    count = len(sited.ids)
    is_open = np.isin(np.arange(count), sited.answer.open)
    columns: dict[str, Any] = {
        "site_id": list(sited.ids),
        "kind": ["existing"] * sited.existing + [sited.kind] * (count - sited.existing),
        "open": is_open,
        "residents": [shares.count(f"site {site}") for site in range(count)],
        "mean_distance": [_mean_distance(sited, sited.answer.assignment == site, site) for site in range(count)],
    }
    frame = gpd.GeoDataFrame(columns, geometry=shapely.points(sited.points), crs="EPSG:28992")
    return frame.astype({"residents": "Int64", "mean_distance": "float64"})


def _mean_distance(sited: Sited, served: npt.NDArray[np.bool_], site: int) -> float:
    metres = sited.distance[served, site]
    way = np.isfinite(metres)
    return _metres(metres[way], sited.groups.people[served][way]) if way.any() else np.nan


def _document(question: Question, sited: Sited, shares: Shares) -> dict[str, Any]:
    chosen = [site for site in sited.answer.open if site >= sited.existing]
    answer = sited.answer
    return {
        "facility": question.facility,
        "objective": question.objective,
        "radius": question.radius,
        "capacity": question.capacity or None,
        "candidates": {"kind": sited.kind, "count": len(sited.ids) - sited.existing, "left_out": sited.left_out},
        "existing": list(sited.ids[: sited.existing]),
        "chosen": [
            {
                "site_id": sited.ids[site],
                "kind": sited.kind,
                "x": round(float(sited.points[site, 0]), 1),
                "y": round(float(sited.points[site, 1]), 1),
                "residents": shares.count(f"site {site}"),
                "mean_distance": _or_none(_mean_distance(sited, answer.assignment == site, site)),
            }
            for site in chosen
        ],
        "value": round(answer.objective, 3),
        "bound": round(answer.bound, 3),
        "proven": answer.optimal,
        "share_in_radius": {"now": shares.share("now"), "then": shares.share("then")},
        "without_way": {"residents": shares.count(WITHOUT), "homes": list(sited.homes_without_way)},
        "places_without_path": list(sited.lost),
    }


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value


def _metres(metres: Floats, people: npt.NDArray[np.int64]) -> float:
    return float(round(float(np.average(metres, weights=people)) / ROUNDED) * ROUNDED)


def _indicators(question: Question, sited: Sited, shares: Shares) -> tuple[Indicator, ...]:
    radius, what = f"{question.radius:,.0f} m", question.facility
    then = sited.then
    way = np.isfinite(then)
    answer = sited.answer
    gap = abs(answer.objective - answer.bound) / max(abs(answer.objective), 1e-9)
    rows: tuple[tuple[str, str, float, str, Direction, str, str], ...] = (
        (
            "new-places",
            f"New places for a {what}",
            len(answer.open) - sited.existing,
            "count",
            Direction.NONE,
            "Places that were chosen, beside those that are there.",
            "What they cost, and whether the ground can be had.",
        ),
        (
            "share-in-radius-now",
            f"Residents with a {what} within {radius} now",
            _percent(shares.share("now")),
            "%",
            Direction.HIGHER,
            f"Share of the residents with one that is there within {radius}, {OVER_NETWORK}.",
            "Whether there is room, and places that no linked source tells of.",
        ),
        (
            "share-in-radius",
            f"Residents with a {what} within {radius} then",
            _percent(shares.share("then")),
            "%",
            Direction.HIGHER,
            f"The same with the new places, {OVER_NETWORK}.",
            "Whether there is room.",
        ),
        (
            "mean-distance",
            f"Mean distance to the nearest {what} then",
            _metres(then[way], sited.groups.people[way]) if way.any() else 0.0,
            "m",
            Direction.LOWER,
            f"Mean over the residents who have a way, {OVER_NETWORK}.",
            "That some walk much farther: see the farthest distance.",
        ),
        (
            "farthest-distance",
            f"Farthest distance to the nearest {what} then",
            float(round(then[way].max() / ROUNDED) * ROUNDED) if way.any() else 0.0,
            "m",
            Direction.LOWER,
            f"Of the group of neighbours that walks farthest, {OVER_NETWORK}.",
            "Single homes that lie farther than half of their group.",
        ),
        (
            "residents-without-way",
            "Residents without a way to any place",
            shares.count(WITHOUT) or 0,
            "count",
            Direction.LOWER,
            "People at homes from which the network leads to no place at all; they count in nothing else.",
            "Whether the network lacks a path that is there.",
        ),
        (
            "gap",
            "How far the choice can be from the best",
            round(100 * gap, 4),
            "%",
            Direction.LOWER,
            "Difference between the value of the choice and the bound that no choice can pass; 0 when proven.",
            "Whether the candidates are the right ones.",
        ),
    )
    return tuple(
        Indicator(
            id=name, title=title, value=value, unit=unit, direction=direction, meaning=meaning, does_not_show=hides
        )
        for name, title, value, unit, direction, meaning, hides in rows
    )


def _percent(share: float | None) -> float:
    return round(100 * (share or 0.0), 1)
