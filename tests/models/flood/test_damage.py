"""What water in buildings costs: the table with its sources, floors and thresholds, and the amounts."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from morgen.models.flood.damage import Band, DamageCurve, DamageTable, damages, default_damage
from morgen.models.flood.fields import flood_fields
from morgen.models.flood.surfaces import default_surfaces
from morgen.testing import building, situation

TABLE = default_damage()
BOX = shapely.box(4, 4, 8, 9)
"""20 m2."""


def found(depth: Any, *rows: Any, terrain: Any = None) -> dict[str, list[float]]:
    """Return the damages of buildings when water of ``depth`` stands everywhere."""
    level = np.zeros((20, 30)) if terrain is None else terrain
    scene = situation(level, buildings=rows)
    fields = flood_fields(scene, surfaces=default_surfaces(), warn=lambda _sentence: None)
    water = np.broadcast_to(np.asarray(depth, dtype=np.float32), fields.grid.shape)
    frame = scene.features("buildings")
    given_levels = [row.get("floor_level", np.nan) for row in rows]
    met = damages(
        frame.assign(floor_level=given_levels), TABLE, fields.facades, max_depth=water, terrain=fields.terrain
    )
    return {name: values.tolist() for name, values in met.items()}


def home(**columns: Any) -> dict[str, Any]:
    return building("a", BOX, use="woonfunctie", **columns)


def test_every_number_of_the_table_has_a_source_and_says_how_sure_it_is():
    """A damage without a source is a guess in disguise."""
    parts: list[DamageCurve | Band] = [TABLE.curve, TABLE.threshold, *TABLE.uses.values()]
    for part in parts:
        assert part.source
        assert part.state in {"source", "secondary", "indicative"}


@pytest.mark.parametrize(
    ("depth", "low", "middle", "high"),
    [
        (0.0, 0, 0, 0),
        (0.02, 0, 0, 0),  # as high as the lowest threshold
        (0.12, 0, 20 * 250 * 0.2, 20 * 350 * 0.75),  # 0, 2 and 10 cm on the floor
        (0.15, 0, 20 * 250 * 0.5, 20 * 350 * 0.9),  # 0, 5 and 13 cm
        (0.60, 20 * 150, 20 * 250, 20 * 350),
    ],
)
def test_a_home_costs_its_footprint_times_the_amount_times_the_share_of_the_depth_on_the_floor(
    depth, low, middle, high
):
    """By hand: 20 m2 at 150, 250 and 350 euro; water passes thresholds of 15, 10 and 2 cm."""
    costs = found(depth, home())
    assert costs["damage_low"] == [pytest.approx(low, abs=1)]
    # 2 cm lies a quarter of the way between the shares at 1 cm (0.1) and 5 cm (0.5)
    assert costs["damage"] == [pytest.approx(middle, abs=1)]
    assert costs["damage_high"] == [pytest.approx(high, abs=1)]


def test_a_known_floor_replaces_the_assumed_threshold():
    """With a floor 0.3 m above the street, 0.3 m of water costs nothing, and the band is that of the amounts."""
    dry, wet = found(0.30, home(floor_level=0.30)), found(0.45, home(floor_level=0.30))
    assert [dry[name] for name in ("damage_low", "damage", "damage_high")] == [[0], [0], [0]]
    assert [wet[name] for name in ("damage_low", "damage", "damage_high")] == [[3000], [5000], [7000]]
    assert wet["depth_inside"] == [pytest.approx(0.15)]


def test_a_wet_slope_above_the_floor_is_no_full_house():
    """Ground that rises 1 m behind the house under a film of 1 cm brings a film of 1 cm to the floor."""
    slope = np.zeros((20, 30))
    slope[:10] = 1.0
    house = building("a", shapely.box(4, 4, 8, 10), use="woonfunctie", floor_level=0.05)
    costs = found(np.where(slope > 0, 0.01, 0.0), house, terrain=slope)
    assert costs["depth_inside"] == [pytest.approx(0.01)]


def test_several_uses_widen_the_band_and_an_unknown_use_counts_as_a_shed():
    """Lowest of the low amounts, mean of the middle ones, highest of the high ones."""
    assert TABLE.amounts("woonfunctie, sportfunctie") == (25, 150, 350)
    assert TABLE.amounts("") == TABLE.amounts(None) == TABLE.amounts("tovenaarsfunctie") == (25, 50, 75)


def test_a_building_without_known_ground_has_no_damage_rather_than_none():
    """NaN says that nothing is known; 0 would say that it stays dry."""
    scene = situation(np.where(np.arange(30) < 15, np.nan, 0.0) * np.ones((20, 1)), buildings=[home()])
    fields = flood_fields(scene, surfaces=default_surfaces(), warn=lambda _sentence: None)
    water = np.full(fields.grid.shape, 0.5, dtype=np.float32)
    met = damages(scene.features("buildings"), TABLE, fields.facades, max_depth=water, terrain=fields.terrain)
    assert np.isnan(met["damage"]).all()


@settings(max_examples=15, deadline=None)
@given(st.floats(0, 3), st.floats(0, 3))
def test_more_water_never_costs_less(one, other):
    """Damage rises with depth, and its band stays in order."""
    low, high = found(min(one, other), home()), found(max(one, other), home())
    assert low["damage"][0] <= high["damage"][0]
    assert high["damage_low"][0] <= high["damage"][0] <= high["damage_high"][0]


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        (("uses",), {}, "the use 'unknown' is missing"),
        (("threshold", "low"), 0.5, "each should be at least the one before"),
        (("curve", "depths"), [0, 0.05, 0.01, 0.15, 0.3], "depths must rise"),
        (("curve", "depths"), [0, 0.05], "2 depths and 5 shares"),
        (("curve", "shares"), [0.1, 0.2, 0.5, 1, 1], "dry floors cost nothing"),
        (("uses", "woonfunctie", "low"), -1, "greater than or equal to 0"),
        (("uses", "woonfunctie", "source"), "", "at least 1 character"),
        (("uses", "woonfunctie", "middle"), float("nan"), "finite number"),
    ],
)
def test_a_table_that_cannot_be_is_refused(place, value, sentence):
    """The refusal says what is wrong."""
    document = TABLE.to_json()
    part = document
    for name in place[:-1]:
        part = part[name]
    part[place[-1]] = value
    with pytest.raises(ValidationError, match=sentence):
        DamageTable.from_json(document)
