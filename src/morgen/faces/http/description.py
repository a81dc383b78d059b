"""The OpenAPI 3.1 document, as FastAPI makes it and the NL API Design Rules want it."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from morgen.faces.http import schemas
from morgen.faces.http.guards import API_VERSION
from morgen.faces.http.landing import DESCRIPTION
from morgen.faces.http.links import ROOT

__all__ = ["describe"]

INFO = {
    "title": "Morgen",
    "version": API_VERSION,
    "description": DESCRIPTION,
    "contact": {
        "name": "Morgen contributors",
        "url": "https://morgen.example",
        "email": "info@morgen.example",
    },
    "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
}
TAGS = [
    {"name": "Capabilities", "description": "What this API is and can do."},
    {"name": "Processes", "description": "Models that calculate."},
    {"name": "Jobs", "description": "Runs of models, and what came out."},
    {"name": "Features", "description": "The layers of the area and of runs, feature by feature."},
    {"name": "Measures", "description": "The kinds of measures that a scenario can have."},
    {"name": "Scenarios", "description": "Measures on the twin, drawn and changed by planners."},
    {"name": "Comparisons", "description": "Runs beside each other: what the measures change."},
    {"name": "Scene", "description": "What the viewer draws."},
    {"name": "Norms", "description": "How much of each facility belongs to a wijk."},
    {"name": "Tiles", "description": "The buildings as 3D Tiles."},
]
VERSION_HEADER = {
    "API-Version": {
        "description": "Version of the API.",
        "schema": {"type": "string", "examples": [API_VERSION]},
    }
}
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
FRAMEWORK_SCHEMAS = ("HTTPValidationError", "ValidationError")
METHODS = ("get", "post", "put", "patch", "delete")


def describe(app: FastAPI) -> None:
    """Give the app its OpenAPI document, made once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(title=str(INFO["title"]), version=API_VERSION, routes=app.routes)
    paths = {path.removeprefix(ROOT) or "/": item for path, item in made["paths"].items()}
    for item in paths.values():
        for method in METHODS:
            if method in item:
                _correct_operation(item[method])
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "servers": [{"url": ROOT, "description": "This server."}],
        "tags": TAGS,
        "paths": paths,
        "components": {"schemas": _schemas(made)},
    }


def _correct_operation(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    for status, answer in responses.items():
        if status[0] in "23":
            answer["headers"] = {**VERSION_HEADER, **answer.get("headers", {})}
            if "content" in answer:  # the framework adds JSON of any shape where we say what comes
                answer["content"] = {kind: told for kind, told in answer["content"].items() if told.get("schema")}
        else:
            answer["content"] = PROBLEM
    for parameter in operation.get("parameters", []):
        parameter["schema"] = _plain(parameter["schema"])


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema without the null and the title that the framework adds: what is absent is never null."""
    choices = [choice for choice in schema.get("anyOf", []) if choice.get("type") != "null"]
    kept = {key: value for key, value in schema.items() if key not in ("title", "anyOf", "description")}
    return {**kept, **choices[0]} if len(choices) == 1 else {**kept, **({"anyOf": choices} if choices else {})}


def _schemas(made: dict[str, Any]) -> dict[str, Any]:
    found = dict(made.get("components", {}).get("schemas", {}))
    others = [(schemas.ProblemDetails, "serialization"), (schemas.ExecuteRequest, "validation")]
    _, defined = models_json_schema(others, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    found |= defined["$defs"]
    for name in FRAMEWORK_SCHEMAS:
        found.pop(name, None)
    return {name: _without_noise(schema) for name, schema in sorted(found.items())}


def _without_noise(schema: dict[str, Any]) -> dict[str, Any]:
    """Drop made-up titles; a field that is not required is absent, never null."""
    required = schema.get("required", [])
    properties = {
        name: _property(item, required=name in required) for name, item in schema.get("properties", {}).items()
    }
    kept = {key: value for key, value in schema.items() if key != "title"}
    return {**kept, "properties": properties} if properties else kept


def _property(schema: dict[str, Any], *, required: bool) -> dict[str, Any]:
    if required:
        return {key: value for key, value in schema.items() if key != "title"}
    described = {"description": schema["description"]} if "description" in schema else {}
    plain = {key: value for key, value in _plain(schema).items() if (key, value) != ("default", None)}
    return plain | described
