"""Whether it fits: rules that a plan keeps, whatever the wijk."""

from dataclasses import replace

import numpy as np
import pytest

from morgen.core.errors import InputError, RunError
from morgen.models.fit.candidates import may_stand
from morgen.models.fit.check import check, shown
from morgen.models.fit.explain import explain
from morgen.models.fit.front import front
from morgen.models.fit.problem import ExistingFacility, Problem, Streets
from morgen.models.fit.solve import solve
from morgen.testing.wijken import made_up_wijk

EXACT = 1e-7
SCHOOL = "primary-school"


def wijk(*, fill: float = 0.35, plots: int = 12, seed: int = 1, green: float = 10.0) -> Problem:
    problem = made_up_wijk(plots, fill=fill, seed=seed)
    return replace(problem, ground=problem.ground.model_copy(update={"green_per_dwelling": green}))


def raised(problem: Problem, kind: str, factor: float) -> Problem:
    kinds = tuple(
        k.model_copy(update={"per_resident": k.per_resident * factor}) if k.id == kind else k
        for k in problem.kinds
    )
    return replace(problem, kinds=kinds)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("fill", [0.3, 0.9])
def test_every_plan_passes_the_checker(seed: int, fill: float) -> None:
    """The checker, which knows nothing of the solver, finds no violation in a plan, over-asked or not."""
    problem = wijk(seed=seed, fill=fill)
    plan = solve(problem, time_limit=20)
    assert check(problem, plan).violations == ()
    assert plan.dwellings > 0


def test_promised_reach_holds_for_every_address() -> None:
    """Where no concession of reach is said, at least the promised share of residents is within reach."""
    problem = wijk(plots=40, fill=0.4)
    plan = solve(problem, time_limit=20)
    for share in check(problem, plan).shares:
        if not plan.conceded(share.norm):
            assert share.found >= share.asked - 1e-9


@pytest.mark.parametrize("factor", [1.3, 2.0])
def test_a_higher_norm_never_lowers_its_provision(factor: float) -> None:
    """Asking more school for each resident never gives less school, when the dwellings stay the same."""
    problem = wijk()
    before, after = (solve(p, gap=EXACT, time_limit=20) for p in (problem, raised(problem, SCHOOL, factor)))
    assert before.dwellings == after.dwellings == problem.asked
    assert after.provided(SCHOOL) >= before.provided(SCHOOL) - 1


def test_more_allowed_floor_never_lowers_the_dwellings() -> None:
    """One more storey on every plot never leaves room for fewer dwellings, within the gap and whole dwellings."""
    problem = wijk(fill=1.2)
    sites = tuple(
        s.model_copy(update={"storeys": s.storeys + 1, "floor": s.floor / s.storeys * (s.storeys + 1)})
        for s in problem.sites
    )
    before, after = (solve(p, time_limit=20) for p in (problem, replace(problem, sites=sites)))
    assert after.dwellings >= before.dwellings > 0


def test_conceding_what_is_printed_makes_it_fit() -> None:
    """With the norms lowered by exactly the concessions of an over-asked plan, that plan passes without any."""
    problem = wijk(fill=0.45, green=150.0)
    plan = solve(problem, time_limit=20)
    short = {c.norm: c.amount for c in plan.concessions}
    assert set(short) == {"green"}
    eased = replace(problem, spare_green=problem.spare_green + short["green"] + 1e-3)
    assert check(problem, plan.model_copy(update={"concessions": ()})).violations
    assert check(eased, plan.model_copy(update={"concessions": ()})).violations == ()


def test_the_norm_that_does_not_fit_is_named() -> None:
    """More green asked than there is ground is named as the clash, with a sentence in both languages."""
    problem = wijk(fill=0.45, green=150.0)
    found = explain(problem, solve(problem, time_limit=20))
    assert not found.fits
    assert found.clash is not None
    assert found.clash.groups == ("green",)
    assert found.clash.proven
    assert found.kept <= found.at_most < problem.asked
    assert "groen" in found.sentence.nl
    assert len(found.ways_out) == 3


def test_an_explanation_out_of_time_says_what_it_did_not_test() -> None:
    """No time for the filter: it claims nothing, and names what it did not leave out."""
    problem = wijk(fill=0.9, plots=60, green=60.0)
    plan = solve(problem, gap=0.05, time_limit=10)
    found = explain(problem, plan, seconds=1e-6)
    assert found.clash is not None
    assert not found.clash.smallest
    assert found.clash.untested
    assert found.at_most == problem.asked


def test_what_fits_is_said_to_fit() -> None:
    """A modest programme needs no concession and gets no reason."""
    problem = wijk(fill=0.2, plots=30)
    plan = solve(problem, time_limit=20)
    assert plan.concessions == ()
    assert explain(problem, plan).fits


