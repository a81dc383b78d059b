"""One layer of buildings out of BGT, BAG and 3D models: each building once."""

import functools
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from tests.sources.closed_solids import is_closed, volume

from morgen.core.grid import Grid
from morgen.sources.bag import table_reader
from morgen.sources.buildings import JoinQuality, join_buildings, join_quality, match_buildings
from morgen.sources.cityjson import reader as cityjson_reader
from morgen.sources.identifiers import bag_id

AREA = shapely.box(0, 0, 100, 100)
OOST = Grid.covering((84_616, 447_423, 85_141, 447_751), 0.5)
COLUMNS = {
    *("bag_id", "object_id", "construction_year", "status", "use", "dwellings", "usable_area", "dwelling_area"),
    *("ground_height", "roof_height", "height"),
    *("height_source", "roof_type", "lod", "solid", "solid_surfaces", "in_bgt", "in_bag", "in_model", "source_id"),
    "geometry",
}


def frame(rows: list[dict[str, Any]]) -> Any:
    import geopandas as gpd

    return gpd.GeoDataFrame(rows, geometry=[row.pop("geometry") for row in rows], crs="EPSG:28992")


def pand(name: str, shape: Any, level: int = 0) -> dict[str, Any]:
    return {"bag_id": name, "object_id": f"G0503.{name}", "level": level, "geometry": shape, "source_id": "bgt"}


def entry(name: str, shape: Any, year: int | None = 1950) -> dict[str, Any]:
    return {"bag_id": name, "construction_year": year, "status": "Pand in gebruik", "use": "", "geometry": shape}


def model(name: str, shape: Any, lod: str = "2.2", **stated: Any) -> dict[str, Any]:
    from morgen.sources.buildings import extrude

    solid, kinds = extrude(shape, 0.0, 6.0) if shape is not None else (None, [])
    usual: dict[str, Any] = {
        "bag_id": name,
        "object_id": name or "x",
        "construction_year": pd.NA,
        "ground_height": 0.0,
        "roof_height": 6.0,
        "roof_type": "",
        "lod": lod,
        "solid": solid,
        "solid_surfaces": kinds,
        "geometry": shape,
    }
    return usual | stated


def joined(panden: Any = None, register: Any = None, models: Any = None) -> tuple[Any, JoinQuality]:
    given = [frame(rows) if rows is not None else None for rows in (panden, register, models)]
    matches = match_buildings(*given, polygon=AREA)
    buildings = join_buildings(*given, polygon=AREA, matches=matches)
    return buildings, join_quality(buildings, matches)


ID, OTHER, THIRD = (f"05031000000000{number:02d}" for number in (1, 2, 3))
HERE, THERE = shapely.box(10, 10, 20, 20), shapely.box(40, 10, 50, 20)


def test_three_sources_of_one_id_are_one_building():
    """The footprint is that of the BGT, the year that of the BAG, the heights and the solid those of the model."""
    buildings, quality = joined(
        [pand(ID, HERE)],
        [entry(ID, shapely.box(10, 10, 20, 21), 1930)],
        [model(ID, shapely.box(10, 10, 21, 20), construction_year=1999, roof_type="slanted")],
    )
    assert set(buildings.columns) == COLUMNS
    row = buildings.iloc[0]
    assert len(buildings) == 1
    assert row.geometry.equals(HERE)
    assert (row["construction_year"], row["status"], row["source_id"]) == (1930, "Pand in gebruik", "bgt")
    assert (row["ground_height"], row["roof_height"], row["height"], row["height_source"]) == (
        0.0,
        6.0,
        6.0,
        "3dbag",
    )
    assert (row["in_bgt"], row["in_bag"], row["in_model"]) == (True, True, True)
    assert (quality.joined_by_id, quality.joined_by_place, quality.unjoined) == (1, 0, ())


def test_a_building_that_one_source_knows_stays():
    """Nothing is lost: it is there with its flags, and its id is listed as not joining."""
    buildings, quality = joined(
        [pand(ID, HERE)], [entry(OTHER, THERE)], [model(THIRD, shapely.box(70, 10, 80, 20), lod="1")]
    )
    assert buildings[["in_bgt", "in_bag", "in_model"]].to_numpy().tolist() == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]
    assert list(buildings["height_source"]) == ["", "", "cityjson"]
    assert quality.unjoined == (ID, OTHER, THIRD)
    assert quality.without_height == (ID, OTHER)


@pytest.mark.parametrize("name", ["", THIRD])
def test_a_model_that_stands_on_a_footprint_is_that_building(name):
    """Without an id, or with one that nobody knows, more than half of it on a footprint decides."""
    buildings, quality = joined([pand(ID, HERE)], None, [model(name, shapely.box(13, 10, 23, 20))])
    assert len(buildings) == 1
    assert buildings.iloc[0]["bag_id"] == ID
    assert buildings.iloc[0]["roof_height"] == 6.0
    assert (quality.joined_by_id, quality.joined_by_place) == (0, 1)


