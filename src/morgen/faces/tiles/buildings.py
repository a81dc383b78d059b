"""The buildings of a situation as tiles of 250 m, each one GLB."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from morgen.core.errors import NotFoundError
from morgen.core.situation import Situation
from morgen.faces.report.style import BUILDING
from morgen.faces.tiles.attribution import attributions
from morgen.faces.tiles.frame import SceneFrame
from morgen.faces.tiles.glb import Primitive, write_glb
from morgen.faces.tiles.heights import Heights
from morgen.faces.tiles.mesh import Mesh
from morgen.faces.tiles.properties import Column, PropertyTable
from morgen.faces.tiles.triangulate import FARTHEST, triangulate
from morgen.sources.buildings.extrusion import extrude

if TYPE_CHECKING:
    import geopandas

__all__ = ["TILE_SIZE", "BuildingTile", "BuildingTiles", "building_tiles"]

TILE_SIZE: Final = 250.0
"""Edge of a tile, m; tiles lie on whole multiples of it in RD New."""
UNKNOWN_HEIGHT: Final = 3.0
"""Height at which a building of unknown height is drawn, m: one storey."""
NO_HEIGHT: Final = -1.0
NO_YEAR: Final = 0

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class BuildingTile:
    """One tile; a building lies in the tile that holds the middle of its footprint."""

    name: str
    """Column and row of the tile, counted from the origin of RD New: '340_1790'."""
    origin: Vector
    """Middle of the tile, RD New + NAP (height 0); the content is relative to it."""
    lower: Vector
    """Lowest x, y, z of the content, m from ``origin``; x east, y north, z up."""
    upper: Vector
    """Highest x, y, z of the content."""
    glb: bytes
    ids: tuple[str, ...]
    """``object_id`` of each building, in the order of the feature ids."""


@dataclass(frozen=True)
class BuildingTiles:
    """All buildings of a situation, ready to be sent."""

    frame: SceneFrame
    tiles: tuple[BuildingTile, ...]
    undrawable: tuple[str, ...] = ()
    """``object_id`` of buildings that have no shape that can be drawn."""

    def tile(self, name: str) -> BuildingTile:
        """Return one tile; raises ``NotFoundError`` naming what there is."""
        for tile in self.tiles:
            if tile.name == name:
                return tile
        have = ", ".join(tile.name for tile in self.tiles[:5]) or "none"
        more = " ..." if len(self.tiles) > 5 else ""  # noqa: PLR2004 - a handful of examples
        raise NotFoundError(f"there is no tile {name!r}; the tileset names those there are: {have}{more}")


def building_tiles(situation: Situation) -> BuildingTiles:
    """Return the ``buildings`` layer as tiles; raises ``MissingLayerError`` when there is none.

    Solids are drawn as they are. A building without a solid is its footprint, drawn up to its roof height or,
    when that is unknown, 3 m with ``heightKnown`` false.
    """
    frame = SceneFrame.of(situation.grid)
    buildings = situation.features("buildings").reset_index(drop=True)
    mesh, known = _shapes(buildings, Heights.of(situation), frame)
    drawn = np.unique(mesh.features)
    attribution = "; ".join(attributions([situation.layers["buildings"]]))
    places = _places(buildings, mesh, drawn, frame)
    tiles = [
        _tile(place, drawn[(places == place).all(axis=1)], buildings, known, mesh, frame, attribution)
        for place in np.unique(places, axis=0)
    ]
    absent = np.setdiff1d(np.arange(len(buildings)), drawn)
    return BuildingTiles(frame, tuple(tiles), tuple(map(str, buildings["object_id"].to_numpy()[absent])))


def _shapes(
    buildings: "geopandas.GeoDataFrame", heights: Heights, frame: SceneFrame
) -> tuple[Mesh, npt.NDArray[np.bool_]]:
    """Return all buildings in the local frame, and per row whether the drawn height is known."""
    solids = np.array(buildings["solid"], dtype=object)
    solids[~shapely.is_geometry(solids)] = None
    polygons, owners = shapely.get_parts(solids, return_index=True)
    mesh = triangulate(_moved(polygons, frame), owners, _kinds(buildings, owners))
    bare = np.setdiff1d(np.arange(len(buildings)), mesh.features)
    known = np.ones(len(buildings), dtype=np.bool_)
    drawn = list(_extruded(buildings, bare, heights, known))
    if not drawn:
        return mesh, known
    shapes = _moved(np.array([polygon for _, polygon, _ in drawn], dtype=object), frame)
    return _joined(mesh, triangulate(shapes, [row for row, _, _ in drawn], [kind for _, _, kind in drawn])), known


def _moved(polygons: npt.NDArray[Any], frame: SceneFrame) -> npt.NDArray[Any]:
    return np.asarray(shapely.transform(polygons, frame.to_local, include_z=True))


def _kinds(buildings: "geopandas.GeoDataFrame", owners: npt.NDArray[np.int64]) -> list[str]:
    """Return what each surface is; '' where the layer does not say it for every surface of a building."""
    stated = list(buildings["solid_surfaces"])
    kinds: list[str] = []
    for row, count in zip(*np.unique(owners, return_counts=True), strict=True):
        said = stated[row] if isinstance(stated[row], list) else []
        kinds.extend(said if len(said) == count else [""] * count)
    return kinds


def _extruded(
    buildings: "geopandas.GeoDataFrame",
    rows: npt.NDArray[np.int64],
    heights: Heights,
    known: npt.NDArray[np.bool_],
) -> Iterator[tuple[int, shapely.Polygon, str]]:
    """Yield row, surface and kind of the footprints of ``rows``, drawn up; fills in ``known``."""
    footprints = [_usable(footprint) for footprint in buildings.geometry.to_numpy()[rows]]
    grounds = buildings["ground_height"].to_numpy(dtype=np.float64)[rows]
    roofs = buildings["roof_height"].to_numpy(dtype=np.float64)[rows]
    level = heights.usual_level
    for row, footprint, ground, roof in zip(rows.tolist(), footprints, grounds, roofs, strict=True):
        if footprint.is_empty:
            continue
        middle = shapely.get_coordinates(footprint.representative_point())
        foot = next(z for z in (ground, *heights.terrain_at(middle), level) if np.isfinite(z))
        known[row] = roof > foot
        solid, kinds = extrude(footprint, foot, roof if known[row] else foot + UNKNOWN_HEIGHT)
        for polygon, kind in zip(solid.geoms, kinds, strict=True):
            yield row, polygon, kind


def _usable(footprint: shapely.Geometry | None) -> shapely.MultiPolygon:
    """Return the parts of a footprint that have a surface; a crossing outline is taken apart."""
    if not (np.abs(shapely.get_coordinates(footprint)) < FARTHEST).all():  # true for none, false for NaN
        return shapely.MultiPolygon()
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(footprint)))
    return shapely.MultiPolygon([part for part in parts if isinstance(part, shapely.Polygon) and part.area > 0])


def _joined(one: Mesh, other: Mesh) -> Mesh:
    return Mesh(
        positions=np.concatenate([one.positions, other.positions]),
        normals=np.concatenate([one.normals, other.normals]),
        features=np.concatenate([one.features, other.features]),
        triangles=np.concatenate([one.triangles, other.triangles + len(one.positions)]),
    )


def _places(
    buildings: "geopandas.GeoDataFrame", mesh: Mesh, drawn: npt.NDArray[np.int64], frame: SceneFrame
) -> npt.NDArray[np.int64]:
    """Return column and row (n, 2) of the tile of each drawn building."""
    middles = shapely.get_coordinates(shapely.centroid(buildings.geometry.to_numpy()[drawn]))
    if len(middles) < len(drawn) or not np.isfinite(middles).all():
        # A footprint is missing: take the middle of the corners instead, for all alike.
        counts = np.bincount(mesh.features)[drawn]
        sums = [np.bincount(mesh.features, mesh.positions[:, axis])[drawn] for axis in (0, 1)]
        middles = frame.from_local(np.column_stack(sums) / counts[:, None])
    return np.asarray(np.floor(middles / TILE_SIZE), dtype=np.int64)


def _tile(
    place: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int64],
    buildings: "geopandas.GeoDataFrame",
    known: npt.NDArray[np.bool_],
    mesh: Mesh,
    frame: SceneFrame,
    attribution: str,
) -> BuildingTile:
    column, row = (int(value) for value in place)
    origin = ((column + 0.5) * TILE_SIZE, (row + 0.5) * TILE_SIZE, 0.0)
    own = mesh.of_features(rows).moved(np.subtract(frame.origin, origin)).welded()
    lower, upper = own.bounds
    table = _table(buildings.iloc[rows], known[rows], own)
    return BuildingTile(
        name=f"{column}_{row}",
        origin=origin,
        lower=_vector(lower),
        upper=_vector(upper),
        glb=write_glb([Primitive(own, BUILDING)], table, attribution=attribution),
        ids=tuple(map(str, buildings["object_id"].iloc[rows])),
    )


def _vector(values: npt.NDArray[np.float64]) -> Vector:
    x, y, z = (float(value) for value in values)
    return x, y, z


def _table(buildings: "geopandas.GeoDataFrame", known: npt.NDArray[np.bool_], mesh: Mesh) -> PropertyTable:
    heights = buildings["height"].to_numpy(dtype=np.float32).copy()
    drawn = _drawn_heights(mesh, len(buildings))
    unstated = ~np.isfinite(heights)
    heights[unstated] = np.where(known, drawn, NO_HEIGHT)[unstated]
    years = buildings["construction_year"].to_numpy(dtype=np.float64, na_value=NO_YEAR)
    return PropertyTable(
        "building",
        {
            "id": Column("object_id of the building in the layer", _texts(buildings["object_id"]), semantic="ID"),
            "bagId": Column("Identification in the BAG", _texts(buildings["bag_id"]), no_data=""),
            "height": Column("Height of the roof above the ground, m", heights, no_data=NO_HEIGHT),
            "heightKnown": Column("Whether the drawn height is known; else it is one storey", known),
            "constructionYear": Column(
                "Year of construction",
                np.where((years > 0) & (years < 65_535), years, NO_YEAR).astype(np.uint16),  # noqa: PLR2004
                no_data=NO_YEAR,
            ),
            "use": Column("Gebruiksdoelen of the BAG, comma separated", _texts(buildings["use"]), no_data=""),
        },
    )


def _drawn_heights(mesh: Mesh, count: int) -> npt.NDArray[np.float32]:
    top, foot = np.full(count, -np.inf, dtype=np.float32), np.full(count, np.inf, dtype=np.float32)
    np.maximum.at(top, mesh.features, mesh.positions[:, 2].astype(np.float32))
    np.minimum.at(foot, mesh.features, mesh.positions[:, 2].astype(np.float32))
    return np.asarray(top - foot)


def _texts(values: Any) -> list[str]:
    return ["" if value is None or value != value else str(value) for value in values]  # noqa: PLR0124 - NaN
