"""Content-addressed storage: every layer and every output lies once under the sha256 of its bytes."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from morgen.core.errors import StorageError
from morgen.services.disk import storage_guard
from morgen.sources.files import sha256_of

__all__ = ["ObjectStore", "hash_folder"]

_READ_ONLY = 0o444


def hash_folder(path: Path) -> str:
    """Return the sha256 over the lines ``<sha256>  <relative path>`` of all files below, sorted by path.

    The same as ``sha256sum`` of the output of ``sha256sum`` on those files, so that anyone can check it.
    """
    names = sorted(item.relative_to(path).as_posix() for item in path.rglob("*") if item.is_file())
    lines = "".join(f"{sha256_of(path / name)}  {name}\n" for name in names)
    return hashlib.sha256(lines.encode()).hexdigest()


@dataclass(frozen=True)
class ObjectStore:
    """Files and folders below ``root/objects``, named by their hash, written once and never changed."""

    root: Path
    """The ``.morgen`` folder of a twin."""

    def put_file(self, path: Path) -> str:
        """Move a file into the store and return its sha256; an object that is there already is kept.

        Raises ``StorageError`` when the disk refuses.
        """
        with storage_guard(self.root):
            sha256 = sha256_of(path)
            self._move_in(path, self._place(sha256))
        return sha256

    def put_folder(self, path: Path) -> str:
        """Move a folder into the store and return its ``hash_folder``; raises ``StorageError``."""
        with storage_guard(self.root):
            sha256 = hash_folder(path)
            self._move_in(path, self._place(sha256))
        return sha256

    def path(self, sha256: str) -> Path:
        """Return where an object lies; raises ``StorageError`` when it is not there."""
        place = self._place(sha256)
        if not place.exists():
            raise StorageError(
                f"the stored object {sha256[:12]} is missing from {self.root / 'objects'};"
                " put the folder back from a backup, or run again"
            )
        return place

    def verify(self, sha256: str) -> bool:
        """Whether the object is there and still has the content that its name promises."""
        place = self._place(sha256)
        if not place.exists():
            return False
        return (hash_folder(place) if place.is_dir() else sha256_of(place)) == sha256

    @contextmanager
    def work_folder(self) -> Iterator[Path]:
        """Give a fresh folder for half-finished files, on the same disk, and remove it at the end."""
        work = self.root / "work"
        with storage_guard(work):
            work.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(dir=work))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def sweep(self) -> None:
        """Remove what killed processes left half-finished; only for who holds the lock of the twin."""
        shutil.rmtree(self.root / "work", ignore_errors=True)

    def _place(self, sha256: str) -> Path:
        return self.root / "objects" / sha256[:2] / sha256

    def _move_in(self, path: Path, place: Path) -> None:
        if place.exists():
            _remove(path)
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        with self.work_folder() as folder:
            # A rename is atomic only on one disk, so a file from elsewhere is first brought near.
            near = folder / "object"
            shutil.move(path, near)
            _make_read_only(near)
            try:
                near.rename(place)
            except OSError:
                if not place.exists():  # else another process was first, with the same content
                    raise


def _make_read_only(path: Path) -> None:
    files = path.rglob("*") if path.is_dir() else [path]
    for file in files:
        if file.is_file():
            file.chmod(_READ_ONLY)
            _bring_to_disk(file)


def _bring_to_disk(file: Path) -> None:
    # Without this a power cut may leave an empty object under a full name.
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
