"""The published optima are found to 1e-6, and proven."""

from typing import Any

import numpy as np
import pytest

from morgen.models.siting import locate

CLOSE = 1e-6


@pytest.mark.parametrize(
    ("name", "optimum"), [("pmed1", 5819), ("pmed3", 4250), ("pmed4", 3034), ("pmed6", 7824), ("pmed11", 7696)]
)
def test_median_of_the_library(name: str, optimum: float, median_instance: Any) -> None:
    """The p-median of OR-Library is the published one, and its sites cost that."""
    distance, sites = median_instance(name)
    answer = locate(distance, k=sites)
    assert answer.objective == pytest.approx(optimum, rel=CLOSE)
    assert answer.bound == pytest.approx(optimum, rel=CLOSE)
    assert len(answer.open) == sites
    assert distance[:, answer.open].min(axis=1).sum() == pytest.approx(optimum)


@pytest.mark.parametrize(
    ("name", "optimum"), [("cap61", 932615.750), ("cap63", 1014062.050), ("cap121", 793439.5625)]
)
def test_limited_capacity_of_the_library(name: str, optimum: float, capacity_instance: Any) -> None:
    """Capacitated location is the published one, and no site holds more than it can."""
    case = capacity_instance(name)
    answer = locate(case["cost"], demand=case["demand"], capacity=case["capacity"], fixed_cost=case["fixed_cost"])
    assert answer.objective == pytest.approx(optimum, rel=CLOSE)
    assert answer.optimal
    assert np.all(case["demand"] @ answer.shares <= case["capacity"] * (1 + 1e-9))
    again = (answer.shares * case["cost"]).sum() + case["fixed_cost"][list(answer.open)].sum()
    assert again == pytest.approx(optimum, rel=CLOSE)


@pytest.mark.parametrize(
    ("name", "optimum"), [("cap71", 932615.750), ("cap101", 796648.4375), ("cap63", 1010641.450)]
)
def test_fixed_costs_of_the_library(name: str, optimum: float, capacity_instance: Any) -> None:
    """Uncapacitated location is the published one."""
    case = capacity_instance(name)
    answer = locate(case["cost"], fixed_cost=case["fixed_cost"])
    assert answer.objective == pytest.approx(optimum, rel=CLOSE)
    assert answer.optimal


@pytest.mark.parametrize(
    ("question", "optimum"),
    [
        ({"k": 4}, 2848268129.715),
        ({"k": 5}, 2554123350.188),
        ({"k": 3, "objective": "center"}, 7529.986),
        ({"k": 5, "objective": "center"}, 5985.500),
        ({"k": 4, "objective": "cover", "radius": 5000}, 875247),
        ({"k": 5, "objective": "cover", "radius": 3000}, 620348),
        ({"objective": "set_cover", "radius": 10000}, 2),
    ],
)
def test_san_francisco(question: dict[str, Any], optimum: float, san_francisco: dict[str, Any]) -> None:
    """Stores of San Francisco: median, centre, cover and set cover are those of exhaustive enumeration."""
    answer = locate(**san_francisco, **question)
    assert answer.objective == pytest.approx(optimum, rel=CLOSE)
    assert answer.optimal


def test_san_francisco_set_cover_within_6_km(san_francisco: dict[str, Any]) -> None:
    """Five stores cover San Francisco within 6 km; every tract is served or named."""
    answer = locate(**san_francisco, objective="set_cover", radius=6000)
    assert answer.objective == 5
    served = answer.assignment >= 0
    assert sorted(np.flatnonzero(~served)) == list(answer.unreached)
