"""One at a time: who adds, gathers or runs holds the lock of the twin folder; who serves it holds another."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from morgen.core.errors import BusyError
from morgen.services.disk import storage_guard
from morgen.services.layout import Layout
from morgen.services.objects import ObjectStore

__all__ = ["exclusive", "serving"]


@contextmanager
def exclusive(folder: Path, purpose: str) -> Iterator[None]:
    """Hold the twin in ``folder`` for oneself; ``purpose`` is what others read, such as ``morgen run``.

    The lock belongs to this process alone: child processes do not inherit it, and the system frees it when the
    process dies, also by ``kill -9``. Whatever lies half-finished in the work folder is removed at the start,
    because only a holder of the lock makes such things. Raises ``BusyError`` when another holds the lock, and
    ``StorageError`` when the folder cannot be written.
    """
    layout = Layout(folder)
    with _held(layout.lock, lambda holder: _in_use(folder, holder)) as file:
        with storage_guard(layout.state):
            _sign(file, {"command": purpose})
        ObjectStore(layout.state).sweep()
        yield


@contextmanager
def serving(folder: Path) -> Iterator[Callable[[str], None]]:
    """Be the only server of the twin in ``folder``, for as long as this process lives.

    Gives a function that writes down at which address the twin is served, for who comes second. Runs and
    gatherings take the lock of ``exclusive`` beside this one, so that the terminal can be used meanwhile. Raises
    ``BusyError`` when the twin is served already, and ``StorageError``.
    """
    layout = Layout(folder)
    with _held(layout.serve, lambda holder: _served(folder, holder)) as file:

        def announce(address: str) -> None:
            with storage_guard(layout.state):
                _sign(file, {"address": address})

        yield announce


@contextmanager
def _held(path: Path, refusal: Callable[[Mapping[str, Any]], str]) -> Iterator[IO[str]]:
    with storage_guard(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(refusal(_holder(file))) from None
        try:
            yield file
        finally:
            _wipe(file)


def _sign(file: IO[str], told: Mapping[str, str]) -> None:
    now = datetime.now().astimezone()
    _wipe(file)
    json.dump({"pid": os.getpid(), **told, "since": now.isoformat(timespec="seconds")}, file)
    file.flush()


def _wipe(file: IO[str]) -> None:
    file.seek(0)
    file.truncate()


def _holder(file: IO[str]) -> Mapping[str, Any]:
    """Return what the holder wrote; empty when it is just signing."""
    file.seek(0)
    try:
        found = json.load(file)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _in_use(folder: Path, holder: Mapping[str, Any]) -> str:
    who = "another process"
    if {"command", "pid", "since"} <= set(holder):
        who = f"`{holder['command']}` (process {holder['pid']}) since {holder['since']}"
    return f"the twin {folder} is in use by {who}; wait until it ends, or stop a run with `morgen stop`"


def _served(folder: Path, holder: Mapping[str, Any]) -> str:
    if not {"address", "pid", "since"} <= set(holder):
        return f"the twin {folder} is being served by another process already; stop that one first"
    return (
        f"the twin {folder} is served already at {holder['address']} (process {holder['pid']}, since"
        f" {holder['since']}); open that address, or stop that server first"
    )
