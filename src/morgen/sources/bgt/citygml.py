"""BGT deliveries in GML: CityGML (IMGeo) and gmllight, as bare files or together in PDOK's zip.

The shape of an object is picked by the name of its element (``geometrie2d...``). A general GML reader takes the
first geometry that it meets, which for more than half of the panden is the point of a house-number label.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np

from morgen.core.errors import SourceError, UnreadableSourceError
from morgen.core.grid import Bounds, Grid
from morgen.core.source import Role, Source
from morgen.sources.bgt.spelling import COLUMN_SPELLINGS, fold, is_known_column, theme_of
from morgen.sources.contract import Reading, Recognised

__all__ = ["FORMAT", "read", "recognise"]

FORMAT = "bgt-citygml"
TAKEN_FOR = "a BGT delivery in CityGML"
HEAD_BYTES = 8192
BGT_NAMESPACE = b"geostandaarden.nl/imgeo"
ENVELOPE = re.compile(
    rb"<(?:\w+:)?lowerCorner[^>]*>\s*([\d.]+)\s+([\d.]+).{0,80}?<(?:\w+:)?upperCorner[^>]*>\s*([\d.]+)\s+([\d.]+)",
    re.DOTALL,
)
MEMBERS = ("{*}cityObjectMember", "{*}featureMember", "{*}member")
XML_SUFFIXES = (".gml", ".xml")
LABEL_THEME = "openbareruimtelabel"


@dataclass
class _Layer:
    """The objects of one theme while they are collected."""

    rows: list[dict[str, str]] = field(default_factory=list)
    shapes: list[Any] = field(default_factory=list)


def recognise(path: Path) -> Recognised | None:
    """Recognise a BGT GML file, or a zip that holds at least one.

    Raises ``UnreadableSourceError`` for a zip of BGT files that is cut off.
    """
    head = _head(path)
    if head.startswith(b"PK\x03\x04"):
        return _recognise_zip(path, head)
    if BGT_NAMESPACE not in head:
        return None
    return Recognised(path=path, source=_source(path, title="BGT, CityGML"), bounds=_envelope(head))


def read(recognised: Recognised, grid: Grid) -> Reading:
    """Read the current objects whose shape intersects the box of ``grid``.

    Raises ``UnreadableSourceError`` with the member of the zip and the line where the reading stopped.
    """
    from morgen.sources.bgt.rd import extent_of
    from morgen.sources.bgt.topography import RawLayer, reading_of

    path = recognised.path
    layers: dict[str, _Layer] = {}
    ended = 0
    unknown: set[str] = set()
    for name, stream in _gml_files(path):
        ended += _collect(stream, layers, unknown, path=path, member=name)
    raw = [RawLayer(theme, _columns(layer.rows), _array(layer.shapes)) for theme, layer in layers.items()]
    remarks = (
        [f"Elements {', '.join(sorted(unknown))} are no objects of the BGT and were skipped."] if unknown else []
    )
    try:
        return reading_of(
            raw,
            grid,
            crs="EPSG:28992",
            bounds=recognised.bounds
            or extent_of(np.array([shape for layer in raw for shape in layer.geometries])),
            remarks=remarks,
            ended=ended,
        )
    except SourceError as error:
        raise UnreadableSourceError(path, taken_for=TAKEN_FOR, problem=str(error)) from error


def _source(path: Path, *, title: str) -> Source:
    return Source(
        id=str(path),
        title=title,
        format=FORMAT,
        role=Role.TOPOGRAPHY,
        publisher="Kadaster (PDOK)",
        licence="CC0-1.0",
        attribution="Basisregistratie Grootschalige Topografie (BGT), Kadaster",
    )


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _envelope(head: bytes) -> Bounds | None:
    found = ENVELOPE.search(head)
    if not found:
        return None
    xmin, ymin, xmax, ymax = (float(number) for number in found.groups())
    return xmin, ymin, xmax, ymax


# -- zip ---------------------------------------------------------------------------------------------------------


def _recognise_zip(path: Path, head: bytes) -> Recognised | None:
    try:
        with zipfile.ZipFile(path) as archive:
            if not any(_is_bgt(archive, member) for member in archive.infolist()):
                return None
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        if BGT_NAMESPACE in _first_bytes_of_first_member(head):
            raise UnreadableSourceError(
                path,
                taken_for=TAKEN_FOR,
                problem="the zip is broken or cut off; download it again",
                where=str(error),
            ) from error
        return None
    except (RuntimeError, NotImplementedError):
        return None  # encrypted, or packed in a way that we could not look into
    return Recognised(path=path, source=_source(path, title="BGT, CityGML in a zip"), bounds=None)


def _is_bgt(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    if not member.filename.lower().endswith(XML_SUFFIXES):
        return False
    with archive.open(member) as file:
        return BGT_NAMESPACE in file.read(HEAD_BYTES)


def _first_bytes_of_first_member(head: bytes) -> bytes:
    """Unpack what the head of a zip holds of its first file (APPNOTE.TXT of PKWARE, section 4.3.7)."""
    name_length = int.from_bytes(head[26:28], "little")
    extra_length = int.from_bytes(head[28:30], "little")
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(head[30 + name_length + extra_length :])
    except zlib.error:
        return b""


def _gml_files(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Open each BGT file in turn: the file itself, or the members of the zip."""
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            yield "", file
        return
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if _is_bgt(archive, member):
                with archive.open(member) as file:
                    yield member.filename, file


