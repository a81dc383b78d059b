"""What the viewer draws: the scene, and the parts of it that are not tiles."""

from collections.abc import Callable
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from morgen.core.errors import NotFoundError
from morgen.core.situation import Situation
from morgen.faces.http.answers import JSON, Stored, json_answer, stored_answer
from morgen.faces.http.documents import binary, may_fail, ok
from morgen.faces.http.kept import Kept
from morgen.faces.http.negotiation import only, versioned
from morgen.faces.http.scene_schemas import Scene, Trees
from morgen.services.served import ServedTwin

__all__ = ["GLB", "scene_router"]

Stride = Annotated[int | None, Query(ge=1, le=10_000, description="Take every so manieth cell.")]

CONTAINER = "application/octet-stream"
GLB = "model/gltf-binary"
PNG = "image/png"


def scene_router(served: ServedTwin) -> APIRouter:
    """Return the routes below ``/scene``."""
    router = APIRouter(prefix="/scene", tags=["Scene"])
    parts = _Parts(served)

    @router.get(
        "",
        operation_id="getScene",
        summary="What the viewer draws",
        responses=ok(Scene, "The scene, or how far its gathering is.", html=False) | may_fail(400),
        dependencies=[only()],
    )
    def scene(request: Request) -> Response:
        from morgen.faces.tiles.scene import scene_document, waiting_document

        now = served.gathered
        if now.situation is None:
            waiting = waiting_document(
                title=served.title, state=now.state, progress=now.progress, message=now.message
            )
            return json_answer(waiting)
        return parts.answer(
            request, "scene", JSON, lambda found: orjson.dumps(scene_document(found, title=served.title))
        )

    @router.get(
        "/terrain",
        operation_id="getTerrain",
        summary="The height of the ground",
        responses=binary(CONTAINER, "A grid container.") | may_fail(400, 409, 503),
        dependencies=[only("stride", "v"), versioned],
    )
    def terrain(request: Request, stride: Stride = None) -> Response:
        from morgen.faces.tiles.grids import terrain_grid

        name = f"terrain {stride or ''}"
        return parts.answer(request, name, CONTAINER, lambda found: terrain_grid(found, stride=stride))

    @router.get(
        "/ground.png",
        operation_id="getGround",
        summary="The land cover as a picture, on the bounds of the grid",
        responses=binary(PNG, "A picture, north up.") | may_fail(400, 409, 503),
        dependencies=[only("v"), versioned],
    )
    def ground(request: Request) -> Response:
        from morgen.faces.tiles.ground import ground_picture

        return parts.answer(request, "ground", PNG, ground_picture)

    @router.get(
        "/water.png",
        operation_id="getWater",
        summary="Permanent water as a picture: white is water",
        responses=binary(PNG, "A grey picture, north up.") | may_fail(400, 409, 503),
        dependencies=[only("v"), versioned],
    )
    def water(request: Request) -> Response:
        from morgen.faces.tiles.ground import water_mask

        return parts.answer(request, "water", PNG, water_mask)

    @router.get(
        "/trees",
        operation_id="getTrees",
        summary="Trees in the frame of the scene",
        responses=ok(Trees, "Places and heights.", html=False) | may_fail(400, 409, 503),
        dependencies=[only("v"), versioned],
    )
    def trees(request: Request) -> Response:
        from morgen.faces.tiles.trees import trees_document

        return parts.answer(request, "trees", JSON, trees_document)

    @router.get(
        "/decks.glb",
        operation_id="getDecks",
        summary="Bridges and viaducts in the frame of the scene",
        responses=binary(GLB, "A model in glTF.") | may_fail(400, 404, 409, 503),
        dependencies=[only("v"), versioned],
    )
    def decks(request: Request) -> Response:
        return parts.answer(request, "decks", GLB, _decks)

    return router


def _decks(situation: Situation) -> bytes:
    from morgen.faces.tiles.decks import decks_glb

    found = decks_glb(situation)
    if found is None:
        raise NotFoundError("there are no bridges or viaducts in this area")
    return found


class _Parts:
    """The parts of the scene of the situation as it is now, each made once."""

    def __init__(self, served: ServedTwin) -> None:
        self._served = served
        self._kept = Kept()

    def answer(self, request: Request, name: str, media_type: str, make: Callable[[Situation], bytes]) -> Response:
        from morgen.faces.tiles.scene import scene_version

        situation = self._served.situation()
        version = scene_version(situation)

        def stored() -> Stored:
            return Stored(make(situation), media_type, version, compressible=media_type != PNG)

        return stored_answer(request, self._kept.get(f"{version} {name}", stored))
