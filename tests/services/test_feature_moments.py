"""Moments and periods as OGC API Features writes them."""

from datetime import UTC, datetime

import pytest

from morgen.core.errors import InputError
from morgen.services.features.moments import Period, parse_period, period_of


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("date", "period"),
    [
        ("2024-02-29", Period(at(2024, 2, 29), at(2024, 2, 29, 23, 59, 59))),
        ("2026-12", Period(at(2026, 12, 1), at(2026, 12, 31, 23, 59, 59))),
        ("2019", Period(at(2019, 1, 1), at(2019, 12, 31, 23, 59, 59))),
        ("2026-01-31T12:00:00", Period(at(2026, 1, 31), at(2026, 1, 31, 23, 59, 59))),
        ("", None),
        ("unknown", None),
        ("2026-02-30", None),
    ],
)
def test_a_date_is_a_day_a_month_or_a_year(date, period):
    """As exact as the source says; what is no date has no period."""
    assert period_of(date) == period


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-01-31T12:00:00Z", at(2026, 1, 31, 12), at(2026, 1, 31, 12)),
        ("2026-01-31t12:00:00z", at(2026, 1, 31, 12), at(2026, 1, 31, 12)),
        ("2026-01-31T12:00:00.25+01:00", at(2026, 1, 31, 11, 0, 0, 250_000), at(2026, 1, 31, 11, 0, 0, 250_000)),
        ("2026-01-31", at(2026, 1, 31), at(2026, 1, 31, 23, 59, 59)),
        ("2026-01-01/2026-01-31", at(2026, 1, 1), at(2026, 1, 31, 23, 59, 59)),
        ("2026-01-01T06:00:00Z/..", at(2026, 1, 1, 6), Period().end),
        ("/2026-01-31", Period().start, at(2026, 1, 31, 23, 59, 59)),
        ("../..", Period().start, Period().end),
    ],
)
def test_a_period_is_read(text, start, end):
    """RFC 3339, whole days, and open ends."""
    assert parse_period(text) == Period(start, end)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026",
        "2026-01-31T12:00",
        "20260131",
        "2026-01-31T25:00:00Z",
        "a/b/c",
        "9999-12-31T23:59:59-01:00",
    ],
)
def test_what_is_no_moment_is_a_sentence(text):
    """Forms that RFC 3339 does not have are not guessed at."""
    with pytest.raises(InputError, match="must be a moment such as"):
        parse_period(text)
