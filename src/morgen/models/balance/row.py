"""One norm against what is there: the need, the supply, and a traffic light."""

from enum import StrEnum
from math import ceil
from typing import Any

from morgen.core.noun import Noun, Text
from morgen.models.balance.supply import Certainty, Supply
from morgen.models.norms.norm import Basis, Norm

__all__ = ["Light", "Row", "row_of"]

QUICK_KEYS = ("theme", "facility", "norm", "basis", "need", "unit", "units", "have", "state", "source")


class Light(StrEnum):
    """What is there against the band of the norm."""

    GREEN = "green"
    """At least the target."""
    AMBER = "amber"
    """Between the minimum and the target."""
    RED = "red"
    UNKNOWN = "unknown"
    """The need or what is there is not known, or there may be more than the sources tell."""


class Row(Noun):
    """One norm, what it asks and what is there."""

    theme: str
    facility: str
    title: str
    """In Dutch, as the set names it."""
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
    have_certainty: Certainty | None
    have_source: str
    """Where that was found; empty when it is unknown."""
    have_note: Text | None
    shared: float
    """What neighbouring wijken will share besides, as the programme says."""
    nearby: float | None
    """What lies outside within the radius of the norm: it could be shared, and does not count. None: not known."""
    gap: float | None
    """``have + shared - need``; below zero is short, and None where there may be more than is known."""
    light: Light
    state: str
    """How sure the norm is."""
    source: str

    def quick(self) -> dict[str, Any]:
        """Return the row with the keys of a quick look."""
        document = self.to_json()
        return {key: document[key] for key in QUICK_KEYS}


def row_of(norm: Norm, amount: float | None, supply: Supply | None, shared: float) -> Row:
    """Return the row of a norm; ``amount`` is how many of its basis there are, None when that is not known."""
    need = None if amount is None else norm.need(amount)
    minimum = None if amount is None else norm.need(amount, value=norm.min)
    units = None if amount is None else norm.units(amount)
    whole = None if units is None else ceil(units - 1e-9)
    sizes = norm.dimensions if whole is not None else None
    have = None if supply is None else supply.amount
    return Row(
        theme=norm.theme,
        facility=norm.facility,
        title=norm.title,
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
        have_certainty=None if supply is None else supply.certainty,
        have_source="" if supply is None else supply.source,
        have_note=None if supply is None else supply.note,
        shared=shared,
        nearby=None if supply is None else supply.nearby,
        gap=_gap(need, supply, shared),
        light=_light(need, minimum, supply, shared),
        state=norm.state,
        source=norm.source,
    )


def _gap(need: float | None, supply: Supply | None, shared: float) -> float | None:
    if need is None or supply is None:
        return None
    gap = supply.amount + shared - need
    return None if gap < 0 and supply.certainty is Certainty.AT_LEAST else round(gap, 3)


def _light(need: float | None, minimum: float | None, supply: Supply | None, shared: float) -> Light:
    if need is None or minimum is None or supply is None:
        return Light.UNKNOWN
    there = supply.amount + shared
    if there >= need:
        return Light.GREEN
    if supply.certainty is Certainty.AT_LEAST:
        return Light.UNKNOWN
    return Light.AMBER if there >= minimum else Light.RED


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
