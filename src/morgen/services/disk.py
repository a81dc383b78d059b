"""Writing to a disk that may be full, read-only or gone: one sentence instead of a traceback."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from morgen.core.errors import StorageError

__all__ = ["replace_text", "storage_guard", "write_bytes"]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def storage_guard(folder: Path) -> Iterator[None]:
    """Turn every ``OSError`` in the block into a ``StorageError`` that names ``folder`` and what to do."""
    try:
        yield
    except OSError as error:
        raise StorageError(_sentence(folder, error)) from error


def write_bytes(path: Path, data: bytes | memoryview) -> None:
    """Write a whole file and bring it to the disk; leaves nothing when that fails (``StorageError``)."""
    with storage_guard(path.parent):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)
            raise


def replace_text(path: Path, text: str) -> None:
    """Write a text file, or put it in the place of an older one, whole or not at all (``StorageError``)."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write_bytes(half, text.encode())
        with storage_guard(path.parent):
            half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _sentence(folder: Path, error: OSError) -> str:
    if error.errno in _FULL:
        return f"the disk is full at {folder}: free some space or move the twin to a larger disk, then try again"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"{folder} cannot be written: ask for write permission or move the twin to a folder of your own"
    reason = error.strerror or str(error) or type(error).__name__
    return f"the disk refused to write in {folder} ({reason}); check the disk and try again"
