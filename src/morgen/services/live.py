"""The situation of a twin that is being served: gathered in the background, and followed when it changes."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from morgen.core.errors import BusyError, MorgenError, NotReadyError, SourceError
from morgen.core.situation import Situation
from morgen.services.disk import storage_guard
from morgen.services.layout import Layout
from morgen.services.progress import Progress, silent
from morgen.services.twin import Twin

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Gathered", "LiveSituation"]

ATTEMPTS = 3
"""How often a gathering starts again because a source changed while it was read."""


@dataclass(frozen=True)
class Gathered:
    """How far the situation of a served twin is."""

    state: Literal["ready", "gathering", "failed"]
    progress: float = 0.0
    message: str = ""
    situation: Situation | None = None
    content_hash: str = ""


class LiveSituation:
    """The situation as the sources are now; changed by one thread, read by many."""

    def __init__(self, twin: Twin) -> None:
        self.now = Gathered("gathering", message="starting")
        self._twin = twin
        self._file: Path | None = None
        self._seen: Path | None = None
        self._tried: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def situation(self) -> Situation:
        """Return the situation; raises ``NotReadyError`` as long as it is not gathered."""
        now = self.now
        if now.situation is not None:
            return now.situation
        if now.state == "failed":
            raise NotReadyError(f"the situation could not be gathered: {now.message}")
        raise NotReadyError(
            f"the situation is being gathered ({now.progress:.0%}, {now.message or 'starting'}); ask again later"
        )

    def refresh(self, on_progress: Progress = silent) -> Situation:
        """Return the situation of the sources as they look now, and gather it when that was not done yet.

        Raises ``BusyError`` when another holds the twin, ``SourceError`` when gathering is not possible, and
        ``NotReadyError`` when ``stop`` was called.
        """
        for _ in range(ATTEMPTS):
            if self.adopt():
                return self.situation()
            self._gather(on_progress)
        raise SourceError("the sources change faster than they can be gathered; try again when they are complete")

    def adopt(self) -> bool:
        """Take over what was gathered before, here or in a terminal; return whether that fits the sources."""
        from morgen.services.gather import kept_file, kept_situation

        config = self._twin.config
        file = kept_file(config, self._twin.folder)
        if file != self._file:
            found = kept_situation(config, self._twin.folder, self._twin.layers)
            if found is None:
                return False
            self.now = Gathered("ready", 1.0, situation=found, content_hash=found.content_hash)
            self._file = file
        return True

    def look(self) -> None:
        """Follow the sources as far as that needs no waiting; raises nothing.

        What was gathered elsewhere is taken over. Gathering starts here when there is no situation at all and the
        sources are not those that failed before, nor still changing: somebody may be adding one after another.
        """
        try:
            self._look()
        except BusyError as error:
            self._tried = None
            self._say("gathering", f"waits, for {error}")
        except MorgenError as error:
            self._say("failed", str(error))

    def _look(self) -> None:
        from morgen.services.gather import kept_file

        file = kept_file(self._twin.config, self._twin.folder)
        settled = self._seen in (file, None)
        self._seen = file
        if self.adopt() or self.now.situation is not None or not settled or file == self._tried:
            return
        self._tried = file
        self.refresh()

    def _say(self, state: Literal["gathering", "failed"], sentence: str) -> None:
        """Say why there is no situation; one that is there stays."""
        if self.now.situation is None:
            self.now = Gathered(state, message=sentence)

    def stop(self) -> None:
        """End a gathering that goes on; there will be no other."""
        from morgen.services.supervised import end_group

        self._stopped = True
        if self._process is not None:
            end_group(self._process)

    def _gather(self, on_progress: Progress) -> None:
        from morgen.services.lock import exclusive

        with exclusive(self._twin.folder, "morgen serve"):
            pass  # it is free: worth starting a process
        told: Mapping[str, Any] = {}
        for told in self._reports():
            if "progress" in told:
                self._tell(told["progress"], told["message"], on_progress)
        if self._stopped:
            raise NotReadyError("the server is being stopped")
        if "busy" in told:
            raise BusyError(told["busy"])
        if "done" not in told:
            log = Layout(self._twin.folder).logs / "gather.log"
            raise SourceError(told.get("problem", f"the gathering process ended too early; see {log}"))

    def _tell(self, fraction: float, message: str, on_progress: Progress) -> None:
        if self.now.situation is None:
            self.now = Gathered("gathering", fraction, message)
        on_progress(fraction, message)

    def _reports(self) -> Iterator[Mapping[str, Any]]:
        """Gather in a process of its own and give what it tells."""
        from morgen.services.supervised import end_group, start

        log = Layout(self._twin.folder).logs / "gather.log"
        with storage_guard(log.parent):
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("wb") as errors:
                errand = {"folder": str(self._twin.folder)}
                process = start("morgen.services.gather_process", errand, stdout=subprocess.PIPE, log=errors)
        self._process = process
        try:
            if self._stopped:
                return
            assert process.stdout
            with process.stdout as lines:
                yield from (json.loads(line) for line in lines if line.startswith(b"{"))
        finally:
            end_group(process)
            self._process = None
