"""The nouns of a norm set; every field is required unless a norm can truly do without it."""

from enum import StrEnum
from math import ceil
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from morgen.core.noun import Noun

__all__ = ["Basis", "Dimensions", "Environment", "LeftOut", "Level", "Norm", "NormSet", "State", "Theme"]

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Filled = Annotated[str, Field(min_length=1, pattern=r"\S")]


class Theme(StrEnum):
    """What the facility is for."""

    HOUSING = "housing"
    EDUCATION = "education"
    CHILDCARE = "childcare"
    CARE = "care"
    SPORT = "sport"
    CULTURE = "culture"
    COMMUNITY = "community"
    GREEN = "green"
    PLAY = "play"
    WATER = "water"
    PARKING = "parking"
    SHOPS = "shops"


class Basis(StrEnum):
    """What the need grows with."""

    DWELLING = "dwelling"
    INHABITANT = "inhabitant"
    CHILD_0_3 = "child-0-3"
    CHILD_4_11 = "child-4-11"
    YOUTH_12_17 = "youth-12-17"
    CHILD_0_18 = "child-0-18"
    ELDERLY_65 = "elderly-65-plus"
    ELDERLY_75 = "elderly-75-plus"
    SITE_AREA = "site-area"
    """m2 of the whole area that is planned."""
    PAVED_AREA = "paved-area"
    """m2 of roofs and paving on plots."""
    WIJK = "wijk"
    """One, whatever its size."""


class Level(StrEnum):
    """Whom the facility serves."""

    BUURT = "buurt"
    WIJK = "wijk"
    STAD = "stad"


class Environment(StrEnum):
    """The living environments of the Amsterdam norm; ``ANY`` when a norm makes no difference."""

    ANY = "any"
    CENTRE = "centrum-stedelijk"
    MIXED = "gemengd-stedelijk"
    GREEN = "groen-blauw"


class State(StrEnum):
    """How sure a value is."""

    SOURCE = "source"
    """Read in the cited source."""
    SECONDARY = "secondary"
    """Read in a digest of the cited source; check against the original."""
    INDICATIVE = "indicative"
    """A usual value from practice, its source to be confirmed."""


class Dimensions(Noun):
    """The room that one unit of a facility takes, m2; for the fit, not for the need."""

    floor: Positive
    """Gross floor area (bvo) of one unit, m2; for open ground, its own area."""
    footprint: Positive
    """Ground under the building, m2."""
    outdoor: Amount = 0
    """Ground outside that belongs to it (yard, terrace), m2."""
    minimum_floor: Positive | None = None
    """The smallest unit that works, m2; None when it must be whole."""
    stackable: bool = False
    """Whether homes or other uses may stand above it."""
    double_use: tuple[Name, ...] = ()
    """Facilities that may use its outdoor ground or hall outside its own hours."""
    state: State = State.INDICATIVE
    """How sure these sizes are; apart from the state of the norm."""

    @property
    def plot(self) -> float:
        """Ground that one unit takes without double use, m2."""
        return self.footprint + self.outdoor


class Norm(Noun):
    """How much of one facility belongs to how many of its basis.

    ``need = target * basis / per + fixed * units``, in ``unit``; ``min`` and ``max`` take the place of
    ``target`` for the band.
    """

    id: Name
    theme: Theme
    facility: Name
    title: Filled
    """In Dutch, as the planner names it."""
    min: Amount
    target: Positive
    max: Positive
    per: Positive
    """So many of the basis; 1,000 in 'per 1,000 inhabitants'."""
    basis: Basis
    unit: Literal["m2", "m3", "count"]
    """``count`` is the number of facilities, practices or places."""
    unit_size: Positive | None = None
    """How much of ``unit`` one facility is; None for what has no units, as green. For a count it is 1."""
    fixed: Amount = 0
    """What every unit needs apart from its basis, in ``unit`` (the 200 m2 of a primary school)."""
    basis_per_unit: Positive | None = None
    """How many of the basis one unit serves at most; needed where ``fixed`` is not 0."""
    radius: Positive | None = None
    """Walking distance within which it should be, m; None when the norm says nothing about distance."""
    share_within_radius: Annotated[float, Field(gt=0, le=1)] | None = None
    """Share of the residents who should live within ``radius``."""
    radius_state: State | None = None
    """How sure the radius is; required where there is one."""
    environment: Environment
    level: Level
    binding: bool = False
    """Whether the municipality binds itself to it; most reference norms are guidelines."""
    state: State
    source: Filled
    edition: Filled
    """Year or date of the source."""
    note: str = ""
    dimensions: Dimensions | None = None
    """None where a unit has no size of its own."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.min <= self.target <= self.max:
            raise ValueError(
                f"min {self.min:g}, target {self.target:g} and max {self.max:g} are not in that order"
            )
        if self.fixed and self.basis_per_unit is None:
            raise ValueError("fixed needs basis_per_unit, the number that one unit serves")
        if (self.radius is None) is not (self.radius_state is None):
            raise ValueError("radius and radius_state belong together")
        if self.unit == "count" and self.unit_size not in (None, 1):
            raise ValueError("a norm in units has unit_size 1, or none")
        return self

    def need(self, basis: float, *, value: float | None = None) -> float:
        """Return what ``basis`` (dwellings, inhabitants, children, m2 ...) asks, in ``unit``.

        ``value`` is the value to calculate with instead of ``target``, as ``min`` or ``max``.
        """
        served = 0 if self.basis_per_unit is None else ceil(basis / self.basis_per_unit)
        return (self.target if value is None else value) * basis / self.per + self.fixed * served

    def units(self, basis: float) -> float | None:
        """Return the need as a number of facilities, a fraction; None for what has no units."""
        if self.basis_per_unit is not None:
            return basis / self.basis_per_unit
        if self.unit == "count":
            return self.need(basis)
        return None if self.unit_size is None else self.need(basis) / self.unit_size


class LeftOut(Noun):
    """A facility for which the set gives no ratio, and why."""

    theme: Theme
    facility: Name
    reason: Filled


class NormSet(Noun):
    """One edition of one set of norms."""

    id: Name
    edition: Filled
    title: Filled
    publisher: Filled
    source: Filled
    note: str = ""
    norms: Annotated[tuple[Norm, ...], Field(min_length=1)]
    left_out: tuple[LeftOut, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        seen: set[str] = set()
        for norm in self.norms:
            if norm.id in seen:
                raise ValueError(f"the norm {norm.id!r} stands in it twice")
            seen.add(norm.id)
        return self

    def norm(self, norm_id: str) -> Norm:
        """Return one norm; raises ``KeyError``."""
        for norm in self.norms:
            if norm.id == norm_id:
                return norm
        raise KeyError(f"there is no norm {norm_id!r} in {self.id!r}; it has {', '.join(self.ids)}")

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the norms, in order."""
        return tuple(norm.id for norm in self.norms)
