"""Who reads every form of a balance cannot find a group of fewer than ten people, nor prove that there is one."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from morgen.faces.report.balance.files import balance_csv
from morgen.faces.report.balance.plain import balance_text
from morgen.models.balance import (
    AGE_GROUPS,
    Dwellings,
    DwellingType,
    Programme,
    Surroundings,
    people_in_general,
    residents_by_age,
)
from morgen.models.norms import Basis, load_norms, shipped
from morgen.services.balance import ProgrammeBalance, balance_programme

FEWEST = 10
SETS = [load_norms(name) for name in shipped()]
AGES = range(101)


def programme(*rows: tuple[DwellingType, int, int]) -> Programme:
    homes = tuple(Dwellings(type=kind, number=number, year=year) for kind, number, year in rows)
    return Programme(site_area=50_000, dwellings=homes)


def told(found: ProgrammeBalance) -> dict[int, dict[Basis, int]]:
    """Return every number of people that JSON and CSV give away, by year and group."""
    known: dict[int, dict[Basis, int]] = {}
    document = found.to_json()
    lines = list(csv.DictReader(io.StringIO(balance_csv(found))))
    rows = [(item["year"], row) for item in document["balances"] for row in item["rows"]]
    rows += [(int(line["year"]), line) for line in lines]
    for year, row in rows:
        for basis, count in _people(row):
            assert known.setdefault(year, {}).setdefault(basis, count) == count
    for item in document["courses"]:
        for year, count in zip(item["years"], item["people"], strict=True):
            if count is not None:
                assert known.setdefault(year, {}).setdefault(Basis(item["basis"]), count) == count
    return known


def _people(row: dict[str, Any]) -> Iterator[tuple[Basis, int]]:
    """Yield the number of people of a row; a need tells it too, so it may not be told when the number is not."""
    basis = Basis(row["basis"])
    if basis not in AGE_GROUPS:
        return
    names = ("amount", "need", "need_min", "need_max", "units", "whole_units", "floor", "gap")
    hidden = [row[name] in (None, "", "unknown") for name in names]
    hidden = hidden if hidden[0] else hidden[:4]
    assert len(set(hidden)) == 1, "a need tells the number of people that was hidden"
    if not hidden[0]:
        yield basis, round(float(row["amount"]))


def smallest_provable(known: dict[Basis, int], counts: np.ndarray[Any, Any]) -> float:
    """Return the least that any age could be proven to be at most, of the ages of which there are few.

    Ages that no number tells apart are one; what cannot be proven is as large as the solver makes it.
    """
    signature = [tuple(age in AGE_GROUPS[basis] for basis in known) for age in AGES]
    parts = [part for part in dict.fromkeys(signature) if any(part)]
    matrix = np.array([[float(part[row]) for part in parts] for row in range(len(known))])
    totals = np.array(list(known.values()), dtype=float)
    most = []
    for index, part in enumerate(parts):
        size = sum(count for age, count in zip(AGES, counts, strict=True) if signature[age] == part)
        if size < FEWEST:
            wanted = np.zeros(len(parts))
            wanted[index] = -1
            sums = LinearConstraint(matrix, totals, totals)
            solved = milp(wanted, constraints=sums, integrality=np.ones(len(parts), dtype=np.int64))
            assert solved.success
            most.append(-solved.fun)
    return min(most, default=np.inf)


HOMES = st.tuples(st.sampled_from(list(DwellingType)), st.integers(1, 120), st.integers(2030, 2034))


@settings(max_examples=25)
@given(st.lists(HOMES, min_size=1, max_size=3), st.integers(0, 30))
def test_no_small_group_is_told_nor_left_when_numbers_are_subtracted(
    rows: list[tuple[DwellingType, int, int]], later: int
) -> None:
    """Each year of courses and sets, in JSON and CSV: every number is ten or more, and what is left could be."""
    plan = programme(*rows)
    year = max(row.year for row in plan.dwellings) + later
    for seen, known in told(balance_programme(plan, norms=SETS, year=year)).items():
        assert min(known.values()) >= FEWEST
        whole = residents_by_age(plan, seen).cumsum().round()
        counts = np.diff(whole, prepend=0)
        assert smallest_provable(known, counts) >= FEWEST


def test_the_structural_level_does_not_give_a_hidden_year_away() -> None:
    """Where one of the last ten years is hidden, their mean is hidden: nine of ten and the mean are the tenth."""
    found = balance_programme(programme((DwellingType.ROW, 34, 2030)), norms=SETS)
    assert any(None in item.people for item in found.courses)
    for item in found.courses:
        if None in item.people[-10:]:
            assert item.structural is None
        assert item.peak == max((count for count in item.people if count is not None), default=None)


@pytest.mark.parametrize("living", [0, 6, 40, 150, 600])
def test_the_programme_taken_off_the_total_leaves_no_small_group_of_those_who_live_there(living: int) -> None:
    """Who calculates the residents of the programme and takes them off finds nobody, or ten people and more."""
    plan = programme((DwellingType.ROW, 300, 2030))
    area = around(float(living))
    found = balance_programme(plan, norms=SETS, around=area)
    planned, real = residents_by_age(plan, 2030), people_in_general(living)
    amounts = told(found.model_copy(update={"courses": ()}))[2030]
    assert Basis.INHABITANT in amounts
    for basis, count in amounts.items():
        left = count - sum(planned[age] for age in AGE_GROUPS[basis])
        assert abs(left) < 1 or round(sum(real[age] for age in AGE_GROUPS[basis])) >= FEWEST


def test_fewer_than_ten_residents_are_not_named_in_any_text() -> None:
    """The sentence on who lives there says that they are few, and not how many, nor from what to calculate it."""
    found = balance_programme(programme((DwellingType.ROW, 300, 2030)), norms=SETS, around=around(7.0))
    sentences = " ".join(item.en + item.nl for item in found.balances[0].assumptions) + balance_text(found)
    assert "fewer than 10 people live there already" in sentences
    assert "7 people" not in sentences
    assert "7 mensen" not in sentences


def around(residents: float) -> Surroundings:
    from morgen.core.noun import Text

    return Surroundings(
        area=100_000,
        stock=stock(),
        residents=residents,
        residents_source=Text(nl="proef", en="test"),
        grounds=(),
        places=None,
        places_source="",
        looked=0,
    )


def stock() -> Any:
    from morgen.models.balance import Stock

    return Stock(
        area=100_000,
        buildings=1,
        dwellings=3,
        buildings_unknown=0,
        footprint=100,
        floor_area=200,
        dwelling_floor_area=200,
        floor_estimated=0,
        source="test",
    )
