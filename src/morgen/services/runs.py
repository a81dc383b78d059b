"""The rows of runs, which are the truth about them.

A run is a row before it starts. The process that starts it (its supervisor, ``morgen.services.worker``) keeps
renewing the lease of the row, waiting or running, for as long as it lives; a worker process claims the row and
calculates, and every report of the worker renews the lease too. The rules:

- Every write of a worker is fenced by its attempt: once the row was given to another attempt, or has ended, the
  write is refused (``StaleAttemptError``, or ``DismissedError`` when somebody stopped the run).
- A worker that dies under a living supervisor is replaced once (``requeue``); after ``MAX_ATTEMPTS`` attempts the
  run is ``lost``.
- A worker dies with its supervisor, so a lease that ran out means that nobody works on the run and nobody will:
  ``sweep``, done at every opening of the store, marks such a run ``lost``, or ``dismissed`` when that was asked.
  A later `morgen run` never takes up a run of another; it starts its own.
- Asking to stop sets a flag. A waiting run is dismissed there and then; a running one when its worker next
  reports, or when its supervisor has killed it.
- Until a worker claims a run, its supervisor may say what it waits for (``note``), write down what it will be made
  of when the sources changed meanwhile (``prepare``), or give it up (``refuse``).
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self

from morgen.core.errors import DismissedError, RunError, RunNotFoundError
from morgen.core.model import Result
from morgen.core.run import Manifest, Output, Run, RunState
from morgen.services.database import Database, open_database
from morgen.services.layout import Layout

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, RowMapping, Select

__all__ = ["LEASE", "MAX_ATTEMPTS", "Claim", "Pulse", "RunStore", "StaleAttemptError"]

LEASE = timedelta(seconds=5)
"""How long after its last sign of life a run counts as abandoned."""
MAX_ATTEMPTS = 2
"""How often a worker may take up one run."""

_OPEN = (RunState.ACCEPTED, RunState.RUNNING)
_UNTOLD = ("situation", "model", "worker", "lease_until", "dismissed")


class StaleAttemptError(RunError):
    """A worker wrote to a run that is no longer its own."""


@dataclass(frozen=True)
class Claim:
    """A run that a worker took up."""

    run: Run
    situation: Mapping[str, Any]
    """The situation's JSON form."""


