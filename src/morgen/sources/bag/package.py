"""What lies in a delivery of the LVBAG: a zip of XML files, a zip of zips, or a bare XML file."""

import re
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from morgen.core.errors import UnreadableSourceError

__all__ = ["PANDEN_NAME", "Member", "members", "side_files", "unreadable"]

TAKEN_FOR = "an LVBAG extract"

PANDEN_NAME = re.compile(r"(?:^|/)\d{4}PND\d{8}(?:-\d+)?\.(?:zip|xml)$")
"""'0221PND15092020.zip' (municipality, objects, date ddmmyyyy) and '0221PND15092020-000001.xml'."""

SIDE_NAME = re.compile(r"(?:^|/)\d{4}(Inactief|NietBag|InOnderzoek)\d{8}\.zip$")
"""Panden that were withdrawn or never were BAG, and notes on objects under inquiry."""

IN_MEMORY = 64 * 2**20
"""Inner zips up to this many bytes are unpacked in memory, larger ones (the whole country: 1.8 GB) on disk."""

ZIP_MAGIC = b"PK\x03\x04"
LOCAL_HEADER = struct.Struct("<26xHH")
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)

Member = tuple[str, IO[bytes]]
"""Place in the delivery ('outer.zip/inner.xml') and the open XML file."""


def unreadable(path: Path, problem: str, where: str = "") -> UnreadableSourceError:
    """Return the error for a delivery that is broken."""
    return UnreadableSourceError(path, taken_for=TAKEN_FOR, problem=problem, where=where)


def panden_names(path: Path) -> list[str]:
    """Return the members of a zip that hold panden; raises ``UnreadableSourceError`` for a broken extract."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _panden(archive)
    except BROKEN as error:
        if PANDEN_NAME.search(_first_name(path)):
            raise unreadable(path, f"its zip is broken or incomplete: {error}") from error
        return []


def side_files(path: Path) -> list[str]:
    """Return the members that are left aside: 'Inactief', 'NietBag' and 'InOnderzoek'."""
    if not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as archive:
        return [name for name in archive.namelist() if SIDE_NAME.search(name)]


def members(path: Path) -> Iterator[Member]:
    """Open every XML file with panden, one after the other; raises ``UnreadableSourceError``."""
    if not zipfile.is_zipfile(path):
        with path.open("rb") as bare:
            if bare.read(len(ZIP_MAGIC)) == ZIP_MAGIC:
                raise unreadable(path, "its zip is broken or incomplete")
            bare.seek(0)
            yield path.name, bare
        return
    place = ""
    try:
        with zipfile.ZipFile(path) as archive:
            for place, file in _walk(archive):
                yield place, file
    except BROKEN as error:
        raise unreadable(path, f"its zip is broken or incomplete: {error}", place) from error


def _walk(archive: zipfile.ZipFile, folder: str = "") -> Iterator[Member]:
    for name in _panden(archive):
        if name.endswith(".zip"):
            with _inner(archive, name) as inner:
                yield from _walk(inner, f"{folder}{name}/")
        else:
            with archive.open(name) as file:
                yield f"{folder}{name}", file


@contextmanager
def _inner(archive: zipfile.ZipFile, name: str) -> Iterator[zipfile.ZipFile]:
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
        with archive.open(name) as packed:
            shutil.copyfileobj(packed, spool)
        with zipfile.ZipFile(spool) as inner:
            yield inner


def _panden(archive: zipfile.ZipFile) -> list[str]:
    return [name for name in archive.namelist() if PANDEN_NAME.search(name) and "__MACOSX" not in name.split("/")]


def _first_name(path: Path) -> str:
    """Return the name of the first member, which stands at the start of a zip even when its end is missing."""
    with path.open("rb") as file:
        head = file.read(LOCAL_HEADER.size)
        if len(head) < LOCAL_HEADER.size or not head.startswith(ZIP_MAGIC):
            return ""
        length, _ = LOCAL_HEADER.unpack(head)
        return file.read(length).decode("utf-8", "replace")
