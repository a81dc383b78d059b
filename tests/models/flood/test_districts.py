"""Sewer districts from pipes and nodes: what they hold, let out, and which ground is theirs."""

import math
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from shapely.affinity import translate
from tests.models.flood.test_model import TIGHT, run_of

from morgen.core.situation import Situation
from morgen.measures.edit import with_features
from morgen.models.flood.districts import find_districts
from morgen.sources.contract import SEWER_COLUMNS
from morgen.sources.gwsw import sewer_nodes, sewer_pipes
from morgen.testing import ground, situation
from morgen.testing.situations import ORIGIN

ROWS, COLUMNS = 40, 150
DRY_GROUND = np.zeros((ROWS, COLUMNS), bool)
POND = DRY_GROUND.copy()
POND[:, 140:] = True


def _row(kind: str, *points: tuple[float, float], **columns: Any) -> dict[str, Any]:
    texts = dict.fromkeys(("system", "begins_at", "ends_at"), "")
    numbers = {name: math.nan for name, meaning in SEWER_COLUMNS.items() if "NaN" in meaning}
    shape = shapely.Point(points[0]) if len(points) == 1 else shapely.LineString(points)
    row = {"object_id": kind, "kind": kind, "shape": "Rond", **texts, **numbers, **columns}
    return {**row, "geometry": translate(shape, *ORIGIN)}


def _pipe(*points: tuple[float, float], kind: str = "Gemengd riool", size: float = 0.5, **columns: Any) -> Any:
    return _row(
        kind, *points, **{"width": size, "height": size, "invert_begin": -2.0, "invert_end": -2.0, **columns}
    )


MIXED = [
    _pipe((10, 20), (40, 20)),
    _pipe((40.4, 20), (70, 20), kind="Vuilwaterriool", size=0.3),
    _row("Overstortleiding", (70, 20), (139, 20), width=0.4, height=0.4),
    _row("Externe overstortput", (70, 20), crest_level=-1.75, crest_width=2.0, ground_level=-0.75),
    _row("Rioolgemaal", (10, 20), pump_capacity=0.01),
]


def _scene(*rows: Any) -> Situation:
    """Return a flat pavement of 150 x 40 m with these sewers."""
    paved = [ground("wegdeel", shapely.box(0, 0, COLUMNS, ROWS), surface="gesloten verharding")]
    base = situation(np.zeros((ROWS, COLUMNS)), land_cover=paved)
    if not rows:
        return base
    sewers = geopandas.GeoDataFrame(list(rows), geometry="geometry", crs="EPSG:28992").assign(source_id="test")
    base = with_features(base, "sewers", sewer_pipes(sewers), title="Pipes")
    return with_features(base, "sewer_nodes", sewer_nodes(sewers), title="Nodes")


def _found(scene: Situation, *, water: Any = DRY_GROUND, local: Any = DRY_GROUND) -> tuple[Any, list[str]]:
    warnings: list[str] = []
    return find_districts(scene, water=water, local=local, warn=warnings.append), warnings


def test_a_district_holds_its_pipes_below_the_crest():
    """30 m of 0.5 m half full and 29.6 m of 0.3 m below the crest, by hand; the foul pipe is part of it."""
    (district,), warnings = _found(_scene(*MIXED))
    half = math.pi / 4 * 0.5**2 * 30 * 0.5
    full = math.pi / 4 * 0.3**2 * 29.6 * (0.25 / 0.3)
    assert district.storage == pytest.approx(half + full)
    assert district.pump == 0.01
    assert warnings == []


def test_an_overflow_lets_out_what_its_crest_and_its_pipe_let_through():
    """A crest of 2 m at a head of 1 m lets 3.4 m3/s through; the pipe of 0.4 m and 69 m long only 0.28."""
    (district,), _ = _found(_scene(*MIXED))
    radius, area = 0.1, math.pi / 4 * 0.4**2
    losses = 1.5 + 2 * 9.81 * 0.015**2 * 69 / radius ** (4 / 3)
    assert district.overflow == pytest.approx(area * math.sqrt(2 * 9.81 / losses))
    without_pipe = [row for row in MIXED if row["kind"] != "Overstortleiding"]
    (district,), _ = _found(_scene(*without_pipe))
    assert district.overflow == pytest.approx(1.705 * 2.0, rel=1e-3)


