"""From what there is to what is short: a programme, or plain numbers, under one set of norms."""

from collections.abc import Mapping, Sequence
from math import floor
from typing import Any

from morgen.core.errors import ParameterError
from morgen.core.noun import Noun, Text
from morgen.models.balance.assumptions import assumptions_of
from morgen.models.balance.density import Density, density_of, plan_density, wijk_density
from morgen.models.balance.people import people_in_general, residents_by_age, shown, shown_together
from morgen.models.balance.programme import Dwellings, Programme, Provision
from morgen.models.balance.row import Row, row_of
from morgen.models.balance.stock import Stock
from morgen.models.balance.supply import Certainty, Supply, Surroundings
from morgen.models.norms.norm import Basis, Norm, NormSet
from morgen.models.norms.words import BASIS_WORDS

__all__ = ["Balance", "Impossible", "balance_of", "quick_balance"]

ON_THE_GROUND = frozenset({"green", "play", "water"})
"""Themes that lie on the ground: they cannot be stacked, so they never exceed the site."""
PLAIN_NUMBERS = Text(nl="losse getallen", en="plain numbers")
AGES_OF_THE_COUNTRY = Text(
    nl="leeftijden als in heel Nederland; een programma met woningtypen en jaren geeft ze per jaar",
    en="ages as in the whole country; a programme with types and years tells them by year",
)
LATEST = 100
"""Years after the first dwellings that can still be asked for."""


class Impossible(Noun):
    """A norm that the site cannot meet whatever is done."""

    norm: str
    need: float
    unit: str
    available: float
    """m2 of ground."""
    largest: float
    """The largest value of the norm that the site can meet, in ``unit`` per ``per`` of the basis."""
    per: float
    basis: Basis
    sentence: Text


class Balance(Noun):
    """What a plan needs under one set of norms."""

    norms: str
    edition: str
    title: str
    year: int | None
    rows: tuple[Row, ...]
    impossible: tuple[Impossible, ...]
    left_out: tuple[str, ...]
    """One sentence for each facility for which the set has no ratio."""
    without_norm: tuple[Supply, ...]
    """What is there, and for which the set has no norm."""
    density: Density | None
    """Of the plan on its site; None when no plan was asked."""
    stock: Stock | None
    """What stands in the area of the twin and stays."""
    wijk_density: Density | None
    """Of the whole area of the twin, stock and plan together."""
    assumptions: tuple[Text, ...]


def quick_balance(
    norms: NormSet, *, dwellings: int, residents: int, site_area: float, paved_area: float | None = None
) -> Balance:
    """Balance plain numbers; nothing is known of what is there. Raises ``ParameterError``."""
    _require_positive(dwellings=dwellings, residents=residents, site_area=site_area)
    if paved_area is not None:
        _require_positive(paved_area=paved_area)
    people = shown(people_in_general(residents)).counts
    return _balance(
        norms,
        _bases(people, dwellings, site_area, paved_area),
        {},
        {},
        year=None,
        density=density_of(
            site_area,
            dwellings=dwellings,
            floor_area=None,
            footprint=None,
            dwelling_floor_area=None,
            source=PLAIN_NUMBERS,
        ),
        assumptions=(AGES_OF_THE_COUNTRY,),
    )


def balance_of(
    norms: NormSet,
    programme: Programme | None,
    *,
    year: int | None = None,
    around: Surroundings | None = None,
    beside: Sequence[NormSet] = (),
) -> Balance:
    """Balance a programme in ``year``, by default that in which its last dwellings are finished.

    With ``around`` it is the balance of the whole area: those who live there need as well, what is there counts,
    and norms for ground are held against the ground of the area. Without a programme it is the area as it stands.

    ``beside`` are the sets that stand beside this one: what the programme provides needs a norm in one of them.

    Raises ``ParameterError`` for a year before the first dwellings, an amount in another unit than the norm, or
    when there is neither a programme nor an area.
    """
    if programme is None and around is None:
        raise ParameterError("a balance needs a programme, or a twin to look at")
    chosen = None if programme is None else _year(programme, year)
    built = () if programme is None else tuple(row for row in programme.dwellings if row.year <= (chosen or 0))
    stated, shared = _provided(norms, programme, beside)
    stock = None if around is None else around.stock
    return _balance(
        norms,
        _plan_bases(programme, chosen, built) if around is None else _wijk_bases(programme, chosen, built, around),
        (_found(norms, around) | stated),
        shared,
        year=chosen,
        density=None if programme is None else plan_density(programme, built),
        stock=stock,
        wijk=None if around is None or stock is None else wijk_density(around.area, stock, programme, built),
        assumptions=assumptions_of(programme, chosen, around, {norm.basis for norm in norms.norms}),
    )


