"""Identifiers of the BAG as 16 digits of text, however a file happens to spell them."""

import math
import re
from numbers import Integral, Real

__all__ = ["BAG_ID_DIGITS", "bag_id"]

BAG_ID_DIGITS = 16
"""A BAG object id is gemeentecode (4), object type (2) and sequence number (10)."""

SHORTEST_WITHOUT_ZEROS = 13
"""A pand id has at most three leading zeros: gemeentecodes run from 0003, the digits after it are not shorter."""

WHOLE_NUMBER_OF_A_TABLE = re.compile(r"\d+\.0+")
DIGITS = re.compile(r"(?<![0-9A-Za-z])\d{13,16}(?![0-9A-Za-z])")
"""Standing alone: a run of digits inside a hexadecimal id (lokaalID, UUID) is no BAG id."""


def bag_id(value: object) -> str:
    """Return the first BAG id in ``value`` as 16 digits, or an empty string when there is none.

    Takes ``'NL.IMBAG.Pand.0503100000018603'`` (also with a 3DBAG part suffix ``-0``), whole numbers and text
    that lost their leading zeros, floats of a table with gaps, and GML lists flattened to text such as
    ``'(1:503100000018603)'``. A number of fewer than 13 or more than 16 digits is no BAG id.
    """
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, Integral):
        return _padded(str(int(value)))
    if isinstance(value, Real):
        number = float(value)
        return _padded(str(int(number))) if math.isfinite(number) and number.is_integer() else ""
    text = str(value).strip()
    if WHOLE_NUMBER_OF_A_TABLE.fullmatch(text):
        text = text.partition(".")[0]
    found = DIGITS.search(text)
    return _padded(found.group()) if found else ""


def _padded(digits: str) -> str:
    if not digits.isdecimal() or not SHORTEST_WITHOUT_ZEROS <= len(digits) <= BAG_ID_DIGITS:
        return ""
    return digits.zfill(BAG_ID_DIGITS) if digits.strip("0") else ""
