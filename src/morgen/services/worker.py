"""Executing a run: a fresh process calculates, this one watches over it.

The row of the run is the truth (see ``morgen.services.runs``). The supervisor here starts a worker process, never
by fork (the threads of numba and GDAL do not survive one), keeps the lease of the row, passes on progress, kills
the worker when somebody asks to stop and it does not listen, and replaces it once when it is killed.
The worker process itself is ``morgen.services.worker_process``.
"""

import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from morgen.core.errors import RunError
from morgen.core.run import Run, RunState
from morgen.services.disk import storage_guard
from morgen.services.layout import Layout
from morgen.services.progress import Progress, silent
from morgen.services.publish import unpublish
from morgen.services.runs import MAX_ATTEMPTS, Pulse, RunStore
from morgen.services.supervised import end_group, start

__all__ = ["GRACE", "execute", "log_file"]

GRACE = 0.6
"""Seconds that a worker gets to stop by itself after it was asked to; then it is killed."""

_POLL = 0.05
_VOUCH = 1.0


def log_file(folder: Path, run_id: str) -> Path:
    """Return where the output and tracebacks of a run's workers are kept; there is none when it was quiet."""
    return Layout(folder).logs / f"{run_id}.log"


def execute(store: RunStore, run_id: str, *, on_progress: Progress = silent) -> Run:
    """Compute a waiting run in a process of its own and return its row as it ended.

    ``on_progress`` is called with the fraction (0 to 1) and a message whenever they change. A failed, dismissed or
    lost run is returned as such. Ctrl-C dismisses the run; it is then returned as dismissed. Blocks until the
    worker is gone. Raises ``RunError`` when the run is not waiting.
    """
    run = store.get(run_id)
    if run.state is not RunState.ACCEPTED:
        raise RunError(f"run {run.id} is {run.state}, so it cannot be started; start a new one with `morgen run`")
    for attempt in range(1, MAX_ATTEMPTS + 1):
        worker = _Worker(store, run.id, on_progress)
        try:
            worker.watch()
        except KeyboardInterrupt:
            store.dismiss(run.id)
            worker.watch()
        finally:
            code = worker.end()
        if not _goes_on(store, run.id, code, last=attempt == MAX_ATTEMPTS):
            break
    ended = store.get(run.id)
    if ended.state is not RunState.SUCCESSFUL:  # it may have died between publishing and saying so
        unpublish(Layout(store.folder), run.id)
    return ended


def _goes_on(store: RunStore, run_id: str, code: int, *, last: bool) -> bool:
    """Settle the row after its worker ended; return whether another worker must be started."""
    state = store.pulse(run_id).state
    if state.ended:
        return False
    sentence = _why(code, log_file(store.folder, run_id))
    if last:
        store.lose(run_id, sentence)
    elif state is RunState.RUNNING:
        state = store.requeue(run_id, sentence)
    return not last and not state.ended


def _why(code: int, log: Path) -> str:
    if code == -signal.SIGKILL:
        return (
            "the calculating process was killed from outside; when nobody did that, the memory was full: choose a"
            " smaller area or a larger cell size"
        )
    if code < 0:
        return f"the calculating process crashed ({signal.Signals(-code).name}); see {log}"
    return f"the calculating process ended too early (exit code {code}); see {log}"


class _Worker:
    """One worker process, from start to end."""

    def __init__(self, store: RunStore, run_id: str, on_progress: Progress) -> None:
        self._store = store
        self._run_id = run_id
        self._on_progress = on_progress
        self._told: tuple[float, str] = (-1.0, "")
        self._vouched = 0.0
        self._asked_to_stop = 0.0
        self._log = log_file(store.folder, run_id)
        with storage_guard(self._log.parent):
            self._log.parent.mkdir(parents=True, exist_ok=True)
            with self._log.open("ab") as log:
                self._process = start(
                    "morgen.services.worker_process",
                    {"folder": str(store.folder), "url": store.database.url, "run": run_id},
                    stdout=log,
                    log=log,
                )

    def watch(self) -> None:
        """Return when the process has ended, or when it must be killed."""
        while self._process.poll() is None:
            pulse = self._store.pulse(self._run_id)
            self._vouch()
            self._tell(pulse)
            if self._overdue(pulse):
                return
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_POLL)
        self._tell(self._store.pulse(self._run_id))

    def end(self) -> int:
        """Make sure that the process is gone, and return its exit code."""
        killed_here = self._process.poll() is None
        code = end_group(self._process)
        if killed_here and not self._store.pulse(self._run_id).state.ended:
            self._store.lose(self._run_id, "the calculation was stopped because its supervisor could not go on")
        if self._log.exists() and self._log.stat().st_size == 0:
            self._log.unlink()
        return code

    def _vouch(self) -> None:
        if time.monotonic() - self._vouched > _VOUCH:
            self._store.vouch(self._run_id)
            self._vouched = time.monotonic()

    def _tell(self, pulse: Pulse) -> None:
        if (now := (pulse.progress, pulse.message)) != self._told and pulse.state is not RunState.ACCEPTED:
            self._told = now
            self._on_progress(*now)

    def _overdue(self, pulse: Pulse) -> bool:
        if not (pulse.dismissed or pulse.state.ended):
            return False
        self._asked_to_stop = self._asked_to_stop or time.monotonic()
        return time.monotonic() - self._asked_to_stop > GRACE