def _year(programme: Programme, year: int | None) -> int:
    first, last = min(row.year for row in programme.dwellings), max(row.year for row in programme.dwellings)
    chosen = last if year is None else year
    if not first <= chosen <= last + LATEST:
        raise ParameterError(
            f"year is {chosen}, but it must be from {first}, the first dwellings, to {last + LATEST}"
        )
    return chosen


def _require_positive(**values: float) -> None:
    for name, value in values.items():
        if not 0 < value < float("inf"):
            raise ParameterError(f"{name.replace('_', '-')} is {value}, but it must be more than 0")


# -- how many there are ------------------------------------------------------------------------------------------


def _plan_bases(
    programme: Programme | None, year: int | None, built: tuple[Dwellings, ...]
) -> dict[Basis, float | None]:
    assert programme is not None
    assert year is not None
    people = shown(residents_by_age(programme, year)).counts
    number = sum(row.number for row in built)
    return _bases(people, number, programme.site_area, programme.paved_area)


def _wijk_bases(
    programme: Programme | None, year: int | None, built: tuple[Dwellings, ...], around: Surroundings
) -> dict[Basis, float | None]:
    """Count those who live in the area already with those of the programme; unknown when the former are."""
    dwellings, residents = _who_is_there(programme, around)
    paved = None if programme is None else programme.paved_area
    if dwellings is None or residents is None:
        return _bases(dict.fromkeys(Basis, None), None, around.area, paved)
    there = people_in_general(residents)
    people = shown(there) if programme is None or year is None else shown_together(there, programme, year)
    return _bases(people.counts, dwellings + sum(row.number for row in built), around.area, paved)


def _who_is_there(programme: Programme | None, around: Surroundings) -> tuple[int | None, float | None]:
    if programme is not None and programme.existing is not None:
        return programme.existing.dwellings, programme.existing.residents
    return (None if around.stock is None else around.stock.dwellings), around.residents


def _bases(
    people: Mapping[Any, int | None], dwellings: int | None, site_area: float, paved_area: float | None
) -> dict[Basis, float | None]:
    """Return how many of each basis there are; ``people`` came through the door of ``core.disclosure``."""
    counts = {Basis(name): None if count is None else float(count) for name, count in people.items()}
    return counts | {
        Basis.DWELLING: None if dwellings is None else float(dwellings),
        Basis.SITE_AREA: site_area,
        Basis.PAVED_AREA: paved_area,
        Basis.WIJK: 1.0,
    }


# -- what is there -----------------------------------------------------------------------------------------------


def _found(norms: NormSet, around: Surroundings | None) -> dict[str, Supply]:
    """Return what is there by facility, in the unit of its norm where it has one."""
    units = {norm.facility: norm.unit for norm in norms.norms}
    supplies = () if around is None else around.supply(norms)
    return {item.facility: item for item in supplies if units.get(item.facility, item.unit) == item.unit}


def _provided(
    norms: NormSet, programme: Programme | None, beside: Sequence[NormSet]
) -> tuple[dict[str, Supply], dict[str, float]]:
    """Return what the programme says is or will be there, and what neighbours share; by facility.

    What this set has no norm for is told as well; in another unit than its norm it does not count.
    """
    units = {norm.facility: norm.unit for norm in norms.norms}
    found: dict[str, Supply] = {}
    shared: dict[str, float] = {}
    for row, item in enumerate(() if programme is None else programme.provision, start=1):
        _require_norm(item, row, (norms, *beside))
        if units.get(item.facility, item.unit) != item.unit:
            continue
        stated = Supply(
            facility=item.facility,
            amount=item.amount,
            unit=item.unit,
            certainty=Certainty.STATED,
            source=item.source or "the programme",
        )
        known = found.get(item.facility)
        found[item.facility] = stated if known is None else known.with_more(stated)
        shared[item.facility] = shared.get(item.facility, 0.0) + item.shared
    return found, shared


