"""BGT as PDOK's OGC API Features gives it: GeoJSON, one page of one collection a file."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from morgen.core.errors import SourceError, UnreadableSourceError
from morgen.core.grid import Bounds, Grid
from morgen.core.source import Role, Source
from morgen.sources.bgt.spelling import theme_of
from morgen.sources.contract import Reading, Recognised

if TYPE_CHECKING:
    from morgen.sources.bgt.topography import RawLayer

__all__ = ["FORMAT", "read", "recognise"]

FORMAT = "bgt-ogcapi"
TAKEN_FOR = "a GeoJSON page of the BGT"
HEAD_BYTES = 1 << 20
"""Enough for the links and the properties of the first object, however long its polygon is."""
COLLECTION = re.compile(rb'"type"\s*:\s*"FeatureCollection"')
IDENTITY = re.compile(rb'"lokaal_?id"\s*:', re.IGNORECASE)
LEVEL = re.compile(rb'"relatieve_?hoogteligging"\s*:', re.IGNORECASE)
BGT_SERVICE = re.compile(rb"/bgt/ogc/v\d")
COLLECTION_IN_LINK = re.compile(r"/collections/([^/?#]+)")
THEME_PROPERTIES = ("featuretype", "feature_type", "objecttype", "object_type", "layer")
THEME_MEMBERS = ("featureType", "collection", "name", "title")


def recognise(path: Path) -> Recognised | None:
    """Recognise a GeoJSON FeatureCollection of the BGT by the names of its properties or of its service."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or not COLLECTION.search(head):
        return None
    of_bgt = (IDENTITY.search(head) and LEVEL.search(head)) or BGT_SERVICE.search(head)
    if not of_bgt:
        return None
    source = Source(
        id=str(path),
        title="BGT, OGC API Features",
        format=FORMAT,
        role=Role.TOPOGRAPHY,
        publisher="Kadaster (PDOK)",
        licence="CC0-1.0",
        attribution="Basisregistratie Grootschalige Topografie (BGT), Kadaster",
    )
    return Recognised(path=path, source=source, bounds=None)


def read(recognised: Recognised, grid: Grid) -> Reading:
    """Read the current objects whose shape intersects the box of ``grid``, from RD New or CRS84.

    Raises ``UnreadableSourceError`` for broken JSON (with line and column), for objects of which nothing tells
    what they are, and for another CRS.
    """
    from morgen.sources.bgt.topography import reading_of

    path = recognised.path
    document = _document(path)
    try:
        layers, crs, bounds = _layers(document, path)
        return reading_of(layers, grid, crs=crs, bounds=bounds, remarks=_remarks(document))
    except SourceError as error:
        raise UnreadableSourceError(path, taken_for=TAKEN_FOR, problem=str(error)) from error


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise UnreadableSourceError(
            path,
            taken_for=TAKEN_FOR,
            problem=f"its JSON stops making sense: {error.msg}",
            where=f"line {error.lineno}, column {error.colno}",
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadableSourceError(
            path, taken_for=TAKEN_FOR, problem="it is not UTF-8 text", where=f"byte {error.start}"
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise UnreadableSourceError(path, taken_for=TAKEN_FOR, problem="it has no list 'features'")
    return document


def _layers(document: Mapping[str, Any], path: Path) -> "tuple[list[RawLayer], str, Bounds | None]":
    import numpy as np

    from morgen.sources.bgt.rd import extent_of, to_rd_new
    from morgen.sources.bgt.topography import RawLayer

    features = document["features"]
    shapes = np.empty(len(features), dtype=object)
    shapes[:] = [_shape(feature, number) for number, feature in enumerate(features, start=1)]
    shapes, crs = to_rd_new(shapes, _crs_of(document))
    of_file = _theme_of_file(document, path)
    rows: dict[str, list[int]] = {}
    for number, feature in enumerate(features):
        rows.setdefault(_theme_of_feature(feature) or of_file, []).append(number)
    if "" in rows:
        raise SourceError(
            "nothing in it tells which objects these are; give the file the name of its collection,"
            " such as bgt_wegdeel.json"
        )
    layers = [
        RawLayer(theme, _columns([features[number] for number in numbers]), shapes[numbers])
        for theme, numbers in rows.items()
    ]
    return layers, crs, extent_of(shapes)


def _shape(feature: Any, number: int) -> Any:
    import shapely.geometry

    try:
        geometry = feature.get("geometry")
        return shapely.geometry.shape(geometry) if geometry else None
    except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError) as error:
        raise SourceError(f"the geometry of feature {number} is not GeoJSON ({error})") from error


def _columns(features: list[dict[str, Any]]) -> dict[str, list[Any]]:
    properties = [feature.get("properties") or {} for feature in features]
    names = dict.fromkeys(name for row in properties for name in row)
    return {name: [row.get(name) for row in properties] for name in names}


def _crs_of(document: Mapping[str, Any]) -> str:
    """Return the CRS that a file tells: the old ``crs`` member or ``coordRefSys`` of JSON-FG; else empty."""
    old = document.get("crs")
    if isinstance(old, Mapping):
        return str((old.get("properties") or {}).get("name", ""))
    return str(document.get("coordRefSys") or "")


def _theme_of_feature(feature: Mapping[str, Any]) -> str:
    properties = feature.get("properties") or {}
    names = [str(properties[name]) for name in THEME_PROPERTIES if properties.get(name)]
    names.append(str(feature.get("featureType") or ""))
    names.append(str(feature.get("id") or "").rpartition(".")[0])
    return next((theme for theme in map(theme_of, names) if theme), "")


def _theme_of_file(document: Mapping[str, Any], path: Path) -> str:
    names = [str(document.get(member) or "") for member in THEME_MEMBERS]
    for link in document.get("links") or []:
        names += COLLECTION_IN_LINK.findall(str(link.get("href", "")))
    names.append(path.name.partition(".")[0])
    return next((theme for theme in map(theme_of, names) if theme), "")


def _remarks(document: Mapping[str, Any]) -> list[str]:
    if any(link.get("rel") == "next" for link in document.get("links") or []):
        return ["This is one page of a longer list: fetch the pages after it too, or objects will be missing."]
    return []
