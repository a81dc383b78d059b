"""Scenarios of a twin: kept with every version, applied without touching the base, refused in one sentence."""

import pytest
import shapely
from shapely.affinity import translate

from morgen.core.errors import EditConflictError, InputError, MeasureError, MeasureNotFoundError
from morgen.core.measure import Measure
from morgen.core.scenario import stack
from morgen.measures.application import apply, contradictions
from morgen.measures.geojson import measures_from_geojson, to_geojson
from morgen.services.layers import LayerStore
from morgen.services.objects import ObjectStore
from morgen.services.scenarios import ScenarioStore, add, applied, import_geojson, new_scenario
from morgen.testing.situations import ORIGIN, building, ground, situation

pytestmark = pytest.mark.usefixtures("installed_measures")


def wijk():
    water, house, grass = shapely.box(0, 0, 20, 3), shapely.box(14, 6, 18, 9), shapely.box(0, 3, 20, 15)
    return situation(
        [[1.0] * 20] * 15,
        land_cover=[
            ground("waterdeel", water, surface="waterloop"),
            ground("begroeidterreindeel", grass.difference(house), surface="groenvoorziening"),
            ground("pand", house),
        ],
        buildings=[building("0503100000000001", house, ground_height=1.0)],
    )


def placed(kind, shape, *, name="one", year=None, **parameters):
    return Measure(id=name, kind=kind, geometry=translate(shape, *ORIGIN), parameters=parameters, year=year)


WADI = shapely.box(2, 5, 8, 10)


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (placed("wadi", WADI, depth=-1.0), "'depth' of wadi is -1.0 m"),
        (placed("wadi", WADI, infiltration=1e6), "at most 500 mm/h"),
        (placed("wadi", shapely.box(2, 1, 8, 10)), "lies on the water"),
        (placed("wadi", shapely.box(13, 5, 16, 8)), "lies under the building 0503100000000001"),
        (placed("wadi", shapely.box(90, 5, 96, 8)), "lies outside the area"),
        (placed("wadi", shapely.Point(5, 7)), "drawn as a Point"),
    ],
)
def test_a_measure_that_does_not_fit_is_refused(measure, words):
    """One sentence with the value and what is allowed."""
    base = wijk()
    with pytest.raises(MeasureError, match=words):
        add(base, new_scenario(base, "plan"), measure)


def test_an_unknown_kind_says_which_feature():
    """The number of the feature comes first, and nothing of the file is taken."""
    base = wijk()
    document = to_geojson(add(base, new_scenario(base, "plan"), placed("wadi", WADI)))
    document["features"].append({**document["features"][0], "id": "x", "properties": {"kind": "moat"}})
    with pytest.raises(MeasureError, match="feature 2: there is no measure of kind 'moat'"):
        import_geojson(base, new_scenario(base, "plan"), document)


@pytest.mark.parametrize("reference", ["RD", "CRS84"])
def test_geojson_there_and_back(reference):
    """A scenario through a file is the same scenario, in RD New and in degrees."""
    base = wijk()
    scenario = add(base, new_scenario(base, "plan"), placed("wadi", WADI, depth=0.4, year=2030))
    back = measures_from_geojson(to_geojson(scenario, reference=reference))
    assert [item.kind for item in back] == ["wadi"]
    assert back[0].year == 2030
    assert back[0].parameters["depth"] == 0.4
    assert shapely.hausdorff_distance(back[0].geometry, scenario.measures[0].geometry) < 0.002


def test_contradictions_name_the_pair_and_the_place():
    """Two floor levels on one building contradict, and so does a wadi under a new building."""
    base = wijk()
    door, floor = (placed(kind, shapely.Point(16, 7), name=kind) for kind in ("door-threshold", "raised-floor"))
    wadi, block = placed("wadi", WADI, name="wadi"), placed("new-building", shapely.box(7, 6, 11, 9), name="block")
    found = contradictions(base, (door, floor, wadi, block))
    assert [item.measures for item in found] == [("door-threshold", "raised-floor"), ("wadi", "block")]
    assert "3.0 m2" in found[1].sentence


def test_a_scenario_of_another_base_is_refused():
    """What was drawn on one situation is not applied to another unseen."""
    base = wijk()
    other = situation([[2.0] * 20] * 15, land_cover=[], buildings=[])
    with pytest.raises(MeasureError, match="stands on the situation"):
        apply(other, new_scenario(base, "plan"))


def test_undo_redo_and_two_edits_at_once(tmp_path):
    """Undo and redo walk the versions; an edit of a version that is no longer the newest says what changed."""
    base = wijk()
    with ScenarioStore.open(tmp_path) as store:
        first = store.create(new_scenario(base, "plan"))
        with pytest.raises(InputError, match="already"):
            store.create(first)
        second = store.edit("plan", lambda now: add(base, now, placed("wadi", WADI)), expected=first.document_hash)
        with pytest.raises(EditConflictError, match="added one"):
            store.edit("plan", lambda now: now, expected=first.document_hash)
        with pytest.raises(MeasureNotFoundError):
            store.edit("plan", lambda now: now.without("two"))
        assert store.undo("plan") == first
        with pytest.raises(InputError, match="nothing to undo"):
            store.undo("plan")
        assert store.redo("plan") == second
        assert store.list() == [second]


def test_applying_is_cached_by_content(tmp_path):
    """The second time gives the same stored situation, and the base is as it was."""
    base = wijk()
    before = base.content_hash
    scenario = add(base, new_scenario(base, "plan"), placed("wadi", WADI, depth=0.4))
    layers = LayerStore(ObjectStore(tmp_path / "state"))
    changed = applied(tmp_path, layers, base, scenario)
    assert applied(tmp_path, layers, base, scenario).content_hash == changed.content_hash
    assert base.content_hash == before
    dug = base.raster("terrain").values - changed.raster("terrain").values
    assert dug.sum() == pytest.approx(30 * 0.4, rel=1e-5)


def test_plans_stack_by_year():
    """Plans of one base come together in order of year."""
    base = wijk()
    late = add(base, new_scenario(base, "late"), placed("park", shapely.box(2, 4, 13, 15), year=2035))
    soon = add(base, new_scenario(base, "soon"), placed("wadi", WADI, year=2028))
    both = stack("both", [late, soon])
    assert [item.id for item in both.measures] == ["soon_one", "late_one"]
    assert [item.id for item in both.until(2030).measures] == ["soon_one"]