def test_what_overflows_comes_out_in_the_open_water_beside_its_outlet():
    """In the water within 25 m of the end of the pipe; out of the area where there is none."""
    (district,), _ = _found(_scene(*MIXED), water=POND)
    assert district.overflow_to.any()
    assert not district.overflow_to[:, :140].any()
    (district,), _ = _found(_scene(*MIXED))
    assert district.overflow_to is None


def test_ground_belongs_to_the_nearest_pipe_that_takes_rain():
    """Two districts meet half-way; ground farther than 60 m, storage of its own, and foul sewers have no part."""
    local = DRY_GROUND.copy()
    local[:5] = True
    other = _pipe((80, 20), (85, 20), kind="Hemelwaterriool")
    (one, two), _ = _found(_scene(*MIXED[:1], other), local=local)
    assert one.mask[20, :59].all()
    assert two.mask[20, 61:144].all()
    assert not (one.mask & two.mask).any()
    assert not two.mask[:, 147:].any()
    assert not (one.mask | two.mask)[:5].any()
    assert _found(_scene(_pipe((10, 20), (40, 20), kind="Vuilwaterriool")))[0] == ()


def test_a_rain_sewer_lets_out_through_its_outlet():
    """A full pipe under the head between the street and its top."""
    rain = _pipe((10, 20), (60, 20), kind="Hemelwaterriool")
    (district,), _ = _found(_scene(rain, _row("Uitlaatconstructie", (60, 20))))
    losses = 1.5 + 2 * 9.81 * 0.015**2 * 50 / 0.125 ** (4 / 3)
    assert district.overflow == pytest.approx(math.pi / 4 * 0.25 * math.sqrt(2 * 9.81 * 1.5 / losses))
    assert district.storage == pytest.approx(math.pi / 4 * 0.25 * 50)


def test_water_comes_back_through_gullies_where_these_are_known():
    """One gully on the ground of the district, one outside the grid."""
    (district,), _ = _found(_scene(*MIXED, _row("Kolk", (12.5, 25.5)), _row("Kolk", (-30, 3))))
    assert np.argwhere(district.gullies).tolist() == [[14, 12]]


def test_pipes_without_sizes_make_no_district_and_the_user_hears_of_it():
    """The default export of GWSW has none; one unknown pipe among known ones counts as these."""
    unknown = _pipe((10, 20), (40, 20), size=math.nan)
    found, (warning,) = _found(_scene(unknown, _row("Inspectieput", (10, 20))))
    assert found == ()
    assert warning.startswith("For 1 of 1 sewer districts the sizes of pipes are not known")
    (district,), _ = _found(_scene(_pipe((10, 20), (50, 20)), _pipe((50, 20), (60, 20), size=math.nan)))
    assert district.storage == pytest.approx(math.pi / 4 * 0.25 * 50)
    assert _found(_scene()) == ((), [])


def test_a_full_sewer_floods_the_street_and_the_model_can_be_told_to_leave_it_out():
    """30 mm/h in a sewer that takes 20 while it has room: with districts more stays on the street."""
    storm = {"rain": 15, "sewer_capacity": 20, "edges": "closed", "surfaces": TIGHT, "engine_check": False}
    scene = _scene(*MIXED[:2])
    _, _, full = run_of(scene, **storm)
    _, _, never = run_of(scene, **storm, sewer_districts=False)
    _, _, bare = run_of(_scene(), **storm)
    (district,), _ = _found(scene)
    assert never == bare
    beside = never["sewer"] * (1 - district.mask.mean())
    assert full["sewer"] == pytest.approx(district.storage + beside, rel=1e-3)
    assert full["stored"] > never["stored"]
    assert abs(full["error"]) < 1e-7


def test_checks_and_ensembles_keep_the_districts():
    """A run with all checks on ground with sewers ends with an answer."""
    options = {"rain": 20, "resolution_check": True, "noise_check": True, "ensemble": 2}
    run, values, balance = run_of(_scene(*MIXED), **options)
    assert set(run.documents["checks"]) == {"engines", "resolution", "noise", "ensemble"}
    assert values["flooded-area"] >= 0
    assert abs(balance["error"]) < 1e-6
