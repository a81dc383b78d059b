"""The model siting on a small street that is drawn by hand, and its silence."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import shapely
from tests.models.walking_street import frame, street, with_layers

from morgen.core.errors import InputError, ParameterError
from morgen.core.situation import Situation
from morgen.models.siting.candidates import MOST, candidates_of
from morgen.models.siting.model import siting
from morgen.testing import FakeRun, check_model


def with_plots(place: Situation, *at: float, kind: str = "plot") -> Situation:
    """Return the street with plots of 20 m wide along it."""
    shapes = [shapely.box(x - 10, 20, x + 10, 48) for x in at]
    rows = {
        "plot_id": [f"K{x:g}" for x in at],
        "kind": [kind] * len(at),
        "allowed_uses": ["woonfunctie"] * len(at),
    }
    return with_layers(place, plots=frame(rows, shapes))


def run(place: Situation, **parameters: Any) -> tuple[dict[str, float], dict[str, Any], FakeRun]:
    fake = FakeRun()
    result = siting(place, run=fake, **parameters)
    return {item.id: item.value for item in result.indicators}, fake.documents["siting"], fake


def test_siting_keeps_the_promises_of_a_model() -> None:
    """Declaration, outputs, ranges, repetition, dismissal and missing layers."""
    check_model(siting, with_plots(street(facilities=[("primary-school", 0.0)]), 500.0, 900.0))


def test_the_second_school_comes_where_the_first_one_is_not() -> None:
    """With a school at one end the best plot is on the far side of the middle; without one it is in the middle."""
    plots = (100.0, 300.0, 500.0, 700.0, 900.0)
    values, document, fake = run(with_plots(street(facilities=[("primary-school", 0.0)]), *plots))
    assert [row["site_id"] for row in document["chosen"]] == ["K700"]
    assert document["existing"] == ["primary-school"]
    assert values["share-in-radius-now"] == pytest.approx(78, abs=1)
    assert values["share-in-radius"] == 100
    assert values["gap"] == 0
    assert fake.features["sites"]["open"].tolist() == [True, False, False, False, True, False]
    _, alone, other = run(with_plots(street(facilities=[]), *plots))
    assert [row["site_id"] for row in alone["chosen"]] == ["K500"]
    assert any("No primary-school is known" in sentence for sentence in other.warnings)


def test_each_objective_gives_its_own_places() -> None:
    """The centre halves the street, cover needs its radius, and set cover finds how many it takes."""
    place = with_plots(street(facilities=[]), 100.0, 300.0, 500.0, 700.0, 900.0)
    _, center, _ = run(place, objective="center", k=2)
    assert {row["site_id"] for row in center["chosen"]} <= {"K300", "K700", "K100", "K900"}
    assert center["value"] < 350
    values, cover, _ = run(place, objective="cover", radius=220.0)
    assert cover["value"] == round(6 * values["share-in-radius"])
    values, fewest, _ = run(place, objective="set_cover", radius=240.0)
    assert values["new-places"] == len(fewest["chosen"]) == 3
    assert values["share-in-radius"] == 100


def test_a_place_serves_no_more_than_it_can() -> None:
    """With room for 300 each, two places share the street evenly."""
    place = with_plots(street(facilities=[]), 100.0, 500.0)
    _, document, _ = run(place, k=2, capacity=300.0)
    assert sorted(row["residents"] for row in document["chosen"]) == [300, 300]
    with pytest.raises(ParameterError, match="the 2 largest sites hold 400; allow more sites or capacity"):
        run(place, k=2, capacity=200.0)


def test_who_has_no_way_is_named() -> None:
    """Homes off the network count in nothing, and their ids and number are told."""
    place = street(facilities=[])
    residents = place.features("residents")
    residents.geometry = [
        shapely.transform(point, lambda xy: xy + np.array([0.0, 120.0])) if rank < 5 else point
        for rank, point in enumerate(residents.geometry)
    ]
    values, document, fake = run(with_plots(with_layers(place, residents=residents), 500.0))
    assert set(document["without_way"]["homes"]) == {f"h{rank}" for rank in range(5)}
    assert values["residents-without-way"] == document["without_way"]["residents"] == 60
    assert any("have no way to any place" in sentence for sentence in fake.warnings)


def test_what_cannot_be_asked_is_refused() -> None:
    """No candidate, and more places than candidates, give one sentence."""
    place = street(facilities=[])
    with pytest.raises(InputError, match="there is no plot in the area"):
        run(with_plots(place, 100.0, kind="street"), candidates="plots")
    with pytest.raises(InputError, match="there is no building in the area"):
        run(place, smallest_building=10_000.0)
    with pytest.raises(ParameterError, match="k is 3"):
        run(with_plots(place, 100.0, 300.0), k=3)


def test_too_many_candidates_are_spread() -> None:
    """Of many plots the largest are taken that lie apart, and how many were left out is told."""
    place = with_plots(street(facilities=[]), *[10.0 + rank for rank in range(MOST + 1)])
    found = candidates_of(place, "auto", smallest=0.0)
    assert len(found.ids) + found.left_out == MOST + 1
    assert len(found.ids) < 10


def test_candidates_of_green_are_patches() -> None:
    """Green is a candidate by itself; with 'auto' plots go before buildings."""
    place = street(facilities=[])
    assert candidates_of(place, "green", smallest=0.0).kind == "green"
    assert candidates_of(place, "auto", smallest=0.0).kind == "building"
    assert candidates_of(with_plots(place, 100.0), "auto", smallest=0.0).kind == "plot"


def test_the_solver_prints_nothing() -> None:
    """A process that solves an integer programme has an empty standard output, for it may print JSON."""
    code = (
        "from morgen.models.siting import locate; import numpy as np;"
        "table = np.random.default_rng(1).integers(1, 90, (30, 12)).astype(float);"
        "locate(table, objective='set_cover', radius=25); locate(table, k=3, capacity=[12] * 12)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == ""
