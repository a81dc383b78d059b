"""Features for those who ask for some of them: the right ones, each once, in the order of the layer."""

import json
import resource
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from morgen.core.crs import rd_to_lonlat
from morgen.core.errors import InputError, NotFoundError, StorageError
from morgen.services.feature_store import FeatureStore
from morgen.services.features.crs import CRS84, FEATURE_CRS, RD, Box
from morgen.services.features.table import unique_ids
from morgen.services.layers import LayerStore

WEST, SOUTH = 85_000.0, 447_000.0


def put(store, frame):
    return LayerStore(store.objects).write_features_layer(frame)


def features_of(page):
    return json.loads(b"[" + page.features + b"]")


def ids_of(page):
    return [feature["id"] for feature in features_of(page)]


def mixed_shapes(count=400, seed=7):
    """Return shapes of every kind in 1 x 1 km, some of them empty or missing, one with heights and holes."""
    random = np.random.default_rng(seed)
    shapes = []
    for row in range(count):
        middle = shapely.Point(WEST + random.uniform(0, 1000), SOUTH + random.uniform(0, 1000))
        size = random.uniform(1, 60)
        kinds = [
            middle,
            shapely.box(middle.x, middle.y, middle.x + size, middle.y + size / 2),
            middle.buffer(size, quad_segs=2).difference(middle.buffer(size / 2, quad_segs=2)),
            shapely.MultiPolygon(
                [middle.buffer(2), shapely.box(middle.x + 90, middle.y, middle.x + 99, middle.y + 9)]
            ),
            shapely.LineString(
                [(middle.x, middle.y), (middle.x - size, middle.y + 3 * size), (middle.x, middle.y + 80)]
            ),
            shapely.MultiPoint([(middle.x, middle.y), (middle.x + size, middle.y - size)]),
            None,
            shapely.Polygon(),
        ]
        shapes.append(kinds[row % len(kinds)])
    return np.array(shapes, dtype=object)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return FeatureStore.of_twin(tmp_path_factory.mktemp("twin"))


@pytest.fixture(scope="module")
def mixed(store):
    """A layer of shapes of every kind: its hash, and its table."""
    shapes = mixed_shapes()
    frame = geopandas.GeoDataFrame(
        {
            "object_id": [f"o{row}" for row in range(len(shapes))],
            "theme": np.array(["wegdeel", "pand", "waterdeel"])[np.arange(len(shapes)) % 3],
            "level": np.arange(len(shapes)) % 5 - 2,
            "height": np.where(np.arange(len(shapes)) % 4, np.arange(len(shapes)) / 10, np.nan).astype("float32"),
            "in_bag": np.arange(len(shapes)) % 2 == 0,
        },
        geometry=geopandas.GeoSeries(shapes, crs="EPSG:28992"),
    )
    return put(store, frame), frame


def in_crs(shapes, crs):
    """Bring shapes to a CRS point by point, rounded as they are served."""

    def moved(points):
        if crs is RD:
            return np.round(points, 3)
        return np.array([[round(float(v), 8) for v in np.ravel(rd_to_lonlat(x, y))] for x, y in points])

    return shapely.transform(shapes, moved)


@pytest.fixture(scope="module")
def placed(mixed):
    """The shapes of that layer in each CRS, by another way."""
    return {crs.name: in_crs(mixed[1].geometry.to_numpy(), crs) for crs in FEATURE_CRS}


# -- which features ----------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(limit=st.integers(1, 500), crs=st.sampled_from(FEATURE_CRS))
def test_pages_together_have_every_feature_once(store, mixed, limit, crs):
    """Whatever the size of the pages, they give all features in the order of the layer."""
    sha256, frame = mixed
    found = []
    for offset in range(0, len(frame), limit):
        page = store.page(sha256, limit=limit, offset=offset, crs=crs)
        assert page.matched == len(frame)
        assert page.returned == len(ids_of(page)) <= limit
        found += ids_of(page)
    assert found == list(frame["object_id"])


