"""Answers as ready bytes: JSON, stored bytes with their hash, and how long a client may keep them."""

import gzip
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

__all__ = ["GEOJSON", "JSON", "Stored", "json_answer", "stored_answer"]

JSON = "application/json"
GEOJSON = "application/geo+json"

_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_SMALLEST = 1400
"""Bytes; what fits in one packet is not worth compressing."""
_LEVEL = 6


def json_answer(document: Any, *, status: int = 200, media_type: str = JSON, **headers: str) -> Response:
    """Return a document as JSON; header names are given with underscores for dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(orjson.dumps(document), status, named, media_type)


@dataclass(frozen=True)
class Stored:
    """Bytes that are the same for as long as their version is: containers, tiles, pictures."""

    body: bytes
    media_type: str
    version: str
    """Hash of what they were made of."""
    compressible: bool = field(default=True, compare=False)

    @cached_property
    def zipped(self) -> bytes | None:
        """The bytes in gzip; None when that saves nothing."""
        if not self.compressible or len(self.body) < _SMALLEST:
            return None
        packed = gzip.compress(self.body, _LEVEL, mtime=0)
        return packed if len(packed) < len(self.body) else None


def stored_answer(request: Request, stored: Stored) -> Response:
    """Return stored bytes, in gzip when the client takes that, or 304 when the client has them already.

    A URL that names the version (``v``) may be kept for ever; any other must be asked for again.
    """
    zipped = stored.zipped if "gzip" in request.headers.get("accept-encoding", "") else None
    tag = f'"{stored.version}{"-gzip" if zipped else ""}"'
    keep = _FOREVER if request.query_params.get("v") == stored.version else _ASK_AGAIN
    headers = {"ETag": tag, "Cache-Control": keep, "Vary": "Accept-Encoding"}
    if tag in [known.strip().removeprefix("W/") for known in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    if zipped:
        headers["Content-Encoding"] = "gzip"
    return Response(zipped or stored.body, 200, headers, stored.media_type)
