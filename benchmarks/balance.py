"""How long the balance of a wijk takes, against the limit of one second.

``python benchmarks/balance.py`` balances 3,500 dwellings of seven types in ten phases under both sets, with the
courses of the age groups, five times, and prints the slowest and its share of the limit.
"""

import time

from morgen.models.balance import Dwellings, DwellingType, Programme
from morgen.models.norms import shipped
from morgen.services.balance import balance_programme

LIMIT = 1.0
"""Seconds."""


def wijk() -> Programme:
    rows = tuple(
        Dwellings(type=kind, number=50, year=2028 + phase) for kind in DwellingType for phase in range(10)
    )
    return Programme(site_area=1_000_000, paved_area=300_000, dwellings=rows)


def main() -> None:
    programme = wijk()
    slowest = 0.0
    for turn in range(5):
        start = time.perf_counter()
        balance_programme(programme, norms=shipped(), year=2045)
        took = time.perf_counter() - start
        print(f"turn {turn + 1}: {took:.3f} s")
        slowest = max(slowest, took)
    print(f"slowest {slowest:.3f} s, {slowest / LIMIT:.0%} of the limit of {LIMIT:g} s")


if __name__ == "__main__":
    main()
