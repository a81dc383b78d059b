"""Answers with features: ready GeoJSON between a head and links, named by a tag, packed for who takes that."""

import gzip
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import quote, urlencode

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from morgen.faces.http.answers import GEOJSON, JSON
from morgen.faces.http.collections import collection_address
from morgen.faces.http.feature_query import ItemsQuery
from morgen.faces.http.links import HTML, base, link, represented_links
from morgen.services.feature_store import Page
from morgen.services.features.collections import Collection
from morgen.services.features.crs import FeatureCrs

__all__ = [
    "feature_body",
    "feature_headers",
    "feature_links",
    "geojson_answer",
    "is_known",
    "page_body",
    "page_links",
]

_WORTH_PACKING: Final = 16_384
"""Bytes; smaller answers go as they are."""
_QUICKLY: Final = 1
"""Level of gzip: a page of 10,000 features in some tens of milliseconds, four to six times smaller."""

Links = list[dict[str, Any]]


def feature_headers(request: Request, collection: Collection, crs: FeatureCrs) -> dict[str, str]:
    """Return the headers of an answer in GeoJSON; a layer never changes, so its hash is enough for the tag."""
    asked = f"{request.url} {collection.title} {collection.period}"
    # Weak, for each answer has its own time stamp.
    tag = f'W/"{collection.sha256[:16]}-{blake2b(asked.encode(), digest_size=8).hexdigest()}"'
    return {
        "Content-Crs": f"<{crs.uri}>",
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Vary": "Accept, Accept-Encoding",
    }


def is_known(request: Request, headers: Mapping[str, str]) -> bool:
    """Whether the client has this answer already (If-None-Match)."""
    return headers["ETag"] in [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]


async def geojson_answer(request: Request, body: bytes, headers: dict[str, str]) -> Response:
    """Return the answer, in gzip when that is worth it and the client takes it."""
    if len(body) >= _WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        body = await run_in_threadpool(gzip.compress, body, _QUICKLY, mtime=0)
        headers = headers | {"Content-Encoding": "gzip"}
    return Response(body, 200, headers, GEOJSON)


def page_body(page: Page, links: Links) -> bytes:
    """Return a page as a GeoJSON FeatureCollection."""
    head = {
        "type": "FeatureCollection",
        "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "numberMatched": page.matched,
        "numberReturned": page.returned,
        "links": links,
    }
    return b'%b,"features":[%b]}' % (orjson.dumps(head)[:-1], page.features)


def feature_body(feature: bytes, links: Links) -> bytes:
    """Return one feature with its links."""
    return b'%b,"links":%b}' % (feature[:-1], orjson.dumps(links))


def page_links(request: Request, collection: Collection, query: ItemsQuery, page: Page, *, form: str) -> Links:
    """Return the links of a page: itself, its other form, the next and the previous page, its collection."""
    address = collection_address(base(request), collection)
    kept = _kept(request)
    others = [pair for pair in kept if pair[0] != "offset"]

    def at(offset: int, rel: str, title: str) -> dict[str, Any]:
        there = urlencode([*others, ("offset", offset), ("f", form)])
        return link(f"{address}/items?{there}", rel, title, type=HTML if form == "html" else GEOJSON)

    links = represented_links(f"{address}/items{_query(kept)}", collection.title, form=form, type=GEOJSON)
    end = query.offset + page.returned
    if page.returned and end < page.matched:
        links.append(at(end, "next", "Next page"))
    if query.offset > 0:
        links.append(at(max(0, query.offset - query.limit), "prev", "Previous page"))
    return [*links, _to_collection(address, collection, form)]


def feature_links(request: Request, collection: Collection, feature_id: str, *, form: str) -> Links:
    """Return the links of one feature: itself, its other form, its collection."""
    address = collection_address(base(request), collection)
    here = f"{address}/items/{quote(feature_id, safe='')}{_query(_kept(request))}"
    return [
        *represented_links(here, feature_id, form=form, type=GEOJSON),
        _to_collection(address, collection, form),
    ]


def _kept(request: Request) -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.query_params.multi_items() if name != "f"]


def _query(pairs: list[tuple[str, str]]) -> str:
    return f"?{urlencode(pairs)}" if pairs else ""


def _to_collection(address: str, collection: Collection, form: str) -> dict[str, Any]:
    return link(f"{address}?f={form}", "collection", collection.title, type=HTML if form == "html" else JSON)
