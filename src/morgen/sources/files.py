"""What can be said of any file: the hash of its bytes."""

import hashlib
from pathlib import Path

__all__ = ["sha256_of"]


def sha256_of(path: Path) -> str:
    """Return the sha256 (64 hex digits) of a file's bytes, read as a stream; its name and folder do not count.

    Raises ``OSError`` when the file cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
