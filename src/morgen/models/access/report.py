"""What the model ``access`` tells: every number of people passes the one door of disclosure, all together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from morgen.core.indicator import Indicator
from morgen.models.access.equity import gini
from morgen.models.access.green import ThreeThirty
from morgen.models.access.indicators import Told, indicators_of
from morgen.models.access.people import Groups, Shares
from morgen.models.access.reach import summarise
from morgen.models.access.themes import THEMES, Theme

if TYPE_CHECKING:
    import geopandas

    from morgen.core.model import RunContext

__all__ = ["Found", "Limits", "write_report"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
CLASSES: Final = (0.0, 200.0, 400.0, 600.0, 800.0, 1_000.0, 1_250.0, 1_500.0, 2_000.0)
"""m; borders of the classes of distance."""
ROUNDED: Final = 10.0
"""m; distances of groups are told to this."""
NAMED: Final = 5
"""How many ids a warning gives; the document has all."""
WORST: Final = "worst-off"


@dataclass(frozen=True)
class Limits:
    """The distances that were asked, m, and the least green, m2."""

    score: float
    green: float
    green_size: float
    snap: float


@dataclass(frozen=True, eq=False)
class Found:
    """What was measured: per group unless it says otherwise."""

    homes: "geopandas.GeoDataFrame"
    groups: Groups
    distance: Mapping[str, Floats]
    """Theme to (n_group,) m to its nearest place; inf where there is no way."""
    nature: ThreeThirty
    trees_seen: Floats
    canopy: Floats
    places: Mapping[str, int]
    """Theme to how many places are known."""
    kinds: Mapping[str, int]
    off_network: tuple[str, ...]
    """Ids of homes."""
    places_off_network: tuple[str, ...]


def write_report(found: Found, limits: Limits, *, run: "RunContext") -> tuple[Indicator, ...]:
    """Write the outputs of ``access/1`` and return its indicators; warn of what is not known."""
    near = {theme: metres <= limits.score for theme, metres in found.distance.items()}
    score = np.array(list(near.values())).sum(axis=0)
    worst = _worst_quarter(found, score, limits.score)
    shares = Shares.of(found.groups, _asked(found, score, worst))
    _warn(found, limits, run)
    run.write_features(
        "groups", _frame(found, limits, score, worst), title="Groups of neighbours and their access"
    )
    run.write_json("access", _document(found, limits, shares, score, worst), title="Access by theme, and 3-30-300")
    return indicators_of(
        Told(
            shares=shares,
            places=found.places,
            themes_near=_mean(score, found.groups.people),
            themes_near_worst_off=_mean(score[worst], found.groups.people[worst]),
            score_distance=limits.score,
            green_distance=limits.green,
            green_size=limits.green_size,
        )
    )


def _worst_quarter(found: Found, score: npt.NDArray[np.int64], farthest: float) -> Flags:
    """Return the groups with the fewest themes, and then the longest walks, that hold a quarter of the people."""
    walked = np.sum([np.minimum(metres, farthest) for metres in found.distance.values()], axis=0)
    order = np.lexsort((np.arange(len(score)), -walked, score))
    before = np.cumsum(found.groups.people[order]) - found.groups.people[order]
    worst = np.zeros(len(score), dtype=bool)
    worst[order[before < found.groups.people.sum() / 4]] = True
    return worst


def _asked(found: Found, score: npt.NDArray[np.int64], worst: Flags) -> dict[str, Flags]:
    """Return every set of groups whose people will be told, by name."""
    asked: dict[str, Flags] = {WORST: worst}
    for theme in THEMES:
        metres = found.distance[theme.id]
        asked[f"reach-{theme.id}"] = metres <= theme.radius
        asked[f"{WORST} reach-{theme.id}"] = worst & (metres <= theme.radius)
        for rank, border in enumerate(CLASSES[1:]):
            asked[f"class {theme.id} {rank}"] = (metres > (CLASSES[rank] if rank else -1.0)) & (metres <= border)
    for count in range(len(THEMES) + 1):
        asked[f"score {count}"] = score == count
    asked["fifteen-minutes"] = score >= len(THEMES) - 1
    nature = found.nature
    asked |= {"green-near": nature.green, "trees-in-view": nature.trees, "canopy": nature.canopy}
    asked["three-thirty-three-hundred"] = nature.all_three
    return asked


def _warn(found: Found, limits: Limits, run: "RunContext") -> None:
    for theme in THEMES:
        if not found.places[theme.id]:
            run.warn(
                f"No {' or '.join(theme.kinds)} is known within walking distance of the area: either there is"
                " none, or no linked source tells; its share is unknown and counts as 0."
            )
    for count, what in ((len(found.off_network), "homes"), (len(found.places_off_network), "facilities")):
        if count:
            ids = found.off_network if what == "homes" else found.places_off_network
            named = ", ".join(ids[:NAMED]) + (" ..." if count > NAMED else "")
            run.warn(
                f"{count} {what} are more than {limits.snap:g} m from any path, so nobody walks there: {named}."
            )
    guessed = float((found.groups.people * found.groups.imputed).sum() / found.groups.people.sum())
    if guessed:
        run.warn(f"Of {guessed:.1%} of the residents the number is held back by CBS; an average stands instead.")


def _frame(found: Found, limits: Limits, score: npt.NDArray[np.int64], worst: Flags) -> "geopandas.GeoDataFrame":
    import geopandas as gpd

    order = np.argsort(found.groups.of_home, kind="stable")
    starts = np.searchsorted(found.groups.of_home[order], np.arange(1, len(found.groups.people)))
    points = np.split(found.homes.geometry.to_numpy()[order], starts)
    columns: dict[str, Any] = {
        "group": np.arange(len(score)),
        "residents": found.groups.people,
        "imputed": found.groups.imputed > 0,
        **{
            f"distance_{theme}": np.where(metres <= limits.score, np.round(metres / ROUNDED) * ROUNDED, np.nan)
            for theme, metres in found.distance.items()
        },
        "themes_near": score,
        "worst_off": worst,
        "green_near": found.nature.green,
        "trees_seen": np.round(found.trees_seen).astype(np.int64),
        "canopy": np.round(found.canopy, 2),
    }
    return gpd.GeoDataFrame(columns, geometry=[shapely.MultiPoint(group) for group in points], crs="EPSG:28992")


def _document(
    found: Found, limits: Limits, shares: Shares, score: npt.NDArray[np.int64], worst: Flags
) -> dict[str, Any]:
    people = found.groups.people
    nature = ("green-near", "trees-in-view", "canopy", "three-thirty-three-hundred")
    return {
        "residents": int(people.sum()),
        "threshold": found.groups.threshold,
        "worst_off_quarter": {
            "residents": shares.count(WORST),
            "themes_near": _mean(score[worst], people[worst]),
        },
        "themes": [_of_theme(theme, found, shares) for theme in THEMES],
        "score": {
            "distance": limits.score,
            "themes": len(THEMES),
            "residents_by_themes": [shares.count(f"score {count}") for count in range(len(THEMES) + 1)],
        },
        "three_thirty_three_hundred": {name: _part(shares, name) for name in nature},
        "facilities": dict(found.kinds),
        "homes_off_network": list(found.off_network),
        "facilities_off_network": list(found.places_off_network),
    }


def _of_theme(theme: Theme, found: Found, shares: Shares) -> dict[str, Any]:
    metres, people = found.distance[theme.id], found.groups.people
    way = np.isfinite(metres)
    name = f"reach-{theme.id}"
    described = {
        "theme": theme.id,
        "kinds": list(theme.kinds),
        "radius": theme.radius,
        "radius_source": theme.source,
        "places": found.places[theme.id],
    }
    if not found.places[theme.id]:  # not known is not nobody
        unknown = ("residents", "share", "low", "high", "share_of_worst_off", "median", "nine_in_ten")
        return described | dict.fromkeys((*unknown, "residents_by_class", "gini")) | {"classes": list(CLASSES)}
    told = summarise(metres, people, edges=CLASSES)
    return described | {
        **_part(shares, name),
        "share_of_worst_off": shares.share(f"{WORST} {name}", WORST),
        "median": _metres(told.median),
        "nine_in_ten": _metres(told.p90),
        "classes": list(CLASSES),
        "residents_by_class": [shares.count(f"class {theme.id} {rank}") for rank in range(len(CLASSES) - 1)],
        "gini": round(gini(metres[way], people[way]), 3) if way.any() else None,
    }


def _part(shares: Shares, name: str) -> dict[str, Any]:
    band = shares.band(name)
    return {
        "residents": shares.count(name),
        "share": shares.share(name),
        "low": None if band is None else band[0],
        "high": None if band is None else band[1],
    }


def _metres(value: float) -> float | None:
    return round(value / ROUNDED) * ROUNDED if np.isfinite(value) else None


def _mean(values: npt.NDArray[Any], people: npt.NDArray[Any]) -> float:
    return round(float(np.average(values, weights=people)), 2)
