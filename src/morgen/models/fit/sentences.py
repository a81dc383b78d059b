"""The plain sentences, Dutch and English, in which a plan that does not fit explains itself."""

from typing import Final

from morgen.core.noun import Text
from morgen.models.fit.plan import Concession, Plan

__all__ = ["ways_out", "whole_sentence"]

UNITS: Final = {
    "m2": Text(nl="m2", en="m2"),
    "m3": Text(nl="m3", en="m3"),
    "places": Text(nl="parkeerplaatsen", en="parking places"),
    "residents": Text(nl="bewoners buiten bereik", en="residents out of reach"),
    "dwellings": Text(nl="woningen", en="dwellings"),
}
MOST_NAMED: Final = 3
"""Concessions named in one sentence; the list has them all."""


def whole_sentence(plan: Plan, groups: tuple[str, ...] | None, kept: int) -> Text:
    """Return what fits and what is in the way; ``groups`` None when everything fits, empty when ground lacks."""
    asked = f"{plan.asked:.0f}"
    if groups is None:
        return Text(
            nl=f"Alle {plan.dwellings} gevraagde woningen passen, met alle normen.",
            en=f"All {plan.dwellings} dwellings asked fit, with all norms.",
        )
    names = ", ".join(groups)
    if not groups:
        nl, en = "de bouwruimte zelf: ook zonder normen passen ze niet", "the building room: without norms too"
    elif len(groups) == 1:
        nl, en = f"de norm voor {names}", f"the norm of {names}"
    else:
        nl, en = f"samen de normen voor {names}", f"the norms of {names} together"
    return Text(
        nl=f"Van de {asked} gevraagde woningen passen er zeker {kept} met alle normen. Knelpunt is {nl}."
        f" {_bill(plan, 'nl')}",
        en=f"Of the {asked} dwellings asked, at least {kept} fit with all norms. In the way is {en}."
        f" {_bill(plan, 'en')}",
    )


def ways_out(plan: Plan, groups: tuple[str, ...], kept: int, at_most: float) -> tuple[Text, ...]:
    """Return three ways out: fewer dwellings, the cheapest concessions, or more room."""
    asked = f"{plan.asked:.0f}"
    fewer = Text(
        nl=f"Bouw minder: {kept} woningen passen met alle normen, meer dan {at_most:.0f} kan nooit.",
        en=f"Build less: {kept} dwellings fit with all norms, more than {at_most:.0f} never can.",
    )
    concede = Text(nl=_bill(plan, "nl"), en=_bill(plan, "en"))
    names = ", ".join(groups)
    if groups:
        move = Text(
            nl=f"Regel {names} buiten het plan: koop grond of ruimte in de buurt, of deel met een wijk ernaast.",
            en=f"Arrange {names} outside the plan: buy ground or room nearby, or share with the wijk beside it.",
        )
    else:
        move = Text(
            nl=f"Geef meer bouwruimte: hoger of meer kavels; nu passen {plan.dwellings} van de {asked} woningen.",
            en=f"Allow more room: higher, or more plots; now {plan.dwellings} of the {asked} dwellings have room.",
        )
    return fewer, concede, move


def _bill(plan: Plan, language: str) -> str:
    named = [_conceded(concession, language) for concession in plan.concessions[:MOST_NAMED]]
    left = len(plan.concessions) - len(named)
    total = f"{plan.cost:,.0f}"
    if language == "nl":
        more = f" en {left} kleinere" if left else ""
        return (
            f"De goedkoopste concessies die gevonden zijn bij {plan.dwellings} woningen: {'; '.join(named)}{more};"
            f" samen {total.replace(',', '.')} duizend euro."
        )
    more = f" and {left} smaller ones" if left else ""
    return (
        f"The cheapest concessions found with {plan.dwellings} dwellings: {'; '.join(named)}{more};"
        f" together {total} thousand euros."
    )


def _conceded(concession: Concession, language: str) -> str:
    amount = f"{concession.amount:,.0f}" if concession.amount >= 1 else f"{concession.amount:.2g}"
    unit = getattr(UNITS[concession.unit], language)
    if language == "nl":
        return f"{concession.norm} {amount.replace(',', '.')} {unit} te kort"
    return f"{concession.norm} {amount} {unit} short"
