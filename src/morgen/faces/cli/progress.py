"""A progress bar on the terminal; silence when nobody looks."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["progress_bar"]


@contextmanager
def progress_bar(*, show: bool) -> Iterator[Callable[[float, str], None]]:
    """Give a function ``(fraction, message)`` that moves a bar on standard error.

    Nothing is drawn when ``show`` is false or standard error is no terminal.
    """
    if not show or not sys.stderr.isatty():
        yield lambda _fraction, _message: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<28}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)

        def move(fraction: float, message: str) -> None:
            bar.update(task, completed=fraction, description=message[:28] or "computing")

        yield move
