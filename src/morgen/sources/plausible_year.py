"""Construction years that can be true."""

__all__ = ["EARLIEST_YEAR", "LATEST_YEAR", "plausible_year"]

EARLIEST_YEAR = 1006
"""1005 is a stand-in for 'unknown' in Dutch registers (Amsterdam); hardly a wall that stands is older."""

LATEST_YEAR = 2100
"""9999 stands for 'unknown' or 'not yet built'; a permit may name a year that is still to come."""


def plausible_year(value: object) -> int | None:
    """Return the year as a number, or None when it is missing, no year, or outside ``EARLIEST_YEAR..LATEST_YEAR``.

    Mediaeval years (1286) are kept: old towns have such buildings, and the register is the authority.
    """
    try:
        year = int(float(str(value)))
    except (OverflowError, ValueError):
        return None
    return year if EARLIEST_YEAR <= year <= LATEST_YEAR else None
