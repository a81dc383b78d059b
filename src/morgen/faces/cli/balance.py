"""``morgen balance``: what a wijk needs under sets of norms, what is there, and what is short."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from morgen.core.errors import InputError
from morgen.faces.cli.printing import print_json
from morgen.faces.cli.progress import progress_bar
from morgen.faces.report import text
from morgen.models.norms import load_norms
from morgen.services.balance import ProgrammeBalance, balance_file, balance_numbers

__all__ = ["balance"]

QUICK = ("dwellings", "residents", "site_area")


def balance(
    *,
    folder: Path | None,
    programme: Path | None,
    norms: Sequence[str],
    year: int | None,
    scenario: str,
    out: Path | None,
    language: str,
    as_json: bool,
    **plain: Any,
) -> None:
    """Balance a programme or a twin, or plain numbers of dwellings and residents."""
    given = [name for name, value in plain.items() if value is not None]
    if scenario and folder is None:
        raise InputError("--scenario needs a twin: give its folder as DIR")
    if programme is None and folder is None:
        _quick(norms, year, plain, as_json=as_json, out=out, language=language)
        return
    if given:
        raise InputError(f"--{_option(given[0])} cannot be given with --programme or a twin: they tell it")
    if programme is None and year is not None:
        raise InputError("--year needs --programme, a TOML file: the twin tells what is there now")
    with progress_bar(show=not as_json) as progress:
        found = balance_file(
            programme, norms=norms, year=year, twin=folder, scenario=scenario, on_progress=progress
        )
    if as_json:
        print_json(found.to_json())
    else:
        _print(found)
    _write(found, out, language, as_json=as_json)


def _quick(
    norms: Sequence[str],
    year: int | None,
    plain: dict[str, Any],
    *,
    as_json: bool,
    out: Path | None,
    language: str,
) -> None:
    if year is not None:
        raise InputError("a balance of a year needs --programme, a TOML file; see docs/balance.md")
    missing = [name for name in QUICK if plain[name] is None]
    if missing:
        options = ", ".join(f"--{_option(name)}" for name in QUICK)
        raise InputError(f"--{_option(missing[0])} is missing; give --programme, a twin, or {options}")
    found = balance_numbers(norms=[load_norms(name) for name in norms], **plain)
    if as_json:
        print_json([row.quick() for item in found.balances for row in item.rows])
        for item in found.balances:
            for impossible in item.impossible:
                click.echo(f"morgen: {impossible.sentence.en}", err=True)
    else:
        _print(found)
    _write(found, out, language, as_json=as_json)


def _print(found: ProgrammeBalance) -> None:
    from morgen.faces.report.balance import balance_text

    click.echo(balance_text(found))


def _write(found: ProgrammeBalance, out: Path | None, language: str, *, as_json: bool) -> None:
    if out is None:
        return
    from morgen.faces.report.balance import write_balance

    files = write_balance(found, out, language=language)
    if not as_json:
        click.echo("\n" + text.table([[name, str(path)] for name, path in files.items()], head=["file", "where"]))


def _option(name: str) -> str:
    return name.replace("_", "-")
