"""CityJSON as bytes: versions, coordinate systems, whole files and CityJSONSeq, and where one is broken."""

import gc
import gzip
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from morgen.core.area import RD_EXTENT
from morgen.core.errors import UnreadableSourceError

__all__ = ["VERSIONS", "CityFeature", "Header", "open_city", "paused_collector", "read_bytes"]

VERSIONS = ("1.0", "1.1", "2.0")
"""Versions of CityJSON that are read; a patch number behind them (1.0.3) does not matter."""

TAKEN_FOR = "CityJSON"

RD_NAP, RD, NAP = 7415, 28992, 5709
GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class Header:
    """What a CityJSON file says about all its objects."""

    version: str
    crs: str
    """'EPSG:7415', 'EPSG:28992' or, when the file names none, 'EPSG:7415 (assumed)'."""
    data_date: str
    """Reference date of the data, ISO 8601; empty when the file carries none."""
    sequence: bool
    """Whether it is a CityJSONSeq: one JSON document a line."""


@dataclass(frozen=True, eq=False)
class CityFeature:
    """City objects with the vertices that their boundaries point at."""

    objects: Mapping[str, Mapping[str, Any]]
    vertices: npt.NDArray[np.float64]
    """Shape (n, 3): x, y in RD New and z in NAP, m."""
    where: str = ""
    """Place in the file for messages, e.g. 'line 12'."""


@contextmanager
def paused_collector() -> Iterator[None]:
    """Keep the cycle collector still while many small objects are made, and leave it as it was found.

    JSON makes no cycles; the collector walking over millions of lists is three quarters of the time of a load.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file, unpacked when it is gzip; raises ``UnreadableSourceError``."""
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if data.startswith(GZIP_MAGIC) else data
    except (EOFError, gzip.BadGzipFile) as error:
        raise unreadable(path, f"its gzip packing is broken: {error}") from error
    except OSError as error:
        raise unreadable(path, f"it cannot be opened: {error.strerror or error}") from error


def open_city(path: Path) -> tuple[Header, Iterator[CityFeature]]:
    """Open a CityJSON or CityJSONSeq file and return its header and its features.

    A whole CityJSON file is one feature. Features come lazily: a broken line is met when it is reached.
    Raises ``UnreadableSourceError`` naming version, line and column, or city object.
    """
    data = read_bytes(path).removeprefix(b"\xef\xbb\xbf")
    first, _, rest = data.lstrip().partition(b"\n")
    if rest.strip() and (head := _complete(first)) is not None:
        return _open_sequence(path, head, rest)
    document = _parsed(path, data, line=0)
    header = _header(path, document, sequence=False)
    feature = CityFeature(
        _objects(path, document, where=""), _vertices(path, document, document.get("transform"), where="")
    )
    return _with_crs(path, header, [feature]), iter([feature])


def unreadable(path: Path, problem: str, where: str = "") -> UnreadableSourceError:
    """Return the error for a CityJSON file that is broken."""
    return UnreadableSourceError(path, taken_for=TAKEN_FOR, problem=problem, where=where)


def check_version(path: Path, version: object) -> str:
    """Return the version when it is one that is read; raises ``UnreadableSourceError`` naming those that are."""
    allowed = (
        f"versions {', '.join(VERSIONS[:-1])} and {VERSIONS[-1]} are read; convert it with `cjio FILE upgrade`"
    )
    if not isinstance(version, str) or not version:
        raise unreadable(path, f"it is CityJSON of an unknown version; {allowed}")
    if ".".join(version.split(".")[:2]) not in VERSIONS:
        raise unreadable(path, f"it is CityJSON of version {version}; {allowed}")
    return version


def _open_sequence(path: Path, head: Any, rest: bytes) -> tuple[Header, Iterator[CityFeature]]:
    if isinstance(head, dict) and head.get("type") == "CityJSONFeature":
        problem = (
            "its first line is a CityJSONFeature; the first line has to be the CityJSON header with the transform"
        )
        raise unreadable(path, problem, "line 1")
    header = _header(path, head, sequence=True)
    features = _sequence(path, head.get("transform"), rest)
    if not header.crs:
        every = list(features)
        return _with_crs(path, header, every), iter(every)
    return header, features


