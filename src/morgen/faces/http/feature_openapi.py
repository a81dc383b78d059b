"""How the routes of features stand in the OpenAPI document: their parameters, in the words of the standard."""

from typing import Any, Final

from morgen.faces.http.answers import GEOJSON
from morgen.faces.http.feature_query import CRS84H, DEFAULT_LIMIT, LARGEST_LIMIT
from morgen.services.features.crs import CRS84, FEATURE_CRS

__all__ = ["ITEM", "ITEMS", "QUERYABLES"]


def _parameter(name: str, description: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
        "style": "form",
        "explode": False,
        **more,
    }


_URIS: Final = [crs.uri for crs in FEATURE_CRS]
_CRS: Final = _parameter(
    "crs",
    "CRS of the coordinates in the answer. RD New has three decimals, degrees have eight.",
    {"type": "string", "format": "uri", "enum": _URIS, "default": CRS84.uri},
)
_BOX: Final = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}

_QUERY: Final = [
    _parameter(
        "limit",
        f"Features on one page; more than {LARGEST_LIMIT} is answered with {LARGEST_LIMIT}.",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT},
    ),
    _parameter(
        "offset",
        "Features to skip. The link `next` has the right one.",
        {"type": "integer", "minimum": 0, "default": 0},
    ),
    _parameter(
        "bbox",
        "Only features that intersect this box: west, south, east, north. Touching is enough. With six numbers the"
        " third and the last are heights, which do not count.",
        _BOX,
    ),
    _parameter(
        "bbox-crs",
        "CRS of the numbers of `bbox`.",
        {"type": "string", "format": "uri", "enum": [*_URIS, CRS84H], "default": CRS84.uri},
    ),
    _CRS,
    _parameter(
        "datetime",
        "Only features of this moment, day or period (RFC 3339; `..` for an open end). All features of a"
        " collection have the period of its extent.",
        {"type": "string"},
    ),
    _parameter(
        "properties",
        "Any property that `/collections/{collectionId}/queryables` names, with the value that it must have:"
        " `theme=wegdeel`. Several must all hold.",
        {"type": "object", "additionalProperties": {"type": "string"}},
        explode=True,
    ),
]


def _answers(schema: dict[str, Any]) -> dict[str, Any]:
    header = {"description": "CRS of the coordinates, between < and >", "schema": {"type": "string"}}
    content = {GEOJSON: {"schema": schema}, "text/html": {"schema": {"type": "string"}}}
    return {
        "200": {"description": "Features.", "headers": {"Content-Crs": header}, "content": content},
        "304": {"description": "The client has it already (If-None-Match)."},
    }


_FEATURE: Final = {
    "type": "object",
    "required": ["type", "geometry", "properties"],
    "properties": {
        "type": {"const": "Feature"},
        "id": {"type": "string"},
        "geometry": {"type": ["object", "null"]},
        "properties": {"type": "object"},
        "links": {"type": "array", "items": {"type": "object"}},
    },
}
_COLLECTION: Final = {
    "type": "object",
    "required": ["type", "features", "numberMatched", "numberReturned", "timeStamp", "links"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {"type": "array", "items": _FEATURE},
        "numberMatched": {"type": "integer", "minimum": 0},
        "numberReturned": {"type": "integer", "minimum": 0},
        "timeStamp": {"type": "string", "format": "date-time"},
        "links": {"type": "array", "items": {"type": "object"}},
    },
}

ITEMS: Final = {"parameters": _QUERY, "responses": _answers(_COLLECTION)}
"""What is known of the route of a page of features beside its path."""
ITEM: Final = {"parameters": [_CRS], "responses": _answers(_FEATURE)}
"""The same for the route of one feature."""
QUERYABLES: Final = {
    "type": "object",
    "required": ["type", "title", "properties"],
    "properties": {
        "type": {"const": "object"},
        "title": {"type": "string"},
        "properties": {"type": "object", "additionalProperties": {"type": "object"}},
    },
}
"""The form of the JSON Schema of the properties that items can be filtered on."""
