"""Nouns are frozen values: equal by content, to and from JSON, hashed by content."""

import json

import numpy as np
import pydantic
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from morgen.core.area import Area
from morgen.core.errors import AreaError, MissingLayerError
from morgen.core.grid import Grid
from morgen.core.indicator import Indicator
from morgen.core.noun import canonical_json, content_hash
from morgen.core.situation import Layer, LayerKind, Raster, Situation
from morgen.core.source import Role, Source, SourceStamp, SourceState
from morgen.core.units import Unit

BOX = (84_808.0, 447_412.0, 85_072.0, 447_641.0)


def situation(**layers: Layer) -> Situation:
    area = Area.from_bbox(BOX, name="Delft-oost")
    return Situation(area=area, grid=Grid.covering(BOX, 0.5), layers=layers)


def test_canonical_json_does_not_depend_on_order():
    """Equal values give equal bytes, and so equal hashes, whatever the order of their keys."""
    assert canonical_json({"b": 1, "a": [1.5, "é"]}) == canonical_json({"a": [1.5, "é"], "b": 1})
    assert content_hash({"a": 1}) != content_hash({"a": 2})


def test_hash_of_bytes_is_sha256():
    """The content hash of bytes is what sha256sum prints, so that anyone can check it."""
    assert content_hash(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_nan_has_no_canonical_form():
    """JSON has no NaN, so it is refused rather than written as something else."""
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"value": float("nan")})


@pytest.mark.parametrize(
    "noun",
    [
        Area.from_bbox(BOX, name="Delft-oost"),
        Grid.covering(BOX, 0.5),
        SourceStamp(
            source=Source(id="a.tif", title="AHN", format="height-geotiff", role=Role.TERRAIN),
            state=SourceState.OK,
            bounds=BOX,
        ),
        Indicator(id="flooded-area", title="t", value=1.0, unit="m2", meaning="m", does_not_show="d"),
    ],
    ids=lambda noun: type(noun).__name__,
)
def test_json_round_trip(noun):
    """Every noun comes back from its JSON text equal, with the same hash, and cannot be changed."""
    back = type(noun).from_json(json.loads(json.dumps(noun.to_json())))

    assert back == noun
    assert back.content_hash == noun.content_hash
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        setattr(noun, next(iter(type(noun).model_fields)), "other")


@given(
    st.floats(0, 299_000),
    st.floats(300_000, 629_000),
    st.floats(0.1, 900),
    st.floats(0.1, 900),
    st.sampled_from([0.25, 0.5, 1.0, 2.0, 5.0]),
)
def test_grid_covers_its_bounds_and_lines_up(xmin, ymin, width, height, cell_size):
    """A covering grid holds the whole box, wastes less than a cell on each side, and starts on whole multiples."""
    grid = Grid.covering((xmin, ymin, xmin + width, ymin + height), cell_size)

    west, south, east, north = grid.bounds
    slack = 1e-5 * cell_size
    assert west <= xmin + slack
    assert south <= ymin + slack
    assert east >= xmin + width - slack
    assert north >= ymin + height - slack
    assert xmin - west < cell_size + slack
    assert north - (ymin + height) < cell_size + slack
    assert (west / cell_size) == pytest.approx(round(west / cell_size), abs=1e-6)


def test_grid_refuses_an_edge_off_the_raster():
    """A grid whose neighbours would not line up is refused."""
    with pytest.raises(pydantic.ValidationError, match="whole multiple"):
        Grid(xmin=0.3, ymax=10, cell_size=0.5, rows=1, columns=1)


@pytest.mark.parametrize(
    ("polygon", "sentence"),
    [
        (shapely.Polygon([(85e3, 447e3), (851e2, 4471e2), (851e2, 447e3), (85e3, 4471e2)]), "Self-intersection"),
        (shapely.box(500_000, 447_000, 500_100, 447_100), "outside the Netherlands"),
        (shapely.box(4.3, 52.0, 4.4, 52.1), "outside the Netherlands"),
        (shapely.Polygon(), "no surface"),
        (shapely.Point(85_000, 447_000), "not a Point"),
    ],
)
def test_an_area_is_a_valid_polygon_in_the_netherlands(polygon, sentence):
    """Anything else is one sentence that says what is wrong."""
    with pytest.raises(AreaError, match=sentence):
        Area(name="x", polygon=polygon)


def test_an_upside_down_box_is_refused():
    """A box needs xmin < xmax and ymin < ymax."""
    with pytest.raises(AreaError, match="xmin < xmax"):
        Area.from_bbox((85_100, 447_000, 85_000, 447_100), name="x")


def test_unknown_unit_is_refused():
    """A unit that nobody explained cannot be used."""
    with pytest.raises(ValueError, match="furlong"):
        Unit("furlong")


def test_a_raster_fits_its_grid():
    """Values of another shape than the grid are a mistake of the programmer."""
    with pytest.raises(ValueError, match=r"\(2, 2\)"):
        Raster(Grid.covering(BOX, 0.5), np.zeros((2, 2)))


def test_a_missing_layer_says_why():
    """Asking for a layer that could not be made names the layer, the reason and what to do."""
    layer = Layer(name="terrain", kind=LayerKind.RASTER, title="t", problem="dtm.tif is truncated")

    with pytest.raises(MissingLayerError, match=r"terrain.*dtm\.tif is truncated.*morgen add"):
        situation(terrain=layer).raster("terrain")


def test_fetching_later_is_the_same_situation():
    """The hash of a situation tells its content, not when it was fetched."""
    layer = Layer(name="terrain", kind=LayerKind.RASTER, title="t", sha256="ab")
    source = Source(id="a.tif", title="AHN", format="height-geotiff", role=Role.TERRAIN)
    stamped = layer.model_copy(update={"stamps": (SourceStamp(source=source, state=SourceState.OK),)})

    assert situation(terrain=layer).content_hash == situation(terrain=stamped).content_hash
    assert situation(terrain=layer).content_hash != situation().content_hash


def test_a_situation_comes_back_from_json():
    """The description of a situation survives a round trip through JSON text."""
    layer = Layer(name="terrain", kind=LayerKind.RASTER, title="t", sha256="ab", count=3)
    whole = situation(terrain=layer)

    assert Situation.from_json(json.loads(json.dumps(whole.to_json()))) == whole
