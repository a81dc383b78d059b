"""The plan: what comes where, which concessions that takes, and how sure it is."""

from morgen.core.noun import Noun

__all__ = ["Concession", "Plan", "PlannedFacility", "PlannedSite"]


class PlannedFacility(Noun):
    """One facility on one site."""

    kind: str
    floor: float
    """m2."""


class PlannedSite(Noun):
    """What comes on one site."""

    site: str
    dwellings: dict[str, int]
    """Dwelling type to number."""
    facilities: tuple[PlannedFacility, ...]
    footprint: float
    """Ground under buildings, m2."""
    green: float
    """m2."""
    places_outside: float
    """Car places on the ground."""
    places_garage: float
    """Car places in a building."""
    park: bool
    """Whether all of it is public green to go to."""


class Concession(Noun):
    """How far one norm is not met."""

    norm: str
    group: str
    amount: float
    unit: str
    """m2, m3, places, residents or dwellings."""
    price: float
    """For each unit, in thousands of euros."""

    @property
    def cost(self) -> float:
        """The whole price, in thousands of euros."""
        return self.amount * self.price


class Plan(Noun):
    """An answer to a problem."""

    status: str
    """'within gap', or 'time limit' for the best plan found until then."""
    gap: float
    """Largest distance to the best plan there can be, relative to its worth; before dwellings were made whole."""
    objective: float
    """Concessions and costs minus the worth of the dwellings asked, in thousands of euros."""
    bound: float
    """Lowest that the objective can be."""
    seconds: float
    """Until the solver ended."""
    first_seconds: float
    """Until the first plan within a tenth of the bound of that moment; the whole time when there was none."""
    maximised: str
    asked: float
    dwellings: int
    residents: float
    """New residents."""
    sites: tuple[PlannedSite, ...]
    concessions: tuple[Concession, ...]
    """Norms that are not met, the most expensive first; empty when everything fits."""
    notes: tuple[str, ...]
    """What was assumed or left out."""

    def conceded(self, norm: str) -> float:
        """Return how far one norm is not met, 0 when it is."""
        return sum(concession.amount for concession in self.concessions if concession.norm == norm)

    def provided(self, kind: str) -> float:
        """Return the new floor of one kind of facility, m2."""
        return sum(f.floor for site in self.sites for f in site.facilities if f.kind == kind)

    @property
    def green(self) -> float:
        """New public green, m2."""
        return sum(site.green for site in self.sites)

    @property
    def cost(self) -> float:
        """The price of all concessions, in thousands of euros."""
        return sum(concession.cost for concession in self.concessions)
