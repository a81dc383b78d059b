"""Reporting progress: a function of a fraction (0 to 1) and a message, and what is done with it."""

from collections.abc import Callable

__all__ = ["Progress", "part_of", "silent"]

Progress = Callable[[float, str], None]
"""Called with the fraction that is done (0 to 1) and a few words on what is being done."""


def silent(_fraction: float, _message: str) -> None:
    """Report progress to nobody."""


def part_of(progress: Progress, start: float, end: float) -> Progress:
    """Return a ``Progress`` for a part of the work: its 0 to 1 is ``start`` to ``end`` of the whole."""
    return lambda fraction, message: progress(start + (end - start) * fraction, message)
