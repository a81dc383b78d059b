"""Choosing the form of an answer: ``f`` in the query overrules the header Accept."""

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import Depends, Query, Request, params

from morgen.faces.http.errors import Problem

__all__ = ["FORMATS", "Form", "Language", "Represented", "accepted_form", "languages", "only", "versioned"]

Form = Literal["json", "html"]

FORMATS: dict[str, tuple[str, ...]] = {
    "json": (
        "application/json",
        "application/geo+json",
        "application/vnd.oai.openapi+json",
        "application/schema+json",
    ),
    "html": ("text/html", "application/xhtml+xml"),
}
"""Form to the media types that ask for it; of forms that are asked for equally, the first is given."""


def accepted_form(accept: str) -> Form | None:
    """Return the form that an Accept header prefers, or None when it wants none of ours (RFC 9110, 12.5.1)."""
    wishes = list(_wishes(accept or "*/*"))
    best: tuple[float, Form | None] = (0.0, None)
    for form, types in FORMATS.items():
        quality = max(_quality(wishes, media_type) for media_type in types)
        if quality > best[0]:
            best = quality, "json" if form == "json" else "html"
    return best[1]


def _wishes(accept: str) -> Sequence[tuple[str, float]]:
    return [_wish(part) for part in accept.lower().split(",") if part.strip()]


def _wish(part: str) -> tuple[str, float]:
    media_type, *parameters = [piece.strip() for piece in part.split(";")]
    quality = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
    try:
        return media_type, min(max(float(quality), 0.0), 1.0)
    except ValueError:
        return media_type, 1.0


def _quality(wishes: Sequence[tuple[str, float]], media_type: str) -> float:
    """Return the quality of the most specific wish that the media type fits."""
    family = media_type.partition("/")[0]
    for wanted in (media_type, f"{family}/*", "*/*"):
        found = [quality for wish, quality in wishes if wish == wanted]
        if found:
            return max(found)
    return 0.0


async def _form(
    request: Request,
    f: Annotated[
        Form | None, Query(description="Form of the answer: `json` or `html`. Overrules the header `Accept`.")
    ] = None,
) -> Form:
    if f is not None:
        return f
    accept = request.headers.get("accept", "*/*")
    form = accepted_form(accept)
    if form is None:
        raise Problem(406, f"Accept is {accept[:200]!r}, but this resource comes as application/json or text/html")
    return form


Represented = Annotated[Form, Depends(_form)]
"""Parameter of a route that answers in JSON or HTML."""


async def _language(
    request: Request,
    lang: Annotated[
        Literal["nl", "en"] | None, Query(description="Language of the page, when the answer is HTML.")
    ] = None,
) -> str:
    return lang or languages(request.headers.get("accept-language", ""))


Language = Annotated[str, Depends(_language)]
"""Parameter of a route that answers in HTML too: ``nl`` or ``en``."""


def languages(accepted: str) -> str:
    """Return the language of ours that an Accept-Language header prefers; Dutch when it has no wish."""
    wishes = [(wish.partition("-")[0], quality) for wish, quality in _wishes(accepted)]
    english = max((quality for wish, quality in wishes if wish == "en"), default=0.0)
    dutch = max((quality for wish, quality in wishes if wish in ("nl", "*")), default=0.0)
    return "en" if english > dutch else "nl"


def only(*names: str) -> params.Depends:
    """Return a dependency that refuses every query parameter but these; a typing error never goes by unseen."""

    async def refuse_others(request: Request) -> None:
        for name in request.query_params:
            if name not in names:
                allowed = ", ".join(names) or "none"
                raise Problem(
                    400, f"there is no query parameter {name!r} at {request.url.path}; there is {allowed}"
                )

    found: params.Depends = Depends(refuse_others)
    return found


async def _version(
    v: Annotated[
        str | None, Query(description="Version that the scene names; with it, the answer may be kept for ever.")
    ] = None,
) -> None: ...


versioned: params.Depends = Depends(_version)
"""Dependency of a route whose address may name the version of its answer."""
