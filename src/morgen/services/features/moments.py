"""Moments and periods as OGC API Features writes them: RFC 3339, ``start/end``, ``..`` for an open end."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from morgen.core.errors import InputError

__all__ = ["Period", "parse_period", "period_of"]

_RFC3339: Final = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?")
_ISO_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_OPEN: Final = ("", "..")
_SECOND: Final = timedelta(seconds=1)
_EARLIEST, _LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Period:
    """From the first moment to the last one, both included, UTC; open ends are the ends of time."""

    start: datetime = _EARLIEST
    end: datetime = _LATEST

    def meets(self, other: "Period") -> bool:
        """Whether the two have a moment in common."""
        return self.start <= other.end and other.start <= self.end


def parse_period(text: str) -> Period:
    """Read the parameter ``datetime``; raises ``InputError`` when it is no moment and no period."""
    parts = text.upper().split("/")
    try:
        if len(parts) == 1:
            return _moment(parts[0])
        start, end = parts
        period = Period(
            start=_EARLIEST if start in _OPEN else _moment(start).start,
            end=_LATEST if end in _OPEN else _moment(end).end,
        )
    except (ValueError, OverflowError):
        raise InputError(
            f"datetime is {text!r}, but it must be a moment such as 2026-01-31T12:00:00Z, a day, or a period such"
            " as 2026-01-01/2026-12-31 or 2026-01-01/..; change the parameter datetime in the address"
        ) from None
    if period.start > period.end:
        raise InputError(
            f"datetime is {text!r}, but a period starts with its earliest moment; change the parameter datetime"
        )
    return period


def period_of(date: str) -> Period | None:
    """Return the day, month or year that an ISO 8601 date names, or None for an empty or another text."""
    found = _ISO_DATE.match(date)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        start = datetime(year or 1, month or 1, day or 1, tzinfo=UTC)
        if day:
            after = start + timedelta(days=1)
        elif month:
            after = (start + timedelta(days=31)).replace(day=1)
        else:
            after = start.replace(year=start.year + 1)
    except (ValueError, OverflowError):
        return None
    return Period(start, after - _SECOND)


def _moment(text: str) -> Period:
    if not _RFC3339.fullmatch(text):
        raise ValueError(text)
    if "T" not in text:
        day = datetime.fromisoformat(text).replace(tzinfo=UTC)
        return Period(day, day + timedelta(days=1) - _SECOND)
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return Period(moment, moment)
