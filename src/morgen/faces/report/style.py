"""The look of the maquette on paper: pastel ground, soft white buildings, water from light cyan to deep blue."""

from collections.abc import Mapping

__all__ = [
    "BUILDING",
    "BUILDING_EDGE",
    "DEPTH_CLASSES",
    "DEPTH_COLOURS",
    "GROUND",
    "HIT_COLOURS",
    "PAPER",
    "ground_colour",
]

PAPER = "#f6f5f2"
BUILDING = "#fbfaf7"
BUILDING_EDGE = "#a7a196"
WATER = "#9fb3c2"

GROUND: Mapping[str, str] = {
    "wegdeel": "#cfcac1",
    "ondersteunendwegdeel": "#cbd6b4",
    "begroeidterreindeel": "#c3d3a3",
    "onbegroeidterreindeel": "#e3dac6",
    "waterdeel": WATER,
    "ondersteunendwaterdeel": "#b9cda0",
    "pand": BUILDING,
    "overigbouwwerk": "#e9e5dd",
    "kunstwerkdeel": "#bdb7ac",
    "scheiding": "#b3ab9d",
}
"""Theme of the land cover to its colour; others are ``UNKNOWN_GROUND``."""

UNKNOWN_GROUND = "#ebe7df"

DEPTH_CLASSES = (0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.50)
"""Lower limits of the drawn classes, m: 5 cm steps as the national guideline shows them, then one open step."""

DEPTH_COLOURS = ("#c5e8f2", "#9bd3ea", "#6bb8e0", "#3f97d0", "#2574b6", "#155391", "#0a2f63")

HIT_COLOURS = ("#f2b661", "#d9542b")
"""Buildings above the lower and the higher threshold at the façade."""


def ground_colour(theme: str) -> str:
    """Return the colour of a land cover theme."""
    return GROUND.get(theme, UNKNOWN_GROUND)
