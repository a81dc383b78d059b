"""What a viewer needs to know before it draws: where, when, of whom, in which colours, and the addresses."""

from collections.abc import Callable, Mapping
from itertools import zip_longest
from typing import Any, Final

import morgen
from morgen.core.noun import content_hash
from morgen.core.situation import Layer, LayerKind, Situation
from morgen.core.source import SourceStamp
from morgen.faces.tiles.attribution import attributions
from morgen.faces.tiles.decks import has_decks
from morgen.faces.tiles.frame import SceneFrame
from morgen.faces.tiles.ground import ground_legend
from morgen.faces.tiles.shares import share_classes
from morgen.models.flood.classes import depth_classes

__all__ = ["RESOURCES", "scene_document", "scene_version", "waiting_document"]

RESOURCES: Final[Mapping[str, str]] = {
    "terrain": "/v1/scene/terrain",
    "ground": "/v1/scene/ground.png",
    "water": "/v1/scene/water.png",
    "trees": "/v1/scene/trees",
    "decks": "/v1/scene/decks.glb",
    "buildings": "/v1/tiles/rd/tileset.json",
}
"""What is drawn, and its usual address."""

_NEEDS: Final[Mapping[str, str]] = {
    "terrain": "terrain",
    "ground": "land_cover",
    "water": "land_cover",
    "trees": "trees",
    "decks": "decks",
    "buildings": "buildings",
}
"""What is drawn, and the layer without which it cannot be."""

_VERSION_DIGITS: Final = 16
_NOBODY: Final = frozenset({"G9999", "W9999"})
"""Owners of the ground of every sample: no municipality or water board has these codes."""

Address = Callable[[str], str]


def scene_version(situation: Situation) -> str:
    """Return a short hash of the content and of the program that draws it: equal versions mean equal bytes."""
    return content_hash({"situation": situation.content_hash, "morgen": morgen.__version__})[:_VERSION_DIGITS]


def scene_document(situation: Situation, *, title: str = "", address: Address | None = None) -> dict[str, Any]:
    """Return the scene of a gathered situation, JSON of ``docs/formats.md``.

    Without a ``title`` it is the name of the area. ``address`` gives the address of a resource by its name (a key
    of ``RESOURCES``); without it addresses are absolute paths. Each gets ``?v=`` with ``scene_version``. What the
    situation lacks has None for an address, and its layer says why.
    """
    find: Address = address or RESOURCES.__getitem__
    xmin, ymin, xmax, ymax = situation.grid.bounds
    return {
        "title": title or situation.area.name,
        "state": "ready",
        "date": situation.date,
        "contentHash": situation.content_hash,
        "generated": _generated(situation),
        "origin": list(SceneFrame.of(situation.grid).origin),
        "grid": {
            "west": xmin,
            "south": ymin,
            "east": xmax,
            "north": ymax,
            "cellSize": situation.grid.cell_size,
            "rows": situation.grid.rows,
            "columns": situation.grid.columns,
        },
        "area": situation.area.to_json()["polygon"],
        "links": _links(situation, find),
        "layers": [_layer(layer) for layer in situation.layers.values()],
        "landCover": ground_legend(situation),
        "depthClasses": _depth_classes(),
        "shareClasses": share_classes(),
        "attribution": list(attributions(situation.layers.values())),
    }


def waiting_document(*, title: str, state: str, progress: float = 0.0, message: str = "") -> dict[str, Any]:
    """Return the scene of a twin that is being gathered (``gathering``) or could not be (``failed``)."""
    return {"title": title, "state": state, "progress": round(progress, 3), "message": message}


def _links(situation: Situation, find: Address) -> dict[str, str | None]:
    version = scene_version(situation)
    there = {name: situation.has(layer) for name, layer in _NEEDS.items()}
    there["decks"] = has_decks(situation)
    there["buildings"] = there["buildings"] and situation.layers["buildings"].count > 0
    return {name: f"{find(name)}?v={version}" if there[name] else None for name in RESOURCES}


def _layer(layer: Layer) -> dict[str, Any]:
    served = layer.available and layer.kind is LayerKind.FEATURES
    return {
        "name": layer.name,
        "title": layer.title,
        "unit": layer.unit,
        "count": layer.count,
        "problem": layer.problem,
        "collection": layer.name.replace("_", "-") if served else None,
        "sources": [_source(stamp) for stamp in layer.stamps],
    }


def _source(stamp: SourceStamp) -> dict[str, Any]:
    return {
        "title": stamp.source.title,
        "attribution": stamp.source.attribution,
        "licence": stamp.source.licence,
        "date": stamp.data_date,
        "state": stamp.state.value,
        "problem": stamp.problem,
        "sha256": stamp.sha256,
        "fetchedAt": stamp.fetched_at.isoformat() if stamp.fetched_at else None,
    }


def _generated(situation: Situation) -> bool:
    """Whether the place is a generated sample: its ground belongs to a municipality that does not exist."""
    if not situation.has("land_cover"):
        return False
    owners = set(situation.features("land_cover")["owner"])
    return bool(owners) and owners <= _NOBODY


def _depth_classes() -> list[dict[str, Any]]:
    classes = depth_classes().drawn
    return [
        {"from": item.lower, "to": after.lower if after else None, "colour": item.colour}
        for item, after in zip_longest(classes, classes[1:])
    ]
