"""The collections of a twin that is being served: those of its situation now, and those of its runs."""

from typing import Final

from morgen.core.errors import NotFoundError, RunNotFoundError
from morgen.core.run import Run, RunState
from morgen.core.situation import Situation
from morgen.services.features.collections import (
    Collection,
    layer_collection,
    layer_collections,
    run_collection,
    run_collections,
)
from morgen.services.features.kept import Kept
from morgen.services.served import ServedTwin

__all__ = ["MOST_RUNS", "Catalogue"]

MOST_RUNS: Final = 500
"""Runs whose collections are listed, the newest; those of older runs are found by their id."""
_KEPT_RUNS, _KEPT_SITUATIONS = 256, 16


class Catalogue:
    """Finds collections; every method may be called from any thread.

    What a run gave never changes, so its collections are kept in memory. Each method raises ``NotReadyError`` as
    long as the situation is being gathered, and ``StorageError``.
    """

    def __init__(self, served: ServedTwin) -> None:
        self._served = served
        self._of_runs: Kept[str, Collection] = Kept(_KEPT_RUNS)
        self._situations: Kept[str, Situation] = Kept(_KEPT_SITUATIONS)
        self._layers: tuple[Situation, dict[str, Collection]] | None = None

    def all(self) -> tuple[Collection, ...]:
        """Return the layers of the situation, then what successful runs gave, newest first."""
        runs, _ = self._served.store.page(limit=MOST_RUNS, states=(RunState.SUCCESSFUL,))
        of_runs = [item for run in runs for item in run_collections(run, self._situation_of(run))]
        return (*layer_collections(self._served.situation()), *of_runs)

    def known(self, collection_id: str) -> Collection | None:
        """Return a collection when that takes no database; else None."""
        return self._of_runs.find(collection_id) or self._of_situation().get(collection_id)

    def find(self, collection_id: str) -> Collection:
        """Return one collection; raises ``NotFoundError`` that says what there is, or why it is not there."""
        run_id, dot, output = collection_id.rpartition(".")
        if not dot:
            return layer_collection(self._served.situation(), collection_id)
        return self._of_runs.get(collection_id, lambda: self._of_run(run_id, output))

    def _of_run(self, run_id: str, output: str) -> Collection:
        try:
            run = self._served.store.find(run_id)
        except RunNotFoundError as error:
            raise NotFoundError(str(error)) from error  # a collection is missing, not a job
        return run_collection(run, self._situation_of(run), output)

    def _of_situation(self) -> dict[str, Collection]:
        now = self._served.gathered.situation
        if now is None:
            return {}
        if self._layers is None or self._layers[0] is not now:
            self._layers = now, {item.id: item for item in layer_collections(now)}
        return self._layers[1]

    def _situation_of(self, run: Run) -> Situation:
        """Return what a run was made of; runs of one situation share it."""
        now = self._served.gathered
        if now.situation is not None and now.content_hash == run.manifest.situation:
            return now.situation
        store = self._served.store
        return self._situations.get(run.manifest.situation, lambda: Situation.from_json(store.situation(run.id)))
