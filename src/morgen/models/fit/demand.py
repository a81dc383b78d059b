"""From norms and a programme to what the fit asks: kinds of facility, types of dwelling, green, water, parking."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from morgen.core.noun import Text
from morgen.models.balance import HOUSEHOLDS, Programme, course, residents_by_age
from morgen.models.fit.prices import Prices
from morgen.models.fit.problem import DwellingType, FacilityKind, GroundRules
from morgen.models.norms import Basis, Norm, NormSet, Theme

__all__ = ["Demand", "demand_of"]

USES: Final[dict[Theme, str]] = {
    Theme.EDUCATION: "onderwijsfunctie",
    Theme.CHILDCARE: "bijeenkomstfunctie",
    Theme.CARE: "gezondheidszorgfunctie",
    Theme.SPORT: "sportfunctie",
    Theme.CULTURE: "bijeenkomstfunctie",
    Theme.COMMUNITY: "bijeenkomstfunctie",
    Theme.SHOPS: "winkelfunctie",
}
"""Theme of a norm to the gebruiksdoel that a plot must allow (BAG; childcare is a bijeenkomstfunctie there)."""
VULNERABLE: Final = frozenset({Theme.EDUCATION, Theme.CHILDCARE, Theme.CARE})
"""What may not stand in water: those who are there cannot leave by themselves."""
DRY_WAY: Final = frozenset({Theme.EDUCATION, Theme.CHILDCARE})
"""Children must also be able to walk there."""
HALF: Final = 0.5
"""Part of the smallest unit that works below which a facility is shared with other wijken."""
DEFAULT_SHARE: Final = 0.9
LARGEST_SHARE: Final = 0.999
GREEN: Final = "public-green"
PLAY: Final = "play-area"
CAR_PARKING: Final = "car-parking"
WATER: Final = "water-storage"


@dataclass(frozen=True)
class Demand:
    """What the fit asks for."""

    dwellings: tuple[DwellingType, ...]
    asked: float
    kinds: tuple[FacilityKind, ...]
    ground: GroundRules
    play: float
    """m2 of play area, part of the green."""
    notes: tuple[Text, ...]


def demand_of(
    programme: Programme, norms: NormSet, *, surface: float, prices: Prices, flood_limit: float, dry_way: bool
) -> Demand:
    """Return what a programme asks under a set of norms, on ``surface`` m2 of plan.

    Needs that follow an age group are those of its peak year; facilities that stand on their own size follow
    ``Dimensions``. ``flood_limit`` (m) goes for education, childcare and care; with ``dry_way`` the walk to
    schools and childcare stays out of water too.
    """
    types = _types(programme)
    asked = float(sum(row.number for row in programme.dwellings))
    people = sum(kind.residents * number for kind, number in types)
    desk = _Desk(
        programme, norms, surface, asked, people, prices, flood_limit if flood_limit >= 0 else None, dry_way
    )
    kinds = tuple(desk.kinds())
    ground = desk.ground()
    parking = desk.parking()
    return Demand(
        dwellings=tuple(kind.model_copy(update={"parking": parking}) for kind, _ in types),
        asked=asked,
        kinds=kinds,
        ground=ground,
        play=desk.play(),
        notes=tuple(desk.notes),
    )


def _types(programme: Programme) -> list[tuple[DwellingType, int]]:
    found: list[tuple[DwellingType, int]] = []
    whole = sum(row.number for row in programme.dwellings)
    for name in dict.fromkeys(row.type for row in programme.dwellings):
        rows = [row for row in programme.dwellings if row.type == name]
        number = sum(row.number for row in rows)
        household = HOUSEHOLDS[name]
        kind = DwellingType(
            id=str(name),
            floor=sum(row.total_floor_area for row in rows) / number,
            residents=household.adults + household.children,
            # Less one, so that whole dwellings can have these shares.
            share=(number - 1) / whole,
        )
        found.append((kind, number))
    return found


class _Desk:
    """Reads the norms one by one, and notes what it leaves out."""

    def __init__(
        self,
        programme: Programme,
        norms: NormSet,
        surface: float,
        asked: float,
        people: float,
        prices: Prices,
        flood_limit: float | None,
        dry_way: bool,  # noqa: FBT001 - one call, above
    ) -> None:
        self.programme, self.norms, self.surface = programme, norms, surface
        self.asked, self.people, self.prices = asked, people, prices
        self.flood_limit, self.dry_way = flood_limit, dry_way
        self.notes: list[Text] = []

    def kinds(self) -> Iterator[FacilityKind]:
        """Yield the facilities that need floor."""
        for norm in self.norms.norms:
            if norm.theme not in USES:
                continue
            if norm.dimensions is None:
                self._note(
                    norm,
                    "heeft geen maten in de normset en staat niet in het plan",
                    "has no sizes in the set of norms, and is not in the plan",
                )
                continue
            need, have = self._floor(norm), self._stated(norm)
            smallest = norm.dimensions.minimum_floor or norm.dimensions.floor
            if need - have < HALF * smallest:
                self._shared(norm, max(0.0, need - have), smallest)
                continue
            yield self._kind(norm, need, have)
        for left in self.norms.left_out:
            self.notes.append(
                Text(nl=f"{left.facility}: geen norm in de set", en=f"{left.facility}: {left.reason}")
            )

    def _kind(self, norm: Norm, need: float, have: float) -> FacilityKind:
        sizes = norm.dimensions
        assert sizes is not None
        per_dwelling, per_resident, fixed = self._rates(norm, need)
        vulnerable = norm.theme in VULNERABLE
        return FacilityKind(
            id=norm.facility,
            title=Text(nl=norm.title, en=norm.facility.replace("-", " ")),
            use=USES[norm.theme],
            per_dwelling=per_dwelling,
            per_resident=per_resident,
            backlog=fixed - have,
            smallest=sizes.minimum_floor or sizes.floor,
            largest=max(sizes.floor, need),
            outdoor=sizes.outdoor / sizes.floor,
            stackable=sizes.stackable,
            storeys=max(1, round(sizes.floor / sizes.footprint)),
            reach=norm.radius,
            share=min(norm.share_within_radius or DEFAULT_SHARE, LARGEST_SHARE),
            depth_limit=self.flood_limit if vulnerable else None,
            dry_route=self.dry_way and norm.theme in DRY_WAY,
            price=self.prices.of_facility(norm.facility),
            reach_price=self.prices.reach,
        )

    def _rates(self, norm: Norm, need: float) -> tuple[float, float, float]:
        """Return m2 for each dwelling, m2 for each resident, and m2 whatever is built."""
        if norm.basis in (Basis.SITE_AREA, Basis.WIJK, Basis.PAVED_AREA):
            return 0.0, 0.0, need
        if norm.basis is Basis.DWELLING:
            return need / self.asked, 0.0, 0.0
        return 0.0, need / self.people, 0.0

    def _floor(self, norm: Norm) -> float:
        """Return the m2 of floor that the whole programme asks of a facility."""
        assert norm.dimensions is not None
        need = norm.need(self._amount(norm.basis))
        return need * norm.dimensions.floor if norm.unit == "count" else need

    def _amount(self, basis: Basis) -> float:
        if basis is Basis.DWELLING:
            return self.asked
        if basis is Basis.SITE_AREA:
            return self.surface
        if basis is Basis.WIJK:
            return 1.0
        if basis is Basis.INHABITANT:
            last = max(row.year for row in self.programme.dwellings)
            return float(residents_by_age(self.programme, last).sum())
        return float(course(self.programme, basis).peak or 0.0)

    def _stated(self, norm: Norm) -> float:
        """Return the m2 of floor that the programme says is there or shared."""
        assert norm.dimensions is not None
        found = sum(
            item.amount + item.shared for item in self.programme.provision if item.facility == norm.facility
        )
        return found * norm.dimensions.floor if norm.unit == "count" else found

    def _shared(self, norm: Norm, need: float, smallest: float) -> None:
        self._note(
            norm,
            f"vraagt {need:.0f} m2, minder dan de helft van het kleinste dat werkt ({smallest:.0f} m2); deel er"
            " een met een wijk ernaast",
            f"asks {need:.0f} m2, less than half of the smallest that works ({smallest:.0f} m2); share one with"
            " the wijk beside it",
        )

    def ground(self) -> GroundRules:
        """Return the norms of green and water."""
        found = {norm.facility: norm for norm in self.norms.norms}
        prices = {
            "green_price": self.prices.green,
            "patch_price": self.prices.green_reach,
            "storage_price": self.prices.water,
            "parking_price": self.prices.parking,
        }
        rules: dict[str, float | None] = {**prices, "storage": 0.0}
        green, water = found.get(GREEN), found.get(WATER)
        if green is not None and green.basis is Basis.DWELLING:
            rules["green_per_dwelling"] = green.target / green.per
            rules["patch_reach"] = green.radius
            rules["patch_share"] = min(green.share_within_radius or DEFAULT_SHARE, LARGEST_SHARE)
            if green.dimensions is not None:
                rules["patch_area"] = green.dimensions.minimum_floor or green.dimensions.floor
        if water is not None and water.basis is Basis.PAVED_AREA:
            rules["storage"] = water.target / water.per
        return GroundRules.model_validate(rules)

    def play(self) -> float:
        """Return the m2 of play area that the programme asks, on the green."""
        norm = next((norm for norm in self.norms.norms if norm.facility == PLAY and norm.unit == "m2"), None)
        return 0.0 if norm is None else norm.need(self._amount(norm.basis))

    def parking(self) -> float:
        """Return the car places for each dwelling; 0 when the set has no norm for them."""
        norm = next((norm for norm in self.norms.norms if norm.facility == CAR_PARKING), None)
        if norm is None or norm.basis is not Basis.DWELLING:
            self.notes.append(
                Text(
                    nl="parkeren telt niet mee: de set heeft geen norm ervoor; geef de eigen norm van de gemeente",
                    en="parking does not count: the set has no norm for it; give the municipality's own",
                )
            )
            return 0.0
        return norm.target / norm.per

    def _note(self, norm: Norm, dutch: str, english: str) -> None:
        self.notes.append(Text(nl=f"{norm.title}: {dutch}", en=f"{norm.facility}: {english}"))
