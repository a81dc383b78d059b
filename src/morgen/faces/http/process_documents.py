"""A model as an OGC process description, made from its declaration."""

from functools import cache
from typing import Any

from pydantic.alias_generators import to_camel

from morgen.core.model import Model, OutputField, Preset
from morgen.faces.http.links import link
from morgen.models.contract import parameter_unit
from morgen.models.registry import get_model

__all__ = ["input_schema", "process_description", "process_summary"]

OPENAPI_30_KEYS = frozenset(
    (
        *("title", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength"),
        *("minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties"),
        *("required", "enum", "type", "not", "allOf", "oneOf", "anyOf", "items", "properties"),
        *("additionalProperties", "description", "format", "default", "nullable", "contentMediaType"),
    )
)
"""What a schema of OGC API Processes 1.0 may say; it is the Schema Object of OpenAPI 3.0."""

JSON_OUTPUT = {"type": "object", "contentMediaType": "application/json"}
OUTPUT_SCHEMAS: dict[str, dict[str, Any]] = {
    "raster": {
        "type": "string",
        "format": "binary",
        "contentMediaType": "image/tiff; application=geotiff; profile=cloud-optimized",
    },
    "series": {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"},
    "features": {"type": "string", "format": "binary", "contentMediaType": "application/vnd.apache.parquet"},
    "json": JSON_OUTPUT,
}


def process_summary(declared: Model, root: str) -> dict[str, Any]:
    """Return what the list of processes says of a model; ``root`` is the address of the API."""
    address = f"{root}/processes/{declared.id}"
    execute = "http://www.opengis.net/def/rel/ogc/1.0/execute"
    return {
        "id": declared.id,
        "version": declared.version,
        "title": declared.card.title,
        "description": declared.card.purpose,
        "keywords": [declared.interface.id],
        "jobControlOptions": ["sync-execute", "async-execute", "dismiss"],
        "outputTransmission": ["value", "reference"],
        "links": [
            link(address, "self", "Description of this model"),
            link(f"{address}?f=html", "alternate", "Description of this model", type="text/html"),
            link(f"{address}/execution", execute, "Calculate"),
        ],
    }


def process_description(declared: Model, root: str) -> dict[str, Any]:
    """Return everything that one can ask of a model and that it gives."""
    return {**process_summary(declared, root), **_details(declared.id)}


@cache
def _details(model_id: str) -> dict[str, Any]:
    declared = get_model(model_id)
    document = declared.parameters.model_json_schema()
    definitions = document.get("$defs", {})
    return {
        "inputs": {
            name: _input(declared, name, described, definitions)
            for name, described in document["properties"].items()
        },
        "outputs": {field.name: _output(field) for field in declared.interface.outputs}
        | {"indicators": _indicators(), "balance": _balance()},
        "presets": [_preset(preset) for preset in declared.presets],
        "card": {to_camel(name): text for name, text in declared.card.to_json().items()},
    }


def _input(declared: Model, name: str, described: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    field = declared.parameters.model_fields[name]
    schema = input_schema(described, definitions)
    unit = parameter_unit(declared.parameters, name)
    document = {
        "title": schema.pop("title", name),
        "description": str(field.description),
        "minOccurs": 0,
        "maxOccurs": 1,
        "schema": {key: value for key, value in schema.items() if key != "description"},
    }
    if unit:
        document["x-unit"] = unit
    if "affects_result" in described:
        document["x-affects-result"] = described["affects_result"]
    return document


def input_schema(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of pydantic (JSON Schema 2020-12) as one of OpenAPI 3.0, without references."""
    if "$ref" in schema:
        target = definitions[schema["$ref"].rpartition("/")[2]]
        return input_schema(
            {**target, **{key: value for key, value in schema.items() if key != "$ref"}}, definitions
        )
    found = dict(schema)
    for limit, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if limit in found:
            found |= {bound: found[limit], limit: True}
    if "const" in found:
        found["enum"] = [found["const"]]
    found = _without_null(found)
    for key in ("anyOf", "allOf", "oneOf"):
        if key in found:
            found[key] = [input_schema(item, definitions) for item in found[key]]
    for key in ("items", "additionalProperties"):
        if isinstance(found.get(key), dict):
            found[key] = input_schema(found[key], definitions)
    if "properties" in found:
        found["properties"] = {name: input_schema(item, definitions) for name, item in found["properties"].items()}
    if len(found.get("anyOf", ())) == 1:
        (only,) = found.pop("anyOf")
        found = {**only, **found}
    return {key: value for key, value in found.items() if key in OPENAPI_30_KEYS}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    choices = schema.get("anyOf", [])
    kept = [choice for choice in choices if choice.get("type") != "null"]
    return schema if len(kept) == len(choices) else {**schema, "anyOf": kept, "nullable": True}


def _output(field: OutputField) -> dict[str, Any]:
    document = {
        "title": field.name.replace("_", " ").capitalize(),
        "description": field.meaning,
        "schema": OUTPUT_SCHEMAS[field.kind],
    }
    return {**document, "x-unit": field.unit} if field.unit else document


def _indicators() -> dict[str, Any]:
    return {
        "title": "Indicators",
        "description": "The numbers that a decision uses, each with its meaning and what it does not show.",
        "schema": {"type": "array", "items": {"type": "object"}},
    }


def _balance() -> dict[str, Any]:
    return {
        "title": "Balance",
        "description": "Volumes in m3, and the relative error.",
        "schema": {"type": "object", "additionalProperties": {"type": "number"}},
    }


def _preset(preset: Preset) -> dict[str, Any]:
    return {
        "id": preset.id,
        "title": preset.title.to_json(),
        "description": preset.meaning.to_json(),
        "source": preset.source,
        "state": preset.state,
        "returnPeriod": preset.return_period,
        "inputs": dict(preset.parameters),
    }
