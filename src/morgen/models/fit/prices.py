"""What a municipality says that every unit of a norm is worth."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from morgen.core.noun import Noun

__all__ = ["Prices", "prices_text"]

Price = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class Prices(Noun):
    """Prices in thousands of euros of one unit too little; the defaults are choices, not measurements."""

    dwelling: Price = 400.0
    """A dwelling too few."""
    mix: Price = 100.0
    """A dwelling of another type than asked."""
    floor: Price = 3.0
    """m2 of a facility too little."""
    reach: Price = 2.0
    """A resident who cannot walk to a facility."""
    green: Price = 0.3
    """m2 of public green too little."""
    green_reach: Price = 1.0
    """A resident who cannot walk to green."""
    water: Price = 0.4
    """m3 of storage too little."""
    parking: Price = 25.0
    """A car place too few."""
    demolition: Price = 0.1
    """m2 of floor of a building that has to go."""
    facilities: Mapping[str, Price] = Field(default_factory=dict)
    """Facility to the price of one m2 of it, where that is another than ``floor``."""

    def of_facility(self, facility: str) -> float:
        """Return the price of one m2 of a facility too little."""
        return self.facilities.get(facility, self.floor)


def prices_text() -> str:
    """Return the defaults as TOML, with what each is, to copy and edit."""
    return files("morgen.models.fit").joinpath("prices.toml").read_text(encoding="utf-8")