def _sequence(path: Path, transform: Any, rest: bytes) -> Iterator[CityFeature]:
    for number, line in enumerate(rest.split(b"\n"), start=2):
        if not line.strip():
            continue
        where = f"line {number}"
        document = _parsed(path, line, line=number)
        if not isinstance(document, dict) or document.get("type") != "CityJSONFeature":
            raise unreadable(path, "a line behind the header is no CityJSONFeature", where)
        objects = _objects(path, document, where=where)
        yield CityFeature(objects, _vertices(path, document, transform, where=where), where)


def _complete(line: bytes) -> Any | None:
    """Return the document on one line, or None when the line is not a whole document."""
    try:
        return json.loads(line)
    except ValueError:
        return None


def _parsed(path: Path, data: bytes, *, line: int) -> Any:
    try:
        return json.loads(data)
    except UnicodeDecodeError as error:
        where = f"line {line}, byte {error.start}" if line else f"byte {error.start}"
        raise unreadable(path, "its text is not UTF-8", where) from error
    except json.JSONDecodeError as error:
        where = f"line {line or error.lineno}, column {error.colno}"
        raise unreadable(path, f"its JSON breaks off or is malformed: {error.msg}", where) from error


def _header(path: Path, document: Any, *, sequence: bool) -> Header:
    if not isinstance(document, dict) or document.get("type") not in {"CityJSON", "CityModel"}:
        raise unreadable(path, 'its JSON is not an object of type "CityJSON"')
    version = check_version(path, document.get("version"))
    metadata = document.get("metadata") or {}
    return Header(version, _crs(path, metadata.get("referenceSystem")), _data_date(metadata), sequence)


def _crs(path: Path, reference: Any) -> str:
    """Read 'urn:ogc:def:crs:EPSG::7415', the URL of the OGC, and compounds of RD New and NAP."""
    if not reference:
        return ""
    codes = {int(code) for code in re.findall(r"EPSG(?:::|:|/\d*(?:\.\d+)*/)(\d+)", str(reference))}
    if not codes or not codes <= {RD_NAP, RD, NAP} or codes == {NAP}:
        problem = f"its reference system is {reference}; only EPSG:7415 (RD New with NAP) and EPSG:28992 are read"
        raise unreadable(path, problem, "metadata.referenceSystem")
    return f"EPSG:{RD}" if codes == {RD} else f"EPSG:{RD_NAP}"


def _with_crs(path: Path, header: Header, features: list[CityFeature]) -> Header:
    """Fill in RD New with NAP where a file names no reference system and its coordinates fit."""
    if header.crs:
        return header
    west, south, east, north = RD_EXTENT
    for feature in features:
        x, y = feature.vertices[:, 0], feature.vertices[:, 1]
        if not ((west <= x) & (x <= east) & (south <= y) & (y <= north)).all():
            problem = "it names no reference system and its coordinates are not in RD New"
            raise unreadable(path, problem, feature.where or "metadata.referenceSystem")
    return Header(header.version, f"EPSG:{RD_NAP} (assumed)", header.data_date, header.sequence)


def _data_date(metadata: Mapping[str, Any]) -> str:
    """Return the reference date; 3DBAG of 2024 and later gives it only as version 'v2024.04.20'."""
    for name in ("referenceDate", "datasetReferenceDate"):
        if metadata.get(name):
            return str(metadata[name])
    release = re.fullmatch(r"v?(\d{4})\.(\d{2})\.(\d{2})", str(metadata.get("version", "")))
    return "-".join(release.groups()) if release else ""


def _objects(path: Path, document: Mapping[str, Any], *, where: str) -> Mapping[str, Mapping[str, Any]]:
    objects = document.get("CityObjects")
    if not isinstance(objects, dict) or not all(isinstance(item, dict) for item in objects.values()):
        raise unreadable(path, "its CityObjects are missing or not an object of objects", where)
    return objects


def _vertices(path: Path, document: Mapping[str, Any], transform: Any, *, where: str) -> npt.NDArray[np.float64]:
    try:
        vertices = np.array(document.get("vertices", []), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise unreadable(path, "its vertices are not rows of three numbers", where) from error
    if vertices.size == 0:
        return np.empty((0, 3))
    if vertices.ndim != 2 or vertices.shape[1] != 3:  # noqa: PLR2004  three coordinates
        raise unreadable(path, "its vertices are not rows of three numbers", where)
    if transform is None:
        return vertices
    try:
        scale = np.array(transform["scale"], dtype=np.float64)
        translate = np.array(transform["translate"], dtype=np.float64)
        return np.asarray(vertices * scale + translate)
    except (KeyError, TypeError, ValueError) as error:
        raise unreadable(path, "its transform has no scale and translate of three numbers", "transform") from error
