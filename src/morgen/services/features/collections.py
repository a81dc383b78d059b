"""Which feature layers there are for others: those of a situation, and those that runs gave."""

from dataclasses import dataclass
from typing import Final

from morgen.core.errors import ModelNotFoundError, NotFoundError
from morgen.core.run import Output, Run
from morgen.core.situation import Layer, LayerKind, Situation
from morgen.core.source import SourceStamp
from morgen.services.features.moments import Period, period_of

__all__ = ["Collection", "layer_collection", "layer_collections", "run_collection", "run_collections"]

LAYER_MEANINGS: Final = {
    "land_cover": "The partition of the ground: polygons of the BGT at ground level, current and standing.",
    "decks": "Bridges, viaducts and tunnels: polygons of the BGT above or below ground level.",
    "trees": "Trees, as points of the BGT.",
    "buildings": "Buildings with their footprint and heights (m NAP), joined from BGT, BAG and 3D models.",
    "paths": "Where people can walk: lines between junctions, of a walking network or else of the roads.",
    "plots": "Plots of a plan: what may be built there, how high, and how much of it stays green.",
    "addresses": "What is at which address: verblijfsobjecten of the BAG with their use and floor area.",
    "facilities": "Schools, childcare, care, shops, sport and culture, of registers and lists of places.",
}
"""What a layer is, in one sentence; docs/layers.md has its columns."""
NOT_SERVED: Final = frozenset({"residents"})
"""Layers for calculations only: numbers of people at homes are no output, whatever they are rounded to."""


@dataclass(frozen=True)
class Collection:
    """One immutable feature layer as others see it."""

    id: str
    title: str
    description: str
    sha256: str
    period: Period | None
    """When it was so; None when no source says."""
    stamps: tuple[SourceStamp, ...]
    """The sources that it comes from."""
    run: str = ""
    """Id of the run that gave it; empty for a layer of the situation."""
    output: str = ""
    """Name of the output of that run."""


def layer_collections(situation: Situation) -> tuple[Collection, ...]:
    """Return the feature layers of a situation that could be made, in its order."""
    layers = situation.layers.values()
    return tuple(_of_layer(layer, situation) for layer in layers if _is_served(layer) and layer.available)


def layer_collection(situation: Situation, collection_id: str) -> Collection:
    """Return the feature layer with an id such as ``land-cover``.

    Raises ``NotFoundError`` for an id that is not there, or a layer that could not be made, with the reason.
    """
    for layer in situation.layers.values():
        if _is_served(layer) and _layer_id(layer) == collection_id:
            if layer.available:
                return _of_layer(layer, situation)
            raise NotFoundError(f"the collection {collection_id!r} could not be made: {layer.problem}")
    have = ", ".join(item.id for item in layer_collections(situation)) or "none"
    raise NotFoundError(
        f"there is no collection {collection_id!r}; this twin has {have}, and those of its runs, such as"
        " {jobId}.buildings: see /v1/collections"
    )


def run_collections(run: Run, situation: Situation) -> tuple[Collection, ...]:
    """Return the feature outputs of a run, none until it ends well; ``situation`` is what it was made of."""
    return tuple(_of_output(run, output, situation) for output in run.outputs if output.kind == "features")


def run_collection(run: Run, situation: Situation, output_name: str) -> Collection:
    """Return one feature output of a run; raises ``NotFoundError`` naming those there are."""
    found = run_collections(run, situation)
    for item in found:
        if item.output == output_name:
            return item
    have = ", ".join(item.id for item in found) or f"none, for it is {run.state}"
    raise NotFoundError(f"there is no collection '{run.id}.{output_name}'; this run has {have}")


def _is_served(layer: Layer) -> bool:
    return layer.kind is LayerKind.FEATURES and layer.name not in NOT_SERVED


def _layer_id(layer: Layer) -> str:
    return layer.name.replace("_", "-")


def _of_layer(layer: Layer, situation: Situation) -> Collection:
    dates = [stamp.data_date for stamp in layer.stamps if stamp.data_date]
    return Collection(
        id=_layer_id(layer),
        title=layer.title,
        description=LAYER_MEANINGS.get(layer.name, layer.title),
        sha256=layer.sha256,
        period=period_of(max(dates, default=situation.date)),
        stamps=layer.stamps,
    )


def _of_output(run: Run, output: Output, situation: Situation) -> Collection:
    used = [situation.layers[name] for name in run.manifest.inputs if name in situation.layers]
    stamps = {stamp.source.id: stamp for layer in used for stamp in layer.stamps}
    return Collection(
        id=f"{run.id}.{output.name}",
        title=f"{output.title} ({run.id})",
        description=_meaning(run, output),
        sha256=output.sha256,
        period=period_of(situation.date),
        stamps=tuple(stamps.values()),
        run=run.id,
        output=output.name,
    )


def _meaning(run: Run, output: Output) -> str:
    from morgen.models.registry import get_model

    try:
        promised = get_model(run.manifest.model).interface.outputs
    except ModelNotFoundError:  # a run outlives the model that it was made with
        return output.title
    return next((item.meaning for item in promised if item.name == output.name), output.title)