@dataclass(frozen=True)
class Pulse:
    """What changes while a run goes on; cheap to ask."""

    state: RunState
    progress: float
    message: str
    dismissed: bool
    """Whether somebody asked to stop it."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class RunStore:
    """The runs of one twin. Every method raises ``StorageError`` when the database refuses."""

    folder: Path
    """The twin folder."""
    database: Database
    now: Callable[[], datetime] = _utc_now

    @classmethod
    @contextmanager
    def open(cls, folder: Path, *, url: str = "", now: Callable[[], datetime] = _utc_now) -> Iterator[Self]:
        """Open the store of a twin folder (its own SQLite file, or the database at ``url``) and sweep it."""
        database = open_database(url or Layout(folder).database)
        store = cls(folder=folder, database=database, now=now)
        try:
            store.sweep(now())
            yield store
        finally:
            database.close()

    def submit(self, manifest: Manifest, situation: Mapping[str, Any]) -> Run:
        """Write the row of a new run, state ``accepted``; ``situation`` is the situation's JSON form.

        The id is the moment in UTC and four random digits, such as ``20261123-142233-7f3a``.
        """
        from sqlalchemy.exc import IntegrityError

        created = self.now()
        while True:
            run_id = f"{created.astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
            run = Run(id=run_id, manifest=manifest, state=RunState.ACCEPTED, progress=0, created_at=created)
            try:
                self._insert(run, situation)
            except IntegrityError:  # the id is taken: throw again
                continue
            return run

    def claim(
        self, worker: str, *, run_id: str = "", environment: Mapping[str, str] | None = None
    ) -> Claim | None:
        """Take up the oldest waiting run, or the one named; None when there is none.

        Two workers never get the same run. The attempt goes up by one, progress starts again at 0.
        """
        import sqlalchemy as sa

        from morgen.services._schema import runs

        waiting = sa.select(runs.c.id).where(runs.c.state == RunState.ACCEPTED)
        if run_id:
            waiting = waiting.where(runs.c.id == run_id)
        first = waiting.order_by(runs.c.created_at, runs.c.id).limit(1).with_for_update(skip_locked=True)
        now = self.now()
        taken = (
            sa.update(runs)
            .where(runs.c.id == first.scalar_subquery())
            .values(
                state=RunState.RUNNING,
                attempt=runs.c.attempt + 1,
                worker=worker,
                progress=0.0,
                message="",
                started_at=now,
                lease_until=now + LEASE,
                environment=dict(environment or {}),
            )
            .returning(runs)
        )
        with self.database.writing() as connection:
            row = connection.execute(taken).mappings().one_or_none()
        return Claim(run=_run(row), situation=row["situation"]) if row else None

    def prepare(self, run_id: str, manifest: Manifest, situation: Mapping[str, Any]) -> None:
        """Write down anew what a waiting run will be made of; a run that does not wait stays as it is."""
        from morgen.services._schema import runs

        told = {"manifest": manifest.to_json(), "situation": dict(situation)}
        self._update(run_id, told, runs.c.state == RunState.ACCEPTED)

    def note(self, run_id: str, sentence: str) -> None:
        """Say something about a run that waits or was dismissed; any other says what its worker reports."""
        from morgen.services._schema import runs

        quiet = (RunState.ACCEPTED, RunState.DISMISSED)
        self._update(run_id, {"message": sentence}, runs.c.state.in_(quiet), runs.c.message != sentence)

    def refuse(self, run_id: str, sentence: str) -> None:
        """End a waiting run as ``failed``: it cannot be started."""
        from morgen.services._schema import runs

        ended = {"state": RunState.FAILED, "message": sentence, "ended_at": self.now(), "lease_until": None}
        self._update(run_id, ended, runs.c.state == RunState.ACCEPTED)

    def progress(self, run_id: str, attempt: int, fraction: float, message: str = "") -> bool:
        """Record how far the attempt is (0 to 1), renew the lease, and return whether somebody asked to stop."""
        values = {"progress": min(max(fraction, 0.0), 1.0), "message": message, "lease_until": self.now() + LEASE}
        return bool(self._write_fenced(run_id, attempt, values)["dismissed"])

    def finish(
        self,
        run_id: str,
        attempt: int,
        *,
        result: Result,
        outputs: tuple[Output, ...],
        warnings: tuple[str, ...],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """End the run as ``successful``, with all that it gave, in one transaction.

        ``environment`` replaces that of the claim, when more is known of it now.
        """
        document = result.to_json()
        values = {
            "progress": 1.0,
            "message": "",
            "indicators": document["indicators"],
            "balance": document["balance"],
            "outputs": [output.to_json() for output in outputs],
            "warnings": list(warnings),
            **({} if environment is None else {"environment": dict(environment)}),
        }
        self._end(run_id, attempt, RunState.SUCCESSFUL, values)

    def fail(self, run_id: str, attempt: int, sentence: str, *, warnings: tuple[str, ...] = ()) -> None:
        """End the run as ``failed``; the sentence becomes its message."""
        self._end(run_id, attempt, RunState.FAILED, {"message": sentence, "warnings": list(warnings)})

    def stopped(self, run_id: str, attempt: int) -> None:
        """End the run as ``dismissed``: its worker stopped, or was killed, because somebody asked for it."""
        self._end(run_id, attempt, RunState.DISMISSED, {"message": ""})

    def dismiss(self, run_id: str) -> Run:
        """Ask a run to stop and return it; one that has ended already stays as it is.

        Raises ``RunNotFoundError``.
        """
        from morgen.services._schema import runs

        found = self.get(run_id).id
        ended = {"state": RunState.DISMISSED, "ended_at": self.now(), "lease_until": None, "message": ""}
        waiting = {"dismissed": True, **ended}
        if not self._update(found, waiting, runs.c.state == RunState.ACCEPTED):
            self._update(found, {"dismissed": True}, runs.c.state == RunState.RUNNING)
        return self.get(found)

    def vouch(self, *run_ids: str) -> None:
        """Renew the lease of runs that wait or run: their supervisor lives."""
        import sqlalchemy as sa

        from morgen.services._schema import runs

        which = (runs.c.id.in_(run_ids), runs.c.state.in_(_OPEN))
        with self.database.writing() as connection:
            connection.execute(sa.update(runs).where(*which).values(lease_until=self.now() + LEASE))

    def requeue(self, run_id: str, sentence: str) -> RunState:
        """Put a run whose worker died back to ``accepted``; after ``MAX_ATTEMPTS`` attempts it is ``lost``.

        A run that somebody asked to stop becomes ``dismissed``. ``sentence`` says what happened; returns the
        new state. A run that has ended stays as it is.
        """
        from morgen.services._schema import runs

        again = {"state": RunState.ACCEPTED, "message": sentence, "lease_until": self.now() + LEASE}
        may_again = (runs.c.attempt < MAX_ATTEMPTS) & ~runs.c.dismissed
        if not self._update(run_id, again, (runs.c.state == RunState.RUNNING) & may_again):
            self.lose(run_id, sentence)
        return self.pulse(run_id).state

    def lose(self, run_id: str, sentence: str) -> None:
        """End a run that nobody works on any more as ``lost``, or ``dismissed`` when that was asked."""
        from morgen.services._schema import runs

        self._abandon(runs.c.id == run_id, sentence)

    def sweep(self, now: datetime) -> None:
        """End every run whose lease ran out before ``now``: its starter is gone, and its worker with it."""
        from morgen.services._schema import runs

        self._abandon(
            runs.c.lease_until < now, "the process that started this run ended before the run did; run it again"
        )

    def find(self, run_id: str) -> Run:
        """Return a run by its whole id, which is cheap; raises ``RunNotFoundError``."""
        from morgen.services._schema import runs

        for row in self._select(_told().where(runs.c.id == run_id)):
            return _run(row)
        raise RunNotFoundError(_missing(run_id))

    def page(
        self, *, limit: int, offset: int = 0, states: Sequence[RunState] = (), models: Sequence[str] = ()
    ) -> tuple[tuple[Run, ...], int]:
        """Return some runs, newest first, and how many there are; no states or models means all of them."""
        import sqlalchemy as sa

        from morgen.services._schema import runs

        wanted = [runs.c.state.in_(states)] if states else []
        wanted += [runs.c.model.in_(models)] if models else []
        newest_first = _told().where(*wanted).order_by(runs.c.created_at.desc(), runs.c.id.desc())
        with self.database.reading() as connection:
            total = connection.execute(sa.select(sa.func.count()).select_from(runs).where(*wanted)).scalar_one()
            rows = connection.execute(newest_first.limit(limit).offset(offset)).mappings().all()
        return tuple(_run(row) for row in rows), total

    def get(self, run_id: str) -> Run:
        """Return a run by its id, or by a start of it that no other has; raises ``RunNotFoundError``."""
        from morgen.services._schema import runs

        rows = self._select(runs.select().where(runs.c.id.startswith(run_id, autoescape=True)))
        exact = tuple(row for row in rows if row["id"] == run_id) or rows
        if not run_id or not exact:
            raise RunNotFoundError(_missing(run_id))
        if len(exact) > 1:
            ids = ", ".join(row["id"] for row in exact[:5])
            raise RunNotFoundError(f"{run_id!r} is the start of {len(exact)} runs ({ids}); give more of the id")
        return _run(exact[0])

    def list(self) -> tuple[Run, ...]:
        """Return all runs, newest first."""
        from morgen.services._schema import runs

        newest_first = runs.select().order_by(runs.c.created_at.desc(), runs.c.id.desc())
        return tuple(_run(row) for row in self._select(newest_first))

    def situation(self, run_id: str) -> Mapping[str, Any]:
        """Return the JSON form of the situation that a run was made of; raises ``RunNotFoundError``."""
        import sqlalchemy as sa

        from morgen.services._schema import runs

        (row,) = self._select(sa.select(runs.c.situation).where(runs.c.id == self.get(run_id).id))
        document: Mapping[str, Any] = row["situation"]
        return document

    def pulse(self, run_id: str) -> Pulse:
        """Return what changes while a run goes on; raises ``RunNotFoundError``."""
        import sqlalchemy as sa

        from morgen.services._schema import runs

        columns = sa.select(runs.c.state, runs.c.progress, runs.c.message, runs.c.dismissed)
        for row in self._select(columns.where(runs.c.id == run_id)):
            return Pulse(**row)
        raise RunNotFoundError(_missing(run_id))

    def _select(self, query: "Select[Any]") -> "tuple[RowMapping, ...]":
        with self.database.reading() as connection:
            return tuple(connection.execute(query).mappings())

    def _insert(self, run: Run, situation: Mapping[str, Any]) -> None:
        from morgen.services._schema import runs

        row = run.to_json() | {
            "model": run.manifest.model,
            "situation": dict(situation),
            "created_at": run.created_at,
            "worker": "",
            "lease_until": run.created_at + LEASE,
            "dismissed": False,
        }
        with self.database.writing() as connection:
            connection.execute(runs.insert().values(row))

    def _update(self, run_id: str, values: Mapping[str, Any], *conditions: "ColumnElement[bool]") -> bool:
        import sqlalchemy as sa

        from morgen.services._schema import runs

        change = sa.update(runs).where(runs.c.id == run_id, *conditions).values(dict(values))
        with self.database.writing() as connection:
            return connection.execute(change).rowcount > 0

    def _end(self, run_id: str, attempt: int, state: RunState, values: Mapping[str, Any]) -> None:
        final = {"state": state, "ended_at": self.now(), "lease_until": None}
        self._write_fenced(run_id, attempt, final | dict(values))

    def _write_fenced(self, run_id: str, attempt: int, values: Mapping[str, Any]) -> "RowMapping":
        import sqlalchemy as sa

        from morgen.services._schema import runs

        own = (runs.c.id == run_id, runs.c.attempt == attempt, runs.c.state == RunState.RUNNING)
        change = sa.update(runs).where(*own).values(dict(values)).returning(runs.c.dismissed)
        with self.database.writing() as connection:
            row = connection.execute(change).mappings().one_or_none()
        if row is None:
            self._refuse(run_id, attempt)
        return row

    def _refuse(self, run_id: str, attempt: int) -> NoReturn:
        run = self.get(run_id)
        if run.state is RunState.DISMISSED:
            raise DismissedError(f"run {run.id} was stopped")
        raise StaleAttemptError(
            f"attempt {attempt} of run {run.id} may not write any more:"
            f" the run is {run.state}, in attempt {run.attempt}"
        )

    def _abandon(self, which: "ColumnElement[bool]", sentence: str) -> None:
        import sqlalchemy as sa

        from morgen.services._schema import runs

        ended = {"ended_at": self.now(), "lease_until": None}
        change = sa.update(runs).where(which, runs.c.state.in_(_OPEN))
        with self.database.writing() as connection:
            asked = change.where(runs.c.dismissed)
            connection.execute(asked.values(state=RunState.DISMISSED, message="", **ended))
            connection.execute(change.values(state=RunState.LOST, message=sentence, **ended))


def _missing(run_id: str) -> str:
    return f"this twin has no run {run_id[:80]!r}; look for it with `morgen runs`"


def _told() -> "Select[Any]":
    """Select what a ``Run`` tells, without the description of the situation, which is long."""
    import sqlalchemy as sa

    from morgen.services._schema import runs

    return sa.select(*(column for column in runs.c if column.name not in _UNTOLD))


def _run(row: "RowMapping") -> Run:
    return Run.from_json({name: value for name, value in row.items() if name not in _UNTOLD})
