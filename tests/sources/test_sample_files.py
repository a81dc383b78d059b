"""The files of the sample have the form of the real ones, and the ordinary readers read them."""

import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely
from lxml import etree

from morgen.core.grid import Grid
from morgen.core.source import Role
from morgen.sources.files import sha256_of
from morgen.sources.land_cover import decks, merge_topography, partition, trees
from morgen.sources.registry import get_reader, recognise_all
from morgen.sources.sample import write_sample
from morgen.sources.sample.frame import GENERATED, NODATA, frame_of
from morgen.sources.sample.write_bgt_gml import TYPES

FRAME = frame_of(0.1)
BOX = FRAME.bounds
AREA = FRAME.box
CELLS = 640
WATER_OR_PAND = ("waterdeel", "pand")
BGT = "bgt_voorbeelddorp.gpkg"
DELIVERY = "bgt_voorbeelddorp_citygml.zip"
BAG = "bag_voorbeelddorp.gpkg"
MODELS = "voorbeelddorp.city.jsonl"
RASTERS = ("dtm_05m/M_99XX1.tif", "dsm_05m/R_99XX1.tif", "dtm_5m/M_99XX1.tif", "dsm_5m/R_99XX1.tif")
CORE = (BGT, DELIVERY, BAG, MODELS, *RASTERS)
"""The files of the national registers that readers read; the facts beside them have tests of their own."""


@pytest.fixture(scope="module")
def folder(sample_files):
    return sample_files


@pytest.fixture(scope="module")
def quirky(tmp_path_factory):
    """The same wijk with the faults of real deliveries."""
    folder = tmp_path_factory.mktemp("quirky") / "data"
    write_sample(folder, km2=0.1, quirks=True)
    return folder


def _read_all(folder):
    grid = Grid.covering(BOX, 0.5)
    found = recognise_all(folder)
    assert not found.failures
    readings = {}
    for item in found.recognised:
        part = item.source.id.removeprefix(str(item.path))
        name = item.path.relative_to(folder).as_posix() + part
        readings[name] = get_reader(item.source.format).read(item, grid)
    return found, readings


@pytest.fixture(scope="module")
def readings(folder):
    """What the ordinary readers make of every file, by its path and, after a '#', its part."""
    return _read_all(folder)[1]


@pytest.fixture(scope="module")
def read(readings):
    """The finest reading of each role; the GeoPackage for the topography."""
    return {
        Role.TOPOGRAPHY: readings[BGT],
        Role.BUILDING_REGISTER: readings[BAG],
        Role.BUILDING_MODELS: readings[MODELS],
        Role.TERRAIN: readings["dtm_05m/M_99XX1.tif"],
        Role.SURFACE: readings["dsm_05m/R_99XX1.tif"],
    }


def _heights(reading):
    return reading.data.values  # noqa: PD011 - of a Raster


def _columns(path: Path, layer: str) -> tuple[dict[str, str], dict[str, Any]]:
    info = pyogrio.read_info(path, layer=layer)
    return dict(zip(info["fields"], info["ogr_types"], strict=True)), info


def test_bgt_layers_have_the_columns_and_types_of_the_real_geopackage(folder, shared_data):
    """One difference is meant: the BAG number is text, as in the delivery; the real copy lost its zeros."""
    real = shared_data / "nl" / "delft-oost" / "derived" / "delft_oost_bgt.gpkg"
    ours = folder / BGT
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
    for layer in (
        "bgt_vegetatieobject",
        "bgt_put",
        "bgt_paal",
        "bgt_openbareruimtelabel",
        "bgt_ondersteunendwegdeel",
    ):
        expected, _ = _columns(real, layer)
        found, _ = _columns(folder / BGT, layer)
        plain = {name.lower().replace("-", "_") for name in expected if "kruinlijn" not in name}
        assert plain <= found.keys()


def test_bag_panden_have_the_columns_of_the_web_feature_service(folder, shared_data):
    real, _ = _columns(shared_data / "nl" / "delft-wippolder" / "bag_pand_wippolder_kerk.gpkg", "bag_pand_kerk")
    found, info = _columns(folder / BAG, "pand")
    assert found.keys() >= real.keys() - {"kas_warenhuis"}
    assert info["geometry_type"] == "Polygon"


