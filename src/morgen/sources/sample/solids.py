"""Closed solids of wings: the outline of a cross-section, drawn along the façade.

Each solid has two end walls and one rectangle for every edge of the outline, so every edge is shared by exactly
two faces, and all faces turn their front outwards.
"""

import functools
import itertools
from dataclasses import dataclass

import numpy as np

from morgen.sources.sample.buildings import Profile, Wing

__all__ = [
    "Face",
    "Point3",
    "box_profile",
    "cross_section_area",
    "percentile",
    "roof_percentiles",
    "solid",
    "stepped_profile",
    "wing_volume",
]

Point3 = tuple[float, float, float]


@dataclass(frozen=True)
class Face:
    """One face of a solid; corners counter-clockwise seen from outside."""

    semantics: str
    """'GroundSurface', 'WallSurface' or 'RoofSurface'."""
    corners: tuple[Point3, ...]


def solid(wing: Wing, profile: Profile, ground: float) -> list[Face]:
    """Return the closed solid of ``profile`` along ``wing``, m RD and m NAP to the millimetre.

    The hips of the wing count when ``profile`` is its own.
    """
    if any(wing.hips) and profile == wing.profile:
        return _hipped(wing, ground)
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


def _hipped(wing: Wing, ground: float) -> list[Face]:
    """Return the solid of a gable whose ridge begins and ends within the walls, with a sloping triangle there."""
    (_, eaves), (middle, ridge), (depth, _) = wing.profile
    hips = wing.hips
    places = (hips[0], wing.width - hips[1])

    def corner(along: float, inward: float, height: float) -> Point3:
        x, y = wing.at(along, inward)
        return x, y, round(ground + height, 3)

    low = [corner(a, d, 0.0) for a, d in ((0.0, 0.0), (wing.width, 0.0), (wing.width, depth), (0.0, depth))]
    high = [corner(a, d, eaves) for a, d in ((0.0, 0.0), (wing.width, 0.0), (wing.width, depth), (0.0, depth))]
    tops = [corner(place, middle, ridge) for place in places]
    faces = [Face("GroundSurface", (low[0], low[3], low[2], low[1]))]
    faces += [
        Face("WallSurface", (low[0], low[1], high[1], high[0])),
        Face("WallSurface", (low[2], low[3], high[3], high[2])),
    ]
    faces += [Face("RoofSurface", _once((high[0], high[1], tops[1], tops[0])))]
    faces += [Face("RoofSurface", _once((high[2], high[3], tops[0], tops[1])))]
    for end, (first, second) in enumerate(((3, 0), (1, 2))):
        wall = (low[first], low[second], high[second], high[first])
        if hips[end]:
            faces += [Face("WallSurface", wall), Face("RoofSurface", (high[first], high[second], tops[end]))]
        else:
            faces.append(Face("WallSurface", (*wall[:3], tops[end], wall[3])))
    return faces


def _once(corners: tuple[Point3, ...]) -> tuple[Point3, ...]:
    """Leave out a corner that repeats: the ridge of a pyramid is one point."""
    return tuple(dict.fromkeys(corners))


def wing_volume(wing: Wing, profile: Profile) -> float:
    """Volume of ``profile`` along ``wing``, m3, without what the hips take off its own roof."""
    volume = cross_section_area(profile) * wing.width
    if profile == wing.profile:
        rise = wing.top - profile[0][1]
        volume -= sum(wing.depth * hip * rise / 6 for hip in wing.hips)
    return volume


def roof_percentiles(wings: tuple[Wing, ...], shares: tuple[float, ...]) -> tuple[float, ...]:
    """Return the heights, m above the ground, that each share (0 to 1) of the roof, seen in plan, stays below."""
    shapes = tuple((round(wing.width, 3), wing.profile, wing.hips) for wing in wings)
    return _roof_percentiles(shapes, shares)


@functools.cache
def _roof_percentiles(
    shapes: tuple[tuple[float, Profile, tuple[float, float]], ...], shares: tuple[float, ...]
) -> tuple[float, ...]:
    heights, areas = [], []
    for width, profile, hips in shapes:
        wing = Wing((0.0, 0.0), (1.0, 0.0), width, profile, hips)
        steps = 24 if any(hips) else 1
        places = (np.arange(steps) + 0.5) / steps * width, (np.arange(160) + 0.5) / 160 * wing.depth
        along, inward = np.meshgrid(*places)
        heights.append(wing.roof_at(along, inward).ravel())
        areas.append(np.full(along.size, width * wing.depth / along.size))
    height = np.concatenate(heights)
    order = np.argsort(height, kind="stable")
    below = np.cumsum(np.concatenate(areas)[order])
    found = np.searchsorted(below, np.array(shares) * below[-1])
    return tuple(round(float(height[order[min(index, len(order) - 1)]]), 3) for index in found)


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
