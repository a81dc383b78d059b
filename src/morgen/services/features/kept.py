"""Values that are dear to make, kept in memory: each made once, the least used let go."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

__all__ = ["Kept"]

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """The ``size`` most recently used values. Whoever asks first makes a value, others wait for that one."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._making: dict[Key, threading.Lock] = {}
        self._guard = threading.Lock()

    def find(self, key: Key) -> Value | None:
        """Return the value when it is there, without waiting."""
        with self._guard:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return the value, made by ``make`` when it is not there; what ``make`` raises is passed on."""
        found = self.find(key)
        if found is not None:
            return found
        with self._guard:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            found = self.find(key)  # another may have made it meanwhile
            return self._keep(key, make()) if found is None else found

    def _keep(self, key: Key, value: Value) -> Value:
        with self._guard:
            self._values[key] = value
            self._making.pop(key, None)
            while len(self._values) > self._size:
                self._values.popitem(last=False)
        return value