def boxes(crs):
    """Return boxes of all sizes, also without width or height, and with edges exactly on points of shapes."""
    points = shapely.get_coordinates(in_crs(mixed_shapes(), crs))
    (west, south), (east, north) = points.min(axis=0) - 0.001, points.max(axis=0) + 0.001
    xs = st.one_of(st.floats(west, east), st.sampled_from(points[:, 0].tolist()))
    ys = st.one_of(st.floats(south, north), st.sampled_from(points[:, 1].tolist()))
    corners = st.tuples(st.lists(xs, min_size=2, max_size=2), st.lists(ys, min_size=2, max_size=2))
    return corners.map(lambda c: Box(min(c[0]), min(c[1]), max(c[0]), max(c[1]), crs))


@settings(max_examples=200)
@given(box=st.one_of(boxes(CRS84), boxes(RD)), crs=st.sampled_from(FEATURE_CRS))
def test_a_box_gives_the_features_that_intersect_it(store, mixed, placed, box, crs):
    """The same features as asking every single one, in the CRS of the box; those without geometry always."""
    sha256, frame = mixed
    shapes = placed[box.crs.name]
    edge = shapely.MultiPoint([(box.xmin, box.ymin), (box.xmax, box.ymax)]).envelope
    expected = shapely.intersects(edge, shapes) | shapely.is_missing(shapes) | shapely.is_empty(shapes)
    page = store.page(sha256, limit=1000, crs=crs, box=box)
    assert ids_of(page) == list(frame["object_id"][expected])
    assert page.matched == page.returned == expected.sum()


def test_touching_is_enough(store):
    """A box that shares a single point with a feature has it; one a millimetre away has not."""
    frame = geopandas.GeoDataFrame(geometry=[shapely.box(WEST, SOUTH, WEST + 10, SOUTH + 10)], crs="EPSG:28992")
    sha256 = put(store, frame)
    corner = Box(WEST + 10, SOUTH + 10, WEST + 20, SOUTH + 20, RD)
    beside = Box(WEST + 10.001, SOUTH, WEST + 20, SOUTH + 20, RD)
    assert store.page(sha256, limit=1, box=corner).matched == 1
    assert store.page(sha256, limit=1, box=beside).matched == 0


def test_a_box_in_the_hole_of_a_feature_does_not_have_it(store):
    """The geometry counts, not its bounds."""
    ring = shapely.Point(WEST, SOUTH).buffer(100).difference(shapely.Point(WEST, SOUTH).buffer(50))
    sha256 = put(store, geopandas.GeoDataFrame(geometry=[ring], crs="EPSG:28992"))
    assert store.page(sha256, limit=1, box=Box(WEST - 5, SOUTH - 5, WEST + 5, SOUTH + 5, RD)).matched == 0


def test_a_box_may_span_the_antimeridian(store, mixed):
    """In degrees a west edge east of the east edge means: around the back of the earth."""
    sha256, frame = mixed
    nothing = frame.geometry.is_empty | frame.geometry.isna()
    around = store.page(sha256, limit=1, box=Box(170.0, 50.0, 5.0, 53.0))
    elsewhere = store.page(sha256, limit=1, box=Box(170.0, 50.0, -170.0, 53.0))
    assert around.matched == len(frame)
    assert elsewhere.matched == nothing.sum()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"theme": "pand"}, lambda f: f["theme"] == "pand"),
        ({"level": "-2"}, lambda f: f["level"] == -2),
        ({"height": "0.1"}, lambda f: f["height"] == np.float32(0.1)),
        ({"in_bag": "true", "theme": "wegdeel"}, lambda f: f["in_bag"] & (f["theme"] == "wegdeel")),
        ({"theme": "Pand"}, lambda f: f["theme"] == "Pand"),
        ({"object_id": "o8"}, lambda f: f["object_id"] == "o8"),
    ],
)
def test_properties_filter(store, mixed, asked, expected):
    """A filter keeps the features with that very value; several must all hold; a missing value is none."""
    sha256, frame = mixed
    page = store.page(sha256, limit=1000, properties=asked)
    assert ids_of(page) == list(frame["object_id"][expected(frame)])


