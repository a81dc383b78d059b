"""The tables as SQLAlchemy sees them; how they came to be is in ``migrations``. Imported inside functions only."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from morgen.core.run import RunState

__all__ = ["REVISION", "metadata", "runs", "scenario_versions", "scenarios"]

REVISION = "0002"
"""The newest migration, which this code is written for."""


class UtcTime(sa.TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no time zone, so it is put back on reading."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> datetime | None:
        """Store in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Any) -> datetime | None:
        """Read as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class StateName(sa.TypeDecorator[RunState]):
    """A run state by its value; drivers differ in what they make of an enum."""

    impl = sa.String(20)
    cache_ok = True

    def process_bind_param(self, value: RunState | str | None, _dialect: Any) -> str | None:
        """Store the value."""
        return None if value is None else RunState(value).value

    def process_result_value(self, value: str | None, _dialect: Any) -> RunState | None:
        """Read the state."""
        return None if value is None else RunState(value)


metadata = sa.MetaData()

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("model", sa.String(200), nullable=False),
    sa.Column("manifest", sa.JSON, nullable=False),
    sa.Column("situation", sa.JSON, nullable=False),
    sa.Column("state", StateName, nullable=False),
    sa.Column("progress", sa.Float, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("started_at", UtcTime),
    sa.Column("ended_at", UtcTime),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("worker", sa.String(200), nullable=False),
    sa.Column("lease_until", UtcTime),
    sa.Column("dismissed", sa.Boolean, nullable=False),
    sa.Column("environment", sa.JSON, nullable=False),
    sa.Column("indicators", sa.JSON, nullable=False),
    sa.Column("balance", sa.JSON, nullable=False),
    sa.Column("outputs", sa.JSON, nullable=False),
    sa.Column("warnings", sa.JSON, nullable=False),
    sa.Index("runs_by_state", "state", "created_at"),
)

scenarios = sa.Table(
    "scenarios",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
)

scenario_versions = sa.Table(
    "scenario_versions",
    metadata,
    sa.Column("name", sa.String(64), sa.ForeignKey("scenarios.name"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("document", sa.JSON, nullable=False),
    sa.Column("saved_at", UtcTime, nullable=False),
)
