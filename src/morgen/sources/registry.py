"""Which formats are known (the entry points ``morgen.sources``), and recognition of files and folders."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from morgen.core.errors import SourceError, UnreadableSourceError, UnrecognisedSourceError
from morgen.sources.contract import Reader, Recognised

__all__ = ["GROUP", "SIDECAR_SUFFIXES", "Found", "get_reader", "readers", "recognise", "recognise_all"]

GROUP = "morgen.sources"

SIDECAR_SUFFIXES = (
    *(".aux.xml", ".cpg", ".dbf", ".gfs", ".ovr", ".prj", ".qix", ".sbn", ".sbx", ".shp.xml", ".shx", ".tfw"),
    *(".jgw", ".lock", ".log", ".shm", ".wal", ".xml.aux", ".xsd"),
    *(".html", ".jpg", ".md", ".pdf", ".png", ".qmd", ".qml", ".rst", ".sld", ".toml", ".txt", ".yaml", ".yml"),
)
"""Suffixes of files that accompany data or describe it, so that a folder full of them is no trouble."""


@dataclass(frozen=True)
class Found:
    """What a file or folder turned out to hold."""

    recognised: tuple[Recognised, ...]
    """Files that a reader knows, sorted by path; a file that serves two roles is there twice."""
    skipped: tuple[str, ...] = ()
    """One sentence for each file that was left out."""
    failures: tuple[UnreadableSourceError, ...] = ()
    """Files of a known format that are broken."""


def readers() -> list[Reader]:
    """Return all installed readers, sorted by id; raises ``SourceError`` when one is no ``Reader``."""
    loaded = (_load(entry) for entry in entry_points(group=GROUP))
    return sorted({reader.id: reader for reader in loaded}.values(), key=lambda reader: reader.id)


def get_reader(reader_id: str) -> Reader:
    """Return one reader; raises ``SourceError`` when no installed reader has this id."""
    for reader in readers():
        if reader.id == reader_id:
            return reader
    known = ", ".join(reader.id for reader in readers()) or "none"
    raise SourceError(f"there is no reader {reader_id!r}; installed are {known} (entry points {GROUP!r})")


def recognise(path: Path) -> Recognised:
    """Recognise one file by its content; of a file that serves two roles, the one whose reader comes first.

    Raises ``UnrecognisedSourceError`` when the file is missing, empty or of no known format, and
    ``UnreadableSourceError`` when it is of a known format but broken.
    """
    return _recognise(path, readers())[0]


def recognise_all(path: Path) -> Found:
    """Recognise a file, or all files in a folder and its subfolders, in the order of their paths.

    In a folder a broken file does not lose the others: it is listed in ``failures``. A single file that is not
    recognised, and a folder in which nothing is, raise as ``recognise`` does.
    """
    if not path.is_dir():
        return Found(_recognise(path, readers()))
    recognised: list[Recognised] = []
    skipped: list[str] = []
    failures: list[UnreadableSourceError] = []
    known = readers()
    for file in _files_in(path):
        try:
            if file.name.lower().endswith(SIDECAR_SUFFIXES):
                skipped.append(f"{file} accompanies data, so it was skipped")
            else:
                recognised.extend(_recognise(file, known))
        except UnreadableSourceError as failure:
            failures.append(failure)
        except UnrecognisedSourceError as reason:
            problem, _, _ = str(reason).partition(";")
            skipped.append(f"{problem}, so it was skipped")
    if not recognised:
        raise failures[0] if failures else _nothing_in(path)
    return Found(tuple(recognised), tuple(skipped), tuple(failures))


def _recognise(path: Path, known: list[Reader]) -> tuple[Recognised, ...]:
    """Return what a file holds, once per role: a file of the BAG has buildings and addresses."""
    _require_file(path)
    by_role: dict[str | None, Recognised] = {}
    for reader in known:
        found = reader.recognise(path)
        if found is not None:
            by_role.setdefault(found.source.role, found)
    if by_role:
        return tuple(by_role.values())
    raise UnrecognisedSourceError(f"{path} is of no known format; known are: {_formats(known)}")


def _load(entry: EntryPoint) -> Reader:
    found = entry.load()
    owner = entry.dist.name if entry.dist else "an unknown package"
    if not isinstance(found, Reader) or found.id != entry.name:
        raise SourceError(
            f"{entry.value} of {owner} is not a Reader with id {entry.name!r}; correct its entry point"
        )
    return found


def _require_file(path: Path) -> None:
    if not path.exists():
        raise UnrecognisedSourceError(f"{path} does not exist; check the name, or give a file that does")
    if path.is_dir():
        raise UnrecognisedSourceError(f"{path} is a folder, not a file; give one of its files")
    try:
        with path.open("rb") as stream:
            is_empty = not stream.read(1)
    except OSError as error:
        problem = f"it cannot be opened: {error.strerror or error}"
        raise UnreadableSourceError(path, taken_for="a source", problem=problem) from error
    if is_empty:
        raise UnrecognisedSourceError(f"{path} is empty (0 bytes); fetch or export it again")


def _files_in(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path


def _nothing_in(folder: Path) -> UnrecognisedSourceError:
    known = _formats(readers())
    return UnrecognisedSourceError(f"nothing in the folder {folder} is of a known format; known are: {known}")


def _formats(known: list[Reader]) -> str:
    return "; ".join(reader.title for reader in known) or "none"
