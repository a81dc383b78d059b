"""The numbers that a decision on a plan uses, each with what it counts and what it does not show."""

from typing import Final

from morgen.core.indicator import Direction, Indicator
from morgen.models.fit.build import Built
from morgen.models.fit.check import Checked
from morgen.models.fit.explain import Explanation
from morgen.models.fit.plan import Plan, PlannedSite

__all__ = ["indicators_of"]

PRICES: Final = "Prices of the municipality; the defaults are choices, without a source."
THOUSAND: Final = 1000.0


def indicators_of(built: Built, plan: Plan, reason: Explanation, checked: Checked) -> tuple[Indicator, ...]:
    """Return the indicators of a plan that passed its check."""
    return (*_dwellings(plan, reason), *_norms(plan), *_floor(built, plan), *_people(built, plan, checked))


def _dwellings(plan: Plan, reason: Explanation) -> tuple[Indicator, ...]:
    fitted = Indicator(
        id="dwellings-fitted",
        title="Dwellings in the plan",
        value=plan.dwellings,
        unit="count",
        target=plan.asked,
        direction=Direction.HIGHER,
        meaning="New dwellings on the plots of the plan, whole ones, with the concessions that it names.",
        does_not_show="Whether they will be built, and what they will cost to live in.",
    )
    kept = Indicator(
        id="dwellings-all-norms",
        title="Dwellings with all norms kept",
        value=reason.kept,
        unit="count",
        low=reason.kept,
        high=max(float(reason.kept), float(int(reason.at_most + 1e-6))),
        direction=Direction.HIGHER,
        meaning="Dwellings of the largest plan that was found without any concession; there can never be more than"
        " the high value.",
        does_not_show="Plans between the two that were not found in the time for the explanation.",
    )
    return fitted, kept


def _norms(plan: Plan) -> tuple[Indicator, ...]:
    missed = Indicator(
        id="norms-missed",
        title="Norms that the plan misses",
        value=len(plan.concessions),
        unit="count",
        target=0,
        meaning="Norms of which the plan has less than they ask; the number of dwellings is one of them.",
        does_not_show="How much they are missed by: the concessions say that.",
    )
    cost = Indicator(
        id="concession-cost",
        title="Price of all concessions",
        value=round(plan.cost * THOUSAND),
        unit="euro",
        target=0,
        meaning="What is missed of every norm, times the price that the municipality gives it.",
        does_not_show="What it costs to build the plan.",
        threshold_source=PRICES,
    )
    return missed, cost


def _floor(built: Built, plan: Plan) -> tuple[Indicator, ...]:
    floors = {dwelling.id: dwelling.floor for dwelling in built.problem.dwellings}
    homes = sum(floors[name] * number for site in plan.sites for name, number in site.dwellings.items())
    facilities = sum(facility.floor for site in plan.sites for facility in site.facilities)
    green = plan.green + built.ground.green
    reused = {lot.site.id for lot in built.ground.lots if lot.reused is not None}
    again = sum(_built(site, floors) for site in plan.sites if site.site in reused)
    return (
        Indicator(
            id="green-per-dwelling",
            title="Green for each new dwelling",
            value=round(green / plan.dwellings, 2) if plan.dwellings else round(green, 2),
            unit="m2",
            target=built.problem.ground.green_per_dwelling or None,
            direction=Direction.HIGHER,
            meaning="Green on the plots and in the plan itself, playgrounds included, for each new dwelling.",
            does_not_show="Whether it is public, and green that is there already around the plan.",
        ),
        Indicator(
            id="facility-floor",
            title="Floor of facilities",
            value=round(facilities, 1),
            unit="m2",
            direction=Direction.HIGHER,
            meaning="Gross floor of the new facilities together.",
            does_not_show="Whether a provider will come.",
        ),
        Indicator(
            id="reused-floor",
            title="Floor in buildings that stay",
            value=round(again, 1),
            unit="m2",
            direction=Direction.HIGHER,
            meaning="Gross floor of the plan in buildings that stand there now.",
            does_not_show="Whether these buildings are sound.",
        ),
        Indicator(
            id="fsi",
            title="Floor space index",
            value=round((homes + facilities) / built.ground.surface, 3),
            unit="1",
            direction=Direction.NONE,
            meaning="Gross floor of dwellings and facilities by the ground of the whole plan, with its streets.",
            does_not_show="How high it is built.",
        ),
    )


def _built(site: PlannedSite, floors: dict[str, float]) -> float:
    homes = sum(floors[name] * number for name, number in site.dwellings.items())
    return homes + sum(facility.floor for facility in site.facilities)


def _people(built: Built, plan: Plan, checked: Checked) -> tuple[Indicator, ...]:
    shares = [share.found for share in checked.shares]
    dry = [share.in_storm for share in checked.shares]
    limits = {kind.id: kind.depth_limit for kind in built.problem.kinds}
    depth = {site.id: site.depth for site in built.problem.sites}
    wet = sum(
        depth[site.site] > limit
        for site in plan.sites
        for facility in site.facilities
        if (limit := limits[facility.kind]) is not None
    )
    return (
        Indicator(
            id="residents-in-reach",
            title="Residents within reach of every facility",
            value=round(100 * min(shares, default=1.0), 1),
            unit="%",
            direction=Direction.HIGHER,
            meaning="The lowest share of residents, over all norms of distance, that can walk to what the norm is"
            " about; measured per address over the streets.",
            does_not_show="Whether there is a place for them there, and what no norm of distance is about.",
        ),
        Indicator(
            id="residents-in-reach-storm",
            title="Residents within reach during the storm",
            value=round(100 * min(dry, default=1.0), 1),
            unit="%",
            direction=Direction.HIGHER,
            meaning="The same share over streets with less than 0.30 m of water; without a flood run all are dry.",
            does_not_show="Water that no model sees, as in a tunnel that is not in the terrain.",
        ),
        Indicator(
            id="vulnerable-in-water",
            title="Schools, childcare and care in water",
            value=int(wet),
            unit="count",
            target=0,
            meaning="New schools, childcare and care on a plot where the storm stands above the limit; the checker"
            " refuses a plan with any.",
            does_not_show="Water of another storm than the one of the run; without a flood run nothing is known.",
        ),
    )
