"""The page with the viewer: files that the build of ``web`` put in the folder ``static``."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from morgen.faces.http.answers import Stored, stored_answer
from morgen.faces.http.errors import Problem
from morgen.faces.http.html import page, stylesheet
from morgen.faces.http.negotiation import Language
from morgen.services.served import ServedTwin

__all__ = ["STATIC", "viewer_router"]

STATIC = Path(__file__).parent / "static"
"""Where the build puts the viewer; not in git."""

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
PACKED = (".png", ".ico", ".woff2")
"""Kinds that are compressed already."""
_FOREVER = "public, max-age=31536000, immutable"


def viewer_router(_served: ServedTwin) -> APIRouter:
    """Return the routes of the viewer's files; they are not part of the API."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def index(request: Request, language: Language) -> Response:
        if not (STATIC / "index.html").is_file():
            return page(request, "no_viewer.html", language)
        return stored_answer(request, _file("index.html"))

    @router.get("/pages/pages.css")
    def pages_style(request: Request) -> Response:
        style, version = stylesheet()
        return stored_answer(request, Stored(style, MEDIA_TYPES[".css"], version))

    @router.get("/assets/{name:path}")
    def asset(request: Request, name: str) -> Response:
        answer = _answer(request, f"assets/{name}")
        answer.headers["Cache-Control"] = _FOREVER  # the build puts a hash of the content in these names
        return answer

    @router.get("/{name}")
    def file(request: Request, name: str) -> Response:
        return _answer(request, name)

    return router


def _answer(request: Request, name: str) -> Response:
    if name not in _names():
        raise Problem(404, f"there is nothing at /{name}; / is the map and /v1 the API")
    return stored_answer(request, _file(name))


@cache
def _names() -> frozenset[str]:
    """Return the files that there are; no other is ever opened, whatever a path says."""
    return frozenset(item.relative_to(STATIC).as_posix() for item in STATIC.rglob("*") if item.is_file())


@cache
def _file(name: str) -> Stored:
    path = STATIC / name
    body = path.read_bytes()
    media_type = MEDIA_TYPES.get(path.suffix, "application/octet-stream")
    return Stored(body, media_type, sha256(body).hexdigest()[:16], compressible=path.suffix not in PACKED)
