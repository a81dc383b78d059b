"""The files of the sample have the form of the real ones, and the ordinary readers read them."""

import json
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely

from morgen.core.grid import Grid
from morgen.core.source import Role
from morgen.sources.files import sha256_of
from morgen.sources.land_cover import decks, merge_topography, partition, trees
from morgen.sources.registry import get_reader, recognise_all
from morgen.sources.sample import write_sample
from morgen.sources.sample.frame import BOX, GENERATED, NODATA

AREA = shapely.box(*BOX)
WATER_OR_PAND = ("waterdeel", "pand")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("voorbeelddorp") / "data"
    write_sample(folder, seed=7)
    return folder


@pytest.fixture(scope="module")
def read(folder):
    grid = Grid.covering(BOX, 0.5)
    found = recognise_all(folder)
    assert not found.failures
    return {item.source.role: get_reader(item.source.format).read(item, grid) for item in found.recognised}


def _columns(path: Path, layer: str) -> tuple[dict[str, str], dict[str, Any]]:
    info = pyogrio.read_info(path, layer=layer)
    return dict(zip(info["fields"], info["ogr_types"], strict=True)), info


def test_bgt_layers_have_the_columns_and_types_of_the_real_geopackage(folder, shared_data):
    """One difference is meant: the BAG number is text, as in the delivery; the real copy lost its zeros."""
    real = shared_data / "nl" / "delft-oost" / "derived" / "delft_oost_bgt.gpkg"
    ours = folder / "bgt_voorbeelddorp.gpkg"
    common = {name for name, _ in pyogrio.list_layers(real)} & {name for name, _ in pyogrio.list_layers(ours)}
    assert len(common) >= 6
    for layer in common:
        expected, real_info = _columns(real, layer)
        found, info = _columns(ours, layer)
        assert found.keys() == expected.keys()
        differing = {name for name in found if found[name] != expected[name]}
        assert differing <= {"identificatiebagpnd"}
        assert (info["crs"], info["geometry_type"]) == (real_info["crs"], real_info["geometry_type"])
        assert (info["geometry_name"], info["fid_column"]) == (real_info["geometry_name"], real_info["fid_column"])


def test_bgt_layers_that_delft_lacks_have_the_columns_of_otterlo(folder, shared_data):
    real = shared_data / "nl" / "otterlo-bgt" / "derived_otterlo_bgt_actueel.gpkg"
    for layer in ("bgt_vegetatieobject", "bgt_put", "bgt_ondersteunendwegdeel", "bgt_ondersteunendwaterdeel"):
        expected, _ = _columns(real, layer)
        found, _ = _columns(folder / "bgt_voorbeelddorp.gpkg", layer)
        plain = {name.lower().replace("-", "_") for name in expected if "kruinlijn" not in name}
        assert plain <= found.keys()


def test_bag_panden_have_the_columns_of_the_web_feature_service(folder, shared_data):
    real, _ = _columns(shared_data / "nl" / "delft-wippolder" / "bag_pand_wippolder_kerk.gpkg", "bag_pand_kerk")
    found, info = _columns(folder / "bag_pand_voorbeelddorp.gpkg", "pand")
    assert found.keys() >= real.keys() - {"kas_warenhuis"}
    assert info["geometry_type"] == "Polygon"


def test_buildings_have_the_structure_and_attributes_of_3dbag(folder, shared_data):
    ours = _features(folder / "voorbeelddorp.city.jsonl")
    theirs = _features(shared_data / "nl" / "delft-wippolder" / "3dbag_b3_delft_10.v20.city.jsonl")
    for key in ("type", "version", "CityObjects", "vertices"):
        assert ours[0][key] == theirs[0][key]
    real = next(o for o in theirs[1]["CityObjects"].values() if o["type"] == "Building")
    for feature in ours[1:]:
        building = feature["CityObjects"][feature["id"]]
        assert building["attributes"].keys() == real["attributes"].keys()
        parts = [feature["CityObjects"][child] for child in building.get("children", [])]
        assert all([g["lod"] for g in part["geometry"]] == ["1.2", "1.3", "2.2"] for part in parts)
        assert parts or building["attributes"]["b3_dak_type"] == "no points"
        assert feature["id"].startswith("NL.IMBAG.Pand.999910")


