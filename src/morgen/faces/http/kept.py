"""Bytes that cost something to make, kept in memory as far as there is room."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from morgen.faces.http.answers import Stored

__all__ = ["Kept"]

ROOM = 128_000_000
"""Bytes."""


class Kept:
    """A small store of answers by version; what nobody asked for longest goes first. Each is made once."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._answers: OrderedDict[str, Stored] = OrderedDict()
        self._making: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: str, make: Callable[[], Stored]) -> Stored:
        """Return the answer under a key, and make it when it is not there; errors of ``make`` are passed on."""
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
                return found
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                found = self._answers.get(key)
            if found is None:
                found = make()
                _ = found.zipped  # packed here, in a thread that may take its time
                self._keep(key, found)
        return found

    def _keep(self, key: str, answer: Stored) -> None:
        with self._lock:
            self._answers[key] = answer
            self._making.pop(key, None)
            while sum(_size(item) for item in self._answers.values()) > self._room and len(self._answers) > 1:
                self._answers.popitem(last=False)


def _size(answer: Stored) -> int:
    return len(answer.body) + len(answer.zipped or b"")