def test_a_model_that_leans_on_a_footprint_is_its_own_building():
    """Less than half of it on a footprint is a neighbour with a crooked wall."""
    buildings, quality = joined([pand(ID, HERE)], None, [model("", shapely.box(16, 10, 26, 20))])
    assert len(buildings) == 2
    assert quality.joined_by_place == 0


def test_models_without_ids_are_counted_once():
    """The same building in two files without ids is one building, that of the best detail."""
    buildings, quality = joined(
        None, None, [model("", HERE, lod="1", object_id="a"), model("", HERE, lod="2.2", object_id="b")]
    )
    assert list(buildings["object_id"]) == ["b"]
    assert quality.duplicates == 1


def test_a_model_over_a_whole_row_is_not_a_second_row():
    """A model that covers three panden of a row lies on them together: it joins, and adds no building."""
    row = [shapely.box(x, 10, x + 10, 20) for x in (10, 20, 30)]
    buildings, _ = joined(
        [pand(f"{ID[:-1]}{n}", shape) for n, shape in enumerate(row)],
        None,
        [model("", shapely.box(10, 10, 40, 20))],
    )
    assert len(buildings) == 3


def test_the_register_joins_by_id_to_a_pand_without_one():
    """A BGT pand without a BAG id takes that of the BAG pand on the same place, and then the model joins by it."""
    buildings, quality = joined([pand("", HERE)], [entry(ID, HERE)], [model(ID, HERE)])
    assert len(buildings) == 1
    assert buildings.iloc[0]["bag_id"] == ID
    assert quality.joined_by_place == 1


def test_two_panden_of_the_register_on_one_place_stay_two():
    """The BAG has panden above each other; its own ids say that they are two."""
    buildings, _ = joined([pand(ID, HERE)], [entry(ID, HERE), entry(OTHER, HERE)], None)
    assert list(buildings["bag_id"]) == [ID, OTHER]


def test_the_best_level_of_detail_wins_and_others_fill_its_gaps():
    """2.2 gives the solid though it comes last; the year comes from whoever knows it."""
    low = model(ID, HERE, lod="1", construction_year=1960, roof_height=5.0)
    middle = model(ID, HERE, lod="1.3", roof_height=5.5)
    high = model(ID, HERE, lod="2.2", roof_height=float("nan"), ground_height=float("nan"))
    buildings, quality = joined(None, None, [low, middle, high])
    row = buildings.iloc[0]
    assert (len(buildings), row["lod"], row["construction_year"]) == (1, "2.2", 1960)
    assert row["solid"] is high["solid"] or row["solid"].equals(high["solid"])
    assert (row["roof_height"], row["ground_height"]) == (5.5, 0.0)
    assert quality.duplicates == 2


def test_at_equal_detail_a_solid_with_a_floor_wins():
    """An open solid is drawn as a building without a bottom, so a closed one is preferred."""
    half = model(ID, HERE, lod="1", roof_height=3.0)
    half |= {
        "solid": shapely.MultiPolygon(list(half["solid"].geoms)[1:]),
        "solid_surfaces": half["solid_surfaces"][1:],
    }
    buildings, _ = joined(None, None, [half, model(ID, HERE, lod="1")])
    assert "ground" in buildings.iloc[0]["solid_surfaces"]
    assert buildings.iloc[0]["roof_height"] == 6.0


def test_panden_of_one_id_are_one_building_and_the_underground_is_none():
    """The BGT cuts a pand where it crosses another level; what lies below the ground is not in the layer."""
    east = shapely.box(20, 10, 30, 20)
    buildings, _ = joined([pand(ID, HERE), pand(ID, east, level=1), pand(OTHER, THERE, level=-1)])
    assert len(buildings) == 1
    assert buildings.geometry.iloc[0].area == pytest.approx(200)


def test_a_model_without_a_shape_joins_by_id_only():
    """Heights without a place still help the pand of that id, and are nothing elsewhere."""
    buildings, _ = joined([pand(ID, HERE)], None, [model(ID, None, lod=""), model(OTHER, None, lod="")])
    assert list(buildings["bag_id"]) == [ID]
    row = buildings.iloc[0]
    assert (row["roof_height"], row["lod"]) == (6.0, "1")
    assert is_closed(row["solid"])
    assert volume(row["solid"]) == pytest.approx(600)


def test_only_buildings_that_meet_the_area_are_kept():
    """The area is a polygon, not its box."""
    triangle = shapely.Polygon([(0, 0), (60, 0), (0, 60)])
    given = frame([pand(ID, HERE), pand(OTHER, shapely.box(55, 55, 59, 59))])
    assert list(join_buildings(given, None, None, polygon=triangle)["bag_id"]) == [ID]


def test_no_source_at_all_gives_an_empty_layer_with_its_columns():
    """An area without buildings has the same form as any other."""
    buildings, quality = joined()
    assert set(buildings.columns) == COLUMNS
    assert (len(buildings), quality.buildings) == (0, 0)
    assert buildings.crs.to_epsg() == 28992


