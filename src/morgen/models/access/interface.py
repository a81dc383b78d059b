"""The interface ``access/1``: what every model of access on foot needs and gives."""

from typing import Final

from morgen.core.model import Interface, OutputField
from morgen.models.access.themes import THEMES

__all__ = ["ACCESS", "INDICATORS"]

INDICATORS: Final = (
    "residents",
    *(f"reach-{theme.id}" for theme in THEMES),
    "fifteen-minutes",
    "themes-near",
    "themes-near-worst-off",
    "green-near",
    "trees-in-view",
    "canopy",
    "three-thirty-three-hundred",
)

ACCESS: Final = Interface(
    id="access/1",
    needs=("paths", "residents", "facilities", "land_cover", "trees", "buildings"),
    outputs=(
        OutputField(
            name="groups",
            kind="features",
            meaning="Groups of neighbours of at least the threshold of disclosure, as the points of their homes:"
            " residents, whether their number is a guess, metres to the nearest facility of each theme (to 10 m;"
            " no value beyond the distance of the score), themes_near, worst_off, green_near, trees_seen, canopy.",
        ),
        OutputField(
            name="access",
            kind="json",
            meaning="Per theme the radius, the known places, the people and share within reach, of everyone and of"
            " the worst-off quarter, and the distances (median, nine in ten, classes); the 15-minute score by its"
            " number of themes; the parts of 3-30-300; and what did not join the network. No value is shown where"
            " that would tell of too few people.",
        ),
    ),
    indicators=INDICATORS,
)
