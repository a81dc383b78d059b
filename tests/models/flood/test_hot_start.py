"""Going on from a stored state: the answer is that of one calculation."""

from typing import Any

import numpy as np
import pytest

from morgen.core.errors import ParameterError
from morgen.models.flood import GreenAmpt, Roof, SewerLoss, simulate
from morgen.models.flood.simulation import FloodState

RNG = np.random.default_rng(8)
BED = RNG.normal(0, 0.1, (70, 60)) + np.linspace(2, 0, 60)
RATIO = np.where(RNG.random(BED.shape) < 0.02, 1.0, 0.0)
ALL: dict[str, Any] = {
    "cell_size": 2.0,
    "rain": [(0.0, 60.0), (900.0, 10.0)],
    "initial_loss": 1.0,
    "infiltration": GreenAmpt(conductivity=5.0, suction=60.0, deficit=0.3),
    "losses": SewerLoss(capacity=10.0, storage=4.0, emptying=0.7),
    "roof": Roof(ratio=RATIO, area=RATIO.sum() * 4.0, capacity=20.0, initial_loss=0.5),
    "boundary": "open",
    "output_every": 300.0,
}


@pytest.mark.parametrize("engine", ["inertial", "fv2"])
def test_a_calculation_in_two_parts_is_that_in_one(engine, tmp_path):
    """Depths at the end are the same but for rounding, whatever remembers: soil, sewer, roofs, initial loss."""
    whole = simulate(BED, until=1500.0, engine=engine, **ALL)
    first = simulate(BED, until=600.0, engine=engine, keep_state=True, **ALL)
    assert first.state is not None
    first.state.save(tmp_path / "state.npz")
    second = simulate(BED, until=1500.0, engine=engine, start=FloodState.load(tmp_path / "state.npz"), **ALL)
    assert second.depth is not None
    assert whole.depth is not None
    np.testing.assert_allclose(second.depth[-1], whole.depth[-1], atol=1e-6)
    assert second.times.tolist() == [600.0, 900.0, 1200.0, 1500.0]
    for term in ("rain", "infiltrated", "sewer", "outflow", "initial_loss"):
        parts = getattr(first.balance, term) + getattr(second.balance, term)
        assert parts == pytest.approx(getattr(whole.balance, term), rel=1e-6, abs=1e-9), term
    assert abs(second.balance.error) < 1e-7


def test_the_largest_depth_is_that_of_both_parts():
    """Extremes of the parts together are those of the whole."""
    whole = simulate(BED, until=1500.0, **ALL)
    first = simulate(BED, until=600.0, keep_state=True, **ALL)
    second = simulate(BED, until=1500.0, start=first.state, **ALL)
    np.testing.assert_allclose(np.maximum(first.max_depth, second.max_depth), whole.max_depth, atol=1e-6)


def test_a_state_of_something_else_is_refused(tmp_path):
    """Of another grid, engine, time or soil, or no state at all."""
    state = simulate(BED, until=300.0, keep_state=True, **ALL).state
    with pytest.raises(ParameterError, match="must be of inertial on \\(10, 60\\)"):
        simulate(BED[:10], cell_size=2.0, until=600.0, start=state)
    with pytest.raises(ParameterError, match="must be of fv2"):
        simulate(BED, until=600.0, start=state, engine="fv2", **ALL)
    with pytest.raises(ParameterError, match="before 300 s"):
        simulate(BED, until=300.0, start=state, **ALL)
    with pytest.raises(ParameterError, match="must be alike"):
        simulate(BED, cell_size=2.0, until=600.0, start=state)
    (tmp_path / "text.npz").write_text("no")
    with pytest.raises(ParameterError, match="no stored state"):
        FloodState.load(tmp_path / "text.npz")