def test_the_layer_can_be_stored_and_read_back(tmp_path):
    """Both geometries, lists and nullable numbers survive GeoParquet."""
    import geopandas as gpd

    buildings, _ = joined([pand(ID, HERE)], [entry(OTHER, THERE, None)], [model(ID, HERE)])
    buildings.to_parquet(tmp_path / "buildings.parquet")
    back = gpd.read_parquet(tmp_path / "buildings.parquet")
    assert back["solid"].iloc[0].equals(buildings["solid"].iloc[0])
    assert back["solid"].iloc[0].has_z
    assert back["solid"].iloc[1] is None
    assert list(back["solid_surfaces"].iloc[0]) == buildings["solid_surfaces"].iloc[0]
    assert back["construction_year"].isna().all()


@functools.cache
def panden_of_delft(folder: Path) -> Any:
    import geopandas as gpd

    found = gpd.read_file(folder / "nl/delft-oost/bgt-sqlite/bgt_pand.sqlite")
    return gpd.GeoDataFrame(
        {
            "bag_id": [bag_id(value) for value in found["identificatiebagpnd"]],
            "object_id": found["lokaalid"],
            "level": found["relatievehoogteligging"],
        },
        geometry=found.geometry.to_numpy(),
        crs="EPSG:28992",
    )


def models_of(*paths: Path) -> Any:
    read = []
    for path in paths:
        recognised = cityjson_reader.recognise(path)
        assert recognised is not None
        read.append(cityjson_reader.read(recognised, OOST).data)
    return pd.concat(read, ignore_index=True)


def test_delft_oost_joins_twelve_panden_of_3dbag(shared_data):
    """160 BGT panden, 22 buildings of the 3DBAG clip, 12 of them both, with footprints that fit 0.93 to 1.00."""
    panden = panden_of_delft(shared_data)
    clip = models_of(shared_data / "nl/delft-oost/derived/3dbag_v210908_delft_oost_clip.v11.city.jsonl")
    area = shapely.box(*OOST.bounds)
    matches = match_buildings(panden, None, clip, polygon=area)
    buildings = join_buildings(panden, None, clip, polygon=area, matches=matches)
    quality = join_quality(buildings, matches)
    assert (quality.in_topography, quality.joined_by_id, quality.joined_by_place) == (160, 12, 0)
    assert len(clip) == 22
    both = buildings[buildings["in_bgt"] & buildings["in_model"]].set_index("bag_id").geometry
    other = clip.set_index("bag_id").geometry.loc[both.index]
    overlap = shapely.area(shapely.intersection(both.to_numpy(), other.to_numpy()))
    iou = overlap / shapely.area(shapely.union(both.to_numpy(), other.to_numpy()))
    assert len(iou) == 12
    assert 0.93 <= round(iou.min(), 2) <= iou.max() <= 1.0


def test_every_pand_of_delft_oost_gets_the_best_of_three_files(shared_data):
    """3DBAG where it is, else the LoD1 model that has floors; three files read and joined within three seconds."""
    panden = panden_of_delft(shared_data)
    files = sorted((shared_data / "nl/delft-oost/cityjson").glob("*.json*"))
    start = time.process_time()
    models = models_of(*files)
    matches = match_buildings(panden, None, models, polygon=shapely.box(*OOST.bounds))
    buildings = join_buildings(panden, None, models, polygon=shapely.box(*OOST.bounds), matches=matches)
    assert time.process_time() - start < 3
    assert len(files) == 3
    quality = join_quality(buildings, matches)
    assert (quality.in_topography, quality.joined_by_id, quality.without_height) == (160, 160, ())
    in_bgt = buildings[buildings["in_bgt"]]
    assert in_bgt["lod"].value_counts().to_dict() == {"1": 148, "2.2": 12}
    assert all("ground" in kinds for kinds in buildings["solid_surfaces"])
    assert buildings["bag_id"].is_unique


def test_wippolder_joins_421_buildings_of_3dbag_with_the_register(shared_data):
    """All that share an id join; years come from the register, and three buildings have no height."""
    folder = shared_data / "nl/delft-wippolder"
    grid = Grid.covering((84_000, 445_000, 87_000, 448_000), 10)

    def read(reader: Any, name: str) -> Any:
        return reader.read(reader.recognise(folder / name), grid).data

    register = read(table_reader, "bag_pand_tudcampus.geojson")
    models = read(cityjson_reader, "3dbag_v210908_fd2cee53_5910.v10.city.json")
    area = shapely.box(*grid.bounds)
    matches = match_buildings(None, register, models, polygon=area)
    buildings = join_buildings(None, register, models, polygon=area, matches=matches)
    quality = join_quality(buildings, matches)
    assert quality.joined_by_id == 421
    assert (
        quality.joined_by_id + quality.joined_by_place + (buildings["in_model"] & ~buildings["in_bag"]).sum()
        == 432
    )
    known = buildings[buildings["in_model"]]
    assert known["roof_height"].isna().sum() == 3
    assert known["solid"].notna().sum() == 429
