"""The classes of depth: one sourced list for indicators, maps, legends and reports."""

from itertools import pairwise

import pytest
from pydantic import ValidationError

from morgen.faces.tiles.scene import _depth_classes
from morgen.models.flood.classes import DepthClasses, depth_classes
from morgen.models.flood.interface import FLOOD_DEPTH, INDICATORS, depth_class_id


def test_classes_are_five_centimetres_wide_and_have_a_source():
    """As the guideline of the national stress test asks; what is not a flood is in no class."""
    edges = depth_classes().edges
    assert edges[0] == FLOOD_DEPTH
    assert [round(high - low, 4) for low, high in pairwise(edges)] == [0.05] * 9
    assert "klimaatadaptatienederland.nl" in depth_classes().source
    assert depth_classes().state == "source"


def test_indicators_and_the_legend_of_the_viewer_speak_of_the_same_classes():
    """An edge of the legend is an edge of the indicators, and every class is counted."""
    assert {depth_class_id(edge) for edge in depth_classes().edges} <= set(INDICATORS)
    legend = _depth_classes()
    assert {item["from"] for item in legend} <= set(depth_classes().edges)
    assert [item["to"] for item in legend] == [*(item["from"] for item in legend[1:]), None]


@pytest.mark.parametrize(
    ("classes", "sentence"),
    [
        ([{"from": 0.1, "colour": "#ffffff"}, {"from": 0.1}], "must rise"),
        ([{"from": 0.1}], "needs a colour"),
        ([{"from": 0.0, "colour": "#ffffff"}], "greater than 0"),
        ([{"from": 0.1, "colour": "blue"}], "match pattern"),
        ([], "at least 1 item"),
    ],
)
def test_classes_that_cannot_be_are_refused(classes, sentence):
    """The refusal says what is wrong."""
    with pytest.raises(ValidationError, match=sentence):
        DepthClasses.from_json({"source": "test", "state": "indicative", "classes": classes})
