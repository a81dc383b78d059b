"""Rain in time from a text file: a table of one's own, or the hours of a KNMI station."""

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

from morgen.core.errors import InputError, UnreadableSourceError

__all__ = ["RainSeries", "read_rain"]

HOUR: Final = 3600.0
MOST_DAYS: Final = 2
"""Longest period that is taken, days: what the flood model computes at most."""
MOST_PARTS: Final = 288
"""Parts of an event: five minutes each in a day."""
TRACE: Final = -1
"""What KNMI writes for less than 0.05 mm."""
TENTH: Final = 0.1
KNMI_HOUR: Final = ("YYYYMMDD", "HH", "RH")
KNMI_DAY: Final = ("YYYYMMDD", "RD")
RATES: Final = ("mm/h", "mm/u", "mm per h", "mm h-1")
"""How the head of a column says that it holds an intensity; ``mm`` alone is the amount of a step."""


@dataclass(frozen=True)
class RainSeries:
    """Rain over a whole area."""

    steps: tuple[tuple[float, float], ...]
    """(s since the start, mm/h): each rate holds until the next; the last is 0."""
    start: datetime | None
    """Begin of the first step; None when the file counts in seconds."""
    source: str
    remarks: tuple[str, ...] = ()
    """One sentence each: what was done to the values."""

    @property
    def total(self) -> float:
        """Rain in all, mm."""
        return sum((b[0] - a[0]) * a[1] / HOUR for a, b in pairwise(self.steps))

    @property
    def duration(self) -> float:
        """Time over which it falls, h."""
        return self.steps[-1][0] / HOUR

    def pattern(self) -> tuple[float, ...]:
        """Return the rain (mm) in each of equally long parts of the duration, as few as tell all steps.

        Raises ``InputError`` for more than 288 of them.
        """
        part = math.gcd(*(round(after - before) for (before, _), (after, _) in pairwise(self.steps))) or 1
        count = round(self.steps[-1][0] / part)
        if count > MOST_PARTS:
            raise InputError(
                f"the rain of {self.source} needs {count} parts of {part} s, but an event has at most"
                f" {MOST_PARTS}; choose a shorter part of it, or give it in longer steps"
            )
        amounts = ((round((b[0] - a[0]) / part), a[1] * part / HOUR) for a, b in pairwise(self.steps))
        return tuple(amount for repeats, amount in amounts for _ in range(repeats))


@dataclass(frozen=True)
class _Interval:
    """Rain between two times."""

    begin: float
    """s since 1970 in UTC, or since the start."""
    end: float
    amount: float
    """mm; below 0 for a trace."""


def read_rain(path: Path, *, begin: datetime | None = None, end: datetime | None = None) -> RainSeries:
    """Read the rain of ``path``, at most two days of it.

    A table has two columns, with commas, semicolons or tabs between them, and a head. The first is the begin of a
    step, in seconds or as ISO 8601; the second the rain, in mm/h or in mm per step as its head says. The last row
    of a table in mm/h ends the rain when it is 0; otherwise the last step is as long as the one before it.

    A KNMI file (``uurgeg``) is known by its columns YYYYMMDD, HH and RH: sums in 0.1 mm of the hour that ends at
    HH (UT), where -1 stands for less than 0.05 mm and counts as 0. Such a file holds years, so that ``begin`` and
    ``end`` must say which part is meant; times without zone are UTC.

    Raises ``UnreadableSourceError`` for what is no such file, and ``InputError`` for a period that is not in it,
    has gaps, or is longer than two days.
    """
    lines = _lines(path)
    head = next((number for number, line in enumerate(lines) if _is_knmi(line)), None)
    if head is None:
        intervals, dated = _table(path, lines)
    else:
        intervals, dated = _station(path, lines[head:], begin, end), True
    chosen = _chosen(path, intervals, begin, end, dated=dated)
    if not any(item.amount > 0 for item in chosen):
        raise InputError(f"the rain file {path} is dry from start to end of the part that was chosen")
    first = chosen[0].begin
    traces = sum(item.amount < 0 for item in chosen)
    return RainSeries(
        steps=(*((item.begin - first, _rate(item)) for item in chosen), (chosen[-1].end - first, 0.0)),
        start=datetime.fromtimestamp(first, UTC) if dated else None,
        source=path.name if head is None else f"KNMI, {path.name} (CC BY 4.0)",
        remarks=(f"{traces} hours with less than 0.05 mm count as dry.",) if traces else (),
    )


def _rate(item: _Interval) -> float:
    return max(item.amount, 0.0) * HOUR / (item.end - item.begin)


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise _unreadable(path, f"it cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _unreadable(
            path, f"byte {error.start} is not UTF-8: it is no text; give a table or a KNMI file"
        ) from error
    return text.splitlines()


def _is_knmi(line: str) -> bool:
    names = _names(line)
    return all(name in names for name in KNMI_HOUR) or all(name in names for name in KNMI_DAY)


def _names(line: str) -> list[str]:
    return [part.strip() for part in line.lstrip("# ").split(",")]


