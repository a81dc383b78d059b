"""On the plots of the sample the fit keeps the rules that it keeps on made-up wijken."""

from dataclasses import replace

import numpy as np
import pytest

from morgen.core.grid import Grid
from morgen.models.balance import Dwellings, DwellingType, Programme
from morgen.models.fit.build import Built, build
from morgen.models.fit.check import check
from morgen.models.fit.explain import explain
from morgen.models.fit.prices import Prices
from morgen.models.fit.problem import FacilityKind, Problem
from morgen.models.fit.solve import solve
from morgen.models.norms import load_norms
from morgen.sources.network import walking_reader
from morgen.sources.redevelopment import reader
from morgen.sources.sample import plan_wijk
from morgen.sources.sample.facts.network import street_network
from morgen.sources.sample.facts.walking import write_walking
from morgen.sources.sample.facts.write_redevelopment import write_redevelopment
from morgen.testing import building, situation
from morgen.testing.situations import ORIGIN

CELL = 5.0
PROGRAMME = Programme(
    site_area=29_420,
    dwellings=(
        Dwellings(type=DwellingType.APARTMENT, number=250, year=2030),
        Dwellings(type=DwellingType.ROW, number=30, year=2031),
    ),
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Built:
    """The problem of the plots, the streets and the buildings of half a square kilometre."""
    folder = tmp_path_factory.mktemp("plan")
    wijk = plan_wijk(km2=0.5)
    west, south, east, north = wijk.bounds
    grid = Grid.covering(wijk.bounds, CELL)
    frames = {}
    for name, known, path in (
        ("plots", reader, write_redevelopment(folder, wijk)),
        ("paths", walking_reader, write_walking(folder, wijk, street_network(wijk.streets))),
    ):
        recognised = known.recognise(path)
        assert recognised is not None
        frame = known.read(recognised, grid).data
        frames[name] = frame.set_geometry(frame.geometry.translate(-west, -south))
    stand = [
        building(item.number, item.footprint, height=8.0)
        for item in wijk.buildings
        if any(item.number in site.panden for site in wijk.redevelopment)
    ]
    moved = [{**row, "geometry": _moved(row["geometry"], -west, -south)} for row in stand]
    heights = np.zeros((round((north - south) / CELL), round((east - west) / CELL)))
    made = situation(heights, cell_size=CELL, buildings=moved, others=frames)
    assert made.grid.bounds[:2] == ORIGIN
    return build(
        made,
        programme=PROGRAMME,
        norms=load_norms("landelijk-indicatief"),
        prices=Prices(),
        flood_limit=0.1,
        dwelling_flood_limit=0.2,
    )


def _moved(shape, x: float, y: float):
    from shapely.affinity import translate

    return translate(shape, x, y)


def best(problem: Problem):
    return solve(problem, gap=0.0, time_limit=20.0, threads=1)


def more(problem: Problem, kind: str, factor: float) -> Problem:
    kinds: list[FacilityKind] = [
        item.model_copy(update={"per_resident": item.per_resident * factor}) if item.id == kind else item
        for item in problem.kinds
    ]
    return replace(problem, kinds=tuple(kinds))


def test_the_plan_passes_the_checker_and_is_the_same_again(sample):
    """Twelve plots, the unions of them, and the halls that may stay."""
    problem = sample.problem
    assert len([site for site in problem.sites if len(site.parts) == 1 and not site.kept]) == 12
    assert any(site.kept for site in problem.sites)
    plan = best(problem)
    assert not check(problem, plan).violations
    assert best(problem).sites == plan.sites


def test_a_higher_norm_never_lowers_what_is_provided(sample):
    """More childcare asked is never less childcare given."""
    found = [best(more(sample.problem, "childcare", factor)).provided("childcare") for factor in (1.0, 1.5, 3.0)]
    assert found == sorted(found)


def test_more_allowed_floor_never_lowers_the_dwellings(sample):
    """A plan that may be built higher has room for what fitted before."""

    def with_floor(factor: float) -> Problem:
        sites = [
            site.model_copy(
                update={"floor": site.floor * factor, "storeys": round(site.storeys * max(1.0, factor))}
            )
            for site in sample.problem.sites
        ]
        changed: Problem = replace(sample.problem, sites=tuple(sites), asked=600.0)
        return changed

    found = [best(with_floor(factor)).dwellings for factor in (0.5, 1.0, 2.0)]
    assert found == sorted(found)


def test_removing_exactly_what_is_printed_makes_it_fit(sample):
    """With the norms lowered by their concessions, and one dwelling of each type, the same dwellings need none."""
    problem = replace(sample.problem, asked=330.0)
    plan = best(problem)
    assert plan.concessions
    assert explain(problem, plan).clash is not None
    kinds = [
        kind.model_copy(update={"backlog": kind.backlog - plan.conceded(kind.id) * 1.0001})
        for kind in problem.kinds
    ]
    short = plan.conceded("green-reach") / plan.residents
    ground = problem.ground.model_copy(update={"patch_share": max(0.0, problem.ground.patch_share - short - 1e-4)})
    mixed = {item.id: (plan.conceded(f"mix-{item.id}") + 1) / plan.dwellings for item in problem.dwellings}
    eased = replace(
        problem,
        ground=ground,
        kinds=tuple(kinds),
        spare_green=problem.spare_green + plan.conceded("green") * 1.0001,
        spare_storage=problem.spare_storage + plan.conceded("water") * 1.0001,
        dwellings=tuple(
            item.model_copy(update={"share": max(0.0, item.share - mixed[item.id])}) for item in problem.dwellings
        ),
        asked=float(plan.dwellings),
    )
    again = best(eased)
    assert again.dwellings == plan.dwellings
    assert again.cost < 0.01 * plan.cost
