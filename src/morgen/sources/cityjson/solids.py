"""Boundaries of CityJSON as polygons in space, with what each surface is: ground, wall or roof."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["Boundary", "assemble", "flat_surfaces", "is_solid", "level_of_detail", "lod_text"]

DEPTH: Mapping[str, int] = {
    "MultiSurface": 0,
    "CompositeSurface": 0,
    "Solid": 1,
    "MultiSolid": 2,
    "CompositeSolid": 2,
}
"""Levels of nesting above the surfaces, for each type of geometry that bounds a building."""

KINDS: Mapping[str, str] = {
    "GroundSurface": "ground",
    "OuterCeilingSurface": "ground",
    "WallSurface": "wall",
    "ClosureSurface": "wall",
    "Window": "wall",
    "Door": "wall",
    "RoofSurface": "roof",
    "OuterFloorSurface": "roof",
}
"""Semantic surfaces of CityJSON; a type that is not here is judged by its slope."""

UPRIGHT = 0.1
"""Vertical part of a unit normal below which a surface without semantics is a wall (steeper than 84 degrees)."""

TRIANGLE = 3

Ring = Sequence[int]
Surface = tuple[Sequence[Ring], str]
"""Rings as rows of vertex indices, the first one outside, and the kind or '' when the file does not say."""


@dataclass(frozen=True, eq=False)
class Boundary:
    """The surfaces around a building."""

    polygons: shapely.MultiPolygon
    """MultiPolygon Z, RD New + NAP."""
    kinds: tuple[str, ...]
    """'ground', 'wall' or 'roof', one per polygon."""
    plan_areas: npt.NDArray[np.float64]
    """Area of each surface as seen from above, m2; downward surfaces are negative."""
    heights: npt.NDArray[np.float64]
    """Mean height of the corners of each surface, m NAP."""
    degenerate: int
    """Rings that were left out because they have fewer than three different corners."""

    def of_kind(self, kind: str) -> npt.NDArray[np.bool_]:
        """Return which surfaces are of this kind."""
        return np.array([one == kind for one in self.kinds], dtype=np.bool_)

    def height_share(self, kind: str, share: float) -> float:
        """Return the height below which ``share`` of the plan area of ``kind`` lies, m NAP; NaN if none."""
        chosen = self.of_kind(kind)
        areas, heights = np.abs(self.plan_areas[chosen]), self.heights[chosen]
        if not areas.sum() > 0:
            return float("nan")
        order = np.argsort(heights, kind="stable")
        reached = np.cumsum(areas[order]) / areas.sum()
        return float(heights[order][np.searchsorted(reached, share - 1e-9)])


def level_of_detail(geometry: Mapping[str, Any]) -> float:
    """Return the LoD as a number, whether the file writes 2.2 (CityJSON 1.0) or "2.2"; 0 when it has none."""
    try:
        return float(geometry.get("lod", 0))
    except (TypeError, ValueError):
        return 0.0


def lod_text(level: float) -> str:
    """Return the LoD as text: '2.2', '1'."""
    return f"{level:g}"


def is_solid(geometry: Mapping[str, Any]) -> bool:
    """Whether a geometry bounds a volume: any solid, or surfaces of LoD 1 and up."""
    return geometry.get("type") in DEPTH and level_of_detail(geometry) >= 1


def flat_surfaces(geometry: Mapping[str, Any]) -> Iterator[Surface]:
    """Yield the surfaces of a geometry, whatever the nesting of shells and solids, each with its kind."""
    depth = DEPTH[geometry["type"]]
    semantics = geometry.get("semantics") or {}
    kinds = [KINDS.get(surface.get("type", ""), "") for surface in semantics.get("surfaces") or ()]
    for surface, value in _parallel(geometry["boundaries"], semantics.get("values"), depth):
        yield surface, kinds[value] if isinstance(value, int) else ""


def _parallel(boundaries: Sequence[Any], values: Any, depth: int) -> Iterator[tuple[Any, Any]]:
    """Walk boundaries and semantic values side by side; a null in the values holds for all below it."""
    for position, item in enumerate(boundaries):
        value = values[position] if isinstance(values, list) and position < len(values) else None
        if depth:
            yield from _parallel(item, value, depth - 1)
        else:
            yield item, value


def assemble(surfaces: Iterable[Surface], vertices: npt.NDArray[np.float64]) -> Boundary | None:
    """Make the boundary of one building out of its surfaces; None when no usable surface remains.

    ``vertices`` has shape (n, 3). Raises ``IndexError`` for a corner that does not exist.
    """
    rings, owners, stated, degenerate = _cleaned(surfaces)
    if not rings:
        return None
    lengths = np.array([len(ring) for ring in rings])
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    corners = np.fromiter((corner for ring in rings for corner in ring), dtype=np.intp, count=int(lengths.sum()))
    if corners.min() < 0:
        raise IndexError(f"corner {corners.min()} does not exist")
    points = vertices[corners]
    owner = np.array(owners)
    outer = np.concatenate(([True], owner[1:] != owner[:-1]))
    normals = _newell(points - points[0], starts, lengths)
    # The last corner repeats the first one and does not count for the mean.
    means = (np.add.reduceat(points[:, 2], starts) - points[starts, 2]) / (lengths - 1)
    vectors = np.zeros((len(stated), 3))
    np.add.at(vectors, owner, normals)
    heights = means[outer]
    outlines = np.asarray(shapely.linearrings(points, indices=np.repeat(np.arange(len(rings)), lengths)))
    polygons = np.asarray(shapely.polygons(outlines, indices=owner))
    return Boundary(
        polygons=cast("shapely.MultiPolygon", shapely.multipolygons(polygons)),
        kinds=_kinds(stated, vectors, heights, inside_out=_signed_volume(vectors, points[starts][outer]) < 0),
        plan_areas=vectors[:, 2],
        heights=heights,
        degenerate=degenerate,
    )


def _cleaned(surfaces: Iterable[Surface]) -> tuple[list[list[int]], list[int], list[str], int]:
    """Close every ring; drop those with fewer than three different corners, a surface with its outer ring."""
    rings: list[list[int]] = []
    owners: list[int] = []
    stated: list[str] = []
    degenerate = 0
    for surface, kind in surfaces:
        kept = [ring for ring in map(_closed, surface) if ring]
        degenerate += len(surface) - len(kept)
        if not kept or (len(kept) < len(surface) and not _closed(surface[0])):
            continue
        rings.extend(kept)
        owners.extend([len(stated)] * len(kept))
        stated.append(kind)
    return rings, owners, stated, degenerate


def _closed(ring: Ring) -> list[int]:
    """Return the ring without repeated neighbours and ending where it began; empty when it is degenerate."""
    corners = [corner for corner, before in zip(ring, [*ring[-1:], *ring[:-1]], strict=True) if corner != before]
    return [*corners, corners[0]] if len(set(corners)) >= TRIANGLE else []


def _newell(
    points: npt.NDArray[np.float64], starts: npt.NDArray[np.intp], lengths: npt.NDArray[np.intp]
) -> npt.NDArray[np.float64]:
    """Return the area vector of each closed ring, m2 (Newell's method: half the sum of the cross products)."""
    crossed = np.zeros_like(points)
    crossed[:-1] = np.cross(points[:-1], points[1:])
    crossed[starts + lengths - 1] = 0.0  # no edge runs from one ring to the next
    return np.asarray(np.add.reduceat(crossed, starts, axis=0) / 2)


def _signed_volume(vectors: npt.NDArray[np.float64], corners: npt.NDArray[np.float64]) -> float:
    """Volume by the divergence theorem, m3; seen from the floor, so that a missing floor does not matter."""
    origin = np.append(corners[:, :2].mean(axis=0), corners[:, 2].min())
    return float(((corners - origin) * vectors).sum() / 3)


def _kinds(
    stated: Sequence[str],
    vectors: npt.NDArray[np.float64],
    heights: npt.NDArray[np.float64],
    *,
    inside_out: bool,
) -> tuple[str, ...]:
    """Take the kinds that the file states, and judge the others by slope and height."""
    if all(stated):
        return tuple(stated)
    size = np.linalg.norm(vectors, axis=1)
    upward = np.divide(vectors[:, 2], size, out=np.zeros_like(size), where=size > 0)
    if inside_out:
        upward = -upward
    middle = (heights.min() + heights.max()) / 2
    judged = np.where(
        upward > UPRIGHT, "roof", np.where((upward < -UPRIGHT) & (heights <= middle), "ground", "wall")
    )
    return tuple(kind or str(guess) for kind, guess in zip(stated, judged, strict=True))
