"""People of squares and buurten are spread over homes; what is held back stays unknown and is not given away."""

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Grid
from morgen.sources.bag import address_reader
from morgen.sources.contract import POPULATION_COLUMNS
from morgen.sources.population import RESIDENT_COLUMNS, homes_of, reader, spread

BOX = Grid.covering((150_000, 450_000, 151_000, 451_000), 10.0)
SQUARES, BUURTEN = "cbs_vk100_2023.gpkg", "wijkenbuurten_2023.gpkg"


def read(path, grid=BOX):
    recognised = reader.recognise(path)
    assert recognised is not None
    return reader.read(recognised, grid)


def area(identity, kind, residents, shape, dwellings=np.nan):
    return {
        "area_id": identity,
        "kind": kind,
        "name": "",
        "residents": residents,
        "households": np.nan,
        "household_size": np.nan,
        "dwellings": dwellings,
        "source_id": kind,
        "geometry": shape,
    }


def areas(*rows):
    columns = [*POPULATION_COLUMNS, "source_id"]
    return geopandas.GeoDataFrame(list(rows), columns=columns, geometry="geometry", crs="EPSG:28992")


def homes(*points):
    values = {"home_id": [f"h{rank}" for rank in range(len(points))], "dwellings": np.ones(len(points))}
    return geopandas.GeoDataFrame(values, geometry=[shapely.Point(p) for p in points], crs="EPSG:28992")


FIRST, SECOND = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)
BOTH = shapely.box(0, 0, 200, 100)


def test_the_squares_and_buurten_of_the_sample_are_read(sample_files):
    """Each is told by its columns; the date is the first of January of its edition."""
    squares, buurten = read(sample_files / SQUARES), read(sample_files / BUURTEN)
    assert list(squares.data.columns) == list(POPULATION_COLUMNS)
    assert set(squares.data["kind"]) == {"square"}
    assert set(buurten.data["kind"]) == {"buurt"}
    assert squares.data_date == buurten.data_date == "2023-01-01"
    assert buurten.data["area_id"].str.startswith("BU9999").all()
    assert buurten.data["residents"].sum() == pytest.approx(squares.data["residents"].sum(), rel=0.05)


def test_real_buurten_with_cut_names_are_read(shared_data):
    """The shapefile of Akersloot has ten characters per name, and its figures."""
    path = shared_data / "nl" / "akersloot-cbs" / "statistiek_gebieden_buurten.shp"
    reading = read(path, Grid.covering((109_000, 506_000, 113_000, 510_000), 100.0))
    by_name = reading.data.set_index("name")
    assert by_name.loc["Zuidschermer", ["residents", "area_id"]].tolist() == [635, "BU03610904"]
    assert by_name["households"].gt(0).all()


def test_what_is_held_back_is_unknown(sample_files, tmp_path):
    """Every sentinel of the CBS becomes unknown and is counted; zero stays zero; other negatives are refused."""
    rows = pyogrio.read_dataframe(sample_files / SQUARES).head(6)
    rows["aantal_inwoners"] = [-99997, -99991, -99995, -99999999, 0, 25]
    pyogrio.write_dataframe(rows, tmp_path / "squares.gpkg")
    reading = read(tmp_path / "squares.gpkg")
    assert reading.data["residents"].tolist()[4:] == [0, 25]
    assert reading.data["residents"].isna().sum() == 4
    assert reading.remarks == ("4 of 6 rows hold their residents back: unknown, not zero.",)
    rows["aantal_inwoners"] = -5
    pyogrio.write_dataframe(rows, tmp_path / "wrong.gpkg")
    with pytest.raises(UnreadableSourceError, match=r"aantal_inwoners holds -5.*E150200N450300"):
        read(tmp_path / "wrong.gpkg")


def test_people_of_the_sample_stay_as_many(sample_files):
    """Spread over the dwellings, the people are those that the squares publish, and few are guessed."""
    addresses = read_addresses(sample_files)
    figures = read(sample_files / SQUARES).data.assign(source_id="cbs")
    found = spread(figures, homes_of(addresses, None))
    assert list(found.columns) == list(RESIDENT_COLUMNS)
    published = figures.loc[figures["residents"] >= 10, "residents"].sum()
    assert found.loc[~found["imputed"], "residents"].sum() == pytest.approx(published)
    assert found["imputed"].mean() < 0.05


