"""``morgen balance``: what a wijk needs under a set of norms, and what is short."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from morgen.core.errors import InputError
from morgen.faces.cli.printing import print_json
from morgen.faces.report.text import table
from morgen.models.balance import Balance, Course, Row, quick_balance
from morgen.models.norms import load_norms

__all__ = ["balance"]

QUICK = ("dwellings", "residents", "site_area")


def balance(
    *,
    folder: Path | None,
    programme: Path | None,
    norms: Sequence[str],
    year: int | None,
    as_json: bool,
    **plain: Any,
) -> None:
    """Balance a programme, or plain numbers of dwellings and residents."""
    if programme is None:
        _quick(folder, norms, year, plain, as_json=as_json)
        return
    _refuse([name for name, value in plain.items() if value is not None], "the programme tells it")
    from morgen.services.balance import balance_file

    found = balance_file(programme, norms=norms, year=year, twin=folder)
    if as_json:
        print_json(found.to_json())
        return
    for item in found.balances:
        _print(item)
    click.echo("\n" + _course_table(found.courses))


def _quick(
    folder: Path | None, norms: Sequence[str], year: int | None, plain: dict[str, Any], *, as_json: bool
) -> None:
    if folder is not None or year is not None:
        raise InputError("a balance of a twin or a year needs --programme, a TOML file; see docs/balance.md")
    missing = [name for name in QUICK if plain[name] is None]
    if missing:
        raise InputError(f"--{_option(missing[0])} is missing; give --programme, or {_all_of(QUICK)}")
    found = [quick_balance(load_norms(name), **plain) for name in norms]
    if not as_json:
        for item in found:
            _print(item)
        return
    print_json([row.quick() for item in found for row in item.rows])
    for item in found:
        for impossible in item.impossible:
            click.echo(f"morgen: {impossible.sentence}", err=True)


def _refuse(given: Sequence[str], why: str) -> None:
    if given:
        raise InputError(f"--{_option(given[0])} cannot be given with --programme: {why}")


def _option(name: str) -> str:
    return name.replace("_", "-")


def _all_of(names: Sequence[str]) -> str:
    return ", ".join(f"--{_option(name)}" for name in names)


def _print(found: Balance) -> None:
    when = "" if found.year is None else f" in {found.year}"
    click.echo(f"\nUnder {found.norms} {found.edition}{when}:\n")
    head = ["theme", "facility", "need", "unit", "units", "have", "light", "state"]
    click.echo(table([_cells(row) for row in found.rows], head=head, right=[2, 4, 5]))
    for item in found.impossible:
        click.echo(f"\n{item.sentence}.")
    for sentence in (*found.left_out, *found.assumptions):
        click.echo(f"note: {sentence}")


def _cells(row: Row) -> list[str]:
    units = "" if row.units is None else f"{row.units:.2f} -> {row.whole_units}"
    return [row.theme, row.facility, _number(row.need), row.unit, units, _number(row.have), row.light, row.state]


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.1f}"


def _course_table(courses: Sequence[Course]) -> str:
    rows = [[item.basis, _whole(item.peak_year), _whole(item.peak), _whole(item.structural)] for item in courses]
    return table(rows, head=["age group", "peak year", "people then", "structural"], right=[1, 2, 3])


def _whole(value: int | None) -> str:
    return "too few" if value is None else str(value)
