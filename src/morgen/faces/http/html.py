"""The pages of the API: server-made HTML in Dutch or English, without scripts."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import Response

from morgen.faces.http.links import ROOT
from morgen.faces.http.words import WORDS

__all__ = ["page", "stylesheet"]


def page(
    request: Request,
    template: str,
    language: str,
    *,
    words: Mapping[str, Mapping[str, str]] | None = None,
    **values: Any,
) -> Response:
    """Return a page made from a template; every value is escaped.

    ``words`` adds to the catalogue of texts: language to key to text. In a template ``t("key")`` is the text.
    """
    catalogue = {**WORDS[language], **(words or {}).get(language, {})}
    text = (
        _environment()
        .get_template(template)
        .render(
            values,
            t=catalogue.__getitem__,
            language=language,
            other={"nl": "en", "en": "nl"}[language],
            root=ROOT,
            path=request.url.path,
            style=f"/pages/pages.css?v={_style_version()}",
        )
    )
    return Response(text, 200, {"Content-Language": language, "Vary": "Accept, Accept-Language"}, "text/html")


def stylesheet() -> tuple[bytes, str]:
    """Return the style of the pages, and its version."""
    return _style(), _style_version()


@cache
def _style() -> bytes:
    return (files("morgen.faces.http") / "pages" / "pages.css").read_bytes()


@cache
def _style_version() -> str:
    return sha256(_style()).hexdigest()[:16]


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("morgen.faces.http", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
