"""How well the sources of buildings fit together, for the data-quality report."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from morgen.sources.buildings.match import BuildingMatches, Match

if TYPE_CHECKING:
    import geopandas

__all__ = ["JoinQuality", "join_quality"]


@dataclass(frozen=True)
class JoinQuality:
    """Counts and lists over the buildings of an area."""

    buildings: int
    in_topography: int
    in_register: int
    in_models: int
    joined_by_id: int
    """Buildings that at least two sources know by the same BAG id."""
    joined_by_place: int
    """Buildings to which a row joined because its footprint lies there."""
    duplicates: int
    """Rows beyond the first that one source has for the same building."""
    unjoined: tuple[str, ...]
    """BAG id (or object id) of each building that only one of several sources knows."""
    without_height: tuple[str, ...]
    """BAG id (or object id) of each building whose roof height is unknown."""


def join_quality(buildings: "geopandas.GeoDataFrame", matches: BuildingMatches) -> JoinQuality:
    """Judge the layer ``buildings`` that was made with ``matches``, row by row."""
    names = [
        bag_id or object_id for bag_id, object_id in zip(buildings["bag_id"], buildings["object_id"], strict=True)
    ]
    every = matches.buildings
    lonely = [match.sources() == 1 and matches.given > 1 for match in every]
    unknown = buildings["roof_height"].isna()
    return JoinQuality(
        buildings=len(every),
        in_topography=sum(bool(match.panden) for match in every),
        in_register=sum(bool(match.register) for match in every),
        in_models=sum(bool(match.models) for match in every),
        joined_by_id=sum(_joined_by_id(match) for match in every),
        joined_by_place=sum(bool(match.placed) for match in every),
        duplicates=sum(_surplus(match) for match in every),
        unjoined=tuple(name for name, alone in zip(names, lonely, strict=True) if alone),
        without_height=tuple(name for name, missing in zip(names, unknown, strict=True) if missing),
    )


def _joined_by_id(match: Match) -> bool:
    register = [row for row in match.register if ("register", row) not in match.placed]
    models = [row for row in match.models if ("models", row) not in match.placed]
    return sum(map(bool, (match.panden, register, models))) > 1


def _surplus(match: Match) -> int:
    return sum(max(len(rows) - 1, 0) for rows in (match.panden, match.register, match.models))
