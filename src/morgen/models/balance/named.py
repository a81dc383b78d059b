"""How the sources of a layer are named beside a number."""

from morgen.core.situation import Situation
from morgen.core.source import SourceState

__all__ = ["sources_of"]


def sources_of(situation: Situation, layer: str) -> str:
    """Return the titles of the sources of a layer with the date of their data, or else the title of the layer."""
    found = situation.layers[layer]
    titles = {
        stamp.source.title + (f" ({stamp.data_date})" if stamp.data_date else "")
        for stamp in found.stamps
        if stamp.state is SourceState.OK
    }
    return "; ".join(sorted(titles)) or found.title
