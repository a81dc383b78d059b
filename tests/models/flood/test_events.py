"""The named rain events: their amounts, their shapes, and where they come from."""

import numpy as np
import pytest

from morgen.core.errors import ParameterError
from morgen.models.flood import pluvial_flood
from morgen.models.flood.model import _hyetograph
from morgen.models.flood.rain import Hyetograph

EVENTS = {preset.id: preset for preset in pluvial_flood.presets}


def _rain(event: str) -> Hyetograph:
    given = EVENTS[event].parameters
    return Hyetograph(_hyetograph(given["rain"], given["duration"], tuple(given["pattern"])))


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_brings_the_amount_that_it_names(event):
    """What falls from start to end is what the title says, and nothing falls after."""
    given = EVENTS[event].parameters
    assert _rain(event).depth(0, given["duration"] * 3600) * 1000 == pytest.approx(given["rain"])
    assert _rain(event).depth(given["duration"] * 3600, 1e6) == 0
    assert f"{given['rain']:g} mm" in EVENTS[event].title.en


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_says_where_it_comes_from_and_how_often_it_occurs(event):
    """Each carries a source; each but the two of a town or a label a return period, in both languages."""
    preset = EVENTS[event]
    assert len(preset.source) > 10
    if event not in ("rotterdam-50", "bluelabel-93"):
        assert " jaar" in preset.meaning.nl
        assert " years" in preset.meaning.en


@pytest.mark.parametrize("event", ["rioned-08", "rioned-09", "rioned-10"])
def test_a_shape_is_given_in_millimetres_per_five_minutes(event):
    """The parts of a design event add up to its amount, and are as many as its duration has five minutes."""
    given = EVENTS[event].parameters
    assert sum(given["pattern"]) == pytest.approx(given["rain"])
    assert len(given["pattern"]) == pytest.approx(given["duration"] * 12)


def test_a_pattern_gives_shares():
    """Twice the numbers is the same rain; a part of 0 is dry."""
    once, twice = (Hyetograph(_hyetograph(30, 1.5, parts)) for parts in ((0, 1, 2), (0, 2, 4)))
    assert list(once.rates) == list(twice.rates) == [0, 20, 40, 0]
    assert list(once.times) == [0, 1800, 3600, 5400]


def test_rain_that_falls_in_no_part_is_refused():
    """A pattern of nothing but zeros says so."""
    with pytest.raises(ParameterError, match="'pattern' of pluvial-flood is 2 times 0"):
        _hyetograph(30, 1, (0.0, 0.0))


STATES = {
    "stress-test-70": ("secondary", 100),
    "stress-test-90": ("secondary", 250),
    "stress-test-160": ("secondary", 1000),
    "rotterdam-50": ("source", None),
    "bluelabel-93": ("secondary", None),
    "rioned-08": ("secondary", 2),
    "rioned-09": ("secondary", 5),
    "rioned-10": ("secondary", 10),
}


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_says_how_sure_its_numbers_are(event):
    """State and return period as data; the return period is the one that its meaning tells."""
    state, period = STATES[event]
    assert (EVENTS[event].state, EVENTS[event].return_period) == (state, period)
    if period:
        assert f"once in {period} years" in EVENTS[event].meaning.en


def test_the_peak_of_a_design_event_lies_where_its_table_says():
    """riool.net, bui01-bui10, table A: 08 has its peak behind, 09 and 10 in front."""
    middles = {}
    for event in ("rioned-08", "rioned-09", "rioned-10"):
        parts = np.array(EVENTS[event].parameters["pattern"])
        middles[event] = float((parts * np.arange(len(parts))).sum() / parts.sum() / (len(parts) - 1))
    assert middles["rioned-08"] > 0.5 > max(middles["rioned-09"], middles["rioned-10"])
