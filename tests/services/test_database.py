"""Opening the database: made, migrated, or refused with one sentence."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from morgen.core.errors import StorageError
from morgen.services._schema import REVISION, metadata
from morgen.services.database import Database, migrate, open_database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a twin with 100% odd? #name" / ".morgen" / "morgen.sqlite"


@pytest.fixture
def database(path):
    database = open_database(path)
    yield database
    database.close()


def pragma(database: Database, name: str) -> object:
    with database.reading() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_sqlite_is_made_and_set_up(database, path):
    """A new file is in WAL mode, checks foreign keys, and waits for others."""
    assert path.exists()
    assert pragma(database, "journal_mode") == "wal"
    assert pragma(database, "foreign_keys") == 1
    assert pragma(database, "synchronous") == 1
    assert pragma(database, "busy_timeout") == 10_000


def test_migrations_lead_to_the_schema_of_the_code(database):
    """The tables that the migrations make are the tables that the code knows."""
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert context.get_current_revision() == REVISION
        assert compare_metadata(context, metadata) == []


def test_opening_again_changes_nothing(database, path):
    """A database of the right schema is opened without Alembic."""
    script = (
        "import sys; from pathlib import Path; from morgen.services.database import open_database\n"
        "open_database(Path(sys.argv[1])).close(); print('alembic' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", script, str(path)], text=True).strip() == "False"


def test_two_processes_may_make_it_at_once(path):
    """Processes that open a new twin at the same moment do not trip over each other."""
    script = (
        "import sys; from pathlib import Path; from morgen.services.database import open_database\n"
        "sys.stdin.readline(); open_database(Path(sys.argv[1])).close()"
    )
    command = [sys.executable, "-c", script, str(path)]
    pipe = subprocess.PIPE
    started = [subprocess.Popen(command, stdin=pipe, stderr=pipe, text=True) for _ in range(2)]
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    errors = [process.communicate()[1] for process in started]
    assert errors == [""] * 2


def test_a_newer_database_is_refused(database, path):
    """A twin of a newer Morgen is not touched; the sentence says what to do."""
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match=r"made by a newer Morgen \(schema 9999, .* install the newest"):
        open_database(path)


def test_the_database_of_something_else_is_refused(path):
    """A SQLite file with other tables is left alone."""
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    with pytest.raises(StorageError, match=r"a database of something else .*'songs'"):
        open_database(path)


def test_a_file_that_is_no_database_is_refused(path):
    """A broken file is named, with what to do."""
    path.parent.mkdir(parents=True)
    path.write_text("this is no database, however long the text may be" * 100)
    with pytest.raises(StorageError, match=r"morgen\.sqlite refused: it is no SQLite database"):
        open_database(path)


def test_any_url_opens(tmp_path):
    """A database elsewhere is opened by its URL and can be migrated by command."""
    url = f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"
    migrate(url)
    database = open_database(url)
    assert database.url == url
    database.close()


def test_a_database_that_cannot_be_reached_is_a_sentence():
    """A path below a folder that is not there is refused with the path."""
    with pytest.raises(StorageError, match=r"/nowhere/at/all\.sqlite refused"):
        open_database("sqlite:////nowhere/at/all.sqlite")


def test_a_failed_write_leaves_no_trace(database):
    """An error inside a transaction takes back what was written in it."""

    def write_and_fail() -> None:
        with database.writing() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = 'x'"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with database.reading() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == REVISION
