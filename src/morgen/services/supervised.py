"""Processes that work for another process and never outlive it."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import IO, Any, BinaryIO

__all__ = ["die_with_supervisor", "end_group", "read_errand", "start"]

_PR_SET_PDEATHSIG = 1


def start(
    module: str, errand: Mapping[str, Any], *, stdout: IO[bytes] | int, log: IO[bytes]
) -> "subprocess.Popen[bytes]":
    """Start ``python -m module`` and hand it an errand, which ``read_errand`` reads there.

    The thread that calls this must live as long as the process that it starts: on Linux the system ends the
    process with its thread.
    """
    # -P: a numpy.py that happens to lie in the user's folder is not imported. The session of its own keeps Ctrl-C
    # away from the process; its supervisor gets it and stops the process in order.
    process = subprocess.Popen(  # noqa: S603 - a module of our own
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=log,
        start_new_session=True,
    )
    assert process.stdin
    with contextlib.suppress(BrokenPipeError):  # it died at once, which its exit code will tell
        process.stdin.write(json.dumps({**errand, "supervisor": os.getpid()}).encode() + b"\n")
        process.stdin.flush()
    return process


def end_group(process: "subprocess.Popen[bytes]") -> int:
    """Make sure that a started process, and what it started itself, is gone; returns its exit code."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    code = process.wait()
    if process.stdin:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
    return code


def read_errand() -> dict[str, Any]:
    """Read what this process is to do, and see to it that it dies with who asked; empty when nobody did."""
    errand: dict[str, Any] = json.loads(sys.stdin.buffer.readline() or b"{}")
    if errand:
        die_with_supervisor(errand["supervisor"], sys.stdin.buffer)
    return errand


def die_with_supervisor(supervisor: int, pipe: BinaryIO) -> None:
    """End this process at once when its supervisor, at the other end of ``pipe``, ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != supervisor:  # it died before we asked for its signal
        os._exit(1)

    def wait_for_the_end() -> None:
        while os.read(pipe.fileno(), 1):
            pass
        os._exit(1)

    # Elsewhere than on Linux, and when the thread that started us ends before its process does.
    threading.Thread(target=wait_for_the_end, daemon=True).start()
