"""How many people live where: squares and buurten of the CBS, spread over dwellings."""

from morgen.sources.population.cbs import reader
from morgen.sources.population.spread import RESIDENT_COLUMNS, homes_of, spread

__all__ = ["RESIDENT_COLUMNS", "homes_of", "reader", "spread"]
