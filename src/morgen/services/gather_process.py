"""The process that gathers for a server: ``python -m morgen.services.gather_process``.

Reading source files takes minutes of processor time and gigabytes of memory on a town. In a process of its own it
takes neither the interpreter nor the memory of the server, and it can be stopped. It prints one JSON document a
line: how far it is, and at last whether it was done. What it gathered lies in the twin, where the server reads it.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from morgen.core.errors import BusyError, MorgenError
from morgen.services.supervised import read_errand

__all__ = ["main"]

_EVERY = 0.2
"""Seconds between two reports."""


def main() -> int:
    """Do one errand; returns 0 when the situation was gathered."""
    errand = read_errand()
    if not errand:
        return 1
    from morgen.services.twin import Twin

    try:
        Twin.open(Path(errand["folder"])).situation(on_progress=_reporting())
    except BusyError as error:
        _say(busy=str(error))
        return 1
    except MorgenError as error:
        _say(problem=str(error))
        return 1
    _say(done=True)
    return 0


def _reporting() -> Any:
    reported = 0.0

    def report(fraction: float, message: str) -> None:
        nonlocal reported
        if time.monotonic() - reported > _EVERY:
            reported = time.monotonic()
            _say(progress=fraction, message=message)

    return report


def _say(**document: Any) -> None:
    print(json.dumps(document), flush=True)  # noqa: T201 - the line is how the server is told


if __name__ == "__main__":
    sys.exit(main())