def _features(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_building_without_points_has_no_heights_and_no_part(folder):
    features = _features(folder / "voorbeelddorp.city.jsonl")[1:]
    skipped = [f["CityObjects"][f["id"]] for f in features if len(f["CityObjects"]) == 1]
    assert len(skipped) == 1
    assert skipped[0]["attributes"]["b3_h_dak_70p"] is None
    assert skipped[0]["attributes"]["b3_h_maaiveld"] is None


def test_height_rasters_are_tiled_float32_in_the_frame_of_ahn(folder):
    for name in ("M_99XX1.tif", "R_99XX1.tif"):
        with rasterio.open(folder / name) as raster:
            assert raster.profile["tiled"]
            assert raster.profile["compress"] == "deflate"
            assert (raster.shape, raster.res, raster.dtypes) == ((600, 600), (0.5, 0.5), ("float32",))
            assert raster.nodata == NODATA
            assert raster.crs.to_epsg() == 28992
            assert tuple(raster.bounds) == BOX


def test_the_terrain_has_holes_exactly_under_buildings_and_water(read):
    topography = read[Role.TOPOGRAPHY].data
    level_0 = topography[(topography["level"] == 0) & topography["theme"].isin(WATER_OR_PAND)]
    covered = shapely.union_all(level_0.geometry.to_numpy())
    x, y = np.meshgrid(BOX[0] + 0.5 * np.arange(600) + 0.25, BOX[3] - 0.5 * np.arange(600) - 0.25)
    hole = np.isnan(read[Role.TERRAIN].data.values)
    shapely.prepare(covered)
    inside = shapely.contains_xy(covered, x, y)
    # A centre on an outline to within a micrometre may fall either way.
    assert np.count_nonzero(hole != inside) <= 3


def test_the_surface_stands_above_the_terrain_and_reaches_the_roofs(read):
    terrain, surface = read[Role.TERRAIN].data.values, read[Role.SURFACE].data.values
    both = ~np.isnan(terrain) & ~np.isnan(surface)
    assert (surface[both] >= terrain[both] - 0.001).all()
    assert 17 < np.nanmax(surface) < 20


def test_the_readers_give_all_objects_and_leave_the_history_out(read):
    topography = read[Role.TOPOGRAPHY].data
    ground = partition(merge_topography([topography]), AREA)
    assert not topography["object_id"].duplicated().any()
    assert any("history" in remark for remark in read[Role.TOPOGRAPHY].remarks)
    assert shapely.union_all(ground.geometry.to_numpy()).symmetric_difference(shapely.box(*BOX)).area < 0.01
    assert ground.area.sum() == pytest.approx(90_000, abs=0.01)
    assert len(trees(topography, AREA)) > 120
    assert len(decks(topography, AREA)) == 8
    assert set(topography["owner"]) == {"G9999"}


def test_the_three_registers_of_buildings_agree(read):
    """One number for each building in BGT, BAG and 3DBAG; a permit is in the BAG file but does not stand."""
    topography = read[Role.TOPOGRAPHY].data
    in_bgt = set(topography.loc[topography["theme"] == "pand", "bag_id"])
    in_bag = set(read[Role.BUILDING_REGISTER].data["bag_id"])
    models = read[Role.BUILDING_MODELS].data
    assert in_bgt == in_bag == set(models["bag_id"])
    assert (models["lod"] == "2.2").sum() == len(models) - 1
    assert all(number.startswith("999910") and len(number) == 16 for number in in_bag)


def test_roofs_of_model_and_surface_raster_agree(read):
    """The 3D model's roof height at the 70th percentile is what the raster shows inside the footprint."""
    surface = read[Role.SURFACE].data.values
    models = read[Role.BUILDING_MODELS].data
    houses = models[(models["roof_type"] == "slanted")].iloc[::40]
    x, y = np.meshgrid(BOX[0] + 0.5 * np.arange(600) + 0.25, BOX[3] - 0.5 * np.arange(600) - 0.25)
    for house in houses.itertuples():
        inside = shapely.contains_xy(house.geometry, x, y)
        assert np.nanpercentile(surface[inside], 70) == pytest.approx(house.roof_height, abs=0.25)


def test_every_file_says_that_it_is_generated(folder):
    assert "bestaat niet" in GENERATED
    for path in folder.iterdir():
        if path.suffix == ".tif":
            with rasterio.open(path) as raster:
                text = str(raster.tags())
        else:
            text = path.read_bytes().decode("utf-8", errors="ignore")
        assert GENERATED in text, path.name


def test_the_area_is_the_box_in_rd(folder):
    area = geopandas.read_file(folder / "area.geojson")
    assert area.crs.to_epsg() == 28992
    assert area.geometry.iloc[0].equals(shapely.box(*BOX))
    crs = json.loads((folder / "area.geojson").read_text(encoding="utf-8"))["crs"]
    assert crs["properties"]["name"] == "urn:ogc:def:crs:EPSG::28992"


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_place(folder, tmp_path):
    first = {path.name: sha256_of(path) for path in folder.iterdir()}
    again = {path.name: sha256_of(path) for path in write_sample(tmp_path / "again", seed=7)}
    other = {path.name: sha256_of(path) for path in write_sample(tmp_path / "other", seed=8)}
    assert first == again
    assert first.keys() == other.keys()
    assert {name for name in first if first[name] == other[name]} == {"LEESMIJ.txt", "area.geojson"}
