"""Words for people: what the codes of the sources mean."""

from collections.abc import Mapping

__all__ = ["THEMES"]

THEMES: Mapping[str, str] = {
    "wegdeel": "road",
    "ondersteunendwegdeel": "verge",
    "begroeidterreindeel": "green",
    "onbegroeidterreindeel": "yard, bare ground",
    "waterdeel": "water",
    "ondersteunendwaterdeel": "bank",
    "pand": "building",
    "overigbouwwerk": "other structure",
    "kunstwerkdeel": "civil structure",
    "scheiding": "wall, quay",
}
"""Theme of the land cover in English, as in docs/glossary.md."""
