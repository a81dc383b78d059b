"""One code path: the same place gives the same answer, whatever files it was delivered in."""

from pathlib import Path

import numpy as np
import pytest

import morgen
from morgen.services.area_file import read_area

REPOSITORY = Path(__file__).resolve().parents[2]
DELIVERIES = {
    "point cloud, SQLite, CityJSON": ("ahn3-laz", "bgt-sqlite", "cityjson"),
    "GeoTIFF, GeoPackage, CityJSONSeq": (
        "derived/delft_oost_ahn3_dtm_05m.tif",
        "derived/delft_oost_ahn3_dsm_05m.tif",
        "derived/delft_oost_bgt.gpkg",
        "derived/3dbag_v210908_delft_oost_clip.v11.city.jsonl",
    ),
}


@pytest.fixture(scope="module")
def runs(shared_data, tmp_path_factory):
    """Twenty millimetres in six minutes on Delft-oost, from each delivery."""
    found = {}
    area = read_area(REPOSITORY / "examples/delft-oost.geojson")
    for number, paths in enumerate(DELIVERIES.values()):
        twin = morgen.create(tmp_path_factory.mktemp("delivery") / str(number), area, cell_size=2.0)
        twin.add(*(shared_data / "nl/delft-oost" / path for path in paths))
        found[number] = twin.run("pluvial-flood", rain=20, duration=0.1, after=0.1)
    return found


def common(situation, name, situations):
    """The values of a raster in the box that all situations share; the extents of deliveries differ by metres."""
    boxes = np.array([other.grid.bounds for other in situations])
    (west, south), (east, north) = boxes[:, :2].max(axis=0), boxes[:, 2:].min(axis=0)
    grid = situation.grid
    rows = slice(round((grid.ymax - north) / grid.cell_size), round((grid.ymax - south) / grid.cell_size))
    columns = slice(round((west - grid.xmin) / grid.cell_size), round((east - grid.xmin) / grid.cell_size))
    return situation.raster(name).values[rows, columns]


def test_the_ground_is_the_same(runs):
    """Heights gridded from the points and heights of the raster differ by millimetres where both are measured."""
    situations = [run.situation for run in runs.values()]
    cloud, raster = (common(situation, "terrain", situations) for situation in situations)
    measured = [common(situation, "terrain_origin", situations) == 0 for situation in situations]

    both = measured[0] & measured[1]
    apart = (cloud - raster)[both]

    assert both.sum() > 0.95 * max(m.sum() for m in measured)
    assert np.sqrt(np.mean(apart**2)) < 0.02


def test_the_land_cover_is_the_same(runs):
    """Both spellings of the BGT give the same objects with the same words."""
    one, other = (
        run.situation.features("land_cover").set_index("object_id").sort_index() for run in runs.values()
    )

    for column in ("theme", "function", "surface", "level", "status"):
        assert one[column].equals(other[column])


def test_buildings_have_heights_from_what_there_is(runs):
    """Where the delivery has no 3D model of a building, the surface raster gives one within a metre."""
    modelled, measured = (run.situation.features("buildings").set_index("bag_id") for run in runs.values())
    shared = modelled.index.intersection(measured.index)
    assert len(shared) >= 160

    raised = measured.loc[shared]
    assert (raised["height_source"] == "surface-raster").sum() > 100
    apart = (modelled.loc[shared, "roof_height"] - raised["roof_height"]).abs()
    assert apart.median() < 1.0


def test_the_answer_is_the_same(runs):
    """Flooded ground differs by less than a tenth, the shares of the rain by less than 0.05: the boxes differ."""
    one, other = ({item.id: item.value for item in run.indicators} for run in runs.values())

    assert one["flooded-area"] == pytest.approx(other["flooded-area"], rel=0.1)
    for part in ("stored", "sewer", "outflow"):
        shares = [run.balance[part] / run.balance["rain"] for run in runs.values()]
        assert shares[0] == pytest.approx(shares[1], abs=0.05)
