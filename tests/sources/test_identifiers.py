"""BAG ids are 16 digits of text."""

import math

import numpy as np
import pytest

from morgen.sources.identifiers import bag_id

WHOLE = "0503100000018603"


@pytest.mark.parametrize(
    "spelling",
    [
        WHOLE,
        f"NL.IMBAG.Pand.{WHOLE}",
        f"NL.IMBAG.Pand.{WHOLE}-0",
        "503100000018603",
        " 503100000018603 ",
        503100000018603,
        503100000018603.0,
        "503100000018603.0",
        np.int64(503100000018603),
        np.float64(503100000018603),
        "(1:503100000018603)",
        "(2:0503100000018603,0503100000018604)",
    ],
)
def test_every_spelling_gives_the_same_sixteen_digits(spelling):
    """A BAG id is the same id whichever file wrote it, and with whichever loss of zeros."""
    assert bag_id(spelling) == WHOLE


@pytest.mark.parametrize(
    "nothing",
    [
        None,
        "",
        "   ",
        math.nan,
        math.inf,
        0,
        -503100000018603,
        "0" * 16,
        "onbekend",
        "(0:)",
        True,
        1.5,
        "12345",
        "G0503.032e6812345678901234a",
        "1" * 17,
    ],
)
def test_what_is_no_bag_id_gives_an_empty_text(nothing):
    """A value without a usable id never becomes an id that could join to something."""
    assert bag_id(nothing) == ""


def test_the_lowest_municipality_code_keeps_its_three_zeros():
    """Appingedam was 0003: an id of 13 digits is one that lost three zeros."""
    assert bag_id(3100000117987) == "0003100000117987"
