"""How a collection of features is described: extent, CRSs, sources, and where its features are."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from morgen.core.source import SourceStamp
from morgen.faces.http.answers import GEOJSON
from morgen.faces.http.links import HTML, link, represented_links
from morgen.services.feature_store import LayerFacts
from morgen.services.features.collections import Collection
from morgen.services.features.crs import CRS84, FEATURE_CRS, RD

__all__ = ["PARQUET", "collection_address", "collection_document", "queryables_document", "source_documents"]

PARQUET: Final = "application/vnd.apache.parquet"
SCHEMA: Final = "application/schema+json"
QUERYABLES: Final = "http://www.opengis.net/def/rel/ogc/1.0/queryables"

_LICENCES: Final = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC PDM 1.0": "https://creativecommons.org/publicdomain/mark/1.0/",
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
}
"""Licences that sources name, and where their text is."""


def collection_address(root: str, collection: Collection) -> str:
    """Return the address of a collection; ``root`` is that of the API."""
    return f"{root}/collections/{quote(collection.id, safe='')}"


def collection_document(root: str, collection: Collection, facts: LayerFacts, *, form: str) -> dict[str, Any]:
    """Return the OGC description of a collection, with our own ``sources`` and ``numberOfFeatures``."""
    return {
        "id": collection.id,
        "title": collection.title,
        "description": collection.description,
        "extent": _extent(collection, facts),
        "itemType": "feature",
        "crs": [crs.uri for crs in FEATURE_CRS],
        "storageCrs": RD.uri,
        "numberOfFeatures": facts.count,
        "sources": source_documents(collection.stamps),
        "links": _links(root, collection, form=form),
    }


def source_documents(stamps: Iterable[SourceStamp]) -> list[dict[str, Any]]:
    """Return what is known of each source: whom to name, its licence, its date, and the hash of its bytes."""
    return [
        {
            "id": stamp.source.id,
            "title": stamp.source.title,
            "attribution": stamp.source.attribution,
            "licence": stamp.source.licence,
            "date": stamp.data_date,
            "state": stamp.state.value,
            "sha256": stamp.sha256,
            "fetchedAt": _moment(stamp.fetched_at) if stamp.fetched_at else None,
            "problem": stamp.problem,
        }
        for stamp in stamps
    ]


def queryables_document(address: str, collection: Collection, facts: LayerFacts) -> dict[str, Any]:
    """Return the JSON Schema of the properties that can be filtered on."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{address}/queryables",
        "type": "object",
        "title": collection.title,
        "properties": {name: {"title": name, "type": kind} for name, kind in facts.properties.items()},
        "additionalProperties": False,
    }


def _extent(collection: Collection, facts: LayerFacts) -> dict[str, Any]:
    extent: dict[str, Any] = {}
    if facts.bounds:
        extent["spatial"] = {"bbox": [list(facts.bounds)], "crs": CRS84.uri}
    if collection.period:
        interval = [_moment(collection.period.start), _moment(collection.period.end)]
        trs = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
        extent["temporal"] = {"interval": [interval], "trs": trs}
    return extent


def _links(root: str, collection: Collection, *, form: str) -> list[dict[str, Any]]:
    address, title = collection_address(root, collection), collection.title
    found = [
        *represented_links(address, title, form=form),
        link(f"{address}/items?f=json", "items", f"{title}: features", type=GEOJSON),
        link(f"{address}/items?f=html", "items", f"{title}: table", type=HTML),
        link(f"{address}/queryables", QUERYABLES, f"{title}: properties to filter on", type=SCHEMA),
        link(f"{address}/features.parquet", "enclosure", f"{title}: everything as GeoParquet", type=PARQUET),
        link(f"{address}?f=html#sources", "describedby", f"{title}: sources", type=HTML),
    ]
    if collection.run:
        found.append(link(f"{root}/jobs/{collection.run}", "via", f"The run {collection.run} that gave it"))
    named = sorted({stamp.source.licence for stamp in collection.stamps})
    return found + [link(_LICENCES[name], "license", name, type=HTML) for name in named if name in _LICENCES]


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