# -- objects -----------------------------------------------------------------------------------------------------


def _collect(stream: IO[bytes], layers: dict[str, _Layer], unknown: set[str], *, path: Path, member: str) -> int:
    """Add the current objects of one GML file to ``layers``; return how many objects were history."""
    from lxml import etree

    def unreadable(problem: str, line: int | None) -> UnreadableSourceError:
        where = ", ".join(part for part in (member, f"line {line}" if line else "") if part)
        return UnreadableSourceError(path, taken_for=TAKEN_FOR, problem=problem, where=where)

    ended = 0
    feature: Any = None
    try:
        for _, holder in etree.iterparse(stream, tag=MEMBERS, resolve_entities=False, huge_tree=True):
            for feature in holder:
                ended += not _add(feature, layers, unknown)
            _forget(holder)
    except etree.XMLSyntaxError as error:
        raise unreadable(f"its XML stops making sense: {error.msg}", error.lineno) from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise unreadable(f"the zip is broken or cut off: {error}", None) from error
    except ValueError as error:
        raise unreadable(str(error), feature.sourceline if feature is not None else None) from error
    return ended


def _add(feature: Any, layers: dict[str, _Layer], unknown: set[str]) -> bool:
    """Add one object to the layer of its theme; return False when it is history."""
    from morgen.sources.bgt.gml import local_name

    name = local_name(feature)
    theme = theme_of(name)
    if not theme:
        unknown.update({name} - {""})
        return True
    row, geometry = _properties(feature)
    if any(row.get(spelling) for spelling in COLUMN_SPELLINGS["ended_at"]):
        return False
    layer = layers.setdefault(theme, _Layer())
    layer.rows.append(row)
    layer.shapes.append(_label_places(feature) if theme == LABEL_THEME else _shape(geometry))
    return True


def _properties(feature: Any) -> tuple[dict[str, str], Any]:
    """Return the attributes of an object by folded name (the first of each), and its geometry property."""
    from morgen.sources.bgt.gml import local_name

    row: dict[str, str] = {}
    geometry = None
    for element in feature.iter():
        name = local_name(element)
        if name.startswith("geometrie2d"):
            geometry = element
        elif element.text and is_known_column(name):
            row.setdefault(fold(name), element.text.strip())
    return row, geometry


def _shape(geometry: Any) -> Any:
    from morgen.sources.bgt.gml import shape_of

    return shape_of(geometry[0]) if geometry is not None and len(geometry) else None


def _label_places(feature: Any) -> Any:
    """Return where the label of a street is written: it has no other shape."""
    import shapely

    from morgen.sources.bgt.gml import local_name, shape_of

    places = [shape_of(element[0]) for element in feature.iter() if local_name(element) == "plaatsingspunt"]
    return shapely.MultiPoint(shapely.get_coordinates(places)) if len(places) > 1 else next(iter(places), None)


def _forget(holder: Any) -> None:
    """Free what was read, so that a town of a gigabyte needs no gigabytes of memory."""
    holder.clear()
    while holder.getprevious() is not None:
        del holder.getparent()[0]


def _columns(rows: list[dict[str, str]]) -> Mapping[str, list[str | None]]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def _array(shapes: list[Any]) -> Any:
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return array
