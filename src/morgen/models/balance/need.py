"""From what there is to what is short: one row for each norm, with a traffic light."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from math import ceil, floor
from typing import Any

from morgen.core.errors import ParameterError
from morgen.core.noun import Noun
from morgen.models.balance.people import people_in_general, residents_by_age, shown
from morgen.models.balance.programme import Programme, Provision
from morgen.models.norms.norm import Basis, Norm, NormSet

__all__ = ["Balance", "Density", "Impossible", "Light", "Row", "balance_of", "quick_balance"]

QUICK_KEYS = ("theme", "facility", "norm", "basis", "need", "unit", "units", "have", "state", "source")
ON_THE_GROUND = frozenset({"green", "play", "water"})
"""Themes that lie on the ground: they cannot be stacked, so they never exceed the site."""


class Light(StrEnum):
    """What is there against the band of the norm."""

    GREEN = "green"
    """At least the target."""
    AMBER = "amber"
    """Between the minimum and the target."""
    RED = "red"
    UNKNOWN = "unknown"
    """The need or what is there is not known."""


class Row(Noun):
    """One norm, what it asks and what is there."""

    theme: str
    facility: str
    norm: str
    """Id of the norm in its set."""
    basis: Basis
    amount: float | None
    """How many of the basis there are; None when not known or too few people to show."""
    need: float | None
    """At the target, in ``unit``; None when it cannot be told."""
    need_min: float | None
    need_max: float | None
    unit: str
    units: float | None
    """The need as facilities, a fraction; None for what has no units."""
    whole_units: int | None
    """That number rounded up."""
    floor: float | None
    """Gross floor area of those whole units, m2; None when the norm gives no size."""
    plot: float | None
    """Ground under and around them, m2."""
    have: float | None
    """What is there; None is unknown, not nothing."""
    shared: float
    """What neighbouring wijken could share besides."""
    gap: float | None
    """``have + shared - need``; below zero is short."""
    light: Light
    state: str
    """How sure the norm is."""
    source: str

    def quick(self) -> dict[str, Any]:
        """Return the row with the keys of a quick look."""
        document = self.to_json()
        return {key: document[key] for key in QUICK_KEYS}


class Impossible(Noun):
    """A norm that the site cannot meet whatever is done."""

    norm: str
    need: float
    unit: str
    available: float
    """m2 of ground."""
    largest: float
    """The largest value of the norm that the site can meet, in ``unit`` per ``per`` of the basis."""
    sentence: str


class Density(Noun):
    """How dense the plan is (NEN 9300)."""

    dwellings_per_hectare: float
    fsi: float | None
    """Gross floor area of the dwellings by site area; facilities and other uses are not in it."""


class Balance(Noun):
    """What a plan needs under one set of norms."""

    norms: str
    edition: str
    year: int | None
    rows: tuple[Row, ...]
    impossible: tuple[Impossible, ...]
    left_out: tuple[str, ...]
    """One sentence for each facility for which the set has no ratio."""
    density: Density
    assumptions: tuple[str, ...]


def quick_balance(
    norms: NormSet, *, dwellings: int, residents: int, site_area: float, paved_area: float | None = None
) -> Balance:
    """Balance plain numbers; nothing is known of what is there. Raises ``ParameterError``."""
    _require_positive(dwellings=dwellings, residents=residents, site_area=site_area)
    if paved_area is not None:
        _require_positive(paved_area=paved_area)
    bases = _bases(people_in_general(residents), dwellings, site_area, paved_area)
    assumption = "ages as in the whole country; a programme with types and years tells them by year"
    density = Density(dwellings_per_hectare=round(dwellings / site_area * 10_000, 2), fsi=None)
    return _balance(norms, bases, (), site_area, density, None, (assumption,))


def balance_of(norms: NormSet, programme: Programme, *, year: int | None = None) -> Balance:
    """Balance a programme in ``year``, by default that in which its last dwellings are finished.

    Raises ``ParameterError`` for a year before the first dwellings, or an amount in another unit than the norm.
    """
    first, last = min(row.year for row in programme.dwellings), max(row.year for row in programme.dwellings)
    chosen = last if year is None else year
    if not first <= chosen <= last + 100:
        raise ParameterError(
            f"year is {chosen}, but it must be from {first}, the first dwellings, to {last + 100}"
        )
    built = [row for row in programme.dwellings if row.year <= chosen]
    number = sum(row.number for row in built)
    bases = _bases(residents_by_age(programme, chosen), number, programme.site_area, programme.paved_area)
    density = Density(
        dwellings_per_hectare=round(number / programme.site_area * 10_000, 2),
        fsi=round(sum(row.total_floor_area for row in built) / programme.site_area, 3),
    )
    assumption = f"residents by the cohort model in {chosen}; indicative rates, see docs/balance.md"
    return _balance(norms, bases, programme.provision, programme.site_area, density, chosen, (assumption,))


def _require_positive(**values: float) -> None:
    for name, value in values.items():
        if not 0 < value < float("inf"):
            raise ParameterError(f"{name.replace('_', '-')} is {value}, but it must be more than 0")


def _bases(people: Any, dwellings: int, site_area: float, paved_area: float | None) -> dict[Basis, float | None]:
    """Return how many of each basis there are; numbers of people through the door of ``core.disclosure``."""
    released = shown(people)
    counts = {Basis(name): None if count is None else float(count) for name, count in released.counts.items()}
    return counts | {
        Basis.DWELLING: float(dwellings),
        Basis.SITE_AREA: site_area,
        Basis.PAVED_AREA: paved_area,
        Basis.WIJK: 1.0,
    }


def _balance(
    norms: NormSet,
    bases: Mapping[Basis, float | None],
    provision: Iterable[Provision],
    site_area: float,
    density: Density,
    year: int | None,
    assumptions: tuple[str, ...],
) -> Balance:
    have = _provided(norms, provision)
    found = (_impossible(norm, bases[norm.basis], site_area) for norm in norms.norms)
    return Balance(
        norms=norms.id,
        edition=norms.edition,
        year=year,
        rows=tuple(_row(norm, bases[norm.basis], have.get(norm.facility)) for norm in norms.norms),
        impossible=tuple(item for item in found if item is not None),
        left_out=tuple(f"{left.facility}: {left.reason}" for left in norms.left_out),
        density=density,
        assumptions=assumptions,
    )


def _provided(norms: NormSet, provision: Iterable[Provision]) -> dict[str, tuple[float, float]]:
    units = {norm.facility: norm.unit for norm in norms.norms}
    found: dict[str, tuple[float, float]] = {}
    for row, item in enumerate(provision, start=1):
        unit = units.get(item.facility)
        if unit is None:
            raise ParameterError(
                f"provision, row {row}: the set {norms.id!r} has no norm for {item.facility!r};"
                f" it has {', '.join(sorted(units))}"
            )
        if item.unit != unit:
            raise ParameterError(
                f"provision, row {row}: {item.facility!r} is in {item.unit!r}, but its norm is in {unit!r}"
            )
        amount, shared = found.get(item.facility, (0.0, 0.0))
        found[item.facility] = amount + item.amount, shared + item.shared
    return found


def _row(norm: Norm, amount: float | None, provided: tuple[float, float] | None) -> Row:
    need = None if amount is None else norm.need(amount)
    minimum = None if amount is None else norm.need(amount, value=norm.min)
    units = None if amount is None else norm.units(amount)
    whole = None if units is None else ceil(units - 1e-9)
    sizes = norm.dimensions if whole is not None else None
    have, shared = provided if provided is not None else (None, 0.0)
    return Row(
        theme=norm.theme,
        facility=norm.facility,
        norm=norm.id,
        basis=norm.basis,
        amount=amount,
        need=_rounded(need),
        need_min=_rounded(minimum),
        need_max=None if amount is None else _rounded(norm.need(amount, value=norm.max)),
        unit=norm.unit,
        units=_rounded(units),
        whole_units=whole,
        floor=None if sizes is None or whole is None else whole * sizes.floor,
        plot=None if sizes is None or whole is None else whole * sizes.plot,
        have=have,
        shared=shared,
        gap=None if need is None or have is None else _rounded(have + shared - need),
        light=_light(need, minimum, have, shared),
        state=norm.state,
        source=norm.source,
    )


def _light(need: float | None, minimum: float | None, have: float | None, shared: float) -> Light:
    if need is None or minimum is None or have is None:
        return Light.UNKNOWN
    if have + shared >= need:
        return Light.GREEN
    return Light.AMBER if have + shared >= minimum else Light.RED


def _impossible(norm: Norm, amount: float | None, site_area: float) -> Impossible | None:
    if norm.unit != "m2" or norm.theme not in ON_THE_GROUND or amount is None:
        return None
    need = norm.need(amount)
    if need <= site_area:
        return None
    largest = floor(site_area * norm.per / amount * 100) / 100  # rounded up it would not fit
    per = f"{norm.per:g} {norm.basis}"
    return Impossible(
        norm=norm.id,
        need=round(need, 2),
        unit=norm.unit,
        available=site_area,
        largest=largest,
        sentence=(
            f"{norm.facility} asks {need:,.0f} m2, but the whole site is {site_area:,.0f} m2:"
            f" the norm of {norm.target:g} m2 per {per} cannot be met here; at most {largest:g} can"
        ),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
