"""What a programme of dwellings needs, what is there, and what is short."""

from morgen.models.balance.cohorts import HOUSEHOLDS, RATES, DwellingType, Household, Rates, residents_per_dwelling
from morgen.models.balance.need import Balance, Density, Impossible, Light, Row, balance_of, quick_balance
from morgen.models.balance.people import (
    AGE_GROUPS,
    Course,
    course,
    courses,
    people_in_general,
    residents_by_age,
    shown,
)
from morgen.models.balance.programme import Dwellings, Programme, Provision, parse_programme, read_programme

__all__ = [
    "AGE_GROUPS",
    "HOUSEHOLDS",
    "RATES",
    "Balance",
    "Course",
    "Density",
    "DwellingType",
    "Dwellings",
    "Household",
    "Impossible",
    "Light",
    "Programme",
    "Provision",
    "Rates",
    "Row",
    "balance_of",
    "course",
    "courses",
    "parse_programme",
    "people_in_general",
    "quick_balance",
    "read_programme",
    "residents_by_age",
    "residents_per_dwelling",
    "shown",
]