def test_a_box_and_filters_hold_together(store, mixed, placed):
    """Features must be in the box and have the value; paging goes on over what is left."""
    sha256, frame = mixed
    box = Box(WEST + 200, SOUTH + 200, WEST + 700, SOUTH + 700, RD)
    met = shapely.intersects(shapely.box(box.xmin, box.ymin, box.xmax, box.ymax), placed["rd"])
    met |= shapely.is_missing(placed["rd"]) | shapely.is_empty(placed["rd"])
    expected = list(frame["object_id"][met & (frame["theme"] == "pand")])
    pages = [
        store.page(sha256, limit=7, offset=offset, box=box, properties={"theme": "pand"})
        for offset in range(0, len(expected), 7)
    ]
    assert [name for page in pages for name in ids_of(page)] == expected
    assert {page.matched for page in pages} == {len(expected)}


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"colour": "red"}, r"'colour' is no property to filter on; this layer has object_id, theme, level"),
        ({"level": "two"}, r"level is 'two', but it must be a whole number"),
        ({"height": "nan"}, r"height is 'nan', but it must be a number"),
        ({"in_bag": "yes"}, r"in_bag is 'yes', but it must be true or false"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(store, mixed, asked, sentence):
    """A property that is not there or a value of another type is a sentence, not an empty page."""
    with pytest.raises(InputError, match=sentence):
        store.page(mixed[0], limit=1, properties=asked)


def test_a_page_beyond_the_end_is_empty(store, mixed):
    """Past the last feature there is nothing, and still as many as there are."""
    page = store.page(mixed[0], limit=10, offset=10_000)
    assert (page.features, page.returned, page.matched) == (b"", 0, len(mixed[1]))


def test_an_empty_layer_is_a_layer(store):
    """No features is a fact: an empty page, no bounds."""
    frame = geopandas.GeoDataFrame({"object_id": []}, geometry=[], crs="EPSG:28992").astype({"object_id": object})
    sha256 = put(store, frame)
    assert store.page(sha256, limit=10).matched == 0
    assert store.page(sha256, limit=10, box=Box(4, 52, 5, 53)).matched == 0
    assert store.describe(sha256).bounds is None


# -- one feature -------------------------------------------------------------------------------------------------

IDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)


@settings(max_examples=200)
@given(st.lists(st.one_of(st.none(), st.sampled_from(["a", "a~2", "b", "", "row-1"]), IDS), max_size=30))
def test_ids_are_made_unique(raw):
    """All ids differ; the first of its kind keeps its own, and a given id is only ever added to."""
    ids = unique_ids(raw)
    assert len(set(ids)) == len(raw)
    for name, original, row in zip(ids, raw, range(1, len(raw) + 1), strict=True):
        assert name.startswith(original or f"row-{row}")
        assert name == original or not original or original in raw[: row - 1]


def test_many_equal_ids_are_made_unique_quickly():
    """A layer where every id is the same is no trap."""
    ids = unique_ids(["x"] * 200_000)
    assert ids[-1] == "x~200000"


def test_every_feature_is_found_by_its_id(store):
    """Also ids that need escaping, repeat or are missing."""
    raw = ["a/b", "a b?c#d", "é€𝄞", '"quoted"\\', "a/b", "", None, "%2F", "x" * 1000, "~2", "<b>"]
    points = [shapely.Point(WEST + row, SOUTH) for row in range(len(raw))]
    sha256 = put(store, geopandas.GeoDataFrame({"object_id": raw}, geometry=points, crs="EPSG:28992"))
    for row, name in enumerate(unique_ids(raw)):
        feature = json.loads(store.feature(sha256, name, crs=RD))
        assert feature["id"] == name
        assert feature["geometry"]["coordinates"] == [WEST + row, SOUTH]


