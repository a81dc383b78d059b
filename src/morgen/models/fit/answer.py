"""The answer of a fit as one document: reason, concessions, ways out, and what the checker found."""

from typing import Any

from morgen.models.fit.build import Built
from morgen.models.fit.check import Checked
from morgen.models.fit.explain import Explanation
from morgen.models.fit.front import Front
from morgen.models.fit.plan import Plan
from morgen.models.fit.sentences import names_of

__all__ = ["answer_of", "front_of"]


def answer_of(built: Built, plan: Plan, reason: Explanation, checked: Checked) -> dict[str, Any]:
    """Return the answer as JSON; how long it took is not in it, so that equal questions give equal answers."""
    names = names_of(built.problem)
    concessions = [
        {**concession.to_json(), "cost": round(concession.cost, 3), "name": names[concession.norm].to_json()}
        for concession in plan.concessions
    ]
    facilities = [
        {
            "facility": kind.id,
            "name": kind.title.to_json(),
            "floor": round(plan.provided(kind.id), 1),
            "short": round(plan.conceded(kind.id), 1),
            "sites": [site.site for site in plan.sites if any(item.kind == kind.id for item in site.facilities)],
        }
        for kind in built.problem.kinds
    ]
    return {
        "sentence": reason.sentence.to_json(),
        "fits": reason.fits,
        "asked": plan.asked,
        "dwellings": plan.dwellings,
        "kept": reason.kept,
        "at_most": round(reason.at_most, 3),
        "status": plan.status,
        "gap": round(plan.gap, 6),
        "maximised": plan.maximised,
        "concessions": concessions,
        "clash": None if reason.clash is None else reason.clash.to_json(),
        "purchases": [purchase.to_json() for purchase in reason.purchases],
        "ways_out": [way.to_json() for way in reason.ways_out],
        "assumptions": [text.to_json() for text in (*reason.assumptions, *built.notes)],
        "not_tested": [*plan.notes, *_untested(reason)],
        "facilities": facilities,
        "sites": [site.to_json() for site in plan.sites if site.dwellings or site.facilities or site.green],
        "check": checked.to_json(),
    }


def _untested(reason: Explanation) -> list[str]:
    if reason.clash is None or not reason.clash.untested:
        return []
    groups = ", ".join(reason.clash.untested)
    return [f"there was no time to know whether the norms clash without {groups}"]


def front_of(found: Front | None) -> dict[str, Any]:
    """Return the front as JSON; without one it has no points."""
    if found is None:
        return {"points": [], "knee": None, "marginal": []}
    points = [
        {
            "dwellings": plan.dwellings,
            "green": round(plan.green, 1),
            "facility_floor": round(sum(f.floor for site in plan.sites for f in site.facilities), 1),
            "cost": round(sum(item.cost for item in plan.concessions if item.group != "dwellings"), 3),
            "status": plan.status,
            "concessions": [item.to_json() for item in plan.concessions if item.group != "dwellings"],
        }
        for plan in found.plans
    ]
    return {"points": points, "knee": found.knee, "marginal": [round(price, 3) for price in found.marginal]}
