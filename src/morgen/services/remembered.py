"""The rows of runs for who asks often: read again only after somebody wrote."""

from morgen.core.run import Run
from morgen.services.database import Changes
from morgen.services.runs import RunStore

__all__ = ["RememberedRuns"]


class RememberedRuns:
    """Runs by their id, as they are now. Every method may be called from any thread."""

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._changes = Changes(store.database)
        self._found: tuple[int | None, dict[str, Run]] = (None, {})

    def find(self, run_id: str) -> Run:
        """Return a run by its whole id; raises ``RunNotFoundError`` and ``StorageError``."""
        version = self._changes.version()
        known, runs = self._found
        if version is None or version != known:
            runs = {}
            self._found = version, runs  # a write after this point has another version
        if run_id not in runs:
            runs[run_id] = self._store.find(run_id)
        return runs[run_id]

    def close(self) -> None:
        """Let go of the database."""
        self._changes.close()
