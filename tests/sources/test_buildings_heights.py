"""Heights from the surface raster, and solids drawn up from a footprint."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry
from tests.sources.closed_solids import edge_uses, volume

from morgen.core.grid import Grid
from morgen.core.situation import Raster
from morgen.sources.buildings import add_heights_from_surface, extrude, join_buildings
from morgen.sources.cityjson import reader as cityjson_reader

GRID = Grid.covering((0, 0, 60, 40), 0.5)
AREA = shapely.box(0, 0, 60, 40)
HOUSE, SHED, INNER = shapely.box(10, 10, 20, 18), shapely.box(30, 10, 30.6, 10.6), shapely.box(40, 10, 44, 14)


def panden(*shapes: BaseGeometry) -> Any:
    import geopandas as gpd

    names = [f"{503100000000001 + number:016d}" for number in range(len(shapes))]
    rows = {"bag_id": names, "object_id": names, "level": 0}
    return join_buildings(
        gpd.GeoDataFrame(rows, geometry=list(shapes), crs="EPSG:28992"), None, None, polygon=AREA
    )


def raster(*heights: tuple[BaseGeometry, float], ground: float = 1.0) -> Raster:
    """The ground at one height, with boxes of another height on it."""
    values = np.full(GRID.shape, ground, dtype=np.float32)
    rows, columns = np.indices(GRID.shape)
    x = GRID.xmin + (columns + 0.5) * GRID.cell_size
    y = GRID.ymax - (rows + 0.5) * GRID.cell_size
    for shape, height in heights:
        values[shapely.contains_xy(shape, x, y)] = height
    return Raster(GRID, values)


def test_the_roof_is_the_seventieth_percentile_inside_the_wall():
    """A quarter of the roof is a higher dormer and the outer cells are ground: neither is the roof."""
    dormer = shapely.box(10, 10, 12.5, 18)
    wall = HOUSE.difference(HOUSE.buffer(-0.26))
    buildings = add_heights_from_surface(
        panden(HOUSE), raster(), raster((HOUSE, 7.0), (dormer, 12.0), (wall, 1.0))
    )
    row = buildings.iloc[0]
    assert (row["ground_height"], row["roof_height"], row["height"]) == (1.0, 7.0, 6.0)
    assert (row["height_source"], row["lod"]) == ("surface-raster", "1")
    assert volume(row["solid"]) == pytest.approx(80 * 6)


def test_the_ground_is_low_around_the_building_and_never_under_it():
    """A terrace next to it is not its ground, a filled floor under it neither, nor the ground of a neighbour."""
    terrace = shapely.box(20, 10, 22, 18)
    terrain = raster((HOUSE, 5.0), (terrace, 1.8), ground=1.0)
    buildings = add_heights_from_surface(panden(HOUSE), terrain, raster((HOUSE, 7.0)))
    assert buildings.iloc[0]["ground_height"] == 1.0


def test_a_building_without_ground_of_its_own_takes_the_terrain_under_it():
    """In the middle of a block no cell is nearest to it."""
    ring = HOUSE.buffer(6, join_style="mitre").difference(HOUSE)
    buildings = add_heights_from_surface(
        panden(HOUSE, ring), raster(ground=0.5), raster((HOUSE, 7.0), (ring, 4.0))
    )
    assert list(buildings["ground_height"]) == [0.5, 0.5]
    assert list(buildings["roof_height"]) == [7.0, 4.0]


def test_a_shed_smaller_than_the_strip_uses_its_whole_footprint():
    """A footprint of 0.6 m has nothing left without its outer 0.3 m."""
    buildings = add_heights_from_surface(panden(SHED), raster(), raster((SHED.buffer(0.5), 3.5)))
    assert buildings.iloc[0]["roof_height"] == 3.5


def test_where_the_surface_shows_no_building_the_height_stays_unknown():
    """It was built after the survey, or the raster has a hole: no height is made up."""
    hole = raster((INNER, np.nan))
    buildings = add_heights_from_surface(panden(HOUSE, INNER), raster(), hole)
    assert buildings[["roof_height", "ground_height", "height"]].isna().all(axis=None)
    assert (buildings["height_source"] == "").all()
    assert buildings["solid"].isna().all()


def test_known_heights_are_left_alone():
    """A height of a model is not overwritten by the raster."""
    buildings = panden(HOUSE).assign(roof_height=9.0, ground_height=0.0, height=9.0, height_source="3dbag")
    after = add_heights_from_surface(buildings, raster(), raster((HOUSE, 7.0)))
    assert (after.iloc[0]["roof_height"], after.iloc[0]["height_source"]) == (9.0, "3dbag")


@pytest.mark.parametrize(
    "footprint",
    [
        HOUSE,
        HOUSE.reverse(),
        shapely.box(0, 0, 20, 20).difference(shapely.box(5, 5, 15, 15)),
        shapely.MultiPolygon([HOUSE, INNER]),
        shapely.Polygon([(0, 0), (10, 0), (10, 0), (4, 3), (0, 9)]),
    ],
)
def test_a_drawn_solid_is_closed_and_faces_outwards(footprint):
    """Every edge is used twice and the volume is area times height, with courtyards and several parts too."""
    solid, kinds = extrude(footprint, -0.5, 5.5)
    assert set(edge_uses(solid)) == {2}
    assert volume(solid) == pytest.approx(footprint.area * 6)
    assert len(solid.geoms) == len(kinds)
    assert kinds.count("roof") == kinds.count("ground") == len(shapely.get_parts(footprint))
    assert solid.has_z


@pytest.mark.parametrize("roof", [1.0, 0.5, float("nan")])
def test_a_roof_that_is_not_above_the_ground_is_refused(roof):
    """A building without height is no solid."""
    with pytest.raises(ValueError, match="has to be above the ground"):
        extrude(HOUSE, 1.0, roof)


def height_raster(path: Path) -> Raster:
    import rasterio

    with rasterio.open(path) as file:
        values = file.read(1, masked=True).filled(np.nan)
        grid = Grid(
            xmin=file.transform.c,
            ymax=file.transform.f,
            cell_size=file.transform.a,
            rows=file.height,
            columns=file.width,
        )
    return Raster(grid, values)


def test_heights_from_the_survey_agree_with_3dbag(shared_data):
    """Of the 12 panden that 3DBAG has too, roofs differ 0.3 m at most and grounds 0.05 m."""
    import geopandas as gpd

    from morgen.sources.identifiers import bag_id

    folder = shared_data / "nl/delft-oost"
    found = gpd.read_file(folder / "bgt-sqlite/bgt_pand.sqlite")
    names = [bag_id(value) for value in found["identificatiebagpnd"]]
    rows = {"bag_id": names, "object_id": names, "level": 0}
    layer = gpd.GeoDataFrame(rows, geometry=found.geometry.to_numpy(), crs="EPSG:28992")
    terrain = height_raster(folder / "derived/delft_oost_ahn3_dtm_05m.tif")
    surface = height_raster(folder / "derived/delft_oost_ahn3_dsm_05m.tif")
    area = shapely.box(*terrain.grid.bounds)
    buildings = add_heights_from_surface(join_buildings(layer, None, None, polygon=area), terrain, surface)
    assert len(buildings) == 160
    assert buildings["height"].notna().all()
    assert (buildings["lod"] == "1").all()
    recognised = cityjson_reader.recognise(folder / "derived/3dbag_v210908_delft_oost_clip.v11.city.jsonl")
    assert recognised is not None
    models = cityjson_reader.read(recognised, terrain.grid).data
    both = buildings.merge(models, on="bag_id", suffixes=("", "_3dbag"))
    assert len(both) == 12
    assert (both["roof_height"] - both["roof_height_3dbag"]).abs().max() <= 0.305
    assert (both["ground_height"] - both["ground_height_3dbag"]).abs().max() <= 0.05