def test_buildings_have_the_structure_and_attributes_of_3dbag(folder, shared_data):
    ours = _features(folder / MODELS)
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
    features = _features(folder / MODELS)[1:]
    skipped = [f["CityObjects"][f["id"]] for f in features if len(f["CityObjects"]) == 1]
    assert len(skipped) == 1
    assert skipped[0]["attributes"]["b3_h_dak_70p"] is None
    assert skipped[0]["attributes"]["b3_h_maaiveld"] is None


@pytest.mark.parametrize(("resolution", "cell"), [("05m", 0.5), ("5m", 5.0)])
def test_height_rasters_are_tiled_float32_in_the_frame_of_ahn(folder, resolution, cell):
    """The folder tells the resolution, the letter tells ground from surface, as AHN is delivered."""
    for name in (f"dtm_{resolution}/M_99XX1.tif", f"dsm_{resolution}/R_99XX1.tif"):
        with rasterio.open(folder / name) as raster:
            assert raster.profile["tiled"]
            assert raster.profile["compress"] == "deflate"
            assert raster.shape == (round(320 / cell), round(320 / cell))
            assert (raster.res, raster.dtypes) == ((cell, cell), ("float32",))
            assert raster.nodata == NODATA
            assert raster.crs.to_epsg() == 28992
            assert tuple(raster.bounds) == BOX


def test_coarse_heights_are_the_mean_of_the_fine_ones(folder):
    with (
        rasterio.open(folder / "dtm_05m/M_99XX1.tif") as fine,
        rasterio.open(folder / "dtm_5m/M_99XX1.tif") as coarse,
    ):
        small, large = fine.read(1, masked=True), coarse.read(1, masked=True)
    means = small.reshape(64, 10, 64, 10).mean(axis=(1, 3))
    assert np.ma.allclose(means, large, atol=0.001)
    assert (means.mask == large.mask).all()


def test_the_terrain_has_holes_exactly_under_buildings_and_water(read):
    topography = read[Role.TOPOGRAPHY].data
    level_0 = topography[(topography["level"] == 0) & topography["theme"].isin(WATER_OR_PAND)]
    covered = shapely.union_all(level_0.geometry.to_numpy())
    x, y = np.meshgrid(BOX[0] + 0.5 * np.arange(CELLS) + 0.25, BOX[3] - 0.5 * np.arange(CELLS) - 0.25)
    hole = np.isnan(_heights(read[Role.TERRAIN]))
    shapely.prepare(covered)
    inside = shapely.contains_xy(covered, x, y)
    # A centre on an outline to within a micrometre may fall either way.
    assert np.count_nonzero(hole != inside) <= 3


def test_the_surface_stands_above_the_terrain_and_reaches_the_roofs(read):
    terrain, surface = _heights(read[Role.TERRAIN]), _heights(read[Role.SURFACE])
    both = ~np.isnan(terrain) & ~np.isnan(surface)
    assert (surface[both] >= terrain[both] - 0.001).all()
    assert 38 < np.nanmax(surface) < 42, "the spire of the church"


def test_the_readers_give_all_objects_and_leave_the_history_out(read):
    topography = read[Role.TOPOGRAPHY].data
    ground = partition(merge_topography([topography]), AREA)
    assert not topography["object_id"].duplicated().any()
    assert any("history" in remark for remark in read[Role.TOPOGRAPHY].remarks)
    assert shapely.union_all(ground.geometry.to_numpy()).symmetric_difference(shapely.box(*BOX)).area < 0.01
    assert ground.area.sum() == pytest.approx(AREA.area, abs=0.01)
    assert len(trees(topography, AREA)) > 120
    assert len(decks(topography, AREA)) == 9
    assert set(topography["owner"]) == {"G9999", "W9999"}


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
    surface = _heights(read[Role.SURFACE])
    models = read[Role.BUILDING_MODELS].data
    houses = models[(models["roof_type"] == "slanted") & (models.geometry.area > 30)].iloc[::25]
    x, y = np.meshgrid(BOX[0] + 0.5 * np.arange(CELLS) + 0.25, BOX[3] - 0.5 * np.arange(CELLS) - 0.25)
    for house in houses.itertuples():
        inside = shapely.contains_xy(house.geometry, x, y)
        assert np.nanpercentile(surface[inside], 70) == pytest.approx(house.roof_height, abs=0.25)