def test_an_unknown_id_is_not_found(store, mixed):
    """The sentence names the id."""
    with pytest.raises(NotFoundError, match="there is no feature 'o9999'"):
        store.feature(mixed[0], "o9999")


# -- what a feature looks like -----------------------------------------------------------------------------------


@pytest.mark.parametrize("crs", FEATURE_CRS, ids=lambda crs: crs.name)
def test_coordinates_are_exact_to_a_millimetre(store, mixed, crs):
    """8 decimals of a degree or 3 of a metre, equal to the transformation of each point on its own."""
    sha256, frame = mixed
    decimals = 8 if crs is CRS84 else 3
    for feature, shape in zip(features_of(store.page(sha256, limit=1000, crs=crs)), frame.geometry, strict=True):
        if shape is None or shape.is_empty:
            assert feature["geometry"] is None
            continue
        served = shapely.geometry.shape(feature["geometry"])
        points = shapely.get_coordinates(shape)
        expected = np.round(points if crs is RD else np.stack(rd_to_lonlat(*points.T), axis=1), decimals)
        assert {tuple(point) for point in shapely.get_coordinates(served)} == {tuple(point) for point in expected}
        assert served.geom_type == shape.geom_type


def test_rings_follow_the_right_hand_rule_and_are_flat(store):
    """RFC 7946: outer rings anticlockwise, holes clockwise; heights are left to the 3D tiles."""
    outer = [(0, 0, 1.5), (0, 10, 1.5), (10, 10, 1.5), (10, 0, 1.5), (0, 0, 1.5)]
    hole = [(2, 2, 1.5), (4, 2, 1.5), (4, 4, 1.5), (2, 4, 1.5), (2, 2, 1.5)]
    moved = [[(WEST + x, SOUTH + y, z) for x, y, z in ring] for ring in (outer, hole)]
    sha256 = put(store, geopandas.GeoDataFrame(geometry=[shapely.Polygon(moved[0], moved[1:])], crs="EPSG:28992"))
    for crs in FEATURE_CRS:
        (feature,) = features_of(store.page(sha256, limit=1, crs=crs))
        first, second = feature["geometry"]["coordinates"]
        assert {len(point) for point in first + second} == {2}
        assert shapely.LinearRing(first).is_ccw
        assert not shapely.LinearRing(second).is_ccw


def test_properties_are_plain_json(store):
    """Numbers as numbers, missing as null, dates as ISO 8601; helper geometries and raw bytes are left out."""
    frame = geopandas.GeoDataFrame(
        {
            "object_id": ["a", "b"],
            "year": pd.array([1931, None], dtype="Int64"),
            "height": np.array([0.1, np.nan], dtype="float32"),
            "share": [1 / 3, np.inf],
            "in_bag": [True, False],
            "use": pd.Categorical(["woonfunctie", None]),
            "parts": [["x", "y"], []],
            "day": [date(2026, 1, 2), None],
            "moment": [datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), pd.NaT],
            "price": [Decimal("1.50"), None],
            "raw": [b"\x00", None],
            "text": ["<script>&\"'\u2028", None],
            "solid": [shapely.Point(1, 2, 3), None],
            "solid_surfaces": [["roof"], None],
        },
        geometry=[shapely.Point(WEST, SOUTH)] * 2,
        crs="EPSG:28992",
    )
    first, second = (item["properties"] for item in features_of(store.page(put(store, frame), limit=2)))
    assert first == {
        "object_id": "a",
        "year": 1931,
        "height": 0.1,
        "share": 1 / 3,
        "in_bag": True,
        "use": "woonfunctie",
        "parts": ["x", "y"],
        "day": "2026-01-02",
        "moment": "2026-01-02T03:04:05+00:00",
        "price": "1.50",
        "text": "<script>&\"'\u2028",
    }
    expected = dict.fromkeys(first) | {"object_id": "b", "in_bag": False, "parts": []}
    assert second == expected


