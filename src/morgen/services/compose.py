"""Composing the layers of a situation from what the sources gave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from morgen.core.grid import Grid
from morgen.core.situation import Layer, LayerKind, Raster, TerrainOrigin
from morgen.core.source import Role, SourceStamp
from morgen.services.layers import LayerStore
from morgen.services.progress import Progress
from morgen.services.reading import WALK, Taken

if TYPE_CHECKING:
    import geopandas

__all__ = ["compose_layers"]

LAYERS: dict[str, tuple[str, str, tuple[Role, ...]]] = {
    "terrain": ("Ground level without holes", "m NAP", (Role.TERRAIN, Role.HEIGHT_POINTS)),
    "terrain_origin": ("How the ground level of each cell is known", "", (Role.TERRAIN, Role.HEIGHT_POINTS)),
    "surface": ("Ground with all that stands on it", "m NAP", (Role.SURFACE, Role.HEIGHT_POINTS)),
    "land_cover": ("Partition of the ground (BGT, level 0)", "", (Role.TOPOGRAPHY,)),
    "decks": ("Objects above or below the ground (BGT, other levels)", "", (Role.TOPOGRAPHY,)),
    "trees": ("Trees", "", (Role.TOPOGRAPHY,)),
    "buildings": (
        "Buildings, joined from BGT, BAG and 3D models",
        "",
        (Role.TOPOGRAPHY, Role.BUILDING_REGISTER, Role.BUILDING_MODELS),
    ),
    "paths": ("Where people can walk, as a network", "", (Role.WALKING_NETWORK,)),
    "plots": ("What may be built where", "", (Role.REDEVELOPMENT,)),
    "addresses": ("What is at which address (BAG verblijfsobjecten)", "", (Role.ADDRESSES,)),
    "facilities": (
        "Schools, childcare, care, shops, sport and culture",
        "",
        (Role.FACILITIES, Role.ADDRESSES),
    ),
    "residents": ("How many people live at each home", "", (Role.POPULATION, Role.ADDRESSES)),
    "sewers": ("Pipes of sewers", "", (Role.SEWERS,)),
    "sewer_nodes": ("Manholes, pumps, overflows and gullies of sewers", "", (Role.SEWERS,)),
}
"""Layer name to its title, unit, and the roles of the sources that it is made of."""

OWN_GRIDDING = 0.5
"""Resolution at which a point cloud counts when official rasters lie beside it, m: that of AHN."""


@dataclass
class _Bench:
    """The work on one situation: what was taken, and the layers made so far."""

    taken: Sequence[Taken]
    failures: tuple[SourceStamp, ...]
    grid: Grid
    store: LayerStore
    layers: dict[str, Layer] = field(default_factory=dict)

    def of_role(self, role: Role) -> list[Taken]:
        """Return what was taken from sources of one role, the failed ones left out."""
        return [item for item in self.taken if item.role is role and item.reading is not None]

    def frames(
        self, role: Role, *formats: str, without: tuple[str, ...] = (), newest_first: bool = False
    ) -> "list[geopandas.GeoDataFrame]":
        """Return the feature tables of one role, of some formats only, each row with the id of its source."""
        items = self.of_role(role)
        if newest_first:
            items = sorted(items, key=lambda item: item.stamp.data_date, reverse=True)
        return [
            item.reading.data.assign(source_id=item.stamp.source.id)
            for item in items
            if item.reading
            and (not formats or item.stamp.source.format in formats)
            and item.stamp.source.format not in without
        ]

    def keep_raster(self, name: str, raster: Raster) -> None:
        """Store a raster layer; one without any value counts as missing."""
        values = raster.values
        known = values != TerrainOrigin.OUTSIDE if values.dtype == np.uint8 else ~np.isnan(values)
        count = int(known.sum())
        sha256 = self.store.write_raster_layer(values, self.grid) if count else ""
        self._keep(name, LayerKind.RASTER, sha256, count)

    def keep_features(
        self,
        name: str,
        frame: "geopandas.GeoDataFrame",
        *,
        needs: Role | None = None,
        remarks: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Store a feature layer; an empty one is a fact too, when a source of it (of role ``needs``) was read.

        ``remarks`` by source id are added to the stamps: what showed only when the sources were joined.
        """
        roles = (needs,) if needs else LAYERS[name][2]
        readable = any(self.of_role(role) for role in roles)
        sha256 = self.store.write_features_layer(frame) if readable else ""
        self._keep(name, LayerKind.FEATURES, sha256, len(frame), roles=roles, remarks=remarks)

    def _keep(
        self,
        name: str,
        kind: LayerKind,
        sha256: str,
        count: int,
        *,
        roles: tuple[Role, ...] = (),
        remarks: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        title, unit, all_roles = LAYERS[name]
        stamps = tuple(
            _remarked(item.stamp, remarks.get(item.stamp.source.id, ""))
            for item in self.taken
            if item.role in all_roles
        )
        broken = [stamp for stamp in (*stamps, *self.failures) if stamp.problem and stamp.state == "failed"]
        problem = (
            "" if sha256 else " ".join(stamp.problem for stamp in broken) or _nothing_gives(roles or all_roles)
        )
        self.layers[name] = Layer(
            name=name,
            kind=kind,
            title=title,
            unit=unit,
            sha256=sha256,
            count=count,
            stamps=(*stamps, *self.failures),
            problem=problem,
        )


def compose_layers(
    taken: Sequence[Taken],
    failures: tuple[SourceStamp, ...],
    *,
    grid: Grid,
    store: LayerStore,
    progress: Progress,
) -> dict[str, Layer]:
    """Make every layer that the sources allow; one that cannot be made is listed with the reason."""
    from morgen.sources.land_cover import decks, merge_topography, partition, trees

    bench = _Bench(taken=taken, failures=failures, grid=grid, store=store)
    box = shapely.box(*grid.bounds)
    progress(0.0, "joining the topography")
    topography = merge_topography(bench.frames(Role.TOPOGRAPHY))
    cover = partition(topography, box)
    bench.keep_features("land_cover", cover)
    bench.keep_features("decks", decks(topography, box))
    bench.keep_features("trees", trees(topography, box))
    progress(0.2, "joining buildings")
    buildings = _joined_buildings(bench, cover, box)
    progress(0.4, "filling the terrain")
    terrain, surface = _heights(bench, cover, buildings)
    progress(0.8, "standing buildings up")
    bench.keep_features("buildings", _stand_up(buildings, terrain, surface))
    bench.keep_features("paths", _paths(bench))
    bench.keep_features("plots", _plots(bench))
    progress(0.95, "placing facilities and residents")
    _people(bench, buildings)
    _keep_sewers(bench)
    return {name: bench.layers[name] for name in LAYERS if name in bench.layers}


def _keep_sewers(bench: _Bench) -> None:
    from morgen.sources.gwsw import join_sewers, sewer_nodes, sewer_pipes

    if any(item.role is Role.SEWERS for item in bench.taken):
        sewers = join_sewers(bench.frames(Role.SEWERS))
        bench.keep_features("sewers", sewer_pipes(sewers))
        bench.keep_features("sewer_nodes", sewer_nodes(sewers))


def _people(bench: _Bench, buildings: "geopandas.GeoDataFrame") -> None:
    """Make the layers of who lives where, and what they go to."""
    from morgen.sources.facilities import join_facilities, place_reader
    from morgen.sources.population import homes_of, spread

    addresses = _joined_addresses(bench)
    bench.keep_features("addresses", addresses)
    own = bench.frames(Role.FACILITIES, place_reader.id)
    registers = bench.frames(Role.FACILITIES, without=(place_reader.id,))
    xmin, ymin, xmax, ymax = bench.grid.bounds
    wide = (xmin - WALK, ymin - WALK, xmax + WALK, ymax + WALK)
    joined = join_facilities([*own, *registers], addresses, box=wide)
    bench.keep_features("facilities", joined.facilities, needs=Role.FACILITIES, remarks=joined.remarks)
    figures = _concatenated(bench.frames(Role.POPULATION, newest_first=True))
    homes = homes_of(addresses, buildings)
    residents = homes if figures is None else spread(figures.drop_duplicates("area_id"), homes)
    near = residents.cx[xmin:xmax, ymin:ymax].reset_index(drop=True)
    bench.keep_features("residents", near, needs=Role.POPULATION)


def _joined_addresses(bench: _Bench) -> "geopandas.GeoDataFrame":
    """Return the addresses of all sources, each once."""
    from morgen.sources.bag import no_addresses

    joined = _concatenated(bench.frames(Role.ADDRESSES))
    if joined is None:
        return no_addresses()
    return joined.drop_duplicates("bag_id").reset_index(drop=True)


def _remarked(stamp: SourceStamp, remark: str) -> SourceStamp:
    return stamp.model_copy(update={"problem": f"{stamp.problem} {remark}".strip()}) if remark else stamp


def _paths(bench: _Bench) -> "geopandas.GeoDataFrame":
    from morgen.sources.network import join_paths, nwb_reader

    roads = bench.frames(Role.WALKING_NETWORK, nwb_reader.id)
    return join_paths(bench.frames(Role.WALKING_NETWORK, without=(nwb_reader.id,)), roads=roads)


def _plots(bench: _Bench) -> "geopandas.GeoDataFrame":
    from morgen.sources.redevelopment import join_plots

    return join_plots(bench.frames(Role.REDEVELOPMENT))


def _joined_buildings(bench: _Bench, cover: "geopandas.GeoDataFrame", box: Any) -> "geopandas.GeoDataFrame":
    from morgen.sources.buildings import join_buildings

    panden = cover[cover["theme"] == "pand"]
    return join_buildings(
        panden if len(panden) else None,
        _concatenated(bench.frames(Role.BUILDING_REGISTER)),
        _concatenated(bench.frames(Role.BUILDING_MODELS)),
        polygon=box,
    )


def _heights(
    bench: _Bench, cover: "geopandas.GeoDataFrame", buildings: "geopandas.GeoDataFrame"
) -> tuple[Raster, Raster]:
    from morgen.sources.heights.gridding import grid_points, join_points, water_points
    from morgen.sources.heights.mosaic import Tile
    from morgen.sources.terrain import fill_terrain

    terrains = [_tile(item) for item in bench.of_role(Role.TERRAIN)]
    surfaces = [_tile(item) for item in bench.of_role(Role.SURFACE)]
    clouds = [item.reading.data for item in bench.of_role(Role.HEIGHT_POINTS) if item.reading]
    on_water = None
    if clouds:
        cloud = join_points(clouds)
        ground, top = grid_points(cloud, bench.grid)
        boxes = [item.stamp.bounds or bench.grid.bounds for item in bench.of_role(Role.HEIGHT_POINTS)]
        terrains.extend(Tile(ground, box, OWN_GRIDDING) for box in boxes)
        surfaces.extend(Tile(top, box, OWN_GRIDDING) for box in boxes)
        on_water = water_points(cloud)
    surface = _mosaic(surfaces, bench.grid)
    measured = _mosaic(terrains, bench.grid)
    filled = fill_terrain(
        measured,
        water=list(cover[cover["theme"] == "waterdeel"].geometry),
        buildings=list(buildings.geometry),
        water_points=on_water,
    )
    bench.keep_raster("terrain", filled.terrain)
    bench.keep_raster("terrain_origin", filled.origin)
    bench.keep_raster("surface", surface)
    return filled.terrain, surface


def _stand_up(buildings: "geopandas.GeoDataFrame", terrain: Raster, surface: Raster) -> "geopandas.GeoDataFrame":
    from morgen.sources.buildings import add_heights_from_surface, extrude_missing

    return extrude_missing(add_heights_from_surface(buildings, terrain, surface))


def _tile(item: Taken) -> Any:
    from morgen.sources.heights.mosaic import Tile

    assert item.reading is not None
    bounds = item.reading.bounds or item.reading.data.grid.bounds
    return Tile(item.reading.data, bounds, item.recognised.resolution)


def _mosaic(tiles: list[Any], grid: Grid) -> Raster:
    from morgen.sources.heights.mosaic import mosaic

    return mosaic(tiles) if tiles else Raster(grid, np.full(grid.shape, np.nan, dtype=np.float32))


def _concatenated(frames: "list[geopandas.GeoDataFrame]") -> "geopandas.GeoDataFrame | None":
    import pandas as pd

    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else None


def _nothing_gives(roles: tuple[Role, ...]) -> str:
    return f"no linked source is used for {' or '.join(role.value for role in roles)}"