def _station(path: Path, lines: Sequence[str], begin: datetime | None, end: datetime | None) -> list[_Interval]:
    names = _names(lines[0])
    if "RH" not in names:
        raise _unreadable(path, "it holds sums of days and a flood needs hours: take a file uurgeg of KNMI")
    if begin is None or end is None:
        raise InputError(
            f"the rain file {path} holds years of hours; say which part is meant with a begin and an end, at most"
            f" {MOST_DAYS} days apart"
        )
    day, hour, rain = (names.index(name) for name in KNMI_HOUR)
    earliest, latest = (f"{moment:%Y%m%d}" for moment in (begin - timedelta(1), end + timedelta(1)))
    found = []
    for line in lines[1:]:
        cells = [cell.strip() for cell in line.split(",")]
        if len(cells) <= max(day, hour, rain) or not earliest <= cells[day] <= latest:
            continue
        if not cells[rain]:
            raise InputError(f"the rain file {path} has no rain for hour {cells[hour]} of {cells[day]}")
        found.append(_hour(path, cells[day], cells[hour], cells[rain]))
    return found


def _hour(path: Path, day: str, hour: str, rain: str) -> _Interval:
    try:
        midnight = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC)
        finish = (midnight + timedelta(hours=int(hour))).timestamp()
        amount = int(rain)
    except ValueError as error:
        raise _unreadable(
            path, f"the rain is {rain!r}, which is no whole number", f"hour {hour!r} of {day!r}"
        ) from error
    if amount < TRACE:
        raise _unreadable(path, f"the rain is {amount} x 0.1 mm", f"hour {hour} of {day}")
    return _Interval(finish - HOUR, finish, amount * TENTH)


def _table(path: Path, lines: Sequence[str]) -> tuple[list[_Interval], bool]:
    rows = list(_rows(lines))
    if len(rows) < 3 or len(rows[0][1]) < 2:  # noqa: PLR2004 - a head and two rows of two columns
        raise _unreadable(path, "it is no table: it needs a head and at least two rows of a time and a rain")
    head = rows[0][1][1].lower()
    is_rate = any(word in head for word in RATES)
    if not is_rate and "mm" not in head:
        raise _unreadable(path, f"its column {rows[0][1][1]!r} has no unit: its head must say mm/h or mm")
    dated = not _is_number(rows[1][1][0])
    for number, cells in rows[1:]:
        if _is_number(cells[0]) is dated:
            problem = f"the time is {cells[0]!r}: times are either all in seconds, or all a date"
            raise _unreadable(path, problem, f"line {number}")
    values = [_moment(path, number, cells) for number, cells in rows[1:]]
    for (before, _, _), (after, _, number) in pairwise(values):
        if after <= before:
            raise _unreadable(path, "the time is not later than the one before it", f"line {number}")
    return list(_intervals(values, is_rate=is_rate)), dated


def _rows(lines: Iterable[str]) -> Iterable[tuple[int, list[str]]]:
    kept = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    separator = next((mark for mark in (";", "\t", ",") if kept and mark in kept[0][1]), ",")
    for number, line in kept:
        yield number, [cell.strip() for cell in next(csv.reader([line], delimiter=separator))]


def _moment(path: Path, number: int, cells: Sequence[str]) -> tuple[float, float, int]:
    """Return time (s), value and number of a line; a comma in a number is taken as a point."""
    try:
        rain = float(cells[1].replace(",", "."))
        time = float(cells[0]) if _is_number(cells[0]) else _utc(datetime.fromisoformat(cells[0])).timestamp()
    except (ValueError, IndexError) as error:
        problem = f"{','.join(cells)!r} should be a time (s or ISO 8601) and a number"
        raise _unreadable(path, problem, f"line {number}") from error
    if not 0 <= rain < float("inf"):
        raise _unreadable(path, f"the rain is {cells[1]}, which should be at least 0", f"line {number}")
    return time, rain, number


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _intervals(values: Sequence[tuple[float, float, int]], *, is_rate: bool) -> Iterable[_Interval]:
    last = values[-1][0] - values[-2][0]
    ends = [time for time, _, _ in values[1:]] + [values[-1][0] + last]
    for (time, rain, _), finish in zip(values, ends, strict=True):
        if not (is_rate and rain == 0 and finish == ends[-1]):
            yield _Interval(time, finish, rain * (finish - time) / HOUR if is_rate else rain)


def _chosen(
    path: Path,
    intervals: Sequence[_Interval],
    begin: datetime | None,
    end: datetime | None,
    *,
    dated: bool,
) -> Sequence[_Interval]:
    if not dated and (begin or end):
        raise InputError(f"the rain file {path} counts in seconds, so that no begin or end can be chosen by date")
    first = _utc(begin).timestamp() if begin else float("-inf")
    last = _utc(end).timestamp() if end else float("inf")
    chosen = [item for item in intervals if item.begin >= first and item.end <= last]
    if not chosen:
        raise InputError(f"the rain file {path} has no rain from {begin} to {end}; choose a part that it has")
    for before, after in pairwise(chosen):
        if after.begin != before.end:
            moment = datetime.fromtimestamp(before.end, UTC).isoformat()
            raise InputError(f"the rain file {path} has a gap after {moment}; choose a part without gaps")
    days = (chosen[-1].end - chosen[0].begin) / 86_400
    if days > MOST_DAYS:
        raise InputError(f"the rain of {path} lasts {days:.1f} days; choose a part of at most {MOST_DAYS} days")
    return chosen


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _unreadable(path: Path, problem: str, where: str = "") -> UnreadableSourceError:
    return UnreadableSourceError(path, taken_for="rain in time", problem=problem, where=where)
