"""The buildings as 3D Tiles, in the flat frame of the scene and on the globe."""

import threading
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from morgen.faces.http.answers import JSON, Stored, stored_answer
from morgen.faces.http.documents import binary, described, may_fail
from morgen.faces.http.kept import Kept
from morgen.faces.http.negotiation import only, versioned
from morgen.faces.http.scene import GLB
from morgen.services.served import ServedTwin

if TYPE_CHECKING:
    from morgen.faces.tiles.buildings import BuildingTiles

__all__ = ["tiles_router"]

TILESET = described(JSON, "A tileset of 3D Tiles 1.1.", schema={"type": "object"})
Frame = Annotated[
    Literal["rd", "ecef"],
    Path(description="`rd`: the frame of the scene (RD New and NAP, from its origin); `ecef`: geocentric."),
]
Tile = Annotated[str, Path(description="File name of the tile, as the tileset has it, such as `600_1800.glb`.")]


def tiles_router(served: ServedTwin) -> APIRouter:
    """Return the routes below ``/tiles``."""
    router = APIRouter(prefix="/tiles", tags=["Tiles"])
    made = _Made(served)

    @router.get(
        "/{frame}/tileset.json",
        operation_id="getTileset",
        summary="The tileset of the buildings",
        responses=TILESET | may_fail(400, 409, 503),
        dependencies=[only("v"), versioned],
    )
    def tileset(request: Request, frame: Frame) -> Response:
        from morgen.faces.tiles.tileset import TilesetFrame
        from morgen.faces.tiles.tileset import tileset as tileset_of

        tiles, version = made.tiles()

        def stored() -> Stored:
            return Stored(tileset_of(tiles, TilesetFrame(frame), version=version), JSON, version)

        return stored_answer(request, made.kept.get(f"{version} {frame}", stored))

    @router.get(
        "/buildings/{tile}",
        operation_id="getBuildingTile",
        summary="The buildings of one tile",
        responses=binary(GLB, "A model in glTF, with the facts of each building.") | may_fail(400, 404, 409, 503),
        dependencies=[only("v"), versioned],
    )
    def building_tile(request: Request, tile: Tile) -> Response:
        tiles, version = made.tiles()
        content = tiles.tile(tile.removesuffix(".glb")).glb
        return stored_answer(request, made.kept.get(f"{version} {tile}", lambda: Stored(content, GLB, version)))

    return router


class _Made:
    """The tiles of the situation as it is now, made once."""

    def __init__(self, served: ServedTwin) -> None:
        self.kept = Kept()
        self._served = served
        self._lock = threading.Lock()
        self._found: tuple[BuildingTiles, str] | None = None

    def tiles(self) -> "tuple[BuildingTiles, str]":
        """Return the tiles and their version; raises ``NotReadyError`` and ``MissingLayerError``."""
        from morgen.faces.tiles.buildings import building_tiles
        from morgen.faces.tiles.scene import scene_version

        situation = self._served.situation()
        version = scene_version(situation)
        with self._lock:
            if self._found is None or self._found[1] != version:
                self._found = building_tiles(situation), version
            return self._found
