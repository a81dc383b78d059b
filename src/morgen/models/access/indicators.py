"""The indicators of ``access/1``: what each counts, and what it does not show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from morgen.core.indicator import Direction, Indicator
from morgen.models.access.people import EVERYONE, Shares
from morgen.models.access.themes import THEMES, Theme

__all__ = ["Told", "indicators_of"]

WALK: Final = "a walk over the network, from door to door"
RULE: Final = "3-30-300: Konijnendijk 2023"
RIVM: Final = "RIVM rule of thumb for public space: 1 ha of usable green within 300 m"


@dataclass(frozen=True)
class Told:
    """What the indicators are made of."""

    shares: Shares
    places: Mapping[str, int]
    """Theme to how many places are known."""
    themes_near: float
    themes_near_worst_off: float
    score_distance: float
    green_distance: float
    green_size: float


def indicators_of(told: Told) -> tuple[Indicator, ...]:
    """Return the indicators in the order of the interface."""
    return (
        Indicator(
            id="residents",
            title="Residents",
            value=told.shares.count(EVERYONE) or 0,
            unit="count",
            direction=Direction.NONE,
            meaning="People who live in the area, from what CBS publishes of its squares and buurten.",
            does_not_show="Who they are; nor people who work or stay there.",
        ),
        *(_reach(told, theme) for theme in THEMES),
        *_scores(told),
        *_nature(told),
    )


def _reach(told: Told, theme: Theme) -> Indicator:
    name = f"reach-{theme.id}"
    band = told.shares.band(name) if told.places[theme.id] else (0.0, 1.0)
    return _share(
        told,
        name,
        title=f"Residents with {theme.title} within {theme.radius:,.0f} m",
        meaning=f"Share of the residents with at least one known place within {theme.radius:,.0f} m: {WALK}.",
        does_not_show="Whether there is room, and places that no linked source tells of.",
        threshold_source=f"{theme.id}: {theme.source}",
        band=band,
    )


def _scores(told: Told) -> tuple[Indicator, ...]:
    near = f"within {told.score_distance:,.0f} m"
    themes = ", ".join(theme.id for theme in THEMES)
    return (
        _share(
            told,
            "fifteen-minutes",
            title=f"Residents with {len(THEMES) - 1} or more of {len(THEMES)} themes {near}",
            meaning=f"Share of the residents with at least {len(THEMES) - 1} of {themes} {near}: {WALK}.",
            does_not_show="Which theme is missing: see the shares by theme.",
            threshold_source="1,250 m is 15 minutes at 5 km/h",
            band=told.shares.band("fifteen-minutes"),
        ),
        *(
            Indicator(
                id=name,
                title=f"Themes {near}, on average{of}",
                value=value,
                unit="count",
                direction=Direction.HIGHER,
                meaning=f"Mean over the residents{of} of how many of {themes} are {near}.",
                does_not_show="How far inside that distance they are, and whether there is room.",
            )
            for name, of, value in (
                ("themes-near", "", told.themes_near),
                ("themes-near-worst-off", ", of the worst-off quarter", told.themes_near_worst_off),
            )
        ),
    )


def _nature(told: Told) -> tuple[Indicator, ...]:
    near = f"{told.green_size / 10_000:g} ha of green within {told.green_distance:,.0f} m"
    rows = (
        (
            "green-near",
            f"Residents with {near}",
            f"Share of the residents with public green of that size: {WALK}.",
            "Whether one may enter: the map does not tell; green outside the data of the twin is not seen.",
            RIVM,
        ),
        (
            "trees-in-view",
            "Residents with three trees in view",
            "Share of the residents with three trees near their home and no other building between.",
            "On which side the windows are, private trees that the map lacks, and how large the trees are.",
            RULE,
        ),
        (
            "canopy",
            "Residents with 30 % canopy around",
            "Share of the residents with at least 30 % of the ground around them under woods or crowns of trees.",
            "Private trees that the map lacks; every tree has the same crown.",
            RULE,
        ),
        (
            "three-thirty-three-hundred",
            "Residents for whom 3-30-300 holds as a whole",
            "Share of the residents with three trees in view, 30 % canopy and green near, all three.",
            "How near the others are to it: see its parts.",
            RULE,
        ),
    )
    return tuple(
        _share(
            told,
            name,
            title=title,
            meaning=meaning,
            does_not_show=hides,
            threshold_source=source,
            band=told.shares.band(name),
        )
        for name, title, meaning, hides, source in rows
    )


def _share(
    told: Told,
    name: str,
    *,
    title: str,
    meaning: str,
    does_not_show: str,
    threshold_source: str,
    band: tuple[float, float] | None,
) -> Indicator:
    share = told.shares.share(name)
    # Groups are large enough by construction, so the door lets every share through; were one held, none is known.
    low, high = (None, None) if band is None else band
    return Indicator(
        id=name,
        title=title,
        value=_percent(share or 0.0),
        unit="%",
        low=None if low is None else _percent(low),
        high=None if high is None else _percent(1.0 if share is None else high),
        direction=Direction.HIGHER,
        meaning=meaning,
        does_not_show=does_not_show,
        threshold_source=threshold_source,
    )


def _percent(share: float) -> float:
    return round(100 * share, 1)
