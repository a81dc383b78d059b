"""The documents of a balance as named schemas; see ``schemas`` for how to read them."""

from typing import Literal

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from morgen.faces.http.schemas import Document, Translated

__all__ = ["BalanceDocument", "BalanceRequest"]

Light = Literal["green", "amber", "red", "unknown"]
Certainty = Literal["counted", "estimated", "at-least", "stated"]


class BalanceRequest(Document):
    """A programme, plain numbers, or neither: then it is the twin as it stands."""

    model_config = ConfigDict(
        alias_generator=to_camel, use_attribute_docstrings=True, extra="forbid", defer_build=True
    )

    norms: list[str] = Field(min_length=1)
    """Ids of sets of norms; several are laid side by side."""
    programme: dict[str, object] | None = None
    """As a programme file, with keys in camelCase: `siteArea`, `dwellings`, `provision` ..."""
    year: int | None = None
    """By default the one in which the last dwellings are finished."""
    on_twin: bool | None = None
    """Whether what the twin tells counts; by default it does."""
    scenario: str | None = None
    """Name of a scenario to look at the twin with."""
    dwellings: int | None = None
    """Plain numbers, instead of a programme; nothing is known then of what is there."""
    residents: int | None = None
    site_area: float | None = None
    """m2."""
    paved_area: float | None = None
    """m2 of roofs and paving on plots."""


class BalanceRow(Document):
    """One norm, what it asks and what is there."""

    theme: str
    facility: str
    title: str
    norm: str
    basis: str
    amount: float | None
    need: float | None
    """At the target, in `unit`; null when it cannot be told."""
    need_min: float | None
    need_max: float | None
    unit: str
    units: float | None
    """The need as facilities, a fraction; null for what has no units."""
    whole_units: int | None
    floor: float | None
    plot: float | None
    have: float | None
    """What is there; null is unknown, not nothing."""
    have_certainty: Certainty | None
    have_source: str
    have_note: Translated | None
    shared: float
    nearby: float | None
    """What lies outside within the radius of the norm; it does not count."""
    gap: float | None
    light: Light
    state: str
    source: str


class BalanceImpossible(Document):
    """A norm that the site cannot meet whatever is done."""

    norm: str
    need: float
    unit: str
    available: float
    largest: float
    per: float
    basis: str
    sentence: Translated


class BalanceSupply(Document):
    """What is there and has no norm in the set."""

    facility: str
    amount: float
    unit: str
    nearby: float | None
    certainty: Certainty
    source: str
    note: Translated | None


class BalanceDensity(Document):
    """How dense an area is (NEN 9300)."""

    area: float
    dwellings_per_hectare: float | None
    fsi: float | None
    gsi: float | None
    osr: float | None
    layers: float | None
    mxi: float | None
    source: Translated


class BalanceStock(Document):
    """What stands in the area and stays."""

    area: float
    buildings: int
    dwellings: int | None
    buildings_unknown: int
    footprint: float
    floor_area: float | None
    dwelling_floor_area: float | None
    floor_estimated: float
    source: str


class BalanceUnderSet(Document):
    """The balance under one set."""

    norms: str
    edition: str
    title: str
    year: int | None
    rows: list[BalanceRow]
    impossible: list[BalanceImpossible]
    left_out: list[str]
    without_norm: list[BalanceSupply]
    density: BalanceDensity | None
    stock: BalanceStock | None
    wijk_density: BalanceDensity | None
    assumptions: list[Translated]


class BalanceUnder(Document):
    """What one set says of a facility."""

    norms: str
    norm: str
    need: float | None
    unit: str
    units: float | None
    have: float | None
    light: Light


class BalanceAcross(Document):
    """One facility under every set that was asked."""

    theme: str
    facility: str
    title: str
    under: list[BalanceUnder | None]


class BalanceCourse(Document):
    """How an age group of the programme goes over the years."""

    basis: str
    years: list[int]
    people: list[int | None]
    """Null where too few to show, or where they would give a smaller group away."""
    peak_year: int | None
    peak: int | None
    structural: int | None


class BalanceDocument(Document):
    """A programme under one or more sets of norms."""

    title: str
    balances: list[BalanceUnderSet]
    across: list[BalanceAcross]
    courses: list[BalanceCourse]