def test_a_layer_is_described_without_reading_it(store, mixed):
    """Count, bounds in degrees around all features, and the properties to filter on with their types."""
    facts = store.describe(mixed[0])
    shapes = in_crs(mixed[1].geometry.to_numpy(), CRS84)
    assert facts.count == len(mixed[1])
    assert shapely.box(*facts.bounds).contains(shapely.box(*shapely.total_bounds(shapes)))
    assert shapely.box(*shapely.total_bounds(shapes)).buffer(5e-4).contains(shapely.box(*facts.bounds))
    expected = {
        "object_id": "string",
        "theme": "string",
        "level": "integer",
        "height": "number",
        "in_bag": "boolean",
    }
    assert facts.properties == expected


# -- how the served form is kept ---------------------------------------------------------------------------------


def test_the_form_is_made_once_for_all_who_wait(tmp_path, mixed, store):
    """Threads that come together get the same page, and one form lies in the folder, nothing half-made."""
    own = FeatureStore.of_twin(tmp_path)
    sha256 = put(own, mixed[1])
    assert not own.is_ready(sha256, CRS84)
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda _: own.page(sha256, limit=50), range(16)))
    assert len(set(pages)) == 1
    assert own.is_ready(sha256, CRS84)
    assert [path.name for path in own.folder.iterdir()] == [f"{sha256}-crs84-1"]


def test_a_form_that_was_thrown_away_or_broken_is_made_again(tmp_path, mixed):
    """Whoever clears the folder, or loses power half-way, gets the same answer as before."""
    sha256 = put(FeatureStore.of_twin(tmp_path), mixed[1])
    first = FeatureStore.of_twin(tmp_path).page(sha256, limit=50)
    folder = tmp_path / ".morgen" / "served"
    form = folder / f"{sha256}-crs84-1"
    for path in form.iterdir():
        path.write_bytes(b"")
        assert FeatureStore.of_twin(tmp_path).page(sha256, limit=50) == first
    shutil.rmtree(folder)
    assert FeatureStore.of_twin(tmp_path).page(sha256, limit=50) == first


def test_a_finished_form_is_read_and_not_made_again(tmp_path, mixed):
    """A later server opens what an earlier one made."""
    sha256 = put(FeatureStore.of_twin(tmp_path), mixed[1])
    FeatureStore.of_twin(tmp_path).prepare(sha256)
    made = (tmp_path / ".morgen" / "served" / f"{sha256}-crs84-1" / "features.json").stat()
    FeatureStore.of_twin(tmp_path).prepare(sha256)
    again = (tmp_path / ".morgen" / "served" / f"{sha256}-crs84-1" / "features.json").stat()
    assert (made.st_ino, made.st_mtime_ns) == (again.st_ino, again.st_mtime_ns)


def test_a_full_disk_is_a_sentence_and_leaves_no_half_form(tmp_path, mixed):
    """When the form does not fit, the user reads what to do; later, with room, it is made after all."""
    own = FeatureStore.of_twin(tmp_path)
    sha256 = put(own, mixed[1])
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limit[1]))
        with pytest.raises(StorageError, match="the disk is full at"):
            own.prepare(sha256)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert list(own.folder.iterdir()) == []
    own.prepare(sha256)
    assert own.is_ready(sha256, CRS84)


def test_a_layer_that_is_gone_or_broken_is_a_sentence(tmp_path):
    """A missing object and a file that is no GeoParquet say so."""
    own = FeatureStore.of_twin(tmp_path)
    with pytest.raises(StorageError, match="the stored object 0000"):
        own.page("0" * 64, limit=1)
    text = tmp_path / "text"
    text.write_text("no parquet")
    with pytest.raises(StorageError, match="are broken"):
        own.page(own.objects.put_file(text), limit=1)
