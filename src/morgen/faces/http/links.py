"""Links as the OGC standards have them, with full addresses."""

from typing import Any

from starlette.requests import Request

__all__ = ["ROOT", "base", "link", "represented_links"]

ROOT = "/v1"
"""Everything of the API lies below this; the major version of the API is in it."""

HTML, JSON = "text/html", "application/json"


def base(request: Request) -> str:
    """Return the address of the API, such as ``http://127.0.0.1:8765/v1``."""
    return f"{request.url.scheme}://{request.headers['host']}{ROOT}"


def link(href: str, rel: str, title: str, *, type: str = JSON, **members: Any) -> dict[str, Any]:
    """Return one link."""
    return {"href": href, "rel": rel, "type": type, "title": title, **members}


def represented_links(address: str, title: str, *, form: str = "json", type: str = JSON) -> list[dict[str, Any]]:
    """Return the links of a resource to itself and to its other form; ``form`` is the one that is given."""
    mark = "&" if "?" in address else "?"
    forms = {"json": type, "html": HTML}
    return [
        link(f"{address}{mark}f={name}", "self" if name == form else "alternate", title, type=media_type)
        for name, media_type in forms.items()
    ]
