"""The interface ``wijk-fit/1``: what every model that fits a programme in a wijk needs and gives."""

from typing import Final

from morgen.core.model import Interface, OutputField
from morgen.models.fit.hazard import FLOOD_LAYER

__all__ = ["INDICATORS", "WIJK_FIT"]

INDICATORS: Final = (
    "dwellings-fitted",
    "dwellings-all-norms",
    "norms-missed",
    "concession-cost",
    "green-per-dwelling",
    "facility-floor",
    "reused-floor",
    "residents-in-reach",
    "residents-in-reach-storm",
    "vulnerable-in-water",
    "fsi",
)

WIJK_FIT: Final = Interface(
    id="wijk-fit/1",
    needs=("plots", "buildings", "paths"),
    may_use=("land_cover", "facilities", "residents", FLOOD_LAYER),
    outputs=(
        OutputField(
            name="plan",
            kind="features",
            meaning="What comes where: kind ('building', 'reuse' for a building that stays, 'green', 'park',"
            " 'playground'), site, use (gebruiksdoelen), storeys, height (m), floor_area and area (m2), dwellings,"
            " facilities, and flood_depth (m) of the storm on the site.",
        ),
        OutputField(
            name="measures",
            kind="json",
            meaning="The plan as measures, GeoJSON in RD New, to import into a scenario.",
        ),
        OutputField(
            name="answer",
            kind="json",
            meaning="The reason in one sentence, concessions with their price, norms that clash, ways out,"
            " assumptions, gap, what comes on each site, and what the checker found.",
        ),
        OutputField(
            name="front",
            kind="json",
            meaning="Plans with ever more dwellings, what each next dwelling costs, and the knee; no points when"
            " none were asked.",
        ),
    ),
    indicators=INDICATORS,
)
