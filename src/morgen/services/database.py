"""The database of a twin: SQLite in its folder by default, any SQLAlchemy URL on request.

SQLite is migrated when it is opened; a server database only by whoever keeps it, through ``migrate``.
SQLAlchemy and Alembic are imported when a database is opened, not before.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from morgen.core.errors import StorageError
from morgen.core.noun import canonical_json
from morgen.services.disk import storage_guard

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

__all__ = ["Changes", "Database", "migrate", "open_database"]

BUSY_SECONDS = 10
"""How long SQLite waits for another writer."""

_ADVICE = (
    ("disk is full", "the disk is full: free some space or move the twin to a larger disk, then try again"),
    ("readonly", "it cannot be written: ask for write permission or move the twin to a folder of your own"),
    ("locked", "another process keeps it locked: wait until it is done and try again"),
    ("malformed", "it is damaged: put .morgen/morgen.sqlite back from a backup, or remove it and run again"),
    ("not a database", "it is no SQLite database: remove it, or put it back from a backup"),
)


@dataclass(frozen=True)
class Database:
    """An open database with the schema that this code is written for."""

    engine: "Engine"
    url: str
    """The address, password included; for passing on to a worker, not for showing."""

    @contextmanager
    def reading(self) -> Iterator["Connection"]:
        """Give a connection for reading; every database error becomes a ``StorageError``."""
        with _database_guard(self.engine), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator["Connection"]:
        """Give a connection in a transaction that is committed at the end; raises ``StorageError``."""
        with _database_guard(self.engine), _immediate(self.engine) as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


class Changes:
    """Tells cheaply whether anybody wrote to an SQLite database; may be asked from any thread."""

    def __init__(self, database: Database) -> None:
        sqlite = database.engine.dialect.name == "sqlite"
        self._connection = database.engine.raw_connection() if sqlite else None
        self._lock = threading.Lock()

    def version(self) -> int | None:
        """Return a number that is another one after each write; None when the database cannot tell."""
        if self._connection is None:
            return None
        with self._lock:
            found = self._connection.cursor().execute("PRAGMA data_version").fetchone()
        return int(found[0])

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()


def open_database(target: Path | str) -> Database:
    """Open the SQLite file at a path, or the database at a URL.

    A SQLite database is made when it is not there and migrated when it is older than this code. Raises
    ``StorageError`` when it cannot be read or written, is newer than this code, or is a server database that
    must be migrated first.
    """
    engine = _engine(target)
    with _database_guard(engine):
        found = _revision(engine)
        if found != _known():
            if engine.dialect.name != "sqlite":
                raise StorageError(
                    f"the database {_name(engine)} has schema {found or 'none'}, this Morgen needs {_known()};"
                    " have its keeper run `migrate` of morgen.services.database first"
                )
            _migrate(engine)
    return Database(engine=engine, url=engine.url.render_as_string(hide_password=False))


def migrate(target: Path | str) -> None:
    """Bring the database to the schema of this code; raises ``StorageError`` when it is newer or broken."""
    engine = _engine(target)
    with _database_guard(engine):
        _migrate(engine)
    engine.dispose()


def _known() -> str:
    from morgen.services._schema import REVISION

    return REVISION


def _name(engine: "Engine") -> str:
    sqlite = engine.dialect.name == "sqlite"
    return str(engine.url.database) if sqlite else engine.url.render_as_string()


def _engine(target: Path | str) -> "Engine":
    import sqlalchemy as sa

    if isinstance(target, Path):
        with storage_guard(target.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
        url = sa.URL.create("sqlite", database=str(target))
    else:
        url = sa.make_url(target)
    engine = sa.create_engine(url, json_serializer=lambda value: canonical_json(value).decode())
    if url.get_backend_name() == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late to keep DDL and reads together
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    _write_ahead(connection)
    for pragma in ("foreign_keys = ON", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: Any) -> None:
    """Switch to a write-ahead log; this does not wait for a lock by itself, so it is tried until it may."""
    import sqlite3

    patience = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > patience:
                raise
            time.sleep(0.02)
        else:
            return


def _begin_sqlite(connection: "Connection") -> None:
    # A reader that becomes a writer halfway is refused when somebody else wrote in between, so a writer
    # says so at the start.
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


@contextmanager
def _immediate(engine: "Engine") -> Iterator["Connection"]:
    with engine.execution_options(sqlite_begin="BEGIN IMMEDIATE").begin() as connection:
        yield connection


def _revision(engine: "Engine") -> str:
    import sqlalchemy as sa

    with engine.connect() as connection:
        return _revision_of(connection, sa.inspect(connection).get_table_names())


def _revision_of(connection: "Connection", tables: list[str]) -> str:
    import sqlalchemy as sa

    if "alembic_version" in tables:
        return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() or "")
    if tables and connection.dialect.name == "sqlite":
        raise StorageError(
            f"{_name(connection.engine)} is a database of something else (it has {tables[0]!r});"
            " remove it or choose another folder"
        )
    return ""


def _migrate(engine: "Engine") -> None:
    import sqlalchemy as sa
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    steps = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    with _immediate(engine) as connection:
        found = _revision_of(connection, sa.inspect(connection).get_table_names())
        if found and found not in steps:
            raise StorageError(
                f"the database {_name(engine)} was made by a newer Morgen (schema {found}, this one knows up to"
                f" {steps[0]}); install the newest Morgen"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _database_guard(engine: "Engine") -> Iterator[None]:
    import sqlalchemy as sa

    try:
        yield
    except sa.exc.IntegrityError:
        raise  # the caller's own question: is this id taken?
    except sa.exc.DBAPIError as error:
        reason = str(error.orig).splitlines()[0] if error.orig else type(error).__name__
        advice = next(
            (text for word, text in _ADVICE if word in reason), f"{reason}; check that it can be reached"
        )
        raise StorageError(f"the database {_name(engine)} refused: {advice}") from error
