"""The sets of norms for facilities that come with Morgen."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from morgen.core.errors import NotFoundError
from morgen.faces.http.answers import json_answer
from morgen.faces.http.camel import camel
from morgen.faces.http.documents import may_fail, ok
from morgen.faces.http.links import base
from morgen.faces.http.negotiation import only
from morgen.faces.http.norm_schemas import NormSetDocument, NormSetList
from morgen.models.norms import NormSet, load_norms, shipped

__all__ = ["norms_router"]

NormSetId = Annotated[str, Path(alias="normSetId", description="Id of the set, such as `utrecht-2020`.")]


def norms_router(_served: object) -> APIRouter:
    """Return the routes below ``/norms``; they are the same for every twin."""
    router = APIRouter(tags=["Norms"])

    @router.get(
        "/norms",
        operation_id="getNormSets",
        summary="The sets of norms",
        responses=ok(NormSetList, "The sets that come with Morgen.", html=False) | may_fail(400),
        dependencies=[only()],
    )
    def norm_sets(request: Request) -> Response:
        found = [load_norms(name) for name in shipped()]
        keys = ("id", "edition", "title", "publisher", "source")
        root = base(request)
        sets = [
            {key: getattr(item, key) for key in keys}
            | {"links": [{"href": f"{root}/norms/{item.id}", "rel": "item", "type": "application/json"}]}
            for item in found
        ]
        return json_answer({"normSets": sets})

    @router.get(
        "/norms/{normSetId}",  # noqa: FAST003 - the alias is in NormSetId
        operation_id="getNormSet",
        summary="One set of norms",
        responses=ok(NormSetDocument, "The set, with every norm.", html=False) | may_fail(400, 404),
        dependencies=[only()],
    )
    def norm_set(norm_set_id: NormSetId) -> Response:
        return json_answer(camel(_shipped(norm_set_id).to_json()))

    return router


def _shipped(name: str) -> NormSet:
    """Return a set that comes with Morgen; a path of a file on this machine is none."""
    if name not in shipped():
        raise NotFoundError(f"there is no norm set {name!r}; there are {', '.join(shipped())}")
    return load_norms(name)
