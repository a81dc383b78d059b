"""The plain sentences, Dutch and English, in which a plan that does not fit explains itself."""

from collections.abc import Mapping
from typing import Final

from morgen.core.noun import Text
from morgen.models.fit.plan import Concession, Plan
from morgen.models.fit.problem import Problem

__all__ = ["Names", "names_of", "ways_out", "whole_sentence"]

Names = Mapping[str, Text]
"""Norm or group of norms to how people call it."""
GROUND_NAMES: Final = {
    "green": Text(nl="groen", en="green"),
    "green-reach": Text(nl="groen op loopafstand", en="green within walking distance"),
    "water": Text(nl="waterberging", en="water storage"),
    "parking": Text(nl="parkeren", en="parking"),
    "mix": Text(nl="soorten woningen", en="types of dwelling"),
    "dwellings": Text(nl="woningen", en="dwellings"),
}

UNITS: Final = {
    "m2": Text(nl="m2", en="m2"),
    "m3": Text(nl="m3", en="m3"),
    "places": Text(nl="parkeerplaatsen", en="parking places"),
    "residents": Text(nl="bewoners buiten bereik", en="residents out of reach"),
    "dwellings": Text(nl="woningen", en="dwellings"),
}
MOST_NAMED: Final = 3
"""Concessions named in one sentence; the list has them all."""


def names_of(problem: Problem) -> dict[str, Text]:
    """Return how every norm and every group of norms of a problem is called."""
    names = dict(GROUND_NAMES)
    for kind in problem.kinds:
        names[kind.id] = kind.title
        names[f"{kind.id}-reach"] = Text(
            nl=f"{kind.title.nl} op loopafstand", en=f"{kind.title.en} within walking distance"
        )
    for dwelling in problem.dwellings:
        names[f"mix-{dwelling.id}"] = Text(nl=f"aandeel {dwelling.id}", en=f"share of {dwelling.id}")
    return names


def whole_sentence(plan: Plan, groups: tuple[str, ...] | None, kept: int, names: Names) -> Text:
    """Return what fits and what is in the way; ``groups`` None when everything fits, empty when ground lacks."""
    asked = f"{plan.asked:.0f}"
    if groups is None:
        return Text(
            nl=f"Alle {plan.dwellings} gevraagde woningen passen, met alle normen.",
            en=f"All {plan.dwellings} dwellings asked fit, with all norms.",
        )
    dutch, english = _listed(groups, names)
    if not groups:
        nl, en = "de bouwruimte zelf: ook zonder normen passen ze niet", "the building room: without norms too"
    elif len(groups) == 1:
        nl, en = f"de norm voor {dutch}", f"the norm of {english}"
    else:
        nl, en = f"samen de normen voor {dutch}", f"the norms of {english} together"
    return Text(
        nl=f"Van de {asked} gevraagde woningen passen er zeker {kept} met alle normen. Knelpunt is {nl}."
        f" {_bill(plan, 'nl', names)}",
        en=f"Of the {asked} dwellings asked, at least {kept} fit with all norms. In the way is {en}."
        f" {_bill(plan, 'en', names)}",
    )


def _listed(groups: tuple[str, ...], names: Names) -> tuple[str, str]:
    called = [names.get(group, Text(nl=group, en=group)) for group in groups]
    return ", ".join(name.nl for name in called), ", ".join(name.en for name in called)


def ways_out(plan: Plan, groups: tuple[str, ...], kept: int, at_most: float, names: Names) -> tuple[Text, ...]:
    """Return three ways out: fewer dwellings, the cheapest concessions, or more room."""
    asked = f"{plan.asked:.0f}"
    fewer = Text(
        nl=f"Bouw minder: {kept} woningen passen met alle normen, meer dan {at_most:.0f} kan nooit.",
        en=f"Build less: {kept} dwellings fit with all norms, more than {at_most:.0f} never can.",
    )
    concede = Text(nl=_bill(plan, "nl", names), en=_bill(plan, "en", names))
    dutch, english = _listed(groups, names)
    if groups:
        move = Text(
            nl=f"Regel {dutch} buiten het plan: koop grond of ruimte in de buurt, of deel met een wijk ernaast.",
            en=f"Arrange {english} outside the plan: buy ground or room nearby, or share with the wijk beside it.",
        )
    else:
        move = Text(
            nl=f"Geef meer bouwruimte: hoger of meer kavels; nu passen {plan.dwellings} van de {asked} woningen.",
            en=f"Allow more room: higher, or more plots; now {plan.dwellings} of the {asked} dwellings have room.",
        )
    return fewer, concede, move


def _bill(plan: Plan, language: str, names: Names) -> str:
    named = [_conceded(concession, language, names) for concession in plan.concessions[:MOST_NAMED]]
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


def _conceded(concession: Concession, language: str, names: Names) -> str:
    called = getattr(names.get(concession.norm, Text(nl=concession.norm, en=concession.norm)), language)
    if concession.norm == "dwellings":
        called = ""
    amount = f"{concession.amount:,.0f}" if concession.amount >= 1 else f"{concession.amount:.2g}"
    unit = getattr(UNITS[concession.unit], language)
    if language == "nl":
        return f"{called} {amount.replace(',', '.')} {unit} te kort".strip()
    return f"{called} {amount} {unit} short".strip()
