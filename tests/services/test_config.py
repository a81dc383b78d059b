"""A twin's settings are readable, located when wrong, and survive what Morgen adds to them."""

import json

import pytest
import shapely

from morgen.core.area import Area
from morgen.core.errors import AreaError, ConfigError, InputError, TwinNotFoundError
from morgen.services.area_file import area_document, read_area
from morgen.services.config import (
    LinkedSource,
    append_source,
    default_cell_size,
    read_config,
    read_device,
    write_new_config,
)

AREA = Area.from_bbox((84_808, 447_412, 85_072, 447_641), name="Delft-oost")


@pytest.fixture
def folder(tmp_path):
    write_new_config(tmp_path / "twin", AREA, cell_size=0.5)
    return tmp_path / "twin"


def edit(folder, old, new):
    path = folder / "morgen.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_new_twin_reads_back(folder):
    """What init wrote is what the next command reads."""
    config = read_config(folder)

    assert config.area == AREA
    assert config.cell_size == 0.5
    assert config.sources == ()


def test_the_settings_hold_comments_for_their_reader(folder):
    """The file explains itself: every table has a comment or is plain."""
    text = (folder / "morgen.toml").read_text()

    assert "cell_size = 0.5" in text
    assert text.count("#") >= 5


def test_adding_a_source_keeps_what_its_owner_wrote(folder):
    """Comments and own settings survive `morgen add`."""
    edit(folder, "[grid]", "[grid]  # my own remark")

    append_source(folder, LinkedSource(path="data/ahn"))

    assert "# my own remark" in (folder / "morgen.toml").read_text()
    assert read_config(folder).sources == (LinkedSource(path="data/ahn"),)


def test_a_name_with_quotes_and_accents_survives(tmp_path):
    """The name of an area may hold anything that TOML can quote."""
    area = AREA.model_copy(update={"name": 'De "Wåde" \\ noord'})

    write_new_config(tmp_path / "twin", area, cell_size=1)

    assert read_config(tmp_path / "twin").name == area.name


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("cell_size = 0.5", "cell_size = -1", r"grid\.cell_size = -1.*greater than or equal to 0\.1"),
        ("cell_size = 0.5", "cel_size = 0.5", r"grid\.cel_size.*not permitted"),
        ("[grid]", "[grid", r"not valid TOML.*line"),
        ('name = "Delft-oost"', "name = 3", r"twin\.name = 3.*string"),
    ],
)
def test_a_wrong_setting_is_named_with_its_place(folder, old, new, sentence):
    """The sentence names the file, the key and what is allowed."""
    edit(folder, old, new)

    with pytest.raises(ConfigError, match=rf"morgen\.toml.*{sentence}"):
        read_config(folder)


def test_a_folder_without_settings_is_no_twin(tmp_path):
    """The sentence says how to make one."""
    with pytest.raises(TwinNotFoundError, match=r"morgen init"):
        read_config(tmp_path)


def test_a_twin_is_not_made_twice(folder):
    """An existing twin is never overwritten."""
    before = (folder / "morgen.toml").read_text()

    with pytest.raises(InputError, match="is a twin already"):
        write_new_config(folder, AREA, cell_size=2)

    assert (folder / "morgen.toml").read_text() == before


@pytest.mark.parametrize(("hectares", "cell_size"), [(6, 0.5), (100, 1.0), (1000, 2.0), (4000, 5.0)])
def test_large_areas_start_with_larger_cells(hectares, cell_size):
    """A laptop can compute a new twin without thinking about it."""
    side = (hectares * 10_000) ** 0.5
    area = Area.from_bbox((100_000, 400_000, 100_000 + side, 400_000 + side), name="x")

    assert default_cell_size(area) == cell_size


def write(tmp_path, document):
    path = tmp_path / "area.geojson"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def polygon(corners, **extra):
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]], **extra}


RD_CORNERS = [[84_808, 447_412], [85_072, 447_412], [85_072, 447_641], [84_808, 447_641]]
LONLAT_CORNERS = [[4.3600, 52.0110], [4.3640, 52.0110], [4.3640, 52.0130], [4.3600, 52.0130]]


def test_longitude_and_latitude_become_rd(tmp_path):
    """GeoJSON without a word is longitude and latitude, as its standard says: 4.36, 52.011 is in Delft."""
    area = read_area(write(tmp_path, polygon(LONLAT_CORNERS)))

    assert area.bounds[0] == pytest.approx(84_478.9, abs=0.1)
    assert area.bounds[1] == pytest.approx(447_454.2, abs=0.1)
    assert area.surface == pytest.approx(274.5 * 222.5, rel=0.01)


@pytest.mark.parametrize("crs", [None, "urn:ogc:def:crs:EPSG::28992", "EPSG:28992"])
def test_rd_coordinates_are_recognised(tmp_path, crs):
    """RD New is taken as such when the file names it, and when the numbers can be nothing else."""
    extra = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}

    assert read_area(write(tmp_path, polygon(RD_CORNERS, **extra))).bounds == AREA.bounds


def test_an_area_file_reads_back(tmp_path):
    """The area file of a twin opens in a GIS and reads back the same."""
    assert read_area(write(tmp_path, area_document(AREA))) == AREA


def test_several_polygons_are_one_area(tmp_path):
    """The features of a collection together are the area."""
    west, east = shapely.box(84_800, 447_400, 84_900, 447_500), shapely.box(84_900, 447_400, 85_000, 447_500)
    features = [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(box)} for box in (west, east)
    ]

    area = read_area(write(tmp_path, {"type": "FeatureCollection", "features": features}))

    assert area.surface == 20_000


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("{", "is not JSON"),
        ("[1, 2]", "holds no polygon"),
        ({"type": "FeatureCollection", "features": []}, "holds no polygon"),
        ({"type": "Point", "coordinates": [4.3, 52]}, "holds no polygon"),
        ({"type": "Polygon", "coordinates": "here"}, "is not GeoJSON with a polygon"),
        (polygon([RD_CORNERS[0], RD_CORNERS[2], RD_CORNERS[1], RD_CORNERS[3]]), "not valid .Self-intersection"),
        (polygon([[13.3, 52.5], [13.4, 52.5], [13.4, 52.6], [13.3, 52.6]]), "not in the Netherlands"),
        (polygon([[2.1, 50.1], [2.2, 50.1], [2.2, 50.2], [2.1, 50.2]]), "outside the Netherlands"),
        (
            polygon(RD_CORNERS, crs={"type": "name", "properties": {"name": "EPSG:25831"}}),
            "allowed are RD New",
        ),
    ],
)
def test_what_is_no_area_is_one_sentence(tmp_path, document, sentence):
    """The sentence says what is wrong and what to give instead."""
    with pytest.raises(AreaError, match=sentence):
        read_area(write(tmp_path, document))


def test_a_missing_polygon_file_is_named(tmp_path):
    """The sentence names the file that is not there."""
    with pytest.raises(AreaError, match=r"nowhere\.geojson does not exist"):
        read_area(tmp_path / "nowhere.geojson")


def test_the_device_is_a_setting(folder):
    """It is the processor until somebody says otherwise, also where there are no settings at all."""
    assert read_device(folder) == "cpu"
    assert read_device(folder / "elsewhere") == "cpu"
    edit(folder, "[grid]", '[compute]\ndevice = "auto"\n\n[grid]')
    assert read_device(folder) == "auto"
    edit(folder, '"auto"', '"gpu"')
    with pytest.raises(ConfigError, match=r"compute\.device = 'gpu', but input should be 'cpu', 'cuda' or 'auto'"):
        read_device(folder)
