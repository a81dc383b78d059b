"""Whom to name beside a picture of a layer."""

from collections.abc import Iterable

from morgen.core.situation import Layer
from morgen.core.source import SourceState

__all__ = ["attributions"]


def attributions(layers: Iterable[Layer]) -> tuple[str, ...]:
    """Return the attribution, or else the title, of every source of the layers; sorted, each once."""
    return tuple(
        sorted(
            {
                stamp.source.attribution or stamp.source.title
                for layer in layers
                for stamp in layer.stamps
                if stamp.state is SourceState.OK
            }
        )
    )
