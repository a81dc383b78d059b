"""The model on a small street that is drawn by hand: conformance, shares, and what cannot be told."""

import json
from typing import Any

import pytest
import shapely
from tests.models.walking_street import street, with_layers

from morgen.core.errors import InputError
from morgen.core.situation import Situation
from morgen.models.access import access_on_foot
from morgen.models.access.themes import THEMES
from morgen.testing import FakeRun, check_model
from morgen.testing.situations import ORIGIN


def run(place: Situation, **parameters: Any) -> tuple[dict[str, float], dict[str, Any], FakeRun]:
    fake = FakeRun()
    result = access_on_foot(place, run=fake, **parameters)
    return {item.id: item.value for item in result.indicators}, fake.documents["access"], fake


def test_access_keeps_the_promises_of_a_model() -> None:
    """Declaration, outputs, ranges, repetition, dismissal and missing layers."""
    check_model(access_on_foot, street(facilities=[("primary-school", 0.0), ("shop", 500.0)]))


def test_shares_follow_the_street() -> None:
    """A school at one end is within 600 m of the homes up to 590 m, the shop in the middle of all."""
    values, document, fake = run(street(facilities=[("primary-school", 0.0), ("shop", 500.0)]))
    assert values["residents"] == 600
    assert values["reach-education"] == pytest.approx(100 * 29 / 50, abs=1)
    assert values["reach-shops"] == 100
    by_theme = {row["theme"]: row for row in document["themes"]}
    school = by_theme["education"]
    assert school["residents"] == round(6 * values["reach-education"])
    assert sum(school["residents_by_class"]) == 600
    assert school["median"] == pytest.approx(510, abs=20)
    assert document["score"]["residents_by_themes"][2] == 600
    assert len(fake.features["groups"]) == 50


def test_the_worst_off_are_a_quarter_at_the_far_end() -> None:
    """With one theme in all homes the worst-off are those who walk farthest."""
    _, document, fake = run(street(facilities=[("primary-school", 0.0)]))
    groups = fake.features["groups"]
    worst = groups[groups["worst_off"]]
    assert document["worst_off_quarter"]["residents"] == pytest.approx(150, abs=12)
    assert worst["distance_education"].min() >= groups.loc[~groups["worst_off"], "distance_education"].max() - 10
    assert {row["theme"]: row["share_of_worst_off"] for row in document["themes"]}["education"] == 0


def test_a_theme_of_which_nothing_is_known_is_not_nobody() -> None:
    """Its band is from nobody to everybody, its numbers are null, and a warning says so."""
    fake = FakeRun()
    result = access_on_foot(street(facilities=[("primary-school", 0.0)]), run=fake)
    care = next(item for item in result.indicators if item.id == "reach-care")
    assert (care.value, care.low, care.high) == (0, 0, 100)
    row = next(row for row in fake.documents["access"]["themes"] if row["theme"] == "care")
    assert row["share"] is None
    assert row["residents_by_class"] is None
    assert sum("is known within walking distance" in sentence for sentence in fake.warnings) == len(THEMES) - 1


def test_green_trees_and_canopy_are_judged() -> None:
    """The park of 2 ha lies at one end and three trees at the other, so nobody has all."""
    values, document, _ = run(street(facilities=[("shop", 0.0)]))
    assert 0 < values["green-near"] < 100
    assert values["trees-in-view"] == pytest.approx(4, abs=2)
    assert values["canopy"] == values["three-thirty-three-hundred"] == 0
    assert document["three_thirty_three_hundred"]["green-near"]["share"] == pytest.approx(
        values["green-near"] / 100
    )
    assert run(street(facilities=[("shop", 0.0)]), green_size=50_000.0)[0]["green-near"] == 0


def test_guessed_numbers_give_a_band_and_a_warning() -> None:
    """Homes with a guess at the school end make its share uncertain on both sides."""
    fake = FakeRun()
    result = access_on_foot(street(facilities=[("primary-school", 0.0)], imputed=True), run=fake)
    reach = next(item for item in result.indicators if item.id == "reach-education")
    assert reach.low is not None
    assert reach.high is not None
    assert reach.low < reach.value < reach.high
    assert any("20.0% of the residents" in sentence for sentence in fake.warnings)


def test_homes_that_no_path_touches_are_named() -> None:
    """None near is refused; a facility too far is listed with its name."""
    with pytest.raises(InputError, match=r"touches none of the 50 homes.*within 50 m"):
        run(street(facilities=[("shop", 0.0)], off=60.0))
    place = street(facilities=[("shop", 0.0)])
    far = place.features("facilities")
    far.geometry = [shapely.Point(ORIGIN[0], ORIGIN[1] + 190)]
    _, document, fake = run(with_layers(place, facilities=far))
    assert document["facilities_off_network"] == ["shop"]
    assert any("1 facilities are more than 50 m from any path" in sentence for sentence in fake.warnings)


def test_no_number_below_the_threshold_leaves() -> None:
    """Every count in JSON and in the features is 0, or at least the threshold, also a larger one."""
    for threshold in (10, 30):
        _, document, fake = run(street(facilities=[("primary-school", 0.0), ("shop", 930.0)]), threshold=threshold)
        counts = [row["residents"] for row in document["themes"]]
        counts += [count for row in document["themes"] for count in row["residents_by_class"] or []]
        counts += document["score"]["residents_by_themes"]
        counts += fake.features["groups"]["residents"].tolist()
        assert all(count is None or count == 0 or count >= threshold for count in counts)
        assert "home_id" not in fake.features["groups"]
        json.dumps(document)
