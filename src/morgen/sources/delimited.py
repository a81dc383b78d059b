"""Tables as text (CSV) in the ways that Dutch registers write them: comma or semicolon, UTF-8 or cp1252."""

import csv
from collections.abc import Iterator
from pathlib import Path

from morgen.core.errors import UnreadableSourceError

__all__ = ["header_of", "rows_of"]

HEAD = 16_384
DELIMITERS = (";", ",")


def header_of(path: Path) -> tuple[str, ...]:
    """Return the names in the first line, in upper case; empty when that line is no header."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    first = head.splitlines()[0] if head else b""
    if b"\x00" in head:
        return ()
    text = _decoded(first)
    delimiter = max(DELIMITERS, key=text.count)
    return tuple(name.strip().strip('"').upper() for name in text.split(delimiter)) if delimiter in text else ()


def rows_of(path: Path, *, taken_for: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Return the number (the header is 1) and the cells by name in upper case of each row.

    An apostrophe is no quote: towns begin with one ('s-Gravenhage). Raises ``UnreadableSourceError`` for a row
    with another number of cells than the header.
    """
    content = path.read_bytes()
    names = header_of(path)
    text = _decoded(content)
    delimiter = max(DELIMITERS, key=text.splitlines()[0].count)
    reader = csv.reader(text.splitlines(), delimiter=delimiter, quotechar='"')
    next(reader)
    for number, cells in enumerate(reader, start=2):
        if not any(cells):
            continue
        if len(cells) != len(names):
            problem = f"a row has {len(cells)} cells and the header {len(names)}"
            raise UnreadableSourceError(path, taken_for=taken_for, problem=problem, where=f"row {number}")
        yield number, {name: cell.strip() for name, cell in zip(names, cells, strict=True)}


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
