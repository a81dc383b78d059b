"""The door to HiGHS that says nothing: its first solver of a process writes a banner to standard output."""

import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

__all__ = ["quiet_solver"]

_FIRST = threading.Lock()
_OUTPUT = 1
"""The file descriptor that C code writes to; ``sys.stdout`` does not see it."""


def quiet_solver() -> Any:
    """Return a new ``highspy.Highs`` that prints nothing.

    The banner comes before any option can be set, and standard output belongs to answers: JSON for machines.
    """
    import highspy

    with _FIRST:
        _let_it_greet()
    solver = highspy.Highs()
    solver.silent()
    return solver


@cache
def _let_it_greet() -> None:
    import highspy

    with _nothing_said():
        highspy.Highs()


@contextmanager
def _nothing_said() -> Iterator[None]:
    """Send what C code writes to standard output nowhere; a process without standard output is left alone."""
    try:
        before = os.dup(_OUTPUT)
    except OSError:
        yield
        return
    sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, _OUTPUT)
        yield
        ctypes.CDLL(None).fflush(None)
    finally:
        os.dup2(before, _OUTPUT)
        os.close(before)
        os.close(nowhere)
