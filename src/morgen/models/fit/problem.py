"""What the fit asks: sites, people, streets, kinds of facility, dwellings and norms with their prices."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from pydantic import Field

from morgen.core.errors import InputError
from morgen.core.noun import Noun, Text

__all__ = [
    "Addresses",
    "DwellingType",
    "ExistingFacility",
    "FacilityKind",
    "GroundRules",
    "Patch",
    "Problem",
    "Site",
    "Streets",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

DWELLING_USE: Final = "woonfunctie"
"""The gebruiksdoel of the BAG that a site must allow before dwellings may come."""


class DwellingType(Noun):
    """One type of dwelling in the programme."""

    id: str
    floor: float = Field(gt=0)
    """Gross floor of one dwelling, m2."""
    residents: float = Field(gt=0)
    """Residents of one dwelling."""
    parking: float = Field(default=0.0, ge=0)
    """Car places of one dwelling."""
    share: float = Field(default=0.0, ge=0, le=1)
    """Smallest share of all new dwellings that is of this type."""


class FacilityKind(Noun):
    """One kind of facility with its norm, as elastic rows with a price."""

    id: str
    title: Text
    use: str
    """The gebruiksdoel that a site must allow."""
    per_dwelling: float = Field(default=0.0, ge=0)
    """m2 of floor for each new dwelling."""
    per_resident: float = Field(default=0.0, ge=0)
    """m2 of floor for each new resident."""
    backlog: float = 0.0
    """m2 of floor that the present residents lack; negative where there is room to spare."""
    smallest: float = Field(gt=0)
    """Smallest unit that works, m2 of floor."""
    largest: float = Field(gt=0)
    """Largest unit on one site, m2 of floor."""
    outdoor: float = Field(default=0.0, ge=0)
    """m2 of outdoor ground for each m2 of floor."""
    outdoor_shared: bool = False
    """Whether the outdoor ground may be a roof or public green, so that it takes no ground of its own."""
    stackable: bool = True
    """Whether dwellings may stand above it; otherwise it takes the site without dwellings."""
    storeys: int = Field(default=2, ge=1)
    """Storeys over which it may be spread."""
    parking: float = Field(default=0.0, ge=0)
    """Car places for each m2 of floor that cannot be shared with the dwellings."""
    reach: float | None = Field(default=None, gt=0)
    """Largest walking distance, m; None when distance does not count."""
    share: float = Field(default=0.9, ge=0, le=1)
    """Share of the residents that must live within reach."""
    depth_limit: float | None = Field(default=None, ge=0)
    """Water depth above which it may not stand, m; None when floods do not matter."""
    noise_limit: float | None = None
    """Noise above which it may not stand, dB Lden."""
    dry_route: bool = False
    """Whether the walk to it must also stay out of water."""
    price: float = Field(default=2.0, ge=0)
    """Price of one m2 too little, in thousands of euros."""
    reach_price: float = Field(default=2.0, ge=0)
    """Price of one resident out of reach, in thousands of euros."""


class Site(Noun):
    """A place to build: a plot, a union of adjacent plots, or an existing building that may be used again."""

    id: str
    parts: tuple[str, ...]
    """The plots that it takes; sites that share a plot exclude each other."""
    x: float
    y: float
    """Where it meets the street, in RD New, m."""
    area: float = Field(gt=0)
    """Ground, m2."""
    floor: float = Field(ge=0)
    """Largest gross floor, m2."""
    storeys: int = Field(ge=0)
    coverage: float = Field(ge=0, le=1)
    """Largest share of the ground that buildings cover."""
    uses: tuple[str, ...]
    """The gebruiksdoelen that may come."""
    min_green: float = Field(default=0.0, ge=0, le=1)
    """Share of the ground that stays unpaved."""
    depth: float = Field(default=0.0, ge=0)
    """Largest water depth of the chosen storm on or beside it, m."""
    noise: float = 0.0
    """dB Lden."""
    cost: float = Field(default=0.0, ge=0)
    """What it costs to make it ready (demolition, assembly), in thousands of euros."""
    kept: float = Field(default=0.0, ge=0)
    """Ground under a building that stays, m2: the footprint is at least this where the site is used."""


class ExistingFacility(Noun):
    """A facility that is there and stays."""

    kind: str
    x: float
    y: float


class Patch(Noun):
    """Public green that is there and stays."""

    x: float
    y: float
    area: float = Field(gt=0)


class GroundRules(Noun):
    """Norms of green, water and parking with their prices, and the measures of a parking place."""

    green_per_dwelling: float = Field(default=0.0, ge=0)
    """m2 of public green for each new dwelling."""
    green_price: float = Field(default=0.3, ge=0)
    """For each m2 too little, in thousands of euros."""
    patch_area: float = Field(default=5000.0, gt=0)
    """Smallest green that counts as a place to go to, m2."""
    patch_reach: float | None = Field(default=None, gt=0)
    """Largest walking distance to such green, m; None when distance does not count."""
    patch_share: float = Field(default=0.9, ge=0, le=1)
    patch_price: float = Field(default=1.0, ge=0)
    """For each resident out of reach of green, in thousands of euros."""
    storage: float = Field(default=0.06, ge=0)
    """Water to hold on each m2 that is paved or built, m."""
    green_storage: float = Field(default=0.15, ge=0)
    """Water that a m2 of lowered green holds, m."""
    roof_storage: float = Field(default=0.03, ge=0)
    """Water that a m2 of roof holds, m."""
    storage_price: float = Field(default=0.4, ge=0)
    """For each m3 too little, in thousands of euros."""
    parking_price: float = Field(default=25.0, ge=0)
    """For each place too little, in thousands of euros."""
    place_ground: float = Field(default=12.5, gt=0)
    """Ground of a place outside, m2."""
    place_floor: float = Field(default=27.5, gt=0)
    """Floor of a place in a garage, m2."""
    garage_cost: float = Field(default=5.0, ge=0)
    """What a place in a garage costs above one outside, in thousands of euros."""
    unpaved_outdoor: float = Field(default=0.4, ge=0, le=1)
    """Share of the outdoor ground of facilities that is not paved."""


@dataclass(frozen=True, eq=False)
class Streets:
    """The streets: ``nodes`` (n, 2) in RD New m, ``edges`` (m, 2), ``length`` (m,) and ``depth`` (m,) m."""

    nodes: FloatArray
    edges: IntArray
    length: FloatArray
    depth: FloatArray
    passable: float = 0.30
    """Water depth from which nobody walks there, m."""


@dataclass(frozen=True, eq=False)
class Addresses:
    """Where people live now: ``points`` (n, 2) in RD New m, and ``residents`` (n,)."""

    points: FloatArray
    residents: FloatArray


@dataclass(frozen=True, eq=False)
class Problem:
    """Everything that decides how a programme fits; complete, so that solver and checker read nothing else."""

    sites: tuple[Site, ...]
    kinds: tuple[FacilityKind, ...]
    dwellings: tuple[DwellingType, ...]
    asked: float
    """New dwellings that the programme asks for."""
    streets: Streets
    addresses: Addresses
    ground: GroundRules = field(default_factory=GroundRules)
    existing: tuple[ExistingFacility, ...] = ()
    patches: tuple[Patch, ...] = ()
    spare_green: float = 0.0
    """Public green beyond what the present residents need, m2; negative when they lack it."""
    spare_parking: float = 0.0
    """Car places beyond what the present residents need."""
    spare_storage: float = 0.0
    """Water storage beyond what the present ground needs, m3."""
    dwelling_price: float = 400.0
    """Price of one dwelling too few, in thousands of euros."""
    mix_price: float = 100.0
    """Price of one dwelling of another type than asked, in thousands of euros."""
    dwelling_depth_limit: float = 0.20
    """Water depth above which no dwellings come, m."""
    dwelling_noise_limit: float = 65.0
    """Noise above which no dwellings come, dB Lden."""
    cell_size: float = 100.0
    """Side of the squares into which addresses are gathered, m."""
    snap: float = 50.0
    """Largest distance from an address or site to the network, m."""

    def __post_init__(self) -> None:
        """Refuse what can have no answer; raises ``InputError`` with the row and what is allowed."""
        _unique("site", (site.id for site in self.sites))
        _unique("facility kind", (kind.id for kind in self.kinds))
        _unique("dwelling type", (kind.id for kind in self.dwellings))
        _allowed(self)
        _sizes(self)

    def kind(self, identity: str) -> FacilityKind:
        """Return the kind with this id; raises ``InputError`` when there is none."""
        for kind in self.kinds:
            if kind.id == identity:
                return kind
        raise InputError(
            f"there is no facility kind {identity!r}; there are {', '.join(k.id for k in self.kinds)}"
        )

    def asking(self, dwellings: float) -> "Problem":
        """Return the same problem with another number of dwellings asked."""
        return replace(self, asked=dwellings)


def _unique(what: str, identities: Iterable[str]) -> None:
    for identity, count in Counter(identities).items():
        if count > 1:
            raise InputError(f"{what} {identity!r} is there {count} times, but an id may be used once")


def _allowed(problem: Problem) -> None:
    if not problem.sites:
        raise InputError("the plan has no sites to build on; give at least one plot with a use that is allowed")
    if not problem.dwellings:
        raise InputError("the programme has no type of dwelling; give at least one")
    if problem.asked < 0:
        raise InputError(f"the programme asks for {problem.asked:g} dwellings, but it should be 0 or more")
    for row, site in enumerate(problem.sites, start=1):
        if not site.uses:
            raise InputError(f"site {site.id!r} (row {row}, column uses) allows no use; name at least one")
    known = {kind.id for kind in problem.kinds}
    for row, facility in enumerate(problem.existing, start=1):
        if facility.kind not in known:
            raise InputError(
                f"existing facility {row} (column kind) is a {facility.kind!r}, which has no norm;"
                f" there are norms for {', '.join(sorted(known))}"
            )
    shares = sum(kind.share for kind in problem.dwellings)
    if shares > 1 + 1e-9:
        raise InputError(f"the shares of the dwelling types add up to {shares:g}, but at most 1 is possible")


def _sizes(problem: Problem) -> None:
    for row, kind in enumerate(problem.kinds, start=1):
        if kind.smallest > kind.largest:
            raise InputError(
                f"facility kind {kind.id!r} (row {row}, column smallest) is at least {kind.smallest:g} m2,"
                f" more than the largest of {kind.largest:g} m2"
            )
    points, residents = problem.addresses.points, problem.addresses.residents
    if points.shape != (len(residents), 2):
        raise InputError(
            f"there are {len(residents)} numbers of residents for points of shape {points.shape};"
            " every address has one point and one number"
        )
    if len(residents) and residents.min() < 0:
        row = int(residents.argmin())
        raise InputError(f"address {row + 1} (column residents) has {residents[row]:g}, but 0 is the least")
