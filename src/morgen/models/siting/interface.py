"""The interface ``siting/1``: what every model that finds places for a facility needs and gives."""

from typing import Final

from morgen.core.model import Interface, OutputField

__all__ = ["INDICATORS", "SITING"]

INDICATORS: Final = (
    "new-places",
    "share-in-radius-now",
    "share-in-radius",
    "mean-distance",
    "farthest-distance",
    "residents-without-way",
    "gap",
)

SITING: Final = Interface(
    id="siting/1",
    needs=("paths", "residents"),
    may_use=("facilities", "plots", "buildings", "land_cover"),
    outputs=(
        OutputField(
            name="sites",
            kind="features",
            meaning="Where the facility is or can come: site_id, kind ('existing', 'plot', 'building' or 'green'),"
            " open, the residents for whom it is the nearest open one, and their mean distance (to 10 m).",
        ),
        OutputField(
            name="siting",
            kind="json",
            meaning="The question, the places that were chosen, the value of the objective now and then with the"
            " bound that no choice can pass, and who has no way to any place.",
        ),
    ),
    indicators=INDICATORS,
)
