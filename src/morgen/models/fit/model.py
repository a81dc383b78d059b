"""The model ``wijk-fit``: a programme and norms on the plots of a situation, and how it all fits."""

from typing import Annotated, Final

from pydantic import Field

from morgen.core.model import Result, RunContext
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.models.balance import Programme
from morgen.models.contract import load_card, model
from morgen.models.fit.answer import answer_of, front_of
from morgen.models.fit.build import Built, build
from morgen.models.fit.check import check, shown
from morgen.models.fit.drawing import draw, plan_frame
from morgen.models.fit.explain import Explanation, explain
from morgen.models.fit.formulation import formulate
from morgen.models.fit.front import Front, front
from morgen.models.fit.indicators import indicators_of
from morgen.models.fit.interface import WIJK_FIT
from morgen.models.fit.measures import measures_of
from morgen.models.fit.plan import Plan
from morgen.models.fit.prices import Prices, prices_text
from morgen.models.fit.solve import Maximise, solve
from morgen.models.norms import NormSet, load_norms

__all__ = ["wijk_fit"]

PER_CENT: Final = 100.0
SEED: Final = 0
EXPLAINING: Final = 20.0
"""s at most; what is small is explained long before."""


@model(
    id="wijk-fit",
    version="1.0.0",
    interface=WIJK_FIT,
    card=load_card("morgen.models.fit"),
    tables={"prices": prices_text()},
)
def wijk_fit(
    situation: Situation,
    programme: Annotated[
        Programme | None,
        Field(description="Dwellings by type and year, as for the balance; without one, what the plots ask for."),
    ] = None,
    norms: Annotated[str, Field(pattern=r"^[a-z0-9-]+$", description="Set of norms that comes with Morgen.")] = (
        "utrecht-2020"
    ),
    *,
    own_norms: Annotated[
        NormSet | None, Field(description="Norms of the municipality itself, instead of a set that comes along.")
    ] = None,
    prices: Annotated[
        Prices | None, Field(description="What one unit of every norm is worth, in thousands of euros.")
    ] = None,
    maximise: Annotated[
        Maximise, Field(description="What counts beyond the norms: dwellings, residents served, or green.")
    ] = "dwellings",
    front_points: Annotated[
        int,
        Field(ge=0, le=12, description="Plans between all norms and all dwellings; 0 for none, else 2 or more."),
    ] = 0,
    flood_limit: Annotated[
        float,
        Unit("m"),
        Field(ge=0, le=2, description="Water depth above which no school, childcare or care comes."),
    ] = 0.10,
    dwelling_flood_limit: Annotated[
        float, Unit("m"), Field(ge=0, le=2, description="Water depth above which no dwellings come.")
    ] = 0.20,
    gap: Annotated[
        float, Unit("%"), Field(ge=0, le=20, description="Distance to the best plan at which to stop.")
    ] = 0.1,
    time_limit: Annotated[
        float, Unit("s"), Field(gt=0, le=3600, description="Time for one plan; then the best so far counts.")
    ] = 60.0,
    run: RunContext,
) -> Result:
    """Fit a programme under norms on the plots of ``situation``, and say what does not fit and why.

    Every plan went through a checker that shares nothing with the solver; one that fails it is refused with
    ``RunError``. Raises ``MissingLayerError``, ``InputError``, ``NotFoundError`` for an unknown set of norms, and
    ``DismissedError``.
    """
    situation.require(*WIJK_FIT.needs)
    run.progress(0.0, "reading plots, streets and buildings")
    built = build(
        situation,
        programme=programme,
        norms=own_norms or load_norms(norms),
        prices=prices or Prices(),
        flood_limit=flood_limit,
        dwelling_flood_limit=dwelling_flood_limit,
        everyone=maximise == "served",
    )
    run.progress(0.2, "looking for the best plan")
    made = formulate(built.problem)
    plan = solve(built.problem, maximise=maximise, gap=gap / PER_CENT, time_limit=time_limit, seed=SEED, made=made)
    run.progress(0.5, "checking the plan")
    plan = shown(built.problem, plan)
    points = _front(built, front_points, time_limit, run) if front_points else None
    run.progress(0.8, "explaining what does not fit")
    reason = explain(built.problem, plan, made=made, seconds=min(EXPLAINING, time_limit), seed=SEED)
    return _conclude(built, plan, reason, points, run)


def _front(built: Built, points: int, time_limit: float, run: RunContext) -> Front:
    run.progress(0.55, "looking for plans with fewer dwellings")
    found = front(built.problem, points=points, time_limit=time_limit / 3, seed=SEED)
    for plan in found.plans:
        shown(built.problem.asking(plan.asked), plan)
    return found


def _conclude(built: Built, plan: Plan, reason: Explanation, points: Front | None, run: RunContext) -> Result:
    checked = check(built.problem, plan)
    if plan.status == "time limit":
        run.warn(
            f"the time was up before the best plan was certain: this one may be {plan.gap:.1%} from it"
            " (time_limit gives it more)"
        )
    run.progress(0.9, "drawing the plan")
    drawn = draw(built, plan)
    depth = {site.id: site.depth for site in built.problem.sites}
    run.write_features("plan", plan_frame(drawn, depth), title="What comes where")
    run.write_json("measures", measures_of(built, drawn), title="The plan as measures of a scenario")
    run.write_json("answer", answer_of(built, plan, reason, checked), title="Why, at what price, and what else")
    run.write_json("front", front_of(points), title="Ever more dwellings, and their price")
    run.progress(1.0)
    return Result(indicators=indicators_of(built, plan, reason, checked))
