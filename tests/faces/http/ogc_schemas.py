"""The OGC schemas as validators: OpenAPI 3.0 turned into the JSON Schema that it nearly is."""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import yaml
from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

HOSTED = "schemas.opengis.net/ogcapi/features/part1/1.0/openapi/schemas/"
"""Where schemas of other parts say that those of Features part 1 are."""


class _Loader(yaml.SafeLoader):
    """YAML as JSON has it: a date in an example is text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def validate(document: Any, standards: Path, schema: str) -> None:
    """Fail with every error when a document does not follow a schema.

    ``standards`` is the folder of the standards kit, ``schema`` a path below its folder ``ogc``.
    """
    errors = [
        f"{error.json_path}: {error.message}" for error in _validator(standards, schema).iter_errors(document)
    ]
    assert not errors, errors


@cache
def _validator(standards: Path, schema: str) -> Draft4Validator:
    folder = standards.resolve() / "ogc"

    def retrieve(uri: str) -> Resource[Any]:
        path = Path(unquote(urlparse(uri).path))
        if HOSTED in uri:
            path = folder / "features-1.0.1" / "core" / "openapi" / "schemas" / uri.partition(HOSTED)[2]
        with path.open(encoding="utf-8") as file:
            contents = yaml.load(file, _Loader)
        return Resource.from_contents(_as_json_schema(contents), default_specification=DRAFT4)

    # Registry is made by attrs, which mypy does not look into here.
    registry: Registry[Any] = Registry(retrieve=retrieve)  # type: ignore[call-arg]
    return Draft4Validator({"$ref": (folder / schema).as_uri()}, registry=registry)


def _as_json_schema(node: Any) -> Any:
    if isinstance(node, list):
        return [_as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    found = {name: _as_json_schema(value) for name, value in node.items() if name != "discriminator"}
    if found.pop("nullable", None) is True and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
    elif "nullable" in node and not isinstance(node["nullable"], bool):
        found["nullable"] = _as_json_schema(node["nullable"])  # a property of that name, not the keyword
    if "oneOf" in found:
        found["anyOf"] = found.pop("oneOf")  # the schemas of OGC overlap: a string is both text and bytes
    return found
