"""The reader of panden in an LVBAG extract (BAG 2.0, XML)."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import IO, Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from morgen.core.grid import Grid
from morgen.sources.bag.package import ZIP_MAGIC, members, panden_names, side_files, unreadable
from morgen.sources.bag.panden import Panden, is_past, recognised_panden
from morgen.sources.contract import Reader, Reading, Recognised

__all__ = ["reader"]

FORMAT = "bag-extract"
HEAD = 16_384
OBJECTS = re.compile(rb"objecten/v20\d{6}")
PANDEN_ONLY = re.compile(rb"objectType>\s*PND\s*<")

DIMENSIONS = 3
"""The extract writes x, y and an empty z of 0.0, unless it says otherwise."""


def _recognise(path: Path) -> Recognised | None:
    """Recognise a zip that holds panden by the names in it, and a bare XML file by its own heading."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(ZIP_MAGIC):
        known = bool(panden_names(path))
    else:
        known = b"bagStand" in head and bool(OBJECTS.search(head)) and bool(PANDEN_ONLY.search(head))
    if not known:
        return None
    return recognised_panden(path, form="LVBAG extract", reader_id=FORMAT)


def _read(recognised: Recognised, grid: Grid) -> Reading:
    """Read the standing panden that meet the box of ``grid``; raises ``UnreadableSourceError``.

    The XML streams by: memory holds the panden of the box, not those of the country.
    """
    panden = Panden(grid.bounds)
    date = ""
    for place, file in members(recognised.path):
        date = max(date, _read_member(recognised.path, place, file, panden))
    frame = panden.to_frame()
    left_aside = side_files(recognised.path)
    remarks = list(panden.remarks())
    if left_aside:
        remarks.append(f"{', '.join(left_aside)} were left aside: they hold no current panden.")
    return Reading(frame, len(frame), "EPSG:28992", panden.extent, date, tuple(remarks))


def _read_member(path: Path, place: str, file: IO[bytes], panden: Panden) -> str:
    """Read one XML file into ``panden`` and return the date of the extract."""
    from lxml import etree

    date = ""
    tags = ("{*}StandTechnischeDatum", "{*}Pand")
    try:
        for _, element in etree.iterparse(file, tag=tags, resolve_entities=False, no_network=True, huge_tree=True):
            if element.tag.endswith("}StandTechnischeDatum"):
                date = element.text or ""
                continue
            _add(element, panden)
            _forget(element)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise unreadable(
            path, f"its XML breaks off or is malformed: {error.msg}", f"{place}, line {line}, column {column}"
        ) from error
    except (TypeError, ValueError) as error:
        raise unreadable(path, f"a pand cannot be read: {error}", place) from error
    return date


def _forget(element: Any) -> None:
    """Free an element and everything before it: a parsed tree of the country would not fit in memory."""
    stand = element.getparent().getparent()
    element.clear()
    if stand is None:
        return
    while stand.getprevious() is not None:
        del stand.getparent()[0]


def _add(element: Any, panden: Panden) -> None:
    values = dict(_values(element))
    if is_past(values):
        panden.left_out["past"] += 1
        return
    panden.add(
        values.get("identificatie", ""),
        year=values.get("oorspronkelijkbouwjaar"),
        status=values.get("status"),
        use="",
        occurrence=int(values.get("voorkomenidentificatie", "0")),
        shape=_shape(element),
    )


def _values(element: Any) -> Iterator[tuple[str, str]]:
    """Yield name (lower case, without namespace) and text of everything in a pand but its geometry."""
    for child in element:
        name = _name(child.tag)
        if name == "voorkomen":
            for detail in child.iter():
                if detail.text:
                    yield _name(detail.tag), detail.text.strip()
        elif name != "geometrie" and child.text:
            yield name, child.text.strip()


@cache
def _name(tag: str) -> str:
    """Return a tag in lower case without its namespace, which carries the version of the BAG."""
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _shape(element: Any) -> BaseGeometry | None:
    polygons = [_polygon(polygon) for polygon in element.iter("{*}Polygon")]
    if not polygons:
        return None
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _polygon(element: Any) -> shapely.Polygon:
    rings = [_ring(positions, element) for positions in element.iter("{*}posList")]
    if not rings:
        raise ValueError("a polygon has no posList")
    return shapely.Polygon(rings[0], rings[1:])


def _ring(positions: Any, polygon: Any) -> Any:
    """Return the corners of a ring, shape (n, 2): height 0.0 says nothing and is dropped."""
    dimensions = int(positions.get("srsDimension") or polygon.get("srsDimension") or DIMENSIONS)
    numbers = np.array((positions.text or "").split(), dtype=np.float64)
    return numbers.reshape(-1, dimensions)[:, :2]


reader = Reader(id=FORMAT, title="BAG panden in an LVBAG extract", recognise=_recognise, read=_read)
