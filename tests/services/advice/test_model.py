"""Advice as a model: what the web API gives."""

import pytest
from tests.services.advice.test_advise import street

from morgen.measures.geojson import measures_from_geojson
from morgen.services.advice.model import flood_advice
from morgen.testing import FakeRun

pytestmark = pytest.mark.usefixtures("installed_measures")


def test_it_gives_the_advice_and_the_measures_to_make_a_scenario_of():
    """Indicators are those of the advice, and its measures can be read back."""
    run = FakeRun()
    result = flood_advice(
        street(), budgets=(25_000.0,), rain=105.0, duration=0.5, measures=("wadi",), time_limit=5.0, run=run
    )
    advice = run.documents["advice"]
    values = {item.id: item for item in result.indicators}
    assert values["hit-without-measures"].value == advice["before"] == 3
    (budget,) = advice["budgets"]
    assert values["largest-effect"].value == budget["effect"]
    assert values["cost-of-largest-effect"].value == budget["cost"] <= 25_000
    drawn = measures_from_geojson(run.documents["scenarios"]["25000"])
    assert [item.kind for item in drawn] == [item["kind"] for item in budget["measures"]]
