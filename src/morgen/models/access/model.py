"""The model ``access``: from the layers of a situation to shares, scores and 3-30-300."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import numpy.typing as npt
import shapely
from pydantic import Field

from morgen.core.disclosure import THRESHOLD
from morgen.core.errors import InputError
from morgen.core.model import Result, RunContext
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.models.access.green import ThreeThirty, three_thirty_three_hundred
from morgen.models.access.interface import ACCESS
from morgen.models.access.nature import canopy_share, green_entrances, green_patches, trees_in_view
from morgen.models.access.network import Network
from morgen.models.access.people import Groups, group_neighbours
from morgen.models.access.reach import nearest
from morgen.models.access.report import Found, Limits, write_report
from morgen.models.access.themes import THEMES
from morgen.models.contract import load_card, model

if TYPE_CHECKING:
    import geopandas

__all__ = ["access_on_foot"]

Floats = npt.NDArray[np.float64]

ScoreDistance = Annotated[
    float,
    Unit("m"),
    Field(gt=0, le=10_000, description="Distance of the 15-minute score: 1,250 m is 15 minutes at 5 km/h."),
]
Snap = Annotated[
    float, Unit("m"), Field(gt=0, le=500, description="How far a home or facility may be from the nearest path.")
]
GreenDistance = Annotated[
    float, Unit("m"), Field(gt=0, le=5_000, description="How far green may be; 300 m in RIVM and 3-30-300.")
]
GreenSize = Annotated[
    float, Unit("m2"), Field(gt=0, le=1e7, description="Smallest green that counts; 1 ha in the RIVM rule.")
]
View = Annotated[
    float, Unit("m"), Field(gt=0, le=200, description="How far a tree may stand to be in view; our choice.")
]
Crown = Annotated[
    float,
    Unit("m"),
    Field(gt=0, le=30, description="Diameter of the crown of a tree; indicative for street trees."),
]
Around = Annotated[
    float,
    Unit("m"),
    Field(gt=0, le=2_000, description="Radius of the ground around a home of which canopy counts."),
]
Threshold = Annotated[
    int, Field(ge=THRESHOLD, le=1_000, description="Fewest people of whom a number is shown; 10 or more.")
]


@model(id="access", version="1.0.0", interface=ACCESS, card=load_card("morgen.models.access"))
def access_on_foot(
    situation: Situation,
    score_distance: ScoreDistance = 1_250.0,
    *,
    snap: Snap = 50.0,
    green_distance: GreenDistance = 300.0,
    green_size: GreenSize = 10_000.0,
    view: View = 25.0,
    crown: Crown = 6.0,
    around: Around = 300.0,
    threshold: Threshold = THRESHOLD,
    run: RunContext,
) -> Result:
    """Tell who of the residents in the area of ``situation`` can walk to what.

    Raises ``MissingLayerError``, ``InputError`` (fewer residents than the threshold, a network that touches no
    home) and ``DismissedError``.
    """
    situation.require(*ACCESS.needs)
    run.progress(0.0, "reading the situation")
    homes = _homes(situation)
    network = Network.of(situation.features("paths"))
    run.progress(0.2, "joining homes and facilities to the network")
    patches = green_patches(situation.features("land_cover"), smallest=green_size)
    walks = _walk(network, homes, situation.features("facilities"), green_entrances(network, patches), snap=snap)
    groups = group_neighbours(homes, threshold=threshold)
    run.progress(0.5, "measuring distances")
    distance = {theme: groups.middle(metres) for theme, metres in walks.distance.items()}
    green = groups.middle(walks.green) <= green_distance
    run.progress(0.7, "looking at trees")
    nature = _nature(situation, homes, groups, view=view, crown=crown, around=around, green=green)
    found = Found(
        homes=homes,
        groups=groups,
        distance=distance,
        nature=nature.judged,
        trees_seen=nature.trees_seen,
        canopy=nature.canopy,
        places=walks.places,
        kinds=walks.kinds,
        off_network=walks.off_network,
        places_off_network=walks.places_off_network,
    )
    limits = Limits(score=score_distance, green=green_distance, green_size=green_size, snap=snap)
    run.progress(0.9, "telling who has what")
    indicators = write_report(found, limits, run=run)
    run.progress(1.0, "done")
    return Result(indicators=indicators)


def _homes(situation: Situation) -> "geopandas.GeoDataFrame":
    residents = situation.features("residents")
    inside = shapely.intersects(residents.geometry.to_numpy(), situation.area.polygon)
    return residents[inside & (residents["residents"] > 0).to_numpy()].reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class _Walks:
    """How far it is from every home, m; inf where there is no way."""

    distance: dict[str, Floats]
    """Theme to (n_home,)."""
    green: Floats
    """(n_home,)"""
    places: dict[str, int]
    """Theme to how many places of it are known."""
    kinds: dict[str, int]
    off_network: tuple[str, ...]
    """Ids of homes that are too far from any path."""
    places_off_network: tuple[str, ...]


def _walk(
    network: Network,
    homes: "geopandas.GeoDataFrame",
    facilities: "geopandas.GeoDataFrame",
    entrances: Floats,
    *,
    snap: float,
) -> _Walks:
    spots = [_points(homes), _points(facilities), entrances]
    placed = network.place(np.concatenate(spots), limit=snap)
    first, second = len(homes), len(homes) + len(facilities)
    home, place, entrance = placed.node[:first], placed.node[first:second], placed.node[second:]
    if len(home) and (home < 0).all():
        message = (
            f"the layer 'paths' touches none of the {len(home)} homes in the area: none is within {snap:g} m of"
            " it; link a walking network of the same place"
        )
        raise InputError(message)

    def from_home(targets: npt.NDArray[np.int64]) -> Floats:
        metres = np.full(len(home), np.inf)
        if (targets >= 0).any():
            there = nearest(placed, targets)
            metres[home >= 0] = there[home[home >= 0]]
        return metres

    kind = facilities["kind"].to_numpy(dtype=object)
    of_theme = {theme.id: np.isin(kind, theme.kinds) for theme in THEMES}
    names = facilities["name"].where(facilities["name"] != "", facilities["kind"]) if len(facilities) else []
    return _Walks(
        distance={theme: from_home(place[rows]) for theme, rows in of_theme.items()},
        green=from_home(entrance),
        places={theme: int(rows.sum()) for theme, rows in of_theme.items()},
        kinds={str(word): int((kind == word).sum()) for word in sorted(set(kind))},
        off_network=tuple(homes["home_id"].to_numpy(dtype=object)[home < 0].tolist()),
        places_off_network=tuple(np.asarray(names, dtype=object)[place < 0].astype(str).tolist()),
    )


@dataclass(frozen=True, eq=False)
class _Nature:
    judged: ThreeThirty
    trees_seen: Floats
    canopy: Floats


def _nature(
    situation: Situation,
    homes: "geopandas.GeoDataFrame",
    groups: Groups,
    *,
    view: float,
    crown: float,
    around: float,
    green: npt.NDArray[np.bool_],
) -> _Nature:
    doors = _points(homes)
    trees = _points(situation.features("trees"))
    buildings = situation.features("buildings").geometry.to_numpy()
    seen = groups.middle(trees_in_view(doors, trees, buildings, view=view))
    places = groups.mean(doors)
    canopy = canopy_share(places, trees, situation.features("land_cover"), crown=crown, around=around)
    return _Nature(three_thirty_three_hundred(seen, canopy, green), seen, canopy)


def _points(frame: Any) -> Floats:
    """Return one point (n, 2) for each row; of a shape one that lies in it."""
    points = shapely.point_on_surface(frame.geometry.to_numpy())
    return np.asarray(shapely.get_coordinates(points), dtype=np.float64).reshape(-1, 2)
