"""The files of a report of a balance: a page to print, a table, everything for machines, and a picture."""

import csv
import io
import json
from pathlib import Path
from typing import Final

from morgen.faces.report.balance.page import balance_page
from morgen.faces.report.balance.picture import draw_courses
from morgen.models.balance import Balance, Row
from morgen.services.balance import ProgrammeBalance
from morgen.services.disk import replace_text, storage_guard

__all__ = ["COLUMNS", "balance_csv", "write_balance"]

UNKNOWN = "unknown"
NUMBERS = ("amount", "need", "need_min", "need_max", "have", "gap")
"""Columns in which an empty cell could be taken for zero, so that they say that it is unknown."""
COLUMNS: Final = (
    *("norms", "edition", "year", "theme", "facility", "title", "norm", "basis", "amount"),
    *("need", "need_min", "need_max", "unit", "units", "whole_units", "floor", "plot"),
    *("have", "have_certainty", "have_source", "shared", "nearby", "gap", "light", "state", "source"),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet takes for a formula."""


def write_balance(found: ProgrammeBalance, folder: Path, *, language: str = "nl") -> dict[str, Path]:
    """Write ``balance.html``, ``.csv``, ``.json``, and for a programme ``courses.png``; return them by name.

    Files of an earlier report are replaced. Raises ``StorageError`` when the disk refuses.
    """
    files = {"page": folder / "balance.html", "table": folder / "balance.csv", "json": folder / "balance.json"}
    picture = folder / "courses.png"
    if found.courses:
        with storage_guard(folder):
            folder.mkdir(parents=True, exist_ok=True)
            files["picture"] = draw_courses(found.courses, picture, language=language)
    replace_text(files["page"], balance_page(found, language=language, picture=files.get("picture")))
    replace_text(files["table"], balance_csv(found))
    replace_text(files["json"], json.dumps(found.to_json(), indent=1, ensure_ascii=False) + "\n")
    return files


def balance_csv(found: ProgrammeBalance) -> str:
    """Return one line for each norm of each set; what is not known says so."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_line(balance, row) for balance in found.balances for row in balance.rows)
    return text.getvalue()


def _line(balance: Balance, row: Row) -> list[object]:
    values = row.to_json() | {"norms": balance.norms, "edition": balance.edition, "year": balance.year}
    return [_cell(name, values[name]) for name in COLUMNS]


def _cell(name: str, value: object) -> object:
    if value is None:
        return UNKNOWN if name in NUMBERS else ""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
