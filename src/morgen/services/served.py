"""A twin that a server holds open: one store, one queue, and the situation as the sources are now."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillOpening
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from morgen.core.errors import MorgenError, NotReadyError, ParameterError
from morgen.core.run import Run
from morgen.core.situation import Situation
from morgen.services.layout import Layout
from morgen.services.live import Gathered, LiveSituation
from morgen.services.result import RunResult
from morgen.services.twin import Twin

if TYPE_CHECKING:
    from morgen.services.queue import RunQueue
    from morgen.services.remembered import RememberedRuns
    from morgen.services.runs import RunStore

__all__ = ["ServedTwin"]

OPENING = 20.0
"""Seconds that a request waits for the database to be opened."""
ENDING = 5.0
"""Seconds that the supervisor gets to notice that it must end, when it is just opening the store."""


@dataclass(frozen=True)
class _Open:
    """What there is once the database was opened."""

    store: "RunStore"
    queue: "RunQueue"
    remembered: "RememberedRuns"


class ServedTwin:
    """What the routes of a server ask; every method may be called from any thread."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        self.title = twin.config.name
        self._live = LiveSituation(twin)
        self._opened: Future[_Open] = Future()
        self._closing = ExitStack()
        self._stopping = threading.Event()
        self._supervisor: threading.Thread | None = None

    def start(self, *, on_failure: Callable[[MorgenError], None] | None = None) -> None:
        """Open the store, gather and calculate in the background.

        ``on_failure`` is called when the store cannot be opened, which ends the service.
        """
        self._supervisor = threading.Thread(target=self._work, args=(on_failure,), name="supervisor", daemon=True)
        self._supervisor.start()

    def stop(self) -> None:
        """End the runs of this server; their rows say that the server was stopped. Reading goes on."""
        self._stopping.set()
        self._live.stop()
        if self._opened.done() and not self._opened.exception():
            self.queue.stop()

    def close(self) -> None:
        """Stop, and close the store."""
        self.stop()
        if self._supervisor is not None:
            self._supervisor.join(ENDING)
        self._closing.close()

    @property
    def stopping(self) -> bool:
        """Whether the server is being stopped."""
        return self._stopping.is_set()

    @property
    def is_open(self) -> bool:
        """Whether the store is open, so that asking for it does not wait."""
        return self._opened.done()

    @property
    def store(self) -> "RunStore":
        """The rows of the runs; waits until they can be read.

        Raises ``StorageError`` when the database refuses, and ``NotReadyError`` when it takes too long.
        """
        return self._open().store

    @property
    def queue(self) -> "RunQueue":
        """Where runs are submitted; raises as ``store`` does."""
        return self._open().queue

    @property
    def gathered(self) -> Gathered:
        """How far the situation is."""
        return self._live.now

    def situation(self) -> Situation:
        """Return the situation; raises ``NotReadyError`` as long as it is not gathered."""
        return self._live.situation()

    def submit(self, model_id: str, given: Mapping[str, Any]) -> Run:
        """Submit a run; raises as ``RunQueue.submit`` does.

        The input ``scenario`` names what to compute with, ``flood`` a run whose water the model may use.
        """
        inputs = dict(given)
        scenario, flood = inputs.pop("scenario", ""), inputs.pop("flood", "")
        if not isinstance(scenario, str):
            raise ParameterError(f"the input 'scenario' is {scenario!r}, but it must be the name of a scenario")
        if not isinstance(flood, str):
            raise ParameterError(f"the input 'flood' is {flood!r}, but it must be the id of a run")
        return self.queue.submit(model_id, inputs, scenario=scenario, flood=flood)

    def run(self, run_id: str) -> Run:
        """Return a run as it is now by its whole id, cheaply; raises ``RunNotFoundError``."""
        return self._open().remembered.find(run_id)

    def result(self, run_id: str) -> RunResult:
        """Return a run with its outputs by its whole id; raises ``RunNotFoundError``."""
        store, run = self.store, self.run(run_id)

        def situation() -> Situation:
            return Situation.from_json(store.situation(run_id), reader=self.twin.layers.read)

        return RunResult(run, Layout(self.twin.folder).runs / run.id, situation)

    def _open(self) -> "_Open":
        try:
            return self._opened.result(OPENING)
        except StillOpening:
            raise NotReadyError("the database of the twin is still being opened; ask again later") from None

    def _work(self, on_failure: Callable[[MorgenError], None] | None) -> None:
        from morgen.services.queue import RunQueue
        from morgen.services.remembered import RememberedRuns
        from morgen.services.runs import RunStore

        try:
            store = self._closing.enter_context(RunStore.open(self.twin.folder))
        except MorgenError as error:
            self._opened.set_exception(error)
            if on_failure:
                on_failure(error)
            return
        queue = RunQueue(self.twin, store, self._live, stopping=self._stopping)
        remembered = RememberedRuns(store)
        self._closing.callback(remembered.close)
        self._opened.set_result(_Open(store, queue, remembered))
        queue.work()
