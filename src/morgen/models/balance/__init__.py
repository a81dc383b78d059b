"""What a programme of dwellings needs, what is there, and what is short."""

from morgen.models.balance.across import Across, Under, across
from morgen.models.balance.cohorts import HOUSEHOLDS, RATES, DwellingType, Household, Rates, residents_per_dwelling
from morgen.models.balance.density import Density
from morgen.models.balance.need import Balance, Impossible, balance_of, quick_balance
from morgen.models.balance.people import (
    AGE_GROUPS,
    Course,
    course,
    courses,
    people_in_general,
    residents_by_age,
    shown,
)
from morgen.models.balance.programme import (
    Dwellings,
    Existing,
    Programme,
    Provision,
    parse_programme,
    read_programme,
)
from morgen.models.balance.row import Light, Row
from morgen.models.balance.stock import Stock, stock_of
from morgen.models.balance.supply import Certainty, Place, Supply, Surroundings
from morgen.models.balance.surroundings import look_around

__all__ = [
    "AGE_GROUPS",
    "HOUSEHOLDS",
    "RATES",
    "Across",
    "Balance",
    "Certainty",
    "Course",
    "Density",
    "DwellingType",
    "Dwellings",
    "Existing",
    "Household",
    "Impossible",
    "Light",
    "Place",
    "Programme",
    "Provision",
    "Rates",
    "Row",
    "Stock",
    "Supply",
    "Surroundings",
    "Under",
    "across",
    "balance_of",
    "course",
    "courses",
    "look_around",
    "parse_programme",
    "people_in_general",
    "quick_balance",
    "read_programme",
    "residents_by_age",
    "residents_per_dwelling",
    "shown",
    "stock_of",
]