def read_addresses(folder):
    path = folder / "bag_voorbeelddorp.gpkg"
    recognised = address_reader.recognise(path)
    assert recognised is not None
    return address_reader.read(recognised, BOX).data


def test_a_hidden_square_gets_the_average_of_its_buurt_and_is_marked():
    """It gets people per dwelling of the buurt, not what the buurt has left after the other square."""
    figures = areas(
        area("s1", "square", 60.0, FIRST),
        area("s2", "square", np.nan, SECOND),
        area("b", "buurt", 80.0, BOTH, dwellings=40),
    )
    found = spread(figures, homes((10, 10), (20, 20), (110, 10)))
    assert found["residents"].tolist() == [30, 30, 2]
    assert found["imputed"].tolist() == [False, False, True]
    assert found["basis"].tolist() == ["square", "square", "buurt"]
    assert found["area_id"].tolist() == ["s1", "s1", "b"]


def test_without_any_figure_the_average_of_the_country_stands():
    """Then all is guessed, and says so; with buurten around, theirs stands."""
    alone = spread(areas(area("b", "buurt", np.nan, FIRST)), homes((10, 10)))
    assert alone[["imputed", "basis"]].to_numpy().tolist() == [[True, "country"]]
    known = area("b2", "buurt", 50.0, SECOND, dwellings=10)
    around = spread(areas(area("b", "buurt", np.nan, FIRST), known), homes((10, 10), (110, 10)))
    assert around["basis"].tolist() == ["buurten around", "buurt"]
    assert around["residents"].tolist() == [5, 5]
    assert around["imputed"].tolist() == [True, False]


def test_people_without_a_home_on_the_map_keep_their_square():
    """A home for the elderly without a woonfunctie does not make its people disappear."""
    found = spread(areas(area("s1", "square", 45.0, FIRST)), homes((110, 10)))
    lone = found[found["home_id"] == "s1"].iloc[0]
    assert (lone["residents"], lone["dwellings"]) == (45, 0)
    assert lone.geometry.equals(shapely.Point(50, 50))


@given(st.integers(0, 9), st.integers(1, 30), st.integers(100, 400))
def test_a_small_square_cannot_be_read_off(people, dwellings, buurt):
    """Whatever fewer than ten people a square has, published or held back, the layer is the same."""
    points = [(110 + rank, 10) for rank in range(dwellings)]

    def layer(residents):
        figures = areas(
            area("s1", "square", 60.0, FIRST),
            area("s2", "square", residents, SECOND),
            area("b", "buurt", float(buurt), BOTH, dwellings=100),
        )
        return spread(figures, homes((10, 10), *points))

    assert layer(float(people)).equals(layer(np.nan))


def test_buildings_stand_for_dwellings_where_there_are_no_addresses():
    """They divide a total by their floors; a shed has no people."""
    buildings = geopandas.GeoDataFrame(
        {
            "bag_id": ["a", "", "c"],
            "object_id": ["a", "b", "c"],
            "use": ["woonfunctie", "winkelfunctie,woonfunctie", ""],
            "height": [6.0, np.nan, 3.0],
        },
        geometry=[shapely.box(0, 0, 10, 12), shapely.box(20, 0, 30, 12), shapely.box(40, 0, 42, 2)],
        crs="EPSG:28992",
    )
    found = homes_of(None, buildings)
    assert found["home_id"].tolist() == ["a", "b"]
    assert found["dwellings"].tolist() == [2, 1]
    assert not len(homes_of(None, None))


def test_other_files_are_left_to_other_readers(sample_files):
    """Of the whole sample only the figures of the CBS are taken."""
    taken = {path.name for path in sample_files.iterdir() if path.is_file() and reader.recognise(path)}
    assert taken == {SQUARES, BUURTEN}
