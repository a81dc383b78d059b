"""One at a time: who adds, gathers or runs holds the lock of the twin folder."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from morgen.core.errors import BusyError
from morgen.services.disk import storage_guard
from morgen.services.layout import Layout
from morgen.services.objects import ObjectStore

__all__ = ["exclusive"]


@contextmanager
def exclusive(folder: Path, purpose: str) -> Iterator[None]:
    """Hold the twin in ``folder`` for oneself; ``purpose`` is what others read, such as ``morgen run``.

    The lock belongs to this process alone: child processes do not inherit it, and the system frees it when the
    process dies, also by ``kill -9``. Whatever lies half-finished in the work folder is removed at the start,
    because only a holder of the lock makes such things. Raises ``BusyError`` when another holds the lock, and
    ``StorageError`` when the folder cannot be written.
    """
    layout = Layout(folder)
    with storage_guard(layout.state):
        layout.state.mkdir(parents=True, exist_ok=True)
        file = layout.lock.open("a+", encoding="utf-8")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(_sentence(folder, file)) from None
        with storage_guard(layout.state):
            _sign(file, purpose)
        try:
            ObjectStore(layout.state).sweep()
            yield
        finally:
            _wipe(file)


def _sign(file: IO[str], purpose: str) -> None:
    now = datetime.now().astimezone()
    holder = {"pid": os.getpid(), "command": purpose, "since": now.isoformat(timespec="seconds")}
    _wipe(file)
    json.dump(holder, file)
    file.flush()


def _wipe(file: IO[str]) -> None:
    file.seek(0)
    file.truncate()


def _sentence(folder: Path, file: IO[str]) -> str:
    file.seek(0)
    try:
        holder = json.load(file)
        who = f"`{holder['command']}` (process {holder['pid']}) since {holder['since']}"
    except (ValueError, KeyError, TypeError):  # the other is just signing
        who = "another process"
    return f"the twin {folder} is in use by {who}; wait until it ends, or stop a run with `morgen stop`"