def test_every_file_says_that_it_is_generated(folder):
    assert "bestaat niet" in GENERATED
    for path in (folder / name for name in (*CORE, "LEESMIJ.txt", "area.geojson")):
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
    def hashes(written, base):
        return {path.relative_to(base).as_posix(): sha256_of(path) for path in written}

    first = hashes((path for path in folder.rglob("*") if path.is_file()), folder)
    again = hashes(write_sample(tmp_path / "again", seed=7, km2=0.1), tmp_path / "again")
    other = hashes(write_sample(tmp_path / "again", seed=8, km2=0.1, force=True), tmp_path / "again")
    assert first == again
    assert first.keys() == other.keys()
    assert not {name for name in CORE if first[name] == other[name]}


# -- the BGT as it is delivered ----------------------------------------------------------------------------------


def test_the_delivery_has_the_files_of_a_real_one(folder, shared_data):
    """The same members in the same order; an object type without objects is the same 388 bytes."""
    with (
        zipfile.ZipFile(folder / DELIVERY) as ours,
        zipfile.ZipFile(shared_data / "nl" / "otterlo-bgt" / "otterlo.zip") as real,
    ):
        assert ours.namelist() == real.namelist() == [f"bgt_{theme}.gml" for theme in TYPES]
        assert ours.read("bgt_buurt.gml") == real.read("bgt_buurt.gml")
        assert len(ours.read("bgt_spoor.gml")) == 388


@pytest.mark.parametrize(
    "theme", ["wegdeel", "ondersteunendwegdeel", "begroeidterreindeel", "pand", "put", "paal"]
)
def test_objects_of_the_delivery_have_the_elements_of_real_ones(folder, shared_data, theme):
    """Every element of ours is one that the real delivery has in that object type, in the same namespace."""
    found, known = (
        _elements(path, theme) for path in (folder / DELIVERY, shared_data / "nl" / "otterlo-bgt" / "otterlo.zip")
    )
    assert found <= known
    assert len(found) > 12


def _elements(path, theme):
    with zipfile.ZipFile(path) as archive, archive.open(f"bgt_{theme}.gml") as file:
        return {element.tag for element in etree.parse(file).iter() if isinstance(element.tag, str)}


def test_two_forms_of_one_delivery_count_once(readings):
    """CityGML and GeoPackage hold the same objects; linked together they are one land cover."""
    gml, table = readings[DELIVERY].data, readings[BGT].data
    assert sorted(gml["object_id"]) == sorted(table["object_id"])
    joined = merge_topography([gml, table])
    assert len(joined) == len(table)
    assert partition(joined, AREA).area.sum() == pytest.approx(AREA.area, abs=0.01)
    columns = ["object_id", "theme", "function", "surface", "plus_surface", "level", "owner", "status", "bag_id"]
    ordered = (frame.sort_values("object_id")[columns].reset_index(drop=True) for frame in (gml, table))
    pd.testing.assert_frame_equal(*ordered)


# -- the BAG -----------------------------------------------------------------------------------------------------


def test_verblijfsobjecten_join_to_their_panden(folder):
    """One row a dwelling or place of work, with the columns of the web feature service."""
    panden = pyogrio.read_dataframe(folder / BAG, layer="pand").set_index("identificatie")
    homes = pyogrio.read_dataframe(folder / BAG, layer="verblijfsobject")
    assert set(homes["pandidentificatie"]) <= set(panden.index)
    counts = homes.groupby("pandidentificatie").size()
    assert (panden["aantal_verblijfsobjecten"] == counts.reindex(panden.index).fillna(0)).all()
    assert homes["identificatie"].is_unique
    assert homes["postcode"].str.fullmatch(r"999\d[A-Z]{2}").all()
    assert (homes["oppervlakte"] > 10).all()
    assert {"woonfunctie", "onderwijsfunctie", "bijeenkomstfunctie"} <= set(homes["gebruiksdoel"])


