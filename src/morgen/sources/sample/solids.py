"""Closed solids of wings: the outline of a cross-section, drawn along the façade.

Each solid has two end walls and one rectangle for every edge of the outline, so every edge is shared by exactly
two faces, and all faces turn their front outwards.
"""

import functools
import itertools
from dataclasses import dataclass

from morgen.sources.sample.buildings import Profile, Wing

__all__ = ["Face", "Point3", "box_profile", "cross_section_area", "percentile", "solid", "stepped_profile"]

Point3 = tuple[float, float, float]


@dataclass(frozen=True)
class Face:
    """One face of a solid; corners counter-clockwise seen from outside."""

    semantics: str
    """'GroundSurface', 'WallSurface' or 'RoofSurface'."""
    corners: tuple[Point3, ...]


def solid(wing: Wing, profile: Profile, ground: float) -> list[Face]:
    """Return the closed solid of ``profile`` along ``wing``, m RD and m NAP to the millimetre."""
    outline: list[tuple[float, float]] = [(0.0, 0.0), *profile, (profile[-1][0], 0.0)]

    def corner(along: float, point: tuple[float, float]) -> Point3:
        x, y = wing.at(along, point[0])
        return x, y, round(ground + point[1], 3)

    start = tuple(corner(0.0, point) for point in outline)
    end = tuple(corner(wing.width, point) for point in outline)
    faces = [Face("GroundSurface", (start[0], start[-1], end[-1], end[0]))]
    for index in range(len(outline) - 1):
        wall = outline[index][0] == outline[index + 1][0]
        corners = (start[index], end[index], end[index + 1], start[index + 1])
        faces.append(Face("WallSurface" if wall else "RoofSurface", corners))
    return [*faces, Face("WallSurface", start), Face("WallSurface", end[::-1])]


@functools.cache
def cross_section_area(profile: Profile) -> float:
    """Area between the roof line and the ground, m2."""
    steps = itertools.pairwise(profile)
    return sum((d1 - d0) * (h0 + h1) / 2 for (d0, h0), (d1, h1) in steps)


@functools.cache
def percentile(profile: Profile, share: float) -> float:
    """Return the height, m above the ground, that ``share`` (0 to 1) of the roof, seen from above, stays below."""
    low, high = min(h for _, h in profile), max(h for _, h in profile)
    depth = profile[-1][0]
    for _ in range(40):
        middle = (low + high) / 2
        if _below(profile, middle) / depth < share:
            low = middle
        else:
            high = middle
    return round((low + high) / 2, 3)


def _below(profile: Profile, height: float) -> float:
    """Depth over which the roof is not higher than ``height``, m."""
    total = 0.0
    for (d0, h0), (d1, h1) in itertools.pairwise(profile):
        low, high = min(h0, h1), max(h0, h1)
        share = float(height >= low) if high == low else min(max((height - low) / (high - low), 0.0), 1.0)
        total += (d1 - d0) * share
    return total


def box_profile(profile: Profile, height: float) -> Profile:
    """Return LoD 1.2: one flat roof over the whole footprint."""
    return ((0.0, height), (profile[-1][0], height))


def stepped_profile(profile: Profile) -> Profile:
    """Return LoD 1.3: a flat roof over each part between vertical steps."""
    steps = [index for index in range(1, len(profile)) if profile[index][0] == profile[index - 1][0]]
    stepped: Profile = ()
    for first, last in zip([0, *steps], [*steps, len(profile)], strict=True):
        part = profile[first:last]
        start = part[0][0]
        height = percentile(tuple((d - start, h) for d, h in part), 0.7)
        stepped += ((start, height), (part[-1][0], height))
    return stepped
