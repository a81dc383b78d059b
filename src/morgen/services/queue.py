"""The runs of a server: submitted at once, calculated one after the other.

A run that is submitted is a row before the answer leaves the server; the list here only says in which order one
supervisor thread takes them up. That thread holds the lock of the twin while it gathers and calculates, and waits
for it when a terminal has it; the row then says for whom. Another thread renews the lease of every run of this
server and ends runs of others whose starter died. When the server stops, its runs end with a sentence that says
so; when it is killed, their leases run out, and they are lost (see ``morgen.services.runs``).
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, NamedTuple, TypeVar

from morgen.core.errors import BusyError, MorgenError, NotReadyError, StorageError
from morgen.core.run import Run, RunState
from morgen.services.live import LiveSituation
from morgen.services.plan import Plan
from morgen.services.runs import RunStore
from morgen.services.twin import Twin

__all__ = ["LARGEST", "STOPPED", "RunQueue"]

LARGEST = 50
"""Runs that may wait at one time."""
STOPPED = "the server was stopped before this run ended; run it again"

_BEAT = 1.0
"""Seconds between two signs of life."""
_IDLE = 2.0
"""Seconds after which a supervisor without work looks whether the sources changed."""
_PATIENCE = 0.3
"""Seconds between two tries to get the twin from another process."""
_STOPPING = 2.0
"""Seconds that the supervisor gets to end: its worker is killed after ``GRACE``."""

T = TypeVar("T")
_log = logging.getLogger(__name__)


class _Base(NamedTuple):
    """What a run stands on besides the gathered situation."""

    scenario: str
    """Name of the scenario; empty for none."""
    flood: str
    """Run whose water counts; empty for none."""
    situation: str
    """Hash of the situation under them."""


class _GivenUpError(Exception):
    """The run that was being started ended meanwhile, or the server stops."""


class RunQueue:
    """The waiting and computing runs of one server. ``work`` belongs to the supervisor, the rest to anyone."""

    def __init__(
        self, twin: Twin, store: RunStore, live: LiveSituation, *, stopping: threading.Event | None = None
    ) -> None:
        self._twin = twin
        self._store = store
        self._live = live
        self._own: deque[str] = deque()
        self._changed_bases: dict[str, _Base] = {}
        """Run id to what was put on the gathered situation."""
        self._changed = threading.Condition()
        self._stopping = stopping or threading.Event()
        self._ended = threading.Event()

    def submit(self, model_id: str, given: Mapping[str, Any], *, scenario: str = "", flood: str = "") -> Run:
        """Write the row of a run, which waits for its turn, and return it.

        Raises ``ScenarioNotFoundError`` and ``MeasureError`` for the scenario, ``RunNotFoundError`` and
        ``InputError`` for the run whose water counts, and also ``ModelNotFoundError``, ``ParameterError``,
        ``MissingLayerError``, and ``NotReadyError`` when the situation is not gathered yet, ``LARGEST`` runs wait
        already, or the server is being stopped.
        """
        plan = Plan.make(self._twin.config, model_id, given)
        base = self._live.situation()
        situation, digest = self._twin.changed(base, scenario) if scenario else (base, "")
        if flood:
            situation = self._twin.flooded(situation, flood)
        manifest = plan.on(situation, scenario=digest)
        with self._changed:
            if self._stopping.is_set():
                raise NotReadyError("the server is being stopped")
            _, waiting = self._store.page(limit=1, states=(RunState.ACCEPTED,))
            if waiting >= LARGEST:
                raise NotReadyError(f"{waiting} runs are waiting already, and {LARGEST} may; ask again later")
            run = self._store.submit(manifest, situation.to_json())
            self._own.append(run.id)
            if scenario or flood:
                self._changed_bases[run.id] = _Base(scenario, flood, base.content_hash)
            self._changed.notify_all()
        return run

    def work(self) -> None:
        """Gather, then calculate what is submitted, until ``stop`` is called."""
        beat = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        beat.start()
        try:
            self._live.look()
            while not self._stopping.is_set():
                run_id = self._next()
                if run_id is None:
                    self._live.look()
                    continue
                self._take_up(run_id)
                with self._changed:
                    self._own.remove(run_id)
        finally:
            self._ended.set()

    def stop(self) -> None:
        """End the run that computes and those that wait; returns when they have ended, within seconds."""
        with self._changed:
            self._stopping.set()
            open_runs = [run_id for run_id in self._own if self._dismiss(run_id)]
            self._changed.notify_all()
        self._live.stop()
        self._ended.wait(_STOPPING)
        for run_id in open_runs:
            self._store.note(run_id, STOPPED)

    def _dismiss(self, run_id: str) -> bool:
        """Dismiss a run, and return whether nobody else had asked for that."""
        pulse = self._store.pulse(run_id)
        if pulse.dismissed or pulse.state.ended:
            return False
        self._store.dismiss(run_id)
        return True

    def _next(self) -> str | None:
        """Return the run whose turn it is; None when there was none for a while."""
        with self._changed:
            if not self._own and not self._stopping.is_set():
                self._changed.wait(_IDLE)
            return self._own[0] if self._own and not self._stopping.is_set() else None

    def _take_up(self, run_id: str) -> None:
        """Calculate a run; whatever happens, its row says how it ended."""
        try:
            self._calculate(run_id)
        except (_GivenUpError, NotReadyError):
            return
        except StorageError:
            _log.exception("run %s cannot be settled; its lease runs out", run_id)
        except MorgenError as error:
            self._store.refuse(run_id, str(error))
        except Exception:  # noqa: BLE001 - the server must go on for the runs that come after
            _log.exception("run %s met a fault of Morgen", run_id)
            self._store.lose(run_id, "the server made a fault while starting this run; its log says which")

    def _calculate(self, run_id: str) -> None:
        from morgen.services.lock import exclusive
        from morgen.services.worker import execute

        purpose = f"morgen serve, run {run_id}"
        started = False
        while not started:
            self._raise_when_over(run_id)
            self._prepare(run_id)
            with ExitStack() as held:
                self._patiently(run_id, lambda: held.enter_context(exclusive(self._twin.folder, purpose)))
                self._raise_when_over(run_id)
                if started := self._is_current(run_id):
                    execute(self._store, run_id)

    def _prepare(self, run_id: str) -> None:
        """Gather when the sources changed since the run was submitted, and write down what it is made of now."""

        def report(fraction: float, message: str) -> None:
            self._store.note(run_id, f"gathering: {message} ({fraction:.0%})")

        situation = self._patiently(run_id, lambda: self._live.refresh(report))
        run = self._store.find(run_id)
        if self._base_of(run) != self._live.now.content_hash:
            under = self._changed_bases.get(run_id)
            digest = ""
            if under:
                base = situation.content_hash
                if under.scenario:
                    # Measures were drawn on the situation as it was: this refuses to move them onto another.
                    situation, digest = self._twin.changed(situation, under.scenario)
                if under.flood:
                    situation = self._twin.flooded(situation, under.flood)
                self._changed_bases[run_id] = under._replace(situation=base)
            plan = Plan.make(self._twin.config, run.manifest.model, run.manifest.parameters)
            self._store.prepare(run_id, plan.on(situation, scenario=digest), situation.to_json())

    def _is_current(self, run_id: str) -> bool:
        """Whether the run is made of the sources as they are; they may change while it waits for the twin."""
        run = self._store.find(run_id)
        return self._live.adopt() and self._base_of(run) == self._live.now.content_hash

    def _base_of(self, run: Run) -> str:
        """Return the hash of the gathered situation that a run stands on."""
        under = self._changed_bases.get(run.id)
        return run.manifest.situation if under is None else under.situation

    def _patiently(self, run_id: str, attempt: Callable[[], T]) -> T:
        """Try until no other process uses the twin; the row says who does."""
        while True:
            try:
                return attempt()
            except NotReadyError:
                raise
            except BusyError as error:
                self._store.note(run_id, f"waits, for {error}")
            self._stopping.wait(_PATIENCE)
            self._raise_when_over(run_id)

    def _raise_when_over(self, run_id: str) -> None:
        if self._stopping.is_set() or self._store.pulse(run_id).state.ended:
            raise _GivenUpError

    def _beat(self) -> None:
        while not self._ended.wait(_BEAT):
            try:
                with self._changed:
                    own = tuple(self._own)
                self._store.vouch(*own)
                self._store.sweep(self._store.now())
            except StorageError:
                _log.exception("the leases of the runs cannot be renewed")
