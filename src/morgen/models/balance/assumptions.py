"""What a balance took for granted, in a sentence each."""

from collections.abc import Collection

from morgen.core.disclosure import THRESHOLD
from morgen.core.noun import Text
from morgen.models.balance.people import people_in_general, shown
from morgen.models.balance.programme import Programme
from morgen.models.balance.supply import Surroundings
from morgen.models.norms.norm import Basis

__all__ = ["assumptions_of"]


def assumptions_of(
    programme: Programme | None, year: int | None, around: Surroundings | None, bases: Collection[Basis]
) -> tuple[Text, ...]:
    """Return what the balance of a programme in a year, on an area, took for granted; ``bases`` are the norms'."""
    told = []
    if programme is not None:
        told.append(
            Text(
                nl=f"bewoners van het programma in {year} volgens het cohortmodel, met indicatieve kansen",
                en=f"residents of the programme in {year} by the cohort model; its rates are indicative",
            )
        )
    if around is not None:
        told += [_residents(programme, around), *_left_out(programme, around, bases), _facilities(around)]
    return tuple(told)


def _residents(programme: Programme | None, around: Surroundings) -> Text:
    if programme is not None and programme.existing is not None:
        return Text(
            nl="wie er al woont volgens het programma, met leeftijden als in heel Nederland",
            en="those who live there already as the programme says, with ages as in the whole country",
        )
    if around.residents is None:
        return Text(
            nl=f"wat mensen nodig hebben is onbekend: {around.residents_source.nl};"
            " koppel de BAG met verblijfsobjecten, of geef [existing] in het programma",
            en=f"what people need is unknown: {around.residents_source.en};"
            " link the BAG with verblijfsobjecten, or give [existing] in the programme",
        )
    if around.residents < THRESHOLD:
        return Text(
            nl=f"er wonen nu minder dan {THRESHOLD} mensen",
            en=f"fewer than {THRESHOLD} people live there already",
        )
    people = f"{around.residents:,.0f}"
    return Text(
        nl=f"er wonen nu {people.replace(',', '.')} mensen: {around.residents_source.nl};"
        " leeftijden als in heel Nederland",
        en=f"{people} people live there already: {around.residents_source.en}; ages as in the whole country",
    )


def _left_out(programme: Programme | None, around: Surroundings, bases: Collection[Basis]) -> list[Text]:
    """Say that groups of those who live there are not in the need, when some are too small to count."""
    stated = None if programme is None or programme.existing is None else programme.existing.residents
    residents = around.residents if stated is None else stated
    if residents is None:
        return []
    counts = shown(people_in_general(residents)).counts
    if all(count is not None for basis, count in counts.items() if basis in bases):
        return []
    return [
        Text(
            nl=f"leeftijdsgroepen van minder dan {THRESHOLD} mensen die er nu wonen, tellen niet mee",
            en=f"age groups of fewer than {THRESHOLD} people who live there already are left out",
        )
    ]


def _facilities(around: Surroundings) -> Text:
    if around.places is None:
        return Text(
            nl="er is geen bron van voorzieningen gekoppeld: wat er is, weet alleen het programma",
            en="no source of facilities is linked: what is there is unknown, unless the programme says it",
        )
    return Text(
        nl=f"voorzieningen in de buurt liggen hemelsbreed binnen de afstand van hun norm, gezocht tot"
        f" {around.looked:.0f} m rond het gebied; hoeveel daarvan vrij is, is onbekend, dus ze tellen niet mee",
        en=f"facilities nearby lie within the radius of their norm as the crow flies, looked for up to"
        f" {around.looked:.0f} m around the area; how much of them is free is not known, so they do not count",
    )
