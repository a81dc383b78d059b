"""Which rows of BGT, BAG and 3D models are the same building: by BAG id, and else by place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

if TYPE_CHECKING:
    import geopandas

__all__ = ["SAME_PLACE", "BuildingMatches", "Match", "match_buildings"]

SAME_PLACE = 0.5
"""Share of a footprint on footprints that are there already, above which it is no building of its own."""

SourceName = Literal["panden", "register", "models"]


@dataclass
class Match:
    """The rows, by position, that together are one building."""

    footprint: BaseGeometry | None
    """Footprint of the first source that has one: BGT, then BAG, then the 3D model; m RD."""
    bag_id: str
    panden: list[int] = field(default_factory=list)
    register: list[int] = field(default_factory=list)
    models: list[int] = field(default_factory=list)
    """Joined by id before joined by place, and best level of detail first."""
    placed: list[tuple[SourceName, int]] = field(default_factory=list)
    """Rows that joined by place, because their id is empty or unknown to the other sources."""

    def sources(self) -> int:
        """Return how many sources know this building."""
        return sum(map(bool, (self.panden, self.register, self.models)))


@dataclass(frozen=True, eq=False)
class BuildingMatches:
    """All buildings whose footprint meets the area, in the order of the layer."""

    buildings: Sequence[Match]
    given: int
    """How many of the three sources were given."""


def match_buildings(
    topography_panden: "geopandas.GeoDataFrame | None",
    register: "geopandas.GeoDataFrame | None",
    models: "geopandas.GeoDataFrame | None",
    *,
    polygon: BaseGeometry,
) -> BuildingMatches:
    """Match the rows of up to three sources, all in RD New, and keep the buildings that meet ``polygon``.

    The 16-digit BAG id decides. A row whose id is empty or unknown so far, and of which more than
    ``SAME_PLACE`` lies on footprints that are there already, is the building on which most of it lies. BAG panden
    join by place only where no other BAG pand has joined: the BAG itself says that they are two. Panden below
    the ground (level < 0) are left out.
    """
    matches = _from_panden(topography_panden)
    ids = {match.bag_id: match for match in matches if match.bag_id}
    if register is not None:
        _attach(matches, ids, register, "register", order=range(len(register)))
    if models is not None:
        _attach(matches, ids, models, "models", order=_best_first(models))
    shapely.prepare(polygon)
    kept = [match for match in matches if match.footprint is not None and polygon.intersects(match.footprint)]
    given = sum(source is not None for source in (topography_panden, register, models))
    return BuildingMatches(kept, given)


def _from_panden(panden: "geopandas.GeoDataFrame | None") -> list[Match]:
    """Start with the panden of the BGT; those that share a BAG id are one building."""
    if panden is None:
        return []
    above_ground = panden["level"].to_numpy() >= 0 if "level" in panden else np.ones(len(panden), dtype=bool)
    matches: list[Match] = []
    by_id: dict[str, Match] = {}
    for row, (bag_id, shape) in enumerate(zip(panden["bag_id"], panden.geometry, strict=True)):
        if not above_ground[row]:
            continue
        match = by_id.get(bag_id)
        if match is None:
            match = Match(shape, bag_id)
            matches.append(match)
            if bag_id:
                by_id[bag_id] = match
        else:
            match.footprint = shapely.union(match.footprint, shape)
        match.panden.append(row)
    return matches


def _best_first(models: "geopandas.GeoDataFrame") -> list[int]:
    """Order models by level of detail, and at equal detail solids with a floor before open ones."""
    detail = [float(lod) if lod else -1.0 for lod in models["lod"]]
    floor = ["ground" in kinds for kinds in models["solid_surfaces"]]
    return sorted(range(len(models)), key=lambda row: (-detail[row], not floor[row]))


def _attach(
    matches: list[Match],
    ids: dict[str, Match],
    frame: "geopandas.GeoDataFrame",
    source: SourceName,
    *,
    order: Sequence[int],
) -> None:
    names = list(frame["bag_id"])
    shapes = frame.geometry.to_numpy()
    unknown: list[int] = []
    for row in order:
        match = ids.get(names[row]) if names[row] else None
        if match is None:
            unknown.append(row)
        else:
            getattr(match, source).append(row)
            match.footprint = match.footprint if match.footprint is not None else shapes[row]
    overlaps = _overlaps(matches, shapes, unknown)
    fresh: dict[int, Match] = {}
    for row in unknown:
        match = ids.get(names[row]) if names[row] else None
        if match is None:
            match = _place(overlaps.get(row, []), fresh, shapes[row], source)
            if match is not None:
                match.placed.append((source, row))
        if match is None:
            match = fresh[row] = Match(shapes[row], names[row])
            matches.append(match)
        getattr(match, source).append(row)
        if names[row]:
            ids.setdefault(names[row], match)
            match.bag_id = match.bag_id or names[row]


Overlap = tuple[Match | int, float]
"""A building that is there, or the row of one that may come, and the area that is shared, m2."""


def _overlaps(matches: Sequence[Match], shapes: Any, unknown: Sequence[int]) -> dict[int, list[Overlap]]:
    """Find what each unknown row lies on: buildings that are there, and other unknown rows."""
    rows = [row for row in unknown if shapes[row] is not None]
    there = [match for match in matches if match.footprint is not None]
    if not rows:
        return {}
    others: list[Match | int] = [*there, *rows]
    footprints = np.array([match.footprint for match in there] + [shapes[row] for row in rows], dtype=object)
    candidates = np.array([shapes[row] for row in rows], dtype=object)
    mine, theirs = shapely.STRtree(footprints).query(candidates, predicate="intersects")
    areas = shapely.area(shapely.intersection(candidates[mine], footprints[theirs]))
    found: dict[int, list[Overlap]] = {}
    for own, other, area in zip(mine, theirs, areas, strict=True):
        if area > 0 and others[other] != rows[own]:
            found.setdefault(rows[own], []).append((others[other], float(area)))
    return found


def _place(
    overlaps: Sequence[Overlap], fresh: dict[int, Match], shape: BaseGeometry | None, source: SourceName
) -> Match | None:
    """Return the building on which most of a footprint lies, when enough of it lies on buildings at all."""
    if shape is None:
        return None
    standing = [
        (fresh[other] if isinstance(other, int) else other, area)
        for other, area in overlaps
        if not isinstance(other, int) or other in fresh
    ]
    if source == "register":
        standing = [(match, area) for match, area in standing if not match.register]
    if sum(area for _, area in standing) <= SAME_PLACE * shape.area:
        return None
    return max(standing, key=lambda item: item[1])[0]
