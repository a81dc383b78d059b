"""Units as part of a type: ``Annotated[float, Unit("mm/h")]``."""

from dataclasses import dataclass

__all__ = ["UNITS", "Unit"]

UNITS: dict[str, str] = {
    "1": "dimensionless",
    "%": "per cent",
    "m": "metre",
    "m2": "square metre",
    "m3": "cubic metre",
    "m3/s": "cubic metre per second",
    "m/s": "metre per second",
    "m2/s": "square metre per second",
    "mm": "millimetre",
    "mm/h": "millimetre per hour",
    "mm/d": "millimetre per day",
    "h": "hour",
    "min": "minute",
    "s": "second",
    "s/m^(1/3)": "Manning roughness",
    "m NAP": "metre above Amsterdam Ordnance Datum",
    "count": "number of objects",
    "euro": "euro",
}
"""Every unit that a parameter, layer, output or indicator may carry, with its meaning."""


@dataclass(frozen=True)
class Unit:
    """The unit of a value, one of ``UNITS``; raises ``ValueError`` for a unit that is not listed."""

    symbol: str

    def __post_init__(self) -> None:
        if self.symbol not in UNITS:
            raise ValueError(f"unit {self.symbol!r} is not known; known are {', '.join(UNITS)}")