# -- faults of real deliveries -----------------------------------------------------------------------------------


def test_the_faults_are_there(quirky, folder):
    """Numbers for ids, panden that do not stand, unmarked holes, a URN, more history than present."""
    panden = pyogrio.read_dataframe(quirky / BAG, layer="pand")
    assert panden["identificatie"].dtype == "int64"
    assert {"Pand gesloopt", "Niet gerealiseerd pand"} <= set(panden["status"])
    assert (panden["bouwjaar"] == 9999).any()
    assert panden.geometry.has_z.all()
    with rasterio.open(quirky / "dtm_05m/M_99XX1.tif") as raster:
        assert raster.nodata is None
        assert raster.crs.to_epsg() == 7415
        assert (raster.read(1) == -9999).any()
    header, first = _features(quirky / MODELS)[:2]
    assert header["metadata"]["referenceSystem"] == "urn:ogc:def:crs:EPSG::7415"
    assert {type(g["lod"]) for o in first["CityObjects"].values() for g in o["geometry"]} == {float}
    roads = pyogrio.read_dataframe(quirky / BGT, layer="bgt_wegdeel")
    assert roads["eindregistratie"].notna().mean() > 0.45
    assert roads.total_bounds[2] > BOX[2] + 2000
    kinds = set(pyogrio.read_dataframe(quirky / BGT, layer="bgt_vegetatieobject").geom_type)
    assert kinds == {"Point", "LineString"}
    assert kinds > set(pyogrio.read_dataframe(folder / BGT, layer="bgt_vegetatieobject").geom_type)


def test_the_faults_change_nothing_of_what_is_read(quirky, readings):
    """Land cover, decks, trees, panden, models, heights and registers are the same with and without them."""
    _, troubled = _read_all(quirky)
    assert troubled.keys() - readings.keys() == {"statistiek_gebieden_buurten.shp"}
    assert readings.keys() <= troubled.keys()
    for path in (BGT, DELIVERY):
        for layer in (partition, decks, trees):
            expected, found = (layer(frame[path].data, AREA) for frame in (readings, troubled))
            pd.testing.assert_frame_equal(*(_sorted(frame) for frame in (expected, found)))
    for path, key in ((BAG, "bag_id"), (MODELS, "bag_id")):
        columns = [name for name in readings[path].data.columns if name not in {"solid", "solid_surfaces"}]
        expected, found = (_sorted(frame[path].data[columns], key) for frame in (readings, troubled))
        pd.testing.assert_frame_equal(expected, found)
    registers = [path for path in readings if path.endswith(".csv")]
    for path in (f"{BAG}#verblijfsobject", *registers, "cbs_vk100_2023.gpkg", "voetgangersnetwerk.gpkg"):
        key = readings[path].data.columns[0]
        expected, found = (_sorted(frame[path].data, key) for frame in (readings, troubled))
        pd.testing.assert_frame_equal(expected, found)
    for path in (path for path in readings if path.endswith(".tif")):
        np.testing.assert_array_equal(_heights(troubled[path]), _heights(readings[path]))


def test_the_buurten_of_two_editions_are_the_same_people(quirky, readings):
    """The shapefile of 2021 has cut names, other sentinels and clipped shapes, but the figures of 2023."""
    old = _read_all(quirky)[1]["statistiek_gebieden_buurten.shp"].data.set_index("area_id")
    new = readings["wijkenbuurten_2023.gpkg"].data.set_index("area_id")
    for fact in ("residents", "households", "dwellings"):
        pd.testing.assert_series_equal(old[fact], new.loc[old.index, fact])
    assert (old.geometry.area < new.loc[old.index].geometry.area).any()


def _sorted(frame, key="object_id"):
    plain = pd.DataFrame(frame).sort_values(key).reset_index(drop=True)
    return plain.assign(geometry=shapely.to_wkb(frame.sort_values(key).geometry.to_numpy()))