def test_no_school_stands_deeper_than_its_limit() -> None:
    """With every plot but one under water, a school comes on the dry one or not at all."""
    problem = wijk()
    school = problem.kind(SCHOOL)
    wet = tuple(s.model_copy(update={"depth": 0.21 if row else 0.0}) for row, s in enumerate(problem.sites))
    plan = solve(replace(problem, sites=wet), time_limit=20)
    with_school = {p.site for p in plan.sites if any(f.kind == SCHOOL for f in p.facilities)}
    assert with_school <= {site.id for site in wet if may_stand(school, site)} == {wet[0].id}


def test_the_same_seed_gives_the_same_plan() -> None:
    """Two times the same problem and seed give the same sites, to the dwelling."""
    first, second = (solve(wijk(), seed=5, time_limit=20) for _ in range(2))
    assert first.sites == second.sites


def test_a_plan_out_of_time_says_so() -> None:
    """A time limit gives the best plan until then, called so, with its gap."""
    plan = solve(made_up_wijk(120, fill=0.9), gap=0.0, time_limit=1.0)
    assert plan.status == "time limit"
    assert plan.gap > 0


def test_more_green_when_green_is_maximised() -> None:
    """Maximising green never gives less green than maximising dwellings."""
    problem = wijk()
    assert solve(problem, maximise="green").green >= solve(problem).green


def test_no_plan_of_a_front_is_beaten_by_another() -> None:
    """Along a front more dwellings always cost more concessions, and every plan passes the checker."""
    problem = wijk(fill=0.45, green=150.0)
    found = front(problem, points=3, time_limit=5)
    dwellings = [plan.dwellings for plan in found.plans]
    assert dwellings == sorted(set(dwellings))
    assert len(dwellings) > 1
    assert all(price >= 0 for price in found.marginal)
    assert 0 <= found.knee < len(found.plans)
    assert all(not check(problem.asking(plan.asked), plan).violations for plan in found.plans)


def test_a_plan_that_was_tampered_with_is_not_shown() -> None:
    """A plan with more dwellings than fit on a site is refused in one sentence."""
    problem = wijk()
    plan = solve(problem, time_limit=20)
    crowded = plan.sites[0].model_copy(update={"dwellings": {"apartment": 9999}})
    with pytest.raises(RunError, match="failed its check"):
        shown(problem, plan.model_copy(update={"sites": (crowded, *plan.sites[1:])}))


def test_a_union_of_plots_takes_them_all() -> None:
    """A school too large for any plot comes on a union of two, and then nothing else does."""
    problem = wijk(plots=4)
    first, second = problem.sites[:2]
    union = first.model_copy(
        update={"id": "union", "parts": (*first.parts, *second.parts), "area": 8000.0, "floor": 9000.0}
    )
    small = tuple(s.model_copy(update={"depth": 0.3 if row > 1 else 0.0}) for row, s in enumerate(problem.sites))
    large = problem.kind(SCHOOL).model_copy(update={"smallest": 2900.0, "noise_limit": None, "price": 100.0})
    sites = (*(s.model_copy(update={"floor": min(s.floor, 2000.0)}) for s in small), union)
    kinds = tuple(large if k.id == SCHOOL else k for k in problem.kinds)
    asking = replace(problem, sites=sites, kinds=kinds)
    plan = solve(asking, time_limit=20)
    assert check(asking, plan).violations == ()
    assert [p.site for p in plan.sites if any(f.kind == SCHOOL for f in p.facilities)] == ["union"]
    taken = {p.site: p for p in plan.sites}
    assert not any(taken[s.id].dwellings or taken[s.id].facilities for s in (first, second))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda p: replace(p, asked=-5.0), "asks for -5 dwellings"),
        (lambda p: replace(p, sites=()), "no sites"),
        (lambda p: replace(p, dwellings=()), "no type of dwelling"),
        (lambda p: replace(p, sites=(p.sites[0].model_copy(update={"uses": ()}),)), r"row 1, column uses"),
        (lambda p: replace(p, sites=(p.sites[0], p.sites[0])), "2 times"),
        (lambda p: replace(p, existing=(ExistingFacility(kind="zoo", x=0, y=0),)), "no norm"),
        (lambda p: replace(p, kinds=(p.kinds[0].model_copy(update={"largest": 1.0}),)), "column smallest"),
    ],
)
def test_bad_input_is_one_sentence(change: object, says: str) -> None:
    """What can have no answer is refused with the row and column."""
    with pytest.raises(InputError, match=says):
        change(wijk())  # type: ignore[operator]


def test_a_network_elsewhere_is_refused() -> None:
    """A network that touches no site is an error, never a plan without reach."""
    problem = wijk()
    far = problem.streets
    moved = Streets(
        nodes=far.nodes + np.array([50_000.0, 0.0]), edges=far.edges, length=far.length, depth=far.depth
    )
    with pytest.raises(InputError, match="touches none"):
        solve(replace(problem, streets=moved))