def _require_norm(item: Provision, row: int, sets: Sequence[NormSet]) -> None:
    """Raise ``ParameterError`` when no set that was asked has a norm for this facility in this unit."""
    names = " and ".join(repr(norms.id) for norms in sets)
    units = {norm.unit for norms in sets for norm in norms.norms if norm.facility == item.facility}
    if not units:
        known = sorted({norm.facility for norms in sets for norm in norms.norms})
        raise ParameterError(
            f"provision, row {row}: {names} have no norm for {item.facility!r}; they have {', '.join(known)}"
            if len(sets) > 1
            else f"provision, row {row}: the set {names} has no norm for {item.facility!r};"
            f" it has {', '.join(known)}"
        )
    if item.unit not in units:
        raise ParameterError(
            f"provision, row {row}: {item.facility!r} is in {item.unit!r}, but its norm is in"
            f" {' or '.join(repr(unit) for unit in sorted(units))}"
        )


# -- together ----------------------------------------------------------------------------------------------------


def _balance(
    norms: NormSet,
    bases: Mapping[Basis, float | None],
    have: Mapping[str, Supply],
    shared: Mapping[str, float],
    *,
    year: int | None,
    density: Density | None,
    assumptions: tuple[Text, ...],
    stock: Stock | None = None,
    wijk: Density | None = None,
) -> Balance:
    ground = bases[Basis.SITE_AREA]
    assert ground is not None
    found = (_impossible(norm, bases[norm.basis], ground) for norm in norms.norms)
    with_norm = {norm.facility for norm in norms.norms}
    return Balance(
        norms=norms.id,
        edition=norms.edition,
        title=norms.title,
        year=year,
        rows=tuple(
            row_of(norm, bases[norm.basis], have.get(norm.facility), shared.get(norm.facility, 0.0))
            for norm in norms.norms
        ),
        impossible=tuple(item for item in found if item is not None),
        left_out=tuple(f"{left.facility}: {left.reason}" for left in norms.left_out),
        without_norm=tuple(item for name, item in have.items() if name not in with_norm),
        density=density,
        stock=stock,
        wijk_density=wijk,
        assumptions=assumptions,
    )


def _impossible(norm: Norm, amount: float | None, site_area: float) -> Impossible | None:
    if norm.unit != "m2" or norm.theme not in ON_THE_GROUND or amount is None:
        return None
    need = norm.need(amount)
    if need <= site_area:
        return None
    largest = floor(site_area * norm.per / amount * 100) / 100  # rounded up it would not fit
    return Impossible(
        norm=norm.id,
        need=round(need, 2),
        unit=norm.unit,
        available=site_area,
        largest=largest,
        per=norm.per,
        basis=norm.basis,
        sentence=_cannot_be(norm, need, site_area, largest),
    )


def _cannot_be(norm: Norm, need: float, ground: float, largest: float) -> Text:
    words = BASIS_WORDS[norm.basis]
    return Text(
        nl=(
            f"{norm.title} vraagt {_dutch(need)} m2, maar de hele locatie is {_dutch(ground)} m2: de norm van"
            f" {norm.target:g} m2 per {norm.per:g} {words.nl} past hier niet; hooguit {_dutch(largest, 2)} m2 past"
        ),
        en=(
            f"{norm.facility} asks {need:,.0f} m2, but the whole site is {ground:,.0f} m2: the norm of"
            f" {norm.target:g} m2 per {norm.per:g} {words.en} cannot be met here; at most {largest:g} can"
        ),
    )


def _dutch(value: float, decimals: int = 0) -> str:
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))
